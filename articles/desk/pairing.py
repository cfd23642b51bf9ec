"""Which piece of a text became which of another: what stands in both, what moved, what is like it.

A piece is a block of a body, an item of a list or a word.
"""

from bisect import bisect, insort
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

import regex

from articles import body

# How like two texts are is the share of their words that both have, from 0 to 1. Prose on
# different matters reaches 0.3 with its “the” and “of”.
LIKE_IN_PLACE = 0.5
# That a paragraph moved is a bolder claim: it takes more, more than a few words, and a rare one.
LIKE_ELSEWHERE = 0.7
FEWEST_WORDS = 5

# What bounds the search for partners: a piece is held against the few that share its rarest words
# and against its neighbour by position, never against all. So it is linear in the pieces.
RAREST_WORDS = 8
RARE = 16  # pieces that have the word
CANDIDATES = 4
# Bits of the table of what stands in both, 50 MB. Beyond it (two paragraphs of 20,000 words)
# nothing does.
LARGEST_TABLE = 400_000_000

# Scripts that put no spaces between words: a character counts as a word, as in word processors.
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_HAS_UNSPACED = regex.compile(rf"[{_UNSPACED}]")
WORD = regex.compile(rf"([{_UNSPACED}]\p{{M}}*|[^\s{_UNSPACED}]+)(\s*)")


def counted(html: str) -> Counter[str]:
    """Return how often each word stands in the text."""
    text = body.plain_text(html)
    if not _HAS_UNSPACED.search(text):
        return Counter(text.split())  # much faster, and enough for most
    return Counter(word for word, _space in WORD.findall(text))


# --- What stands in both, in order ------------------------------------------------------------


class Span(NamedTuple):
    """That these old pieces (by index) are the same as these new ones, or became them."""

    is_same: bool
    old: range
    new: range

    @property
    def size(self) -> int:
        return max(len(self.old), len(self.new))


# A piece that stands in both, (i, j), in the old text only or in the new only.
Place = tuple[int, int] | tuple[int, None] | tuple[None, int]


def spans(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Span]:
    """Return how the one becomes the other: by turns what is the same and what is not."""
    found: list[Span] = []
    i = j = 0
    for a, b, length in [*_runs(_common(old, new)), (len(old), len(new), 0)]:
        if (a, b) != (i, j):
            found.append(Span(is_same=False, old=range(i, a), new=range(j, b)))
        i, j = a + length, b + length
        if length:
            found.append(Span(is_same=True, old=range(a, i), new=range(b, j)))
    return found


def _runs(pairs: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """Yield where runs of neighbours begin, and how long they are."""
    start, length = (0, 0), 0
    for i, j in pairs:
        if (i, j) != (start[0] + length, start[1] + length):
            if length:
                yield *start, length
            start, length = (i, j), 0
        length += 1
    if length:
        yield *start, length


def _common(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Return a longest common subsequence, as indexes.

    Hyyrö's bit-parallel algorithm (2004): row i has a 0 at bit j where the new piece j makes the
    longest sequence up to the old piece i longer by one. difflib was tried: on text that repeats
    itself (results, “***” between paragraphs) it takes cubic time.
    """
    if len(old) * len(new) > LARGEST_TABLE:
        return []
    where: defaultdict[Hashable, int] = defaultdict(int)
    for j, piece in enumerate(new):
        where[piece] |= 1 << j
    row = every = (1 << len(new)) - 1
    rows = []
    for piece in old:
        here = row & where.get(piece, 0)
        row = ((row + here) | (row - here)) & every
        rows.append(row)
    return _traced(rows, len(new))


def _traced(rows: list[int], width: int) -> list[tuple[int, int]]:
    pairs = []
    i, j = len(rows) - 1, width - 1
    while i >= 0 and j >= 0:
        if rows[i] >> j & 1:
            j -= 1
        elif i and not rows[i - 1] >> j & 1:
            i -= 1
        else:
            pairs.append((i, j))
            i, j = i - 1, j - 1
    return pairs[::-1]


def places(found: Iterable[Span], in_place: Mapping[int, int]) -> Iterator[Place]:
    """Yield every piece in the order of reading, what went before what came for it."""
    for span in found:
        if span.is_same:
            yield from zip(span.old, span.new, strict=True)
            continue
        done = span.new.start
        for i in span.old:
            if i in in_place:
                yield from ((None, j) for j in range(done, in_place[i]))
                yield i, in_place[i]
                done = in_place[i] + 1
            else:
                yield i, None
        yield from ((None, j) for j in range(done, span.new.stop))


# --- What became what -------------------------------------------------------------------------


@dataclass
class Partners:
    """Which old piece became which new one: where it stood, or elsewhere."""

    in_place: dict[int, int] = field(default_factory=dict)
    moved: dict[int, int] = field(default_factory=dict)


def partners(
    old: Mapping[int, Counter[str]], new: Mapping[int, Counter[str]], changed: list[Span]
) -> Partners:
    """Return who shares enough words with whom, the likest first; no two in place cross.

    `old` and `new` are the words of those who need a partner; `changed` are the spans they
    stand in.
    """
    found = Partners()
    span_of_old = {i: n for n, span in enumerate(changed) for i in span.old}
    span_of_new = {j: n for n, span in enumerate(changed) for j in span.new}
    near, akin = {*_by_position(old, new, changed)}, {*_by_rare_words(old, new)}
    placed: list[tuple[int, int]] = []
    taken: set[int] = set()
    for like, i, j in _likes(old, new, near | akin):
        if i in found.in_place or i in found.moved or j in taken:
            continue
        if span_of_old[i] == span_of_new[j] and _keeps_order(placed, i, j):
            insort(placed, (i, j))
            found.in_place[i] = j
        elif (i, j) in akin and like >= LIKE_ELSEWHERE and old[i].total() >= FEWEST_WORDS:
            found.moved[i] = j
        else:
            continue
        taken.add(j)
    return found


def _keeps_order(placed: list[tuple[int, int]], i: int, j: int) -> bool:
    at = bisect(placed, (i, j))
    return (at == 0 or placed[at - 1][1] < j) and (at == len(placed) or j < placed[at][1])


def _likes(
    old: Mapping[int, Counter[str]],
    new: Mapping[int, Counter[str]],
    candidates: Iterable[tuple[int, int]],
) -> list[tuple[float, int, int]]:
    """Return the candidates that are like, the likest first."""
    likes = ((_likeness(old[i], new[j]), i, j) for i, j in candidates)
    found = [like for like in likes if like[0] >= LIKE_IN_PLACE]
    return sorted(found, key=lambda like: (-like[0], like[1], like[2]))


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    return 2 * (one & other).total() / max(one.total() + other.total(), 1)


def _by_position(
    old: Mapping[int, Counter[str]], new: Mapping[int, Counter[str]], changed: list[Span]
) -> Iterator[tuple[int, int]]:
    for span in changed:
        gone = [i for i in span.old if i in old]
        come = [j for j in span.new if j in new]
        yield from zip(gone, come, strict=False)
        yield from zip(reversed(gone), reversed(come), strict=False)


def _by_rare_words(
    old: Mapping[int, Counter[str]], new: Mapping[int, Counter[str]]
) -> Iterator[tuple[int, int]]:
    having: defaultdict[str, list[int]] = defaultdict(list)
    for j, words in new.items():
        for word in words:
            having[word].append(j)
    for i, words in old.items():
        rare = [word for word in words if 0 < len(having.get(word, ())) <= RARE]
        rarest = sorted(rare, key=lambda word: len(having[word]))[:RAREST_WORDS]
        votes = Counter(chain.from_iterable(having[word] for word in rarest))
        yield from ((i, j) for j, _votes in votes.most_common(CANDIDATES))
