"""A record with some fields withheld: `data/natives/<kind>/<id>.disclosed.json`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from psa_evidence.format import fields as typed
from psa_evidence.format.canonical import FormatError, canonical, parse
from psa_evidence.format.commitment import field_hash, field_hashes, field_salt, fields_root
from psa_evidence.format.members import members

DISCLOSED_FORMAT: Final = "psa-evidence/disclosed/1"


@dataclass(frozen=True, slots=True)
class ShownField:
    """A member of the record: `salt` in hexadecimal, `value` its bytes as received, which are UTF-8, as text."""

    name: str
    salt: str
    value: str

    def hash(self) -> bytes:
        return field_hash(bytes.fromhex(self.salt), canonical(self.name), self.value.encode())


@dataclass(frozen=True, slots=True)
class WithheldField:
    """A member that is not shown: `hash` is its leaf in the field tree, from which nothing of it can be guessed."""

    digest: str
    reason: str

    def hash(self) -> bytes:
        return bytes.fromhex(self.digest)


Field = ShownField | WithheldField


@dataclass(frozen=True, slots=True)
class Disclosed:
    """The members of a record in the order received, each shown or withheld."""

    kind: str
    id: str
    fields: tuple[Field, ...]

    @classmethod
    def of(cls, kind: str, record_id: str, body: bytes, salt: bytes, withheld: Mapping[str, str]) -> Disclosed:
        """The record with all members withheld whose names `withheld` gives reasons for. Raises FormatError when the
        bytes are not a JSON object, or a name does not stand in it."""
        found = members(body)
        if found is None:
            raise FormatError("not a JSON object: no field of it can be withheld")
        hashes = field_hashes(salt, body, found)
        made: list[Field] = []
        names = [parse(name) for name, _, _ in found]
        if missing := withheld.keys() - set(names):
            raise FormatError(f"the record has no field {min(missing)[:60]!r}")
        for number, (name, (_, start, end)) in enumerate(zip(names, found, strict=True)):
            if name in withheld:
                made.append(WithheldField(hashes[number].hex(), withheld[name]))
            else:
                made.append(ShownField(name, field_salt(salt, number).hex(), body[start:end].decode()))
        return cls(kind, record_id, tuple(made))

    def root(self) -> bytes:
        """What `fields` of the record's leaf must be."""
        return fields_root([field.hash() for field in self.fields])

    def shown(self) -> bytes:
        """The record as a JSON object of the members that are shown, values as received."""
        parts = (canonical(f.name) + b":" + f.value.encode() for f in self.fields if isinstance(f, ShownField))
        return b"{" + b",".join(parts) + b"}"

    def withheld(self) -> int:
        """How many members are not shown."""
        return sum(isinstance(field, WithheldField) for field in self.fields)

    def reasons(self) -> Counter[str]:
        """How many members are not shown, by the reason that is given."""
        return Counter(field.reason for field in self.fields if isinstance(field, WithheldField))

    def document(self) -> bytes:
        return canonical(
            {
                "fields": [
                    {"name": f.name, "salt": f.salt, "value": f.value}
                    if isinstance(f, ShownField)
                    else {"hash": f.digest, "reason": f.reason}
                    for f in self.fields
                ],
                "format": DISCLOSED_FORMAT,
                "id": self.id,
                "kind": self.kind,
            }
        )

    @classmethod
    def read(cls, data: bytes) -> Disclosed:
        """Raises FormatError. The bytes must be canonical; each value must be one JSON value."""
        raw = typed.obj(parse(data), "disclosed", {"fields", "format", "id", "kind"})
        typed.constant(raw["format"], "disclosed format", DISCLOSED_FORMAT)
        made = cls(
            typed.text(raw["kind"], "disclosed kind"),
            typed.text(raw["id"], "disclosed id"),
            tuple(_field(item) for item in typed.items(raw["fields"], "disclosed fields")),
        )
        if made.document() != data:
            raise FormatError("disclosed: not in canonical form")
        return made


def _field(value: Any) -> Field:
    if isinstance(value, dict) and "hash" in value:
        raw = typed.obj(value, "withheld field", {"hash", "reason"})
        return WithheldField(typed.digest(raw["hash"], "withheld field"), typed.text(raw["reason"], "reason"))
    raw = typed.obj(value, "shown field", {"name", "salt", "value"})
    field = ShownField(
        typed.text(raw["name"], "field name"),
        typed.digest(raw["salt"], "field salt"),
        typed.text(raw["value"], "field value"),
    )
    check_value(field.name, field.value)
    return field


def check_value(name: str, value: str) -> None:
    """Raises FormatError unless `value` is one JSON value and nothing beside: it could pass for two members."""
    try:
        whole = b"{" + canonical(name) + b":" + value.encode() + b"}"
    except UnicodeEncodeError as error:
        raise FormatError("field value: not Unicode") from error
    found = members(whole)
    if found is None or [end - start for _, start, end in found] != [len(value.encode())]:
        raise FormatError("field value: not one JSON value")
