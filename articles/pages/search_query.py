"""What an address asks of the search: words, filters, an order, a page; all of it forgiving.

What is no date is left out, with a sentence; a section or author that is not known finds nothing,
as one of whom nothing is public does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Self
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import regex
from django.urls import reverse
from django.utils.translation import gettext as _

from articles import words
from articles.text import SLUG_LENGTH

RELEVANCE, DATE = "relevance", "date"
# Controls, what is no character, and what turns the direction of the page around: no word has
# them, and a page that prints a query must not.
_UNPRINTED = regex.compile(r"[\p{Cc}\p{Cs}\p{Co}\p{Cn}\u202a-\u202e\u2066-\u2069]")
_LONGEST_NUMBER = 4


@dataclass(frozen=True)
class Asked:
    """A search as an address says it."""

    q: str = ""
    section: str = ""  # a slug
    author: str = ""  # a slug
    since: date | None = None  # the first day, in the newsroom's zone
    until: date | None = None  # the last day
    sort: str = RELEVANCE
    page: int = 1
    remarks: tuple[str, ...] = field(default=(), compare=False)  # what was left out

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Self:
        """Read what an address's query says; whatever it is, it is a search."""
        typed = " ".join(_UNPRINTED.sub(" ", query.get("q", "")).split())
        since, until = _day(query.get("from", "")), _day(query.get("to", ""))
        return cls(
            q=_shortened(typed),
            section=_slug(query.get("section", "")),
            author=_slug(query.get("author", "")),
            since=since,
            until=until,
            sort=DATE if query.get("sort") == DATE else RELEVANCE,
            page=_number(query.get("page", "")),
            remarks=tuple(_remarks(typed, query, since, until)),
        )

    @cached_property
    def words(self) -> tuple[str, ...]:
        return words.words_of(self.q)

    def starts(self, zone: ZoneInfo) -> datetime | None:
        """The first moment of the days asked for."""
        return _midnight(self.since, zone) if self.since else None

    def ends(self, zone: ZoneInfo) -> datetime | None:
        """The first moment after the days asked for."""
        if self.until is None or self.until == date.max:
            return None
        return _midnight(self.until + timedelta(days=1), zone)

    def address(self, **changes: Any) -> str:
        """The address of this search with something changed; on its first page unless said."""
        other = replace(self, **{"page": 1, **changes})
        said = {
            "q": other.q,
            "section": other.section,
            "author": other.author,
            "from": other.since or "",
            "to": other.until or "",
            "sort": other.sort if other.sort != RELEVANCE else "",
            "page": other.page if other.page > 1 else "",
        }
        query = urlencode({name: value for name, value in said.items() if value})
        return f"{reverse('search')}?{query}" if query else reverse("search")


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def _shortened(typed: str) -> str:
    """Up to the last whole word of what is not too long: half a word is another one."""
    if len(typed) <= words.LONGEST:
        return typed
    cut = typed[: words.LONGEST + 1]
    return cut.rpartition(" ")[0] or cut[:-1]


def _day(typed: str) -> date | None:
    """A day as “2026-06-19”; None for anything else, the first and last that there are as well,
    which begin or end outside of time in some zone."""
    if not regex.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", typed):
        return None
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if 1 < day.year < date.max.year else None


def _slug(typed: str) -> str:
    """A slug; empty for what can be none, which no database need see."""
    is_slug = regex.fullmatch(r"[-a-zA-Z0-9_]+", typed) and len(typed) <= SLUG_LENGTH
    return typed if is_slug else ""


def _number(typed: str) -> int:
    is_number = typed.isascii() and typed.isdigit() and len(typed) <= _LONGEST_NUMBER
    return max(int(typed), 1) if is_number else 1


def _remarks(typed: str, query: Mapping[str, str], since: date | None, until: date | None) -> Any:
    if words.is_too_long(typed):
        yield _("Only the first %(words)d words, or %(letters)d characters, were looked for.") % {
            "words": words.MOST_WORDS, "letters": words.LONGEST,
        }  # fmt: skip
    if (query.get("from") and not since) or (query.get("to") and not until):
        yield _("A date is written so: 2026-06-19. What is none was left out.")
