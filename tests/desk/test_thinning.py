"""Thinning: what is deleted of a story's past, what never is, and that the rest stays true."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F

from articles.desk import checks, compare, history, revisions, thinning, workflow
from articles.models import Article, Move, Revision, ShareLink
from articles.states import Change
from tests.conftest import NOW, PROGRAM
from tests.desk.pressing import do
from tests.desk.test_history import MINUTE, ZONE, paragraphs, save

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
LONG_AGO = NOW - 200 * DAY


@pytest.fixture
def story(write, reporter):
    """Revision 1; then a run of four saves, another of four a day later, and one of today."""
    story = write(by=reporter, now=LONG_AGO)
    for day in (1, 2):
        for n in range(4):
            at = LONG_AGO + day * DAY + n * MINUTE
            save(story, at, reporter, body=paragraphs(day * 10 + n))
    save(story, NOW - MINUTE, reporter, standfirst="Today’s.")
    return story


def thin(now=NOW, days=90):
    return thinning.thin(older_than=days * DAY, now=now, by=PROGRAM)


def numbers(story):
    rows = Revision.objects.filter(article=story.pk).order_by("number")
    return list(rows.values_list("number", flat=True))


def assert_true(story):
    """What each revision is said to have changed is what it changed to the one before."""
    before = None
    for row in Revision.objects.filter(article=story.pk).exclude(kind="beside").order_by("number"):
        assert row.changed == compare.summary(before, row.snapshot), row.number
        before = row.snapshot


def test_of_a_run_of_old_saves_the_last_stays(story):
    assert thin() == thinning.Thinned(stories=1, revisions=6)
    assert numbers(story) == [1, 5, 9, 10]
    assert_true(story)


def test_the_history_tells_as_much_as_before(story):
    def told():
        page = history.lines(story.pk, t=NOW, zone=ZONE)
        return [(line.who, line.number, line.what, line.more) for line in page.lines]

    before = told()
    thin()
    assert told() == before


def test_a_held_story_keeps_every_save(story):
    do("hold", story, reason="Counsel is reading it")
    assert thin() == thinning.Thinned(stories=0, revisions=0)
    assert numbers(story) == list(range(1, 11))


def test_saves_that_are_not_old_enough_stay(story):
    assert thin(now=LONG_AGO + 91 * DAY + 2 * MINUTE).revisions == 2
    assert numbers(story) == [1, 4, 5, 6, 7, 8, 9, 10]
    assert_true(story)


def test_a_run_that_goes_on_over_the_age_keeps_what_is_younger(write, reporter):
    story = write(by=reporter, now=LONG_AGO)
    for n in range(-2, 2):
        save(story, NOW - 90 * DAY + n * MINUTE, reporter, standfirst=f"Take {n}.")
    thin()
    assert numbers(story) == [1, 4, 5]
    assert_true(story)


def share(story, reporter, editor):
    ShareLink.objects.create(
        article=story, revision=3, person="A lawyer", digest="x", at=NOW, expires_at=NOW
    )


def publish(story, reporter, editor):
    do("publish", story, revision=3, now=NOW)
    Move.objects.all().delete()  # so that the version alone names it


def press_and_withdraw(story, reporter, editor):
    do("schedule", story, revision=3, at=NOW + DAY, now=NOW)
    do("cancel", story, NOW + DAY)


def set_beside(story, reporter, editor):
    held = revisions.snapshot(story.pk, 3) | {"headline": "Another"}
    revisions.set_beside(
        story.pk, held, by=editor, based_on=3, seen=10, now=NOW, note=""
    )  # fmt: skip


def note(story, reporter, editor):
    Revision.objects.filter(article=story, number=3).update(note="as agreed")


def stay(story, reporter, editor):
    Revision.objects.filter(article=story, number=3).update(stays=True)


@pytest.mark.parametrize(
    "named_by",
    [share, publish, press_and_withdraw, set_beside, note, stay],
    ids=lambda f: f.__name__,
)
def test_what_something_names_stays(story, reporter, editor, named_by):
    named_by(story, reporter, editor)
    thin()
    assert numbers(story)[:4] == [1, 3, 5, 9]
    assert_true(story)


def test_what_a_step_was_about_stays_and_ends_a_run(write, reporter):
    story = write(by=reporter, now=LONG_AGO)
    for n in range(1, 4):
        save(story, LONG_AGO + n * MINUTE, reporter, standfirst=f"Take {n}.")
    workflow.take("submit", story.pk, by=reporter, now=LONG_AGO + 4 * MINUTE)
    for n in range(5, 8):
        save(story, LONG_AGO + n * MINUTE, reporter, standfirst=f"Take {n}.")
    thin()
    assert numbers(story) == [1, 4, 7]
    assert_true(story)


def test_a_text_set_beside_stays_with_the_working_copy_around_it(write, reporter, editor):
    story = write(by=reporter, now=LONG_AGO)
    for n in range(1, 4):
        save(story, LONG_AGO + n * MINUTE, reporter, standfirst=f"Take {n}.")
    held = revisions.snapshot(story.pk, 4) | {"headline": "Another"}
    at = LONG_AGO + 4 * MINUTE
    revisions.set_beside(story.pk, held, by=reporter, based_on=2, seen=4, now=at, note="")
    for n in range(5, 8):
        save(story, LONG_AGO + n * MINUTE, reporter, standfirst=f"Take {n}.")
    thin()
    assert numbers(story) == [1, 2, 4, 5, 6, 9]
    assert_true(story)


def test_who_changed_the_text_last_is_still_who_did(write, reporter, editor):
    story = write(by=reporter, now=LONG_AGO)
    save(story, LONG_AGO + DAY, editor, standfirst="News.")
    save(story, LONG_AGO + 2 * DAY, reporter, standfirst="Other news.")
    save(story, LONG_AGO + 2 * DAY + MINUTE, reporter, slug="harbour-news")
    save(story, LONG_AGO + 3 * DAY, editor, slug="harbour")
    thin()
    assert numbers(story) == [1, 2, 4, 5]
    assert checks.wrote_last(story, reporter)


def test_a_long_run_is_deleted_in_lots_and_is_true_after_each(write, reporter):
    story = write(by=reporter, now=LONG_AGO)
    held = Revision.objects.get(article=story)
    saves = 2 * thinning.STEP + 30
    Revision.objects.bulk_create(
        Revision(
            article=story, number=n, fields=held.fields | {"headline": f"Take {n}"},
            body=held.body, at=LONG_AGO + timedelta(seconds=n), by=reporter, by_name="Reporter",
            changed={"fields": ["headline"], "added": 0, "removed": 0}, is_text=n == 2,
        )
        for n in range(2, saves + 2)
    )  # fmt: skip
    Article.objects.filter(pk=story.pk).update(version=saves + 1)
    assert thin().revisions == saves - 1
    assert numbers(story) == [1, saves + 1]
    assert Revision.objects.get(article=story, number=saves + 1).is_text
    assert_true(story)


class Broken(Exception):
    pass


@pytest.mark.parametrize("after", range(1, 7))
def test_a_run_that_is_killed_leaves_what_is_true_and_the_next_one_does_the_rest(story, after):
    writes = 0

    def kill(execute, sql, params, many, context):
        nonlocal writes
        if sql.startswith(("UPDATE", "DELETE", "INSERT")):
            writes += 1
            if writes == after:
                raise Broken
        return execute(sql, params, many, context)

    with pytest.raises(Broken), connection.execute_wrapper(kill):
        thin()
    assert numbers(story) in (
        list(range(1, 11)), [1, 5, 6, 7, 8, 9, 10], [1, 5, 9, 10],
    )  # fmt: skip
    assert_true(story)
    thin()
    assert numbers(story) == [1, 5, 9, 10]
    assert_true(story)


@pytest.mark.parametrize("count", ["version", "pressed"])
def test_a_story_that_is_saved_or_pressed_meanwhile_waits_for_the_next_time(story, count):
    Article.objects.filter(pk=story.pk).update(edited_at=LONG_AGO + 2 * DAY)
    was_moved = False

    def move_it(execute, sql, params, many, context):
        nonlocal was_moved
        if sql.startswith("UPDATE") and not was_moved:
            was_moved = True
            Article.objects.filter(pk=story.pk).update(**{count: F(count) + 1})
        return execute(sql, params, many, context)

    with connection.execute_wrapper(move_it):
        assert thin().revisions == 0
    assert numbers(story) == list(range(1, 11))
    Article.objects.filter(pk=story.pk).update(version=10)
    assert thin().revisions == 6


def test_a_link_that_is_made_meanwhile_keeps_its_revision(story):
    was_made = False

    def make_it(execute, sql, params, many, context):
        nonlocal was_made
        if sql.startswith("UPDATE") and not was_made:
            was_made = True
            share(story, None, None)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(make_it):
        assert thin().revisions == 0
    thin()
    assert numbers(story) == [1, 3, 5, 9, 10]


def test_what_was_done_is_written_down(story):
    thin()
    done = Move.objects.get(verb="thin_revisions")
    assert (done.article, done.by_name, done.at) == (None, "tests", NOW)
    assert done.subject == "Old saves deleted: 6"
    assert (done.details["stories"], done.details["revisions"]) == (1, 6)


def test_stories_that_nobody_saved_since_are_not_looked_at_again(
    story, write, django_assert_num_queries
):
    for n in range(20):
        save(write(f"Old {n}", now=LONG_AGO), LONG_AGO + DAY, standfirst="News.")
    for old in Article.objects.exclude(pk=story.pk):
        save(old, LONG_AGO + 2 * DAY, standfirst="Other news.")
    thin()
    with django_assert_num_queries(3 + 5):  # the last run, the stories, the Move; and one story
        thin(now=NOW + DAY)


def test_a_dry_run_says_how_many_and_deletes_none(story, clock):
    said = StringIO()
    call_command("thin_revisions", "--dry-run", stdout=said)
    assert "would be deleted: 6, of 1 stories." in said.getvalue()
    assert numbers(story) == list(range(1, 11))
    assert not Move.objects.filter(verb="thin_revisions").exists()


def test_the_command_deletes_and_says_how_many(story, clock):
    said = StringIO()
    call_command("thin_revisions", "--days", "90", stdout=said)
    assert "from before 21 Mar 2026, 12:00 that were deleted: 6, of 1 stories." in said.getvalue()
    assert numbers(story) == [1, 5, 9, 10]


@pytest.mark.parametrize("days", ["0", "-1", "9999999", "x"])
def test_a_number_of_days_that_makes_no_sense_is_refused(days):
    with pytest.raises(CommandError):
        call_command("thin_revisions", f"--days={days}")


def test_a_form_opened_on_a_save_that_was_thinned_out_loses_no_word(
    desk_of, reporter, story, clock
):
    thin()
    answer = desk_of(reporter).post(
        f"/admin/articles/article/{story.pk}/change/",
        {
            "headline": "My Own Headline", "standfirst": "", "body": "<p>My own text.</p>",
            "section": story.section_id, "slug": story.slug, "tags": "", "note": "", "seen": 3,
        },
    )  # fmt: skip
    beside = Revision.objects.get(article=story.pk, kind="beside")
    assert answer.url == f"/admin/articles/article/{story.pk}/beside/{beside.number}/"
    assert beside.snapshot["body"] == "<p>My own text.</p>"
    assert desk_of(reporter).get(answer.url).status_code == 200


def test_a_correction_of_what_was_published_long_ago_finds_what_readers_had(write, reporter):
    story = write(by=reporter, now=LONG_AGO)
    for n in range(1, 4):
        save(story, LONG_AGO + n * MINUTE, reporter, standfirst=f"Take {n}.")
    do("publish", story, revision=2, now=LONG_AGO + DAY)
    thin()
    note = "It was not the second take."
    do("publish", story, revision=4, now=NOW, change=Change.CORRECTION, note=note)
    assert numbers(story) == [1, 2, 4]
