from __future__ import annotations

import asyncio
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import SimpleNamespace

import httpx
import pytest

from psa_evidence.simulator import Knobs, running, server
from psa_evidence.simulator.hostile import LONG, TEXTS, poisoned
from psa_evidence.simulator.keys import Keys
from psa_evidence.simulator.replies import Reply, json_reply
from psa_evidence.simulator.server import Gateway
from psa_evidence.simulator.simulation import Simulation


def test_latency_delays_each_answer_but_not_one_after_the_other(small_store, client) -> None:
    with running(small_store(), Knobs(latency_ms=150)) as where:
        http = client(where)
        began = time.monotonic()
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda _: http.get("system/info"), range(8)))
        assert 0.15 <= time.monotonic() - began < 1.0
        assert where.stats()["peak_concurrency"] > 1


def test_latency_counts_from_the_request(small_store, monkeypatch) -> None:
    """Answers that are made one after the other, each 10 ms, do not wait for each other beside the latency."""
    now, slept = [100.0], list[float]()

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    def made_slowly(_: object) -> Reply:
        now[0] += 0.01
        return json_reply([])

    gateway = Gateway(Simulation(small_store(), Knobs(latency_ms=30), Keys.from_seed(1)))
    monkeypatch.setattr(server, "time", SimpleNamespace(monotonic=lambda: now[0], time=time.time))
    monkeypatch.setattr(server.asyncio, "sleep", sleep)
    monkeypatch.setattr(gateway, "_api", SimpleNamespace(answer=made_slowly))
    keys = gateway._authorization, gateway._client_id
    scope = {
        "type": "http", "method": "GET", "scheme": "http", "path": "/v4_6_release/apis/3.0/system/info",
        "query_string": b"", "headers": [(b"authorization", keys[0]), (b"clientid", keys[1])],
    }  # fmt: skip
    sent = list[dict[str, object]]()

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    asyncio.run(gateway(scope, None, send))
    assert (sent[0]["status"], slept) == (200, [pytest.approx(0.02)])


def test_over_the_limit_429_says_when_to_come_back(small_store, client) -> None:
    with running(small_store(), Knobs(rate_limit=3)) as where:
        http = client(where)
        answers = [http.get("system/info") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    seconds = int(answers[3].headers["retry-after"])
    assert 1 <= seconds <= 60
    assert answers[3].json() == {
        "error": "ConnectWiseAPI",
        "message": f"Too many requests. Please try again in {seconds} seconds.",
    }


def test_the_limit_ends_with_its_window(small_store) -> None:
    now = [100.0]
    simulation = Simulation(
        small_store(), Knobs(rate_limit=2, rate_window_s=10), Keys.from_seed(1), clock=lambda: now[0]
    )
    assert [simulation.wait_for_limit() for _ in range(3)] == [0, 0, 10]
    now[0] = 109.5
    assert simulation.wait_for_limit() == 1
    now[0] = 110.0
    assert [simulation.wait_for_limit() for _ in range(3)] == [0, 0, 10]


def test_server_errors_come_in_their_share_and_the_same_each_time(small_store, client) -> None:
    seen = []
    for _ in range(2):
        with running(small_store(), Knobs(server_error_share=0.3)) as where:
            http = client(where)
            seen.append([http.get("system/info").status_code for _ in range(100)])
    assert seen[0] == seen[1]
    assert 15 <= sum(status >= 500 for status in seen[0]) <= 45
    assert len(Counter(seen[0])) > 2


def test_a_cut_connection_ends_in_the_middle_of_the_body(small_store, client) -> None:
    with running(small_store(), Knobs(cut_share=1)) as where, pytest.raises(httpx.RemoteProtocolError):
        client(where).get("service/tickets")


def test_truncated_json_is_a_well_formed_answer(small_store, client) -> None:
    with running(small_store(), Knobs(truncated_share=1)) as where:
        answer = client(where).get("service/tickets")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/json")
    with pytest.raises(ValueError):
        answer.json()


def test_html_may_come_where_json_is_due(small_store, client) -> None:
    with running(small_store(), Knobs(html_share=1)) as where:
        answer = client(where).get("service/tickets")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.text.startswith("<!DOCTYPE html>")


def test_a_page_may_come_twice(small_store, client) -> None:
    with running(small_store(), Knobs(repeated_page_share=1)) as where:
        http = client(where)
        first, second = http.get("service/tickets"), http.get("service/tickets?page=2")
        assert first.json() == second.json()
        assert "next" in second.links
        last = http.get("service/tickets?page=3")
        assert [row["id"] for row in last.json()] == list(range(26, 51))
        assert "next" not in last.links


def test_a_forward_only_page_may_come_twice_and_the_reader_still_gets_to_the_end(small_store, client) -> None:
    with running(small_store(), Knobs(seed=3, repeated_page_share=0.4)) as where:
        http = client(where)
        ids: list[int] = []
        for _ in range(100):
            query = f"service/tickets?pageSize=10&pageId={ids[-1] if ids else 0}"
            answer = http.get(query, headers={"pagination-type": "forward-only"})
            ids += [row["id"] for row in answer.json()]
            if "next" not in answer.links:
                break
    assert len(ids) > 60
    assert sorted(set(ids)) == list(range(1, 61))
    assert len(ids) % 10 == 0


def test_a_page_may_lack_a_row_though_the_count_is_right(small_store, client, follow) -> None:
    with running(small_store(), Knobs(lost_row_share=1)) as where:
        http = client(where)
        assert len(follow(http, "service/tickets")) == 57
        assert len(follow(http, "service/tickets", forward_only=True)) == 57
        assert http.get("service/tickets/count").json() == {"count": 60}


def test_rows_deleted_between_pages_make_page_numbers_skip_but_not_forward_only(small_store, client, follow) -> None:
    with running(small_store(), Knobs(delete_every=1)) as where:
        numbered = [row["id"] for row in follow(client(where), "service/tickets?pageSize=10")]
    with running(small_store(), Knobs(delete_every=1)) as where:
        forward = [row["id"] for row in follow(client(where), "service/tickets?pageSize=10", forward_only=True)]
    assert numbered[:12] == [*range(1, 11), 12, 13]
    assert forward == list(range(1, 61))


def test_rows_edited_between_pages_show_their_new_state(small_store, client) -> None:
    with running(small_store(), Knobs(change_every=1)) as where:
        http = client(where)
        before = http.get("service/tickets?pageSize=10").json()[-1]
        after = http.get("service/tickets/10").json()
    assert after["summary"] == before["summary"] + " (edited)"
    assert after["_info"]["lastUpdated"] == "2026-01-31T12:00:00Z"
    assert after["_info"]["updatedBy"] == "simulator"


def test_a_changing_list_gives_forward_only_readers_every_row_once(small_store, client, follow) -> None:
    with running(small_store(200), Knobs(change_every=1)) as where:
        ids = [row["id"] for row in follow(client(where), "service/tickets?pageSize=9", forward_only=True)]
    assert ids == list(range(1, 201))


@pytest.mark.parametrize(
    ("denied", "path", "status"),
    [
        ("finance/invoices", "finance/invoices", 403),
        ("finance/invoices", "Finance/Invoices/5/pdf", 403),
        ("finance", "finance/invoices/count", 403),
        ("finance/inv", "finance/invoices", 200),
        ("service/tickets/allNotes", "service/tickets/1/allNotes", 403),
        ("service/tickets/allNotes", "service/tickets/1", 200),
    ],
)
def test_a_missing_permission_answers_403_below_its_path(small_store, client, denied, path, status) -> None:
    with running(small_store(), Knobs(deny=(denied,))) as where:
        assert client(where).get(path).status_code == status


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("service/tickets/1/allNotes?page=1", 500),
        ("service/tickets/1/allNotes", 500),
        ("service/tickets/11/allNotes", 200),
        ("service/tickets/1", 200),
        ("system/audittrail?type=Ticket&id=1", 500),
        ("system/audittrail?type=Ticket&id=1&page=1", 500),
        ("system/audittrail?type=Ticket&id=11", 200),
    ],
)
def test_a_broken_path_answers_500_each_time(small_store, client, path, status) -> None:
    broken = ("service/tickets/1/allNotes", "system/audittrail?type=Ticket&id=1")
    with running(small_store(), Knobs(broken=broken)) as where:
        assert [client(where).get(path).status_code for _ in range(3)] == [status] * 3


def test_a_missing_permission_shows_in_my_security(small_store, client) -> None:
    with running(small_store(), Knobs(deny=("finance",))) as where:
        rows = client(where).get("system/mySecurity").json()
    assert [(row["moduleFunctionName"], row["inquireLevel"]) for row in rows] == [
        ("Invoicing", "None"),
        ("Service Tickets", "All"),
    ]


def test_the_clock_may_be_wrong(small_store, client) -> None:
    with running(small_store(), Knobs(clock_skew_s=-7200)) as where:
        for answer in (
            client(where).get("system/info"),
            httpx.get(f"{where.url}/login/companyinfo/{where.company}", trust_env=False),
        ):
            behind = datetime.now(UTC) - parsedate_to_datetime(answer.headers["date"])
            assert 7190 < behind.total_seconds() < 7230


def test_after_an_upgrade_the_old_codebase_is_gone(small_store, client) -> None:
    with running(small_store(), Knobs(upgrade_after=2)) as where:
        http = client(where)
        assert [http.get("system/info").status_code for _ in range(3)] == [200, 200, 404]
        info = httpx.get(f"{where.url}/login/companyinfo/{where.company}", trust_env=False).json()
        assert info["Codebase"] != where.codebase
        assert http.get(f"{where.url}/{info['Codebase']}apis/3.0/system/info").status_code == 200


def test_hostile_text_is_in_free_text_and_nowhere_else(small_store, client, follow) -> None:
    with running(small_store()) as where:
        plain = follow(client(where), "service/tickets")
    with running(small_store(), Knobs(hostile=True)) as where:
        http = client(where)
        rows = follow(http, "service/tickets")
        note = http.get("service/tickets/1/allNotes").json()[0]["text"]
    assert [row["id"] for row in rows] == [row["id"] for row in plain]
    assert [row["_info"] for row in rows] == [row["_info"] for row in plain]
    assert all(h["summary"].startswith(p["summary"] + " ") for h, p in zip(rows, plain, strict=True))
    assert note.startswith("note 1 ")
    tails = {row["summary"].removeprefix(p["summary"] + " ") for row, p in zip(rows, plain, strict=True)}
    assert tails <= {*TEXTS, LONG}
    assert len(tails) > len(TEXTS) // 2


def test_hostile_text_is_now_and_then_very_long() -> None:
    longest = max(len(poisoned({"text": f"note {n}"})["text"]) for n in range(3000))
    assert 100_000 < longest < 110_000


def test_the_same_text_is_always_poisoned_alike() -> None:
    row = {"company": {"name": "Acme"}, "list": [{"name": "Acme"}]}
    hostile = poisoned(row)
    assert hostile["company"]["name"] == hostile["list"][0]["name"] != "Acme"


@pytest.mark.parametrize(
    "wrong",
    [
        {"cut_share": 1.5}, {"lost_row_share": -0.1}, {"latency_ms": -1}, {"rate_window_s": 0}, {"change_every": -1},
        {"upgrade_after": -1},
    ],
)  # fmt: skip
def test_knobs_out_of_range_are_refused(wrong) -> None:
    with pytest.raises(ValueError):
        Knobs(**wrong)
