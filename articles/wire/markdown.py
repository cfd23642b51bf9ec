"""A story file's Markdown as a body: CommonMark, read by markdown-it-py, and two things more.

A block quote whose first line is `[!pull]` is a pull quote, and its last paragraph, when it
begins with “— ”, says who is quoted. `<br>` is a line break wherever `\\` cannot make one.
What a body may not hold is named with its line; nothing is dropped in silence.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from django.core.exceptions import ValidationError
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from articles import body, text
from articles.wire.faults import Fault, shown
from articles.wire.markdown_out import DASH, PULL
from articles.wire.prose import (
    Block,
    Heading,
    Listing,
    Mark,
    Paragraph,
    Pull,
    Quote,
    Run,
    from_html,
    runs_of,
    to_html,
)

# The parser drops, without a word, what is nested deeper; a list takes two levels, its text one.
_DEEPEST = 3 * body.DEEPEST
_REFUSED = {
    "code_block": "code, which a line that begins with four spaces is",
    "fence": "code, which stands between lines of ``` or ~~~",
    "code_inline": "code between backticks; for the character itself write \\`",
    "hr": "a rule; where the text breaks off, a heading can stand",
    "image": "a picture",
    "table_open": "a table",
    "s_open": "struck out words; for the characters themselves write \\~\\~",
}
_BREAK_TAGS = ("<br>", "<br/>", "<br />")
_CALL_OUT = re.compile(r"\[!\w+\]")
_MARKS = {"strong_open": Mark("strong"), "em_open": Mark("em")}
_CONTAINERS = {
    f"{name}_{end}": end == "open"
    for name in ("blockquote", "pull", "bullet_list", "ordered_list", "list_item")
    for end in ("open", "close")
}


def read(source: str) -> tuple[str, list[Fault]]:
    """Return the body that Markdown says, cleaned, and what it holds that no body may.

    With faults, the body is not to be used.
    """
    reader = _Reader()
    blocks = reader.read(_parser().parse(source))
    html = to_html(blocks)
    try:
        cleaned = body.clean(html)
    except ValidationError as error:
        return "", [*reader.faults, *(Fault(1, says) for says in error.messages)]
    if cleaned and not reader.faults and from_html(cleaned) != blocks:
        reader.faults.append(Fault(1, "Cleaning changes this text; odd characters may be why."))
    return cleaned, sorted(reader.faults)


class _Markdown(MarkdownIt):
    """The parser; addresses stay as they were typed, and the sanitiser is asked about them."""

    def normalizeLink(self, url: str) -> str:
        return url

    def normalizeLinkText(self, link: str) -> str:
        return link

    def validateLink(self, url: str) -> bool:
        return True


def _parser() -> MarkdownIt:
    options = {"maxNesting": _DEEPEST, "store_labels": True, "inline_definitions": True}
    parser = _Markdown("commonmark", options)
    # Read in order to be refused by name.
    parser.enable(["table", "strikethrough"])
    # A block of HTML is read as words with tags in them, each of which is named.
    parser.disable("html_block")
    parser.core.ruler.before("inline", "pull_quotes", _find_pull_quotes)
    return parser


def _find_pull_quotes(state: StateCore) -> None:
    """Note pull quotes and who is quoted, and take the signs for them out of the words."""
    opened: list[int] = []
    for index, token in enumerate(state.tokens):
        if token.type == "blockquote_open":
            opened.append(index)
        elif token.type == "blockquote_close":
            _find_pull_quote(state.tokens[opened.pop() : index + 1])


def _find_pull_quote(tokens: list[Token]) -> None:
    opening, closing = tokens[0], tokens[-1]
    first = tokens[2] if tokens[1].type == "paragraph_open" else None
    if first is None or _first_line(first) != PULL:
        return
    opening.type, closing.type = "pull_open", "pull_close"
    first.content = first.content.partition("\n")[2].lstrip(" \t")
    first.meta["lines_before"] = 1
    *_rest, before, last, after, _end = tokens
    own = before.type == "paragraph_open" and after.level == closing.level + 1
    if own and last.content.startswith(DASH):
        last.content = last.content.removeprefix(DASH)
        before.type = "caption_open"


def _first_line(inline: Token) -> str:
    return inline.content.partition("\n")[0].rstrip()


@dataclass
class _Open:
    """A container whose end has not come."""

    token: Token
    blocks: list[Block] = field(default_factory=list)
    items: list[tuple[Block, ...]] = field(default_factory=list)
    caption: tuple[Run, ...] = ()


class _Reader:
    """Makes a tree of the parser's tokens, and notes what no body may hold."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.line = 1  # of the token being read
        self.open: list[_Open] = []

    def read(self, tokens: list[Token]) -> tuple[Block, ...]:
        self.open = [_Open(Token("body", "", 0))]
        for token, following in pairwise([*tokens, Token("end", "", 0)]):
            if token.map:
                self.line = token.map[0] + 1
            self._check(token)
            if token.type in ("paragraph_open", "heading_open", "caption_open"):
                self._read_line(token, following)
            elif token.type in _CONTAINERS:
                self._open_or_close(token)
        self._refuse_unused_definitions(tokens)
        return tuple(self.open[0].blocks)

    def _refuse(self, what: str) -> None:
        self.faults.append(Fault(self.line, f"A body cannot hold {what}."))

    def _check(self, token: Token) -> None:
        """Note a block that no body may hold."""
        if what := _REFUSED.get(token.type):
            self._refuse(what)
        elif token.type == "heading_open" and token.tag not in ("h2", "h3"):
            self._refuse("a heading of this level; its headings begin with ## or ###")
        elif token.type == "ordered_list_open" and "start" in token.attrs:
            self._refuse(f"a list that starts at {token.attrs['start']}; it starts at 1")
        elif token.level >= _DEEPEST - 1:
            self._refuse(f"lists and quotes nested more than {body.DEEPEST} deep")

    def _read_line(self, opening: Token, inline: Token) -> None:
        here = self.open[-1]
        begins_a_quote = here.token.type == "blockquote_open" and not here.blocks
        if begins_a_quote and _CALL_OUT.fullmatch(_first_line(inline)):
            self._refuse(f"a box such as {shown(_first_line(inline))}; only {PULL} is known")
        runs = runs_of(self._runs(inline))
        if opening.type == "caption_open":
            here.caption = runs
        elif runs and opening.type == "heading_open":
            here.blocks.append(Heading(int(opening.tag[1]), runs))
        elif runs:
            here.blocks.append(Paragraph(runs))

    def _open_or_close(self, token: Token) -> None:
        if _CONTAINERS[token.type]:
            self.open.append(_Open(token))
            return
        done, around = self.open.pop(), self.open[-1]
        if done.token.type == "list_item_open":
            around.items.append(tuple(done.blocks))
        elif done.token.type == "pull_open":
            if not done.blocks and not done.caption:
                self._refuse("a pull quote without words")
            around.blocks.append(Pull(tuple(done.blocks), done.caption))
        elif done.token.type == "blockquote_open":
            around.blocks += [Quote(tuple(done.blocks))] if done.blocks else []
        else:
            around.blocks.append(Listing(done.token.tag == "ol", tuple(done.items)))

    # --- Words -------------------------------------------------------------------------------

    def _runs(self, inline: Token) -> Iterator[Run]:
        self.line += inline.meta.get("lines_before", 0)
        marks: list[Mark] = []
        for token in inline.children or ():
            if token.type == "text":
                yield Run(self._text(token, inline), tuple(marks))
            elif token.type == "softbreak":
                self.line += 1
                yield Run(" ", tuple(marks))
            elif token.type == "hardbreak":
                self.line += 1
                yield Run("", tuple(marks), is_break=True)
            elif token.content in _BREAK_TAGS:
                yield Run("", tuple(marks), is_break=True)
            elif token.nesting == 1:
                marks.append(self._mark(token))
            elif token.nesting == -1:
                marks.pop()
            else:
                self._refuse_inline(token)

    def _refuse_inline(self, token: Token) -> None:
        if token.type == "html_inline":
            self._refuse(
                f"HTML, such as {shown(token.content)}; for the character itself write \\<"
            )
        else:
            self._refuse(_REFUSED[token.type])
        self.line += token.content.count("\n")

    def _text(self, token: Token, inline: Token) -> str:
        if "\ufffd" in token.content and "\ufffd" not in inline.content:
            self._refuse("a character by its number where no such character is")
        try:
            return text.clean_text(token.content)
        except ValidationError as error:
            self.faults += [Fault(self.line, says) for says in error.messages]
            return ""

    def _mark(self, token: Token) -> Mark:
        if token.type == "s_open":
            self._refuse(_REFUSED[token.type])
        if token.type != "link_open":
            return _MARKS.get(token.type, Mark("em"))
        if "title" in token.attrs:
            self._refuse("a link with a title; leave out what stands in quotes after the address")
        link = Mark("a", str(token.attrs["href"]))
        if not _may_stand(link):
            self._refuse(
                f"a link to {shown(link.href)}; it may lead to http:, https:, mailto: and tel:, "
                "or to a page of this site"
            )
        return link

    def _refuse_unused_definitions(self, tokens: list[Token]) -> None:
        """A line such as “[note]: words” defines a link, and vanishes when no link uses it."""
        children = (child for token in tokens for child in token.children or ())
        used = {child.meta.get("label") for child in children}
        for token in tokens:
            if token.type == "definition" and token.meta["id"] not in used:
                self.line = token.map[0] + 1 if token.map else 1
                self._refuse("the address of a link that is nowhere; to show the words write \\[")


def _may_stand(link: Mark) -> bool:
    """Whether the sanitiser leaves a link as it is."""
    blocks = (Paragraph((Run("x", (link,)),)),)
    try:
        return from_html(body.clean(to_html(blocks))) == blocks
    except ValidationError:
        return False
