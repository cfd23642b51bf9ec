"""How two people's changes to one text become one text: field by field, paragraph by paragraph."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from articles import body


class Overlap(Exception):
    """Both sides changed the same thing; `fields` names what."""

    def __init__(self, fields: list[str]) -> None:
        self.fields = fields
        super().__init__(", ".join(fields))


@dataclass(frozen=True)
class Edit:
    """That `start:stop` of the base became `pieces`."""

    start: int
    stop: int
    pieces: tuple[str, ...]

    def meets(self, other: "Edit") -> bool:
        """Whether both change the same piece, or both insert at one place."""
        if self.start == self.stop and other.start == other.stop:
            return self.start == other.start
        return self.start < other.stop and other.start < self.stop


def merge(base: dict[str, Any], ours: dict[str, Any], theirs: dict[str, Any]) -> dict[str, Any]:
    """Return the snapshot that holds what both sides changed of the base.

    The three have the same keys. Raises Overlap, naming every field in which both changed the
    same thing differently; then nothing is merged.
    """
    merged, overlaps = {}, []
    for field in base:
        try:
            merged[field] = _merge_field(field, base[field], ours[field], theirs[field])
        except Overlap:
            overlaps.append(field)
    if overlaps:
        raise Overlap(overlaps)
    return merged


def _merge_field(field: str, base: Any, ours: Any, theirs: Any) -> Any:
    if ours in (base, theirs):
        return theirs
    if theirs == base:
        return ours
    if field == "body":
        return "".join(merge_pieces(body.blocks(base), body.blocks(ours), body.blocks(theirs)))
    raise Overlap([field])


def merge_pieces(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> list[str]:
    """Return the pieces that hold both sides' edits; raise Overlap where two edits meet."""
    mine, yours = edits(base, ours), edits(base, theirs)
    for edit in mine:
        if any(edit.meets(other) and edit != other for other in yours):
            raise Overlap(["body"])
    if _put_in(mine, but=yours) & _put_in(yours, but=mine):
        # Both moved or added one paragraph, to different places: it would stand there twice.
        raise Overlap(["body"])
    merged, done = [], 0
    # An insertion stands before a change of the piece it was put in front of.
    for edit in sorted({*mine, *yours}, key=lambda edit: (edit.start, edit.stop)):
        merged += [*base[done : edit.start], *edit.pieces]
        done = edit.stop
    return [*merged, *base[done:]]


def _put_in(changes: list[Edit], *, but: list[Edit]) -> set[str]:
    return {piece for edit in changes if edit not in but for piece in edit.pieces}


def edits(base: Sequence[str], text: Sequence[str]) -> list[Edit]:
    """Return what turned the base into the text, each change as narrow as it can be."""
    found = []
    for tag, a, b, c, d in SequenceMatcher(None, base, text, autojunk=False).get_opcodes():
        if tag == "replace" and b - a == d - c:
            # As many pieces as before: each was rewritten by itself.
            found += [Edit(a + i, a + i + 1, (text[c + i],)) for i in range(b - a)]
        elif tag != "equal":
            found.append(Edit(a, b, tuple(text[c:d])))
    return found
