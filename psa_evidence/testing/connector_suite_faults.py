"""Fetching when things go wrong: nothing is lost in silence, every loop ends, nobody is led elsewhere."""

from __future__ import annotations

from collections import Counter, defaultdict

from psa_evidence.errors import EvidenceError
from psa_evidence.testing.conformance import needs, require
from psa_evidence.testing.connector_suite_fetching import no_secret, reconciled
from psa_evidence.testing.fake_server import Answer, served
from psa_evidence.testing.recording import Memory
from psa_evidence.testing.subject import Run, Subject

RETRY_AFTER = 1
"""Seconds, the least that the header can say; the settings of the suite must allow so long a pause."""
TOLERANCE = 0.9
"""Share of that time after which a request may come again: timers are coarse."""


def emptied(memory: Memory) -> set[str]:
    """Kinds of which a list was handed over as complete with no id in it: all that is known of them has vanished."""
    found: set[str] = set()
    going: set[tuple[str, str | None]] = set()
    for one in memory.lists:
        place = (one.kind, one.parent)
        if one.ids:
            going.add(place)
        elif one.complete and place not in going:
            found.add(one.kind)
        if one.complete or one.problem:
            going.discard(place)
    return found


class FaultTests(Subject):
    """Rules 2, 6, 7, 8."""

    def test_waits_as_long_as_a_429_says(self) -> None:
        every = max(2, len(self.whole().served) // 2)
        run = self.raws_with(limited=every, retry_after=RETRY_AFTER)
        self._as_good_as_whole(run, 7, "a few requests were answered 429")
        waits = 0
        for number, one in enumerate(run.served):
            if one.answer.status != 429:
                continue
            again = [other for other in run.served[number + 1 :] if other.asked.target == one.asked.target]
            require(again, 7, f"{one.asked.path} was answered 429 and never asked again.")
            waited = again[0].asked.at - one.at
            require(
                waited >= RETRY_AFTER * TOLERANCE, 7,
                f"{one.asked.path} was asked again after {waited:.2f} s; Retry-After said {RETRY_AFTER}.",
                "sleep as many seconds as Retry-After says (the suite's settings must allow one second)",
            )  # fmt: skip
            waits += 1
        needs(waits, "the fake server got too few requests to answer one with 429.")

    def test_asks_again_after_a_5xx(self) -> None:
        self._as_good_as_whole(self.raws_with(failing=4), 7, "every 4th request was answered 503")

    def test_a_cut_line_is_no_loss_in_silence(self) -> None:
        self._nothing_lost_in_silence(self.raws_with(cut=5), "every 5th answer was cut off")

    def test_half_an_answer_is_no_loss_in_silence(self) -> None:
        self._nothing_lost_in_silence(self.raws_with(truncated=5), "every 5th answer was half an answer")

    def test_a_web_page_instead_of_data_is_no_loss_in_silence(self) -> None:
        self._nothing_lost_in_silence(self.raws_with(html=5), "every 5th answer was a web page")

    def test_a_server_that_is_down_ends_in_an_error(self) -> None:
        run = self.raws_with(failing=1)
        require(
            isinstance(run.error, EvidenceError), 10, "Every request was answered 503; fetch ended as if all was well.",
            "raise TransientError or UnreachableError when nothing answers",
        )  # fmt: skip

    def test_pages_that_repeat_come_to_an_end(self) -> None:
        pages: dict[object, set[str]] = defaultdict(set)
        for one in self.whole().served:
            key = self.page_key(one.asked)
            if key is not None:
                pages[key].add(one.asked.target)
        needs(
            any(len(targets) > 1 for targets in pages.values()),
            "no list had a second page. Give the fake server more rows, the connector smaller pages, and name the "
            "parameters in `paging`.",
        )
        run = self.raws_with(repeated=self.page_key)
        self._nothing_lost_in_silence(run, "every page of a list was its first one")

    def test_pages_that_never_end_come_to_an_end(self) -> None:
        if not self.serves_endless_pages:
            return
        run = self.raws_with(endless=True)
        require(run.admits, 8, "Pages came without end; fetch stopped and says that all is well.",
                "report recorder.missing(resource, 'count differs') when a list is longer than its limit")  # fmt: skip

    def test_a_missing_permission_is_missing_not_zero(self) -> None:
        needs(self.refusals, "`refusals` is empty.")
        whole = self.whole().memory
        for part, resource in self.refusals.items():
            run = self.raws_with(refused=(part,))
            require(run.error is None, 6, f"Without permission for {resource} nothing else was fetched: {run.error}.")
            memory = run.memory
            named = [one for one in memory.lost if one.resource == resource and one.reason == "no permission"]
            require(
                named, 6, f"{part} was refused, and nothing says that {resource!r} is missing for want of permission; "
                f"missing are {[(one.resource, one.reason) for one in memory.lost][:5]}.",
                "recorder.missing(resource, 'no permission')",
            )  # fmt: skip
            require(
                all(one.count is None or one.count > 0 for one in named), 6, f"{resource} is missing, its count is 0.",
                "leave count=None when you do not know how many",
            )  # fmt: skip
            require(memory.asked_for.get(resource) != 0, 6, f"asked({resource!r}, 0): a refusal is no count of zero.")
            wrong = sorted(kind for kind in emptied(memory) if kind not in emptied(whole) and not memory.tally()[kind])
            require(not wrong, 6, f"{part} was refused, and a list was handed over as complete and empty: {wrong}.",
                    "recorder.present(kind, (), complete=False, problem='no permission')")  # fmt: skip
            self._nothing_lost_in_silence(run, f"{part} was refused")

    def test_is_not_led_to_another_host(self) -> None:
        with served(lambda _asked, _faults: Answer(body=b"[]")) as trap:
            run = self.raws_with(redirected=3, elsewhere=trap.url)
            visited = [one.asked.path for one in trap.seen]
        require(not visited, 2, f"It followed a redirect or a Link to another host and asked for {visited[:3]}.",
                "switch redirects off, and check the host of every address that the server names")  # fmt: skip
        self._nothing_lost_in_silence(run, "every 3rd answer was a redirect to another host")
        no_secret(self, run)

    def _as_good_as_whole(self, run: Run, rule: int, what: str) -> None:
        require(run.error is None, rule, f"When {what}, fetch ended with {type(run.error).__name__}: {run.error}")
        gone = self._gone(run)
        require(not gone, rule, f"When {what}, these did not arrive: {gone}; missing: {run.memory.lost[:3]}.",
                "ask again, a limited number of times, with growing pauses")  # fmt: skip
        reconciled(run)
        self._same_bytes(run)

    def _nothing_lost_in_silence(self, run: Run, what: str) -> None:
        gone = self._gone(run)
        require(run.admits or not gone, 6, f"When {what}, these were lost and nothing says so: {gone}.",
                "recorder.missing(resource, reason), or an error when nothing is left to fetch")  # fmt: skip
        if run.error is None:
            reconciled(run)

    def _gone(self, run: Run) -> dict[str, int]:
        """How many records of each kind the whole run brought and this one did not."""
        return dict(Counter(kind for kind, _ in self.whole().memory.records().keys() - run.memory.records().keys()))

    def _same_bytes(self, run: Run) -> None:
        served_bodies = {one.answer.body for one in run.served}
        for kept in run.memory.kept:
            path = kept.exchange.url.partition("?")[0]
            require(kept.exchange.response_body in served_bodies, 3, f"A body kept for {path} was never served.")
