"""How one text became another: which pieces stayed, moved, were rewritten, deleted or are new."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict, deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise, product
from typing import Any, NamedTuple

# Where neighbours changed places, a heavy one is thought to have stayed and the other moved.
LIGHT, HEAVY = 2, 3
# Beyond these the edits are as right and as quickly found, only larger.
MOST_PAIRS = 40_000  # of changed pieces that are held against each other
MOST_EQUAL = 400  # pairs of one piece that stands many times in both texts


class Put(NamedTuple):
    """A piece of a text, and the slot of the base it was moved from, if it was moved."""

    piece: Any
    origin: int | None = None


@dataclass(frozen=True)
class Edit:
    """That `start:stop` of the base became `puts`."""

    start: int
    stop: int
    puts: tuple[Put, ...] = ()

    @property
    def pieces(self) -> tuple[Any, ...]:
        return tuple(put.piece for put in self.puts)


class _Run(NamedTuple):
    """That `start:stop` of the base became `first:last` of the text."""

    start: int
    stop: int
    first: int
    last: int


def edits_between(
    base: Sequence[Any], text: Sequence[Any], heavy: Collection[int] = frozenset()
) -> list[Edit]:
    """Return what turned the base into the text, in order, each change as narrow as it can be.

    Slots are places in the base. What one deleted and another put in at one place is one edit
    only where the words, or that there are as many as before, do not say what became what.
    """
    return list(_Trace(base, text, heavy).edits())


class _Trace:
    """Follows each piece of the base into the text: kept, moved, rewritten or deleted.

    First what is equal, in place and then elsewhere; then what shares its words, likewise.
    """

    def __init__(self, base: Sequence[Any], text: Sequence[Any], heavy: Collection[int]) -> None:
        self.base, self.text = base, text
        kept = [(-1, -1), *in_order(base, text, heavy), (len(base), len(text))]
        gaps = (_Run(i + 1, k, j + 1, n) for (i, j), (k, n) in pairwise(kept))
        self.gaps = [gap for gap in gaps if gap.start < gap.stop or gap.first < gap.last]
        self.origins: dict[int, int] = {}
        self.moved: set[int] = set()
        self._find_moved()
        self.alike = [self._rewritten_in(gap) for gap in self.gaps]
        self._find_moved_and_rewritten()

    def edits(self) -> Iterator[Edit]:
        for gap, alike in zip(self.gaps, self.alike, strict=True):
            slot, nth = gap.start, gap.first
            for run in self._completed(gap, alike):
                yield from (Edit(n, n + 1) for n in range(slot, run.start))
                if nth < run.first:
                    yield Edit(run.start, run.start, self._puts(nth, run.first))
                if run.start < run.stop:
                    yield Edit(run.start, run.stop, self._puts(run.first, run.last))
                slot, nth = run.stop, run.last

    def _puts(self, first: int, last: int) -> tuple[Put, ...]:
        return tuple(Put(self.text[n], self.origins.get(n)) for n in range(first, last))

    def _loose(self, run: _Run) -> tuple[list[int], list[int]]:
        """What has no counterpart yet, in the base and in the text."""
        gone = [slot for slot in range(run.start, run.stop) if slot not in self.moved]
        return gone, [n for n in range(run.first, run.last) if n not in self.origins]

    def _move(self, slot: int, n: int) -> None:
        self.origins[n] = slot
        self.moved.add(slot)

    def _find_moved(self) -> None:
        gone: dict[Any, deque[int]] = defaultdict(deque)
        for slot in chain(*(range(gap.start, gap.stop) for gap in self.gaps)):
            gone[self.base[slot]].append(slot)
        for n in chain(*(range(gap.first, gap.last) for gap in self.gaps)):
            if slots := gone.get(self.text[n]):
                self._move(slots.popleft(), n)

    def _find_moved_and_rewritten(self) -> None:
        gone, new = [], []
        for gap, alike in zip(self.gaps, self.alike, strict=True):
            for run in _between(gap, alike):
                slots, numbers = self._loose(run)
                gone += slots
                new += numbers
        for _shared, slot, n in sorted(self._alike(gone, new), reverse=True):
            if slot not in self.moved and n not in self.origins:
                self._move(slot, n)

    def _rewritten_in(self, gap: _Run) -> list[_Run]:
        """The runs of a gap that share their words: one became one, or was split, or joined."""
        runs: list[_Run] = []
        for _shared, slot, n in self._alike(*self._loose(gap)):
            run = _Run(slot, slot + 1, n, n + 1)
            while runs and (runs[-1].stop > run.start or runs[-1].last > run.first):
                last = runs.pop()
                run = _Run(
                    min(last.start, run.start), max(last.stop, run.stop),
                    min(last.first, run.first), max(last.last, run.last),
                )  # fmt: skip
            runs.append(run)
        return runs

    def _alike(self, gone: list[int], new: list[int]) -> list[tuple[int, int, int]]:
        if len(gone) * len(new) > MOST_PAIRS:
            return []
        old = [(slot, _words(self.base[slot])) for slot in gone]
        fresh = [(n, _words(self.text[n])) for n in new]
        return [
            (len(words & others), slot, n)
            for (slot, words), (n, others) in product(old, fresh)
            if _are_alike(words, others)
        ]

    def _completed(self, gap: _Run, alike: list[_Run]) -> Iterator[_Run]:
        """All runs of a gap in order, the last of them empty, at its end."""
        end = _Run(gap.stop, gap.stop, gap.last, gap.last)
        for between, run in zip(_between(gap, alike), [*alike, end], strict=True):
            gone, new = self._loose(between)
            if len(gone) == len(new):
                # As many as before: each was rewritten by itself.
                yield from (_Run(i, i + 1, j, j + 1) for i, j in zip(gone, new, strict=True))
            elif gone and new:
                yield _Run(gone[0], gone[-1] + 1, new[0], new[-1] + 1)
            yield run


def _between(gap: _Run, runs: list[_Run]) -> list[_Run]:
    start = _Run(gap.start, gap.start, gap.first, gap.first)
    end = _Run(gap.stop, gap.stop, gap.last, gap.last)
    return [_Run(a.stop, b.start, a.last, b.first) for a, b in pairwise([start, *runs, end])]


def _words(piece: Any) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", re.sub(r"<[^>]*>", " ", str(piece))))


def _are_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether half the words are in both, or most of the shorter in the longer."""
    shared = len(one & other)
    if 4 * shared >= len(one) + len(other):
        return shared > 0
    return shared > 4 and 3 * shared >= 2 * min(len(one), len(other))


def in_order(
    base: Sequence[Any], text: Sequence[Any], heavy: Collection[int] = frozenset()
) -> list[tuple[int, int]]:
    """Return the pairs of equal pieces that stand in the same order in both: as many as can be."""
    ends: list[int] = []  # where in the text the best chains of pairs end, ...
    weights: list[int] = []  # ... what they weigh, rising, ...
    chains: list[Any] = []  # ... and their pairs, the last first
    for slot, n in _equals(base, text):
        at = bisect_left(ends, n)
        weight = (weights[at - 1] if at else 0) + (HEAVY if slot in heavy else LIGHT)
        if ends[at : at + 1] == [n] and weights[at] >= weight:
            continue
        stop = bisect_right(weights, weight, at)
        pairs = (slot, n), chains[at - 1] if at else None
        ends[at:stop], weights[at:stop], chains[at:stop] = [n], [weight], [pairs]
    found, rest = [], chains[-1] if chains else None
    while rest:
        pair, rest = rest
        found.append(pair)
    return found[::-1]


def _equals(base: Sequence[Any], text: Sequence[Any]) -> Iterator[tuple[int, int]]:
    """The pairs of equal pieces, by place in the base, and then from the text's end."""
    places = defaultdict(list)
    for n, piece in enumerate(text):
        places[piece].append(n)
    total, seen = Counter(base), Counter[Any]()
    for slot, piece in enumerate(base):
        found = places.get(piece, [])
        if len(found) * total[piece] > MOST_EQUAL:
            # The same in number from the start, or from the end.
            wanted = {seen[piece], len(found) - total[piece] + seen[piece]}
            found = [found[n] for n in sorted(wanted) if 0 <= n < len(found)]
            seen[piece] += 1
        yield from ((slot, n) for n in reversed(found))
