import base64
import gzip
from urllib.parse import quote

import pytest

from psa_evidence.capture import capture
from psa_evidence.errors import SourceError

SECRET = "S3cr/et+K\u00e9y=="


@pytest.mark.parametrize(
    ("leak", "place"),
    [
        ({"headers": (("X-Token", SECRET),)}, "headers"),
        ({"headers": (("X-Token", base64.b64encode(SECRET.encode()).decode()),)}, "headers"),
        ({"query": f"?key={quote(SECRET, safe='')}"}, "address"),
        ({"body": b'{"password": "' + SECRET.encode() + b'"}'}, "body"),
        ({"headers": (("Authorization", "Basic dXNlcjpwYXNz"),)}, "headers"),
        ({"headers": (("cookie", "session=1"),)}, "headers"),
    ],
)
def test_a_credential_in_a_request_stops_the_capture_before_it_is_written(vault, kit, leak, place):
    with pytest.raises(SourceError, match=place) as caught:
        capture(**kit.arguments(vault, kit.FakeSource(**leak), secrets=(SECRET, "")))
    words = f"{caught.value.what} {caught.value.why} {caught.value.next_step}"
    assert SECRET not in words
    assert "dXNlcjpwYXNz" not in words
    [info] = vault.captures()
    assert (info.state, info.exchanges) == ("failed", 0)
    for path in vault.path.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            text = gzip.decompress(data) if path.suffix == ".gz" else data
            for form in (SECRET, quote(SECRET, safe=""), base64.b64encode(SECRET.encode()).decode(), "dXNlcjpwYXNz"):
                assert form.encode() not in text


def test_what_the_psa_answers_is_kept_as_it_is(vault, kit):
    """The guard is for what we send: an answer that happens to hold the word is evidence and stays."""
    info = capture(**kit.arguments(vault, kit.FakeSource(), secrets=("Ticket",)))
    assert info.state == "complete"
