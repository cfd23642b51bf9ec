"""Many stories written at once, each as the press would have left it: for archives to measure."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import chain
from typing import Any

from django.db import connection, models, transaction

from articles import body, reading_index, text
from articles.desk import listing, search
from articles.desk.revisions import Values, pictures_of
from articles.desk.rights import Actor
from articles.kinds import path_of
from articles.models import (
    AlsoRead,
    Article,
    ArticleTag,
    Byline,
    ListRow,
    Move,
    Publication,
    PublicationText,
    Revision,
    RevisionKind,
    Section,
    SlugClaim,
)
from articles.models.fields import PackedTextField
from articles.states import Change, DeskStatus, EndsAs, Priority

_WHY = "Made for an archive."
_BEFORE_IT_WAS_PUBLISHED = timedelta(hours=1)
# The verb that leaves each end behind.
_ENDED_BY = {
    EndsAs.EXPIRED: "set_end",
    EndsAs.HIDDEN: "unpublish",
    EndsAs.GONE: "take_down",
    EndsAs.VANISHED: "take_down",
}

Row = dict[str, Any]  # what is inserted, by the names of its columns


@dataclass(frozen=True)
class Version:
    """What readers get of a story from a moment on, typed (clean, with its slug) as `values`."""

    starts_at: datetime
    values: Values


@dataclass(frozen=True)
class Story:
    """A story's versions in time order, each taking over from the one before, and its end."""

    versions: Sequence[Version]
    ends_at: datetime | None = None
    ends_as: str = ""


def write(stories: Sequence[Story], *, by: Actor, now: datetime) -> None:
    """Write every row of stories whose slugs are free, in one transaction.

    Of the verbs only each story's last has its Move. The edition is left to the caller, who
    moves it on once, after the last of the stories. A caller in a transaction rolls all of it
    back when this fails: a savepoint in it would take SQLite twice as long.
    """
    slugs = dict(Section.objects.values_list("pk", "slug"))
    with transaction.atomic(savepoint=False):
        filed = list(zip(_new_ids(Article, len(stories)), stories, strict=True))
        _insert(Article, (_article(pk, story, now) for pk, story in filed))
        _insert_working_copies(filed, by, now)
        search.write_many(_searched(pk, story.versions[-1].values) for pk, story in filed)
        _insert_lines(filed, [_line(pk, story, slugs) for pk, story in filed], now)
        _insert(Move, (_last_move(pk, story, by, now) for pk, story in filed))


def _article(pk: int, story: Story, now: datetime) -> Row:
    first, last = story.versions[0], story.versions[-1]
    return {
        "id": pk,
        "kind": last.values.kind,
        "headline": last.values.headline,
        "dateline": last.values.dateline,
        "standfirst": last.values.standfirst,
        "picture_id": last.values.picture,
        "picture_alt": last.values.picture_alt,
        "picture_caption": last.values.picture_caption,
        "body": last.values.body,
        "section_id": last.values.section,
        "slug": last.values.slug,
        "status": DeskStatus.READY,
        "version": len(story.versions),
        "pressed": len(story.versions) + bool(story.ends_as),
        "created_by_id": None,
        "created_at": _typed_at(first, now) - _BEFORE_IT_WAS_PUBLISHED,
        "embargo": None,
        "held": False,
        "erased": False,
        "slugline": "",
        "assignee_id": None,
        "due_at": None,
        "priority": Priority.NORMAL,
        "length": None,
        "words": body.word_count(last.values.body),
        "edited_at": _typed_at(last, now),
    }


def _searched(pk: int, values: Values) -> tuple[int, Sequence[str]]:
    return pk, (values.headline, "", values.slug, values.standfirst, values.body)


def _typed_at(version: Version, now: datetime) -> datetime:
    return min(version.starts_at, now)


def _insert_working_copies(filed: list[tuple[int, Story]], by: Actor, now: datetime) -> None:
    newest = [(pk, story.versions[-1].values) for pk, story in filed]
    bylines = (
        {"article_id": pk, "author_id": author, "position": position}
        for pk, values in newest
        for position, author in enumerate(values.authors)
    )
    tags = (
        {"content_object_id": pk, "tag_id": tag} for pk, values in newest for tag in values.tags
    )
    also_read = (
        {"article_id": pk, "story_id": other, "position": position}
        for pk, values in newest
        for position, other in enumerate(values.also_read)
    )
    revisions = (
        {
            "article_id": pk,
            "number": number,
            "based_on": number - 1,
            "kind": RevisionKind.SAVE,
            "fields": {k: v for k, v in version.values.snapshot().items() if k != "body"},
            "body": version.values.body,
            "changed": {},
            "is_text": True,
            "stays": False,
            "by_id": by.pk,
            "by_name": str(by)[:120],
            "at": _typed_at(version, now),
            "note": "",
        }
        for pk, story in filed
        for number, version in enumerate(story.versions, start=1)
    )
    _insert(Byline, bylines)
    _insert(ArticleTag, tags)
    _insert(AlsoRead, also_read)
    _insert(Revision, revisions)


def _insert_lines(
    filed: list[tuple[int, Story]], lines: list[list[Publication]], now: datetime
) -> None:
    publications = [row for line in lines for row in line]
    for pk, row in zip(_new_ids(Publication, len(publications)), publications, strict=True):
        row.pk = pk
    versions = [version.values for _pk, story in filed for version in story.versions]
    texts = (
        {"publication_id": row.pk, "standfirst": values.standfirst, "body": values.body}
        for row, values in zip(publications, versions, strict=True)
    )
    claims = (
        {"slug": slug, "article_id": pk}
        for pk, story in filed
        for slug in dict.fromkeys(version.values.slug for version in story.versions)
    )
    list_rows = (
        {
            "story_id": line[0].article_id,
            **vars(run.place),
            "starts_at": run.starts_at,
            "ends_at": run.ends_at,
        }
        for line in lines
        for run in listing.runs(line)
    )
    # The newest first: SQLite's trigger against overlaps looks at every version that began
    # before the one it is given, which is none then.
    _insert(Publication, (vars(row) for row in reversed(publications)))
    _insert(PublicationText, texts)
    _insert(SlugClaim, claims)
    _insert(ListRow, list_rows)
    reading_index.write_many(_indexed(publications, versions, now))


def _indexed(
    publications: list[Publication], versions: list[Values], now: datetime
) -> Iterator[reading_index.Row]:
    for row, values in zip(publications, versions, strict=True):
        if not row.withheld and row.starts_at != row.ends_at:
            texts = (values.headline, values.standfirst, values.body)
            is_past = row.ends_at is not None and row.ends_at <= now
            yield reading_index.Row(row.pk, row.first_published_at, texts, is_past)


def _line(pk: int, story: Story, slugs: Mapping[int, str]) -> list[Publication]:
    line: list[Publication] = []
    first = story.versions[0].starts_at
    ends: list[Any] = [(version.starts_at, EndsAs.NEXT) for version in story.versions[1:]]
    ends.append((story.ends_at, story.ends_as))
    for number, (version, (ends_at, ends_as)) in enumerate(
        zip(story.versions, ends, strict=True), start=1
    ):
        values = version.values
        line.append(
            Publication(
                article_id=pk,
                revision=number,
                section_id=values.section,
                path=path_of(values.kind, slugs[values.section], values.slug),
                kind=values.kind,
                headline=values.headline,
                dateline=values.dateline,
                excerpt=text.excerpt(values.standfirst, _words_of(values)),
                picture=values.picture,
                picture_alt=values.picture_alt,
                picture_caption=values.picture_caption,
                pictures=pictures_of(values.picture, values.body),
                authors=values.authors,
                tags=values.tags,
                also_read=values.also_read,
                first_published_at=first,
                updated_at=version.starts_at,
                change=Change.UPDATE if line else "",
                starts_at=version.starts_at,
                ends_at=ends_at,
                ends_as=ends_as,
                withheld=story.ends_as == EndsAs.VANISHED,
            )
        )
    return line


def _words_of(values: Values) -> str:
    """The body's words where the excerpt needs them: finding them is the slow part of a row."""
    return "" if values.standfirst else body.plain_text(values.body, quotes=False)


def _last_move(pk: int, story: Story, by: Actor, now: datetime) -> Row:
    last = story.versions[-1]
    details: Row = {"change": str(Change.UPDATE)} if len(story.versions) > 1 else {}
    verb, at = "publish", _typed_at(last, now)
    if story.ends_as:
        verb = _ENDED_BY[EndsAs(story.ends_as)]
        details = {"at": _iso(story.ends_at)} if verb == "set_end" else {}
        at = at if verb == "set_end" else story.ends_at or now
    elif last.starts_at > now:
        verb = "schedule"
        details = {"at": _iso(last.starts_at), "until": None, **details}
    if verb == "take_down":
        details = {"how": story.ends_as, "authority": _WHY}
    return {
        "at": at,
        "verb": verb,
        "by": by.pk,
        "by_name": str(by)[:120],
        "article": pk,
        "subject": last.values.headline,
        "revision": None if story.ends_as else len(story.versions),
        "reason": _WHY if verb in ("take_down", "unpublish") else "",
        "details": details,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


# --- Rows into the database: bulk_create takes twice as long ---------------------------


def _new_ids(model: type[models.Model], count: int) -> Sequence[int]:
    """Ids that no other row has or gets; the caller is in a transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [model._meta.db_table, count],
            )
            return [pk for (pk,) in cursor.fetchall()]
    last = model._default_manager.aggregate(last=models.Max("pk"))["last"] or 0
    return range(last + 1, last + 1 + count)


def _insert(model: type[models.Model], rows: Iterable[Row]) -> None:
    """Insert rows that name all their columns but an id that the database gives."""
    rows = iter(rows)
    if (first := next(rows, None)) is None:
        return
    # A story's rows name the same few moments over and over.
    moment = lru_cache(1024)(connection.ops.adapt_datetimefield_value)
    columns = [
        (field.attname, _conversion(field, moment))
        for field in model._meta.concrete_fields
        if field.attname in first
    ]
    values = [
        [convert(row[name]) if convert else row[name] for name, convert in columns]
        for row in chain([first], rows)
    ]
    quote = connection.ops.quote_name
    names = ", ".join(quote(name) for name, _convert in columns)
    into = f"{quote(model._meta.db_table)} ({names})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with (
                connection.wrap_database_errors,
                cursor.copy(f"COPY {into} FROM STDIN") as copy,
            ):
                for row in values:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            insert = f"INSERT INTO {into} VALUES ({marks})"  # noqa: S608 - a model's names, quoted by Django; values are parameters
            cursor.executemany(insert, values)


def _conversion(
    field: models.Field, moment: Callable[[datetime], Any]
) -> Callable[[Any], Any] | None:
    """How a field's values become the database's; None: they are so already."""
    if isinstance(field, models.DateTimeField):
        return moment
    if isinstance(field, PackedTextField):
        return field.get_prep_value
    return json.dumps if isinstance(field, models.JSONField) else None
