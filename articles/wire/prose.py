"""A story's body as a tree of paragraphs, lists and quotes: how HTML becomes one and comes of one.

The tree is the canonical form of a body, and what the desk's editor makes: nothing stands
between blocks, a list item begins with a paragraph, marks nest as link, strong, em, and what
holds nothing at all (`<p></p>`, `<em></em>`) is left out. No word is ever left out.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from itertools import takewhile

# In the order they nest in, outermost first.
_MARKS = ("a", "strong", "em")
_HEADINGS = {"h2": 2, "h3": 3}


@dataclass(frozen=True)
class Mark:
    """What is done to words: a link (with its address), strong or em."""

    tag: str
    href: str = ""


@dataclass(frozen=True)
class Run:
    """Words that bear the same marks; or a line break."""

    text: str
    marks: tuple[Mark, ...] = ()
    is_break: bool = False


@dataclass(frozen=True)
class Paragraph:
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class Heading:
    level: int
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class Quote:
    blocks: tuple["Block", ...]


@dataclass(frozen=True)
class Pull:
    """A pull quote, and who said it."""

    blocks: tuple["Block", ...]
    caption: tuple[Run, ...] = ()


@dataclass(frozen=True)
class Listing:
    ordered: bool
    items: tuple[tuple["Block", ...], ...]


Block = Paragraph | Heading | Quote | Pull | Listing


def runs_of(pieces: Iterable[Run]) -> tuple[Run, ...]:
    """Return runs in canonical form: in NFC, marks in their order, like neighbours made one."""
    found: list[Run] = []
    for piece in pieces:
        marks = tuple(sorted(set(piece.marks), key=lambda mark: _MARKS.index(mark.tag)))
        if piece.is_break:
            found.append(Run("", marks, is_break=True))
        elif found and not found[-1].is_break and found[-1].marks == marks:
            found[-1] = Run(found[-1].text + piece.text, marks)
        elif piece.text:
            found.append(Run(piece.text, marks))
    return tuple(
        run if run.is_break else Run(unicodedata.normalize("NFC", run.text), run.marks)
        for run in found
    )


def shared(before: Sequence[Mark], after: Sequence[Mark]) -> int:
    """How many marks, from the outermost, stay open from one run to the next."""
    pairs = zip(before, after, strict=False)
    return len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))


# --- A tree as HTML --------------------------------------------------------------------------


def to_html(blocks: Iterable[Block]) -> str:
    """Return a tree as HTML; articles.body.clean leaves it as it is."""
    return "".join(_block_html(block) for block in blocks)


def _block_html(block: Block) -> str:
    match block:
        case Paragraph(runs):
            return f"<p>{_inline_html(runs)}</p>"
        case Heading(level, runs):
            return f"<h{level}>{_inline_html(runs)}</h{level}>"
        case Quote(blocks):
            return f"<blockquote>{to_html(blocks)}</blockquote>"
        case Listing(ordered, items):
            tag = "ol" if ordered else "ul"
            return f"<{tag}>{''.join(map(_item_html, items))}</{tag}>"
        case Pull(blocks, caption):
            said_by = f"<figcaption>{_inline_html(caption)}</figcaption>" if caption else ""
            quote = to_html(blocks) or "<p></p>"
            return f'<figure class="pull"><blockquote>{quote}</blockquote>{said_by}</figure>'


def _item_html(blocks: Sequence[Block]) -> str:
    begins_with_a_paragraph = bool(blocks) and isinstance(blocks[0], Paragraph)
    return f"<li>{'' if begins_with_a_paragraph else '<p></p>'}{to_html(blocks)}</li>"


def _inline_html(runs: Iterable[Run]) -> str:
    written: list[str] = []
    marks: tuple[Mark, ...] = ()
    for run in (*runs, Run("")):
        kept = shared(marks, run.marks)
        written += [f"</{mark.tag}>" for mark in reversed(marks[kept:])]
        written += [_opening(mark) for mark in run.marks[kept:]]
        written.append("<br>" if run.is_break else escape(run.text, quote=False))
        marks = run.marks
    return "".join(written)


def _opening(mark: Mark) -> str:
    return f'<a href="{escape(mark.href)}">' if mark.tag == "a" else f"<{mark.tag}>"


# --- HTML as a tree --------------------------------------------------------------------------


def from_html(html: str) -> tuple[Block, ...]:
    """Return the tree of a cleaned body, whatever stands in what in it."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.finish()


@dataclass
class _Open:
    """An element whose end has not come."""

    tag: str
    blocks: list[Block] = field(default_factory=list)
    items: list[tuple[Block, ...]] = field(default_factory=list)
    caption: list[Run] = field(default_factory=list)
    implied: bool = False


class _Reader(HTMLParser):
    """Reads well-formed markup of the body's vocabulary, nested in any way."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [_Open("body")]
        self.marks: list[Mark] = []
        self.line: list[Run] | None = None  # the paragraph, heading or caption being read
        self.line_tag = ""  # empty: words that stand in no element of their own

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _MARKS:
            self.marks.append(Mark(tag, dict(attrs).get("href") or ""))
            if tag == "a" and "href" not in dict(attrs):
                self.marks[-1] = Mark("")
        elif tag == "br":
            self._add(Run("", is_break=True))
        else:
            self._end_line()
            self._start_block(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _MARKS:
            self.marks.pop()
        elif tag != "br":
            self._end_line()
            self._end_block(tag)

    def handle_data(self, data: str) -> None:
        if self.line is not None or data.strip():
            self._add(Run(data))

    def finish(self) -> tuple[Block, ...]:
        self._end_line()
        return tuple(self.open[0].blocks)

    def _add(self, run: Run) -> None:
        if self.line is None:
            self.line, self.line_tag = [], ""
        marks = tuple(mark for mark in self.marks if mark.tag)
        self.line.append(Run(run.text, marks, run.is_break))

    def _start_block(self, tag: str) -> None:
        top = self.open[-1]
        if tag == "p" or tag in _HEADINGS:
            self.line, self.line_tag = [], tag
        elif tag == "li":
            if top.tag == "li" and top.implied:
                self._close()
            if self.open[-1].tag in ("ul", "ol"):
                self.open.append(_Open("li"))
        elif tag == "figcaption" and top.tag != "figure":
            return  # a caption of nothing: its words are a paragraph
        else:
            self._inside_an_item()
            self.open.append(_Open(tag))
            if tag == "figcaption":
                self.line, self.line_tag = [], tag

    def _end_block(self, tag: str) -> None:
        names = [element.tag for element in self.open]
        if tag == "li" and self.open[-1].tag != "li":
            return
        if tag in names[1:]:
            while self._close() != tag:
                pass

    def _inside_an_item(self) -> None:
        if self.open[-1].tag in ("ul", "ol"):
            self.open.append(_Open("li", implied=True))

    def _end_line(self) -> None:
        if self.line is None:
            return
        pieces = self.line if self.line_tag else _trimmed(self.line)
        self.line = None
        if runs := runs_of(pieces):
            self._inside_an_item()
            level = _HEADINGS.get(self.line_tag)
            self.open[-1].blocks.append(Heading(level, runs) if level else Paragraph(runs))

    def _close(self) -> str:
        """Close the innermost element, hand it to the one around it, and return its tag."""
        done, around = self.open.pop(), self.open[-1]
        if done.tag == "li":
            around.items.append(tuple(done.blocks))
        elif done.tag == "figcaption":
            around.caption = _joined([around.caption, *_lines(done.blocks)])
        elif done.tag == "blockquote" and around.tag == "figure":
            around.blocks += done.blocks
        elif block := _made(done):
            around.blocks.append(block)
        return done.tag


def _made(done: _Open) -> Block | None:
    """The block that an element is; None for one that holds nothing."""
    if done.tag in ("ul", "ol"):
        return Listing(done.tag == "ol", tuple(done.items)) if done.items else None
    if done.tag == "figure" and (done.blocks or done.caption):
        return Pull(tuple(done.blocks), runs_of(done.caption))
    return Quote(tuple(done.blocks)) if done.blocks else None


def _trimmed(pieces: list[Run]) -> list[Run]:
    """Words that no element of their own holds, without the white space around them."""
    trimmed = list(pieces)
    trimmed[0] = Run(trimmed[0].text.lstrip(), trimmed[0].marks, trimmed[0].is_break)
    trimmed[-1] = Run(trimmed[-1].text.rstrip(), trimmed[-1].marks, trimmed[-1].is_break)
    return trimmed


def _lines(blocks: Iterable[Block]) -> Iterator[list[Run]]:
    """Every line of words in the blocks, however deep."""
    for block in blocks:
        match block:
            case Paragraph(runs) | Heading(_, runs):
                yield list(runs)
            case Listing(_, items):
                for item in items:
                    yield from _lines(item)
            case Quote(inner):
                yield from _lines(inner)
            case Pull(inner, caption):
                yield from _lines(inner)
                yield list(caption)


def _joined(lines: Iterable[list[Run]]) -> list[Run]:
    """Lines as one, with a break between any two."""
    joined: list[Run] = []
    for line in filter(None, lines):
        joined += [Run("", is_break=True), *line] if joined else line
    return joined
