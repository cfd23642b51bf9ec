"""Files that cannot be imported: each is named with its line, and nothing is written."""

from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.test import override_settings

from articles.desk import revisions
from articles.desk.revisions import Values
from articles.models import Article, Author, Move, Section
from articles.wire import story_files
from tests.conftest import NOW, PROGRAM
from tests.wire.terminal import FUTURE, PAST, import_stories, refused, story

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

WriteFile = Callable[..., Path]
FRONT = '---\nheadline: "Harbour Opens"\nsection: "World"\n'


@pytest.fixture
def raw(folder: Path) -> Callable[[str | bytes], Path]:
    """Write a story file as it is given."""

    def raw(content: str | bytes) -> Path:
        path = folder / "harbour.md"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return raw


@pytest.fixture(autouse=True)
def nothing_is_written(db: None) -> object:
    yield
    assert not Article.objects.filter(revisions__note="story file").exists()
    assert not Move.objects.filter(by_name="story import").exists()
    assert Section.objects.count() == 2


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        ("", 1, "A story file begins with a line of “---”"),
        ("Just words.\n", 1, "A story file begins with a line of “---”"),
        (FRONT, 1, "The line of “---” that ends the keys is missing."),
        ('---\nsection: "World"\n---\n', 1, "“headline” is missing."),
        ('---\nheadline: ""\nsection: "World"\n---\n', 2, "“headline” is missing."),
        ('---\nheadline:\nsection: "World"\n---\n', 1, "“headline” is missing."),
        ('---\nheadline: "Harbour"\n---\n', 1, "“section” is missing."),
        (
            FRONT + 'headlin: "x"\n---\n',
            4,
            "There is no key “headlin”. The keys are headline, slug",
        ),
        (FRONT + 'headline: "x"\n---\n', 4, "“headline” stands here a second time."),
        (FRONT + "tags: Ports\n---\n", 4, "“tags” is a list: one entry a line"),
        (FRONT + 'standfirst:\n  - "x"\n---\n', 5, "“standfirst” holds one text"),
        (FRONT + "tags:\n  - {a: b}\n---\n", 5, "An entry of “tags” is not plain text."),
        (FRONT + "tags:\n  - ~\n---\n", 5, "An entry of “tags” is not plain text."),
        (FRONT + 'tags:\n  - ""\n---\n', 5, "tags: An entry of this list is empty."),
        (FRONT + "tags:\n  - a\n  - A\n---\n", 6, "tags: “a” stands here a second time."),
        (FRONT + "standfirst: !!binary aGk=\n---\n", 4, "“standfirst” is not plain text."),
        (FRONT + "standfirst: Once: twice\n---\n", 4, "This is no YAML: mapping values are not"),
        (FRONT + 'standfirst: "open\n---\n', 4, "This is no YAML: found unexpected end"),
        (FRONT + "- x\n---\n", 4, "This is no YAML"),
        ("---\n- x\n---\n", 2, "The front matter holds lines of “key: value”."),
        ("---\n" + "[" * 5000 + "\n---\n", 2, "This is no YAML"),
        (FRONT + "slug: has spaces\n---\n", 4, "slug: Enter a valid “slug”"),
        (FRONT + f"slug: {'x' * 81}\n---\n", 4, "slug: Ensure this value has at most 80"),
        (FRONT + "also_read:\n  - harbour-opens\n---\n", 5, "A story cannot point to itself."),
        (FRONT + "also_read:\n  - gone\n---\n", 5, "also_read: There is no story “gone”."),
        (FRONT + f'tags:\n  - "{"x" * 81}"\n---\n', 5, "tags: This is 81 characters long; 80"),
        (f'---\nheadline: "{"x" * 251}"\nsection: World\n---\n', 2, "headline: This is 251 char"),
        ('---\nheadline: "…!?"\nsection: World\n---\n', 2, "No slug can be made of this headline."),
        (
            '---\nheadline: "Harbour"\nsection: "Search"\n---\n',
            3,
            "section: “search” is an address of",
        ),
        (
            '---\nheadline: "Harbour"\nsection: "World!"\n---\n',
            3,
            "“world” is the slug of the section",
        ),
        ('---\nheadline: "Harbour"\nsection: "Globe <world>"\n---\n', 3, "“world” is the slug of"),
        ('---\nheadline: "Harbour"\nsection: "World <globe>"\n---\n', 3, "The slug of “World” is"),
        ('---\nheadline: "Harbour"\nsection: "?"\n---\n', 3, "section: No slug can be made of “?”"),
        (FRONT + "---\n\n# Title\n", 6, "A body cannot hold a heading of this level"),
        (
            FRONT.encode() + b"---\n\nOne.\nCaf\xe9.\n",
            7,
            "This is not UTF-8. Save the file as UTF-8.",
        ),
        ("\ufeff" + "x", 1, "A story file begins with"),
        (story().encode("utf-16"), 1, "This is not UTF-8."),
    ],
)
def test_a_file_that_is_wrong_is_named_with_its_line(
    raw: Callable[[str | bytes], Path], content: str | bytes, line: int, says: str
) -> None:
    path = raw(content)

    message = refused(path)
    assert "Nothing was imported." in message
    assert f"{path}:{line}: " in message
    assert says in message


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("yesterday", "“yesterday” is not a date and time. Write it so: 2026-06-19 09:30."),
        ("2026-06-18", "“2026-06-18” is not a date and time."),
        ("18.06.2026 09:30", "is not a date and time."),
        ("2026-06-31T09:30:00+05:30", "is not a date and time."),
        ("1718767800", "is not a date and time."),
        ("0001-01-01T00:00:00+14:00", "This date is too far away."),
    ],
)
def test_a_moment_in_another_format_is_named(file: WriteFile, typed: str, says: str) -> None:
    path = file(published=typed)

    message = refused(path)
    assert f"{path}:5: published: " in message
    assert says in message


@override_settings(TIME_ZONE="Europe/Berlin")
@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("2026-03-29 02:30", "2026-03-29 02:30 does not exist in Europe/Berlin"),
        (
            "2026-10-25T02:30:00",
            "Say which: 2026-10-25 02:30+02:00 or 2026-10-25 02:30+01:00.",
        ),
    ],
)
def test_an_hour_that_daylight_saving_skips_or_repeats_is_asked_back(
    file: WriteFile, typed: str, says: str
) -> None:
    assert says in refused(file(published=typed), "--publish")


def test_an_offset_settles_an_hour_that_comes_twice(folder: Path, file: WriteFile) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    path = file(published="2026-10-25 02:30+01:00")

    (read,) = story_files.read([path], berlin).stories
    assert read.published is not None
    assert read.published.isoformat() == "2026-10-25T01:30:00+00:00"


def test_every_fault_of_every_file_is_told_at_once(file: WriteFile) -> None:
    first = file("a.md", headline=None, published="soon", body="One.\n\n```\ncode\n```")
    second = file("b.md", slug="b", nonsense="x", also_read=["gone"])
    third = file("c.md", slug="c", also_read=["b", "gone"])

    message = refused(first, second, third)
    assert [line.partition(": ")[0].strip() for line in message.splitlines()[1:]] == [
        f"{first}:1", f"{first}:4", f"{first}:9", f"{second}:5", f"{third}:7",
    ]  # fmt: skip


def test_two_files_for_one_slug_are_both_named(file: WriteFile) -> None:
    first, second = file("a.md"), file("b.md", slug=None)

    assert f"{second}:2: slug: “harbour-opens” is the slug of {first} too." in refused(
        first, second
    )


def test_a_slug_that_belongs_to_another_story_is_named(
    file: WriteFile, write: Callable[..., Article]
) -> None:
    write("Harbour Opens", body="<p>Written at the desk.</p>")
    path = file()

    says = "slug: “harbour-opens” is the slug of another story, “Harbour Opens”."
    assert f"{path}:3: {says}" in refused(path)


def test_a_slug_that_another_story_was_published_under_is_named(
    file: WriteFile, published: Callable[..., Article]
) -> None:
    former = published("Harbour Opens")
    values = Values(headline="Harbour Opens", section=former.section_id, slug="harbour")
    revisions.save(former.pk, values, by=PROGRAM, seen=1, now=NOW)

    assert "is the slug of another story" in refused(file())


def test_a_name_that_two_authors_bear_is_asked_back(file: WriteFile, author: Author) -> None:
    Author.objects.create(name="Ilse Hartmann", slug="ilse-hartmann-2")
    path = file(authors=["Ilse Hartmann"])

    message = refused(path)
    assert f"{path}:6: authors: More than one is called “Ilse Hartmann”. Say which:" in message
    assert "“Ilse Hartmann <ilse-hartmann>” or “Ilse Hartmann <ilse-hartmann-2>”" in message


def test_a_slug_is_not_given_to_an_author_of_another_name(file: WriteFile, author: Author) -> None:
    path = file(authors=["Ida Hart <ilse-hartmann>"])

    assert "“ilse-hartmann” is the slug of “Ilse Hartmann”, not of this one." in refused(path)


@pytest.mark.parametrize("moment", [PAST, FUTURE])
def test_a_story_without_text_cannot_be_published(file: WriteFile, moment: str) -> None:
    path = file(published=moment, body="")

    says = "published: This story has no text, so it cannot be published."
    assert f"{path}:5: {says}" in refused(path, "--publish")


def test_a_body_over_1_mb_is_refused(file: WriteFile) -> None:
    path = file(body="words " * 170_000)

    assert f"{path}:6: This body is over 1 MB long." in refused(path)


def test_a_file_over_8_mb_is_not_even_read(raw: Callable[[bytes], Path]) -> None:
    path = raw(b"x" * 8_000_001)

    assert f"{path}:1: This file is over 8 MB long." in refused(path)


def test_one_bad_file_keeps_every_other_from_being_written(file: WriteFile) -> None:
    good, bad = file("good.md", slug="good", also_read=["bad"]), file("bad.md", slug="bad", x="y")

    message = refused(good, bad)
    assert str(good) not in message  # what it points to is in the import, once that is right


def test_a_message_shows_nothing_that_a_terminal_would_obey(
    raw: Callable[[str], Path],
) -> None:
    message = refused(raw(FRONT + '"\\e[2J\\u202e\\ud800": x\n---\n'))

    assert "There is no key “�[2J��”." in message
    message.encode("utf-8")


def test_yaml_makes_nothing_of_words_but_words(file: WriteFile, folder: Path) -> None:
    (folder / "a.md").write_text("---\nheadline: 1984\nsection: World\nslug: 007\n---\n")

    (read,) = story_files.read([folder / "a.md"], ZoneInfo("UTC")).stories
    assert (read.headline, read.slug) == ("1984", "007")


def test_an_import_of_nothing_wrong_passes_the_same_checks(file: WriteFile) -> None:
    assert "1 new" in import_stories(file(), "--dry-run")
