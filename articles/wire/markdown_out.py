"""A body's tree as Markdown that reads back as the same tree, whatever its words are.

What CommonMark would take for markup gets a backslash. Where emphasis could not begin or end
between two characters (inside a word, next to a space), one of them is written by its number,
`&#97;`: it reads as the same character. A line break that `\\` cannot make is `<br>`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace

from articles.wire.prose import Block, Heading, Listing, Mark, Paragraph, Pull, Quote, Run, shared

PULL = "[!pull]"
DASH = "— "  # begins the attribution of a pull quote

_BREAK, _BREAK_TAG = "\\\n", "<br>"
# What is markup wherever it stands, or could be.
_ANYWHERE = re.compile(r"[\\`*_\[\]<]|~(?=~)|(?<=~)~|&(?=#?\w+;)")
# What is markup at the start of a line: headings, lists, quotes, rules, tables.
_AT_LINE_START = re.compile(r"[#+\-=>|:]|[0-9]{1,9}(?P<stop>[.)])(?=\s|\Z)")
_PLAIN_ADDRESS = re.compile(r"[\w/:.~?#=&%+@,;!$'*-]+", re.ASCII)
_ADDRESS_MARKUP = re.compile(r"[\\<>]|&(?=#?\w+;)")
_UNSPEAKABLE = re.compile(r"[\x00-\x1f\x7f]")


def write(blocks: Iterable[Block]) -> str:
    """Return the tree as Markdown, without a line feed at its end."""
    return "\n".join(_lines(tuple(blocks)))


# --- Blocks ----------------------------------------------------------------------------------


def _lines(blocks: Sequence[Block], *, within: str = "") -> list[str]:
    """The lines of blocks, an empty one between any two.

    `within` is the bullet of the list item that the blocks stand in: a list that begins the
    item takes another, since “- - -” is a rule and no list of lists. So does a list that
    follows a list, or the two would be one.
    """
    lines: list[str] = []
    before = within
    for block in blocks:
        if lines:
            lines.append("")
        if isinstance(block, Listing):
            bullet = _bullet(block, before)
            lines += _list_lines(block, bullet)
            before = bullet
        else:
            lines += _block_lines(block)
            before = ""
    return lines


def _block_lines(block: Paragraph | Heading | Quote | Pull) -> list[str]:
    match block:
        case Paragraph(runs):
            return _inline(runs).split("\n")
        case Heading(level, runs):
            return [f"{'#' * level} {_one_line(runs)}"]
        case Quote(blocks):
            return _quoted(_lines(blocks))
        case Pull():
            return _quoted(_pull_lines(block))


def _pull_lines(block: Pull) -> list[str]:
    quote = _lines(block.blocks)
    if quote and isinstance(block.blocks[-1], Paragraph) and not block.caption:
        last = len(quote) - len(_block_lines(block.blocks[-1]))
        quote[last] = re.sub("^— ", "&#8212; ", quote[last])
    runs_on = block.blocks and isinstance(block.blocks[0], Paragraph)
    said_by = ["", *(DASH + _inline(block.caption)).split("\n")] if block.caption else []
    return [PULL, *([] if runs_on or not quote else [""]), *quote, *said_by]


def _quoted(lines: Iterable[str]) -> list[str]:
    return [f"> {line}".rstrip(" ") for line in lines] or [">"]


def _bullet(block: Listing, before: str) -> str:
    bullets = (".", ")") if block.ordered else ("-", "*", "+")
    return next(bullet for bullet in bullets if bullet != before)


def _list_lines(block: Listing, bullet: str) -> list[str]:
    apart = any(not _is_short(item) for item in block.items)
    lines: list[str] = []
    for number, item in enumerate(block.items, start=1):
        marker = f"{number}{bullet}" if block.ordered else bullet
        inner = _lines(item, within=bullet) if apart else _tight_lines(item, bullet)
        if apart and lines:
            lines.append("")
        first, *rest = inner or [""]
        lines.append(f"{marker} {first}".rstrip(" "))
        lines += [f"{' ' * (len(marker) + 1)}{line}" if line else "" for line in rest]
    return lines


def _is_short(item: Sequence[Block]) -> bool:
    """Whether a list item is at most a paragraph with a list right below it.

    A list whose first item is empty cannot stand there: “-” below words makes a heading of them.
    """
    match item:
        case [] | [_]:
            return True
        case [Paragraph(), Listing(_, items)]:
            return bool(items[0])
    return False


def _tight_lines(item: Sequence[Block], bullet: str) -> list[str]:
    if len(item) < 2:
        return _lines(item, within=bullet)
    return [*_lines(item[:1]), *_lines(item[1:])]


# --- Words -----------------------------------------------------------------------------------


@dataclass
class _Piece:
    """A piece of a line: words, a break, or markup (`**`, `[`, `](address)`)."""

    kind: str  # text, break, open, close, bracket
    text: str
    by_number: set[int] = field(default_factory=set)  # the characters to write by number


def _inline(runs: Sequence[Run]) -> str:
    """A paragraph's words; its lines are lines of the file."""
    return _spelled(_pieces(runs, break_sign=_BREAK))


def _one_line(runs: Sequence[Run]) -> str:
    """A heading's words, all on one line; “#” at its end would be taken for decoration."""
    words = _spelled(_pieces(runs, break_sign=_BREAK_TAG))
    return re.sub(r"(?<=\s)#+\Z", r"\\\g<0>", words)


def _pieces(runs: Sequence[Run], *, break_sign: str) -> list[_Piece]:
    pieces: list[_Piece] = []
    marks: tuple[Mark, ...] = ()
    signs: list[str] = []
    for index, run in enumerate((*runs, Run(""))):
        kept = shared(marks, run.marks)
        while len(signs) > kept:
            pieces.append(_closing(signs.pop(), marks[len(signs)]))
        for mark in run.marks[kept:]:
            signs.append(_sign(mark, runs, index, pieces))
            pieces.append(_Piece("bracket" if mark.tag == "a" else "open", signs[-1]))
        if run.is_break:
            sign = break_sign if _stands_between(runs, index) else _BREAK_TAG
            pieces.append(_Piece("break", sign))
        elif run.text:
            pieces.append(_Piece("text", run.text))
        marks = run.marks
    return pieces


def _sign(mark: Mark, runs: Sequence[Run], index: int, pieces: Sequence[_Piece]) -> str:
    """The sign that opens a mark: em takes the underscore wherever it could meet a “**”."""
    if mark.tag != "em":
        return "[" if mark.tag == "a" else "**"
    depth = runs[index].marks.index(mark)
    following = (run.marks for run in runs[index:] if shared(runs[index].marks, run.marks) <= depth)
    strong = Mark("strong")
    meets = strong in runs[index].marks or strong in next(following, ())
    return "_" if meets or (pieces and pieces[-1].kind == "close") else "*"


def _closing(sign: str, mark: Mark) -> _Piece:
    if mark.tag == "a":
        return _Piece("bracket", f"]({_address(mark.href)})")
    return _Piece("close", sign)


def _stands_between(runs: Sequence[Run], index: int) -> bool:
    """Whether a break has something before and after it that bears all its marks."""
    if not 0 < index < len(runs) - 1:
        return False
    marks = runs[index].marks
    return all(shared(marks, runs[i].marks) == len(marks) for i in (index - 1, index + 1))


def _address(href: str) -> str:
    escaped = _ADDRESS_MARKUP.sub(r"\\\g<0>", href)
    if _PLAIN_ADDRESS.fullmatch(href):
        return escaped
    return f"<{_UNSPEAKABLE.sub(lambda found: f'&#{ord(found[0])};', escaped)}>"


def _spelled(pieces: Sequence[_Piece]) -> str:
    for index, piece in enumerate(pieces):
        if piece.kind == "text":
            _keep_white_space(piece, pieces, index)
    while sum(_settle(pieces, index) for index in range(len(pieces))):
        pass
    return "".join(_written(pieces, index) for index in range(len(pieces)))


def _keep_white_space(piece: _Piece, pieces: Sequence[_Piece], index: int) -> None:
    """Write by number what Markdown would drop or turn: line feeds, and a line's outer spaces."""
    piece.by_number |= {at for at, char in enumerate(piece.text) if char == "\n"}
    for neighbour, at in ((index - 1, 0), (index + 1, len(piece.text) - 1)):
        at_an_edge = not 0 <= neighbour < len(pieces) or pieces[neighbour].kind == "break"
        if at_an_edge and piece.text[at].isspace():
            piece.by_number.add(at)


def _settle(pieces: Sequence[_Piece], index: int) -> bool:
    """Make an emphasis sign able to open, or close; return whether something was changed.

    CommonMark's rules on delimiter runs: a sign opens before no white space, and where it
    stands before punctuation, or is an underscore, only after no word; closing, in the mirror.
    """
    piece = pieces[index]
    before, after = _Edge(pieces, index - 1, last=True), _Edge(pieces, index + 1, last=False)
    if piece.kind == "open":
        inside, outside = after, before
    elif piece.kind == "close":
        inside, outside = before, after
    else:
        return False
    if inside.looks_like == "space":
        return inside.write_by_number()
    if (piece.text == "_" or inside.looks_like == "mark") and outside.looks_like == "word":
        return outside.write_by_number()
    return False


class _Edge:
    """The character of a piece that stands next to a sign."""

    def __init__(self, pieces: Sequence[_Piece], index: int, *, last: bool) -> None:
        self.piece = pieces[index] if 0 <= index < len(pieces) else None
        self.at = len(self.piece.text) - 1 if self.piece and last else 0

    @property
    def looks_like(self) -> str:
        """What CommonMark takes the character for: a space, a mark (punctuation) or a word."""
        if self.piece is None:
            return "space"
        if self.at in self.piece.by_number:
            return "mark"
        char = self.piece.text[self.at]
        if isWhiteSpace(ord(char)):
            return "space"
        return "mark" if isMdAsciiPunct(ord(char)) or isPunctChar(char) else "word"

    def write_by_number(self) -> bool:
        if self.piece:
            self.piece.by_number.add(self.at)
        return self.piece is not None


def _written(pieces: Sequence[_Piece], index: int) -> str:
    piece = pieces[index]
    if piece.kind != "text":
        return piece.text
    text, written, done = piece.text, "", 0
    starts_a_line = index == 0 or pieces[index - 1].text == _BREAK
    for at in sorted(piece.by_number):
        written += _escaped(text[done:at], starts_a_line=starts_a_line and not done)
        written += f"&#{ord(text[at])};"
        done = at + 1
    rest = _escaped(text[done:], starts_a_line=starts_a_line and not done)
    before_link = index + 1 < len(pieces) and pieces[index + 1].text == "["
    # “!” before a link would make a picture of it.
    return written + (re.sub(r"!\Z", r"\!", rest) if before_link else rest)


def _escaped(words: str, *, starts_a_line: bool) -> str:
    escaped = _ANYWHERE.sub(r"\\\g<0>", words)
    return _at_line_start(escaped) if starts_a_line else escaped


def _at_line_start(line: str) -> str:
    found = _AT_LINE_START.match(line)
    if not found:
        return line
    at = found.start("stop") if found["stop"] else 0
    return f"{line[:at]}\\{line[at:]}"
