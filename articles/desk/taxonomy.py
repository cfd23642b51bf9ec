"""How sections, authors and tags are made, renamed and deleted: verbs, each with its Move."""

from datetime import datetime
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from articles import edition
from articles.desk import addresses, audit, rights
from articles.desk.rights import Actor
from articles.models import Article, Author, Byline, ListKind, ListRow, Publication, Section, Tag
from articles.text import slug_of

Named = TypeVar("Named", Section, Author, Tag)

_KINDS = {Section: ListKind.SECTION, Author: ListKind.AUTHOR, Tag: ListKind.TAG}


def save(named: Named, *, by: Actor, now: datetime) -> Named:
    """Write a new or changed section, author or tag; its new name shows everywhere at once.

    Raises PermissionDenied, or ValidationError with a sentence a field.
    """
    kind, is_new = type(named).__name__.lower(), named.pk is None
    rights.require(by, f"articles.{'add' if is_new else 'change'}_{kind}")
    with transaction.atomic():
        before = None if is_new else type(named).objects.select_for_update().get(pk=named.pk)
        if not named.slug:
            named.slug = free_slug(type(named), named.name)
        if isinstance(before, Section) and before.slug != named.slug and is_used(before):
            raise ValidationError(
                {"slug": _("Stories were published under this address; it stays as it is.")}
            )
        named.full_clean()
        named.save()
        audit.record(
            f"{'add' if is_new else 'change'}_{kind}",
            by=by,
            at=now,
            subject=named.name,
            details={"id": named.pk, **({"was": before.name} if before else {})},
        )
        edition.move_on()
    return named


def delete(named: Named, *, by: Actor, now: datetime) -> None:
    """Delete what no story names or ever named; raise ValidationError for anything else."""
    kind = type(named).__name__.lower()
    rights.require(by, f"articles.delete_{kind}")
    with transaction.atomic():
        if is_named(named):
            raise ValidationError(
                _(
                    "Stories name “%(name)s”. Retire it instead: it is offered no more, "
                    "and its page stays."
                )
                % {"name": named.name}
            )
        audit.record(f"delete_{kind}", by=by, at=now, subject=named.name, details={"id": named.pk})
        named.delete()
        edition.move_on()


def is_used(section: Section) -> bool:
    """Whether a story was ever published, or is scheduled, in a section."""
    return Publication.objects.filter(section=section).exists()


def is_named(named: Section | Author | Tag) -> bool:
    """Whether a story names it: the working copy, or a version that readers had."""
    if ListRow.objects.filter(kind=_KINDS[type(named)], what=named.pk).exists():
        return True
    if isinstance(named, Section):
        return Article.objects.filter(section=named).exists() or is_used(named)
    if isinstance(named, Author):
        return Byline.objects.filter(author=named).exists()
    return Article.objects.filter(tags=named).exists()


def tags_named(names: list[str], *, by: Actor, now: datetime) -> list[int]:
    """The ids of the tags of these names, whatever their capitals; those missing are made."""
    return [_tag_named(name, by=by, now=now).pk for name in names]


def _tag_named(name: str, *, by: Actor, now: datetime) -> Tag:
    # Compared in Python: SQLite folds the case of ASCII only.
    slug = slug_of(name)
    near = Tag.objects.filter(slug__startswith=slug) if slug else Tag.objects.filter(name=name)
    for tag in near:
        if tag.name.casefold() == name.casefold():
            return tag
    return save(Tag(name=name), by=by, now=now)


def free_slug(kind: type[Named], name: str) -> str:
    """A slug made from a name that no other of its kind has."""
    if kind is Author:
        return addresses.for_author(name)
    return addresses.for_tag(name) if kind is Tag else slug_of(name)
