"""The filters beside the list of stories, as links: what each is set to, and what it can be."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from articles.desk import colleagues, rights
from articles.desk.asked import FACETS, ME, NOBODY, Asked, Due, Order, Readers
from articles.models import Section
from articles.states import DeskStatus

_MOST_PEOPLE = 100


@dataclass(frozen=True)
class Choice:
    """One thing that a filter can be set to."""

    label: str
    query: str
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    """A filter: its name, what it is set to, and its choices; with none, it is typed."""

    name: str
    label: str | Promise
    chosen: str
    is_on: bool
    choices: tuple[Choice, ...] = ()
    kept: tuple[tuple[str, str], ...] = ()  # what an address says beside it


def facets(asked: Asked, sections: Iterable[Section], by: Any) -> list[Facet]:
    """The filters of the list for a person: one query, for the people a story is assigned to."""
    own = rights.sections_of(by)
    named: dict[str, list[tuple[str, str]]] = {
        "status": [("", _("Any")), *_labels(DeskStatus)],
        "readers": [("", _("Any")), *_labels(Readers)],
        "section": [
            ("", _("All")),
            *((str(one.pk), one.name) for one in sections if not own or one.pk in own),
        ],
        "assignee": [("", _("Anyone")), (ME, _("Me")), (NOBODY, _("Nobody")), *_people(by)],
        "due": [("", _("Any")), *_labels(Due)],
        "order": _labels(Order),
    }
    return [
        _chosen_from(name, named[name], asked) if name in named else _typed(name, asked)
        for name in FACETS
    ]


def _labels(choices: type[models.TextChoices]) -> list[tuple[str, str]]:
    return [(choice.value, capfirst(str(choice.label))) for choice in choices]


def _people(by: Any) -> list[tuple[str, str]]:
    writers = colleagues.holding("articles.change_article").exclude(pk=by.pk)
    rows = writers.order_by("display_name", "pk").values_list("pk", "display_name")
    return [(str(pk), name) for pk, name in rows[:_MOST_PEOPLE]]


def _chosen_from(name: str, labels: Sequence[tuple[str, str]], asked: Asked) -> Facet:
    value = getattr(asked, name)
    chosen = dict(labels).get(value, _("another"))
    choices = (
        Choice(label, asked.but(**{name: choice}).query, choice == value)
        for choice, label in labels
    )
    return Facet(name, FACETS[name], chosen, bool(value), tuple(choices))


def _typed(name: str, asked: Asked) -> Facet:
    value = getattr(asked, name)
    kept = tuple((key, held) for key, held in vars(asked).items() if held and key != name)
    return Facet(name, FACETS[name], value or _("Anyone"), bool(value), kept=kept)
