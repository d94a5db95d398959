"""What is said of a PDF's seal, where the judgement of its token is given: what is handed on, fails or stays open."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from asn1crypto import core

from psa_evidence.verify import pdf_judging
from psa_evidence.verify.pdf_seal import SIGNATURE, TIME_STAMP, Found
from psa_evidence.verify.pdf_signature import SignatureError
from psa_evidence.verify.report import Checklist

TOKEN = core.OctetString(b"token").dump()
INNER = core.OctetString(b"inner").dump()
AT = datetime(2026, 3, 1, tzinfo=UTC)
BY = "signature in the name of Ann, whose identity is for you to check"
OPEN = "before 2026-03-01 00:00:00 UTC by A; no anchor was given that vouches for it"


@pytest.fixture
def judge(monkeypatch):
    """Contents, kind and level reached -> words, whether open, what failed, and what the token was judged against."""

    def run(
        contents=TOKEN, kind=TIME_STAMP, reached="", *, proved=False, token=True, steps=(), inner=INNER, refused=None
    ):
        asked = []
        anchor = SimpleNamespace(subject="root")
        verdict = SimpleNamespace(
            token=SimpleNamespace(at=AT) if token else None, authority="A", steps=steps,
            path=SimpleNamespace(anchor=anchor) if proved else None,
        )  # fmt: skip

        def signature_by(contents, covered):
            if refused:
                raise SignatureError(refused)
            return SimpleNamespace(name="Ann", token=inner, value=b"value of " + covered)

        monkeypatch.setattr(pdf_judging, "granting", lambda data: data)
        monkeypatch.setattr(pdf_judging, "judge", lambda data, over, anchors: asked.append((data, over)) or verdict)
        monkeypatch.setattr(pdf_judging, "signature_by", signature_by)
        monkeypatch.setattr(pdf_judging, "name", lambda subject: subject)
        monkeypatch.setattr(pdf_judging, "fingerprint", lambda _: "ab")
        checks = Checklist()
        words, left_open = pdf_judging.judged(checks, "a.pdf", Found(kind, b"all", contents), reached, [])
        assert all((c.id, c.status, c.subject) == ("8.4", "fail", "a.pdf") for c in checks.report().checks)
        return words, left_open, [c.detail for c in checks.report().checks], asked

    return run


def test_a_time_stamp_is_over_what_the_seal_covers_and_a_signatures_over_its_value(judge):
    assert judge(TOKEN + bytes(9)) == (f"time-stamp, {OPEN}", True, [], [(TOKEN, b"all")])
    assert judge(kind=SIGNATURE) == (f"{BY}, {OPEN}", True, [], [(INNER, b"value of all")])
    known = "time-stamp, before 2026-03-01 00:00:00 UTC by root, SHA-256 ab"
    assert judge(proved=True)[:3] == (known, False, [])
    assert "an unknown time" in judge(token=False)[0]


@pytest.mark.parametrize(
    ("reached", "fails"), [("signature B-T", ["the signature bears no time-stamp"]), ("signature B-B", [])]
)
def test_a_signature_without_a_time_stamp_is_open_and_fails_where_one_is_stated(judge, reached, fails):
    assert judge(kind=SIGNATURE, reached=reached, inner=None) == (BY, True, fails, [])


def test_what_is_wrong_with_a_seal_fails(judge):
    steps = [SimpleNamespace(state="fails", detail="no"), SimpleNamespace(state="holds", detail="yes")]
    assert judge(steps=steps)[2] == ["no"]
    assert judge(kind=SIGNATURE, refused="weak") == ("", False, ["weak"], [])
    words = "its seal cannot be read: there is no signature and no time-stamp in its place"
    assert judge(b"\x30\x82") == ("", False, [words], [])
    words = "bytes that nothing covers stand behind the signature, in the place left for it"
    assert judge(TOKEN + b"\x00\x01")[2] == [words]
