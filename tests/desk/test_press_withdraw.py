"""Unpublishing, taking down and restoring; and clocks that do not agree."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from articles import edition
from articles.desk.sheet import Pending
from articles.models import ListKind, ListRow, Move, Publication
from articles.states import EndsAs, PublicState
from tests.conftest import NOW
from tests.desk.pressing import (
    HOUR,
    MICROSECOND,
    do,
    everything,
    in_list,
    line,
    revision_shown,
    rewrite,
    shown,
    state,
)

pytestmark = pytest.mark.django_db

PATH = "/world/harbour-opens/"
GONE, VANISHED = EndsAs.GONE, EndsAs.VANISHED
SECOND = timedelta(seconds=1)


def take_down(story, how=GONE, **values):
    do("take_down", story, how=how, reason="A court said so", **values)


@pytest.fixture
def answer(client, clock):
    """The status that a reader gets at an address at a moment."""

    def answer(path=PATH, t=NOW):
        clock.move_to(t)
        return client.get(path).status_code

    return answer


# --- Unpublish --------------------------------------------------------------------------------


def test_an_unpublished_story_is_not_found_from_that_moment_on(published, answer):
    story = published()
    do("unpublish", story)
    assert (answer(t=NOW - MICROSECOND), answer()) == (200, 404)
    assert state(story) == PublicState.HIDDEN


def test_unpublishing_cancels_what_is_scheduled_and_its_move_says_so(published):
    story = published()
    do("schedule", story, revision=1, at=NOW + HOUR)
    do("unpublish", story, reason="Wrong in every line")
    assert shown(story, NOW + HOUR) is None
    move = Move.objects.first()
    assert move.details == {"cancelled": [(NOW + HOUR).isoformat()]}
    assert move.reason == "Wrong in every line"


def test_publishing_again_does_not_bring_back_what_was_cancelled(published):
    story = published()
    do("schedule", story, revision=rewrite(story, headline="Tomorrow"), at=NOW + HOUR)
    do("unpublish", story)
    do("publish", story, revision=1)
    assert revision_shown(story, NOW + HOUR) == 1
    assert shown(story).first_published_at == NOW - 2 * HOUR


def test_only_what_is_live_is_unpublished(write, published):
    for story in (write("A Draft"), write("Scheduled")):
        if story.headline == "Scheduled":
            do("schedule", story, revision=1, at=NOW + HOUR)
        before = everything()
        with pytest.raises(ValidationError, match="not on the site"):
            do("unpublish", story)
        assert everything() == before
    do("unpublish", published())


# --- Take down --------------------------------------------------------------------------------


def test_a_story_taken_down_as_gone_says_so_at_its_address(published, answer):
    take_down(published())
    assert (answer(t=NOW - MICROSECOND), answer()) == (200, 410)


def test_a_story_that_vanished_is_not_found_at_any_moment(published, answer):
    story = published()
    do("publish", story, revision=rewrite(story, headline="Again"), now=NOW - HOUR)
    take_down(story, VANISHED)
    assert answer() == 404
    assert not Publication.objects.filter(article=story, withheld=False).exists()
    for t in (NOW - 2 * HOUR, NOW - HOUR, NOW - MICROSECOND):
        assert shown(story, t) is None


def test_the_lists_forget_a_story_that_vanished_but_not_its_neighbours(published):
    story, other = published("Harbour Opens"), published("Another Story")
    take_down(story, VANISHED)
    assert in_list(ListKind.ALL, t=NOW - HOUR) == [other.pk]
    assert not ListRow.objects.filter(story=story).exists()


def test_the_lists_of_the_past_remember_a_story_that_is_gone(published):
    story = published()
    take_down(story)
    assert in_list(ListKind.ALL, t=NOW - MICROSECOND) == [story.pk]
    assert in_list(ListKind.ALL) == []


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_a_story_is_taken_down_for_a_reason(published, reason):
    story = published()
    with pytest.raises(ValidationError, match="Give a reason"):
        do("take_down", story, how=GONE, reason=reason)
    do("take_down", story, how=GONE, reason=" A court said so ")
    assert Move.objects.first().reason == "A court said so"


def test_a_story_is_taken_down_as_gone_or_vanished_only(published):
    with pytest.raises(ValueError, match="as gone or vanished"):
        take_down(published(), EndsAs.HIDDEN)


@pytest.mark.parametrize("how", [GONE, VANISHED])
def test_taking_down_cancels_what_is_scheduled(published, how):
    story = published()
    do("schedule", story, revision=1, at=NOW + HOUR)
    take_down(story, how)
    assert shown(story, NOW + HOUR) is None
    assert Move.objects.first().details["cancelled"] == [(NOW + HOUR).isoformat()]


@pytest.mark.parametrize("how", [GONE, VANISHED])
def test_only_a_restore_brings_back_what_was_taken_down(published, how):
    story = published()
    take_down(story, how)
    before = everything()
    for verb, values in (("publish", {}), ("schedule", {"at": NOW + HOUR})):
        with pytest.raises(ValidationError, match="Only a restore brings it back"):
            do(verb, story, revision=1, **values)
        assert everything() == before
    do("restore", story, revision=1, reason="The court was wrong")
    assert revision_shown(story) == 1


@pytest.mark.parametrize("how", [GONE, VANISHED])
@pytest.mark.parametrize("ended", ["unpublish", "expire"])
def test_a_story_that_has_ended_is_taken_down_all_the_same(published, answer, ended, how):
    story = published()
    if ended == "unpublish":
        do("unpublish", story, now=NOW - HOUR)
    else:
        do("set_end", story, at=NOW - HOUR, now=NOW - HOUR - SECOND)
    take_down(story, how)
    assert state(story) == PublicState(how)
    assert answer() == (410 if how == GONE else 404)
    with pytest.raises(ValidationError, match="Only a restore brings it back"):
        do("publish", story, revision=1)


def test_what_was_gone_can_vanish_and_what_vanished_is_taken_down_no_more(published):
    story = published()
    take_down(story, GONE)
    take_down(story, VANISHED)
    assert state(story) == PublicState.VANISHED
    with pytest.raises(ValidationError):
        take_down(story, GONE)


def test_a_story_that_was_never_public_is_not_taken_down(write):
    with pytest.raises(ValidationError, match="not on the site"):
        take_down(write())


# --- Restore ----------------------------------------------------------------------------------


def test_a_restored_story_is_a_new_version_at_its_old_place(published, answer):
    story = published()
    take_down(story, now=NOW - HOUR)
    do("restore", story, revision=1, reason="It was right")
    assert answer() == 200
    assert shown(story).first_published_at == NOW - 2 * HOUR
    assert (answer(t=NOW - HOUR), answer(t=NOW - MICROSECOND)) == (410, 410)


def test_restoring_what_vanished_brings_only_the_new_version_back(published):
    story = published()
    take_down(story, VANISHED, now=NOW - HOUR)
    do("restore", story, revision=1, reason="It was right")
    assert revision_shown(story) == 1
    assert shown(story, NOW - MICROSECOND) is None
    assert in_list(ListKind.ALL) == [story.pk]
    assert in_list(ListKind.ALL, t=NOW - MICROSECOND) == []


def test_a_restore_needs_a_reason_and_something_to_restore(published):
    story = published()
    with pytest.raises(ValidationError):
        do("restore", story, revision=1, reason="It was right")
    take_down(story)
    with pytest.raises(ValidationError, match="Give a reason"):
        do("restore", story, revision=1, reason=" ")
    do("restore", story, revision=1, reason="It was right")


# --- Clocks -----------------------------------------------------------------------------------


@pytest.mark.parametrize("behind", [MICROSECOND, SECOND, 2 * SECOND])
def test_a_clock_that_is_a_little_behind_takes_the_moment_of_the_last_step(published, behind):
    story = published(at=NOW)
    do("publish", story, revision=1, now=NOW - behind)
    assert line(story) == [(1, NOW, NOW, EndsAs.NEXT), (1, NOW, None, "")]
    assert Move.objects.first().at == NOW


@pytest.mark.parametrize(
    ("verb", "values"),
    [
        ("publish", {"revision": 1}),
        ("schedule", {"revision": 1, "at": NOW + HOUR}),
        ("set_end", {"at": NOW + HOUR}),
    ],
)
def test_a_clock_that_is_farther_behind_is_refused(published, verb, values):
    story = published(at=NOW)
    before = everything()
    with pytest.raises(ValidationError, match="clock is behind"):
        do(verb, story, now=NOW - 2 * SECOND - MICROSECOND, **values)
    assert everything() == before
    do(verb, story, now=NOW - 2 * SECOND, **values)


@pytest.mark.parametrize("behind", [SECOND, 3 * SECOND, 26 * HOUR])
@pytest.mark.parametrize(
    ("withdraw", "becomes"),
    [
        (lambda story, t: do("unpublish", story, now=t), {PublicState.HIDDEN, PublicState.NEVER}),
        (lambda story, t: take_down(story, GONE, now=t), {PublicState.GONE}),
        (lambda story, t: take_down(story, VANISHED, now=t), {PublicState.VANISHED}),
    ],
    ids=["unpublish", "gone", "vanished"],
)
def test_a_wrong_clock_does_not_keep_a_story_up(published, behind, withdraw, becomes):
    story = published(at=NOW)
    withdraw(story, NOW - behind)
    for t in (NOW - behind, NOW, NOW + HOUR, NOW + 100 * HOUR):
        assert shown(story, t) is None
    assert state(story) in becomes
    assert in_list(ListKind.ALL) == in_list(ListKind.ALL, t=NOW + HOUR) == []


def test_after_a_withdrawal_by_a_wrong_clock_the_right_clock_goes_on(published):
    story = published()
    do("publish", story, revision=rewrite(story, headline="Again"))
    do("unpublish", story, now=NOW - HOUR)
    do("publish", story, revision=1, now=NOW + SECOND)
    assert revision_shown(story, NOW + SECOND) == 1
    assert revision_shown(story, NOW - HOUR - MICROSECOND) == 1
    assert shown(story) is None


def test_what_a_fast_clock_published_can_be_withdrawn_and_published_again_for_good(write):
    story = write()
    do("publish", story, revision=1, now=NOW + 24 * HOUR)
    do("unpublish", story)
    do("publish", story, revision=1, now=NOW + SECOND)
    assert revision_shown(story, NOW + SECOND) == revision_shown(story, NOW + 25 * HOUR) == 1


@pytest.mark.parametrize("how", [GONE, VANISHED])
def test_what_a_slow_clock_took_down_is_not_published_again_by_that_clock(published, how):
    story = published(at=NOW)
    take_down(story, how, now=NOW - HOUR)
    for pending in (None, Pending.CANCEL, Pending.KEEP):
        with pytest.raises(ValidationError, match="Only a restore brings it back"):
            do("publish", story, revision=1, now=NOW - HOUR / 2, pending=pending)


@pytest.mark.parametrize(("ended", "answers"), [("unpublish", 404), ("expire", 410)])
def test_a_later_take_down_does_not_change_what_was_answered_before(
    published, answer, ended, answers
):
    story = published()
    if ended == "unpublish":
        do("unpublish", story, now=NOW - HOUR)
    else:
        do("set_end", story, at=NOW - HOUR, now=NOW - HOUR - SECOND)
    before = state(story, NOW - MICROSECOND)
    take_down(story)
    assert answer(t=NOW - MICROSECOND) == answers
    assert state(story, NOW - MICROSECOND) == before


# --- The edition ------------------------------------------------------------------------------


def test_the_edition_counts_every_verb_and_withdrawals_apart(published):
    story = published()
    counted = []
    for press_it in (
        lambda: do("publish", story, revision=1),
        lambda: do("schedule", story, revision=1, at=NOW + HOUR),
        lambda: do("move", story, NOW + HOUR, to=NOW + 2 * HOUR),
        lambda: do("cancel", story, NOW + 2 * HOUR),
        lambda: do("unpublish", story),
        lambda: take_down(story),
        lambda: do("restore", story, revision=1, reason="It was right"),
    ):
        before = edition.read()
        press_it()
        after = edition.read()
        counted.append((after.number - before.number, after.withdrawals - before.withdrawals))
    assert counted == [(1, 0), (1, 0), (1, 0), (1, 0), (1, 1), (1, 1), (1, 0)]


def test_a_refused_verb_and_a_save_leave_the_edition_as_it_was(published):
    story = published()
    before = edition.read()
    with pytest.raises(ValidationError):
        do("restore", story, revision=1, reason="It was right")
    rewrite(story, headline="Typed")
    assert edition.read() == before
