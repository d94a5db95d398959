"""The matter file: what may stand in it, and what somebody is told who got it wrong."""

from datetime import UTC, date, datetime

import pytest

from psa_evidence.errors import ConfigurationError
from psa_evidence.matter import Production, load_matter, parse, write_template
from psa_evidence.records import Goal, Span

CONTRACT = """
[contract]
reference = "MSA of 2024, schedule B"
time_zone = "America/Chicago"
holidays = [2025-12-25, 2025-01-01]
automatic = ["WorkflowAPI"]
priority_rule = "at entry"
[contract.goals."Priority 1"]
response = "30 min"
resolution = "1 h 30 min"
response_percent = 95
[contract.hours]
monday = "08:00-17:00"
tuesday = ["13:00-17:00", "08:00-12:00"]
[contract.pauses]
resolution = ["Waiting on client"]
[[promises]]
clause = "A.1"
text = "A nightly backup."
"""


def refused(text, name="m.toml"):
    with pytest.raises(ConfigurationError) as caught:
        parse(text.encode(), name)
    assert name in caught.value.what
    assert caught.value.next_step
    assert caught.value.exit_code == 2
    return caught.value.what


def test_the_template_is_a_matter_file(good):
    matter = parse(good.encode(), "m.toml")
    assert (matter.name, matter.client, matter.copy, matter.mode) == (
        'Northwind "v" Acme',
        "Northwind",
        "counsel",
        "draft",
    )
    assert matter.parties == (("msp", "Acme IT"), ("client", "Northwind Trading"))
    assert matter.bates_prefix == "NORTHW-"


def test_days_of_the_period_are_days_of_the_zone_and_the_last_is_inside(good):
    matter = parse(good.encode(), "m.toml")
    assert matter.since == datetime(2025, 1, 1, 5, tzinfo=UTC)
    assert matter.until == datetime(2025, 7, 1, 4, tzinfo=UTC), "summer time"


def test_contract_terms_are_read(good):
    contract = parse((good + CONTRACT).encode(), "m.toml").contract
    assert contract.goals == (("Priority 1", Goal(response=1800, resolution=5400, response_percent=95)),)
    assert contract.week[1] == (Span(start=8 * 3600, end=12 * 3600), Span(start=13 * 3600, end=17 * 3600))
    assert contract.week[2] == ()
    assert contract.time_zone == "America/Chicago"
    assert contract.holidays == (date(2025, 1, 1), date(2025, 12, 25))
    assert contract.pauses == (("response", ()), ("plan", ()), ("resolution", ("Waiting on client",)))


def test_holidays_of_every_year_hours_of_single_dates_and_hours_that_changed_are_read(good):
    more = CONTRACT.replace("[2025-12-25, 2025-01-01]", '[2025-12-24, "12-25", "02-29", "2025-01-01"]')
    more += """
[contract.special_hours]
2025-12-31 = "08:00-12:00"
2025-11-28 = []
[[contract.hours_from]]
day = 2025-06-01
hours = "24x7"
[[contract.hours_from]]
day = 2025-03-01
hours = { monday = "22:00-06:00" }
"""
    contract = parse((good + more).encode(), "m.toml").contract
    assert contract.holidays == (date(2025, 1, 1), date(2025, 12, 24))
    assert contract.yearly == ((2, 29), (12, 25))
    assert [str(day) for day in contract.yearly] == ["02-29 every year", "12-25 every year"]
    assert contract.special == ((date(2025, 11, 28), ()), (date(2025, 12, 31), (Span(start=8 * 3600, end=12 * 3600),)))
    assert [day for day, _ in contract.later] == [date(2025, 3, 1), date(2025, 6, 1)]
    assert contract.later[0][1] == ((Span(start=22 * 3600, end=30 * 3600),), *((),) * 6)


@pytest.mark.parametrize(
    ("old", "new", "hint"),
    [
        ("2025-01-01]", '"13-01"]', "'12-25' in quotes"),
        ("2025-01-01]", '"02-30"]', "'12-25' in quotes"),
        ("2025-01-01]", "7]", "'12-25' in quotes"),
        ("2025-01-01]", "2025-01-01T10:00:00]", "'12-25' in quotes"),
        ("[contract.pauses]", "[contract.special_hours]\n2025-13-01 = []\n[contract.pauses]", "2025-01-31"),
        ("[contract.pauses]", '[[contract.hours_from]]\nhours = "24x7"\n[contract.pauses]', "required"),
        (
            "[contract.pauses]",
            '[[contract.hours_from]]\nday = 2025-01-01\nhours = "24x7"\n' * 2 + "[contract.pauses]",
            "name the same day",
        ),
        ('[contract.hours]\nmonday = "08:00-17:00"\ntuesday = ["13:00-17:00", "08:00-12:00"]\n', "", "need 'hours'"),
    ],
    ids=["month", "day", "number", "time", "special", "day-left-out", "twice", "no-hours"],
)
def test_wrong_calendar_terms_are_refused_with_what_is_allowed(good, old, new, hint):
    assert old in CONTRACT
    assert hint in refused(good + CONTRACT.replace(old, new))


def test_the_commented_contract_of_the_template_can_be_switched_on(good):
    lines, on = [], False
    for line in good.splitlines():
        on = on or line.startswith("# [contract]")
        lines.append(line.removeprefix("# ").removeprefix("#") if on and not line.startswith("# Other") else line)
    matter = parse("\n".join(lines).replace('hours = "24x7"', "# hours").encode(), "m.toml")
    assert matter.contract.goals[0][1].response == 1800
    assert matter.promises[0].clause == "Schedule A, 3.2"
    assert matter.certificates == ("fre-902-11", "fre-902-13", "fre-902-14", "notice")
    assert matter.production == Production()


def test_round_the_clock(good):
    matter = parse((good + '\n[contract]\nhours = "24x7"\n').encode(), "m.toml")
    assert matter.contract.week == ((Span(start=0, end=86400),),) * 7


@pytest.mark.parametrize(
    ("old", "new", "key", "hint"),
    [
        ("bates_prefix =", "bates_prefx =", "matter.bates_prefx", "did you mean 'bates_prefix'"),
        ("connection =", "zzzz =", "matter.zzzz", "known:"),
        ('copy = "counsel"', 'copy = "press"', "matter.copy", "'counsel', 'production' or 'public'"),
        ('paper = "us-letter"', 'paper = "A5"', "matter.paper", "us-letter"),
        ('mode = "draft"', 'mode = "final"', "matter.mode", "routine archive"),
        ("to = 2025-06-30", "to = 2024-06-30", "matter.period", "or later"),
        ("from = 2025-01-01", 'from = "January"', "matter.period.from", "2025-01-31"),
        ('"America/New_York"', '"Eastern"', "matter.time_zone", "IANA"),
        ('"America/New_York"', '"../../etc/passwd"', "matter.time_zone", "IANA"),
        ('bates_prefix = "NORTHW-"', 'bates_prefix = "NO RTH"', "matter.bates_prefix", "no spaces"),
        ('client = "Northwind"', 'client = ""', "matter.client", "empty"),
        ('client = "Northwind"', "client = 7", "matter.client", "quotes"),
        ('connection = "demo"', "", "matter.connection", "required"),
        ("[parties]", "[partis]", "partis", "did you mean 'parties'"),
    ],
)
def test_each_wrong_key_is_named_with_what_is_allowed(good, old, new, key, hint):
    assert old in good
    said = refused(good.replace(old, new))
    assert key in said
    assert hint in said


@pytest.mark.parametrize(
    ("old", "new", "key", "hint"),
    [
        ('response = "30 min"', 'response = "3 days"', "contract.goals.Priority 1.response", "'30 min'"),
        ('response = "30 min"', "response = 30", "contract.goals.Priority 1.response", "quotes"),
        ('response = "30 min"', 'respons = "30 min"', "contract.goals.Priority 1.respons", "'response'"),
        ("response_percent = 95", "response_percent = 101", "response_percent", "1 to 100"),
        ('"08:00-17:00"', '"8 to 5"', "contract.hours.monday", "08:00-17:00"),
        ('"08:00-12:00"', '"08:00-14:00"', "contract.hours.tuesday", "overlap"),
        ("monday", "mondy", "contract.hours.mondy", "'monday'"),
        ('"at entry"', '"whatever"', "contract.priority_rule", "at entry"),
        ("clause =", "claus =", "claus", "'clause'"),
    ],
)
def test_each_wrong_contract_key_is_named_with_what_is_allowed(good, old, new, key, hint):
    assert old in CONTRACT
    said = refused(good + CONTRACT.replace(old, new))
    assert key in said
    assert hint in said


@pytest.mark.parametrize(
    ("old", "new", "key", "hint"),
    [
        ('"notice"', '"notis"', "certificates.include", "'notice'"),
        ("include", "includes", "certificates.includes", "'include'"),
        ('"relativity"', '"everlaw"', "production.profile", "relativity"),
        ('"ACME0001"', '"../x"', "production.volume", "VOL001"),
        ("images = false", 'images = "later"', "production.images", ""),
    ],
)
def test_each_wrong_key_about_exports_is_named_with_what_is_allowed(good, old, new, key, hint):
    asked = (
        '\n[certificates]\ninclude = ["fre-902-14", "notice", "notice"]\n'
        '[production]\nprofile = "relativity"\nvolume = "ACME0001"\nimages = false\n'
    )
    matter = parse((good + asked).encode(), "m.toml")
    assert matter.certificates == ("fre-902-14", "notice")
    assert matter.production == Production(profile="relativity", volume="ACME0001", images=False)
    said = refused(good + asked.replace(old, new))
    assert key in said
    assert hint in said


def test_everything_wrong_is_told_at_once(good):
    said = refused(good.replace("copy =", "kopy =").replace("paper =", "papr ="))
    assert "kopy" in said
    assert "papr" in said


def test_no_value_of_the_file_is_repeated_in_an_error(good):
    said = refused(
        good.replace('mode = "draft"', 'mode = "PRIVILEGED-WORDS"').replace('copy = "counsel"', "copy = 123456789")
    )
    assert "PRIVILEGED-WORDS" not in said
    assert "123456789" not in said


@pytest.mark.parametrize("data", [b"\xff\xfe[matter]", b"[matter\n", b"", b"matter = 1", b"x" * (1024 * 1024 + 1)])
def test_files_that_are_no_matter_files(data, tmp_path):
    path = tmp_path / "m.toml"
    path.write_bytes(data)
    with pytest.raises(ConfigurationError) as caught:
        load_matter(path)
    assert "m.toml" in caught.value.what
    assert caught.value.next_step


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(ConfigurationError, match="there is no matter file"):
        load_matter(tmp_path / "none.toml")
    with pytest.raises(ConfigurationError):
        load_matter(tmp_path)


def test_a_byte_order_mark_of_a_windows_editor_does_not_matter(good, tmp_path):
    path = tmp_path / "m.toml"
    path.write_bytes(b"\xef\xbb\xbf" + good.replace("\n", "\r\n").encode())
    assert load_matter(path).client == "Northwind"


def test_write_template_never_overwrites(tmp_path):
    values = {"name": "A", "client": "C\"'\\\n", "connection": "x", "since": date(2025, 1, 1),
              "until": date(2025, 1, 31),
              "time_zone": "Europe/Berlin", "agreement": "Gold"}  # fmt: skip
    path = write_template(tmp_path / "m.toml", **values)
    matter = load_matter(path)
    assert (matter.client, matter.agreement) == ("C\"'\\", "Gold")
    with pytest.raises(ConfigurationError, match="not overwritten"):
        write_template(path, **values)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Acme v. Northwind", "Acme-v-Northwind"),
        ("../..", "matter"),
        ("Müller & Söhne", "Muller-Sohne"),
        ("案件", "matter"),
        ("x" * 200, "x" * 40),
    ],
)
def test_slugs_are_safe_folder_names(good, name, slug):
    assert parse(good.replace('Northwind \\"v\\" Acme', name).encode(), "m.toml").slug == slug


CLAUSES = (
    CONTRACT.replace(
        "[contract.hours]",
        'clause = "B.2"\nresponse_clause = "B.3"\n[contract.goals."*"]\nplan = "2 h"\n'
        '[contract.clauses]\ngoals = "B.1"\nhours = "B.4"\npauses = "B.5"\n[contract.hours]',
    )
    + """
[[contract.remedies]]
clause = "B.6"
text = "A credit of 5 % on request."
[[contract.client_duties]]
clause = "C.1"
text = "A person to decide."
"""
)


def test_each_term_may_name_its_clause_and_the_nearest_one_counts(good):
    contract = parse((good + CLAUSES).encode(), "m.toml").contract
    assert contract.clauses.goals == (
        ("Priority 1", "response", "B.3"), ("Priority 1", "resolution", "B.2"), ("*", "plan", "B.1"),
    )  # fmt: skip
    assert contract.clauses.terms == (("hours", "B.4"), ("pauses", "B.5"))
    assert contract.goals[0][1] == Goal(response=1800, resolution=5400, response_percent=95), "no clause in a target"
    assert [(p.clause, p.text) for p in contract.remedies] == [("B.6", "A credit of 5 % on request.")]
    assert (contract.client_duties[0].clause, contract.exclusions) == ("C.1", ())


def test_the_clause_of_a_priority_is_found_as_its_target_is(good):
    """Without regard to case; any other priority has the clause of `*`, and a stage that is left open has none."""
    contract = parse((good + CLAUSES).encode(), "m.toml").contract
    assert contract.clause_of(" priority 1 ", "response") == "B.3"
    assert contract.clause_of("Priority 1", "plan") is None
    assert contract.clause_of("Priority 4", "plan") == contract.clause_of(None, "plan") == "B.1"


@pytest.mark.parametrize(
    ("old", "new", "key", "hint"),
    [
        ('hours = "B.4"', 'holiday = "B.4"', "contract.clauses.holiday", "did you mean 'holidays'"),
        ('hours = "B.4"', 'special_hours = "B.4"', "contract", "needs 'special_hours'"),
        ('response_clause = "B.3"', 'plan_clause = "B.3"', "contract.goals.Priority 1", "needs 'plan'"),
        ('plan = "2 h"', 'clause = "B.2"', "contract.goals.*", "needs 'response', 'plan' or 'resolution'"),
        ('response_clause = "B.3"', "response_clause = 3", "response_clause", "must be a text in quotes"),
        ('text = "A credit of 5 % on request."', "", "contract.remedies.0.text", "required"),
        ("[contract.clauses]", '[contract.claws]\nx = "y"\n[contract.clauses]', "contract.claws", "clauses"),
        ('reference = "MSA', 'currency = "dollars"\nreference = "MSA', "contract.currency", "three capitals"),
    ],
    ids=["unknown", "no-such-term", "no-such-target", "no-target", "number", "no-words", "table", "currency"],
)
def test_a_clause_of_nothing_is_refused(good, old, new, key, hint):
    assert old in CLAUSES
    told = refused(good + CLAUSES.replace(old, new))
    assert key in told
    assert hint in told
