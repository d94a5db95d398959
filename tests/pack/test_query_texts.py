"""What a capture asked for, printed as patterns: the conditions as sent, and nothing of other clients."""

import pytest

from psa_evidence.pack.query_texts import Asked, query_texts

BASE = "https://psa.example/v1/apis/3.0"


def asked(*addresses, others=()):
    return query_texts("c", [BASE + a for a in addresses], others).asked


def test_requests_for_single_records_are_one_pattern_with_a_count():
    made = query_texts("c", [f"{BASE}/service/tickets/{n}/notes?page={n % 3}&pageSize=1000" for n in range(7, 30)])
    assert made.base == "v1/apis/3.0/service/tickets/{id}"
    assert made.asked == (Asked("notes", "page={n}&pageSize=1000", 23),)


def test_what_addresses_have_in_common_is_said_once_and_a_stranger_stands_whole():
    many = [f"{BASE}/{kind}/list" for kind in "abcdefghijk"]
    made = query_texts("c", [*many, "https://psa.example/login/info"])
    assert made.base == "v1/apis/3.0"
    assert [a.path for a in made.asked] == ["/login/info", *(f"{kind}/list" for kind in "abcdefghijk")]


def test_conditions_keep_dates_and_sizes_and_lose_ids():
    [one] = asked(
        "/t/x?conditions=id%20in%20%281%2C22%2C3%29%20and%20at%20%3E%3D%20%5B2025-01-31T22%3A00%3A00Z%5D%20and%20id%20"
        "%3E%2041&orderBy=id&pageSize=250&pageId=977"
    )
    assert one.query == (
        "conditions=id in ({ids}) and at >= [2025-01-31T22:00:00Z] and id > {id}&orderBy=id&pageSize=250&pageId={n}"
    )


def test_a_plain_word_in_quotes_stays_and_another_text_does_not():
    [one] = asked("/t/x?conditions=kind%20%3D%20%22ServiceTicket%22%20and%20name%20%3D%20%27Ann%20O.%27")
    assert one.query == 'conditions=kind = "ServiceTicket" and name = "{text}"'


@pytest.mark.parametrize("sent", ['name = "OtherCo"', "name = OtherCo", 'name = "other client ltd"'])
def test_another_client_is_not_named(sent):
    [one] = asked(f"/t/x?conditions={sent}", others=["Other Client Ltd", "OtherCo", ""])
    assert one.query in {'conditions=name = "{client}"', "conditions=name = {client}"}


def test_the_client_of_the_pack_is_named_and_no_other(make, psa, empty_vault, pages):
    psa.fill(empty_vault, query="?conditions=name%20in%20(%22Northwind%22,%22Other%22)")
    make(empty_vault)
    part = next(p for p in pages.content.parts if p.id == "scope")
    assert 'name in ("Northwind","{client}")' in repr(part)
    assert '"Other"' not in repr(part)


@pytest.mark.parametrize("name", ["apiKey", "access_token", "sessionPageSize"])
def test_a_key_in_an_address_is_never_printed(name):
    [one] = asked(f"/t/x?{name}=hunter&type=Ticket")
    assert one.query == f"{name}={{removed}}&type=Ticket"


def test_a_request_for_the_number_stands_with_those_for_the_records():
    made = asked("/a/t/count?conditions=x", "/a/t?conditions=x&pageSize=9", "/a/t?pageSize=9", "/b/count")
    assert made == (
        Asked("a/t", "conditions=x&pageSize=9", 1, 1), Asked("a/t", "pageSize=9", 1), Asked("b/count", "", 1),
    )  # fmt: skip


def test_the_part_on_scope_prints_them(make, vault, pages):
    make(vault)
    part = next(p for p in pages.content.parts if p.id == "scope")
    table = next(b for b in part.blocks if getattr(b, "columns", ()) and b.columns[0].title.startswith("Addresses"))
    [(request,)] = table.rows
    assert request.startswith("Without parameters: agreement/x (1), attachment/x (1), ")
    assert ", ticket/x (6)" in request
    assert table.caption.startswith("n = 55 requests of the newest capture, 20250701T020002Z-connectwise.")
