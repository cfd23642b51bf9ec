"""A story's line, step by step: what each verb makes of what is live and what is scheduled."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError
from hypothesis import assume, given
from hypothesis import strategies as st

from articles.desk import timeline
from articles.desk.timeline import Slot
from articles.states import EndsAs
from tests.conftest import NOW

NEXT, EXPIRED, OPEN = EndsAs.NEXT, EndsAs.EXPIRED, ""


def at(minutes):
    return NOW + timedelta(minutes=minutes)


def slot(revision, start, end=None, ends_as=OPEN, *, first=0, brings_end=False):
    end = None if end is None else at(end)
    return Slot(
        revision, at(start), at(min(first, start)), at(start), end, ends_as, brings_end, revision
    )


def until(revision, start, end):
    """A version that is to be shown no longer than until `end`."""
    return slot(revision, start, end, EXPIRED, brings_end=True)


def table(line):
    """The line as (revision, start, end, what follows), in minutes."""
    minutes = [
        (s.starts_at, s.ends_at or NOW + timedelta(minutes=10**6)) for s in line
    ]  # open ones end in the far future
    return [
        (s.revision, (a - NOW).total_seconds() / 60, (b - NOW).total_seconds() / 60, s.ends_as)
        for s, (a, b) in zip(line, minutes, strict=True)
    ]


FOR_EVER = 10**6
LIVE = (slot(1, -60),)


# --- Putting one in ---------------------------------------------------------------------------


def test_what_was_live_ends_as_the_new_version_begins():
    line = timeline.open_at(LIVE, slot(2, 0))
    assert table(line) == [(1, -60, 0, NEXT), (2, 0, FOR_EVER, OPEN)]


def test_a_version_put_before_a_scheduled_one_ends_where_that_begins():
    line = timeline.open_at((slot(3, 10),), slot(2, 0))
    assert table(line) == [(2, 0, 10, NEXT), (3, 10, FOR_EVER, OPEN)]


def test_a_version_between_two_takes_over_the_end_of_the_one_before():
    line = timeline.open_at((slot(1, -60, 10, NEXT), slot(3, 10)), slot(2, 5))
    assert table(line) == [(1, -60, 5, NEXT), (2, 5, 10, NEXT), (3, 10, FOR_EVER, OPEN)]


def test_a_fix_keeps_the_end_that_was_set_for_the_story():
    line = timeline.open_at((slot(1, -60, 30, EXPIRED),), slot(2, 0))
    assert table(line) == [(1, -60, 0, NEXT), (2, 0, 30, EXPIRED)]


def test_a_version_at_the_start_of_another_leaves_that_without_length():
    line = timeline.open_at((slot(1, 0),), slot(2, 0))
    assert table(line) == [(1, 0, 0, NEXT), (2, 0, FOR_EVER, OPEN)]


@pytest.mark.parametrize(
    ("line", "new"),
    [
        ((), until(2, 10, 10)),
        ((), until(2, 10, 9)),
        ((slot(1, -60, 20, NEXT), slot(3, 20)), until(2, 10, 21)),
        ((slot(3, 20),), until(2, 10, 21)),
        ((slot(1, -60, 30, EXPIRED),), until(2, 10, 20)),
    ],
    ids=["no length", "before its start", "past the next", "past the first", "a second end"],
)
def test_an_end_has_to_lie_after_the_start_and_before_what_follows(line, new):
    with pytest.raises(ValidationError):
        timeline.open_at(line, new)
    assert timeline.open_at((), until(2, 10, 11))


def test_an_end_may_lie_just_where_the_next_version_begins():
    line = timeline.open_at((slot(1, -60, 20, NEXT), slot(3, 20)), until(2, 10, 20))
    assert table(line)[1:] == [(2, 10, 20, EXPIRED), (3, 20, FOR_EVER, OPEN)]


# --- Taking one out ---------------------------------------------------------------------------


def test_the_version_before_a_cancelled_one_gets_its_end_back():
    line = timeline.open_at(LIVE, slot(2, 10))
    assert timeline.remove(line, line[1]) == LIVE


def test_the_version_before_gets_the_end_that_was_set_for_the_story_back():
    ending = (slot(1, -60, 30, EXPIRED),)
    line = timeline.open_at(ending, slot(2, 10))
    assert timeline.remove(line, line[1]) == ending


def test_until_goes_with_its_version():
    line = timeline.open_at(LIVE, until(2, 10, 20))
    assert table(timeline.remove(line, line[1])) == [(1, -60, FOR_EVER, OPEN)]


def test_until_goes_with_its_version_and_the_one_before_lasts_to_the_next():
    line = timeline.open_at((slot(1, -60, 30, NEXT), slot(3, 30)), until(2, 10, 20))
    cancelled = timeline.remove(line, line[1])
    assert table(cancelled) == [(1, -60, 30, NEXT), (3, 30, FOR_EVER, OPEN)]


def test_until_goes_with_its_version_though_another_was_put_into_its_time():
    line = timeline.open_at(LIVE, until(2, 10, 20))
    line = timeline.open_at(line, slot(3, 15))
    line = timeline.remove(line, line[1])
    assert timeline.remove(line, line[1]) == LIVE


def test_cancelling_what_follows_a_gap_leaves_the_end_before_the_gap():
    line = (slot(1, -60, 10, EXPIRED), slot(2, 20))
    assert timeline.remove(line, line[1]) == line[:1]


def test_cancelling_the_first_of_a_story_never_public_leaves_the_next_at_its_own_start():
    line = timeline.open_at((slot(1, 10),), slot(2, 20))
    assert table(timeline.remove(line, line[0])) == [(2, 20, FOR_EVER, OPEN)]


# --- Moving one -------------------------------------------------------------------------------


@pytest.mark.parametrize("to", [5, 15, 19])
def test_a_scheduled_version_moves_between_its_neighbours(to):
    line = (slot(1, 0, 10, NEXT), slot(2, 10, 20, NEXT), slot(3, 20))
    moved = timeline.shift(line, line[1], at(to))
    assert table(moved) == [(1, 0, to, NEXT), (2, to, 20, NEXT), (3, 20, FOR_EVER, OPEN)]


@pytest.mark.parametrize("to", [-5, 0, 20, 25])
def test_a_scheduled_version_does_not_pass_its_neighbours(to):
    line = (slot(1, 0, 10, NEXT), slot(2, 10, 20, NEXT), slot(3, 20))
    with pytest.raises(ValidationError):
        timeline.shift(line, line[1], at(to))


def test_a_version_after_a_gap_may_close_the_gap_but_not_turn_it_over():
    line = (slot(1, -60, 10, EXPIRED), slot(2, 20))
    assert table(timeline.shift(line, line[1], at(10)))[0] == (1, -60, 10, EXPIRED)
    with pytest.raises(ValidationError):
        timeline.shift(line, line[1], at(9))


def test_a_version_does_not_move_past_its_own_end():
    line = (until(2, 10, 20),)
    assert table(timeline.shift(line, line[0], at(19))) == [(2, 19, 20, EXPIRED)]
    with pytest.raises(ValidationError):
        timeline.shift(line, line[0], at(20))


# --- Ending it --------------------------------------------------------------------------------


def test_an_end_is_set_on_the_last_version_and_taken_away_again():
    line = timeline.set_end((slot(1, -60, 10, NEXT), slot(2, 10)), at(30), NOW)
    assert table(line) == [(1, -60, 10, NEXT), (2, 10, 30, EXPIRED)]
    assert table(timeline.set_end(line, None, NOW))[1] == (2, 10, FOR_EVER, OPEN)


@pytest.mark.parametrize("end", [-1, 0, 5, 10])
def test_an_end_lies_in_the_future_and_after_the_last_start(end):
    line = (slot(1, -60, 10, NEXT), slot(2, 10))
    with pytest.raises(ValidationError):
        timeline.set_end(line, at(end), NOW)
    assert timeline.set_end(line, at(11), NOW)


def test_an_end_set_for_the_story_stays_when_its_last_version_is_cancelled():
    line = timeline.open_at(LIVE, until(2, 10, 20))
    line = timeline.set_end(line, at(40), NOW)
    assert table(timeline.remove(line, line[1])) == [(1, -60, 40, EXPIRED)]


def test_an_end_set_for_the_story_outlasts_the_version_that_brought_one_before():
    line = timeline.open_at(LIVE, until(2, 10, 20))
    line = timeline.open_at(line, slot(3, 15))
    line = timeline.set_end(line, at(40), NOW)
    line = timeline.remove(line, line[2])
    assert table(timeline.remove(line, line[1])) == [(1, -60, 40, EXPIRED)]


@pytest.mark.parametrize("how", [EndsAs.HIDDEN, EndsAs.GONE, EndsAs.VANISHED])
def test_withdrawing_ends_what_is_live_and_drops_what_is_scheduled(how):
    line = (slot(1, -60, 10, NEXT), until(2, 10, 20))
    assert table(timeline.withdraw(line, NOW, how)) == [(1, -60, 0, how)]


# --- The first-published moment ---------------------------------------------------------------


def test_the_earliest_start_that_remains_is_the_first_moment_of_what_has_not_begun():
    line = timeline.anchor((slot(2, 10, 20, NEXT), slot(3, 20)), NOW, None)
    assert {one.first_published_at for one in line} == {at(10)}


def test_what_has_not_begun_takes_the_first_moment_of_what_has():
    line = timeline.anchor((slot(1, -60, 10, NEXT, first=-60), slot(2, 10)), NOW, at(-30))
    assert [one.first_published_at for one in line] == [at(-60), at(-30)]


# --- Whatever the line ------------------------------------------------------------------------

minutes = st.integers(-20, 60)
plans = st.lists(st.tuples(st.integers(1, 60), st.none() | st.integers(1, 30)), max_size=5)
bases = st.sampled_from(
    [(), LIVE, (slot(1, -60, 40, EXPIRED),), (slot(1, -60, -5, EXPIRED),), (slot(1, 0),)]
)


def schedule(line, plan):
    """Schedule every version of a plan that there is room for; return the line and their keys."""
    keys = []
    for key, (start, length) in enumerate(plan, start=100):
        new = until(key, start, start + length) if length else slot(key, start)
        if any(other.starts_at == new.starts_at for other in line):
            continue
        try:
            line = timeline.open_at(line, new)
        except ValidationError:
            continue
        keys.append(key)
    return line, keys


def holding(line, t):
    return [one.key for one in line if one.holds(t)]


def is_whole(line):
    """No two overlap, at most the last is open, and `next` stands only before a next one."""
    for one, following in pairwise(line):
        assert one.ends_at is not None
        assert one.ends_at <= following.starts_at
        assert one.ends_as != NEXT or one.ends_at == following.starts_at
    assert all((one.ends_at is None) == (one.ends_as == OPEN) for one in line)
    assert not line or line[-1].ends_as != NEXT
    return True


@given(bases, plans)
def test_a_line_that_versions_are_put_into_stays_whole(base, plan):
    line, _keys = schedule(base, plan)
    assert is_whole(line)


@given(bases, plans, st.integers(1, 60))
def test_a_version_put_in_changes_nothing_before_its_start(base, plan, start):
    line, _keys = schedule(base, plan)
    assume(all(one.starts_at != at(start) for one in line))
    after = timeline.open_at(line, slot(99, start))
    for minute in range(-60, start):
        assert holding(after, at(minute)) == holding(line, at(minute))
    assert holding(after, at(start)) == [99]


@given(bases, plans, st.randoms())
def test_cancelling_everything_scheduled_in_any_order_gives_the_line_back(base, plan, random):
    line, keys = schedule(base, plan)
    random.shuffle(keys)
    for key in keys:
        line = timeline.remove(line, next(one for one in line if one.key == key))
        assert is_whole(line)
    assert line == base


@given(bases, plans, st.integers(0, 4), st.integers(-5, 70))
def test_a_move_passes_no_neighbour_and_leaves_the_order(base, plan, nth, to):
    line, keys = schedule(base, plan)
    assume(keys)
    moving = next(one for one in line if one.key == keys[nth % len(keys)])
    try:
        moved = timeline.shift(line, moving, at(to))
    except ValidationError:
        return
    assert is_whole(moved)
    assert [one.key for one in moved] == [one.key for one in line]
    for other, was in zip(moved, line, strict=True):
        assert other.key == moving.key or other.starts_at == was.starts_at


@given(bases, plans, st.integers(0, 4), st.integers(1, 60))
def test_a_move_and_a_move_back_give_the_line_back(base, plan, nth, to):
    line, keys = schedule(base, plan)
    assume(keys)
    moving = next(one for one in line if one.key == keys[nth % len(keys)])
    try:
        moved = timeline.shift(line, moving, at(to))
    except ValidationError:
        return
    there = next(one for one in moved if one.key == moving.key)
    returned = timeline.shift(moved, there, moving.starts_at)
    assert table(returned) == table(line)


@given(bases, plans, minutes)
def test_withdrawing_leaves_nothing_from_then_on(base, plan, now):
    line, _keys = schedule(base, plan)
    after = timeline.withdraw(line, at(now), EndsAs.HIDDEN)
    for minute in range(now, 100):
        assert holding(after, at(minute)) == []
    for minute in range(-60, now):
        assert holding(after, at(minute)) in (holding(line, at(minute)), [])
