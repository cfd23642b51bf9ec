"""What is scheduled: what becomes of it when something is published before it, and its verbs."""

import pytest
from django.core.exceptions import ValidationError

from articles.desk.sheet import Pending
from articles.models import Article, ListKind, Move, Revision
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
    working_copy,
)

pytestmark = pytest.mark.django_db

ONE, TWO, THREE = "<p>One.</p>", "<p>Two.</p>", "<p>Three.</p>"
TODAY, TOMORROW = NOW, NOW + 24 * HOUR


@pytest.fixture
def changing(published):
    """A live story (revision 1) with a change to its last paragraph scheduled (revision 2)."""
    story = published(body=ONE + TWO + THREE)
    do("schedule", story, revision=rewrite(story, body=ONE + TWO + "<p>3.</p>"), at=TOMORROW)
    return story


# --- The choice -------------------------------------------------------------------------------


def test_with_a_change_scheduled_a_publish_has_to_say_what_becomes_of_it(changing):
    before = everything()
    with pytest.raises(ValidationError, match="Say what becomes of it") as refusal:
        do("publish", changing, revision=1)
    assert refusal.value.code == "pending"
    assert everything() == before


def test_a_fix_that_keeps_what_is_scheduled_lasts_until_then(changing):
    do("publish", changing, revision=rewrite(changing, body="<p>1.</p>"), pending=Pending.KEEP)
    assert revision_shown(changing, TODAY) == 3
    assert revision_shown(changing, TOMORROW) == 2


def test_a_fix_that_cancels_what_is_scheduled_lasts(changing):
    do("publish", changing, revision=rewrite(changing, body="<p>1.</p>"), pending=Pending.CANCEL)
    assert revision_shown(changing, TOMORROW) == 3
    assert Revision.objects.filter(article=changing, number=2).exists()


@pytest.mark.parametrize("is_live", [True, False])
def test_a_publish_that_cancels_what_is_scheduled_cancels_all_of_it(write, is_live):
    story = write()
    if is_live:
        do("publish", story, revision=1, now=NOW - HOUR)
    for hours in (1, 2, 3):
        do("schedule", story, revision=1, at=NOW + hours * HOUR)
    do("publish", story, revision=1, pending=Pending.CANCEL)
    assert line(story)[-1] == (1, NOW, None, "")


def test_the_move_says_what_became_of_what_was_scheduled(changing):
    do("publish", changing, revision=1, pending=Pending.CANCEL, change="")
    assert Move.objects.first().details == {"pending": "cancel"}


def test_with_nothing_scheduled_no_choice_is_asked_for(published):
    story = published()
    do("publish", story, revision=1)
    do("publish", story, revision=1, pending=Pending.MERGE)


def test_a_schedule_asks_about_what_is_scheduled_later_only(changing):
    with pytest.raises(ValidationError, match="Say what becomes of it"):
        do("schedule", changing, revision=1, at=TOMORROW - HOUR)
    do("schedule", changing, revision=1, at=TOMORROW + HOUR)
    assert revision_shown(changing, TOMORROW + HOUR) == 1


# --- Merging ----------------------------------------------------------------------------------


def test_a_fix_is_merged_into_what_is_scheduled(changing):
    fix = rewrite(changing, headline="Harbour Opens Late", body="<p>1.</p>" + TWO + THREE)
    do("publish", changing, revision=fix, pending=Pending.MERGE)
    today, tomorrow = shown(changing, TODAY), shown(changing, TOMORROW)
    assert today.text.body == "<p>1.</p>" + TWO + THREE
    assert tomorrow.text.body == "<p>1.</p><p>Two.</p><p>3.</p>"
    assert today.headline == tomorrow.headline == "Harbour Opens Late"
    assert (tomorrow.starts_at, tomorrow.updated_at) == (TOMORROW, TOMORROW)


def test_what_was_merged_is_a_revision_of_its_own(changing, editor, publisher):
    fix = rewrite(changing, body="<p>1.</p>" + TWO + THREE)
    do("publish", changing, revision=fix, pending=Pending.MERGE, by=publisher)
    merged = Revision.objects.get(article=changing, number=shown(changing, TOMORROW).revision)
    assert (merged.number, merged.based_on, merged.by) == (fix + 1, 2, publisher)
    assert "merged" in merged.note


def test_a_fix_is_merged_into_everything_that_is_scheduled(changing):
    later = rewrite(changing, body=ONE + "<p>2.</p>" + "<p>3.</p>")
    do("schedule", changing, revision=later, at=TOMORROW + HOUR)
    fix = rewrite(changing, body="<p>1.</p>" + TWO + THREE)
    do("publish", changing, revision=fix, pending=Pending.MERGE)
    assert shown(changing, TOMORROW).text.body == "<p>1.</p><p>Two.</p><p>3.</p>"
    assert shown(changing, TOMORROW + HOUR).text.body == "<p>1.</p><p>2.</p><p>3.</p>"


def test_a_merge_of_what_both_changed_is_asked_back_and_changes_nothing(changing):
    fix = rewrite(changing, headline="Late", body=ONE + TWO + "<p>Drei.</p>")
    before = everything()
    with pytest.raises(ValidationError, match="Both versions change the same: body") as refusal:
        do("publish", changing, revision=fix, pending=Pending.MERGE)
    assert refusal.value.code == "overlap"
    assert everything() == before


def test_a_merge_needs_a_live_version_that_both_come_from(write):
    story = write()
    do("schedule", story, revision=1, at=TOMORROW)
    with pytest.raises(ValidationError, match="Nothing is live that both versions come from"):
        do("publish", story, revision=1, pending=Pending.MERGE)
    do("publish", story, revision=1, pending=Pending.KEEP)


def test_after_a_merge_the_form_opens_on_the_text_of_the_revision_it_names(changing):
    """Or the next save and the next press would be of a text that nobody has seen (rule 1)."""
    fix = rewrite(changing, body="<p>1.</p>" + TWO + THREE)
    rewrite(changing, body=ONE + TWO + "<p>3.</p>")  # back to work on tomorrow's text
    do("publish", changing, revision=fix, pending=Pending.MERGE)
    opened = Article.objects.get(pk=changing.pk)
    newest = Revision.objects.get(article=changing, number=opened.version)
    assert working_copy(opened) == newest.snapshot


# --- Update, move, cancel, end ----------------------------------------------------------------


def test_what_is_scheduled_can_be_updated_at_the_same_moment(changing):
    do("update_scheduled", changing, TOMORROW, revision=rewrite(changing, headline="Tomorrow"))
    assert shown(changing, TOMORROW).headline == "Tomorrow"
    assert shown(changing, TOMORROW - MICROSECOND).headline == "Harbour Opens"


@pytest.mark.parametrize(
    ("verb", "values"),
    [("update_scheduled", {"revision": 1}), ("move", {"to": TOMORROW + HOUR}), ("cancel", {})],
)
def test_what_has_begun_is_history_and_what_has_not_can_still_be_changed(changing, verb, values):
    before = everything()
    with pytest.raises(ValidationError, match="Nothing is scheduled"):
        do(verb, changing, TOMORROW, now=TOMORROW, **values)
    assert everything() == before
    do(verb, changing, TOMORROW, now=TOMORROW - MICROSECOND, **values)


def test_what_is_scheduled_moves_and_the_one_before_lasts_until_then(changing):
    do("move", changing, TOMORROW, to=TOMORROW + HOUR)
    assert revision_shown(changing, TOMORROW) == 1
    assert revision_shown(changing, TOMORROW + HOUR) == 2


def test_the_first_version_of_a_story_moves_with_its_first_moment(write):
    story = write()
    do("schedule", story, revision=1, at=TODAY + HOUR)
    do("move", story, TODAY + HOUR, to=TOMORROW)
    assert shown(story, TOMORROW).first_published_at == TOMORROW


@pytest.mark.parametrize("to", [TODAY, TODAY - HOUR, TOMORROW + HOUR, TOMORROW + 2 * HOUR])
def test_what_is_scheduled_moves_neither_into_the_past_nor_past_a_neighbour(changing, to):
    do("schedule", changing, revision=1, at=TOMORROW + HOUR)
    with pytest.raises(ValidationError):
        do("move", changing, TOMORROW, to=to)
    do("move", changing, TOMORROW, to=TODAY + MICROSECOND)


def test_the_version_before_a_cancelled_one_gets_its_end_back(published):
    story = published()
    do("set_end", story, at=TOMORROW + HOUR)
    do("schedule", story, revision=1, at=TOMORROW)
    do("cancel", story, TOMORROW)
    assert line(story) == [(1, NOW - 2 * HOUR, TOMORROW + HOUR, EndsAs.EXPIRED)]


def test_the_earliest_start_that_remains_becomes_the_first_moment(write):
    story = write()
    do("schedule", story, revision=1, at=TOMORROW)
    do("schedule", story, revision=1, at=TOMORROW + HOUR)
    assert shown(story, TOMORROW + HOUR).first_published_at == TOMORROW
    do("cancel", story, TOMORROW)
    assert shown(story, TOMORROW + HOUR).first_published_at == TOMORROW + HOUR
    assert in_list(ListKind.ALL, t=TOMORROW) == []
    assert in_list(ListKind.ALL, t=TOMORROW + HOUR) == [story.pk]


def test_with_nothing_scheduled_there_is_nothing_to_cancel(published):
    with pytest.raises(ValidationError, match="Nothing is scheduled for this story"):
        do("cancel", published(), TOMORROW)


def test_a_story_ends_by_itself_at_the_end_set_for_it(published):
    story = published()
    do("set_end", story, at=TOMORROW)
    assert state(story, TOMORROW - MICROSECOND) == PublicState.LIVE
    assert state(story, TOMORROW) == PublicState.EXPIRED
    do("set_end", story, at=None)
    assert state(story, TOMORROW) == PublicState.LIVE


@pytest.mark.parametrize("at", [TODAY - HOUR, TODAY, TOMORROW - HOUR, TOMORROW])
def test_an_end_lies_in_the_future_and_after_what_is_scheduled(changing, at):
    with pytest.raises(ValidationError, match="The end has to lie in the future, and after"):
        do("set_end", changing, at=at)
    do("set_end", changing, at=TOMORROW + MICROSECOND)


def test_a_story_that_was_never_public_has_no_end(write):
    story = write()
    with pytest.raises(ValidationError):
        do("set_end", story, at=TOMORROW)
    do("schedule", story, revision=1, at=TODAY + HOUR)
    do("set_end", story, at=TOMORROW)


# --- Since when a text reads so ---------------------------------------------------------------


def test_a_typo_scheduled_after_an_update_is_as_old_as_what_comes_before_it(published, national):
    story = published()
    text = rewrite(story, headline="Tomorrow")
    do("schedule", story, revision=text, at=TOMORROW)
    typo = rewrite(story, section=national.pk)
    do("schedule", story, revision=typo, at=TOMORROW + HOUR, change="typo")
    assert shown(story, TOMORROW + HOUR).updated_at == TOMORROW
    do("cancel", story, TOMORROW)
    assert shown(story, TOMORROW + HOUR).updated_at == NOW - 2 * HOUR


def test_an_update_of_what_is_scheduled_to_the_text_that_is_live_updates_nothing(published):
    story = published()
    do("schedule", story, revision=rewrite(story, headline="Tomorrow"), at=TOMORROW)
    do("update_scheduled", story, TOMORROW, revision=1, change="")
    assert shown(story, TOMORROW).updated_at == NOW - 2 * HOUR
