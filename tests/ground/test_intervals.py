"""What holds at a moment, and that no two intervals of one owner overlap: in the database."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, models, transaction
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from articles.intervals import NoOverlap
from articles.models import Article, Publication, PublicationText, Section
from articles.states import EndsAs
from tests.conftest import NOW

HOUR, MICROSECOND = timedelta(hours=1), timedelta(microseconds=1)


def story(slug="a"):
    return Article.objects.create(
        headline=slug, slug=slug, section=Section.objects.first(), created_at=NOW, edited_at=NOW
    )


def row(article, start, end=None, *, since=NOW):
    """A Publication from one hour to another; `None`: open."""
    starts_at = since + start * HOUR
    return Publication(
        article=article, revision=1, section=article.section, path="/", headline="x",
        first_published_at=starts_at, updated_at=starts_at, starts_at=starts_at,
        ends_at=None if end is None else since + end * HOUR,
        ends_as="" if end is None else EndsAs.NEXT,
    )  # fmt: skip


def write(*rows):
    """Write rows by bulk, as no verb would; the database alone may object."""
    with transaction.atomic():
        made = Publication.objects.bulk_create(rows)
        connection.check_constraints()
    return made


def update(publication, **values):
    with transaction.atomic():
        Publication.objects.filter(pk=publication.pk).update(**values)
        connection.check_constraints()


OVERLAPS = [
    ((0, 2), (1, 3)), ((0, 3), (1, 2)), ((1, 2), (0, 3)), ((0, 2), (0, 2)), ((0, 2), (0, 1)),
    ((0, None), (1, 2)), ((1, 2), (0, None)), ((0, 2), (1, None)), ((1, None), (0, 2)),
]  # fmt: skip
APART = [
    ((0, 1), (1, 2)), ((1, 2), (0, 1)), ((0, 1), (2, 3)), ((0, 1), (1, None)), ((0, 2), (1, 1)),
    ((1, 1), (0, 2)), ((1, 1), (1, 1)), ((0, None), (1, 1)), ((0, 0), (0, 1)), ((1, 1), (0, 1)),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("one", "other"), OVERLAPS)
def test_two_that_overlap_are_refused_when_inserted(one, other):
    article = story()
    write(row(article, *one))
    with pytest.raises(IntegrityError):
        write(row(article, *other))
    with pytest.raises(IntegrityError):
        write(row(story("b"), *one), row(Article.objects.get(slug="b"), *other))
    write(row(story("c"), *other))


@pytest.mark.django_db
@pytest.mark.parametrize(("one", "other"), APART)
def test_two_that_only_touch_or_have_no_length_are_not(one, other):
    article = story()
    write(row(article, *one))
    write(row(article, *other))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"starts_at": NOW + HOUR / 2, "updated_at": NOW, "first_published_at": NOW},
        {"starts_at": NOW, "updated_at": NOW, "first_published_at": NOW, "ends_at": NOW + HOUR},
        {"starts_at": NOW - HOUR, "updated_at": NOW - HOUR, "first_published_at": NOW - HOUR},
        {"starts_at": NOW + HOUR - MICROSECOND, "updated_at": NOW, "first_published_at": NOW},
    ],
)
def test_two_that_overlap_are_refused_when_updated(change):
    article = story()
    _first, second = write(row(article, 0, 1), row(article, 1, 2))
    with pytest.raises(IntegrityError):
        update(second, **change)
    update(second, starts_at=NOW + HOUR + MICROSECOND)


@pytest.mark.django_db
def test_a_row_that_moves_to_another_story_is_looked_at_again():
    mine, other = write(row(story("a"), 0, 1), row(story("b"), 0, 1))
    with pytest.raises(IntegrityError):
        update(other, article=mine.article)
    update(other, article=story("c"))


@pytest.mark.django_db
@pytest.mark.parametrize(("one", "other"), [((0, 1), (1, 2)), ((0, 1), (1, None))])
@pytest.mark.parametrize("by", [MICROSECOND, timedelta(seconds=1) - MICROSECOND])
def test_a_microsecond_is_enough_to_overlap(one, other, by):
    """SQLite compares text: “…:00” and “…:00.000001” have to stand in order."""
    article = story()
    write(row(article, *one))
    late = row(article, *other)
    late.starts_at -= by
    late.first_published_at = late.updated_at = late.starts_at
    with pytest.raises(IntegrityError):
        write(late)
    late.starts_at += by
    write(late)


spans = st.tuples(st.integers(0, 6), st.integers(0, 4) | st.none())


class WhateverTheIntervals(TestCase):
    @given(st.lists(spans, min_size=1, max_size=4), st.integers(0, 999_999))
    def test_the_database_refuses_exactly_what_overlaps(self, drawn, fraction):
        article, since = story(), NOW + timedelta(microseconds=fraction)
        rows = [
            row(article, start, None if length is None else start + length, since=since)
            for start, length in drawn
        ]
        some = [one for one in rows if one.starts_at != one.ends_at]
        overlap = any(
            one is not other and one.starts_at < (other.ends_at or NOW + 99 * HOUR)
            and other.starts_at < (one.ends_at or NOW + 99 * HOUR)
            for one in some for other in some
        )  # fmt: skip
        if overlap:
            with pytest.raises(IntegrityError):
                write(*rows)
        else:
            write(*rows)

    @given(st.lists(st.integers(0, 12), min_size=2, max_size=9, unique=True), st.integers(-1, 26))
    def test_what_holds_at_a_moment_is_what_began_and_has_not_ended(self, hours, half_hours):
        article, hours = story(), sorted(hours)
        write(*(row(article, a, b) for a, b in zip(hours, hours[1:], strict=False)))
        write(row(article, hours[-1]))
        t = NOW + half_hours * HOUR / 2
        begun = [hour for hour in hours if NOW + hour * HOUR <= t]
        at = [found.starts_at for found in Publication.objects.at(t)]
        assert at == [NOW + hour * HOUR for hour in begun[-1:]]
        assert Publication.objects.begun(t).count() == len(begun)
        assert Publication.objects.unfinished(t).count() == len(hours) - len(begun[:-1])
        changes = [NOW + hour * HOUR for hour in hours if NOW + hour * HOUR > t]
        assert Publication.objects.next_change(t) == min(changes, default=None)


# --- The constraint itself --------------------------------------------------------------------


def refuses_overlaps(slug):
    article = story(slug)
    write(row(article, 0, 2))
    with pytest.raises(IntegrityError):
        write(row(article, 1, 3))
    return True


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_constraint_survives_that_django_rebuilds_the_table():
    """On SQLite any change of a column makes the table anew, and its triggers go with it."""
    assert refuses_overlaps("before")
    column = Publication._meta.get_field("headline")
    wider = models.CharField(max_length=300)
    wider.set_attributes_from_name("headline")
    wider.model = Publication
    try:
        with connection.schema_editor() as editor:
            editor.alter_field(Publication, column, wider, strict=True)
        assert refuses_overlaps("altered")
    finally:
        with connection.schema_editor() as editor:
            editor.alter_field(Publication, wider, column, strict=True)
    assert refuses_overlaps("altered back")


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_constraint_can_be_taken_away_and_put_back():
    rule = next(rule for rule in Publication._meta.constraints if isinstance(rule, NoOverlap))
    without = [one for one in Publication._meta.constraints if one is not rule]
    with_it = Publication._meta.constraints
    try:
        Publication._meta.constraints = without
        with connection.schema_editor() as editor:
            editor.remove_constraint(Publication, rule)
        article = story("without")
        write(row(article, 0, 2), row(article, 1, 3))
        Publication.objects.all().delete()
    finally:
        Publication._meta.constraints = with_it
        with connection.schema_editor() as editor:
            editor.add_constraint(Publication, rule)
    assert refuses_overlaps("with")


def test_the_constraint_can_be_written_into_a_migration():
    rule = NoOverlap(name="a", owner="article_id")
    path, args, kwargs = rule.deconstruct()
    assert path == "articles.intervals.NoOverlap"
    assert NoOverlap(*args, **kwargs) == rule.clone() == rule
    assert NoOverlap(name="a", owner="story_id") != rule
    assert hash(rule.clone()) == hash(rule)


@pytest.mark.django_db
def test_moments_keep_their_microseconds_and_their_zone():
    moment = datetime(2026, 6, 19, 6, 30, 0, 1, tzinfo=UTC)
    (written,) = write(row(story(), 0, 1, since=moment))
    PublicationText.objects.create(publication=written, body="<p>x</p>")
    assert Publication.objects.get().starts_at == moment
    assert not Publication.objects.at(moment - MICROSECOND).exists()
    assert Publication.objects.at(moment).exists()
