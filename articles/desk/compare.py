"""What differs between two revisions of a story: fields side by side, the body marked up, moved
paragraphs seen as moves.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles import body
from articles.desk.pairing import Place, counted, partners, places, spans
from articles.desk.weave import woven, woven_line

FIELDS = (
    "kind", "headline", "dateline", "standfirst", "picture", "picture_alt", "picture_caption",
    "section", "slug", "authors", "tags", "also_read",
)  # fmt: skip

# A tag, with whatever stands in its attributes' quotes; a sanitised text has no other “<”.
_TAG = re.compile(r"""<(?:"[^"]*"|[^">])*>""")
_WHITE_SPACE = re.compile(r"[ \t\r\n\f]{2,}|[\t\r\n\f]")  # HTML's, shown as one space


class BlockKind(StrEnum):
    SAME = auto()
    ADDED = auto()
    REMOVED = auto()
    CHANGED = auto()
    MOVED_AWAY = auto()
    MOVED_HERE = auto()
    MOVED_AND_CHANGED = auto()


@dataclass(frozen=True)
class FieldPair:
    """One field of two snapshots, as it stands in them."""

    name: str
    before: Any
    after: Any

    @property
    def is_changed(self) -> bool:
        return bool(self.before != self.after)


@dataclass(frozen=True)
class Block:
    """A paragraph, list or quote, ready to print; a changed one has <ins> and <del> inside.

    `move` is the same number where a moved block stood and where it stands now, counted from 1
    in the order of reading; 0 for a block that did not move.
    """

    kind: BlockKind
    html: SafeString
    move: int = 0


@dataclass(frozen=True)
class Count:
    """How many words were added and removed."""

    added: int
    removed: int


def fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[FieldPair]:
    """Return every field but the body, changed or not, always in the same order."""
    return [FieldPair(name, before[name], after[name]) for name in FIELDS]


def line(before: str, after: str) -> SafeString:
    """Return two plain texts as one, escaped, with <ins> and <del> around what changed."""
    return body.marked(woven_line(_spaced(before), _spaced(after)))


def blocks(before: str, after: str) -> list[Block]:
    """Return two cleaned bodies as one.

    Without REMOVED, MOVED_AWAY and <del> it reads as the body after; without ADDED, MOVED_HERE,
    MOVED_AND_CHANGED and <ins> as the body before.
    """
    bodies = _Bodies(_blocks(before), _blocks(after))
    return [bodies.block(place) for place in places(bodies.spans, bodies.in_place)]


def words(before: str, after: str) -> Count:
    """Return how many words were added and removed between two cleaned bodies.

    A word that only stands elsewhere, alone or with its paragraph, is neither.
    """
    old, new = Counter(_blocks(before)), Counter(_blocks(after))
    gone, come = (counted("\n".join(some.elements())) for some in (old - new, new - old))
    return Count(added=(come - gone).total(), removed=(gone - come).total())


def summary(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> dict[str, Any]:
    """Return, fit for JSON, which fields changed (“body” last) and how many words of the body.

    Without `before`, as of a first revision, no field changed and every word was added.
    """
    if before is None:
        return {"fields": [], "added": words("", after["body"]).added, "removed": 0}
    changed = [pair.name for pair in fields(before, after) if pair.is_changed]
    if before["body"] != after["body"]:
        changed.append("body")
    count = words(before["body"], after["body"])
    return {"fields": changed, "added": count.added, "removed": count.removed}


def _spaced(text: str) -> str:
    return _WHITE_SPACE.sub(" ", text)


def _blocks(html: str) -> list[str]:
    return body.blocks(_spaced(html))


class _Bodies:
    """Two bodies' blocks, and which old one (i) became which new one (j)."""

    def __init__(self, old: list[str], new: list[str]) -> None:
        self.old, self.new = old, new
        self.spans = spans(old, new)
        changed = [span for span in self.spans if not span.is_same]
        gone = [i for span in changed for i in span.old]
        come = [j for span in changed for j in span.new]
        unchanged = self._moved_unchanged(gone, come)
        arrived = set(unchanged.values())
        found = partners(
            {i: counted(old[i]) for i in gone if i not in unchanged},
            {j: counted(new[j]) for j in come if j not in arrived},
            changed,
        )
        self.in_place = found.in_place
        self.moved = unchanged | found.moved
        self.came_from = {j: i for i, j in self.moved.items()}
        self.numbers: dict[int, int] = {}

    def _moved_unchanged(self, gone: list[int], come: list[int]) -> dict[int, int]:
        waiting = defaultdict(list)
        for j in reversed(come):
            waiting[self.new[j]].append(j)
        return {i: waiting[self.old[i]].pop() for i in gone if waiting.get(self.old[i])}

    def block(self, place: Place) -> Block:
        match place:
            case i, None:
                return self._leaving(i)
            case None, j:
                return self._arriving(j)
            case i, j:
                html = self._marked(i, j)
                return Block(BlockKind.CHANGED if _has_marks(html) else BlockKind.SAME, html)

    def _leaving(self, i: int) -> Block:
        html = body.marked(self.old[i])
        if i in self.moved:
            return Block(BlockKind.MOVED_AWAY, html, self._number(i))
        return Block(BlockKind.REMOVED, html)

    def _arriving(self, j: int) -> Block:
        if j not in self.came_from:
            return Block(BlockKind.ADDED, body.marked(self.new[j]))
        i = self.came_from[j]
        html = self._marked(i, j)
        kind = BlockKind.MOVED_AND_CHANGED if _has_marks(html) else BlockKind.MOVED_HERE
        return Block(kind, html, self._number(i))

    def _marked(self, i: int, j: int) -> SafeString:
        old, new = self.old[i], self.new[j]
        return body.marked(new if old == new else woven(old, new))

    def _number(self, i: int) -> int:
        return self.numbers.setdefault(i, len(self.numbers) + 1)


def _has_marks(html: str) -> bool:
    """Whether a reader sees a change: none, if only a space at a paragraph's end went."""
    return "<ins>" in html or "<del>" in html


def spoken(marked: SafeString) -> SafeString:
    """The same with words around each <ins> and <del> for who hears the page.

    Only a whole tag is touched, never what stands within an address.
    """
    said = _spoken_words()
    return body.trusted(_TAG.sub(lambda tag: said.get(tag[0], tag[0]), marked))


def _spoken_words() -> Mapping[str, str]:
    words = {
        "<ins>": _("added:"),
        "</ins>": _("end of what was added"),
        "<del>": _("removed:"),
        "</del>": _("end of what was removed"),
    }
    hidden = {
        tag: f'<span class="visually-hidden"> {escape(said)} </span>' for tag, said in words.items()
    }
    return {tag: said + tag if "/" in tag else tag + said for tag, said in hidden.items()}
