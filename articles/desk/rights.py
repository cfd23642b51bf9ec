"""Whether a person may do a thing, in the sections it touches; the one place that is asked."""

from collections.abc import Iterable
from typing import Any, Protocol

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from articles.models import Article, Section, SectionMember


class Actor(Protocol):
    """Who does a verb: a person, or one of the site's own programs."""

    pk: Any

    def has_perm(self, perm: str) -> bool: ...


class Program:
    """A command run by whoever keeps the machine, such as the import of story files."""

    pk = None

    def __init__(self, name: str) -> None:
        self.name = name

    def __str__(self) -> str:
        return self.name

    def has_perm(self, perm: str) -> bool:
        return True


def may(by: Actor, permission: str, sections: Iterable[int | None] = ()) -> bool:
    """Whether the actor holds the permission and works for every one of the sections (ids)."""
    if not by.has_perm(permission):
        return False
    own = _sections_of(by)
    return not own or own.issuperset(section for section in sections if section)


def require(by: Actor, permission: str, sections: Iterable[int | None] = ()) -> None:
    """Raise PermissionDenied, with a sentence, unless the actor may."""
    if not by.has_perm(permission):
        raise PermissionDenied(_("Your role does not include this. Ask a managing editor."))
    if not may(by, permission, sections):
        raise PermissionDenied(_("You do not work for this story’s section."))


def may_edit(by: Actor, article: Article) -> bool:
    """Whether the actor may change a working copy: one that they began or that is assigned to
    them, or any with the right for it.

    Nobody writes again in a story that was erased by law.
    """
    if article.erased:
        return False
    own = by.pk is not None and by.pk in (article.created_by_id, article.assignee_id)
    permission = "articles.change_article" if own else "articles.change_others_article"
    return may(by, permission, [article.section_id])


def require_edit(by: Actor, article: Article) -> None:
    """Raise PermissionDenied, with a sentence, unless the actor may change the working copy."""
    if not may_edit(by, article):
        raise PermissionDenied(_("You may read this story, but not change it."))


def stories_for(by: Actor) -> QuerySet[Article]:
    """The stories an actor may open: those of their sections, and their own."""
    if not by.has_perm("articles.view_article"):
        return Article.objects.none()
    own = _sections_of(by)
    if not own:
        return Article.objects.all()
    return Article.objects.filter(Q(section__in=own) | Q(created_by=by.pk) | Q(assignee=by.pk))


def sections_for(by: Actor, article: Article | None) -> QuerySet[Section]:
    """The sections that an actor can file a story under; the one it stands in is among them."""
    own = _sections_of(by)
    if not own:
        return Section.objects.all()
    return Section.objects.filter(pk__in={*own, article.section_id} if article else own)


def story_for(by: Actor, pk: int) -> Article:
    """One story that an actor may open; raises Http404 for any other, as for none."""
    story = stories_for(by).select_related("section").filter(pk=pk).first()
    if story is None:
        raise Http404
    return story


def sections_of(by: Actor) -> frozenset[int]:
    """The sections (ids) that an actor works for; empty: all of them."""
    return frozenset(_sections_of(by))


def _sections_of(by: Actor) -> set[int]:
    if by.pk is None:
        return set()
    # Read once a request: the actor is the request's own copy of the person.
    known: set[int] | None = getattr(by, "_sections_worked_for", None)
    if known is None:
        rows = SectionMember.objects.filter(user=by.pk)
        known = set(rows.values_list("section_id", flat=True))
        actor: Any = by  # of no Actor by its type: nobody but this function reads it
        actor._sections_worked_for = known
    return known
