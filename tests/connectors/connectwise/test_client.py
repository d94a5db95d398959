"""What each status and each silence means, one exchange at a time."""

from __future__ import annotations

import asyncio
import itertools
import re

import httpx
import pytest

from psa_evidence.errors import AuthenticationError, TransientError, UnreachableError
from psa_evidence_connectwise.client import MAX_DAMAGED, MAX_READS, MAX_REDIRECTS, MAX_TRIES, Client
from psa_evidence_connectwise.run import read_count, read_file, read_list, read_security
from psa_evidence_connectwise.settings import read_settings
from psa_evidence_connectwise.wire import Wire

INFO = {"Codebase": "v2025_1/", "VersionNumber": "v2025.1", "IsCloud": False, "SiteUrl": None}
API = re.compile(r".*/v2025_1/apis/3\.0/.*")
PROOF = re.compile(r".*/v2025_1/apis/3\.0/system/info$")
HOSTS = itertools.count(1)
"""A host for each run: the limiter of a host is shared by the whole process."""
DISCOVERY = re.compile(r".*/login/companyinfo/.*")


@pytest.fixture
def ask(httpx_mock):
    """Ask for one target; returns outcome, waits, statuses kept."""

    def run(target="x", read=read_list, discovery=True, times=1, at_once=1, **settings):
        if discovery:
            httpx_mock.add_response(url=DISCOVERY, json=INFO, is_optional=True, is_reusable=True)
        connection = read_settings(
            {
                "site": f"psa{next(HOSTS)}.example",
                "company": "acme",
                "client_id": "g",
                "requests_per_minute": "0",
                **settings,
            },
            {"public_key": "p", "private_key": "q"},
        )
        waits, kept = [], []

        async def sleep(seconds):
            waits.append(seconds)

        async def go():
            wire = Wire(connection)
            client = Client(connection, wire, keep=kept.append, sleep=sleep, jitter=lambda: 1.0)
            outcomes = [await client.ask(target, read) for _ in range(times - 1)]
            outcomes += await asyncio.gather(*(client.ask(target, read) for _ in range(at_once)))
            await wire.aclose()
            return outcomes[-1]

        return asyncio.run(go()), waits, [exchange.status for exchange in kept]

    return run


def test_retry_after_is_honoured_and_capped(httpx_mock, ask):
    httpx_mock.add_response(url=API, status_code=429, headers={"Retry-After": "30"}, json={"error": "ConnectWiseAPI"})
    httpx_mock.add_response(url=API, status_code=429, headers={"Retry-After": "9999"})
    httpx_mock.add_response(url=API, json=[])
    outcome, waits, kept = ask(max_wait="100")
    assert outcome.value == []
    assert 30.0 in waits
    assert 100.0 in waits
    assert kept == [200, 429, 429]


def test_retry_after_as_a_date(httpx_mock, ask):
    httpx_mock.add_response(url=API, status_code=503, headers={"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"})
    httpx_mock.add_response(url=API, json=[])
    outcome, waits, _ = ask()
    assert outcome.value == []
    assert waits == [0.4]  # not at once: its clock may be wrong


def test_pauses_grow(httpx_mock, ask):
    httpx_mock.add_response(url=API, status_code=500, is_reusable=True)
    outcome, waits, kept = ask()
    assert outcome.problem == "gave up"
    assert waits == [0.4, 0.8, 1.6, 3.2, 6.4, 12.8]
    assert kept == [200] + [500] * MAX_TRIES


@pytest.mark.parametrize(
    ("status", "problem"),
    [(400, "refused"), (403, "no permission"), (404, "not found"), (405, "refused"), (415, "refused")],
)
def test_what_asking_again_would_not_change_is_asked_once(httpx_mock, ask, status, problem):
    httpx_mock.add_response(url=API, status_code=status, json={"code": "InvalidObject", "message": "about Acme Ltd"})
    outcome, waits, _ = ask()
    assert outcome.problem == problem
    assert waits == []
    assert "Acme" not in outcome.detail


def test_a_redirect_is_asked_again_and_then_refused(httpx_mock, ask):
    httpx_mock.add_response(url=API, status_code=302, headers={"Location": "https://evil.example/"}, is_reusable=True)
    outcome, waits, kept = ask()
    assert outcome.problem == "refused"
    assert kept.count(302) == MAX_REDIRECTS
    assert len(waits) == MAX_REDIRECTS - 1
    assert {request.url.host for request in httpx_mock.get_requests()} == {f"psa{next(HOSTS) - 1}.example"}


def test_the_record_in_use_is_asked_for_again(httpx_mock, ask):
    httpx_mock.add_response(url=API, status_code=409)
    httpx_mock.add_response(url=API, json=[])
    assert ask()[0].value == []


def test_wrong_keys_are_fatal(httpx_mock, ask):
    httpx_mock.add_response(url=API, status_code=401)
    with pytest.raises(AuthenticationError):
        ask()


def test_a_401_amid_good_answers_is_asked_again_once_the_keys_are_seen_to_hold(httpx_mock, ask):
    httpx_mock.add_response(url=API, json=[])
    httpx_mock.add_response(url=API, status_code=401)
    httpx_mock.add_response(url=PROOF, json={"version": "1"})
    httpx_mock.add_response(url=API, json=[{"id": 1}])
    outcome, waits, kept = ask(times=2)
    assert [row for row, _, _ in outcome.value] == [{"id": 1}]
    assert (waits, kept) == ([0.4], [200, 401, 200])


def test_a_question_that_is_refused_with_good_keys_is_refused_alone(httpx_mock, ask):
    httpx_mock.add_response(url=API, json=[])
    httpx_mock.add_response(url=API, status_code=401)
    httpx_mock.add_response(url=PROOF, json={"version": "1"})
    httpx_mock.add_response(url=API, status_code=401)
    outcome, _, kept = ask(times=2)
    assert (outcome.value, outcome.problem) == (None, "refused")
    assert "401" in outcome.detail
    assert kept == [200, 401, 200, 401]


@pytest.mark.parametrize("proof", [{"status_code": 401}, {"status_code": 500}])
def test_keys_that_are_revoked_end_the_run_after_one_more_try_for_all(httpx_mock, ask, proof):
    """However many requests are under way: tries with a key that is no longer good may lock it."""
    httpx_mock.add_response(url=API, json=[])
    httpx_mock.add_response(url=PROOF, **proof)
    httpx_mock.add_response(url=API, status_code=401, is_reusable=True)
    with pytest.raises(AuthenticationError):
        ask(times=2, at_once=5)
    tried = [request for request in httpx_mock.get_requests() if "companyinfo" not in str(request.url)]
    assert len([one for one in tried if one.url.path.endswith("/system/info")]) == 1
    assert len(tried) == 1 + 5 + 1


def test_no_content_is_an_empty_list(httpx_mock, ask):
    httpx_mock.add_response(url=API, status_code=204)
    outcome, waits, _ = ask()
    assert (outcome.value, outcome.problem, waits) == ([], None, [])


def test_rows_that_come_although_no_content_is_said_are_rows(httpx_mock, ask):
    httpx_mock.add_response(url=API, status_code=204, json=[{"id": 1}])
    assert [row for row, _, _ in ask()[0].value] == [{"id": 1}]


@pytest.mark.parametrize(
    ("status", "read"), [(200, read_list), (204, read_count), (204, read_security), (204, read_file("a.bin", None))]
)
def test_nothing_where_something_must_come_is_unreadable(httpx_mock, ask, status, read):
    """A list whose body is lost is not an empty one."""
    httpx_mock.add_response(url=API, status_code=status, is_reusable=True)
    outcome, waits, _ = ask(read=read)
    assert (outcome.value, outcome.problem) == (None, "unreadable")
    assert len(waits) == MAX_READS - 1


@pytest.mark.parametrize(
    "answer",
    [{"html": "<html>maintenance</html>"}, {"text": "[1, 2"}, {"json": {"id": 1}}, {"content": b"\xff"},
     {"json": [], "headers": {"Content-Encoding": "br"}}],
)  # fmt: skip
def test_an_answer_that_is_not_data_is_asked_for_again_then_unreadable(httpx_mock, ask, answer):
    httpx_mock.add_response(url=API, is_reusable=True, **answer)
    outcome, _, kept = ask()
    assert outcome.problem == "unreadable"
    assert kept == [200] * (1 + MAX_READS)  # the first is the look-up of the codebase


def test_when_every_answer_comes_damaged_each_further_question_is_asked_once(httpx_mock, ask):
    httpx_mock.add_response(url=API, is_reusable=True, html="<html>maintenance</html>")
    _, _, kept = ask(times=MAX_DAMAGED + 2)
    assert len(kept) == 1 + MAX_DAMAGED * MAX_READS + 2


@pytest.mark.parametrize("error", [httpx.ReadTimeout("t"), httpx.ConnectError("c"), httpx.RemoteProtocolError("r")])
def test_a_broken_connection_is_tried_again(httpx_mock, ask, error):
    httpx_mock.add_exception(error, url=API)
    httpx_mock.add_response(url=API, json=[])
    assert ask()[0].value == []


def test_a_psa_that_went_away_ends_the_run(httpx_mock, ask):
    httpx_mock.add_exception(httpx.ConnectError("c"), url=API, is_reusable=True)
    with pytest.raises(TransientError, match="stopped answering") as caught:
        ask(times=20, concurrency="3")
    assert "again later" in caught.value.next_step


def test_after_an_upgrade_the_new_codebase_is_used(httpx_mock, ask):
    httpx_mock.add_response(url=DISCOVERY, json=INFO)
    httpx_mock.add_response(url=DISCOVERY, json={**INFO, "Codebase": "v2025_2/"})
    httpx_mock.add_response(url=API, status_code=404)
    httpx_mock.add_response(url=re.compile(r".*/v2025_2/apis/3\.0/x"), json={"count": 3})
    outcome, _, _ = ask(read=read_count, discovery=False)
    assert outcome.value == 3


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"text": "null"}, "company id"),
        ({"html": "<html>welcome</html>"}, "something other"),
        ({"json": {"Codebase": "../../evil"}}, "codebase"),
        ({"json": {"Codebase": 5}}, "codebase"),
        ({"json": []}, "codebase"),
        ({"status_code": 404}, "answered 404"),
        ({"status_code": 503}, "answered 503"),
    ],
)
def test_a_host_that_is_no_psa_is_said_to_be_none(httpx_mock, ask, answer, words):
    httpx_mock.add_response(url=DISCOVERY, is_reusable=True, **answer)
    with pytest.raises(UnreachableError, match=words) as caught:
        ask(discovery=False)
    assert caught.value.next_step


def test_requests_pin_the_data_model_and_ask_for_gzip(httpx_mock, ask):
    httpx_mock.add_response(url=API, json=[])
    ask(api_version="2024.5")
    request = httpx_mock.get_requests()[-1]
    assert request.headers["Accept"] == "application/vnd.connectwise.com+json; version=2024.5"
    assert request.headers["Accept-Encoding"] == "gzip"
    assert request.headers["clientId"] == "g"
    assert request.headers["Host"] == request.url.host


def test_an_upgrade_between_a_look_and_a_late_answer_is_followed(httpx_mock):
    """Two questions are under way. The first is answered 404 and the codebase looked up in vain; then the upgrade
    comes, and with it the 404 to the second, which left before that look."""
    connection = read_settings(
        {"site": f"psa{next(HOSTS)}.example", "company": "acme", "client_id": "g", "requests_per_minute": "0"},
        {"public_key": "p", "private_key": "q"},
    )
    codebase = ["v2025_1/"]

    async def go():
        late, wire = asyncio.Event(), Wire(connection)

        async def slow(_):
            await late.wait()
            codebase[0] = "v2025_2/"
            return httpx.Response(404)

        httpx_mock.add_callback(
            lambda _: httpx.Response(200, json={**INFO, "Codebase": codebase[0]}), url=DISCOVERY, is_reusable=True
        )
        httpx_mock.add_callback(slow, url=re.compile(r".*/v2025_1/apis/3\.0/late"))
        httpx_mock.add_response(url=re.compile(r".*/v2025_1/apis/3\.0/gone"), status_code=404)
        httpx_mock.add_response(url=re.compile(r".*/v2025_2/apis/3\.0/late"), json=[])
        client = Client(connection, wire)
        await client.discover()
        second = asyncio.ensure_future(client.ask("late", read_list))
        for _ in range(20):
            await asyncio.sleep(0)
        first = await client.ask("gone", read_list)
        late.set()
        found = await second
        await wire.aclose()
        return first, found

    first, found = asyncio.run(go())
    assert first.problem == "not found"
    assert found.value == []


def test_a_404_counts_as_gone_only_when_the_codebase_could_be_looked_up(httpx_mock, ask):
    httpx_mock.add_response(url=DISCOVERY, json=INFO)
    httpx_mock.add_exception(httpx.ConnectError("down"), url=DISCOVERY, is_reusable=True)
    httpx_mock.add_response(url=API, status_code=404, is_reusable=True)
    outcome, _, _ = ask(discovery=False)
    assert outcome.problem == "gave up"
