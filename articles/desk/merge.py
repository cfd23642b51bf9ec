"""How two people's changes to one text become one text: field by field, paragraph by paragraph.

Where both changed the same thing differently, a person chooses; all else merges unasked. What
somebody typed is never lost, and no paragraph stands twice, unless a person chose so.
"""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, groupby, takewhile
from typing import Any

from articles import body
from articles.desk.edits import Put, edits_between, in_order

Snapshot = Mapping[str, Any]
Pieces = tuple[Any, ...]  # a body's paragraphs, a list's ids, or a field's one value

# Lists whose order is read are merged as paragraphs are; of the others, what they hold.
ORDERED = frozenset({"authors", "also_read"})
UNORDERED = frozenset({"tags"})


class Overlap(Exception):
    """Both sides changed the same thing; `fields` names what."""

    def __init__(self, fields: list[str]) -> None:
        self.fields = fields
        super().__init__(", ".join(fields))


class Choice(StrEnum):
    """Which side stands where both changed the same thing."""

    OURS = "ours"
    THEIRS = "theirs"
    BOTH = "both"  # ours, then theirs


@dataclass(frozen=True)
class Segment:
    """A run of pieces; `ours` of all segments in a row is our text, and so for the others.

    In an overlap one side may be as the base is: the other put a paragraph here that this one
    deleted, rewrote or put elsewhere, so that not both changes can stand.
    """

    base: Pieces
    ours: Pieces
    theirs: Pieces
    is_overlap: bool

    @property
    def pieces(self) -> Pieces:
        """What stands here; theirs as long as nobody has chosen."""
        return self.theirs if self.is_overlap or self.ours == self.base else self.ours

    @property
    def is_theirs(self) -> bool:
        """Whether a change of theirs was taken here without a question."""
        return not self.is_overlap and self.ours == self.base != self.theirs

    def chosen(self, choice: Choice) -> Pieces:
        """What stands here after a choice; a piece that both have stands once."""
        both = (*self.ours, *(piece for piece in self.theirs if piece not in self.ours))
        return {Choice.OURS: self.ours, Choice.THEIRS: self.theirs, Choice.BOTH: both}[choice]


@dataclass(frozen=True)
class Taken:
    """What came from the other side without a question."""

    fields: list[str]
    paragraphs: int  # that they wrote, changed or moved; one only deleted shows in `fields`


@dataclass(frozen=True)
class Merged:
    """A snapshot merged as far as it goes; it holds theirs where a person has to choose."""

    values: dict[str, Any]
    overlaps: list[str]  # "headline", and "body:0", "body:1" … for the body's in their order
    taken: Taken


def merge(base: Snapshot, ours: Snapshot, theirs: Snapshot) -> dict[str, Any]:
    """Return the snapshot that holds what both sides changed of the base.

    The three have the same keys. Raises Overlap, naming every field in which both changed the
    same thing differently; then nothing is merged.
    """
    merged = try_merge(base, ours, theirs)
    if merged.overlaps:
        raise Overlap(list(dict.fromkeys(key.partition(":")[0] for key in merged.overlaps)))
    return merged.values


def try_merge(base: Snapshot, ours: Snapshot, theirs: Snapshot) -> Merged:
    """Merge as far as it goes without a question, and name what is left to choose."""
    parts = {name: _Part(name, base[name], ours[name], theirs[name]) for name in base}
    return Merged(
        values={name: part.value for name, part in parts.items()},
        overlaps=[key for part in parts.values() for key in part.overlaps],
        taken=Taken(
            fields=[name for name, part in parts.items() if part.taken],
            paragraphs=sum(len(each.theirs) for each in parts["body"].taken),
        ),
    )


def choose(
    base: Snapshot, ours: Snapshot, theirs: Snapshot, choices: Mapping[str, Choice]
) -> dict[str, Any]:
    """Return the merged snapshot with every overlap settled as was chosen.

    A field other than the body is chosen as a whole: ours is our list, and no piece of theirs.
    Raises Overlap naming the keys without a choice, ValueError for both of what can hold but one.
    """
    parts = {name: _Part(name, base[name], ours[name], theirs[name]) for name in base}
    if left := [key for part in parts.values() for key in part.overlaps if key not in choices]:
        raise Overlap(left)
    return {name: part.chosen(choices) for name, part in parts.items()}


# --- Fields -----------------------------------------------------------------------------------


class _Part:
    """One field of the three snapshots."""

    def __init__(self, name: str, base: Any, ours: Any, theirs: Any) -> None:
        self.name = name
        self.segments = _segments_of(name, base, ours, theirs)
        self.taken = [each for each in self.segments if each.is_theirs]
        asked = [each for each in self.segments if each.is_overlap]
        self.overlaps = [f"body:{n}" if name == "body" else name for n, _ in enumerate(asked)]
        if ours == base or theirs in (base, ours):
            # As it was typed: the blocks of a body are without the white space between them.
            self.value = theirs if ours == base else ours
        else:
            self.value = self._joined(chain.from_iterable(each.pieces for each in self.segments))

    def chosen(self, choices: Mapping[str, Choice]) -> Any:
        if not self.overlaps:
            return self.value
        answers = iter([choices[key] for key in self.overlaps])
        return self._joined(
            piece
            for each in self.segments
            for piece in (each.chosen(next(answers)) if each.is_overlap else each.pieces)
        )

    def _joined(self, pieces: Iterable[Any]) -> Any:
        if self.name == "body":
            return "".join(pieces)
        if self.name in ORDERED | UNORDERED:
            return list(pieces)
        first, *others = pieces
        if others:
            raise ValueError(f"The {self.name} cannot be both. Choose ours or theirs.")
        return first


def _segments_of(name: str, base: Any, ours: Any, theirs: Any) -> list[Segment]:
    if name == "body":
        return segments(body.blocks(base), body.blocks(ours), body.blocks(theirs))
    if name not in ORDERED | UNORDERED:
        return [_whole((base,), (ours,), (theirs,))]
    whole = _whole(tuple(base), tuple(ours), tuple(theirs))
    if not whole.is_overlap:
        return [whole]
    if name in UNORDERED:
        return _as_sets(base, ours, theirs)
    found = segments(base, ours, theirs)
    return [whole] if any(each.is_overlap for each in found) else found


def _whole(base: Pieces, ours: Pieces, theirs: Pieces) -> Segment:
    return Segment(base, ours, theirs, ours not in (base, theirs) and theirs != base)


def _as_sets(*sides: Sequence[Any]) -> list[Segment]:
    every = dict.fromkeys(chain(*sides))
    held = [tuple((one,) if one in side else () for side in sides) for one in every]
    return [Segment(base, ours, theirs, is_overlap=False) for base, ours, theirs in held]


# --- Two texts side by side -------------------------------------------------------------------


def segments(base: Sequence[Any], ours: Sequence[Any], theirs: Sequence[Any]) -> list[Segment]:
    """Return the three texts cut into runs, each of which is an overlap or is not.

    Whoever comes first, the answer is the same. A new piece stands before a change of the one it
    was put in front of; a moved one before what is new at its place.
    """
    if list(theirs) < list(ours):
        turned = segments(base, theirs, ours)
        return [Segment(each.base, each.theirs, each.ours, each.is_overlap) for each in turned]
    heavy = _missing(base, theirs), _missing(base, ours)
    one, two = (_Side(base, text, each) for text, each in zip((ours, theirs), heavy, strict=True))
    found = _runs(_atoms(base, one, two))
    if any(each.is_overlap for each in found):
        # When neighbours changed places, either may be the one that moved. Perhaps there is less
        # to ask if it is not the one that the other side moved.
        other = _Side(base, theirs, heavy[1] | one.moved), _Side(base, ours, heavy[0] | two.moved)
        again = [_runs(_atoms(base, one, other[0])), _runs(_atoms(base, other[1], two))]
        found = min(found, *again, key=lambda each: sum(part.is_overlap for part in each))
    return found


def _missing(base: Sequence[Any], text: Sequence[Any]) -> frozenset[int]:
    held = set(text)
    return frozenset(slot for slot, piece in enumerate(base) if piece not in held)


@dataclass
class _Atom:
    """The least that is taken or chosen as a whole; `slots` are its pieces in the base."""

    slots: range
    base: Pieces
    sides: tuple[list[Put], list[Put]]
    is_overlap: bool = False

    def __post_init__(self) -> None:
        one, two = self.texts = tuple(tuple(put.piece for put in side) for side in self.sides)
        self.is_agreed = one == two
        self.is_changed_twice = one not in (self.base, two) and two != self.base
        self.is_overlap = self.is_overlap or self.is_changed_twice

    def put_in(self, side: int) -> set[Any]:
        """What one side has here and the base has not; nothing if the other has the same."""
        changed = not self.is_agreed and self.texts[side] != self.base
        return {*self.texts[side]} - {*self.base} if changed else set()


class _Side:
    """What one side made of the base, to be asked place by place."""

    def __init__(self, base: Sequence[Any], text: Sequence[Any], heavy: Collection[int]) -> None:
        found = edits_between(base, text, heavy)
        self.base = base
        self.inserted = {edit.start: edit.puts for edit in found if edit.start == edit.stop}
        self.changed = {slot: edit for edit in found for slot in range(edit.start, edit.stop)}
        self.moved = frozenset(
            put.origin for edit in found for put in edit.puts if put.origin is not None
        )
        self.deleted = {slot for slot, edit in self.changed.items() if not edit.puts} - self.moved

    def between(self, start: int, stop: int) -> list[Put]:
        """What this side has for the slots, with what it put in between them."""
        puts: list[Put] = []
        slot = start
        while slot < stop:
            if slot > start:
                puts += self.inserted.get(slot, ())
            edit = self.changed.get(slot)
            puts += edit.puts if edit else [Put(self.base[slot])]
            slot = edit.stop if edit else slot + 1
        return puts

    def deleted_around(self, place: int) -> bool:
        return {place - 1, place} <= self.deleted


def _atoms(base: Sequence[Any], one: _Side, two: _Side) -> list[_Atom]:
    atoms: list[_Atom] = []
    slot = 0
    while slot < len(base):
        atoms += _put_between(one, two, slot)
        slots = _changed_together(one, two, slot)
        sides = one.between(slot, slots.stop), two.between(slot, slots.stop)
        atoms.append(_Atom(slots, tuple(base[slot : slots.stop]), sides))
        slot = slots.stop
    atoms += _put_between(one, two, slot)
    _mark_doubles(atoms)
    _mark_moves(atoms, one, two)
    return atoms


def _changed_together(one: _Side, two: _Side, start: int) -> range:
    """The slot, and those that either side made one thing of with it."""
    slot, stop = start, start + 1
    while slot < stop:
        edits = [side.changed[slot] for side in (one, two) if slot in side.changed]
        stop = max([stop, *(edit.stop for edit in edits)])
        slot += 1
    return range(start, stop)


def _put_between(one: _Side, two: _Side, place: int) -> Iterator[_Atom]:
    """What either side put in front of a slot."""
    mine, yours = one.inserted.get(place, ()), two.inserted.get(place, ())
    if not (mine or yours):
        return
    both_wrote = all(any(put.origin is None for put in side) for side in (mine, yours))
    i = j = 0
    same = in_order([put.piece for put in mine], [put.piece for put in yours])
    for next_i, next_j in [*same, (len(mine), len(yours))]:
        for sides in _side_by_side(mine[i:next_i], yours[j:next_j]):
            is_overlap = any(
                put.origin is None and (both_wrote or other.deleted_around(place))
                for side, other in zip(sides, (two, one), strict=True)
                for put in side
            )
            yield _Atom(range(0), (), sides, is_overlap)
        i, j = next_i + 1, next_j + 1
        if next_i < len(mine):
            yield _Atom(range(0), (), ([mine[next_i]], [yours[next_j]]))


def _side_by_side(one: Sequence[Put], two: Sequence[Put]) -> Iterator[tuple[list[Put], list[Put]]]:
    """Put what was moved to one place in the base's order, and what is new beside each other."""
    lists = deque(one), deque(two)
    while any(lists):
        moved = [each for each in lists if each and each[0].origin is not None]
        if moved:
            first = min(moved, key=lambda each: each[0].origin or 0)
            put = [first.popleft()]
            yield (put, []) if first is lists[0] else ([], put)
            continue
        mine, yours = [[*takewhile(lambda put: put.origin is None, each)] for each in lists]
        for each, new in zip(lists, (mine, yours), strict=True):
            for _new in new:
                each.popleft()
        if mine and yours:
            yield mine, yours
        else:
            yield from (([put], []) for put in mine)
            yield from (([], [put]) for put in yours)


def _mark_doubles(atoms: list[_Atom]) -> None:
    """Ask about what both sides put in, at different places: it would stand there twice."""
    one, two = ({piece for atom in atoms for piece in atom.put_in(side)} for side in (0, 1))
    if twice := one & two:
        for atom in atoms:
            atom.is_overlap |= not twice.isdisjoint(atom.put_in(0) | atom.put_in(1))


def _mark_moves(atoms: list[_Atom], one: _Side, two: _Side) -> None:
    """Ask about what one side moved and the other changed.

    And about a move where it came from as well as where it went, or about neither: or one answer
    could keep it at both places, or at none.
    """
    home = {slot: n for n, atom in enumerate(atoms) for slot in atom.slots}
    ends: dict[int, set[int]] = defaultdict(set)
    for n, atom in enumerate(atoms):
        for side, other in zip(atom.sides, (two, one), strict=True):
            for origin in (put.origin for put in side if put.origin is not None):
                atom.is_overlap |= origin in other.changed and not atom.is_agreed
                ends[n].add(home[origin])
                ends[home[origin]].add(n)
    waiting = [n for n, atom in enumerate(atoms) if atom.is_overlap]
    while waiting:
        for n in ends[waiting.pop()]:
            if not atoms[n].is_overlap and not atoms[n].is_agreed:
                atoms[n].is_overlap = True
                waiting.append(n)


def _runs(atoms: list[_Atom]) -> list[Segment]:
    """Runs of the same kind as one; what both changed stays a question for itself."""

    def kind(numbered: tuple[int, _Atom]) -> tuple[Any, ...]:
        n, atom = numbered
        unchanged = [text == atom.base for text in atom.texts]
        return atom.is_overlap, bool(atom.base), *unchanged, n if atom.is_changed_twice else -1

    found = []
    for _kind, group in groupby(enumerate(atoms), kind):
        run = [atom for _n, atom in group]
        base, one, two = (
            tuple(chain(*texts))
            for texts in zip(*((atom.base, *atom.texts) for atom in run), strict=True)
        )
        found.append(Segment(base, one, two, run[0].is_overlap))
    return found
