"""How two texts become one, with <ins> and <del> around the words that differ."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from html.parser import HTMLParser
from itertools import groupby, takewhile
from typing import NamedTuple

from articles.desk.pairing import WORD, Place, Span, counted, partners, places, spans

# As many words that happen to stand in both, between two longer changes, are changed with them:
# “of the” left standing amid a rewritten sentence helps nobody to read it.
ISLAND = 2

_INLINE = frozenset({"strong", "em", "a"})


def woven_line(old: str, new: str) -> str:
    """Return two plain texts as one, escaped, with what differs marked."""
    return _woven(_words(old), _words(new))


def woven(old: str, new: str) -> str:
    """Return two blocks (well-formed HTML) as one, with what differs marked where it stands."""
    return _woven_parts(_read(old), _read(new))


# --- A block, read into words -----------------------------------------------------------------


class _Word(NamedTuple):
    """A word with its line breaks as escaped HTML, the tags it stands in, and the space after."""

    html: str
    tags: tuple[str, ...]
    space: str


@dataclass
class _Part:
    """An element that holds parts or, without a start tag, a run of words between two elements."""

    start: str = ""
    parts: list["_Part"] = field(default_factory=list)
    words: list[_Word] = field(default_factory=list)

    @cached_property
    def html(self) -> str:
        return _printed(self, "")


class _Reader(HTMLParser):
    """Reads well-formed markup into parts; an inline tag belongs to the words within it."""

    def __init__(self) -> None:
        super().__init__()
        self.open = [_Part()]
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        start = self.get_starttag_text() or ""
        if tag == "br":
            self._break()
        elif tag in _INLINE:
            self.tags.append(start)
        else:
            part = _Part(start)
            self.open[-1].parts.append(part)
            self.open.append(part)

    def handle_endtag(self, tag: str) -> None:
        if tag in _INLINE:
            self.tags.pop()
        elif tag != "br":
            self.open.pop()

    def handle_data(self, data: str) -> None:
        words = _words(data, tuple(self.tags))
        before = self._last_run()
        if before and data[0].isspace():
            before[-1] = before[-1]._replace(space=" ")
        before += words
        if words and not self._last_run():
            self.open[-1].parts.append(_Part(words=words))

    def _break(self) -> None:
        """Add the line break to the word before it: alone, nobody would see that it is marked.

        A space counts as standing after it, whether typed or not.
        """
        run = self._last_run()
        if run:
            run[-1] = run[-1]._replace(html=f"{run[-1].html}<br>", space=" ")
        else:
            self.open[-1].parts.append(_Part(words=[_Word("<br>", tuple(self.tags), " ")]))

    def _last_run(self) -> list[_Word]:
        parts = self.open[-1].parts
        return parts[-1].words if parts else []


def _words(text: str, tags: tuple[str, ...] = ()) -> list[_Word]:
    return [_Word(escape(word, quote=False), tags, space) for word, space in WORD.findall(text)]


def _read(html: str) -> list[_Part]:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.open[0].parts


# --- Two blocks as one ------------------------------------------------------------------------
#
# lxml.html.diff was tried: it shows nothing where a word became bold, a line break went or a list
# got numbers, prints “Link:” and the address as text, and sets spaces where there were none
# (tests/desk/test_compare_marks.py holds it to that).


class _Piece(NamedTuple):
    """A word, or the space after one; `mark` is “ins”, “del” or empty."""

    mark: str
    html: str
    tags: tuple[str, ...]


def _woven_parts(old: list[_Part], new: list[_Part]) -> str:
    found = spans([part.html for part in old], [part.html for part in new])
    changed = [span for span in found if span.old and span.new and not span.is_same]
    # One for one within one whole: they need not be like.
    alone = {span.old.start: span.new.start for span in changed if span.size == 1}
    several = [span for span in changed if span.size > 1]
    like = partners(
        {i: counted(old[i].html) for span in several for i in span.old},
        {j: counted(new[j].html) for span in several for j in span.new},
        several,
    )
    return "".join(_placed(old, new, place) for place in places(found, alone | like.in_place))


def _placed(old: list[_Part], new: list[_Part], place: Place) -> str:
    match place:
        case i, None:
            return _printed(old[i], "del")
        case None, j:
            return _printed(new[j], "ins")
        case i, j:
            return _woven_part(old[i], new[j])


def _woven_part(old: _Part, new: _Part) -> str:
    if old.start != new.start:
        return _printed(old, "del") + _printed(new, "ins")
    if not old.start:
        return _woven(old.words, new.words)
    return f"{new.start}{_woven_parts(old.parts, new.parts)}{_end(new.start)}"


def _printed(part: _Part, mark: str) -> str:
    """The part as HTML, with all its words marked."""
    if not part.start:
        return _joined(_pieces(part.words, mark))
    inside = "".join(_printed(inner, mark) if mark else inner.html for inner in part.parts)
    if mark and not inside:
        inside = f"<{mark}></{mark}>"
    return f"{part.start}{inside}{_end(part.start)}"


def _end(start: str) -> str:
    return f"</{start[1:-1].split()[0]}>"


def _woven(old: list[_Word], new: list[_Word]) -> str:
    old, new = _ended(old), _ended(new)
    pieces: list[_Piece] = []
    for span in _without_islands(spans([word[:2] for word in old], [word[:2] for word in new])):
        if span.is_same:
            for i, j in zip(span.old, span.new, strict=True):
                pieces += _same(old[i], new[j])
        else:
            pieces += _pieces(old[span.old.start : span.old.stop], "del")
            pieces += _pieces(new[span.new.start : span.new.stop], "ins")
    return _joined(pieces)


def _ended(words: list[_Word]) -> list[_Word]:
    """The words with a space after the last, as after any other to which more may be added."""
    return [*words[:-1], *(word._replace(space=" ") for word in words[-1:])]


def _without_islands(found: list[Span]) -> list[Span]:
    kept: list[Span] = []
    for span in found:
        joined = span
        if not span.is_same and len(kept) > 1:
            before, island = kept[-2:]
            if island.size <= ISLAND and island.size < min(before.size, span.size):
                old = range(before.old.start, span.old.stop)
                new = range(before.new.start, span.new.stop)
                joined = Span(is_same=False, old=old, new=new)
                del kept[-2:]
        kept.append(joined)
    return kept


def _same(old: _Word, new: _Word) -> Iterator[_Piece]:
    """The word that stands in both, and the space after it, which may not."""
    yield _Piece("", new.html, new.tags)
    if old.space == new.space:
        yield _Piece("", new.space, new.tags)
    else:
        yield _Piece("del", old.space, old.tags)
        yield _Piece("ins", new.space, new.tags)


def _pieces(words: list[_Word], mark: str) -> Iterator[_Piece]:
    for word in words:
        yield _Piece(mark, word.html, word.tags)
        yield _Piece(mark, word.space, word.tags)


def _joined(pieces: Iterable[_Piece]) -> str:
    """The pieces as HTML, each run of one mark in one element."""
    printed = ""
    for mark, group in groupby((piece for piece in pieces if piece.html), lambda it: it.mark):
        run = list(group)
        after = ""
        # Where a space would do no harm, the one at a mark's end stands behind it, not underlined.
        if mark and len(run) > 1 and run[-1].html.isspace() and printed[-1:] in {"", " "}:
            after = run.pop().html
        printed += f"<{mark}>{_tagged(run)}</{mark}>{after}" if mark else _tagged(run)
    return printed.rstrip(" ")


def _tagged(run: list[_Piece]) -> str:
    """The pieces within the tags they stand in; a space is in those of both its neighbours."""
    printed = ""
    open_tags: tuple[str, ...] = ()
    for piece, following in zip(run, [*run[1:], _Piece("", "", ())], strict=True):
        tags = piece.tags
        if piece.html.isspace():
            tags = _shared(open_tags, following.tags)
        printed += _turned(open_tags, tags) + piece.html
        open_tags = tags
    return printed + _turned(open_tags, ())


def _turned(tags: tuple[str, ...], into: tuple[str, ...]) -> str:
    kept = len(_shared(tags, into))
    return "".join([*(_end(tag) for tag in reversed(tags[kept:])), *into[kept:]])


def _shared(tags: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    if tags == others:
        return tags
    pairs = zip(tags, others, strict=False)
    return tuple(tag for tag, _other in takewhile(lambda pair: pair[0] == pair[1], pairs))
