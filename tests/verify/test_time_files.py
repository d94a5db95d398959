"""Check 10.1 on claims and files of which nobody needs a real token: what is there, what is not, what nobody claims."""

from __future__ import annotations

import hashlib
import io
from types import SimpleNamespace

import pytest

from psa_evidence.format.witness import chain_path, renewal_path, token_path
from psa_evidence.verify import time_files
from psa_evidence.verify.bag import Bag
from psa_evidence.verify.hashing import Hashed
from psa_evidence.verify.report import Checklist
from psa_evidence.verify.time_files import claimed, is_time_file


def digest(data):
    return hashlib.sha256(data).hexdigest()


def token(seal, authority="demo", renewal=None, **more):
    path = more.pop("path", token_path(seal, authority, renewal))
    named = {"seal": seal, "authority": authority, "path": path, "sha256": digest(path.encode())}
    return SimpleNamespace(**{**named, **more})


def renewal(seal, number, *tokens, **more):
    path = renewal_path(seal, number)
    named = {"seal": seal, "number": number, "path": path, "sha256": digest(path.encode()), "tokens": tokens}
    return SimpleNamespace(**{**named, **more})


def judged(tokens, renewals=(), files=None, more=()):
    """Each file holds its own path, so that its digest is known."""
    every = [*tokens, *(each for one in renewals for each in one.tokens)]
    paths = [*{each.path for each in (*every, *renewals)}, *more] if files is None else files
    data = {path: path.encode() for path in paths}
    held = SimpleNamespace(files={p: len(d) for p, d in data.items()}, open=lambda path: io.BytesIO(data[path]))
    bag = Bag(held, {path: Hashed({"sha256": digest(d)}, len(d)) for path, d in data.items()})
    manifest = SimpleNamespace(
        witness=SimpleNamespace(tokens=tokens, renewals=renewals, all_tokens=every),
        seals=[SimpleNamespace(number=n) for n in (1, 2)],
    )
    checks = Checklist()
    found = claimed(bag, checks, manifest)
    assert found == {path: data[path] for path in found}
    return sorted(found), [(c.id, c.status, c.detail, c.subject) for c in checks.report().checks]


def failure(words, path=""):
    return ("10.1", "fail", words, path)


ONE, TWO, AGAIN = "seals/000001.demo.tsr", "seals/000002.demo.tsr", renewal_path(1, 1)


def test_what_is_claimed_and_there_is_read_and_no_more_is_needed():
    found, said = judged(
        [token(1), token(2)], [renewal(1, 1, token(1, renewal=1))], more=[chain_path("demo"), "seals/000001.json"]
    )
    assert (len(found), said) == (4, [])
    assert {ONE, TWO, AGAIN} < set(found)


@pytest.mark.parametrize(
    "claim", [token(1, path=TWO), token(1, "other", path=ONE), token(1, "../x"), token(1, "")]
)  # fmt: skip
def test_a_token_lies_at_the_place_of_its_seal_and_authority(claim):
    assert judged([claim]) == ([], [failure("a time-stamp is not at the place of its seal and authority", claim.path)])


def test_what_renews_lies_at_the_place_of_its_seal_and_number():
    for one in (renewal(1, 2, path=AGAIN), renewal(2, 1, path=AGAIN), renewal(1, 1, token(1))):
        _, said = judged([], [one])
        assert {words for _, _, words, _ in said} == {"a time-stamp is not at the place of its seal and authority"}


def test_each_is_claimed_once_and_of_a_seal_of_the_pack():
    assert judged([token(1), token(1)]) == ([ONE], [failure("claimed twice", ONE)])
    path = token_path(3, "demo", None)
    assert judged([token(3)]) == ([], [failure("of seal 3, which is not in the pack", path)])


def test_what_is_claimed_is_there_with_the_bytes_that_are_claimed(monkeypatch):
    assert judged([token(1)], files=[]) == ([], [failure("claimed, but missing", ONE)])
    assert judged([token(1, sha256="0" * 64)]) == ([], [failure("other bytes than claimed", ONE)])
    monkeypatch.setattr(time_files, "MAX_FILE", len(ONE))
    assert judged([token(1)]) == ([ONE], [])
    monkeypatch.setattr(time_files, "MAX_FILE", len(ONE) - 1)
    assert judged([token(1)]) == ([], [failure(f"over the limit of {len(ONE) - 1} bytes", ONE)])


@pytest.mark.parametrize(
    "path", [TWO, chain_path("other"), AGAIN, "seals/x.tsr", "seals/x/y.tsr", "seals/authorities/a/b"]
)
def test_a_time_stamp_that_nobody_claims_is_found(path):
    assert judged([token(1)], more=[path]) == (
        [ONE], [failure("not one of the time-stamps that the manifest lists", path)]
    )  # fmt: skip
    assert is_time_file(path) is True
    assert is_time_file(path.replace("seals/", "data/")) is False


@pytest.mark.parametrize("limit", [3, 2])
def test_so_many_time_stamps_at_most(monkeypatch, limit):
    monkeypatch.setattr(time_files, "MAX_TOKENS", limit)
    found, said = judged([token(1)], [renewal(1, 1, token(1, renewal=1))])
    assert (len(found), said) == ((3, []) if limit == 3 else (0, [failure("more than 2 time-stamps")]))
