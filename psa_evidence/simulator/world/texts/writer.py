"""Gives each note of a plan its words."""

from __future__ import annotations

from collections.abc import Sequence

from psa_evidence.simulator.world.clients import Client, Contact
from psa_evidence.simulator.world.dice import dice, fraction, pick
from psa_evidence.simulator.world.instants import local
from psa_evidence.simulator.world.plan import Plan, Say
from psa_evidence.simulator.world.staff import BY_ID, MSP_DOMAIN, MSP_NAME
from psa_evidence.simulator.world.texts.kinds import KINDS
from psa_evidence.simulator.world.texts.slots import slots

_HELLO = ("Hi,", "Hello,", "Good morning,", "Hi team,", "Hello there,", "")
_BYE = ("Thanks,", "Thank you,", "Best,", "Regards,", "Many thanks", "")


class Writer:
    """Writes the texts of one plan; the same for the same seed and plan."""

    def __init__(self, seed: int, plan: Plan, client: Client) -> None:
        self._seed = seed
        self._plan = plan
        self._client = client
        self._contacts = {contact.id: contact for contact in client.contacts}
        self._words = KINDS[plan.kind].words if plan.kind in KINDS else None
        self._slots = slots(seed, dice(seed, plan.index, "slots"), client)

    def summary(self) -> str:
        if self._plan.summary or self._words is None:
            return self._plan.summary
        rng = dice(self._seed, self._plan.index, "summary")
        return pick(rng, self._words.summaries).format_map(self._slots)[:100]

    def machine(self) -> str:
        """The machine that this ticket speaks of, empty when of none."""
        if self._words is None:
            return ""
        return self._slots["server" if "{server}" in self._words.opening[0] else "device"]

    def says(self) -> list[str]:
        """One text for each `Say` of the plan, in order."""
        texts: list[str] = []
        seen: dict[str, int] = {}
        for number, say in enumerate(self._plan.says):
            texts.append(say.text or self._say(number, say, texts, seen.get(say.purpose, 0)))
            seen[say.purpose] = seen.get(say.purpose, 0) + 1
        return texts

    def _turn(self, purpose: str, pool: Sequence[str], number: int) -> str:
        """The `number`th text of its purpose: a pool is gone through before anything is said twice."""
        first = int(fraction(self._seed, self._plan.index, purpose) * len(pool))
        return pool[(first + number) % len(pool)].format_map(self._slots)

    def work(self, number: int) -> tuple[str, str]:
        """Notes and internal notes of a time entry."""
        work = self._plan.works[number]
        if work.notes or self._words is None:
            return work.notes, work.internal
        rng = dice(self._seed, self._plan.index, "work", number)
        notes = self._turn("note", self._words.notes, number)
        internal = pick(rng, self._words.internal) if rng.random() < 0.3 else ""
        return notes, internal.format_map(self._slots)

    def _say(self, number: int, say: Say, before: list[str], turn: int) -> str:
        rng = dice(self._seed, self._plan.index, "say", number)
        if say.purpose == "receipt":
            return (
                f"Thank you for contacting {MSP_NAME}. Your request was received and has ticket number "
                f"#{self._plan.id}. A technician will be in touch. This message was sent automatically."
            )
        if self._words is None:
            return ""
        pool = {
            "opening": self._words.opening,
            "ask": self._words.asks,
            "answer": self._words.answers,
            "resolve": self._words.resolutions,
            "internal": self._words.internal,
        }.get(say.purpose, self._words.notes)
        body = self._turn(say.purpose, pool, turn)
        if say.party == "system" or say.internal or say.who == 190:
            return body
        if say.party == "member":
            first = self._contacts[self._plan.contact].first
            return f"Hi {first},\n\n{body}\n\n{BY_ID[say.who].signature}" if say.mailed else body
        contact = self._contacts[say.who]
        if self._plan.source == 1 and number == 0:
            return f"{contact.name} called: {body}"
        parts = (pick(rng, _HELLO), body, f"{pick(rng, _BYE)}\n{contact.first}".strip())
        text = "\n\n".join(part for part in parts if part)
        if self._plan.source == 2 and number > 0 and before:
            text = f"{text}\n\n{_signature(contact, self._client)}\n\n{_quoted(self._plan.says, before, number)}"
        return text


def _signature(contact: Contact, client: Client) -> str:
    return f"{contact.name} | {contact.title}\n{client.name}\n{contact.phone}"


def _quoted(says: list[Say], before: list[str], number: int) -> str:
    """The thread below a reply: the last text that was mailed, each line behind a `>`."""
    for index in range(min(number, len(before)) - 1, -1, -1):
        if says[index].party == "member" and not says[index].internal:
            when = local(says[index].at).strftime("%a, %b %d, %Y at %I:%M %p")
            head = f"On {when} {MSP_NAME} <support@{MSP_DOMAIN}> wrote:"
            return head + "\n" + "\n".join(f"> {line}".rstrip() for line in before[index].splitlines())
    return ""
