"""How sections, authors and tags are made, renamed and deleted: verbs, each with its Move."""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from articles import edition
from articles.desk import addresses, audit, listing, rights
from articles.desk.rights import Actor
from articles.models import (
    Article,
    ArticleTag,
    Author,
    Byline,
    LeadsTo,
    ListKind,
    ListRow,
    NameWord,
    Publication,
    Redirect,
    Section,
    Tag,
)
from articles.text import slug_of

Named = TypeVar("Named", Section, Author, Tag)

_KINDS = {Section: ListKind.SECTION, Author: ListKind.AUTHOR, Tag: ListKind.TAG}


def save(named: Named, *, by: Actor, now: datetime) -> Named:
    """Write a new or changed section, author or tag; its new name shows everywhere at once.

    Writes nothing when nothing changed. Raises PermissionDenied, or ValidationError with a
    sentence a field.
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
        if isinstance(named, Section) and is_new and addresses.of_page(named.slug):
            raise ValidationError({"slug": _("A page of the site stands at this address.")})
        named.full_clean()
        was = _changed(before, named) if before else {}
        if before and not was:
            return named
        named.save()
        if not isinstance(named, Section):
            NameWord.objects.write(_KINDS[type(named)], [named])
        audit.record(
            f"{'add' if is_new else 'change'}_{kind}",
            by=by,
            at=now,
            subject=named.name,
            details={"id": named.pk, **({"was": was} if was else {})},
        )
        edition.move_on()
    return named


def _changed(before: Named, after: Named) -> dict[str, Any]:
    """What stood in each field that changed."""
    fields = [field.attname for field in type(before)._meta.concrete_fields]
    return {
        name: getattr(before, name)
        for name in fields
        if getattr(before, name) != getattr(after, name)
    }


def merge_tag(tag_id: int, into_id: int, *, reason: str, by: Actor, now: datetime) -> Tag:
    """Let one tag take over the stories and the address of another; return the one that stays.

    Raises PermissionDenied, or ValidationError with a sentence; a second time finds it done.
    """
    rights.require(by, "articles.delete_tag")
    if not reason.strip():
        raise ValidationError({"reason": _("Give a reason; it is kept in the audit.")})
    with transaction.atomic():
        # First of all: of two who merge the same tag at once, one finds it merged.
        swapped = Tag.objects.filter(pk=tag_id, merged_into=None).update(retired=True)
        old, into = Tag.objects.get(pk=tag_id), Tag.objects.get(pk=into_id)
        if not swapped:
            raise ValidationError(
                _("“%(name)s” was merged into another tag already.") % {"name": old.name}
            )
        if into.pk == old.pk or into.retired:
            raise ValidationError({"into": _("Choose another tag, one that is in use.")})
        Tag.objects.filter(merged_into=old).update(merged_into=into)
        Tag.objects.filter(pk=old.pk).update(merged_into=into)
        borne = ArticleTag.objects.filter(tag=old)
        bear_both = ArticleTag.objects.filter(tag=into).values("content_object")
        borne.filter(content_object__in=bear_both).delete()
        details = {
            "id": old.pk,
            "into": into.pk,
            "into_name": into.name,
            "working_copies": borne.update(tag=into),
            "list_rows": listing.take_over(old.pk, into.pk),
        }
        Redirect.objects.filter(kind=LeadsTo.TAG, what=old.pk).update(what=into.pk)
        audit.record(
            "merge_tag", by=by, at=now, subject=old.name, reason=reason.strip(), details=details
        )
        edition.move_on()
    return into


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
        NameWord.objects.forget(_KINDS[type(named)], [named.pk])
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
    is_linked = named.merged_into_id or Tag.objects.filter(merged_into=named).exists()
    return bool(is_linked) or Article.objects.filter(tags=named).exists()


def tags_named(names: list[str], *, by: Actor, now: datetime) -> list[int]:
    """The ids of the tags of these names, whatever their capitals; those missing are made.

    The name of a tag that was merged means the one that took it over.
    """
    known = known_tags(names)
    ids = [known.get(name.casefold()) or save(Tag(name=name), by=by, now=now).pk for name in names]
    return list(dict.fromkeys(ids))


def known_tags(names: list[str]) -> dict[str, int]:
    """The ids of those of some tags (or of the one that took such a tag over) that there are, by
    their names in small letters."""
    # Near ones are compared in Python: SQLite folds the case of ASCII only.
    slugs = [slug for slug in map(slug_of, names) if slug]
    alike = (Q(slug=slug) | Q(slug__startswith=f"{slug}-") for slug in slugs)
    near = (
        Tag.objects.filter(reduce(or_, alike, Q(name__in=names))) if names else Tag.objects.none()
    )
    return {tag.name.casefold(): tag.merged_into_id or tag.pk for tag in near}


def author_of(by: Actor) -> int | None:
    """The author as whom a person signs, if there is one who is not retired."""
    mine = Author.objects.filter(user=by.pk, retired=False) if by.pk else Author.objects.none()
    return mine.values_list("pk", flat=True).first()


def names_of(held: Mapping[str, Any], by: Actor) -> dict[str, dict[int, str]]:
    """What the tags, authors and stories that a snapshot names are called, by field and id.

    One query. A merged tag has its heir's name; a story that the actor may not open has an empty
    one. What is no more is left out.
    """
    name = Coalesce("merged_into__name", "name")
    tags = Tag.objects.filter(pk__in=held["tags"]).order_by()
    authors = Author.objects.filter(pk__in=held["authors"]).order_by()
    may_open = Exists(rights.stories_for(by).filter(pk=OuterRef("pk")))
    headline = Case(When(may_open, then="headline"), default=Value(""))
    stories = Article.objects.filter(pk__in=held["also_read"]).order_by()
    others = (
        authors.values_list(Value("authors"), "pk", "name"),
        stories.values_list(Value("also_read"), "pk", headline),
    )
    rows = tags.values_list(Value("tags"), "pk", name).union(*others, all=True).order_by()
    names: dict[str, dict[int, str]] = {"tags": {}, "authors": {}, "also_read": {}}
    for field, pk, called in rows:
        names[field][pk] = called
    return names


def names_in(typed: str) -> list[str]:
    """The names of tags in what was typed, a comma or a line apart; as they stand, unchecked."""
    return [name for part in re.split(r"[,\n]", typed) if (name := part.strip())]


def free_slug(kind: type[Named], name: str) -> str:
    """A slug made from a name that no other of its kind has."""
    if kind is Author:
        return addresses.for_author(name)
    return addresses.for_tag(name) if kind is Tag else slug_of(name)
