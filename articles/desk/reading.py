"""A story's revisions as editors read them: one by itself, or what differs between two."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import body
from articles.desk import compare, join_forms, rights, sentences, taxonomy
from articles.desk.compare import Block, BlockKind, Count
from articles.desk.rights import Actor
from articles.models import Article, Publication, Revision, Tag
from articles.moments import in_newsroom_words

NOTHING = "–"  # stands where a field is empty
_LABELS = {
    BlockKind.ADDED: gettext_lazy("added"),
    BlockKind.REMOVED: gettext_lazy("removed"),
    BlockKind.CHANGED: gettext_lazy("changed"),
    BlockKind.MOVED_AWAY: gettext_lazy("moved from here"),
    BlockKind.MOVED_HERE: gettext_lazy("moved to here"),
    BlockKind.MOVED_AND_CHANGED: gettext_lazy("moved to here and changed"),
}


@dataclass(frozen=True)
class Reading:
    """One revision, and the numbers of those that one would hold it against."""

    revision: Revision
    fields: list[tuple[str, str]]  # label, words
    body: SafeString
    newest: int
    earlier: int | None
    live: int | None

    @property
    def when(self) -> str:
        """When it was saved, in the newsroom's time."""
        return in_newsroom_words(self.revision.at)


@dataclass(frozen=True)
class Text:
    """A working copy as somebody reads it who may not write in it."""

    headline: str
    standfirst: str
    body: SafeString
    details: list[tuple[str, str]]  # label, words


@dataclass(frozen=True)
class Passage:
    """One block of the body, or several in a row that are the same."""

    kind: BlockKind
    label: str
    blocks: list[SafeString]
    move: int = 0  # the number that both ends of a move have; 0: it did not move

    @property
    def ends(self) -> tuple[str, str] | None:
        """What this end of a move, and the other, are called in an address."""
        away, here = f"move-{self.move}-from", f"move-{self.move}-to"
        if not self.move:
            return None
        return (away, here) if self.kind == BlockKind.MOVED_AWAY else (here, away)


@dataclass(frozen=True)
class Field:
    """One field of two revisions; `marked` has <ins> and <del> around what changed in it."""

    name: str
    label: str
    marked: SafeString
    is_changed: bool


@dataclass(frozen=True)
class Comparison:
    """What differs between two revisions, the older one first."""

    before: Revision
    after: Revision
    fields: list[Field]
    passages: list[Passage]
    words: Count

    @property
    def sides(self) -> list[tuple[Revision, str]]:
        """Both revisions, each with when it was saved, in the newsroom's time."""
        return [(side, in_newsroom_words(side.at)) for side in (self.before, self.after)]

    @property
    def is_same(self) -> bool:
        """Whether nothing differs that a reader or an editor could see."""
        same = all(passage.kind == BlockKind.SAME for passage in self.passages)
        return same and not any(field.is_changed for field in self.fields)


def one(article: Article, number: int, *, by: Actor, t: datetime) -> Reading:
    """A revision of a story as the actor may read it; raises ValidationError when it is gone."""
    revision = _get(article, number)
    earlier = Revision.objects.filter(article=article, number__lt=number).order_by("-number")
    return Reading(
        revision,
        [(_label(name), in_words(name, revision.snapshot[name], by=by)) for name in compare.FIELDS],
        body.trusted(revision.snapshot["body"]),
        newest=article.version,
        earlier=earlier.values_list("number", flat=True).first(),
        live=_live(article, t),
    )


def working_copy(article: Article, held: Mapping[str, Any], *, by: Actor) -> Text:
    """A working copy to be read; `held` are the fields of its newest revision. One query."""
    names = taxonomy.names_of(held, by)
    gone = {
        "tags": _("a tag that is no more"),
        "authors": _("an author that is no more"),
        "also_read": _("a story that is no more"),
    }
    other = _("a story that you cannot open")
    words = {
        field: ", ".join(names[field].get(pk, gone[field]) or other for pk in held[field])
        for field in names
    }
    known = {
        "kind": article.get_kind_display(),
        "dateline": article.dateline,
        "picture": str(article.picture or ""),
        "picture_alt": article.picture_alt,
        "picture_caption": article.picture_caption,
        "section": article.section.name,
        "slug": article.slug,
        **words,
    }
    details = [(_label(name), known[name] or NOTHING) for name in compare.FIELDS if name in known]
    return Text(article.headline, article.standfirst, body.trusted(article.body), details)


def two(article: Article, one: int, other: int, *, by: Actor) -> Comparison:
    """What differs between two revisions; raises ValidationError when one is gone."""
    before, after = (_get(article, number) for number in sorted((one, other)))
    was, becomes = before.snapshot, after.snapshot
    pairs = compare.fields(was, becomes)
    return Comparison(
        before,
        after,
        [_field(pair.name, pair.before, pair.after, by) for pair in pairs],
        list(passages(compare.blocks(was["body"], becomes["body"]))),
        compare.words(was["body"], becomes["body"]),
    )


def pair(article: Article, t: datetime) -> tuple[int, int]:
    """The revisions to compare when nobody chose any: what readers have, and the newest.

    The last but one, where readers have none, or the newest.
    """
    live = _live(article, t)
    if live and live != article.version:
        return live, article.version
    earlier = Revision.objects.filter(article=article, number__lt=article.version)
    number = earlier.order_by("-number").values_list("number", flat=True).first()
    return number or article.version, article.version


def in_words(key: str, value: Any, *, by: Actor) -> str:
    """A field of a snapshot as the actor may read it: names instead of ids."""
    if key == "tags":
        return _named(value, Tag.objects.filter(pk__in=value), _("a tag that is no more"))
    if key == "also_read":
        stories = rights.stories_for(by).filter(pk__in=value)
        return _named(value, stories, _("a story that you cannot open"))
    return join_forms.in_words(key, value)


def _named(ids: list[int], rows: Iterable[Any], other: str) -> str:
    names = {row.pk: str(row) for row in rows}
    return ", ".join(names.get(pk, other) for pk in ids) or NOTHING


def _get(article: Article, number: int) -> Revision:
    revision = Revision.objects.filter(article=article, number=number).first()
    if revision is None:
        raise ValidationError(
            _("There is no revision %(number)d of this story any more.") % {"number": number},
            code="no_revision",
        )
    return revision


def _live(article: Article, t: datetime) -> int | None:
    shown = Publication.objects.at(t).filter(article=article)
    return shown.values_list("revision", flat=True).first()


def _label(name: str) -> str:
    words = str(sentences.FIELD_WORDS[name])
    return words[:1].upper() + words[1:]


def _field(name: str, before: Any, after: Any, by: Actor) -> Field:
    was = in_words(name, before, by=by)
    becomes = was if before == after else in_words(name, after, by=by)
    was, becomes = ("" if words == NOTHING else words for words in (was, becomes))
    return Field(name, _label(name), compare.spoken(compare.line(was, becomes)), before != after)


def passages(blocks: list[Block]) -> Iterator[Passage]:
    """The blocks of two bodies as one is read: what is the same in a row is one passage."""
    for is_same, some in groupby(blocks, key=lambda block: block.kind == BlockKind.SAME):
        if is_same:
            yield Passage(BlockKind.SAME, "", [block.html for block in some])
            continue
        for block in some:
            label = str(_LABELS[block.kind])
            yield Passage(block.kind, label, [compare.spoken(block.html)], block.move)
