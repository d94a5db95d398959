"""Rules that only a crafted pack breaks, asked of the checks themselves: mutation testing showed nobody had."""

from __future__ import annotations

import os
import stat
import zipfile
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace

import pytest

from psa_evidence.format import LogHead, ManifestRecord, ProofFile, Seal, canonical, sha256
from psa_evidence.verify import bag, commitments, container, contents, loadfile, names, sealed, verify_bag, ziptail
from psa_evidence.verify.container import Folder
from psa_evidence.verify.hashing import Hashed, Kept
from psa_evidence.verify.logs import CUSTODY, check_logs
from psa_evidence.verify.report import Checklist
from psa_evidence.verify.time_order import check_order


def said(checks):
    return [(check.id, check.status, check.detail) for check in checks.report().checks]


@pytest.fixture
def seals(pack):
    read = {n: Seal.read(pack.files[f"seals/{n:06d}.json"]) for n in (1, 2)}
    return lambda **change: {n: replace(seal, **{k: v[n] for k, v in change.items()}) for n, seal in read.items()}


NOTHING = SimpleNamespace(seals=(), witness=SimpleNamespace(all_tokens=()))
"""A manifest: the logs of these tests tell of no seal."""


def custody(entries):
    lines, previous = [], None
    for number in range(1, entries + 1):
        line = canonical({"number": number, "previous": previous})
        previous = sha256(line)
        lines.append(line)
    return b"".join(line + b"\n" for line in lines), [sha256(line) for line in lines]


@pytest.mark.parametrize(
    ("first", "second", "words"), [(1, 2, None), (2, 2, None), (2, 1, "fewer entries"), (1, 3, "2 are there")]
)
def test_a_log_only_grows_from_seal_to_seal(seals, first, second, words):
    log, digests = custody(2)
    digests.append("0" * 64)
    heads = {
        n: {"custody": LogHead(k, digests[k - 1]), "holds": LogHead(0, None)} for n, k in ((1, first), (2, second))
    }  # fmt: skip
    bag = SimpleNamespace(container=SimpleNamespace(files={CUSTODY: len(log)}), read=lambda *_: log)
    checks = Checklist()
    check_logs(bag, checks, NOTHING, seals(logs=heads))
    [(check, status, detail), *_] = said(checks)
    assert (check, status) == ("7.4", "fail" if words else "pass")
    assert (words or "2 entries") in detail


@pytest.mark.parametrize("stating", [1, 2])
def test_a_log_of_which_seals_state_entries_is_in_the_pack(seals, stating):
    heads = {n: {"custody": LogHead(*head), "holds": LogHead(0, None)} for n, head in ((1, (0, None)), (2, (1, "a")))}
    if stating == 2:
        heads[1] = heads[2]
    checks = Checklist()
    check_logs(SimpleNamespace(container=SimpleNamespace(files={})), checks, NOTHING, seals(logs=heads))
    stated = "1 seal" if stating == 1 else "2 seals"
    assert said(checks) == [("7.4", "fail", f"missing; {stated} of this pack state a digest of it")]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ('{"number":true,"previous":null}', None), ('{"number":1.0,"previous":null}', None),
        ('{"number":2,"previous":null}', None), ('{"previous":null}', None), ('{"number":1}', None),
        ('{"number":1,"previous":0}', None), ('{"number":1,"previous":1}', None),
        ('{"number":1,"previous":null}', '{"number":1,"previous":"%s"}'),
        ('{"number":1,"previous":null}', '{"number":3,"previous":"%s"}'),
        ('{"number":1,"previous":null}', '{"number":2.0,"previous":"%s"}'),
        ('{"number":1,"previous":null}', '{"previous":"%s"}'), ('{"number":1,"previous":null}', '{"number":2}'),
        ('{"number":1,"previous":null}', '{"number":2,"previous":null}'),
        ('{"number":1,"previous":null}', '{"number":2,"previous":"' + "0" * 64 + '"}'),
    ],
)  # fmt: skip
def test_entries_that_no_seal_states_hold_together_too(first, second):
    """Behind the last seal nothing but the chain itself can tell."""
    lines = [line.replace("%s", sha256(first.encode())) for line in (first, second) if line is not None]
    log = "".join(f"{line}\n" for line in lines).encode()
    bag = SimpleNamespace(container=SimpleNamespace(files={CUSTODY: len(log)}), read=lambda *_: log)
    checks = Checklist()
    check_logs(bag, checks, NOTHING, {})
    assert said(checks) == [("7.4", "fail", f"does not hold together at line {len(lines)}")]


def told(*entries):
    """What 7.4 says of a log with these entries (action and detail), where the manifest has seals 1 and 2, a time-stamp
    of each and a renewal of the first."""
    lines, previous = [], None
    for number, (action, detail) in enumerate(entries, 1):
        line = canonical({"number": number, "previous": previous, "action": action, "detail": detail})
        previous = sha256(line)
        lines.append(line + b"\n")
    log, checks = b"".join(lines), Checklist()
    manifest = SimpleNamespace(
        seals=[SimpleNamespace(number=n, digest=f"seal-{n}") for n in (1, 2)],
        witness=SimpleNamespace(
            all_tokens=[SimpleNamespace(seal=s, sha256=d) for s, d in ((1, "one"), (2, "two"), (1, "again"))]
        ),
    )
    bag = SimpleNamespace(container=SimpleNamespace(files={CUSTODY: len(log)}), read=lambda *_: log)
    check_logs(bag, checks, manifest, {})
    return checks.report().checks


SEALED = ("sealed", {"seal": 1, "digest": "seal-1"})
STAMPED, RENEWED = ("stamped", {"seal": 2, "sha256": "two"}), ("renewed", {"seal": 1, "sha256": "again"})


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ([SEALED, STAMPED, RENEWED], "; 1 seal and 2 time-stamps of which it tells are there"),
        ([SEALED], "; 1 seal and 0 time-stamps of which it tells are there"),
        ([STAMPED], "; 0 seals and 1 time-stamp of which it tells are there"),
        ([("verified", None)], ""),
    ],
)
def test_seals_and_time_stamps_of_which_the_log_tells_are_there(entries, words):
    [found] = told(*entries)
    assert (found.status, found.subject) == ("pass", "")
    assert found.detail.endswith(f"it stood as 0 seals of this pack say{words}")


@pytest.mark.parametrize(
    ("entry", "subject"),
    [
        (("sealed", {"seal": 3, "digest": "seal-3"}), "seal 3"),
        (("sealed", {"seal": 1, "digest": "seal-2"}), "seal 1"),
        (("stamped", {"seal": 2, "sha256": "of the second authority"}), "seal 2"),
        (("stamped", {"seal": 1, "sha256": "three"}), "seal 1"),
        (("renewed", {"seal": 2, "sha256": "another renewal"}), "seal 2"),
    ],
)
def test_a_seal_or_time_stamp_of_which_the_log_tells_and_that_is_not_there_fails(entry, subject):
    assert [(check.status, check.subject) for check in told(SEALED, entry, STAMPED)] == [("fail", subject)]


@pytest.mark.parametrize(
    "entry",
    [("sealed", {"seal": 1}), ("stamped", {"seal": 2}), ("sealed", None), ("sealed", {"digest": "x"}),
     ("sealed", {"seal": True, "digest": "x"}), ("sealed", {"seal": "1", "digest": "x"}),
     ("renewed", {"seal": 1, "sha256": 5}), ("verified", {"seal": 9, "digest": "x", "sha256": "y"}),
     (["sealed"], {"seal": 1})],
)  # fmt: skip
def test_what_an_older_log_does_not_say_is_not_asked_for(entry):
    assert [(check.status, check.subject) for check in told(entry)] == [("pass", "")]


def test_a_seal_that_states_no_instant_fails_and_the_others_are_still_judged(seals):
    def order(**at):
        checks = Checklist()
        check_order(checks, {n: (seal, b"") for n, seal in seals(**at).items()}, [])
        return [detail for _, status, detail in said(checks) if status == "fail"]

    assert order() == []
    assert order(sealed_at={1: "yesterday", 2: "2026-03-01T02:10:00Z"}) == ["states no instant at which it was made"]
    assert order(sealed_at={1: "2026-03-01T02:10:00Z", 2: "2026-03-01T01:00:00Z"}) == ["says it was made before seal 1"]


def test_so_many_load_files_at_most(monkeypatch):
    monkeypatch.setattr(loadfile, "MAX_VOLUMES", 1)
    bag = SimpleNamespace(container=SimpleNamespace(files={f"data/production/{n}.dat": 0 for n in range(2)}))
    checks = Checklist()
    loadfile.check_volumes(bag, checks, SimpleNamespace(records=()), ["A 1"])
    assert said(checks) == [("9.8", "fail", "more than 1 load files")]
    monkeypatch.setattr(loadfile, "MAX_VOLUMES", 2)
    checks = Checklist()
    loadfile.check_volumes(bag, checks, SimpleNamespace(records=()), [])
    assert [status for _, status, _ in said(checks)] == ["inconclusive"]


@pytest.mark.parametrize(
    ("digest", "size", "problem", "words"),
    [
        ("d", 7, None, None), ("e", 7, None, "digest or size differs"), ("d", 8, None, "digest or size differs"),
        ("d", 7, "cannot be read", "cannot be read"),
    ],
)  # fmt: skip
def test_a_file_has_the_digest_and_the_size_that_the_manifest_states(digest, size, problem, words):
    checks = Checklist()
    bag = SimpleNamespace(hashed={"data/a": Hashed({"sha256": digest}, size, problem or "")})
    contents._check_digests(bag, checks, SimpleNamespace(files=[SimpleNamespace(path="data/a", sha256="d", size=7)]))
    [(check, status, detail)] = said(checks)
    assert (check, status) == ("4.3", "fail" if words else "pass")
    assert (words or "1 digest and sizes compared") in detail


@pytest.mark.parametrize(
    ("newest", "older", "wrong"),
    [
        ("7.json", "7.2.json", False), ("7.2.json", "7.json", True), ("7.3.json", "7.2.json", True),
        ("7.2.json", "7.10.disclosed.json", False), ("elsewhere.json", "7.json", False),  # said by another rule
    ],
)  # fmt: skip
def test_of_several_versions_of_a_record_a_later_one_has_the_lower_number(newest, older, wrong):
    natives = [f"data/natives/ticket/{name}" for name in (older, newest)]
    versions = [ManifestRecord("ticket", "7", native, "d", seal, 0, None) for seal, native in enumerate(natives, 1)]
    files = {native: Hashed({"sha256": "d"}, 1) for native in natives}
    bag, checks = SimpleNamespace(hashed=files, container=SimpleNamespace(files=files)), Checklist()
    contents.check_natives(bag, checks, SimpleNamespace(records=versions))
    rule = "of its versions a later one has not the lower number: "
    found = [(check.id, check.subject, check.detail) for check in checks.report().checks if rule in check.detail]
    assert found == ([("5.3", "ticket/7", rule + natives[1])] if wrong else [])


def test_why_a_file_cannot_be_listed_is_said():
    bag = SimpleNamespace(container=SimpleNamespace(files={"data/manifest.json": 1, "data/a.pdf": 1}))
    for path in bag.container.files:
        checks = Checklist()
        contents._check_complete(bag, checks, SimpleNamespace(files=[SimpleNamespace(path=path)], pdfs=("data/a.pdf",)))
        assert said(checks) == [("4.2", "fail", "the manifest cannot list itself or what carries it")]


def test_a_number_below_nothing_in_the_population_fails(pack, failed):
    path = "data/logs/population.csv"
    pack.files[path] = pack.files[path].replace(b"ticket,captured,,36", b"ticket,captured,,-36")
    pack.repair()
    report = pack.verify()
    assert "9.3" in failed(report)
    assert any("below nothing" in check.detail for check in report.checks if check.id == "9.3")


def test_a_folder_that_cannot_be_listed_is_a_problem_and_the_rest_is_listed(tmp_path, monkeypatch):
    (tmp_path / "closed").mkdir()
    (tmp_path / "open").mkdir()
    (tmp_path / "open" / "a").write_bytes(b"1")
    real = os.scandir

    def scandir(path):
        if str(path).rstrip("/").endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    folder = Folder(tmp_path)
    assert folder.files == {"open/a": 1}
    assert folder.problems == [("closed/", "folder cannot be listed: Permission denied")]
    assert folder.empty == []


def test_a_file_that_goes_away_while_its_folder_is_looked_at_is_a_problem(tmp_path, monkeypatch):
    for name in "ab":
        (tmp_path / name).write_bytes(b"1")
    real = os.scandir

    @contextmanager
    def scandir(path):
        with real(path) as entries:
            listed = list(entries)
        (tmp_path / "a").unlink()
        yield listed

    monkeypatch.setattr(os, "scandir", scandir)
    folder = Folder(tmp_path)
    assert (folder.files, folder.problems) == ({"b": 1}, [("a", "cannot be looked at: No such file or directory")])


@pytest.mark.parametrize("kind", [stat.S_IFDIR, stat.S_IFREG])
def test_what_windows_has_for_links_is_one(tmp_path, kind):
    """A junction is a folder that lies elsewhere."""
    found, folders = Folder(tmp_path), []
    status = SimpleNamespace(st_mode=kind, st_size=1, st_file_attributes=0x410)
    found._entry(SimpleNamespace(stat=lambda follow_symlinks: status), "a", 0, folders)
    assert (found.files, folders, found.problems) == ({}, [], [("a", "a link, which may lead out of the bag")])
    status.st_file_attributes = 0x21  # to be read only, and archived
    found._entry(SimpleNamespace(stat=lambda follow_symlinks: status), "b", 0, folders)
    assert (found.files, folders) == (({}, [("b/", 1)]) if kind == stat.S_IFDIR else ({"b": 1}, []))


def test_what_was_opened_of_a_folder_is_closed_again(tmp_path, monkeypatch):
    (tmp_path / "a").write_bytes(b"1")
    folder, handles, closed = Folder(tmp_path), [], []
    opened, close = folder._handle, os.close
    monkeypatch.setattr(folder, "_handle", lambda path: handles.append(opened(path)) or handles[-1])
    monkeypatch.setattr(os, "close", lambda handle: closed.append(handle) or close(handle))
    assert folder.whole("a") == b"1"
    monkeypatch.setattr(stat, "S_ISREG", lambda _: False)
    with pytest.raises(container.Unreadable, match="not a regular file any more"):
        folder.open("a")
    assert len(handles) == 2
    assert closed == handles


def test_folders_of_a_zip_with_nothing_in_them_are_empty(tmp_path):
    with zipfile.ZipFile(tmp_path / "z", "w") as archive:
        for name in ("pack/", "pack/bagit.txt", "pack/data/", "pack/data/logs/", "pack/data/logs/a", "pack/data/none/"):
            archive.writestr(name, b"")
    found = container.Zip(tmp_path / "z")
    assert (found.empty, found.problems) == (["data/none"], [])
    assert set(found.files) == {"bagit.txt", "data/logs/a"}


def end_record(size, *, members=1):
    counts = members.to_bytes(2, "little") * 2
    return b"PK\x05\x06" + bytes(4) + counts + size.to_bytes(4, "little") + bytes(4) + bytes(2)


@pytest.mark.parametrize(
    ("size", "large", "at", "found"),
    [(7, None, 0, 7), (0xFFFFFFFF, 1 << 40, 0, 1 << 40), (0xFFFFFFFF, 1 << 40, 5, 1 << 40), (9, 8, 0, 9), (7, 8, 0, 8),
     (0xFFFFFFFF, 8, 0, 8),
     (0xFFFFFFFF, None, 0, 0xFFFFFFFF)],
)  # fmt: skip
def test_the_size_of_a_directory_is_the_larger_of_the_two_that_are_stated(tmp_path, size, large, at, found):
    data = b"x" * at
    if large is not None:
        data += b"PK\x06\x06" + bytes(36) + large.to_bytes(8, "little") + bytes(8)
        data += b"PK\x06\x07" + bytes(4) + at.to_bytes(8, "little") + (1).to_bytes(4, "little")
    (tmp_path / "z").write_bytes(data + end_record(size))
    assert ziptail.directory_of(tmp_path / "z")[::2] == (found, 1)


def test_what_only_looks_like_another_record_of_a_zip_states_nothing(tmp_path):
    """The record is there; what stands before the end does not have the mark of what points to it."""
    record = b"PK\x06\x06" + bytes(36) + (1 << 40).to_bytes(8, "little") + (77).to_bytes(8, "little")
    for mark, found in ((b"PK\x06\x07", (1 << 40, 77, 1)), (b"PK\x06\x08", (7, 0xFFFFFFFF, 1))):
        locator = mark + bytes(12) + (1).to_bytes(4, "little")
        end = end_record(7)[:16] + b"\xff" * 4 + bytes(2)
        (tmp_path / "z").write_bytes(record + locator + end)
        assert ziptail.directory_of(tmp_path / "z") == found
    (tmp_path / "z").write_bytes(record + b"PK\x06\x07" + bytes(16) + end_record(7))
    assert ziptail.directory_of(tmp_path / "z") == (1 << 40, 0, 1)


def test_an_end_may_leave_the_numbers_of_its_parts_to_the_other_record(tmp_path):
    for number in (b"\xff" * 4, bytes(4)):
        (tmp_path / "z").write_bytes(end_record(7)[:4] + number + end_record(7)[8:])
        assert ziptail.directory_of(tmp_path / "z") == (7, 0, 1)
    (tmp_path / "z").write_bytes(end_record(7)[:4] + b"\xff\xff\xff\xfe" + end_record(7)[8:])
    with pytest.raises(ValueError, match="several parts"):
        ziptail.directory_of(tmp_path / "z")


@pytest.mark.parametrize("before", [0, 1, 100])
def test_half_an_end_of_a_zip_is_none(tmp_path, before):
    (tmp_path / "z").write_bytes(bytes(before) + end_record(7)[:-1])
    with pytest.raises(ValueError, match="no ZIP directory"):
        ziptail.directory_of(tmp_path / "z")


@pytest.mark.parametrize("before", [0, 1, 100])
def test_the_end_of_a_zip_is_found_behind_the_longest_comment_with_what_stands_before_it(tmp_path, before):
    """Whoever looks less far does not see that another record states a larger directory."""
    large = b"PK\x06\x06" + bytes(36) + (1 << 40).to_bytes(8, "little") + bytes(8)
    locator = b"PK\x06\x07" + bytes(4) + before.to_bytes(8, "little") + (1).to_bytes(4, "little")
    comment = bytes(65_535)
    data = bytes(before) + large + locator + end_record(7)[:-2] + len(comment).to_bytes(2, "little") + comment
    (tmp_path / "z").write_bytes(data)
    assert ziptail.directory_of(tmp_path / "z") == (1 << 40, 0, 1)


@pytest.mark.parametrize(("ratio", "refused"), [(3, True), (4, False)])
def test_a_zip_may_unpack_to_so_many_times_its_bytes(tmp_path, monkeypatch, ratio, refused):
    """Of 400 bytes, packed to 100 as the directory states it; nothing is unpacked to know."""
    with zipfile.ZipFile(tmp_path / "z", "w") as archive:
        archive.writestr("bagit.txt", b"x" * 100)
    data = (tmp_path / "z").read_bytes()
    (tmp_path / "z").write_bytes(
        data.replace((100).to_bytes(4, "little") * 2, b"d\0\0\0" + (400).to_bytes(4, "little"))
    )
    monkeypatch.setattr(container, "BOMB_FLOOR", 399)
    monkeypatch.setattr(container, "MAX_RATIO", ratio)
    if refused:
        with pytest.raises(container.Unreadable, match="a bomb"):
            container.Zip(tmp_path / "z")
    else:
        assert container.Zip(tmp_path / "z").files == {"bagit.txt": 400}
    monkeypatch.setattr(container, "BOMB_FLOOR", 400)
    assert container.Zip(tmp_path / "z").files == {"bagit.txt": 400}


def test_folders_may_be_nested_so_deep_and_no_deeper(tmp_path):
    deep = "/".join(["d"] * names.MAX_DEPTH)
    (tmp_path / deep).mkdir(parents=True)
    (tmp_path / deep / "a").write_bytes(b"1")
    assert Folder(tmp_path).files == {f"{deep}/a": 1}
    (tmp_path / deep / "d").mkdir()
    (tmp_path / deep / "d" / "b").write_bytes(b"1")
    folder = Folder(tmp_path)
    assert folder.files == {f"{deep}/a": 1}
    assert [words for _, words in folder.problems] == [f"folders nested deeper than {names.MAX_DEPTH}"]


def test_the_fingerprint_is_told_with_the_tag_manifest_of_a_pack_and_nowhere_else(pack):
    fingerprint = sha256(pack.files["tagmanifest-sha256.txt"])
    told = [check.id for check in pack.verify().checks if fingerprint in check.detail]
    assert told == ["2.2"]
    assert not any(fingerprint in check.detail for check in verify_bag(pack.folder).checks)


def test_the_size_that_any_bag_states_must_be_its_own(pack, failed):
    pack.files["bag-info.txt"] = b"Payload-Oxum: 1.1\n"
    pack.repair_tags()
    assert failed(verify_bag(pack.write())) == {"3.3"}
    pack.files["bag-info.txt"] = b"Bagging-Date: 2026-03-02\n"
    pack.repair_tags()
    assert failed(verify_bag(pack.write())) == set()
    assert "3.3" in failed(pack.verify())


def test_natives_that_were_not_kept_are_read_again_with_the_same_result(pack, failed, monkeypatch):
    kept = pack.verify()
    monkeypatch.setattr(Kept, "get", lambda *_: None)
    assert pack.verify() == kept
    pack.edit("data/proofs/1.json", lambda proofs: proofs["proofs"][0].update(salt="0" * 64))
    pack.repair()
    report = pack.verify()
    assert failed(report) == {"6.4"}
    assert [check.detail for check in report.checks if check.id == "6.4"] == [
        "the native is not the record that its leaf commits to"
    ]


@pytest.mark.parametrize("native", ["ticket/1042.json", "ticket/1043.json", "time-entry/77.json"])
def test_what_is_found_of_a_native_that_was_not_kept_is_said_of_it_alone(pack, failed, monkeypatch, native):
    """Large natives are read again, small ones are not: each is judged by its own bytes."""
    honest = Kept.get
    monkeypatch.setattr(Kept, "get", lambda self, path: None if path.endswith(native) else honest(self, path))
    proofs = ProofFile.read(pack.files["data/proofs/1.json"]).proofs
    [place] = [n for n, proof in enumerate(proofs) if f"{proof.leaf.kind}/{proof.leaf.id}.json" == native]
    pack.edit("data/proofs/1.json", lambda document: document["proofs"][place].update(salt="0" * 64))
    pack.repair()
    report = pack.verify()
    assert failed(report) == {"6.4"}
    assert [f"{check.subject}.json" for check in report.checks if check.id == "6.4"] == [native]


def test_a_native_that_cannot_be_read_again_fails(pack, failed, monkeypatch):
    def gone(*_):
        raise container.Unreadable("gone")

    monkeypatch.setattr(Kept, "get", lambda *_: None)
    monkeypatch.setattr(commitments, "_commit", gone)
    report = pack.verify()
    assert failed(report) == {"6.4"}
    assert {check.detail for check in report.checks if check.id == "6.4"} == {"gone"}


def test_a_seal_that_lies_elsewhere_fails_though_all_of_it_is_right(pack, failed):
    pack.files["seals/1.json"] = pack.files.pop("seals/000001.json")
    pack.edit("data/manifest.json", lambda manifest: manifest["seals"][0].update(path="seals/1.json"))
    pack.repair()
    report = pack.verify()
    assert "7.1" in failed(report)
    assert [(check.detail, check.subject) for check in report.checks if check.id == "7.1"] == [
        ("lies at seals/1.json", "seal 1"), ("records stand in a seal that the pack does not hold", "seal 1")
    ]  # fmt: skip


@pytest.mark.parametrize(("names", "wrong"), [(["one"], ["one"]), (["1", "000001"], ["1"]), (["2"], ["2"])])
def test_proofs_lie_at_the_number_of_their_seal_and_once(pack, names, wrong):
    data = pack.files["data/proofs/1.json"]
    files = {f"data/proofs/{name}.json": data for name in names}
    bag = SimpleNamespace(container=SimpleNamespace(files=files), read=lambda path, _: files[path])
    checks = Checklist()
    assert list(sealed._proof_files(bag, checks)) == ([1] if len(names) > 1 else [])
    assert [(c.detail, c.subject) for c in checks.report().checks] == [
        ("says it belongs to seal 1", f"data/proofs/{name}.json") for name in wrong
    ]


def test_a_leaf_of_a_kind_that_the_seal_does_not_count_is_found(pack, seals):
    file = ProofFile.read(pack.files["data/proofs/2.json"])
    counts = dict(seals()[2].counts)
    for number in (counts["note"], 0):
        checks = Checklist()
        kept = {kind: n for kind, n in {**counts, "note": number}.items() if n}
        sealed._check_leaves(checks, replace(seals()[2], counts=kept), file)
        words = "1 leaves of kind note are shown; the seal counts 0"
        assert said(checks) == ([] if number else [("7.2", "fail", words)])


def test_five_seals_are_described_and_the_others_counted(seals):
    one = seals()[1]
    assert sealed._described(dict.fromkeys(range(5), one)).count("capture complete") == 5
    assert "more" not in sealed._described(dict.fromkeys(range(5), one))
    assert sealed._described(dict.fromkeys(range(7), one)).count("capture complete") == 5
    for n in (6, 7):
        assert sealed._described(dict.fromkeys(range(n), one)).endswith(f"; and {n - 5} more")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"digest": "0" * 64}, "is not the seal that the manifest states: its digest differs"),
        ({"vault": "another"}, "belongs to another vault than the manifest states"),
    ],
)
def test_why_a_seal_is_not_taken_is_said(pack, seals, change, words):
    path, seal = "seals/000001.json", seals()[1]
    bag = SimpleNamespace(container=SimpleNamespace(files={path: 1}), read=lambda *_: pack.files[path])
    listed = SimpleNamespace(number=1, path=path, digest=change.get("digest", seal.digest()))
    checks = Checklist()
    manifest = SimpleNamespace(seals=[listed], vault=change.get("vault", seal.vault))
    assert sealed.read_seals(bag, checks, manifest) == {}
    assert said(checks) == [("7.1", "fail", words)]


def test_a_pack_without_a_seal_is_told_so(pack):
    checks = Checklist()
    bag = SimpleNamespace(container=SimpleNamespace(files={}))
    assert sealed.read_seals(bag, checks, SimpleNamespace(seals=())) == {}
    assert said(checks) == [("7.1", "fail", "the pack holds no seal")]


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ((1,), "0 links between seals of this pack followed"),
        ((2,), "0 links between seals of this pack followed; 1 to seals that are not in the pack could not be"),
        ((1, 2), "1 link between seals of this pack followed"),
    ],
)
def test_links_that_could_not_be_followed_are_counted(seals, numbers, words):
    checks = Checklist()
    sealed._check_chain(checks, {n: seal for n, seal in seals().items() if n in numbers})
    assert said(checks) == [("7.3", "pass", words)]


def test_a_seal_in_the_place_of_another_is_said_to_be_that(pack, failed):
    """The manifest states its digest, so nothing but the number tells."""
    pack.files["seals/000002.json"] = pack.files["seals/000001.json"]
    digest = sha256(pack.files["seals/000001.json"])
    pack.edit("data/manifest.json", lambda manifest: manifest["seals"][1].update(digest=digest))
    pack.repair()
    report = pack.verify()
    assert "7.1" in failed(report)
    assert ("says it is seal 1", "seal 2") in [(c.detail, c.subject) for c in report.checks if c.id == "7.1"]


def test_entries_about_others_are_counted(seals):
    """The first of two entries is withheld: a link stands for it."""
    line = canonical({"entry": "0" * 64, "number": 1, "previous": None})
    second = canonical({"number": 2, "previous": sha256(line)})
    log = line + b"\n" + second + b"\n"
    heads = {n: {"custody": LogHead(n, sha256((line, second)[n - 1])), "holds": LogHead(0, None)} for n in (1, 2)}
    bag = SimpleNamespace(container=SimpleNamespace(files={CUSTODY: len(log)}), read=lambda *_: log)
    checks = Checklist()
    check_logs(bag, checks, NOTHING, seals(logs=heads))
    words = "custody log with 2 entries, 1 of them about others and withheld; it stood as 2 seals of this pack say"
    assert said(checks) == [("7.4", "pass", words)]


def test_the_seals_that_read_are_handed_on_to_be_asked_for_their_times(pack):
    checks = Checklist()
    checked = bag.check_bag(bag.open_checked(pack.write(), checks), checks, pack=True)
    manifest, _ = contents.check_manifest(checked, checks)
    read = sealed.check_seals(checked, checks, manifest, sealed.check_proofs(checked, checks, manifest))
    assert {number: seal.sealed_at for number, seal in read.items()} == {
        1: "2026-02-01T02:10:00Z", 2: "2026-03-01T02:10:00Z"
    }  # fmt: skip
