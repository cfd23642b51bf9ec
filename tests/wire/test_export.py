"""What leaves as files: readers’ texts with their moments, or the desk’s without, and the form."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management.base import CommandError

from articles.desk import press, revisions, taxonomy
from articles.desk.revisions import Values
from articles.desk.sheet import Pending
from articles.models import Article, Author, Publication, Section, Tag
from articles.states import EndsAs
from tests.conftest import NOW, PROGRAM
from tests.desk.pressing import working_copy
from tests.wire.terminal import export_stories, files_in, import_stories, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

Write = Callable[..., Article]


def pressing(story: Article) -> dict[str, Any]:
    return {"by": PROGRAM, "seen": Article.objects.get(pk=story.pk).pressed, "now": NOW}


def save(story: Article, **changes: Any) -> Article:
    snapshot = working_copy(Article.objects.get(pk=story.pk))
    del snapshot["schema"]
    values = Values(**{**snapshot, **changes})
    return revisions.save(story.pk, values, by=PROGRAM, seen=story.version, now=NOW)


def exported(folder: Path) -> dict[str, str]:
    export_stories(folder)
    return files_in(folder)


def test_a_file_has_the_form_of_the_seed(
    folder: Path, published: Write, write: Write, author: Author, topic: Tag
) -> None:
    other = write("Ferry Is Late")
    published(
        "“Harbour” Opens",
        standfirst="Two lines:\n\\ and “#”.",
        authors=[author.pk],
        tags=[topic.pk],
        also_read=[other.pk],
        body="<p>One <em>two</em>.</p><h2>Three</h2>",
    )

    assert exported(folder)["harbour-opens.md"] == (
        "---\n"
        'headline: "“Harbour” Opens"\n'
        'slug: "harbour-opens"\n'
        'standfirst: "Two lines:\\n\\\\ and “#”."\n'
        'section: "World"\n'
        "authors:\n"
        '  - "Ilse Hartmann"\n'
        "tags:\n"
        '  - "Ports"\n'
        "published: 2026-06-19T10:00:00+05:30\n"
        "also_read:\n"
        '  - "ferry-is-late"\n'
        "---\n"
        "\n"
        "One *two*.\n"
        "\n"
        "## Three\n"
    )


def test_a_draft_without_anything_has_no_empty_keys(folder: Path, write: Write) -> None:
    write("Harbour Opens", body="")

    assert exported(folder)["harbour-opens.md"] == (
        '---\nheadline: "Harbour Opens"\nslug: "harbour-opens"\nsection: "World"\n---\n'
    )


def test_what_was_imported_leaves_to_the_letter(
    folder: Path, file: Callable[..., Path], tmp_path: Path
) -> None:
    ours = Path(__file__).parent / "stories" / "grain-market-closes-high.md"
    import_stories(ours, "--publish")

    assert exported(folder)[ours.name] == ours.read_text(encoding="utf-8")


def test_microseconds_stand_in_the_file_where_there_are_any(folder: Path, write: Write) -> None:
    story, since = write(), NOW - timedelta(microseconds=1)
    press.open_in_the_past(story.pk, revision=1, since=since, **pressing(story))

    assert "published: 2026-06-19T11:59:59.999999+05:30" in exported(folder)["harbour-opens.md"]


def test_a_live_story_leaves_as_readers_get_it_and_its_changes_are_counted(
    folder: Path, published: Write
) -> None:
    save(published(), headline="A Secret", body="<p>Not yet.</p>", slug="a-secret")

    said = export_stories(folder)
    ((name, text),) = files_in(folder).items()
    assert (name, "A Secret" in text, "Not yet" in text) == ("harbour-opens.md", False, False)
    assert "With changes that are not published, and not in their files: 1." in said


def test_a_live_story_with_a_scheduled_change_leaves_as_it_is_now(
    folder: Path, published: Write
) -> None:
    story = published()
    save(story, body="<p>Tomorrow.</p>")
    press.schedule(
        story.pk, revision=2, at=NOW + timedelta(days=1), change="update", **pressing(story)
    )

    assert "Tomorrow" not in exported(folder)["harbour-opens.md"]


def test_a_scheduled_story_leaves_with_the_moment_it_opens(folder: Path, write: Write) -> None:
    story = write()
    press.schedule(story.pk, revision=1, at=NOW + timedelta(days=1), **pressing(story))
    save(story, headline="Later Still", slug="later")

    assert "published: 2026-06-20T12:00:00+05:30" in exported(folder)["harbour-opens.md"]


def test_a_story_that_is_to_come_back_leaves_with_the_moment_it_does(
    folder: Path, published: Write
) -> None:
    story = published()
    press.unpublish(story.pk, reason="It was too early", **pressing(story))
    press.schedule(story.pk, revision=1, at=NOW + timedelta(days=1), **pressing(story))

    assert "published: 2026-06-20T12:00:00+05:30" in exported(folder)["harbour-opens.md"]


def unpublish(story: Article) -> None:
    press.unpublish(story.pk, reason="It was too early", **pressing(story))


def take_down(story: Article) -> None:
    press.take_down(
        story.pk, how=EndsAs.GONE, reason="It was wrong.", authority="A court", **pressing(story)
    )


def let_expire(story: Article) -> None:
    rows = Publication.objects.filter(article=story)
    rows.update(ends_at=NOW, ends_as=EndsAs.EXPIRED)


@pytest.mark.parametrize("withdraw", [unpublish, take_down, let_expire])
def test_a_withdrawn_story_leaves_as_the_desk_has_it_and_without_a_moment(
    folder: Path, published: Write, withdraw: Callable[[Article], None]
) -> None:
    story = published()
    withdraw(story)
    save(story, body="<p>Corrected.</p>")

    text = exported(folder)["harbour-opens.md"]
    assert "Corrected." in text
    assert "published:" not in text


def test_what_vanished_is_left_out_counted_and_pointed_to_by_nothing(
    folder: Path, published: Write, write: Write
) -> None:
    story, kept = published("Vanished"), write("Kept")
    write("Points", also_read=[story.pk, kept.pk])
    reason = {"how": EndsAs.VANISHED, "reason": "By order of a court."}
    press.take_down(story.pk, authority="A court", **reason, **pressing(story))

    said = export_stories(folder)
    files = files_in(folder)
    assert sorted(files) == ["kept.md", "points.md"]
    assert 'also_read:\n  - "kept"\n---' in files["points.md"]
    assert "Taken down without a trace, and left out: 1." in said


def test_also_read_names_the_slug_that_the_other_file_has(
    folder: Path, published: Write, write: Write
) -> None:
    live = published("Harbour Opens")
    save(live, slug="renamed")
    write("Points", also_read=[live.pk])

    assert '  - "harbour-opens"' in exported(folder)["points.md"]


def test_an_end_that_files_do_not_hold_is_said(folder: Path, published: Write) -> None:
    story = published()
    press.set_end(story.pk, at=NOW + timedelta(days=1), **pressing(story))

    assert "To end by themselves, which their files do not say: 1." in export_stories(folder)


def test_a_name_that_would_leave_a_doubt_is_written_with_its_slug(
    folder: Path, write: Write, author: Author, world: Section
) -> None:
    namesake = taxonomy.save(Author(name="Ilse Hartmann"), by=PROGRAM, now=NOW)
    lookalike = taxonomy.save(Author(name="Ann <ann>"), by=PROGRAM, now=NOW)
    world.name = "Globe"
    taxonomy.save(world, by=PROGRAM, now=NOW)
    write(authors=[author.pk, namesake.pk, lookalike.pk])

    text = exported(folder)["harbour-opens.md"]
    assert 'section: "Globe <world>"' in text
    assert '  - "Ilse Hartmann <ilse-hartmann>"\n  - "Ilse Hartmann <ilse-hartmann-2>"' in text
    assert '  - "Ann <ann> <ann-ann>"' in text


def test_an_export_read_into_its_own_newsroom_changes_nothing(
    folder: Path, published: Write, write: Write
) -> None:
    published("Live")
    hidden = published("Hidden")
    press.unpublish(hidden.pk, reason="It was too early", **pressing(hidden))
    back = published("Back Tomorrow")
    press.unpublish(back.pk, reason="It was too early", **pressing(back))
    press.schedule(back.pk, revision=1, at=NOW + timedelta(days=1), **pressing(back))
    write("Draft", body="<p>One.</p>\n<p>Two.</p>")  # white space as old bodies have it
    export_stories(folder)

    assert "4 the same" in import_stories(folder, "--publish")


def test_a_withdrawn_story_is_not_brought_back_by_its_own_export(
    folder: Path, published: Write
) -> None:
    story = published()
    press.unpublish(story.pk, reason="It was too early", **pressing(story))
    export_stories(folder)
    import_stories(folder, "--publish")

    assert not Publication.objects.at(NOW).exists()


def test_a_live_text_is_not_imported_over_what_the_desk_is_writing(
    folder: Path, published: Write
) -> None:
    save(published(), body="<p>Being written.</p>")
    export_stories(folder)

    assert "is the slug of another story" in refused(folder)


def test_a_folder_with_story_files_is_asked_about(folder: Path, write: Write) -> None:
    write("Harbour Opens")
    (folder / "other.md").write_text("Mine.")
    with pytest.raises(CommandError, match="Name another folder, or say --overwrite"):
        export_stories(folder)
    assert sorted(files_in(folder)) == ["other.md"]

    (folder / "harbour-opens.md").write_text("Old.")
    export_stories(folder, "--overwrite")
    assert files_in(folder)["other.md"] == "Mine."
    assert "Harbour Opens" in files_in(folder)["harbour-opens.md"]


def test_a_folder_is_made_with_those_above_it(tmp_path: Path, write: Write) -> None:
    write("Harbour Opens")

    assert sorted(exported(tmp_path / "a" / "b")) == ["harbour-opens.md"]


def test_a_folder_that_cannot_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("In the way.")

    with pytest.raises(CommandError, match="cannot be written to"):
        export_stories(tmp_path / "file")


def test_an_export_holds_few_stories_and_asks_few_questions(
    folder: Path, write: Write, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        write(f"Story {number}")

    with django_assert_max_num_queries(20):
        export_stories(folder)
    assert len(files_in(folder)) == 30


def test_pending_changes_do_not_hide_an_unpublished_one(folder: Path, published: Write) -> None:
    story = published()
    save(story, body="<p>Two.</p>")
    press.publish(story.pk, revision=2, change="update", **pressing(story))
    save(Article.objects.get(pk=story.pk), body="<p>Three.</p>")
    press.schedule(
        story.pk, revision=3, at=NOW + timedelta(days=1), change="update", **pressing(story)
    )
    press.publish(story.pk, revision=2, pending=Pending.KEEP, change="update", **pressing(story))

    assert "not in their files: 1." in export_stories(folder)
    assert "Two." in files_in(folder)["harbour-opens.md"]
