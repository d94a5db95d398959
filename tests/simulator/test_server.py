from __future__ import annotations

import gzip
import json
from email.utils import parsedate_to_datetime

import httpx
import pytest

from psa_evidence.simulator import running


@pytest.fixture
def where(small_store):
    with running(small_store()) as found:
        yield found


def test_company_info_needs_no_key_and_says_null_for_strangers(where) -> None:
    answer = httpx.get(f"{where.url}/login/companyinfo/{where.company}", trust_env=False)
    assert answer.json()["Codebase"] == "v2025_1/"
    assert f"http://{answer.json()['SiteUrl']}" == where.url
    assert set(answer.json()) == {
        "CompanyName", "Codebase", "VersionCode", "VersionNumber", "CompanyID", "IsCloud", "SiteUrl", "AllowedOrigins",
    }  # fmt: skip
    assert httpx.get(f"{where.url}/login/companyinfo/stranger", trust_env=False).text == "null"


def test_wrong_keys_and_a_missing_client_id_answer_401_with_a_body(where, client) -> None:
    http = client(where)
    login = f"{where.company}+{where.public_key}"
    tries = [
        {"auth": (login, "wrong")},
        {"auth": (f"other+{where.public_key}", where.private_key)},
        {"auth": (login, where.private_key), "headers": {"clientId": ""}},
        {"auth": (login, where.private_key), "headers": {"clientId": "another"}},
    ]
    for wrong in tries:
        answer = http.get("service/tickets", **wrong)
        assert answer.status_code == 401
        assert answer.json()["code"] == "Unauthorized"
    assert httpx.get(f"{where.url}/{where.codebase}apis/3.0/service/tickets", trust_env=False).status_code == 401
    assert http.get("service/tickets").status_code == 200


@pytest.mark.parametrize("codebase", ["v2025_1/", "v4_6_release/"])
def test_the_codebase_of_the_cloud_and_the_plain_one_answer(where, client, codebase) -> None:
    assert client(where).get(f"{where.url}/{codebase}apis/3.0/system/info").status_code == 200


@pytest.mark.parametrize(
    "path", ["v2024_1/apis/3.0/system/info", "apis/3.0/system/info", "", "v2025_1/", "v2025_1/apis/3.0/"]
)
def test_other_codebases_and_paths_answer_404(where, client, path) -> None:
    assert client(where).get(f"{where.url}/{path}").status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])
def test_writing_is_refused_and_recorded(where, client, method) -> None:
    assert client(where).request(method, "service/tickets/1").status_code == 405
    assert where.stats()["write_attempts"] == [f"{method} service/tickets/{{id}}"]


def test_reading_is_not_recorded_as_writing(where, client) -> None:
    client(where).get("service/tickets")
    client(where).post("service/tickets/search", json={})
    stats = where.stats()
    assert stats["write_attempts"] == []
    assert stats["methods"] == {"GET": 1, "POST": 1}


def test_a_refused_key_s_attempt_to_write_is_recorded_too(where, client) -> None:
    assert client(where).delete("service/tickets/1", auth=("a", "b")).status_code == 401
    assert where.stats()["write_attempts"] == ["DELETE service/tickets/{id}"]


def test_headers_that_evidence_needs_are_there(where, client) -> None:
    first, second = client(where).get("system/info"), client(where).get("system/info")
    assert first.headers["api-current-version"] == "2025.1"
    assert first.headers["x-cw-request-id"] != second.headers["x-cw-request-id"]
    assert parsedate_to_datetime(first.headers["date"]).tzinfo is not None
    assert first.headers["content-type"] == "application/json; charset=utf-8"


def test_long_bodies_are_gzip_coded_when_asked_and_short_ones_never(where, client) -> None:
    http = client(where)
    with http.stream("GET", "service/tickets", headers={"Accept-Encoding": "gzip"}) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == "gzip"
    assert len(json.loads(gzip.decompress(raw))) == 25
    assert raw[4:8] == b"\0\0\0\0"  # no time, so that the same rows are the same bytes
    plain = http.get("service/tickets", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert "content-encoding" not in http.get("system/info").headers


def test_stats_name_paths_without_ids(where, client) -> None:
    http = client(where)
    for path in ("service/tickets/1", "service/tickets/2", "service/tickets/2/allNotes/205", "nowhere"):
        http.get(path)
    assert where.stats()["paths"] == {"nowhere": 1, "service/tickets/{id}": 2, "service/tickets/{id}/allNotes/{id}": 1}
    assert where.stats()["statuses"] == {"200": 3, "404": 1}


def test_control_and_stats_need_their_token(where) -> None:
    for method, path in (("POST", "control"), ("GET", "stats")):
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer ü".encode()}):
            answer = httpx.request(method, f"{where.url}/simulator/{path}", headers=headers, trust_env=False)
            assert answer.status_code == 401


def test_a_large_body_is_not_kept(where, client) -> None:
    answer = client(where).post("service/tickets/search", content=b"x" * 3_000_000)
    assert answer.status_code == 400


def test_one_process_can_run_several(small_store, client) -> None:
    with running(small_store(3)) as one, running(small_store(4)) as two:
        assert client(one).get("service/tickets/count").json() == {"count": 3}
        assert client(two).get("service/tickets/count").json() == {"count": 4}
