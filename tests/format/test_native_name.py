"""What the name of a native says of its record: counter, ending, and whether fields are withheld."""

import pytest

from psa_evidence.format import ManifestRecord
from psa_evidence.format.native_name import ending_of, is_in_part

NAMES = [
    ("7", "7.json", (1, ".json"), False),
    ("7", "7.disclosed.json", (1, ".disclosed.json"), True),
    ("7", "7.2.disclosed.json", (2, ".disclosed.json"), True),
    ("7.disclosed", "7.disclosed.json", (1, ".json"), False),
    ("7.disclosed", "7.disclosed.2.json", (2, ".json"), False),
    ("7.disclosed", "7.disclosed.disclosed.json", (1, ".disclosed.json"), True),
    ("a/7.disclosed", "a_7.disclosed.json", (1, ".json"), False),
    ("7.disclosed.json", "7.disclosed.json.bin", (1, ".bin"), False),
    ("7", "7.02.json", None, False),
    ("7", "70.json", None, False),
    ("7", "7.a.b.json", None, False),
    ("8", "7.disclosed.json", None, True),
    ("7.disclosed", "7.json", None, False),
]  # fmt: skip


@pytest.mark.parametrize(("record", "name", "found", "in_part"), NAMES)
def test_what_belongs_to_the_id_is_no_ending(record, name, found, in_part):
    path = f"data/natives/note/{name}"
    assert ending_of(path, "note", record) == found
    assert is_in_part(path, "note", record) is in_part
    assert ManifestRecord("note", record, path, "0" * 64, 1, 0, None).in_part is in_part
    assert ending_of(path, "ticket", record) is None
