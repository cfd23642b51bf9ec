"""Publishing and scheduling: what readers see then, and what is refused."""

import pytest
from django.core.exceptions import ValidationError

from articles.desk import press, revisions
from articles.desk.revisions import Stale, Values
from articles.desk.sheet import Pending
from articles.models import ListKind, Move, Publication
from articles.states import EndsAs, PublicState
from tests.conftest import NOW, PROGRAM
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


# --- Publish ----------------------------------------------------------------------------------


def test_a_story_shows_from_the_moment_it_is_published(write):
    story = write()
    do("publish", story, revision=1)
    assert revision_shown(story) == 1
    assert shown(story, NOW - MICROSECOND) is None
    assert shown(story).path == "/world/harbour-opens/"


def test_publishing_again_ends_one_version_as_the_next_begins(published):
    story = published()
    do("publish", story, revision=rewrite(story, headline="Harbour Closes"))
    assert line(story) == [
        (1, NOW - 2 * HOUR, NOW, EndsAs.NEXT),
        (2, NOW, None, ""),
    ]
    assert revision_shown(story, NOW - MICROSECOND) == 1


def test_of_two_versions_published_at_one_moment_the_later_one_shows(write):
    story = write()
    do("publish", story, revision=1)
    do("publish", story, revision=rewrite(story, headline="Harbour Closes"))
    assert revision_shown(story) == 2
    assert line(story)[0] == (1, NOW, NOW, EndsAs.NEXT)


def test_publishing_says_what_is_live_by_then(write):
    story = write()
    do("publish", story, revision=1)
    assert shown(story).starts_at == NOW


def test_what_is_published_is_the_revision_decided_on_not_the_newest(write):
    story = write("As decided")
    rewrite(story, headline="As typed since")
    do("publish", story, revision=1)
    assert shown(story).headline == "As decided"


def test_a_version_is_a_copy_that_later_saves_do_not_reach(published, topic, author):
    story = published(tags=[topic.pk], authors=[author.pk], standfirst="Old words.")
    before = shown(story)
    rewrite(story, headline="New", standfirst="New", body="<p>New.</p>", tags=[], authors=[])
    after = shown(story)
    assert (after.headline, after.excerpt, after.tags, after.authors, after.text.body) == (
        before.headline, "Old words.", [topic.pk], [author.pk], before.text.body
    )  # fmt: skip


def test_a_story_without_a_body_is_not_published_and_one_with_a_body_is(write):
    story = write("Nothing Yet", body="")
    with pytest.raises(ValidationError, match="“Nothing Yet” has no text yet. Write the body"):
        do("publish", story, revision=1)
    do("publish", story, revision=rewrite(story, body="<p>Words.</p>"))
    assert revision_shown(story) == 2


def test_a_revision_that_does_not_exist_is_not_published(write):
    with pytest.raises(ValidationError, match="no revision 7"):
        do("publish", write(), revision=7)


def test_a_slug_that_another_story_has_claimed_meanwhile_is_refused(write):
    story = write(slug="quay")
    rewrite(story, slug="harbour")
    do("publish", write("Another Story", slug="quay"), revision=1)
    with pytest.raises(ValidationError, match="“quay” is another story’s address by now"):
        do("publish", story, revision=1)
    do("publish", story, revision=2)
    assert shown(story).path == "/world/harbour/"


def test_republishing_keeps_first_published_and_the_place_in_lists(published):
    older, newer = published("Older", at=NOW - 3 * HOUR), published("Newer")
    do("publish", older, revision=rewrite(older, body="<p>A typo fixed.</p>"))
    assert shown(older).first_published_at == NOW - 3 * HOUR
    assert in_list(ListKind.ALL) == [newer.pk, older.pk]


def test_as_new_a_story_gets_a_new_first_moment_and_place_for_a_reason(published):
    older, newer = published("Older", at=NOW - 3 * HOUR), published("Newer")
    do(
        "publish",
        older,
        revision=rewrite(older, headline="Rewritten"),
        as_new="It is another story",
    )
    assert shown(older).first_published_at == NOW
    assert in_list(ListKind.ALL) == [older.pk, newer.pk]
    assert in_list(ListKind.ALL, t=NOW - MICROSECOND) == [newer.pk, older.pk]
    assert Move.objects.first().reason == "It is another story"


def test_publishing_the_same_text_again_does_not_make_it_updated(published, national):
    story = published()
    do("publish", story, revision=rewrite(story, section=national.pk), change="typo")
    assert shown(story).updated_at == NOW - 2 * HOUR


@pytest.mark.parametrize("field", ["headline", "standfirst", "body"])
def test_publishing_another_text_makes_it_updated(published, field):
    story = published()
    do("publish", story, revision=rewrite(story, **{field: "<p>Other words.</p>"}))
    assert shown(story).updated_at == NOW


def test_publishing_what_was_unpublished_does_not_freshen_it(published):
    story = published()
    do("unpublish", story, now=NOW - HOUR)
    do("publish", story, revision=1, change="")
    assert shown(story).updated_at == shown(story).first_published_at == NOW - 2 * HOUR


# --- Twice, and too late ----------------------------------------------------------------------


def test_the_same_verb_twice_happens_once(write):
    story = write()
    do("publish", story, revision=1, seen=0)
    before = everything()
    with pytest.raises(Stale):
        do("publish", story, revision=1, seen=0)
    assert everything() == before


@pytest.mark.parametrize("seen", [0, 2])
def test_a_decision_on_what_somebody_has_pressed_since_is_refused(published, seen):
    story = published()
    before = everything()
    with pytest.raises(Stale):
        do("unpublish", story, seen=seen)
    assert everything() == before
    do("unpublish", story, seen=1)


def test_a_colleagues_save_does_not_refuse_a_publish(write, reporter):
    story = write(by=reporter)
    rewrite(story, headline="A colleague’s words", by=reporter)
    do("publish", story, revision=1, seen=0)
    assert revision_shown(story) == 1


def test_a_publish_does_not_refuse_a_colleagues_save(write):
    story = write()
    do("publish", story, revision=1)
    values = Values("Typed meanwhile", story.section_id, body="<p>Words.</p>")
    assert revisions.save(story.pk, values, by=PROGRAM, seen=1, now=NOW).version == 2


# --- Schedule ---------------------------------------------------------------------------------


def test_what_is_scheduled_shows_at_its_very_microsecond(write):
    story = write()
    do("schedule", story, revision=1, at=NOW + HOUR)
    assert shown(story, NOW + HOUR - MICROSECOND) is None
    assert revision_shown(story, NOW + HOUR) == 1
    assert state(story) == PublicState.NEVER


@pytest.mark.parametrize("early", [HOUR, MICROSECOND, 0 * HOUR])
def test_nothing_is_scheduled_for_a_moment_that_is_not_in_the_future(write, early):
    story = write()
    with pytest.raises(ValidationError, match="That moment has passed"):
        do("schedule", story, revision=1, at=NOW - early)
    do("schedule", story, revision=1, at=NOW + MICROSECOND)


def test_no_two_versions_are_scheduled_for_one_moment(write):
    story = write()
    do("schedule", story, revision=1, at=NOW + HOUR)
    with pytest.raises(ValidationError, match="Another version is scheduled for that very moment"):
        do("schedule", story, revision=1, at=NOW + HOUR)
    do("schedule", story, revision=1, at=NOW + HOUR + MICROSECOND)


def test_a_scheduled_change_to_a_live_story_replaces_it_then(published):
    story = published()
    do("schedule", story, revision=rewrite(story, headline="Tomorrow"), at=NOW + HOUR)
    assert shown(story, NOW + HOUR - MICROSECOND).headline == "Harbour Opens"
    assert shown(story, NOW + HOUR).headline == "Tomorrow"
    assert shown(story, NOW + HOUR).first_published_at == NOW - 2 * HOUR


def test_a_version_with_an_end_expires_then(write):
    story = write()
    do("schedule", story, revision=1, at=NOW + HOUR, until=NOW + 2 * HOUR)
    assert revision_shown(story, NOW + 2 * HOUR - MICROSECOND) == 1
    assert shown(story, NOW + 2 * HOUR) is None
    assert state(story, NOW + 2 * HOUR) == PublicState.EXPIRED


@pytest.mark.parametrize("length", [-HOUR, 0 * HOUR])
def test_an_end_before_the_start_is_refused(write, length):
    story = write()
    with pytest.raises(ValidationError, match="The end has to lie after the start"):
        do("schedule", story, revision=1, at=NOW + HOUR, until=NOW + HOUR + length)
    do("schedule", story, revision=1, at=NOW + HOUR, until=NOW + HOUR + MICROSECOND)


def test_an_end_after_the_next_version_is_refused(published):
    story = published()
    do("schedule", story, revision=1, at=NOW + 3 * HOUR)
    with pytest.raises(ValidationError, match="Another version is scheduled before that end"):
        do("schedule", story, revision=1, at=NOW + HOUR, until=NOW + 4 * HOUR, pending=Pending.KEEP)
    do("schedule", story, revision=1, at=NOW + HOUR, until=NOW + 3 * HOUR, pending=Pending.KEEP)


def test_a_second_end_is_refused_where_the_story_has_one(published):
    story = published()
    do("set_end", story, at=NOW + 5 * HOUR)
    with pytest.raises(ValidationError, match="The story already has an end"):
        do("schedule", story, revision=1, at=NOW + HOUR, until=NOW + 2 * HOUR)
    do("schedule", story, revision=1, at=NOW + HOUR)
    assert state(story, NOW + 5 * HOUR) == PublicState.EXPIRED


def test_a_scheduled_slug_belongs_to_its_story(write):
    do("schedule", write(slug="quay"), revision=1, at=NOW + HOUR)
    with pytest.raises(ValidationError, match="belongs to another story"):
        write("Another", slug="quay")


# --- In the past ------------------------------------------------------------------------------


def test_a_story_that_was_public_elsewhere_opens_in_the_past_and_its_move_keeps_both(write):
    story, since = write(), NOW - 9 * HOUR
    do("open_in_the_past", story, revision=1, since=since)
    assert revision_shown(story, since) == 1
    assert shown(story).first_published_at == since
    move = Move.objects.first()
    assert (move.at, move.details) == (NOW, {"since": since.isoformat()})


def test_a_story_opens_in_the_past_only_once(write):
    story = write()
    do("open_in_the_past", story, revision=1, since=NOW - HOUR)
    with pytest.raises(ValidationError, match="never public"):
        do("open_in_the_past", story, revision=1, since=NOW - 2 * HOUR)


def test_a_story_that_is_scheduled_does_not_open_in_the_past(write):
    story = write()
    do("schedule", story, revision=1, at=NOW + HOUR)
    with pytest.raises(ValidationError, match="never public"):
        do("open_in_the_past", story, revision=1, since=NOW - HOUR)


def test_opening_in_the_past_is_not_opening_in_the_future(write):
    with pytest.raises(ValidationError):
        do("open_in_the_past", write(), revision=1, since=NOW + MICROSECOND)


# --- Discarding -------------------------------------------------------------------------------


def test_a_story_that_was_never_public_is_discarded_and_its_moves_stay(write, editor):
    story = write(by=editor)
    revisions.discard(story.pk, by=editor, now=NOW)
    assert not type(story).objects.filter(pk=story.pk).exists()
    assert [move.verb for move in Move.objects.filter(article=story.pk)] == ["discard", "create"]


def test_a_story_that_was_public_or_scheduled_is_not_discarded(write, published, editor):
    scheduled = write("Scheduled")
    do("schedule", scheduled, revision=1, at=NOW + HOUR)
    do("cancel", scheduled, NOW + HOUR)
    hidden = published("Hidden")
    do("unpublish", hidden)
    for story in (scheduled, hidden, published("Live")):
        before = everything()
        with pytest.raises(ValidationError, match="unpublish it, or take it down"):
            revisions.discard(story.pk, by=editor, now=NOW)
        assert everything() == before


def test_a_refused_verb_leaves_no_trace(write):
    story = write(body="")
    before = everything()
    with pytest.raises(ValidationError):
        press.publish(story.pk, revision=1, by=PROGRAM, seen=0, now=NOW)
    assert everything() == before
    assert not Publication.objects.exists()
