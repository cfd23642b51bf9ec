"""The lines of a list of stories: what each says of its story, for the price of a few queries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from articles.desk import open_forms, overview
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
    authors, people = _authors(ids), _open_with(ids, t)
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


def _authors(ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = Byline.objects.filter(article__in=ids).order_by("position")
    for story, name in rows.values_list("article_id", "author__name"):
        found[story].append(name)
    return found


def _open_with(ids: Sequence[int], t: datetime) -> dict[int, list[str]]:
    """Who has the stories open: whoever gave a sign of life within the last minute."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = OpenForm.objects.filter(article__in=ids, at__gt=t - open_forms.ALIVE)
    for story, name in rows.order_by("person__display_name").values_list(
        "article_id", "person__display_name"
    ):
        found[story].append(name)
    return found
