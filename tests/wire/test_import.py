"""What an import writes: drafts, or with --publish stories that open when their files say."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import translation

from articles.desk import filing
from articles.models import Article, Author, Move, Publication, Revision, Section, Tag
from articles.moments import newsroom_zone
from articles.states import DeskStatus
from articles.wire import story_files
from tests.conftest import NOW
from tests.wire.terminal import FUTURE, PAST, files_in, import_stories, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

WriteFile = Callable[..., Path]


def links(slug: str) -> list[str]:
    story = Article.objects.get(slug=slug)
    return list(story.also_read_links.values_list("story__slug", flat=True))


def test_without_publish_stories_are_drafts_and_it_says_how_many_have_a_moment(
    file: WriteFile,
) -> None:
    said = import_stories(file(published=PAST))

    assert Article.objects.get(slug="harbour-opens").status == DeskStatus.DRAFT
    assert not Publication.objects.exists()
    assert "With “published”, but published only by --publish: 1." in said


def test_publish_opens_a_story_at_its_moment_in_the_past(file: WriteFile) -> None:
    import_stories(file(published=PAST), "--publish")

    row = Publication.objects.at(NOW).get()
    assert row.path == "/world/harbour-opens/"
    assert row.starts_at.isoformat() == "2026-06-18T04:00:00+00:00"
    assert row.first_published_at == row.starts_at
    assert Move.objects.get(verb="publish").by_name == "story import"


def test_publish_schedules_a_story_whose_moment_is_to_come(file: WriteFile) -> None:
    said = import_stories(file(published=FUTURE), "--publish")

    assert "new, scheduled" in said
    assert not Publication.objects.at(NOW).exists()
    assert Publication.objects.at(NOW + timedelta(days=1)).exists()


def test_a_moment_without_an_offset_is_in_the_newsrooms_zone(file: WriteFile) -> None:
    import_stories(file(published="2026-06-18 09:30"), "--publish")

    assert Publication.objects.get().starts_at.isoformat() == "2026-06-18T04:00:00+00:00"


def test_publish_leaves_a_story_without_a_moment_a_draft_and_says_so(file: WriteFile) -> None:
    said = import_stories(file(), "--publish")

    assert Article.objects.exists()
    assert not Publication.objects.exists()
    assert "Without “published”, so not published: 1." in said


def test_a_story_needs_no_author_no_standfirst_and_as_a_draft_no_text(file: WriteFile) -> None:
    import_stories(file(body=""))

    story = Article.objects.get()
    assert (story.standfirst, story.body, story.bylines.count()) == ("", "", 0)


def test_a_story_without_a_slug_gets_one_from_its_headline(file: WriteFile) -> None:
    import_stories(file(slug=None, headline="Halvern’s Ferries: Back At 6!"))

    assert Article.objects.get().slug == "halverns-ferries-back-at-6"


def test_what_is_missing_is_made_once_and_named(file: WriteFile) -> None:
    file("a.md", section="Culture", authors=["Ilse Hartmann"], tags=["Ports", "Opera"])
    path = file("b.md", slug="b", section="Culture", authors=["Ilse Hartmann"], tags=["ports"])
    said = import_stories(path.parent)

    assert Section.objects.get(name="Culture").slug == "culture"
    assert [author.slug for author in Author.objects.all()] == ["ilse-hartmann"]
    assert sorted(Tag.objects.values_list("name", flat=True)) == ["Opera", "Ports"]
    assert [line for line in said.splitlines() if line.startswith("Made")] == [
        "Made: section “Culture”.",
        "Made: author “Ilse Hartmann”.",
        "Made: tag “Ports”.",
        "Made: tag “Opera”.",
    ]
    verbs = Move.objects.filter(by_name="story import").values_list("verb", flat=True)
    assert {"add_section", "add_author", "add_tag"} <= set(verbs)


def test_sections_authors_and_tags_are_found_by_name_whatever_the_capitals_or_by_slug(
    file: WriteFile, author: Author, topic: Tag
) -> None:
    file("a.md", section="WORLD", authors=["ilse hartmann"], tags=["PORTS"])
    path = file("b.md", slug="b", section="world", authors=["ilse-hartmann"], tags=["ports"])
    said = import_stories(path.parent)

    assert "Made" not in said
    for story in Article.objects.all():
        assert (story.section.slug, list(story.authors.all()), list(story.tags.all())) == (
            "world", [author], [topic],
        )  # fmt: skip


def test_bylines_and_tags_keep_the_order_of_the_file(file: WriteFile) -> None:
    import_stories(file(authors=["Zora", "Abel", "Mia"], tags=["Z", "A", "M"]))

    snapshot = Revision.objects.get().snapshot
    names = [Author.objects.get(pk=pk).name for pk in snapshot["authors"]]
    tags = [Tag.objects.get(pk=pk).name for pk in snapshot["tags"]]
    assert (names, tags) == (["Zora", "Abel", "Mia"], ["Z", "A", "M"])


def test_two_authors_of_one_name_are_told_apart_by_the_slug(
    file: WriteFile, author: Author
) -> None:
    second = Author.objects.create(name="Ilse Hartmann", slug="ilse-hartmann-2")
    import_stories(file(authors=["Ilse Hartmann <ilse-hartmann-2>"]))

    assert Article.objects.get().authors.get() == second


def test_a_name_with_a_new_slug_makes_an_author_with_that_slug(
    file: WriteFile, author: Author
) -> None:
    import_stories(file(authors=["Ilse Hartmann <ih>"]))

    assert Author.objects.get(slug="ih").name == "Ilse Hartmann"
    assert Author.objects.count() == 2


def test_a_story_may_point_to_one_that_comes_later(file: WriteFile) -> None:
    file("a.md", also_read=["b"], published=PAST)
    path = file("b.md", slug="b", published=PAST)
    import_stories(path.parent, "--publish")

    assert links("harbour-opens") == ["b"]
    assert not Revision.objects.exclude(number=1).exists()
    assert Publication.objects.count() == 2


def test_stories_that_point_at_each_other_are_public_with_their_links_from_the_first(
    file: WriteFile,
) -> None:
    file("a.md", slug="a", also_read=["b", "c"], published=PAST)
    file("b.md", slug="b", also_read=["c", "a"], published=PAST)
    path = file("c.md", slug="c", also_read=["a"], published=PAST)
    said = import_stories(path.parent, "--publish")

    assert (links("a"), links("b"), links("c")) == (["b", "c"], ["c", "a"], ["a"])
    assert "3 new, 0 changed" in said
    assert all(len(row.also_read) for row in Publication.objects.all())
    assert Publication.objects.count() == 3  # each has the one version


def test_a_folder_is_read_with_those_below_it_but_nothing_hidden(
    file: WriteFile, folder: Path
) -> None:
    (folder / "2026").mkdir()
    (folder / ".drafts").mkdir()
    file("a.md", slug="a")
    file("2026/b.md", slug="b")
    file(".drafts/c.md", slug="c")
    file("notes.txt", slug="d")
    import_stories(folder)

    assert sorted(Article.objects.values_list("slug", flat=True)) == ["a", "b"]


def test_a_file_named_twice_is_read_once(file: WriteFile) -> None:
    path = file()
    import_stories(path, path.parent, path)

    assert Article.objects.count() == 1


def test_a_byte_order_mark_and_windows_line_ends_are_read_over(
    file: WriteFile, folder: Path
) -> None:
    plain = file(body="One.\n\nTwo.").read_bytes()
    (folder / "harbour.md").write_bytes(b"\xef\xbb\xbf" + plain.replace(b"\n", b"\r\n"))
    import_stories(folder)

    assert Article.objects.get().body == "<p>One.</p><p>Two.</p>"


def test_a_dry_run_checks_and_tells_everything_and_writes_nothing(file: WriteFile) -> None:
    path = file(section="Culture", authors=["Ilse Hartmann"], published=PAST)
    said = import_stories(path, "--publish", "--dry-run")

    assert "This is a dry run: nothing is written." in said
    assert "harbour.md: new, published" in said
    assert "Made: section “Culture”." in said
    assert not Article.objects.exists()
    assert not Author.objects.exists()
    assert not Move.objects.exists()
    assert Section.objects.count() == 2


def test_a_dry_run_refuses_what_an_import_refuses(file: WriteFile) -> None:
    assert "“headline” is missing." in refused(file(headline=None), "--dry-run")


def test_a_run_that_broke_off_is_run_again(file: WriteFile, folder: Path) -> None:
    file("a.md", slug="a", also_read=["b"], published=PAST)
    file("b.md", slug="b", also_read=["a"], published=PAST)
    file("c.md", slug="c", authors=["Ilse Hartmann"], published=PAST)
    batch = story_files.read(story_files.find([str(folder)]), newsroom_zone())
    run = filing.Filing(batch.stories, publish=True)
    next(run.write(run.check(NOW), lambda: NOW))  # one story is written, then the power goes
    assert Publication.objects.count() == 1

    import_stories(folder, "--publish")
    assert Publication.objects.at(NOW).count() == 3
    assert (links("a"), links("b")) == (["b"], ["a"])
    assert "3 the same" in import_stories(folder, "--publish")


def test_the_terminal_is_spoken_to_in_english_whatever_readers_are(file: WriteFile) -> None:
    with translation.override("de"):
        message = refused(file(published="soon", slug="has spaces"))
        said = import_stories(file(section="Culture"), "--dry-run")

    assert "Enter a valid “slug”" in message
    assert "is not a date and time. Write it so" in message
    assert "Made: section “Culture”." in said


def test_a_path_that_is_not_there_or_holds_no_stories_is_named(folder: Path) -> None:
    assert "There is no file or folder" in refused(folder / "absent.md")
    assert "No .md files stand in" in refused(folder)
    assert files_in(folder) == {}
