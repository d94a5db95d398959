"""Step 10 attacked: each test says what the attacker does, repairs every layer around it, and names the check that
finds it. The honest authority and a forger's are both made here; the verifier is given the honest root only."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from psa_evidence.format import FormatError, Manifest, Renewal, Seal, Witness, WitnessRenewal, WitnessToken, sha256
from psa_evidence.format.timestamp_certificates import from_file, to_pem
from psa_evidence.format.timestamp_request import request
from psa_evidence.simulator.authority import Faults, make_keys, respond
from psa_evidence.verify import time_files, verify_pack
from psa_evidence.verify.bag import Bag
from psa_evidence.verify.hashing import Hashed
from psa_evidence.verify.report import Checklist
from psa_evidence.verify.time import CHECKS, check_time
from psa_evidence.verify.time_order import existed_before

MANIFEST = "data/manifest.json"
JANUARY = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="session")
def keys():
    return make_keys(JANUARY, elliptic=True)


@pytest.fixture(scope="session")
def forger():
    """The same names, other keys."""
    return make_keys(JANUARY, elliptic=True)


class Stamper:
    def __init__(self, pack, keys):
        self.pack, self.keys = pack, keys

    def sealed_at(self, number):
        return datetime.fromisoformat(Seal.read(self.pack.files[f"seals/{number:06d}.json"]).sealed_at)

    def token(self, data, at, *, keys=None, **faults):
        asked = request(hashlib.sha256(data).digest(), nonce=9)
        return respond(asked, keys or self.keys, now=at, serial=3, faults=Faults(**faults))

    def stamp(self, number, *, after=timedelta(seconds=5), authority="demo", **more):
        """Put a token over a seal into the pack, and claim it."""
        at = self.sealed_at(number) + after
        path = f"seals/{number:06d}.{authority}.tsr"
        self.pack.files[path] = self.token(self.pack.files[f"seals/{number:06d}.json"], at, **more)
        self.claim(WitnessToken(number, authority, path, sha256(self.pack.files[path]), text(at)))
        return path

    def renew(self, seal=1, number=1, *, covers=None, after=timedelta(days=300), data=None, **more):
        """Put a renewal and its token into the pack, and claim both."""
        witness = Manifest.read(self.pack.files[MANIFEST]).witness
        if covers is None:
            covers = {t.path: t.sha256 for t in witness.all_tokens if t.seal == seal}
            covers |= {r.path: r.sha256 for r in witness.renewals if r.seal == seal}
        digest = sha256(self.pack.files[f"seals/{seal:06d}.json"])
        path, at = f"seals/{seal:06d}.renewal-{number}.json", self.sealed_at(seal) + after
        document = data or Renewal(seal, number, digest, tuple(sorted(covers.items()))).document()
        token = f"seals/{seal:06d}.renewal-{number}.demo.tsr"
        self.pack.files[path], self.pack.files[token] = document, self.token(document, at, **more)
        listed = WitnessToken(seal, "demo", token, sha256(self.pack.files[token]), text(at))
        self.change(
            lambda w: replace(
                w, renewals=(*w.renewals, WitnessRenewal(seal, number, path, sha256(document), (listed,)))
            )
        )

    def claim(self, token):
        self.change(lambda w: replace(w, tokens=(*w.tokens, token)))

    def change(self, change):
        manifest = Manifest.read(self.pack.files[MANIFEST])
        self.pack.files[MANIFEST] = replace(manifest, witness=change(manifest.witness)).document()
        self.pack.repair()

    def verify(self, *trust):
        return verify_pack(self.pack.write(), trust or [self.keys.root_pem])


def text(at):
    return at.isoformat().replace("+00:00", "Z")


def status(report):
    return {c.id: c.status for c in report.checks if c.id.startswith("10.")}


def detail(report, check):
    return " ".join(c.detail for c in report.checks if c.id == check)


@pytest.fixture
def stamper(pack, keys):
    return Stamper(pack, keys)


@pytest.fixture
def both(stamper):
    """Both seals stamped."""
    stamper.stamp(1)
    stamper.stamp(2)
    return stamper


def test_an_honest_stamped_pack_passes_and_says_since_when(both):
    report = both.verify()
    assert report.verdict == "pass"
    assert status(report) == dict.fromkeys(CHECKS, "pass")
    assert detail(report, "10.1") == "2 time-stamps, as the manifest lists them"
    assert detail(report, "10.2").startswith("each covers exactly its seal, is signed by ")
    assert "seal 1 existed before 2026-02-01 02:10:05 UTC" in detail(report, "10.6")
    assert "DEMONSTRATION" in detail(report, "10.6")
    assert "UTC (accuracy 1 s), says" in detail(report, "10.6")
    assert hashlib.sha256(both.keys.chain[2].public_bytes(encoding())).hexdigest() in detail(report, "10.3")
    assert "WHEN" not in report.headline


def encoding():
    from cryptography.hazmat.primitives.serialization import Encoding

    return Encoding.DER


def test_without_an_anchor_it_is_inconclusive_and_never_a_pass(both):
    report = verify_pack(both.pack.write())
    assert report.verdict == "inconclusive"
    assert status(report)["10.3"] == status(report)["10.6"] == "inconclusive"
    assert "not proved" in detail(report, "10.6")
    assert "--trust" in detail(report, "10.3")


def test_a_file_of_anchors_that_is_none_is_the_callers_mistake(both):
    with pytest.raises(FormatError):
        both.verify(b"no certificate")


def test_a_token_over_the_newest_seal_covers_the_earlier_ones_through_the_chain(stamper):
    stamper.stamp(2)
    report = stamper.verify()
    assert report.verdict == "pass"
    assert "seals 1 to 2 existed before 2026-03-01" in detail(report, "10.6")


def test_a_seal_after_the_last_token_must_be_said_to_wait(stamper, failed):
    stamper.stamp(1)
    assert failed(stamper.verify()) == {"10.6"}
    stamper.change(lambda w: replace(w, owed=(2,)))
    report = stamper.verify()
    assert report.verdict == "pass"
    assert "time not yet witnessed: seal 2" in detail(report, "10.6")
    assert "not yet witnessed" in report.headline


def test_a_pack_without_any_token_is_not_witnessed_and_fails_whoever_expects_one(stamper, failed):
    assert verify_pack(stamper.pack.write()).verdict == "pass"
    assert failed(stamper.verify()) == {"10.1"}
    stamper.change(lambda w: Witness(owed=(1, 2)))
    assert stamper.verify().verdict == "inconclusive"
    report = verify_pack(stamper.pack.write())
    assert report.verdict == "pass"
    assert "not yet witnessed" in detail(report, "10.1")


@pytest.mark.parametrize("owed", [(7,), (2, 1), (1, 1)])
def test_a_token_said_to_be_owed_on_no_seal_of_the_pack_fails_without_any_token_too(stamper, failed, owed):
    stamper.change(lambda w: Witness(owed=owed))
    assert failed(verify_pack(stamper.pack.write())) == {"10.6"}


def test_a_token_over_a_seal_that_cannot_be_read_fails_and_the_others_are_judged(both, failed):
    both.pack.files["seals/000001.json"] = b"{}"
    both.pack.repair()
    report = both.verify()
    assert "7.1" in failed(report)
    assert [(c.detail, c.subject) for c in report.checks if c.id == "10.2"] == [
        ("what it is said to cover is not in the pack or cannot be read", "seals/000001.demo.tsr")
    ]


def test_a_token_speaks_for_earlier_seals_only_through_a_chain_without_a_gap():
    later = SimpleNamespace(claim=SimpleNamespace(seal=4, path="seals/000004.demo.tsr"), at=JANUARY)
    chain = dict.fromkeys((1, 2, 4))
    assert [existed_before(number, chain, [later]) for number in (1, 2, 3, 4, 5)] == [None, None, later, later, None]


def test_a_stripped_token_fails(both, failed):
    del both.pack.files["seals/000001.demo.tsr"]
    both.pack.repair()
    report = both.verify()
    assert failed(report) == {"10.1"}
    assert detail(report, "10.1") == "claimed, but missing"
    assert failed(verify_pack(both.pack.write())) == {"10.1"}


def test_tokens_renewals_and_what_renews_are_counted_together(both, failed, monkeypatch):
    """Two tokens, a renewal and the token over it."""
    both.renew()
    monkeypatch.setattr(time_files, "MAX_TOKENS", 4)
    assert both.verify().verdict == "pass"
    monkeypatch.setattr(time_files, "MAX_TOKENS", 3)
    report = both.verify()
    assert "10.1" in failed(report)
    assert detail(report, "10.1").startswith("more than 3 time-stamps")


def test_a_token_stripped_with_its_claim_leaves_its_seal_unwitnessed(both, failed):
    del both.pack.files["seals/000002.demo.tsr"]
    both.change(lambda w: replace(w, tokens=w.tokens[:1]))
    assert failed(both.verify()) == {"10.6"}


@pytest.mark.parametrize(
    "path",
    ["seals/000001.other.tsr", "seals/x.tsr", "seals/authorities/other.pem", "seals/000001.renewal-1.json",
     "seals/deep/000001.demo.tsr"],
)  # fmt: skip
def test_a_file_that_nobody_claims_fails(both, failed, path):
    both.pack.files[path] = both.pack.files["seals/000001.demo.tsr"]
    both.pack.repair()
    assert failed(both.verify()) == {"10.1"}


def test_the_certificates_of_an_authority_that_is_claimed_may_lie_there(both):
    both.pack.files["seals/authorities/demo.pem"] = to_pem(both.keys.chain)
    both.pack.repair()
    assert both.verify().verdict == "pass"


@pytest.mark.parametrize("data", [b"", b"\x30\x03", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_a_file_of_an_authority_without_certificates_that_can_be_read_fails(both, failed, data):
    """The tokens bear their own certificates, so that all of them can still be judged."""
    both.pack.files["seals/authorities/demo.pem"] = data
    both.pack.repair()
    report = both.verify()
    assert failed(report) == {"10.1"}
    [found] = [check for check in report.checks if check.id == "10.1"]
    assert found.subject == "seals/authorities/demo.pem"
    assert found.detail.startswith("certificate")


def test_one_token_under_the_names_of_two_authorities_is_one_witness(both, failed):
    both.pack.files["seals/000002.second.tsr"] = both.pack.files["seals/000002.demo.tsr"]
    one = Manifest.read(both.pack.files[MANIFEST]).witness.tokens[1]
    both.claim(replace(one, authority="second", path="seals/000002.second.tsr"))
    report = both.verify()
    assert failed(report) == {"10.2"}
    [found] = [check for check in report.checks if check.id == "10.2"]
    assert found.subject == "seals/000002.second.tsr"
    assert "statement of another time-stamp" in found.detail


def test_tokens_swapped_between_seals_fail(both, failed):
    one, two = "seals/000001.demo.tsr", "seals/000002.demo.tsr"
    files = both.pack.files
    files[one], files[two] = files[two], files[one]
    both.change(lambda w: replace(w, tokens=tuple(replace(t, sha256=sha256(files[t.path])) for t in w.tokens)))
    assert failed(both.verify()) == {"10.2", "10.6"}


def test_a_token_replayed_for_another_seal_fails(stamper, failed):
    stamper.stamp(1)
    data = stamper.pack.files["seals/000001.demo.tsr"]
    stamper.pack.files["seals/000002.demo.tsr"] = data
    stamper.claim(WitnessToken(2, "demo", "seals/000002.demo.tsr", sha256(data), text(JANUARY)))
    assert failed(stamper.verify()) == {"10.2", "10.6"}


@pytest.mark.parametrize(
    ("faults", "check"),
    [({"wrong_imprint": True}, "10.2"), ({"broken_signature": True}, "10.2"), ({"status": 2}, "10.2"),
     ({"no_certificate": True}, "10.2")],
    ids=["other-data", "signature", "rejection", "no-certificate"],
)  # fmt: skip
def test_a_token_that_is_not_good_fails(both, failed, faults, check):
    both.stamp(2, authority="second", **faults)
    assert failed(both.verify()) == {check}


def test_a_forged_authority_with_the_honest_names_and_its_own_root_along_fails(both, failed, forger):
    """The forger gives the pack everything but what the verifier keeps: the honest root."""
    both.pack.files["seals/authorities/second.pem"] = to_pem(forger.chain)
    both.stamp(2, authority="second", keys=forger, embedded_root=True)
    assert failed(both.verify()) == {"10.3"}
    assert both.verify(both.keys.root_pem, forger.root_pem).verdict == "pass"


def test_the_whole_vault_forged_with_tokens_of_the_forger_fails(stamper, failed, forger):
    stamper.stamp(1, keys=forger, embedded_root=True)
    stamper.stamp(2, keys=forger, embedded_root=True)
    assert failed(stamper.verify()) == {"10.3", "10.6"}


@pytest.mark.parametrize("purpose", ["absent", "not critical", "with others"])
def test_a_certificate_of_the_same_root_for_other_purposes_fails(stamper, failed, purpose):
    keys = make_keys(JANUARY, purpose=purpose, elliptic=True)
    stamper.stamp(2, keys=keys)
    assert failed(stamper.verify(keys.root_pem)) == {"10.2", "10.6"}


def test_a_token_from_before_its_seal_fails(both, failed):
    """Back-dating: the seal says it was made after it was stamped, so one of the two is not true."""
    both.stamp(2, authority="second", after=-timedelta(days=3))
    assert failed(both.verify()) == {"10.5"}


def test_a_clock_some_minutes_off_is_no_lie(stamper):
    stamper.stamp(2, after=-timedelta(minutes=9))
    assert stamper.verify().verdict == "pass"


def test_a_seal_stamped_through_a_later_one_before_it_was_made_fails(stamper, failed):
    """Seal 1 says February; a token over seal 2, which names it, is of January."""
    stamper.stamp(2, after=-timedelta(days=40))
    report = stamper.verify()
    assert failed(report) == {"10.5"}
    assert {c.subject for c in report.checks if c.status == "fail"} == {"seal 1", "seal 2"}


def test_another_time_in_the_manifest_than_in_the_token_fails(both, failed):
    both.change(lambda w: replace(w, tokens=(replace(w.tokens[0], stated_time="2025-01-01T00:00:00Z"), w.tokens[1])))
    assert failed(both.verify()) == {"10.2"}


@pytest.mark.parametrize(
    "change",
    [
        {"seal": 2}, {"seal": 9}, {"authority": "other"}, {"authority": "../demo"}, {"authority": "renewal-1"},
        {"path": "seals/000001.json"}, {"sha256": "0" * 64},
    ],
    ids=str,
)  # fmt: skip
def test_a_claim_that_does_not_fit_its_file_fails(both, failed, change):
    both.change(lambda w: replace(w, tokens=(replace(w.tokens[0], **change), w.tokens[1])))
    assert "10.1" in failed(both.verify())


def test_a_claim_made_twice_fails(both, failed):
    both.change(lambda w: replace(w, tokens=(*w.tokens, w.tokens[0])))
    assert failed(both.verify()) == {"10.1"}


@pytest.mark.parametrize("owed", [(1,), (2, 2), (7,), (2, 1)])
def test_a_token_said_to_be_owed_where_none_is_fails(both, failed, owed):
    both.change(lambda w: replace(w, owed=owed))
    assert failed(both.verify()) == {"10.6"}


def test_renewals_in_a_row_pass(both):
    both.renew()
    both.renew(number=2, after=timedelta(days=600))
    report = both.verify()
    assert report.verdict == "pass"
    assert "2 renewals" in detail(report, "10.4")


def judged(stamper):
    """Step 10 alone, with everything that it says."""
    files = stamper.pack.files
    container = SimpleNamespace(files={path: len(data) for path, data in files.items()})
    container.open = lambda path: io.BytesIO(files[path])
    bag = Bag(container, {p: Hashed({"sha256": sha256(d)}, len(d)) for p, d in files.items()})
    checks = Checklist()
    check_time(bag, checks, Manifest.read(files[MANIFEST]), from_file(stamper.keys.root_pem))
    return checks.report()


def claimed_anew(stamper):
    """The manifest, with the digests of the time-stamps and renewals as the files are now."""

    def listed(each):
        return replace(each, sha256=sha256(stamper.pack.files[each.path]))

    manifest = Manifest.read(stamper.pack.files[MANIFEST])
    renewals = tuple(replace(listed(r), tokens=tuple(map(listed, r.tokens))) for r in manifest.witness.renewals)
    witness = replace(manifest.witness, tokens=tuple(map(listed, manifest.witness.tokens)), renewals=renewals)
    stamper.pack.files[MANIFEST] = replace(manifest, witness=witness).document()


@pytest.mark.parametrize(
    ("path", "step"),
    [("renewal-1.json", 3), ("renewal-1.demo.tsr", 19), ("renewal-2.demo.tsr", 19)],
)  # fmt: skip
def test_no_changed_byte_of_a_renewal_passes_with_another_meaning(both, path, step):
    """In a token he can at most touch what is neither signed nor judged: encodings, spare certificates. A later renewal
    covers the token before it byte for byte."""
    both.renew()
    both.renew(number=2, after=timedelta(days=600))
    path = f"seals/000001.{path}"
    honest, good = both.pack.files[path], judged(both)
    assert good.verdict == "pass"
    passed = 0
    for place in range(0, len(honest), step):
        changed = bytearray(honest)
        changed[place] ^= 1 << (place % 8)
        both.pack.files[path] = bytes(changed)
        claimed_anew(both)
        report = judged(both)
        if report.verdict != "fail":
            passed += 1
            assert report == good, place
    assert passed < len(honest) / step / 10
    assert not passed or path.endswith("renewal-2.demo.tsr"), "what a later renewal covers is held byte for byte"


def test_a_renewal_in_the_very_second_of_what_it_covers_passes(both):
    both.renew(after=timedelta(seconds=5))
    assert both.verify().verdict == "pass"


def test_a_renewal_over_another_token_than_the_packs_fails(both, failed):
    both.renew(covers={"seals/000001.demo.tsr": "0" * 64})
    assert failed(both.verify()) == {"10.4"}


def test_a_token_stripped_from_under_its_renewal_fails(both, failed):
    both.renew()
    del both.pack.files["seals/000001.demo.tsr"]
    both.change(lambda w: replace(w, tokens=w.tokens[1:]))
    assert failed(both.verify()) == {"10.4"}


def test_a_renewal_of_another_seal_fails(both, failed):
    both.renew(data=Renewal(2, 1, "0" * 64, ()).document())
    assert failed(both.verify()) == {"10.4"}


def test_a_renewal_that_skips_the_one_before_fails(both, failed):
    both.renew()
    both.renew(number=2, covers={"seals/000001.demo.tsr": sha256(both.pack.files["seals/000001.demo.tsr"])})
    assert failed(both.verify()) == {"10.4"}


def test_a_renewal_older_than_what_it_covers_fails(both, failed):
    both.renew(after=timedelta(seconds=1))
    assert failed(both.verify()) == {"10.4"}


def test_a_renewal_by_the_forger_fails(both, failed, forger):
    both.renew(keys=forger, embedded_root=True)
    assert failed(both.verify()) == {"10.3"}


def test_a_renewal_nobody_stamped_fails(both, failed):
    both.renew()
    both.change(lambda w: replace(w, renewals=(replace(w.renewals[0], tokens=()),)))
    assert failed(both.verify()) == {"10.1", "10.4"}


def test_tokens_without_number_are_refused_before_they_are_judged(both, failed):
    token = Manifest.read(both.pack.files[MANIFEST]).witness.tokens[0]
    both.change(lambda w: replace(w, tokens=(token,) * 10_001))
    assert "10.1" in failed(both.verify())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"data": b"{}"}, "is missing"),
        ({"covers": {}}, "covers no time-stamp"),
        ({"covers": {"seals/000001.demo.tsr": None, "seals/000009.demo.tsr": "0" * 64}}, "which is not in the pack"),
        ({"covers": {"seals/000001.demo.tsr": "0" * 64}}, "covers other bytes"),
    ],
)
def test_what_is_wrong_with_a_renewal_is_said(both, failed, change, words):
    if "covers" in change:
        files = both.pack.files
        change = {"covers": {path: digest or sha256(files[path]) for path, digest in change["covers"].items()}}
    both.renew(**change)
    report = both.verify()
    assert "10.4" in failed(report)
    assert words in detail(report, "10.4")


def test_a_renewal_over_the_digest_of_another_seal_is_said_to_be_so(both, failed):
    other = sha256(both.pack.files["seals/000002.json"])
    covers = (("seals/000001.demo.tsr", sha256(both.pack.files["seals/000001.demo.tsr"])),)
    both.renew(data=Renewal(1, 1, other, covers).document())
    report = both.verify()
    assert "10.4" in failed(report)
    assert "renews another seal" in detail(report, "10.4")
