"""What is planned of a story, and what somebody changed of it, in words."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.models import Article, Move
from articles.moments import in_newsroom_words
from articles.states import Priority

# In the order in which they are said; with, and without a value.
_SET = {
    "due_at": (gettext_lazy("due %(value)s"), gettext_lazy("no due time")),
    "assignee_id": (gettext_lazy("assigned to %(value)s"), gettext_lazy("assigned to nobody")),
    "priority": (gettext_lazy("priority: %(value)s"), gettext_lazy("no priority")),
    "length": (gettext_lazy("length: %(value)s"), gettext_lazy("no length asked for")),
    "slugline": (gettext_lazy("slugline %(value)s"), gettext_lazy("no slugline")),
}


def of_move(move: Move) -> str:
    """What a Move says was planned: “due 24 Nov 2026, 18:00 (was 12:00), assigned to Jun Park”.

    Empty for one whose details were emptied.
    """
    details = move.details
    people = dict(zip(details.get("assignee_id", ()), details.get("assignee", ()), strict=False))
    said = []
    for name in _SET:
        if name in details:
            old, new = details[name]
            said.append(_change(name, old, new, people))
    return ", ".join(said)


def value(name: str, held: Any, people: Mapping[Any, str]) -> str:
    """One thing that is planned, in words; people's names by their id."""
    if held in (None, ""):
        return _("none")
    return _WORDS[name](held, people) if name in _WORDS else str(held)


def _change(name: str, old: Any, new: Any, people: Mapping[Any, str]) -> str:
    with_value, without = _SET[name]
    is_empty = new in (None, "")
    words = str(without) if is_empty else with_value % {"value": value(name, new, people)}
    if old in (None, ""):
        return words
    return _("%(change)s (was %(old)s)") % {"change": words, "old": value(name, old, people)}


def _moment(held: datetime | str, _people: Mapping[Any, str]) -> str:
    moment = datetime.fromisoformat(held) if isinstance(held, str) else held
    return in_newsroom_words(moment)


def _person(held: int, people: Mapping[Any, str]) -> str:
    return people.get(held) or _("somebody who is no more")


def _priority(held: int, _people: Mapping[Any, str]) -> str:
    return str(Priority(held).label)


def _length(held: int, _people: Mapping[Any, str]) -> str:
    return ngettext("%(n)s word", "%(n)s words", held) % {"n": f"{held:,}"}


_WORDS: Mapping[str, Callable[[Any, Mapping[Any, str]], str]] = {
    "due_at": _moment,
    "assignee_id": _person,
    "priority": _priority,
    "length": _length,
}


_LABELS = {
    "slugline": gettext_lazy("Slugline"),
    "assignee_id": gettext_lazy("Assigned to"),
    "due_at": gettext_lazy("Due"),
    "priority": gettext_lazy("Priority"),
    "length": gettext_lazy("Length"),
}


def lines(article: Article) -> list[tuple[str, str]]:
    """A story's plan for who may only read it: what, and how it is planned.

    Reads the name of whom it is assigned to, where that is not known yet.
    """
    people = {article.assignee_id: str(article.assignee)} if article.assignee_id else {}
    return [
        (str(label), value(name, getattr(article, name), people)) for name, label in _LABELS.items()
    ]
