"""A ledger beside counting its seconds one by one, for every way in which three stretches can stand and be in doubt."""

from bisect import bisect_left
from itertools import accumulate, product

from psa_evidence.sla.ledger import Ledger

BOUNDS = (2, 5, 9, 12)
LAST = 60


def is_open(second):
    return second % 5 < 3


COUNTS = [0, *accumulate(map(is_open, range(LAST)))]


class Table:
    """Open for three seconds of each five."""

    def count(self, at):
        return COUNTS[at]

    def reached(self, goal, _at):
        return bisect_left(COUNTS, goal)


STRETCHES = ((False, ""), (True, ""), (None, "a"), (True, "b"), (False, "b"))


def ledgers():
    for stretches in product(STRETCHES, repeat=3):
        doubts = [doubt for _, doubt in stretches] if any(doubt for _, doubt in stretches) else None
        counts = [COUNTS[at] for at in BOUNDS]
        yield stretches, Ledger(Table(), BOUNDS, counts, [stands for stands, _ in stretches], doubts)


def of(second, stretches):
    """The stretch in which a second lies; the last one goes on."""
    return stretches[sum(bound <= second for bound in BOUNDS[1:-1])]


def test_an_account_is_what_its_seconds_add_up_to():
    for stretches, ledger in ledgers():
        for end in range(BOUNDS[-1] + 3):
            upto = min(max(end, BOUNDS[0]), BOUNDS[-1])
            seconds = [of(second, stretches) for second in range(BOUNDS[0], upto) if is_open(second)]
            account = ledger.upto(end)
            assert account.elapsed == sum(not stands for stands, _ in seconds)
            assert account.paused == sum(bool(stands) for stands, _ in seconds)
            assert account.open_seconds == sum(bool(doubt and not stands) for stands, doubt in seconds)
            assert account.last == sum(bound < upto for bound in BOUNDS) - 1
            assert account.end == min(end, BOUNDS[-1])
            assert account.reading == Table().count(account.end)
            why = tuple(dict.fromkeys(doubt for _, doubt in stretches[: account.last + 1] if doubt))
            assert ledger.doubts(account) == (why if account.open_seconds else ())


def test_a_target_is_used_up_by_the_seconds_that_count():
    """Up to the end of the stage those in which the clock ran; then every open one. An open stage goes on as it is."""
    for stretches, ledger in ledgers():
        for met, target in product((None, 2, 3, 5, 7, 9, 12), range(1, 12)):
            left = target
            expected = None
            for second in range(BOUNDS[0], LAST - 1):
                ended = met is not None and second >= met
                left -= is_open(second) and (ended or not of(second, stretches)[0])
                if not left:
                    expected = second + 1
                    break
            assert ledger.due(target, met) == expected, (stretches, met, target)
