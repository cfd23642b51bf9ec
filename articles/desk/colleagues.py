"""Which people may do a thing: rights.py asked the other way round, for whoever is to be told."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.db.models import Exists, OuterRef, Q, QuerySet

from articles.models import Article, SectionMember


def holding(permission: str) -> QuerySet[Any]:
    """The people who use the desk and hold a permission, whatever their sections."""
    return ModelBackend().with_perm(permission).filter(is_staff=True)


def who_may(permission: str, section: int) -> QuerySet[Any]:
    """The people who hold a permission and work for a section, or for all of them."""
    return holding(permission).filter(_works_for(section))


def who_may_open(article: Article) -> QuerySet[Any]:
    """The people for whom a story is among rights.stories_for."""
    own = Q(pk__in=[article.created_by_id, article.assignee_id])
    return holding("articles.view_article").filter(own | _works_for(article.section_id))


def _works_for(section: int) -> Q:
    rows = SectionMember.objects.filter(user=OuterRef("pk"))
    return ~Q(Exists(rows)) | Q(Exists(rows.filter(section=section)))


@dataclass(frozen=True)
class Colleague:
    """A person of the newsroom, as somebody who writes about a story needs to know them."""

    pk: int
    name: str
    email: str
    is_here: bool  # uses the desk
    may_open: bool  # the story
    handle: str  # what is written after the @: the address’s first part, where it is nobody else’s


def all_of(article: Article) -> list[Colleague]:
    """Everybody in the newsroom, by name; and whether they may open a story."""
    people = get_user_model().objects.annotate(
        may_open=Exists(who_may_open(article).filter(pk=OuterRef("pk")))
    )
    fields = ("pk", "display_name", "email", "is_active", "is_staff", "may_open")
    rows = list(people.order_by("display_name", "pk").values_list(*fields))
    shared = _shared(email for _pk, _name, email, active, staff, _may in rows if active and staff)
    return [
        Colleague(
            pk,
            name or email,
            email,
            active and staff,
            may_open,
            email if _first_part(email) in shared else _first_part(email),
        )
        for pk, name, email, active, staff, may_open in rows
    ]


def _first_part(email: str) -> str:
    return email.partition("@")[0]


def _shared(emails: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    twice: set[str] = set()
    for part in map(_first_part, emails):
        (twice if part in seen else seen).add(part)
    return twice
