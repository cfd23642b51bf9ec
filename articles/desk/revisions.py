"""How a working copy is saved: swap first, check, write a numbered Revision of what was typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from articles import body
from articles.desk import addresses, audit, compare, notices, rights, search
from articles.desk.rights import Actor
from articles.kinds import USUAL, StoryKind
from articles.models import (
    AlsoRead,
    Article,
    ArticleTag,
    Author,
    Byline,
    Image,
    Revision,
    RevisionKind,
    Section,
    SlugClaim,
    Tag,
)
from articles.states import DeskStatus

SCHEMA = 1  # of a snapshot, for those who read an old one later
# The parts of a snapshot that are the text: what four eyes look at.
TEXT = (
    "kind", "headline", "dateline", "standfirst", "picture", "picture_alt", "picture_caption",
    "body",
)  # fmt: skip
# What the form types into a field of the same name, and the field cleans.
_PLAIN = ("kind", "headline", "dateline", "standfirst", "picture_alt", "picture_caption")


class Stale(Exception):
    """Somebody saved or pressed since `seen` was read; nothing was written."""


@dataclass(frozen=True)
class Values:
    """What was typed of a story. Ids in the order they are to be shown in."""

    headline: str
    section: int
    standfirst: str = ""
    body: str = ""
    slug: str = ""  # empty: keep the story's, or make one from the headline
    authors: Sequence[int] = ()
    tags: Sequence[int] = ()
    also_read: Sequence[int] = ()
    kind: str = USUAL
    dateline: str = ""
    picture: int | None = None  # an image of the library
    picture_alt: str = ""
    picture_caption: str = ""

    @classmethod
    def of(cls, snapshot: Mapping[str, Any]) -> "Values":
        """What a snapshot holds, without authors, tags, stories and a picture that are no more."""
        held = {key: value for key, value in snapshot.items() if key != "schema"}
        tags = dict(Tag.objects.filter(pk__in=held["tags"]).values_list("pk", "merged_into"))
        authors, stories = (
            set(model._default_manager.filter(pk__in=held[key]).values_list("pk", flat=True))
            for model, key in ((Author, "authors"), (Article, "also_read"))
        )
        held["tags"] = [tags[pk] or pk for pk in held["tags"] if pk in tags]
        held["authors"] = [pk for pk in held["authors"] if pk in authors]
        held["also_read"] = [pk for pk in held["also_read"] if pk in stories]
        if held["picture"] and not Image.objects.filter(pk=held["picture"]).exists():
            held["picture"] = None
        return cls(**held)

    def snapshot(self) -> dict[str, Any]:
        """The same, as a Revision holds it."""
        return {"schema": SCHEMA, **vars(self)} | {
            key: list(dict.fromkeys(getattr(self, key))) for key in ("authors", "tags", "also_read")
        }


def create(values: Values, *, by: Actor, now: datetime, note: str = "") -> Article:
    """Write a new story's first revision and return its working copy.

    Raises PermissionDenied, or ValidationError with a sentence a field.
    """
    rights.require(by, "articles.add_article", [values.section])
    article = Article(created_by_id=by.pk, created_at=now, edited_at=now, version=1)
    try:
        with transaction.atomic():
            _fill(article, values)
            typed = _typed(article, values)
            article.save(force_insert=True)
            search.write(article)
            _name_pictures(article)
            _write_ordered(article, {}, typed)
            keep(article, typed, before=None, by=by, at=now, based_on=0, note=note)
            audit.record(
                "create", by=by, at=now, subject=article.headline, article=article, revision=1
            )
    except IntegrityError:
        # Two stories of one headline at one moment: the other has the slug by now.
        if addresses.holder(article.slug, None) is None:
            raise
        return create(values, by=by, now=now, note=note)
    return article


def save(
    article_id: int, values: Values, *, by: Actor, seen: int, now: datetime, note: str = ""
) -> Article:
    """Save what was typed over revision `seen` and return the working copy.

    Writes nothing when nothing changed. Raises Stale when the story was saved since,
    PermissionDenied, or ValidationError with a sentence a field.
    """
    try:
        with transaction.atomic():
            return _save(article_id, values, by=by, seen=seen, now=now, note=note)
    except _NothingChanged as unchanged:
        return unchanged.article


class _NothingChanged(Exception):
    """Takes the swap of the counter back."""

    def __init__(self, article: Article) -> None:
        article.version -= 1
        self.article = article


def _save(
    article_id: int, values: Values, *, by: Actor, seen: int, now: datetime, note: str
) -> Article:
    article = _swap(article_id, seen, by)
    before = snapshot(article_id, seen)
    _fill(article, values)
    rights.require_edit(by, article)  # in the section it goes to as well
    typed = _typed(article, values)
    if typed == before:
        raise _NothingChanged(article)
    _write_ordered(article, before, typed)
    article.edited_at = now
    kept = keep(article, typed, before=before, by=by, at=now, based_on=seen, note=note)
    _reopen(article, kept, by, now)
    article.save()
    search.write(article)
    if {"picture", "body"} & set(kept.changed["fields"]):
        _name_pictures(article)
    return article


def set_beside(
    article_id: int,
    typed: Mapping[str, Any],
    *,
    by: Actor,
    based_on: int,
    seen: int,
    now: datetime,
    note: str,
) -> Revision:
    """Keep a text that is not the working copy's, typed over `based_on`, as a revision.

    The working copy `seen` is kept again after it: the newest revision is the working copy,
    always. Raises Stale, or PermissionDenied.
    """
    with transaction.atomic():
        article = _swap(article_id, seen, by)
        held = snapshot(article_id, seen)
        return keep_beside(article, typed, held, by=by, at=now, based_on=based_on, note=note)


def _swap(article_id: int, seen: int, by: Actor) -> Article:
    # First of all, before anything is read: whoever loses this race has read nothing stale.
    swapped = Article.objects.filter(pk=article_id, version=seen).update(version=F("version") + 1)
    if not swapped:
        raise Stale
    article = Article.objects.select_related("section").get(pk=article_id)
    rights.require_edit(by, article)
    return article


def _reopen(article: Article, kept: Revision, by: Actor, now: datetime) -> None:
    """An approval is of a text: where that matters, another text has to be looked at again."""
    if article.status != DeskStatus.READY or not kept.is_text:
        return
    section = Section.objects.get(pk=article.section_id)
    if section.four_eyes or not rights.may(by, "articles.change_others_article", [section.pk]):
        article.status = DeskStatus.IN_REVIEW
        move = audit.record(
            "reopen",
            by=by,
            at=now,
            subject=article.headline,
            article=article,
            revision=kept.number,
        )
        notices.after(move, article)


def discard(article_id: int, *, by: Actor, now: datetime) -> None:
    """Delete a story that was never public or scheduled; its Moves stay.

    Raises PermissionDenied, or ValidationError when readers have had its address, or while the
    story is held.
    """
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=article_id)
        rights.require(by, "articles.delete_article", [article.section_id])
        rights.require_edit(by, article)
        if article.held:
            raise ValidationError(_("This story is held: nothing of it is deleted until then."))
        if SlugClaim.objects.filter(article=article).exists():
            raise ValidationError(
                _("“%(headline)s” was public or scheduled: unpublish it, or take it down.")
                % {"headline": article.headline}
            )
        audit.record("discard", by=by, at=now, subject=article.headline, article=article)
        search.remove(article_id)
        article.delete()


def name_of(field: str) -> str:
    """What editors call a field of a story."""
    named: Any = Article._meta.get_field(field)
    return str(named.verbose_name)


def snapshot(article_id: int, number: int) -> dict[str, Any]:
    """What a revision of a story holds; raises ValidationError when there is no such revision."""
    try:
        return Revision.objects.get(article=article_id, number=number).snapshot
    except Revision.DoesNotExist:
        raise ValidationError(
            _("There is no revision %(number)d of this story any more.") % {"number": number},
            code="no_revision",
        ) from None


def keep(
    article: Article,
    typed: Mapping[str, Any],
    *,
    before: Mapping[str, Any] | None,
    by: Actor,
    at: datetime,
    based_on: int,
    note: str = "",
    kind: RevisionKind = RevisionKind.SAVE,
) -> Revision:
    """Keep a snapshot as the revision that the story's version numbers.

    `before` is the snapshot it is said to have changed; None: it is the first. The caller is in
    a transaction that has moved the version.
    """
    changed = compare.summary(before, typed)
    return Revision.objects.create(
        article=article,
        number=article.version,
        kind=kind,
        based_on=based_on,
        fields={key: value for key, value in typed.items() if key != "body"},
        body=typed["body"],
        changed=changed,
        is_text=before is None or any(field in TEXT for field in changed["fields"]),
        stays=kind == RevisionKind.BESIDE,
        by_id=by.pk,
        by_name=str(by)[:120],
        at=at,
        note=note[:250],
    )


def keep_beside(
    article: Article,
    typed: Mapping[str, Any],
    held: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    based_on: int,
    note: str,
) -> Revision:
    """Keep a snapshot as the story's newest revision, and the working copy `held` after it.

    The caller is in a transaction that has moved the version for the first of the two.
    """
    beside = keep(
        article, typed, before=held, by=by, at=at, based_on=based_on, note=note,
        kind=RevisionKind.BESIDE,
    )  # fmt: skip
    Article.objects.filter(pk=article.pk).update(version=F("version") + 1)
    article.version += 1
    keep(article, held, before=held, by=by, at=at, based_on=based_on, kind=RevisionKind.AGAIN)
    return beside


def _fill(article: Article, values: Values) -> None:
    was = article.kind if article.pk else ""
    for name in _PLAIN:
        setattr(article, name, getattr(values, name))
    untyped: Any = article  # django-prose-editor has no types: its field would pass for the text
    untyped.body = values.body
    if article.section_id != values.section:
        _require_section(values.section)
        article.section_id = values.section
    if article.picture_id != values.picture:
        require_picture(values.picture)
        article.picture_id = values.picture
    slug = values.slug or article.slug or addresses.for_story(values.headline, article.pk)
    if slug != article.slug:
        addresses.require_free(slug, article.pk)
    article.slug = slug
    if StoryKind.PAGE in (was, article.kind):
        addresses.require_place(article.kind, slug, article.pk, was=was)
    # Cleaning passes every text through the gate, and the body through the sanitiser.
    # The database holds the constraints.
    article.full_clean({"section", "picture"}, validate_unique=False, validate_constraints=False)
    article.words = body.word_count(str(article.body))


def _require_section(pk: int) -> None:
    if not Section.objects.filter(pk=pk).exists():
        raise ValidationError({"section": _("There is no such section any more. Choose another.")})


def require_picture(pk: int | None) -> None:
    """Raise ValidationError for a picture that a story cannot take by now."""
    if pk is None:
        return
    image = Image.objects.filter(pk=pk).first()
    if image is None:
        said = _("There is no such picture in the library. Choose another.")
    elif image.withheld:
        said = _("This picture is withdrawn. Choose another.")
    elif not image.alt:
        said = _("Nobody has said yet what is to be seen in this picture. Say so in the library.")
    else:
        return
    raise ValidationError({"picture": said})


def _name_pictures(article: Article) -> None:
    """Let what a save names stay in the library."""
    if shown := pictures_of(article.picture_id, str(article.body)):
        Image.objects.filter(pk__in=shown, named=False).update(named=True)


def pictures_of(picture: int | None, html: str) -> list[int]:
    """Every image that a text shows, its own and its body's, each once."""
    return list(dict.fromkeys([*([picture] if picture else []), *body.pictures(html)]))


def _typed(article: Article, values: Values) -> dict[str, Any]:
    """The snapshot of what was typed, as it was cleaned into the working copy."""
    typed = values.snapshot() | {key: getattr(article, key) for key in (*_PLAIN, "body", "slug")}
    typed["picture"] = article.picture_id
    if article.pk and article.pk in typed["also_read"]:
        raise ValidationError({"also_read": _("A story cannot point to itself.")})
    return typed


def _write_ordered(article: Article, before: Mapping[str, Any], typed: Mapping[str, Any]) -> None:
    """Make bylines, tags and also-read links what was typed, in its order, where that changed."""
    if before.get("authors", []) != typed["authors"]:
        article.bylines.all().delete()
        Byline.objects.bulk_create(
            Byline(article=article, author_id=author, position=position)
            for position, author in enumerate(typed["authors"])
        )
    if before.get("also_read", []) != typed["also_read"]:
        article.also_read_links.all().delete()
        AlsoRead.objects.bulk_create(
            AlsoRead(article=article, story_id=story, position=position)
            for position, story in enumerate(typed["also_read"])
        )
    if before.get("tags", []) != typed["tags"]:
        ArticleTag.objects.filter(content_object=article).delete()
        ArticleTag.objects.bulk_create(
            ArticleTag(content_object=article, tag_id=tag) for tag in typed["tags"]
        )
