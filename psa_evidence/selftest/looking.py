"""What must not be found, ready to be looked for in any text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from psa_evidence.selftest.plain import LONG, words

MANY: Final = 64
"""More long texts than this are looked for all at once, window by window."""

GRAM: Final = 8
"""Letters of a window. Of a long text, whose beginning has `LONG` letters, one window in every `STRIDE` places of any
text lies within that beginning."""

STRIDE: Final = LONG - GRAM + 1

_PART: Final = 1 << 16
"""Letters whose windows are held at a time."""

MAX_WORDS: Final = 8
"""A short text may be broken into so many words."""


@dataclass(frozen=True, slots=True)
class Secret:
    """`plain` is what is looked for (`plain.squeezed`); `rule` says by which rule it is withheld, `of` in which record,
    and field of it, it stands."""

    plain: str = field(repr=False)
    rule: str
    of: str = ""


@dataclass(frozen=True, slots=True)
class Looking:
    """Secrets ready to be looked for."""

    long: Mapping[str, tuple[Secret, ...]]
    short: Mapping[str, Secret]
    begins: frozenset[str]
    """Every beginning of a short one: a word that is none need not be put together with those behind it."""
    heads: Mapping[str, tuple[str, ...]]
    """Window -> the beginnings of long ones that it stands in; empty where there are few."""

    @classmethod
    def of(cls, secrets: Iterable[Secret]) -> Looking:
        long: dict[str, tuple[Secret, ...]] = {}
        short = {}
        for secret in secrets:
            if len(secret.plain) >= LONG:
                head = secret.plain[:LONG]
                long[head] = (*long.get(head, ()), secret)
            else:
                short[secret.plain] = secret
        begins = frozenset(plain[:end] for plain in short for end in range(1, len(plain) + 1))
        heads: dict[str, tuple[str, ...]] = {}
        for head in long if len(long) > MANY else ():
            for at in range(STRIDE):
                gram = head[at : at + GRAM]
                heads[gram] = (*heads.get(gram, ()), head)
        return cls(long, short, begins, heads)

    def plain_in(self, text: str) -> set[str]:
        """All that stands in a text, and all that `found_in` would find there; short ones also where they are the
        whole of it."""
        found = words(text)
        plain = "".join(found)
        short = {s.plain for s in self._short_in(found)} | (self.short.keys() & {plain})
        return {s.plain for s in self._long_in(plain)} | short

    def found_in(self, text: str) -> Secret | None:
        found = words(text)
        return next(self._short_in(found), None) or self._anywhere("".join(found))

    def _anywhere(self, plain: str) -> Secret | None:
        return next(iter(self._long_in(plain)), None)

    def _long_in(self, plain: str) -> Iterator[Secret]:
        for head in sorted(self._heads_in(plain)):
            yield from (secret for secret in self.long[head] if secret.plain in plain)

    def _heads_in(self, plain: str) -> set[str]:
        if not self.heads:
            return {head for head in self.long if head in plain}
        found: set[str] = set()
        for begin in range(0, len(plain) - LONG + 1, _PART):
            part = plain[begin : begin + _PART + LONG]
            grams = {part[at : at + GRAM] for at in range(0, len(part), STRIDE)} & self.heads.keys()
            found.update(head for gram in grams for head in self.heads[gram] if head in part)
        return found

    def _short_in(self, found: Sequence[str]) -> Iterator[Secret]:
        """Short ones as words; from four letters on also where a word is broken in several."""
        if self.begins.isdisjoint(found):
            return
        for start, word in enumerate(found):
            if word not in self.begins:
                continue
            if word in self.short:
                yield self.short[word]
            joined = word
            for more in found[start + 1 : start + MAX_WORDS]:
                joined += more
                if joined not in self.begins:
                    break
                if len(joined) >= 4 and joined in self.short:
                    yield self.short[joined]
