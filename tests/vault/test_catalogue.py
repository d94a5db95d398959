import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
import sqlalchemy as sa

from psa_evidence.errors import StorageError, VaultError
from psa_evidence.vault import Vault, catalogue


def rows_of(vault):
    with closing(sqlite3.connect(vault.path / "catalogue.db")) as db:
        tables = ("about", "captures", "exchanges", "units", "versions")
        return {table: sorted(db.execute(f"select * from {table}").fetchall()) for table in tables}


@pytest.fixture
def twice(filled, kit):
    """Two captures, the second failed, and one on another connection."""
    world = kit.World()
    world.tickets[4]["summary"] = "edited"
    writer = kit.begin(filled, direct=False)
    kit.fill(writer, world)
    writer.abort("test")
    writer = kit.begin(filled, connection="second", direct=False)
    kit.fill(writer)
    writer.finish()
    return filled


def test_made_anew_it_has_the_same_rows(twice):
    before = rows_of(twice)
    assert len(before["versions"]) == 23 + 1 + 23
    assert twice.reindex() == 3
    assert rows_of(twice) == before


def test_each_version_names_the_one_before_it(twice, kit):
    """Within one exchange too, and when the catalogue is made anew in other portions than it was filled in."""
    rows = [{"id": 4, "client": 20, "summary": text} for text in ("again", "and again", "and again")]
    writer = kit.begin(twice)
    page, seen = kit.rows_exchange("ticket", rows)
    writer.keep(page, seen)
    writer.finish()
    wrong = """
        select count(*) from versions v where v.older is not (
          select max(o.n) from versions o
          where o.connection = v.connection and o.kind = v.kind and o.id = v.id and o.n < v.n)"""
    for again in (False, True):
        if again:
            twice.reindex()
        with closing(sqlite3.connect(twice.path / "catalogue.db")) as db:
            assert db.execute(wrong).fetchone() == (0,)
            assert db.execute("select count(*) from versions where older is not null").fetchone() == (3,)


def test_deleted_it_is_made_anew_by_the_next_open(twice):
    before = rows_of(twice)
    for path in twice.path.glob("catalogue.db*"):
        path.unlink()
    assert len(Vault.open(twice.path).captures()) == 3
    assert rows_of(twice) == before


@pytest.mark.parametrize("damage", ["other version", "other vault", "not a database", "cut off"])
def test_one_that_cannot_be_used_is_made_anew(twice, damage):
    before = rows_of(twice)
    path = twice.path / "catalogue.db"
    if damage == "not a database":
        path.write_bytes(b"hello" * 1000)
    elif damage == "cut off":
        path.write_bytes(path.read_bytes()[:5000])
    else:
        with closing(sqlite3.connect(path)) as db:
            name = "schema" if damage == "other version" else "vault"
            db.execute("update about set value = 'x' where name = ?", (name,))
            db.commit()
    for path in twice.path.glob("catalogue.db-*"):
        path.unlink()
    Vault.open(twice.path)
    assert rows_of(twice) == before


def test_a_lost_row_of_a_capture_is_indexed_again(twice):
    before = rows_of(twice)
    with closing(sqlite3.connect(twice.path / "catalogue.db")) as db:
        db.execute("delete from captures where number = 3")
        db.commit()
    Vault.open(twice.path)
    assert rows_of(twice) == before


def test_a_sealed_capture_that_is_gone_is_named_when_made_anew(twice):
    import shutil

    gone = twice.captures()[1].id
    shutil.rmtree(twice.path / "captures" / gone)
    with pytest.raises(VaultError, match=gone):
        twice.reindex()


def test_damage_met_while_reading_is_said_with_the_next_step(twice):
    with closing(sqlite3.connect(twice.path / "catalogue.db")) as db:
        db.execute("drop table versions")
        db.commit()
    with pytest.raises(VaultError, match="catalogue") as caught:
        twice.select(connection="main", client="10")
    assert "catalogue.db" in caught.value.next_step


def test_a_flipped_byte_in_a_warc_file_is_found_and_the_record_named(twice):
    [path, *_] = sorted(twice.path.glob("captures/*/exchanges-000.warc.gz"))
    data = bytearray(path.read_bytes())
    record = next(r for r in twice.select(connection="main", client="10") if r.kind == "agreement")
    data[twice.exchange_of(record).offset + 60] ^= 0x10
    path.write_bytes(data)
    with pytest.raises(VaultError, match=r"agreement/5 .* do not match"):
        Vault.open(twice.path).select(connection="main", client="10")


def test_a_warc_file_that_is_gone_is_named(twice):
    [path, *_] = sorted(twice.path.glob("captures/*/exchanges-000.warc.gz"))
    path.unlink()
    with pytest.raises(VaultError, match=r"exchanges-000\.warc\.gz cannot be opened"):
        Vault.open(twice.path).select(connection="main", client="10")


def test_a_page_of_many_records_is_unpacked_once(vault, kit, monkeypatch):
    from psa_evidence.vault import bodies

    writer = kit.begin(vault)
    writer.keep(*kit.rows_exchange("agreement", [{"id": n, "client": 10} for n in range(1000)]))
    writer.finish()
    reads = []
    original = bodies.read_response
    monkeypatch.setattr(bodies, "read_response", lambda member: reads.append(1) or original(member))
    assert len(vault.select(connection="main", client="10")) == 1000
    assert len(reads) == 1


def test_the_queries_of_a_selection_use_the_indices(filled):
    """Without them one month among a million records takes seconds."""
    from datetime import UTC, datetime

    from psa_evidence.vault.selection import select_client

    plans = []

    def explain(connection, cursor, statement, parameters, context, many):
        if statement.startswith("SELECT"):
            raw = connection.connection.dbapi_connection
            plans.extend(row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {statement}", parameters))

    sa.event.listen(filled._catalogue._engine, "before_cursor_execute", explain)
    with filled._catalogue.reading() as db:
        select_client(db, "main", "20", datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
    assert plans
    assert not [plan for plan in plans if plan.startswith("SCAN") and "captures" not in plan]


def refusing(code):
    """What `writing_engine` gives where SQLite refuses with this code."""

    def connect():
        error = sqlite3.OperationalError("refused")
        error.sqlite_errorcode = code
        raise error

    return lambda _path: sa.create_engine("sqlite://", creator=connect, poolclass=sa.NullPool)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        (sqlite3.SQLITE_CANTOPEN, "cannot be written"), (sqlite3.SQLITE_READONLY, "cannot be written"),
        (sqlite3.SQLITE_FULL, "disk is full"), (sqlite3.SQLITE_IOERR, "disk is full"),
    ],
)  # fmt: skip
def test_a_vault_in_a_folder_that_cannot_be_written_is_read_as_it_stands(filled, monkeypatch, code, why, kit):
    before = {p: p.read_bytes() for p in filled.path.rglob("*") if p.is_file()}
    expected = filled.select(connection="main", client="10"), filled.captures()
    monkeypatch.setattr(catalogue, "writing_engine", refusing(code))
    opened = Vault.open(filled.path)
    assert (opened.select(connection="main", client="10"), opened.captures()) == expected
    assert opened.drift(connection="main").known > 0
    assert before == {p: p.read_bytes() for p in filled.path.rglob("*") if p.is_file()}
    with pytest.raises(StorageError, match="could not be written") as caught:
        kit.begin(opened)
    assert why in caught.value.why
    filled.path.joinpath("catalogue.db").unlink()
    with pytest.raises(StorageError, match="could not be written") as caught:
        Vault.open(filled.path)
    assert why in caught.value.why


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be kept from making files longer")
def test_a_vault_is_read_where_no_file_can_grow(filled):
    """As on a full disk: SQLite cannot make the file that readers of a database with a log share."""
    code = (
        "import resource, sys; from pathlib import Path; from psa_evidence.vault import Vault\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1, 1))\n"
        "print(len(Vault.open(Path(sys.argv[1])).captures()))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(filled.path)], capture_output=True, text=True, check=False, timeout=60
    )
    assert ran.stdout == f"{len(filled.captures())}\n", ran.stderr


def test_a_catalogue_read_without_a_lock_that_somebody_changes_meanwhile_is_not_believed(twice, monkeypatch):
    monkeypatch.setattr(catalogue, "writing_engine", refusing(sqlite3.SQLITE_FULL))
    opened = Vault.open(twice.path)

    def meanwhile(*_):
        with closing(sqlite3.connect(twice.path / "catalogue.db")) as db:
            db.execute("insert into about values ('more', 'of it')")
            db.commit()

    with pytest.raises(VaultError, match="changed while it was read"), opened._catalogue.reading():
        meanwhile()


def test_where_a_sealed_capture_is_not_indexed_a_full_disk_allows_no_answer(twice, monkeypatch):
    """An answer without that capture could miss what it shows."""
    with closing(sqlite3.connect(twice.path / "catalogue.db")) as db:
        db.execute("delete from captures where number = 2")
        db.commit()
    monkeypatch.setattr(catalogue, "writing_engine", refusing(sqlite3.SQLITE_FULL))
    with pytest.raises(StorageError, match="could not be written"):
        Vault.open(twice.path)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="every folder can be written to")
def test_a_vault_whose_folder_the_system_keeps_from_being_written_is_read_and_not_written(filled, kit):
    expected = filled.select(connection="main", client="10")
    folders = [filled.path, *(p for p in filled.path.rglob("*") if p.is_dir())]
    files = [p for p in filled.path.rglob("*") if p.is_file()]
    for path in (*files, *folders):
        path.chmod(0o444 if path.is_file() else 0o555)
    try:
        opened = Vault.open(filled.path)
        assert opened.select(connection="main", client="10") == expected
        with pytest.raises(StorageError, match="no permission"):
            kit.begin(opened)
    finally:
        for path in (*folders, *files):
            path.chmod(0o644 if path.is_file() else 0o755)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (sqlite3.SQLITE_FULL, "disk is full"), (sqlite3.SQLITE_BUSY, "Another program"),
        (sqlite3.SQLITE_CORRUPT, "SQLite says: refused"),
    ],
)  # fmt: skip
def test_what_sqlite_refuses_is_named(filled, monkeypatch, code, said):
    if code == sqlite3.SQLITE_FULL:  # else it is read
        filled.path.joinpath("catalogue.db").unlink()
    monkeypatch.setattr(catalogue, "writing_engine", refusing(code))
    with pytest.raises(StorageError, match="could not be written") as caught:
        Vault.open(filled.path)
    assert said in caught.value.why
    assert "catalogue.db" in caught.value.why
