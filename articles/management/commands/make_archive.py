"""manage.py make_archive N: fill a database with N invented stories, to measure the site on.

Words, names and places are made up; the same seed makes the same stories. On top come the
hardest case for lists: stories of the last day with thousands of versions each.
"""

import random
import time
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from articles import edition
from articles.desk import archive
from articles.desk.archive import Story, Version
from articles.desk.revisions import Values
from articles.desk.rights import Program
from articles.models import Article, Author, Edition, NameWord, Section, Tag
from articles.models.name_word import KINDS_OF_NAMES
from articles.states import EndsAs
from articles.text import slug_of, with_suffix

VERSIONS_A_BATCH = 3000
MOST_AUTHORS = 50_000
MOST_TAGS = 20_000
MANY_VERSIONED = 20  # stories on top, of the last day
NEWEST = timedelta(minutes=3)
OLDEST = timedelta(days=365 * 20)
# How fast the years thin out: two thirds of the stories are younger than half of the span.
THINNING = 1.5

SECTIONS = {
    "World": 30, "National": 30, "Business": 15, "Science": 8, "Culture": 7, "Sport": 10,
}  # fmt: skip
# Shares of the stories: what became of them, and what is still to come.
HIDDEN, GONE, EXPIRED, VANISHED = 0.010, 0.005, 0.014, 0.001
TO_COME = 0.0002
TWO_VERSIONS, THREE_VERSIONS = 0.18, 0.08
IN_THE_BIG_TAG = 0.20

# Starts and ends of names have three letters, their middles two: so no two names are alike.
STARTS, MIDDLES, ENDS, TOPICS, MATTERS, VERBS, KINDS, BODIES = (
    words.split()
    for words in (
        "Bra Cor Del Fen Gav Hal Jor Kel Lum Mar Nor Osk Pel Ral Sev Tam Ulv Ver Wyn Zan",
        "da el im or ta vi no ra se lo",
        "den ric mar sol wen tor lin has ket vik rad nel",
        "river harbour school night rail forest island market water winter road grain",
        "levy survey strike repair vote accord record closure rescue debate trial plan",
        "weighs delays backs reopens rejects measures counts defends drops studies",
        "new second shorter disputed costly quiet early joint northern promised",
        "council court crew board union ministry team panel committee jury",
    )
)


class Command(BaseCommand):
    help = "Fills a database with invented stories, to measure the site on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("stories", type=int, metavar="N", help="how many stories")
        parser.add_argument("--seed", type=int, default=1, help="another makes other stories")
        parser.add_argument(
            "--versions",
            type=int,
            default=2000,
            help=f"of each of the {MANY_VERSIONED} stories on top (0: without them)",
        )
        parser.add_argument(
            "--add", action="store_true", help="to a database that holds stories already"
        )

    def handle(
        self, *, stories: int, seed: int, versions: int, add: bool, **options: object
    ) -> None:
        if stories < 1:
            raise CommandError("Give the number of stories to make, 1 or more.")
        if not add and Article.objects.exists():
            raise CommandError(
                "This database holds stories already. Invented ones would stand among them: "
                "name an empty database in DATABASE_URL, or say --add."
            )
        now = timezone.now()
        desk = prepare_desk(stories)
        invent = Inventor(desk, seed, now, (Article.objects.aggregate(m=Max("pk"))["m"] or 0) + 1)
        with nullcontext() if add else without_indexes_of_words():
            self._write(invent.stories(stories), stories, now)
            if versions:
                self._write(invent.many_versioned(versions), MANY_VERSIONED, now)
        with transaction.atomic():
            edition.move_on()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def _write(self, stories: Iterable[Story], of: int, now: datetime) -> None:
        done, since = 0, time.monotonic()
        for number, batch in enumerate(batches(stories), start=1):
            archive.write(batch, by=Program("make_archive"), now=now)
            done += len(batch)
            if number % 10 == 0 or done == of:
                rate = done / max(time.monotonic() - since, 0.001)
                self.stdout.write(f"{done:,} of {of:,} stories, {rate:,.0f} a second")


@contextmanager
def without_indexes_of_words() -> Iterator[None]:
    """Let PostgreSQL make its indexes of words once all words are there: half the work."""
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            yield
            return
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes "
            "WHERE schemaname = current_schema() AND indexdef LIKE '%USING gin%'"
        )
        found = cursor.fetchall()
        for name, _definition in found:
            cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
        try:
            yield
        finally:
            cursor.execute("SET maintenance_work_mem = '512MB'")
            for _name, definition in found:
                cursor.execute(definition)
            cursor.execute("RESET maintenance_work_mem")


def batches(stories: Iterable[Story]) -> Iterator[list[Story]]:
    """Cut stories into lists of a few thousand versions each."""
    batch: list[Story] = []
    versions = 0
    for story in stories:
        batch.append(story)
        versions += len(story.versions)
        if versions >= VERSIONS_A_BATCH:
            yield batch
            batch, versions = [], 0
    if batch:
        yield batch


@dataclass(frozen=True)
class Desk:
    """What stories are filed under: ids of sections, authors and tags, the busiest first."""

    sections: Sequence[int]
    authors: Sequence[int]
    tags: Sequence[int]


def prepare_desk(stories: int) -> Desk:
    """Make the sections, authors and tags that an archive of a size needs, where missing."""
    Edition.objects.get_or_create(pk=1)
    sections = [
        Section.objects.get_or_create(
            slug=name.lower(), defaults={"name": name, "order": 10 * place}
        )[0].pk
        for place, name in enumerate(SECTIONS, start=1)
    ]
    authors = (author_name(n) for n in range(min(max(stories * 50 // 1000, 3), MOST_AUTHORS)))
    tags = (tag_name(n) for n in range(min(max(stories // 25, 30), MOST_TAGS)))
    return Desk(sections, made_where_missing(Author, authors), made_where_missing(Tag, tags))


def made_where_missing(model: type[Author] | type[Tag], names: Iterable[str]) -> list[int]:
    """The ids of what bears the names, in their order."""
    slugs = {slug_of(name): name for name in names}
    found = set(model.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    model.objects.bulk_create(
        (model(name=name, slug=slug) for slug, name in slugs.items() if slug not in found),
        batch_size=2000,
    )
    rows = model.objects.filter(slug__in=slugs)
    NameWord.objects.add(KINDS_OF_NAMES[model], (row for row in rows if row.slug not in found))
    ids = {row.slug: row.pk for row in rows}
    return [ids[slug] for slug in slugs]


def nth(number: int, *parts: Sequence[str]) -> list[str]:
    """The words that a number picks, one of each part; another number picks others."""
    picked = []
    for words in parts:
        number, place = divmod(number, len(words))
        picked.append(words[place])
    return picked


def author_name(number: int) -> str:
    given, ending, start, middle, end = nth(number, STARTS, ENDS, STARTS, MIDDLES, ENDS)
    return f"{given}{ending} {start}{middle}{end}"


def place_name(number: int) -> str:
    start, end, middle = nth(number, STARTS, ENDS, MIDDLES)
    return f"{start}{middle}{end}"


def tag_name(number: int) -> str:
    topic, matter = nth(number, TOPICS, MATTERS)
    place = number // (len(TOPICS) * len(MATTERS))
    return f"{topic} {matter} in {place_name(place)}" if place else f"{topic} {matter}".capitalize()


class Inventor:
    """Makes stories up, oldest first: the same ones for the same desk, seed and moment."""

    def __init__(self, desk: Desk, seed: int, now: datetime, first_number: int) -> None:
        self.desk, self.now, self.number = desk, now, first_number
        self.dice = random.Random(seed)  # noqa: S311 - the same stories again for a seed, which is no secret
        self.places = [place_name(n) for n in range(200)]
        self.sentences = [self._sentence() for _ in range(600)]

    def stories(self, count: int) -> Iterator[Story]:
        """Stories of twenty years, fewer the farther back, and a few that are still to come."""
        to_come = min(max(3, round(count * TO_COME)), count - 1)
        past = count - to_come
        for left in range(past - 1, -1, -1):
            back = (left + (0.9 * self.dice.random() if left else 0)) / past
            yield self._past(self.now - NEWEST - OLDEST * back**THINNING)
        for number in range(to_come):
            yield self._to_come(number)

    def many_versioned(self, versions: int) -> Iterator[Story]:
        """Stories of the last day that were updated again and again; the last three left."""
        day = timedelta(hours=23)
        for place in range(MANY_VERSIONED):
            first = self.now - day + day * 0.95 * place / MANY_VERSIONED
            values = replace(self._values(), body=f"<p>{self._pick(self.sentences)}</p>")
            step = (self.now - first) / (versions + 1)
            line = [
                Version(first + step * n, replace(values, body=f"{values.body}<p>Update {n}.</p>"))
                for n in range(versions)
            ]
            yield self._left(line, place)

    def _left(self, line: list[Version], place: int) -> Story:
        """Of the stories with many versions one moved, one was hidden, and one is gone."""
        if place == MANY_VERSIONED - 1:
            line[-1] = Version(line[-1].starts_at, self._elsewhere(line[-1].values))
        ended = {MANY_VERSIONED - 2: EndsAs.HIDDEN, MANY_VERSIONED - 3: EndsAs.GONE}.get(place)
        return Story(line, self._between(line[-1].starts_at), ended) if ended else Story(line)

    def _past(self, first: datetime) -> Story:
        line = [Version(first, self._values())]
        if (roll := self.dice.random()) < TWO_VERSIONS + THREE_VERSIONS:
            line += self._updates(line[0], 2 if roll < THREE_VERSIONS else 1)
        ended = self._end()
        return Story(line, self._between(line[-1].starts_at), ended) if ended else Story(line)

    def _updates(self, first: Version, count: int) -> Iterator[Version]:
        """Later versions: mostly a new paragraph, now and then another tag or section."""
        span = min(self.now - first.starts_at, timedelta(days=3))
        values = first.values
        for number in range(count):
            values = replace(values, body=f"{values.body}<p>{self._pick(self.sentences)}</p>")
            if self.dice.random() < 0.1:
                values = self._elsewhere(values)
            elif self.dice.random() < 0.2:
                values = replace(values, tags=self._tags())
            after = span * (number + 0.1 + 0.8 * self.dice.random()) / count
            yield Version(first.starts_at + after, values)

    def _elsewhere(self, values: Values) -> Values:
        sections = [section for section in self.desk.sections if section != values.section]
        return replace(values, section=self._pick(sections))

    def _end(self) -> EndsAs | None:
        roll = self.dice.random()
        for ends_as, share in (
            (EndsAs.HIDDEN, HIDDEN), (EndsAs.GONE, GONE), (EndsAs.EXPIRED, EXPIRED),
            (EndsAs.VANISHED, VANISHED),
        ):  # fmt: skip
            if roll < share:
                return ends_as
            roll -= share
        return None

    def _between(self, moment: datetime) -> datetime:
        return moment + (self.now - moment) * (0.1 + 0.8 * self.dice.random())

    def _to_come(self, number: int) -> Story:
        """A story that is scheduled, one with a change scheduled, or one with an end ahead."""
        later = self.now + timedelta(minutes=10 + self.dice.randrange(60 * 24 * 30))
        if number % 3 == 0:
            return Story([Version(later, self._values())])
        live = Version(self.now - NEWEST - timedelta(minutes=number), self._values())
        if number % 3 == 1:
            return Story([live], later, EndsAs.EXPIRED)
        changed = replace(live.values, headline=self._headline())
        return Story([live, Version(later, changed)])

    # --- Words -------------------------------------------------------------------------------

    def _values(self) -> Values:
        headline, standfirst = self._headline(), self._pick(self.sentences)
        self.number += 1
        (section,) = self.dice.choices(self.desk.sections, list(SECTIONS.values()))
        return Values(
            headline=headline,
            standfirst="" if self.dice.random() < 0.1 else standfirst,
            body="".join(self._paragraph() for _ in range(self.dice.randrange(2, 5))),
            slug=with_suffix(slug_of(headline), self.number),
            section=section,
            authors=self._authors(),
            tags=self._tags(),
        )

    def _authors(self) -> list[int]:
        count = self.dice.choices((0, 1, 2), (3, 80, 17))[0]
        return list(dict.fromkeys(self._busy(self.desk.authors, 2) for _ in range(count)))

    def _tags(self) -> list[int]:
        """About three: the big one on a fifth of the stories, the others from a long tail."""
        tail = self.desk.tags[1:]
        count = self.dice.choices((1, 2, 3, 4, 5), (5, 25, 40, 20, 10))[0]
        tags = [self.desk.tags[0]] if self.dice.random() < IN_THE_BIG_TAG else []
        return list(dict.fromkeys(tags + [self._busy(tail, 3) for _ in range(count)]))[:5]

    def _busy(self, ids: Sequence[int], slope: int) -> int:
        """One of the ids, the first ones far more often."""
        return ids[int(len(ids) * self.dice.random() ** slope)]

    def _pick(self, words: Sequence[Any]) -> Any:
        return words[int(len(words) * self.dice.random())]

    def _headline(self) -> str:
        pick = self._pick
        return (
            f"{pick(self.places)} {pick(BODIES)} {pick(VERBS)} {pick(KINDS)} "
            f"{pick(TOPICS)} {pick(MATTERS)}"
        )

    def _sentence(self) -> str:
        pick = self._pick
        return (
            f"The {pick(BODIES)} of {pick(self.places)} {pick(VERBS)} a {pick(KINDS)} "
            f"{pick(TOPICS)} {pick(MATTERS)}, and the {pick(BODIES)} {pick(VERBS)} the "
            f"{pick(MATTERS)} near {pick(self.places)}."
        )

    def _paragraph(self) -> str:
        sentences = (self._pick(self.sentences) for _ in range(self.dice.randrange(1, 4)))
        return f"<p>{' '.join(sentences)}</p>"
