"""Fetching when all is well: reads only, exact bytes, true counts, no secrets, no words; and going on after a stop."""

from __future__ import annotations

import json
from collections import Counter

from psa_evidence.errors import EvidenceError, StorageError
from psa_evidence.spi import Exchange
from psa_evidence.testing.conformance import needs, require
from psa_evidence.testing.recording import Memory, decoded
from psa_evidence.testing.subject import MOST_MORE, MOST_TIMES, Run, Subject


class FetchTests(Subject):
    """Rules 1, 3, 4, 5, 6, 9, 10, 15."""

    def test_only_reads(self) -> None:
        for one in self.whole().served:
            asked = one.asked
            allowed = asked.method == "GET" or (asked.method == "POST" and asked.path in self.searches)
            require(allowed, 1, f"The server saw {asked.method} {asked.path}.")

    def test_brings_every_record_that_is_there(self) -> None:
        needs(self.expected, "`expected` is empty, so a connector that fetches nothing would pass.")
        found = self.whole().memory.tally()
        for kind, count in self.expected.items():
            require(found[kind] == count, 6, f"The fake server holds {count} {kind} records; {found[kind]} were seen.")
        lost = self.whole().memory.lost
        require(not lost, 6, f"Nothing went wrong, and yet these are called missing: {lost[:5]}.")

    def test_counts_are_reconciled(self) -> None:
        require(
            self.whole().memory.got, 6, "recorder.received was never called.",
            "call it for each resource with the number of records that arrived, 0 included",
        )  # fmt: skip
        reconciled(self.whole())

    def test_bytes_are_kept_as_they_were_served(self) -> None:
        as_served(self.whole())

    def test_headers_are_kept_as_they_were_served(self) -> None:
        run = self.whole()
        sent = {
            (one.asked.target, name.lower(), value)
            for one in run.served for name, value in one.answer.headers
        }  # fmt: skip
        codings = [(target, value) for target, name, value in sent if name == "content-encoding"]
        kept = {
            (kept.exchange.url, name.lower(), value)
            for kept in run.memory.kept for name, value in kept.exchange.response_headers
        }  # fmt: skip
        for target, value in codings:
            urls = [k.exchange.url for k in run.memory.kept if k.exchange.url.endswith(target)]
            require(
                not urls or any((url, "content-encoding", value) in kept for url in urls), 3,
                f"The header Content-Encoding: {value} of {target} was not kept.",
            )  # fmt: skip

    def test_marks_are_the_records_bytes(self) -> None:
        """In a body of JSON each record is a whole value: no comma, bracket or half character too many."""
        listed = wide = False
        for kept in self.whole().memory.kept:
            body = decoded(kept.exchange)
            whole = bool(kept.sightings) and _is_json(body)
            for one in kept.sightings:
                listed = listed or one.start > 0
                wide = wide or not body[: one.start].isascii()
                part = body[one.start : one.end]
                require(
                    not whole or (_is_json(part) and part == part.strip()), 5,
                    f"The bytes marked as {one.kind}/{one.id} are no whole JSON value: they begin with {part[:12]!r} "
                    f"and end with {part[-12:]!r}.",
                )  # fmt: skip
        needs(
            wide or not listed,
            "no list had a character of more than one byte before a record, and whoever counts characters in place of "
            "bytes would pass. Give the fake server such texts, written as they are (ensure_ascii=False).",
        )

    def test_no_secret_leaves_the_run(self) -> None:
        needs(self.secrets, "`secrets` is empty.")
        run = self.whole()
        travelled = any(needle in repr(one.asked) for one in run.served for needle in self.needles())
        needs(travelled, "no secret reached the fake server. Name the forms it travels in with `derived_secrets`.")
        no_secret(self, run)

    def test_an_answer_that_quotes_a_secret_is_not_kept(self) -> None:
        no_secret(self, self.raws_with(echo=3))

    def test_data_that_quotes_a_secret_is_not_kept(self) -> None:
        """An answer that is good in every other way: some servers add what they were asked with."""
        every = max(1, len(self.whole().served) // 3)
        no_secret(self, self.raws_with(quoting=every))

    def test_refused_keys_are_an_error_that_shows_no_secret(self) -> None:
        run = self.raws_with(unauthorised=self.needles())
        require(
            isinstance(run.error, EvidenceError) and run.error.exit_code == 4, 10,
            f"All requests with keys were answered 401; fetch ended with {type(run.error).__name__}.",
            "raise psa_evidence.errors.AuthenticationError",
        )  # fmt: skip
        no_secret(self, run)

    def test_prints_nothing(self) -> None:
        require(not self.whole().printed, 15, f"fetch printed {self.whole().printed[:80]!r}.")

    def test_goes_on_after_a_stop_without_asking_again(self) -> None:
        whole = self.whole()
        stop = max(1, len(whole.memory.kept) * 2 // 3)
        most = MOST_TIMES * len(whole.served) + MOST_MORE
        with self.server() as server:
            first = self.fetch(server, Memory(full_after=stop), most=most)
            require(
                isinstance(first.error, StorageError), 10,
                f"The recorder raised StorageError; fetch ended with {type(first.error).__name__}.",
                "let StorageError through: nothing can be kept any more",
            )  # fmt: skip
            acknowledged = {kept.exchange.url for kept in first.memory.kept if kept.unit is not None}
            require(
                acknowledged, 9, f"After {stop} of {len(whole.memory.kept)} exchanges no unit of work was complete.",
                "give `keep` the `unit` that an exchange completes, and ask `recorder.done` before fetching it",
            )  # fmt: skip
            second = self.fetch(server, Memory(first.memory), most=most)
        require(second.error is None, 9, f"The second run ended with {second.error!r}.")
        asked = {one.asked.target for one in second.served}
        again = sorted(url for url in acknowledged if any(url.endswith(target) for target in asked))
        require(not again, 9, f"These were acknowledged, and asked for again: {again[:3]} ({len(again)} in all).")
        both = {**first.memory.records(), **second.memory.records()}
        gone = sorted(whole.memory.records().keys() - both.keys())
        require(not gone, 9, f"Two runs brought less than one: {gone[:3]} ({len(gone)} in all).")
        reconciled(second)


def as_served(run: Run) -> None:
    """Raises unless every exchange that was kept is one that the server served, byte for byte."""
    served = Counter((one.asked.method, one.asked.target, one.answer.status, one.answer.body) for one in run.served)
    for kept in run.memory.kept:
        exchange = kept.exchange
        target = "/" + exchange.url.split("/", 3)[3] if exchange.url.count("/") > 2 else "/"
        key = (exchange.method, target, exchange.status, exchange.response_body)
        require(
            served[key] > 0, 3, f"The exchange kept for {exchange.method} {target} is none that the server served: "
            "address, status or body differs, or it was kept twice.",
            "keep address and body as they were on the wire, before decoding (httpx: iter_raw)",
        )  # fmt: skip
        served[key] -= 1


def reconciled(run: Run) -> None:
    """Raises unless asked = received + missing, for every resource that the server counts."""
    memory = run.memory
    for resource, asked in memory.asked_for.items():
        counts = [lost.count for lost in memory.lost if lost.resource == resource]
        known = sum(count for count in counts if count is not None)
        require(
            None in counts or asked == memory.got[resource] + known, 6,
            f"{resource}: asked {asked}, received {memory.got[resource]}, missing {known}.",
            "call recorder.missing for the difference, with its reason",
        )  # fmt: skip


def no_secret(subject: Subject, run: Run) -> None:
    """No form of a secret in anything that leaves the run. The secret itself is never put into the message.

    An address comes first: HTTP clients log addresses, and the log would be blamed for what the connector sent.
    """
    for needle in subject.needles():
        addresses = [one.asked.target for one in run.served] + [one.exchange.url for one in run.memory.kept]
        require(
            not any(needle in address for address in addresses), 4, "A secret stands in the address of a request.",
            "send keys in headers: addresses stand in logs, and in the exchanges kept",
        )  # fmt: skip
        for place, text in run.everything_said().items():
            require(needle not in text, 4, f"A secret stands in {place}.")
        for exchange in (one.exchange for one in run.memory.kept):
            for part, inside in _parts_with(needle, exchange).items():
                require(
                    not inside, 4, f"A secret stands in the {part} kept for {exchange.url.partition('?')[0]}.",
                    "put spi.REMOVED where it stood in the request; do not keep an answer that quotes it, and report "
                    "it as missing ('refused')",
                )  # fmt: skip


def _parts_with(needle: str, exchange: Exchange) -> dict[str, bool]:
    data = needle.encode()
    return {
        "request's headers": needle in repr(exchange.request_headers),
        "request's body": data in exchange.request_body,
        "answer's headers": needle in repr(exchange.response_headers),
        "answer's body": data in exchange.response_body or data in decoded(exchange),
    }


def _is_json(part: bytes) -> bool:
    try:
        json.loads(part)
    except (ValueError, RecursionError):
        return False
    return True
