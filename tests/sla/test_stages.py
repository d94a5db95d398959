"""When the stages end, for every short history there is, beside a plain reading of what it leaves open.

A segment is a letter: its status is open (o), planned (p) or resolved (r), in capitals when the history leaves that in
doubt; `u` is a status of which the settings do not say what it means.
"""

from itertools import pairwise, product
from types import SimpleNamespace

import pytest

from psa_evidence.records import Digest, SourceRef
from psa_evidence.sla.instants import instant_of
from psa_evidence.sla.meanings import Meaning
from psa_evidence.sla.response import Act, Answer
from psa_evidence.sla.stages import Course, plan_end, resolution_end, response_end
from psa_evidence.sla.timeline import NOTHING, History, Segment, Value

STEP = 10
RANKS = {"o": 0, "p": 2, "r": 3, "u": 0}
LINE = SourceRef("history", "1", Digest("0" * 64))
OPEN = SimpleNamespace(closed=False, closed_at=None)
HISTORIES = [h for n in range(1, 4) for h in product("opruOPR", repeat=n)]


class Settings:
    """What each letter means."""

    clear = True

    def __call__(self, value):
        if value.name == "u":
            self.clear = False
            return Meaning(None, False, "u is not known")
        return Meaning("NoEscalation", False, rank=RANKS[value.name])

    def each(self, values):
        return [*map(self, values)]


def course(letters, before=NOTHING):
    settings = Settings()
    segments = [
        Segment(i * STEP, (i + 1) * STEP, Value(None, letter.lower()), f"gap {i}" if letter.isupper() else "", LINE,
                before)
        for i, letter in enumerate(letters)
    ]  # fmt: skip
    return Course(History.of(tuple(segments), 0), settings), settings


def unsure(letter):
    return letter.isupper() or letter == "u"


def back(letters, held):
    """Where the run at the end begins in which all are `held`; None when the last is not."""
    start = None
    for i in reversed(range(len(letters))):
        if not held(letters[i]):
            break
        start = i * STEP
    return start


@pytest.mark.parametrize("closed", [None, 0, 5, STEP, 25, 3 * STEP, 4 * STEP, 4 * STEP + 1])
def test_a_resolution_ends_with_the_run_of_resolved_at_the_end(closed):
    until = 4 * STEP
    ticket = OPEN if closed is None else SimpleNamespace(closed=True, closed_at=instant_of(closed))
    for letters in HISTORIES:
        at = back(letters, lambda letter: letter in "rR")
        earliest = back(letters, lambda letter: letter == "r" or unsure(letter))
        latest = back(letters, lambda letter: letter == "r")
        doubt = earliest is not None and not at == earliest == latest
        note = ""
        if latest is None and earliest is not None and closed is not None:
            if closed < earliest:
                note = "bounds nothing"
            elif closed <= until:
                at, latest, note = closed if at is None else min(at, closed), closed, "bounds it"
        given, settings = course(letters)
        end = resolution_end(given, ticket, until, settings)
        assert end[:3] == (at, earliest, latest), letters
        assert bool(end.doubt) == doubt, letters
        reopened = sum(a in "rR" and b in "op" for a, b in pairwise(letters))
        assert sum(text.startswith("Reopened") for text in end.notes) == reopened, letters
        assert [text.rstrip(".").endswith(note) for text in end.notes if "closing" in text] == [True] * bool(note)


@pytest.mark.parametrize(("before", "earliest"), [("o", STEP), ("p", STEP), ("r", 0), ("u", 0), (None, 0)])
@pytest.mark.parametrize("letters", ["Or", "OR", "ur"])
def test_the_old_value_of_the_resolving_line_shows_that_it_was_not_resolved_before(letters, before, earliest):
    given, settings = course(letters, Value(None, before))
    end = resolution_end(given, OPEN, 2 * STEP, settings)
    assert (end.at, end.earliest) == (STEP, earliest)
    assert end.latest == (None if letters == "OR" else STEP)
    assert end.doubt == {"OR": "gap 1" if earliest else "gap 0"}.get(
        letters, "" if earliest else "gap 0" if letters == "Or" else "u is not known"
    )


def test_the_doubt_of_a_resolution_is_the_first_one():
    for letters, doubt in {
        "rRR": "gap 1",
        "rOr": "gap 1",
        "ORR": "gap 0",
        "RoRR": "gap 2",
        "uO": "u is not known",
    }.items():
        given, settings = course(letters)
        assert resolution_end(given, OPEN, 99, settings).doubt == doubt


def test_a_plan_ends_with_the_first_segment_that_certainly_means_one():
    for letters in HISTORIES:
        ends = [i * STEP for i, letter in enumerate(letters) if letter in "pr"]
        open_from = [i * STEP for i, letter in enumerate(letters) if unsure(letter)]
        at = min(ends, default=None)
        earliest = min((start for start in open_from if at is None or start < at), default=at)
        end = plan_end(course(letters)[0])
        assert end[:3] == (at, earliest, at), letters
        assert bool(end.doubt) == (earliest != at), letters
        assert end.notes == ()


@pytest.mark.parametrize("unseen", ["", "a list did not come"])
@pytest.mark.parametrize(
    ("certain", "doubtful"),
    [(None, None), (None, 5), (None, STEP), (STEP, None), (STEP, 5), (15, None), (15, STEP), (40, None), (40, 25)],
)
def test_a_response_is_the_certain_act_unless_something_before_it_may_be_one(certain, doubtful, unseen):
    act = None if certain is None else Act(certain, "message", LINE)
    maybe = None if doubtful is None else Act(doubtful, "call", LINE, "who?")
    for letters in HISTORIES:
        gaps = [
            i * STEP for i, letter in enumerate(letters) if unsure(letter) and (certain is None or i * STEP < certain)
        ]
        first = (
            {0: unseen}
            if unseen
            else {doubtful: f"call of {instant_of(doubtful):%Y-%m-%dT%H:%M:%SZ}: who?"}
            if maybe
            else {}
        )
        why = dict.fromkeys(gaps[:1], None) | first
        earliest = min(why, default=certain)
        end = response_end(Answer(act, maybe), course(letters)[0], unseen)
        assert end[:3] == (certain, earliest, certain), letters
        assert bool(end.doubt) == bool(why)
        assert not why or why[earliest] in (None, end.doubt)
        assert end.notes == (() if act is None else (f"Response: message, {LINE.key}.",))
