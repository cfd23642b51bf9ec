"""The lines of a list of stories: what each says of its story, for the price of a few queries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Value
from django.utils.translation import gettext as _

from articles.desk import bulk, open_forms, overview
from articles.desk.overview import Pair
from articles.models import Article, Byline, OpenForm, Section
from articles.states import DeskStatus, Priority

SOON = timedelta(hours=2)


@dataclass(frozen=True)
class DueWords:
    """Until when a story is due, and how pressing that is: “late”, “soon”, or neither."""

    words: str
    kind: str = ""


@dataclass(frozen=True)
class Line:
    """A story as a list shows it."""

    article: Article
    tick: str  # what it says where it is ticked
    pair: Pair
    section: str
    byline: str  # “Mara Aziz”, “Mara Aziz +1”
    authors: str  # all of them
    words: str  # “742 / 800”
    saved: str
    due: DueWords | None
    open_with: tuple[str, ...]
    must_run: bool


def lines(ids: Sequence[int], sections: Sequence[Section], t: datetime) -> list[Line]:
    """The lines of stories (ids), in their order; `sections` are all there are."""
    if not ids:
        return []
    asked: Any = Article.objects.filter(pk__in=ids).order_by().defer("body", "standfirst")
    stories: dict[int, Any] = {row.pk: row for row in overview.with_public_state(asked, t)}
    pairs = overview.pairs_of(stories.values(), t)
    names = {section.pk: section.name for section in sections}
    authors, people = _people(ids, t)
    return [
        _line(stories[pk], pairs[pk], names, authors[pk], people[pk], t)
        for pk in ids
        if pk in stories
    ]


def _line(
    article: Any,
    pair: Pair,
    sections: dict[int, str],
    authors: list[str],
    people: list[str],
    t: datetime,
) -> Line:
    more = f" +{len(authors) - 1}" if len(authors) > 1 else ""
    asked_for = f" / {article.length:,}" if article.length else ""
    return Line(
        article=article,
        tick=bulk.tick(article),
        pair=pair,
        section=sections.get(article.section_id, ""),
        byline=f"{authors[0]}{more}" if authors else "",
        authors=", ".join(authors),
        words=f"{article.words:,}{asked_for}",
        saved=overview.when(article.edited_at, t),
        due=due_words(article, t),
        open_with=tuple(people),
        must_run=article.priority == Priority.MUST,
    )


def due_words(article: Article, t: datetime) -> DueWords | None:
    """Until when a story is due, in the newsroom's time; None: it has no deadline.

    What is ready is not late.
    """
    due = article.due_at
    if due is None:
        return None
    words = overview.when(due, t)
    if article.status == DeskStatus.READY:
        return DueWords(words)
    if due <= t:
        return DueWords(_("%(when)s, late") % {"when": words}, "late")
    return DueWords(words, "soon" if due - t <= SOON else "")


def _people(ids: Sequence[int], t: datetime) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
    """Who signs the stories, and who has them open: gave a sign of life within the last minute.

    One query for both.
    """
    signed = Byline.objects.filter(article__in=ids).order_by()
    opened = OpenForm.objects.filter(article__in=ids, at__gt=t - open_forms.ALIVE).order_by()
    names = signed.values_list("article_id", Value(0), "position", "author__name")
    people = opened.values_list("article_id", Value(1), Value(0), "person__display_name")
    rows = names.union(people, all=True).order_by()
    found: tuple[dict[int, list[str]], dict[int, list[str]]] = defaultdict(list), defaultdict(list)
    for story, kind, _position, name in sorted(rows):
        found[kind][story].append(name)
    return found
