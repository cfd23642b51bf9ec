"""What a list of stories is asked for: a view, words, and filters; as an address's query says it.

Whatever an address says that no list knows is left out, so that each list has one address.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from articles.states import DeskStatus
from articles.words import LONGEST

ME, NOBODY = "me", "nobody"


class View(models.TextChoices):
    """The lists that everybody has."""

    ALL = "", _("All stories")
    MINE = "mine", _("My stories")
    QUEUE = "queue", _("Queue")
    TODAY = "today", _("Today")
    CHANGED = "changed", _("Live with changes")


class Readers(models.TextChoices):
    """What readers see of a story, as a list is asked for it."""

    PRIVATE = "private", _("Not public")
    SCHEDULED = "scheduled", _("Something is scheduled")
    LIVE = "live", _("Live")
    CHANGES = "changes", _("Live with changes")
    DOWN = "down", _("Taken down or ended")


class Due(models.TextChoices):
    """Until when a story is due."""

    LATE = "late", _("Late")
    TODAY = "today", _("Today or late")
    WEEK = "week", _("Within seven days")
    NONE = "none", _("Without a deadline")


class Order(models.TextChoices):
    """What a list is ordered by, where its view has no order of its own."""

    SAVED = "", _("Last saved")
    DUE = "due", _("Due first")


@dataclass(frozen=True)
class Asked:
    """What a list is asked for; an empty string asks for nothing."""

    view: str = ""
    q: str = ""
    status: str = ""
    readers: str = ""
    section: str = ""  # an id
    byline: str = ""  # words of an author's name
    assignee: str = ""  # an id, ME or NOBODY
    due: str = ""
    order: str = ""

    @classmethod
    def of(cls, typed: Mapping[str, Any]) -> Self:
        """What an address's parameters ask for."""
        return cls(
            **{name: str(typed.get(name, "")) for name in KEYS if _is_known(name, typed.get(name))}
        )._tidied()

    @classmethod
    def of_query(cls, query: str) -> Self:
        """The same, of an address's query as a string."""
        try:
            return cls.of(dict(parse_qsl(query[:2000], max_num_fields=50) if query else []))
        except ValueError:  # of more fields than a list has: it asks for nothing
            return cls()

    def _tidied(self) -> Self:
        return replace(self, q=_line(self.q), byline=_line(self.byline))

    def but(self, **other: str) -> Self:
        """The same with something else."""
        return replace(self, **other)

    @property
    def query(self) -> str:
        """As an address's query; empty where nothing is asked."""
        return urlencode({name: value for name, value in asdict(self).items() if value})

    @property
    def is_filtered(self) -> bool:
        """Whether anything is asked for but a view."""
        return any(value for name, value in asdict(self).items() if name not in ("view", "order"))


KEYS = tuple(field.name for field in fields(Asked))


def _line(typed: str) -> str:
    """What is typed to look for, on one line, as long as it is looked at."""
    return " ".join(typed.replace("\0", " ").split())[:LONGEST].strip()


def is_id(typed: str) -> bool:
    """Whether something is an id as addresses hold it."""
    return typed.isascii() and typed.isdecimal() and len(typed) <= 18


def _is_known(name: str, value: Any) -> bool:
    return isinstance(value, str) and _KNOWN[name](value)


def _one_of(choices: type[models.TextChoices]) -> Callable[[str], bool]:
    return lambda value: value in choices.values


_KNOWN: Mapping[str, Callable[[str], bool]] = {
    "view": _one_of(View),
    "q": lambda value: True,
    "status": _one_of(DeskStatus),
    "readers": _one_of(Readers),
    "section": is_id,
    "byline": lambda value: True,
    "assignee": lambda value: value in (ME, NOBODY) or is_id(value),
    "due": _one_of(Due),
    "order": _one_of(Order),
}

# What the filters are called, in the order in which they stand.
FACETS: Mapping[str, str | Promise] = {
    "status": _("Working copy"),
    "readers": _("Readers see"),
    "section": _("Section"),
    "byline": _("Byline"),
    "assignee": _("Assigned to"),
    "due": _("Due"),
    "order": _("Order"),
}
