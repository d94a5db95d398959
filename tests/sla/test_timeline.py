from psa_evidence.records import Change, Digest, SourceRef
from psa_evidence.sla.instants import instant_of
from psa_evidence.sla.timeline import NOTHING, Value, trace

T = 1_772_463_600


def change(seconds, old, new, number=1) -> Change:
    source = SourceRef("history", str(number), Digest("0" * 64))
    return Change(source=source, ticket_id="7", at=instant_of(T + seconds), field="status", old=old, new=new)


def run(*changes, current=None, began=T, unread=(), until=1000):
    return trace(
        changes, entered=T, until=T + until, current=Value(None, current) if current else NOTHING, began=began,
        unread=[T + at for at in unread],
    ).segments  # fmt: skip


def shape(segments):
    return [(s.start - T, s.end - T, s.value.name, bool(s.doubt)) for s in segments]


def test_segments_cover_from_entry_to_the_end_without_gap():
    segments = run(change(10, "A", "B"), change(20, "B", "C"), current="C")
    assert shape(segments) == [(0, 10, "A", False), (10, 20, "B", False), (20, 1000, "C", False)]


def test_no_change_means_the_current_value_held_from_the_entry():
    assert shape(run(current="A")) == [(0, 1000, "A", False)]


def test_entries_out_of_order_are_put_in_order():
    assert shape(run(change(20, "B", "C"), change(10, "A", "B"), current="C")) == shape(
        run(change(10, "A", "B"), change(20, "B", "C"), current="C")
    )


def test_two_changes_in_one_second_follow_their_old_and_new_values():
    segments = run(change(10, "B", "C", 1), change(10, "A", "B", 2), change(30, "C", "D"), current="D")
    assert shape(segments) == [(0, 10, "A", False), (10, 30, "C", False), (30, 1000, "D", False)]


def test_two_changes_in_one_second_that_name_no_old_value_leave_the_last_one_open():
    segments = run(change(10, None, "B", 1), change(10, None, "C", 2), change(30, None, "D"), current="D", began=T)
    assert next(s.doubt for s in segments if s.start == T + 10).startswith("2 changes bear the same second")


def test_two_changes_in_one_second_are_settled_by_what_follows():
    segments = run(change(10, None, "C", 1), change(10, None, "B", 2), change(30, "C", "D"), current="D")
    assert (10, 30, "C", False) in shape(segments)


def test_a_value_that_was_left_twice_in_one_second_and_came_back_is_settled():
    """Which of the two others was first is open, and changes nothing."""
    pairs = ("AB", "BA", "AC", "CA")
    segments = run(*(change(10, old, new, number) for number, (old, new) in enumerate(pairs)), current="A")
    assert shape(segments) == [(0, 10, "A", False), (10, 1000, "A", False)]


def test_a_hundred_changes_in_one_second_are_not_tried_out():
    segments = run(*(change(10, None, f"S{i}", i) for i in range(100)), current="S99")
    assert segments[-1].doubt


def test_an_old_value_that_is_not_the_one_before_is_a_gap():
    segments = run(change(10, "A", "B"), change(20, "X", "C"), current="C")
    assert shape(segments) == [(0, 10, "A", False), (10, 20, "B", True), (20, 1000, "C", False)]
    assert "'X' as the value before" in segments[1].doubt


def test_a_history_that_ends_elsewhere_than_the_ticket_is_open_from_its_last_line():
    assert shape(run(change(10, "A", "B"), current="C")) == [(0, 10, "A", False), (10, 1000, "B", True)]


def test_a_history_that_starts_late_leaves_the_time_before_open():
    segments = run(change(500, "A", "B"), current="B", began=T + 400)
    assert shape(segments)[0] == (0, 500, "A", True)
    assert "begins only" in segments[0].doubt


def test_a_history_that_starts_within_a_minute_starts_with_the_ticket():
    assert not any(s.doubt for s in run(change(500, "A", "B"), current="B", began=T + 60))
    assert run(change(500, "A", "B"), current="B", began=T + 61)[0].doubt


def test_no_history_at_all_is_open_even_when_the_ticket_has_a_value():
    assert "no history" in run(current="A", began=None)[0].doubt


def test_a_first_line_without_an_old_value_leaves_the_entry_open():
    segments = run(change(500, None, "B"), current="B")
    assert segments[0].doubt == "the history does not say what the value was at entry"


def test_a_value_written_with_the_creation_holds_from_the_entry():
    assert shape(run(change(5, None, "A"), current="A"))[0] == (0, 5, "A", False)


def test_a_line_before_the_entry_names_the_value_at_entry():
    assert shape(run(change(-3600, None, "A"), current="A")) == [(0, 1000, "A", False)]


def test_one_unreadable_line_between_lines_that_join_up_is_no_gap():
    segments = run(change(10, "A", "B"), change(30, "B", "C"), current="C", unread=(20,))
    assert not any(s.doubt for s in segments)


def test_two_unreadable_lines_may_be_a_change_and_its_return():
    segments = run(change(10, "A", "B"), change(30, "B", "C"), current="C", unread=(15, 20))
    assert shape(segments)[1:3] == [(10, 15, "B", False), (15, 30, "B", True)]


def test_an_unreadable_line_before_the_first_change_may_have_set_its_old_value():
    assert shape(run(change(10, "A", "B"), current="B", unread=(5,)))[0] == (0, 10, "A", True)
    assert shape(run(current="A", unread=(5,))) == [(0, 1000, "A", True)]


def test_an_unreadable_line_before_a_line_without_an_old_value_is_a_gap():
    segments = run(change(10, "A", "B"), change(30, None, "C"), current="C", unread=(20,))
    assert shape(segments)[1:3] == [(10, 20, "B", False), (20, 30, "B", True)]


def test_what_happened_after_the_end_is_left_out():
    assert shape(run(change(10, "A", "B"), change(2000, "B", "C"), current="C")) == [
        (0, 10, "A", False),
        (10, 1000, "B", False),
    ]


def test_ids_and_names_are_the_same_value_when_either_agrees():
    assert Value("1", "New").same(Value("1", "Neu")) is True
    assert Value("1", "New").same(Value("2", " new ")) is True
    assert Value("1", "New").same(Value("2", "Old")) is False
    assert Value("1", None).same(Value(None, "New")) is None
    assert Value("1", None).same(Value("2", None)) is False


def test_an_unreadable_line_without_a_time_may_lie_anywhere():
    kept = trace(
        (change(10, "A", "B"),), entered=T, until=T + 99, current=Value(None, "B"), began=T, unread=(None,)
    ).segments
    assert [bool(s.doubt) for s in kept] == [True, False]
    lost = trace(
        (change(10, "A", "B"),), entered=T, until=T + 99, current=Value(None, "B"), began=T, unread=(None,) * 2
    ).segments
    assert all(s.doubt for s in lost)
    assert trace((), entered=T, until=T + 99, current=NOTHING, began=T, unread=(None,)).segments[0].doubt


def test_a_first_value_written_up_to_a_minute_after_the_entry_held_from_it():
    assert shape(run(change(60, None, "A"), current="A"))[0] == (0, 60, "A", False)
    assert shape(run(change(61, None, "A"), current="A"))[0] == (0, 61, None, True)


def test_the_first_line_begins_the_history_when_nothing_else_does_or_later():
    for began in (None, T + 100):
        assert not any(s.doubt for s in run(change(60, "A", "B"), current="B", began=began))
        assert run(change(61, "A", "B"), current="B", began=began)[0].doubt


def test_an_unreadable_line_belongs_to_the_segment_that_begins_with_it():
    lines = change(10, "A", "B"), change(30, "B", "C")
    assert shape(run(*lines, current="C", unread=(10, 29)))[1] == (10, 30, "B", True)
    assert not any(s.doubt for s in run(*lines, current="C", unread=(10, 30)))
    assert not any(s.doubt for s in run(*lines, current="C", unread=(30, 1000)))
    assert shape(run(*lines, current="C", unread=(30, 999)))[2:] == [(30, 1000, "C", True)]


def test_an_unreadable_line_after_the_last_one_is_a_gap_unless_the_ticket_confirms_the_value():
    assert not any(s.doubt for s in run(change(10, "A", "B"), current="B", unread=(20,)))
    assert shape(run(change(10, "A", "B"), current=None, unread=(20,)))[1:] == [
        (10, 20, "B", False), (20, 1000, "B", True),
    ]  # fmt: skip


def test_a_change_at_the_very_end_counts_and_one_after_it_leaves_the_end_unasked():
    assert shape(run(change(10, "A", "B"), change(1000, "B", "C"), current="C"))[1:] == [
        (10, 1000, "B", False), (1000, 1000, "C", False),
    ]  # fmt: skip
    assert shape(run(change(10, "A", "B"), change(1000, "B", "C"), current="D"))[2] == (1000, 1000, "C", True)
    assert shape(run(change(10, "A", "B"), change(1001, "B", "C"), current="D"))[1:] == [(10, 1000, "B", False)]


def test_so_many_changes_of_one_second_are_put_in_order_and_no_more():
    def ended(number):
        chain = [change(10, str(i), str(i + 1), i) for i in range(number)]
        *_, last = run(*reversed(chain), change(30, str(number), "Z"), current="Z")[:-1]
        return last.start - T, last.value.name, bool(last.doubt)

    assert ended(6) == (10, "6", False)
    assert ended(7)[2]


def test_changes_of_one_second_that_fit_in_no_order_leave_the_last_one_open():
    segments = run(change(10, "X", "B", 1), change(10, "Y", "C", 2), change(30, "C", "D"), current="D")
    assert segments[-2].doubt.startswith("2 changes bear the same second")
    assert not segments[-1].doubt


def test_changes_of_one_second_at_the_end_are_settled_by_the_tickets_value():
    lines = change(10, None, "C", 1), change(10, None, "B", 2)
    assert shape(run(*lines, current="C"))[-1] == (10, 1000, "C", False)
    assert shape(run(*lines, current="B"))[-1] == (10, 1000, "B", False)
    assert shape(run(*lines, current=None))[-1][3]


def test_the_line_that_began_a_segment_and_the_value_before_it_are_told_alike_however_it_was_found():
    lines = change(10, "A", "B", 1), change(20, "B", "C", 2)
    for unread in ((), (5000,)):  # the second way goes line by line
        found = run(*lines, current="C", unread=unread)
        assert [s.source and s.source.id for s in found] == [None, "1", "2"]
        assert [s.before.name for s in found] == [None, "A", "B"]
        assert shape(found) == [(0, 10, "A", False), (10, 20, "B", False), (20, 1000, "C", False)]


def test_a_history_in_doubt_keeps_its_values_and_doubts_all_of_them():
    history = trace(
        (change(10, "A", "B"),), entered=T, until=T + 99, current=Value(None, "B"), began=T
    )  # fmt: skip
    assert history.doubts is None
    doubted = history.doubted("why")
    assert doubted.doubts == ["why", "why"]
    assert (doubted.bounds, doubted.values, doubted.began) == (history.bounds, history.values, history.began)


def test_a_history_that_begins_a_minute_after_the_entry_begins_with_it_whatever_else_is_unread():
    for began, doubt in ((T + 60, False), (T + 61, True)):
        assert bool(run(change(500, "A", "B"), current="B", began=began, unread=(5000,))[0].doubt) == doubt
        assert bool(run(current="B", began=began, unread=(5000,))[0].doubt) == doubt


def test_a_ticket_that_went_back_to_the_value_before_without_a_line_is_open():
    assert shape(run(change(10, "A", "B"), current="A")) == [(0, 10, "A", False), (10, 1000, "B", True)]


def test_lines_out_of_order_are_judged_as_those_in_order():
    """A gap, a change at the very end that the ticket does not confirm, and one after the end."""
    lines = change(20, "X", "C", 2), change(10, "A", "B", 1)
    assert shape(run(*lines, current="C")) == [(0, 10, "A", False), (10, 20, "B", True), (20, 1000, "C", False)]
    lines = change(1000, "B", "C", 2), change(10, "A", "B", 1)
    assert shape(run(*lines, current="D"))[1:] == [(10, 1000, "B", False), (1000, 1000, "C", True)]
    lines = change(1001, "B", "C", 2), change(10, "A", "B", 1)
    assert shape(run(*lines, current="D"))[1:] == [(10, 1000, "B", False)]


def test_changes_of_one_second_late_in_a_history_are_settled_by_what_is_around_them():
    chain = [change(10 * n, str(n), str(n + 1), n) for n in range(1, 8)]
    late = [change(80, None, "Y", 8), change(80, "8", "X", 9), change(90, "Y", "Z", 10)]
    segments = run(*chain, *late, current="Z")
    assert not any(s.doubt for s in segments)
    assert [s.value.name for s in segments] == [*"12345678", "Y", "Z"]
