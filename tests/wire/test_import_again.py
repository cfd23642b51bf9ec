"""The second import: what the last one wrote is replaced, what the desk did since is left."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from articles.desk import filing, press, revisions
from articles.desk.filing import Outcome
from articles.desk.revisions import Values
from articles.desk.rights import Program
from articles.models import (
    Article,
    Author,
    Move,
    Publication,
    Revision,
    Section,
    SlugClaim,
    Tag,
)
from articles.moments import newsroom_zone
from articles.wire import story_files
from tests.conftest import NOW, PROGRAM
from tests.desk.pressing import working_copy
from tests.wire.terminal import FUTURE, PAST, import_stories, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

WriteFile = Callable[..., Path]
FIRST = datetime(2026, 6, 18, 4, 0, tzinfo=UTC)  # PAST
TABLES = (Article, Author, Move, Publication, Revision, Section, SlugClaim, Tag)


def rows() -> list[list[Any]]:
    return [list(table.objects.order_by("pk").values()) for table in TABLES]


def the_story() -> Article:
    return Article.objects.get(slug="harbour-opens")


def edit(**changes: Any) -> Article:
    """Save the story at the desk."""
    story = the_story()
    snapshot = working_copy(story)
    del snapshot["schema"]
    values = Values(**{**snapshot, **changes})
    return revisions.save(story.pk, values, by=PROGRAM, seen=story.version, now=NOW)


def pressing() -> dict[str, Any]:
    return {"by": PROGRAM, "seen": the_story().pressed, "now": NOW}


@pytest.mark.parametrize("options", [[], ["--publish"]])
def test_run_twice_it_changes_nothing(file: WriteFile, options: list[str]) -> None:
    file("a.md", authors=["Ilse"], tags=["Ports"], published=PAST, also_read=["b"])
    file("b.md", slug="b", also_read=["harbour-opens"], published=FUTURE)
    path = file("c.md", slug="c", standfirst="Of the harbour.", body="")
    import_stories(path.parent, *options)
    before = rows()

    said = import_stories(path.parent, *options)
    assert rows() == before
    assert "0 new, 0 changed, 3 the same" in said


def test_stories_that_opened_since_they_were_scheduled_are_the_same(
    file: WriteFile, clock: Any
) -> None:
    path = file(published=FUTURE)
    import_stories(path, "--publish")
    clock.shift(timedelta(days=2))

    assert "1 the same" in import_stories(path, "--publish")


def test_drafts_of_an_import_are_published_by_a_later_one(file: WriteFile) -> None:
    path = file(published=PAST)
    import_stories(path)
    import_stories(path, "--publish")

    assert Publication.objects.get().starts_at == FIRST
    assert Revision.objects.count() == 1


def test_a_changed_file_replaces_what_the_last_import_wrote(file: WriteFile) -> None:
    import_stories(file(standfirst="Old.", tags=["Ports"]))
    said = import_stories(file(standfirst="New.", tags=["Ferries", "Ports"], section="National"))

    story = the_story()
    assert "1 changed" in said
    assert (story.standfirst, story.section.name, story.version) == ("New.", "National", 2)
    assert [tag.name for tag in story.tags.order_by("pk")] == ["Ports", "Ferries"]
    assert {revision.note for revision in Revision.objects.all()} == {"story file"}


def test_a_changed_file_of_a_live_story_is_published_now(file: WriteFile) -> None:
    import_stories(file(published=PAST), "--publish")
    said = import_stories(file(published=PAST, body="It closed again."), "--publish")

    row = Publication.objects.at(NOW).get()
    assert "changed, published anew" in said
    assert row.text.body == "<p>It closed again.</p>"
    assert (row.starts_at, row.first_published_at) == (NOW, FIRST)


def test_without_publish_a_changed_file_of_a_live_story_stays_a_change_to_publish(
    file: WriteFile,
) -> None:
    import_stories(file(published=PAST), "--publish")
    path = file(published=PAST, body="It closed again.")
    import_stories(path)
    assert Publication.objects.at(NOW).get().revision == 1

    import_stories(path, "--publish")
    assert Publication.objects.at(NOW).get().revision == 2


def test_a_changed_file_of_a_scheduled_story_changes_what_is_scheduled(file: WriteFile) -> None:
    import_stories(file(published=FUTURE), "--publish")
    said = import_stories(file(published=FUTURE, body="It closed again."), "--publish")

    assert "changed, scheduled with the new text" in said
    assert Publication.objects.get().text.body == "<p>It closed again.</p>"


def test_a_changed_moment_moves_what_is_scheduled(file: WriteFile) -> None:
    import_stories(file(published=FUTURE), "--publish")
    later = "2026-06-21T09:30:00+05:30"
    said = import_stories(file(published=later, body="It closed again."), "--publish")

    row = Publication.objects.get()
    assert "moved on the schedule, scheduled with the new text" in said
    assert row.starts_at == datetime.fromisoformat(later)
    assert row.text.body == "<p>It closed again.</p>"


def test_a_scheduled_story_whose_file_names_the_past_by_now_opens_there(file: WriteFile) -> None:
    import_stories(file(published=FUTURE), "--publish")
    import_stories(file(published=PAST), "--publish")

    assert Publication.objects.get().starts_at == FIRST


def test_a_live_story_keeps_its_first_moment_and_a_file_that_differs_is_refused(
    file: WriteFile,
) -> None:
    import_stories(file(published=PAST), "--publish")
    before = rows()
    path = file(published="2026-06-17T09:30:00+05:30", body="New.")
    said = refused(path, "--publish")

    assert f"{path}:5: published: Readers have had this story since 2026-06-18T09:30" in said
    assert rows() == before


def test_a_file_that_lost_its_moment_changes_nothing_that_readers_have(file: WriteFile) -> None:
    import_stories(file(published=PAST), "--publish")
    import_stories(file(body="New."), "--publish")

    assert Publication.objects.at(NOW).get().revision == 1
    assert the_story().version == 2


# --- What the desk did since ---------------------------------------------------------------------


@pytest.mark.parametrize("options", [[], ["--publish"]])
def test_a_story_edited_at_the_desk_is_named_and_left(file: WriteFile, options: list[str]) -> None:
    import_stories(file(published=PAST), *options)
    edit(headline="Harbour Opens At Last")
    file(published=PAST, body="From the file.")
    path = file("other.md", slug="other")
    said = import_stories(path.parent, *options)

    assert "harbour.md: left: it was edited at the desk since" in said
    assert (the_story().headline, the_story().version) == ("Harbour Opens At Last", 2)
    assert Article.objects.filter(slug="other").exists()  # the others are written


def test_a_desk_edit_that_agrees_with_the_file_is_the_same(file: WriteFile) -> None:
    import_stories(file(standfirst="Old."))
    edit(standfirst="New.")

    assert "1 the same" in import_stories(file(standfirst="New."))


def test_a_slug_changed_at_the_desk_does_not_make_a_second_story(file: WriteFile) -> None:
    path = file()
    import_stories(path)
    edit(slug="harbour-is-open")

    assert "left: it was edited at the desk since" in import_stories(path)
    assert Article.objects.count() == 1


def test_a_story_unpublished_at_the_desk_is_not_brought_back(file: WriteFile) -> None:
    import_stories(file(published=PAST), "--publish")
    press.unpublish(the_story().pk, reason="It was too early", **pressing())
    said = import_stories(file(published=PAST, body="New."), "--publish")

    assert "left: it was published or withdrawn at the desk since" in said
    assert not Publication.objects.at(NOW).exists()
    assert the_story().version == 1


def test_a_moment_moved_at_the_desk_is_not_moved_back(file: WriteFile) -> None:
    path = file(published=FUTURE)
    import_stories(path, "--publish")
    start, to = Publication.objects.get().starts_at, NOW + timedelta(days=9)
    press.move(the_story().pk, start, to=to, **pressing())

    assert "left: it was published or withdrawn" in import_stories(path, "--publish")
    assert Publication.objects.get().starts_at == to


def test_a_story_published_at_the_desk_is_left_whatever_moment_its_file_names(
    file: WriteFile,
) -> None:
    path = file(published=PAST)
    import_stories(path)
    press.publish(the_story().pk, revision=1, change="update", **pressing())

    assert "left: it was published or withdrawn" in import_stories(path, "--publish")
    assert Publication.objects.get().first_published_at == NOW


def test_without_publish_a_story_published_at_the_desk_takes_the_files_text_as_a_draft(
    file: WriteFile,
) -> None:
    import_stories(file(published=PAST))
    press.publish(the_story().pk, revision=1, change="update", **pressing())
    import_stories(file(published=PAST, body="New."))

    assert the_story().body == "<p>New.</p>"
    assert Publication.objects.at(NOW).get().revision == 1


@pytest.mark.parametrize("pressed_by", [PROGRAM, filing.PROGRAM])
def test_a_live_story_with_a_later_version_scheduled_is_named_and_left(
    file: WriteFile, pressed_by: Program
) -> None:
    import_stories(file(published=PAST), "--publish")
    later = {**pressing(), "by": pressed_by, "at": NOW + timedelta(days=1)}
    press.schedule(the_story().pk, revision=1, **later)
    said = import_stories(file(published=PAST, body="New."), "--publish")

    assert "harbour.md: left: " in said
    assert the_story().version == 1


def test_a_story_that_is_off_the_site_is_not_brought_back_whoever_took_it_off(
    file: WriteFile,
) -> None:
    import_stories(file(published=PAST), "--publish")
    known = {**pressing(), "by": filing.PROGRAM}
    press.unpublish(the_story().pk, reason="It was too early", **known)
    said = import_stories(file(published=PAST, body="New."), "--publish")

    assert "left: it is not on the site any more" in said
    assert not Publication.objects.at(NOW).exists()


# --- Between the check and the writing -----------------------------------------------------------


def test_what_the_desk_does_while_an_import_runs_is_not_overwritten(
    file: WriteFile, folder: Path
) -> None:
    import_stories(file())
    file(body="From the file.")
    run = run_of(folder)
    plans = run.check(NOW)
    edit(headline="Harbour Opens At Last")
    ((_story, plan),) = run.write(plans, lambda: NOW)

    assert plan.outcome == Outcome.LEFT
    assert the_story().body == "<p>The harbour opened on Tuesday.</p>"


def test_a_story_that_cannot_be_written_leaves_nothing_behind_and_stops_no_other(
    file: WriteFile, folder: Path, write: Callable[..., Article]
) -> None:
    file("a.md", slug="taken", authors=["Ilse"], section="Culture")
    file("b.md", slug="b", also_read=["taken"])
    file("c.md", slug="c", authors=["Ilse"])
    run = run_of(folder)
    plans = run.check(NOW)
    write("Written Meanwhile", slug="taken")
    outcomes = {story.slug: plan for story, plan in run.write(plans, lambda: NOW)}

    assert outcomes["taken"].outcome == Outcome.FAILED
    assert "belongs to another story, “Written Meanwhile”" in outcomes["taken"].why
    assert outcomes["b"].outcome == Outcome.FAILED
    assert outcomes["c"].outcome == Outcome.NEW
    assert not Article.objects.filter(slug="b").exists()
    assert Author.objects.count() == 1
    assert not Section.objects.filter(name="Culture").exists()


def run_of(folder: Path) -> filing.Filing:
    batch = story_files.read(story_files.find([str(folder)]), newsroom_zone())
    return filing.Filing(batch.stories, publish=False)
