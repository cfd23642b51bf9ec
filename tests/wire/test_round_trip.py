"""Out and in again: every body reads back as it was, and an export as the same files."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from articles import body
from articles.desk import press, revisions, taxonomy
from articles.desk.revisions import Values
from articles.models import RESERVED_SLUGS, Article, Author, Section
from articles.states import EndsAs
from articles.text import slug_of
from articles.wire import markdown, markdown_out, prose
from articles.wire.prose import Block
from tests.conftest import NOW, PROGRAM
from tests.wire.bodies import bodies, markup, texts
from tests.wire.terminal import export_stories, files_in, import_stories

# The same examples each time, unless more are asked for: WIRE_EXAMPLES=20.
TIMES = int(os.environ.get("WIRE_EXAMPLES", "1"))
many = settings(
    max_examples=400 * TIMES,
    deadline=None,
    derandomize="WIRE_EXAMPLES" not in os.environ,
    suppress_health_check=list(HealthCheck),
)
few = settings(many, max_examples=40 * TIMES)


@many
@given(bodies())
def test_a_body_of_the_editor_reads_back_exactly(tree: tuple[Block, ...]) -> None:
    stored = body.clean(prose.to_html(tree))
    assume(stored)

    source = markdown_out.write(prose.from_html(stored))
    assert markdown.read(source) == (stored, [])


@many
@given(markup())
def test_any_cleaned_body_keeps_its_words_and_then_reads_back_exactly(html: str) -> None:
    try:
        stored = body.clean(html)
    except ValidationError:
        assume(False)
    assume(stored)

    source = markdown_out.write(prose.from_html(stored))
    back, faults = markdown.read(source)
    assert faults == []
    assert body.plain_text(back).split() == body.plain_text(stored).split()
    assert markdown.read(markdown_out.write(prose.from_html(back))) == (back, [])


@many
@given(texts(most=40))
def test_any_markdown_that_passes_is_a_body_that_reads_back_exactly(source: str) -> None:
    stored, faults = markdown.read(source)
    assume(stored and not faults)

    assert body.clean(stored) == stored
    assert markdown.read(markdown_out.write(prose.from_html(stored))) == (stored, [])


# --- Whole newsrooms ----------------------------------------------------------------------------

_lines = texts(most=4).map(lambda words: " ".join(words.split())[:50].strip()).filter(bool)
_names = st.lists(_lines, max_size=3)
_tags = st.lists(
    _lines.map(lambda name: name.replace(",", "").strip()).filter(bool),
    max_size=3,
    unique_by=str.casefold,
)
_lives = st.sampled_from(
    ["draft", "live", "live", "live", "edited", "scheduled", "unpublished", "gone", "rescheduled"]
)
_stories = st.lists(
    st.fixed_dictionaries(
        {
            "headline": _lines,
            "standfirst": st.just("") | texts(),
            "body": bodies(),
            "section": _lines,
            "authors": _names,
            "tags": _tags,
            "life": _lives,
            "age": st.timedeltas(timedelta(microseconds=1), timedelta(days=9000)),
            "also_read": st.lists(st.integers(0, 3), max_size=2, unique=True),
        }
    ),
    min_size=1,
    max_size=4,
)


@pytest.mark.django_db
@pytest.mark.usefixtures("clock")
@few
@given(_stories)
def test_an_export_imported_into_an_empty_newsroom_exports_the_same_files(
    stories: list[dict[str, Any]],
) -> None:
    with tempfile.TemporaryDirectory() as place:
        first, second = Path(place) / "first", Path(place) / "second"
        with a_newsroom_of_its_own():
            _fill(stories)
            export_stories(first)
        with a_newsroom_of_its_own():
            import_stories(first, "--publish")
            export_stories(second)
            again = import_stories(second, "--publish")
        assert files_in(second) == files_in(first)
        assert f"{len(stories)} the same" in again


@contextmanager
def a_newsroom_of_its_own() -> Iterator[None]:
    with transaction.atomic():
        assert not Article.objects.exists()
        yield
        transaction.set_rollback(True)


def _fill(stories: list[dict[str, Any]]) -> None:
    """Write the stories, point them at each other, and give them their lives."""
    everything = [_values(said) for said in stories]
    ids = [revisions.create(values, by=PROGRAM, now=NOW).pk for values in everything]
    for said, values, pk in zip(stories, everything, ids, strict=True):
        others = [ids[place] for place in said["also_read"] if place < len(ids)]
        pointing = replace(values, also_read=[other for other in others if other != pk])
        article = revisions.save(pk, pointing, by=PROGRAM, seen=1, now=NOW)
        if article.body:
            _live(article, said["life"], said["age"])


def _values(said: dict[str, Any]) -> Values:
    return Values(
        headline=said["headline"],
        standfirst=said["standfirst"],
        body=prose.to_html(said["body"]),
        section=_section(said["section"]),
        authors=[
            taxonomy.save(Author(name=name), by=PROGRAM, now=NOW).pk for name in said["authors"]
        ],
        tags=taxonomy.tags_named(said["tags"], by=PROGRAM, now=NOW),
    )


def _section(name: str) -> int:
    slug = slug_of(name)
    if not slug or slug in RESERVED_SLUGS:
        return Section.objects.get(slug="world").pk
    section, _made = Section.objects.get_or_create(slug=slug, defaults={"name": name})
    return section.pk


def _live(article: Article, life: str, age: timedelta) -> None:
    def verb(do: Callable[..., object], **given: Any) -> None:
        seen = Article.objects.get(pk=article.pk).pressed
        do(article.pk, by=PROGRAM, seen=seen, now=NOW, **given)

    if life not in ("draft", "scheduled"):
        verb(press.open_in_the_past, revision=article.version, since=NOW - age)
    if life in ("unpublished", "rescheduled"):
        verb(press.unpublish, reason="It was too early.")
    if life in ("scheduled", "rescheduled"):
        verb(press.schedule, revision=article.version, at=NOW + age)
    if life == "gone":
        verb(press.take_down, how=EndsAs.GONE, reason="It was wrong.", authority="A court")
    if life == "edited":
        values = Values(headline="Edited Since", section=article.section_id)
        revisions.save(article.pk, values, by=PROGRAM, seen=article.version, now=NOW)
