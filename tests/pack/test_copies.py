"""Copies of one matter: what each leaves out is nowhere in it, is counted, and does not better a figure."""

import csv
import json
from dataclasses import replace

import pytest

from psa_evidence.errors import ConfigurationError
from psa_evidence.matter import Contract, CopyRules, Masks, Promise, Rule
from psa_evidence.pack.parts.adverse_facts import TITLE
from psa_evidence.verify import verify_pack

LAWYER = "Jane Counsel"
ADVICE = "Counsel advises that clause nine be read narrowly"
BLAME = "We forgot the toner and it is our fault entirely"


def note(psa, number, ticket, text, *, author=None, contact=None, internal=False, entered="2025-03-05T16:00:00Z"):
    who = {"member": {"id": 9, "identifier": "jc", "name": author}} if author else {"contact": contact}
    psa.add("note", {
        "id": number, "noteType": "TicketNote", "ticket": {"id": ticket}, "text": text,
        "detailDescriptionFlag": not internal, "internalAnalysisFlag": internal, "resolutionFlag": False, **who,
        "_info": {"lastUpdated": entered, "updatedBy": "x", "dateEntered": entered, "enteredBy": "x"},
    }, client="10", parent=f"ticket/{ticket}")  # fmt: skip


@pytest.fixture
def told(new_psa, empty_vault):
    """The story, with counsel's advice, an internal admission, and a contact who is named in free text."""
    psa = new_psa().story()
    note(psa, 7001, 1002, ADVICE, author=LAWYER)
    note(psa, 7002, 1003, BLAME, author="Tessa Bell", internal=True)
    note(psa, 7003, 1003, "Please call Ann  CLIENT-Smith on +1 555 010 0199", contact={"id": 7, "name": "Bo"})
    psa.add("contact", {
        "id": 7, "firstName": "Ann", "lastName": "Client-Smith", "company": {"id": 10},
        "communicationItems": [
            {"communicationType": "Email", "value": "ann.cs@client.example"},
            {"communicationType": "Phone", "value": "+1 555 010 0199"},
        ],
    }, client="10")  # fmt: skip
    psa.fill(empty_vault)
    return empty_vault


@pytest.fixture
def ruled(matter):
    """A matter with rules for two copies."""
    privilege = Rule(
        reason="privilege", privilege="attorney-client", description="advice on a clause", authors=(LAWYER,)
    )
    return replace(
        matter, mode="draft",
        copies=(
            ("production", CopyRules(withhold=(privilege, Rule(reason="not relevant", kinds=("opportunity",))))),
            ("public", CopyRules(
                paper="a4", legend="PUBLIC", withhold=(privilege, Rule(reason="internal", internal=True)),
                masks=Masks(sorts=("contact names", "contact e-mails", "contact phones"), terms=("Tessa",)),
            )),
        ),
    )  # fmt: skip


@pytest.fixture
def build_copy(make, told, ruled, pages, tables):
    def run(copy, **more):
        chosen = replace(ruled.as_copy(copy), **more)
        return make(told, matter=chosen, out=copy, exporters={"pages": pages, "tables": tables})

    return run


def everything(folder):
    return b"\n".join(p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()).decode("utf-8", "replace")


def rows(folder, name):
    with (folder / f"data/logs/{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_each_copy_has_its_own_name_title_colour_and_numbers(build_copy, pages):
    looks = []
    for copy in ("counsel", "production", "public"):
        folder = build_copy(copy).folder
        looks.append((folder.name, pages.content.copy_title, pages.content.accent, pages.content.bates.prefix))
    assert all(len(set(column)) == 3 for column in zip(*looks, strict=True))
    assert [look[3] for look in looks] == ["NW-", "NW-P-", "NW-F-"]
    assert pages.content.paper == "a4"
    assert pages.content.footer == "PUBLIC"


def test_to_whom_a_message_went_is_withheld_with_what_tells_it(make, new_psa, empty_vault, ruled, pages):
    psa = new_psa().story()
    note(psa, 7001, 1002, "The toner is here", author="T. Bell")
    psa.add("history", {
        "text": "E-mail sent to ann.cs@client.example.", "enteredDate": "2025-03-05T16:00:02Z", "enteredBy": "x",
        "auditType": "Email", "auditSubType": "Sent", "auditSource": "Member",
    }, id="1002-zz", client="10", parent="ticket/1002")  # fmt: skip
    psa.add("contact", {
        "id": 7, "firstName": "Ann", "lastName": "Client-Smith", "company": {"id": 10},
        "communicationItems": [{"communicationType": "Email", "value": "ann.cs@client.example"}],
    }, client="10")  # fmt: skip
    psa.fill(empty_vault)
    told = {}
    for copy in ("counsel", "public"):
        make(empty_vault, matter=ruled.as_copy(copy), out=copy)
        part = next(p for p in pages.content.parts if p.id == "chronology")
        table = next(b for b in part.blocks if getattr(b, "columns", ()))
        told[copy] = next(row[2] for row in table.rows if "toner is here" in row[3]), "withholds" in table.caption
    assert told == {"counsel": ("Ann Client-Smith\ne-mail", False), "public": ("not recorded", True)}


def test_a_message_of_counsel_is_in_the_counsel_copy_and_nowhere_in_the_others(build_copy):
    assert ADVICE in everything(build_copy("counsel").folder)
    for copy in ("production", "public"):
        folder = build_copy(copy).folder
        assert ADVICE not in everything(folder)
        assert not (folder / "data/natives/note/7001.json").exists()
        [entry] = [r for r in rows(folder, "privilege") if r["record"] == "note/7001"]
        assert (entry["withheld"], entry["privilege"]) == ("in full", "attorney-client")
        assert (entry["author"], entry["description"]) == (LAWYER, "advice on a clause")


@pytest.mark.parametrize("copy", ["counsel", "production", "public"])
def test_captured_is_included_and_withheld_and_out_of_scope(build_copy, copy):
    result = build_copy(copy)
    by_class = {}
    for row in rows(result.folder, "population"):
        by_class[row["class"]] = by_class.get(row["class"], 0) + int(row["number"])
    parts = sum(by_class.get(c, 0) for c in ("included", "withheld", "out of scope"))
    assert by_class["captured"] == parts == result.counts["captured"]
    assert by_class.get("withheld", 0) == result.counts["withheld"]
    assert by_class["included"] == result.counts["natives"]
    full = [r for r in rows(result.folder, "privilege") if r["withheld"] == "in full"] if copy != "counsel" else []
    assert len(full) == result.counts["withheld"]


def test_what_hurts_is_gathered_in_the_counsel_copy_alone(build_copy, pages):
    build_copy("counsel")
    [part] = [p for p in pages.content.parts if p.title == TITLE]
    assert "forgot" in repr(part)
    for copy in ("production", "public"):
        folder = build_copy(copy).folder
        assert TITLE not in everything(folder)
        assert "adverse-facts" not in everything(folder)
        assert [p.number for p in pages.content.parts] == list(range(1, len(pages.content.parts) + 1))


def test_only_the_counsel_copy_says_which_statements_speak_against_the_provider(build_copy, pages):
    """Whoever produces a pack to the other side does not hand over his lawyer's opinion of each fact with it."""
    said = {}
    for copy in ("counsel", "production", "public"):
        folder = build_copy(copy).folder
        part = next(p for p in pages.content.parts if p.id == "record-quality")
        answer = next(p for p in pages.content.parts if p.id == "answer")
        findings = (folder / "data/tables/findings.csv").read_text("utf-8-sig").splitlines()
        said[copy] = ("adverse" in repr(part).lower(), "adverse" in findings[0], len(findings))
        assert "against the provider" not in repr(answer)
    assert said["counsel"][:2] == (True, True)
    assert said["production"][:2] == said["public"][:2] == (False, False)
    assert said["production"][2] > 1


def test_masked_terms_are_nowhere_and_the_text_around_them_is(build_copy):
    folder = build_copy("public").folder
    found = everything(folder)
    for term in ("CLIENT-Smith", "Client-Smith", "ann.cs", "010 0199", "Tessa"):
        assert term not in found
    assert "Please call [name withheld] on +[number withheld]" in found
    native = json.loads((folder / "data/natives/note/7003.disclosed.json").read_bytes())
    assert "text" not in {f.get("name") for f in native["fields"]}


@pytest.mark.parametrize(
    ("term", "more", "where"),
    [
        ("northwind", {}, "the client's name"), ("Kestrel", {"name": "Kestrel v. Us"}, "the matter's name"),
        ("Gold", {"agreement": "Managed Gold"}, "the name of the agreement"),
        ("Harbour", {"parties": (("MSP", "Harbour IT"),)}, "the name of the MSP"),
    ],
)  # fmt: skip
def test_a_masked_term_in_what_names_the_pack_stops_the_build_at_once(build_copy, tmp_path, term, more, where):
    masks = (("public", CopyRules(masks=Masks(terms=(term,)))),)
    with pytest.raises(ConfigurationError) as caught:
        build_copy("public", copies=masks, **more)
    assert where in caught.value.what
    assert term.casefold() not in f"{caught.value.what} {caught.value.why} {caught.value.next_step}".casefold()
    assert not list(tmp_path.rglob("bagit.txt"))


@pytest.mark.parametrize("copy", ["counsel", "production", "public"])
def test_the_tables_of_each_copy_are_held_to_what_it_shows(build_copy, copy):
    checks = {c.id: c for c in verify_pack(build_copy(copy).folder).checks if c.id in {"9.9", "9.10"}}
    assert {c.status for c in checks.values()} == {"pass"}, checks
    assert ("; 0 not told by" in checks["9.10"].detail) == (copy != "public")


def test_terms_are_masked_in_what_the_matter_file_quotes_too(build_copy, ruled, pages):
    said = "signed by Ann Client-Smith and by the provider"
    quoted = Promise(clause="7", text="Credits are asked for by Ann Client-Smith.")
    contract = Contract(remedies=(quoted,), exclusions=(quoted,), client_duties=(quoted,), signature=said)
    chosen = {
        "contract": contract, "promises": (quoted,),
        "parties": (("client", "Client Ltd"), ("for the client", "Ann Client-Smith")),
    }  # fmt: skip
    counsel = everything(build_copy("counsel", **chosen).folder)
    assert "Ann Client-Smith" in repr(pages.content.parts)
    assert "that the matter file states" not in repr(pages.content.parts)
    public = everything(build_copy("public", **chosen).folder)
    parts = repr(pages.content.parts)
    assert "signed by [name withheld] and by the provider" in parts
    assert parts.count("Credits are asked for by [name withheld].") == 4
    assert "Terms are masked too in 6 texts that the matter file states" in parts
    assert "Client-Smith" not in public
    assert "Client-Smith" in counsel


def test_attachments_are_not_in_a_copy_that_masks(build_copy):
    folder = build_copy("public").folder
    assert not list(folder.glob("data/attachments/**/*.png"))
    assert any(r["record"] == "attachment/77" for r in rows(folder, "privilege"))


def test_withholding_records_does_not_change_a_verdict_and_says_what_stands_behind(make, told, ruled, pages):
    history = Rule(reason="not relevant", kinds=("history",))
    chosen = replace(ruled, copies=(("production", CopyRules(withhold=(history,))),)).as_copy("production")
    whole = make(told, matter=ruled, out="whole")
    result = make(told, matter=chosen, out="part")
    for name in ("missed_contract", "missed_psa", "missed_strict"):
        assert result.counts[name] == whole.counts[name] > 0
    assert "record" in repr([p for p in pages.content.parts if p.id == "withheld"])
    assert "the figures are computed with them" in repr(pages.content.parts)


def test_a_withheld_ticket_goes_with_all_that_hangs_on_it_and_is_told_by_its_verdicts(make, told, ruled, pages):
    rule = Rule(reason="not relevant", records=("ticket/1002",))
    chosen = replace(ruled, copies=(("production", CopyRules(withhold=(rule,))),)).as_copy("production")
    result = make(told, matter=chosen, out="part")
    assert not [r for r in result.manifest.records if "1002" in r.id]
    words = repr([p for p in pages.content.parts if p.id == "withheld"])
    assert "Plan of the withheld tickets: 0 met, 1 missed" in words


def test_a_rule_that_chooses_nothing_is_said(make, told, ruled):
    rule = Rule(reason="x", authors=("Nobody",))
    chosen = replace(ruled, copies=(("production", CopyRules(withhold=(rule,))),)).as_copy("production")
    result = make(told, matter=chosen, out="part")
    assert any("withhold 1" in w and "chose no record" in w for w in result.warnings)


def test_a_rule_that_names_a_record_which_is_not_there_is_refused(make, told, ruled, tmp_path):
    rule = Rule(reason="x", records=("note/999999",))
    chosen = replace(ruled, copies=(("production", CopyRules(withhold=(rule,))),)).as_copy("production")
    with pytest.raises(ConfigurationError, match="not among the records"):
        make(told, matter=chosen, out="part")
    assert not (tmp_path / "part").exists() or not list((tmp_path / "part").iterdir())


def test_chapters_left_out_keep_the_numbers_of_the_others_and_are_named(make, told, ruled, pages):
    make(told, matter=ruled, out="whole")
    numbers = {p.id: p.number for p in pages.content.parts}
    make(told, matter=replace(ruled, left_out_parts=("glossary",)), out="part")
    assert {p.id: p.number for p in pages.content.parts} == {k: v for k, v in numbers.items() if k != "glossary"}
    assert "leaves out of this report: glossary" in repr(pages.content.parts)


@pytest.mark.parametrize("name", ["scope", "withheld", "limitations", "no-such-chapter"])
def test_a_chapter_that_must_stay_or_is_none_cannot_be_left_out(make, told, ruled, name):
    with pytest.raises(ConfigurationError, match="leave_out"):
        make(told, matter=replace(ruled, left_out_parts=(name,)))
