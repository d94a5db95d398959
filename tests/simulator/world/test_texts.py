import re
from collections import Counter

from psa_evidence.simulator.world import make_world


def notes(world):
    for row in world.rows("service/tickets"):
        for note in world.children("service/tickets", row["id"], "allNotes"):
            yield row, note


def test_no_text_is_empty_or_keeps_an_open_slot(world):
    for row, note in notes(world):
        assert note["text"].strip()
        assert not re.search(r"\{\w+\}", note["text"] + row["summary"])
        assert 0 < len(row["summary"]) <= 100


def test_texts_vary():
    world = make_world(seed=9, tickets=600)
    texts = Counter(note["text"] for _, note in notes(world) if note["noteType"] == "TicketNote")
    assert len(texts) > 0.7 * texts.total()
    assert len({row["summary"] for row in world.rows("service/tickets")}) > 200


def test_mails_quote_the_thread_and_bear_a_signature(world):
    replies = [note["text"] for _, note in notes(world) if "contact" in note and "wrote:\n> " in note["text"]]
    assert len(replies) > 10
    assert sum("| Owner\n" in text or " | " in text for text in replies) == len(replies)


def test_notes_name_either_a_member_or_a_contact_or_come_from_the_system(world):
    seen = Counter()
    for _, note in notes(world):
        seen["member" in note, "contact" in note] += 1
    assert not seen[True, True]
    assert min(seen[True, False], seen[False, True], seen[False, False]) > 20
