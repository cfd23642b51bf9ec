"""Which markup may stand in a story's body; the one place that trusts HTML.

One table says what the editor can type and what the sanitiser lets pass, so that the two
cannot drift.
"""

import json
import re
from collections.abc import Callable
from functools import cache
from html import escape, unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import nh3
from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django_prose_editor.config import allowlist_from_extensions

from articles.text import clean_text, refuse_characters

EXTENSIONS: dict[str, Any] = {
    "Bold": True,
    "Italic": True,
    "HardBreak": True,
    "Heading": {"levels": [2, 3]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "PullQuote": True,
    "Picture": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto", "tel"]},
    "CleanPaste": True,
    "SmartQuotes": True,
}
LARGEST = 1_000_000  # bytes of HTML as UTF-8
# nh3 takes 3.4 s for 195 KB of nested lists; no story nests deeper than a list in a list.
DEEPEST = 20

_ENDS_NO_SCRIPT = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
_TAG = re.compile(r"""(<(?:"[^"]*"|'[^']*'|[^'">])*>)""")
_LESS_THAN = re.compile(r"<(?P<closing>/?)(?P<name>[a-zA-Z][^\s/>]*|)")
_PLAIN_TAG = re.compile(
    r"""</?(?P<name>[a-zA-Z][a-zA-Z0-9]*)(?:\s+[a-zA-Z-]+(?:="[^"<>]*"|='[^'<>]*')?)*\s*/?>"""
)
# What stands in these is read by rules of their own.
_NOT_PLAIN = frozenset(
    ("iframe", "math", "noembed", "noframes", "noscript", "option", "plaintext", "script")
    + ("select", "style", "svg", "table", "template", "textarea", "title", "xmp")
)
# As the sanitiser writes one: it escapes every quotation mark of an address and “<” of a text.
_LINK = re.compile(r'<a href="([^"]*)"')
# A picture of the library within the text. The sanitiser writes every value in double quotes.
_VALUES = r'(?:\s[a-z-]+="[^"]*")*'
_FIGURE = re.compile(rf'<figure(?={_VALUES}\sclass="picture"){_VALUES}>(.*?)</figure>', re.DOTALL)
_IMAGE_OF = re.compile(r'<figure[^>]*\sdata-image="([1-9][0-9]{0,17})"')
_IMG = re.compile(rf"<img{_VALUES}/?>")
_ALT = re.compile(r'\salt="([^"]*)"')
_CAPTION = re.compile(r"<figcaption>(.*?)</figcaption>", re.DOTALL)
_BREAKS_A_LINE = re.compile(r"</?(?:p|h2|h3|ul|ol|li|blockquote|figure|figcaption|br)>")
_PICTURE = re.compile(
    r'<figure class="picture" data-image="(\d+)"><img alt="([^"]*)">'
    r"<figcaption>(.*?)</figcaption></figure>",
    re.DOTALL,
)
_BLOCKS = frozenset({"p", "h2", "h3", "li", "ul", "ol", "blockquote", "figure", "figcaption", "br"})
# Tags that never hold one of their kind, closed or not: they do not deepen anything.
_FLAT = frozenset(
    {"p", "li", "br", "img", "hr", "input", "meta", "link", "source", "wbr", "col", "area"}
)


def clean(html: str) -> str:
    """Return the body with nothing in it but what a story may hold.

    Raises ValidationError for more than 1 MB, for markup nested deeper than 20, and for
    characters that the gate of every text refuses.
    """
    _require_size(html)
    refuse_characters(html)
    if _depth(html) > DEEPEST:
        raise ValidationError(
            _("Lists or quotes in this body are nested more than %(depth)d deep. Flatten them.")
            % {"depth": DEEPEST},
            code="depth",
        )
    cleaned = _sanitiser().clean(html)
    _require_size(cleaned)  # tags left open are opened again in every paragraph
    cleaned = _settled(cleaned)
    # The gate comes last, as “&#0;” is a character by now; and piece by piece, as “>” and an
    # accent after it are one other character to the whole, and the tag would be left open.
    pieces = _TAG.split(cleaned)
    refuse_characters(cleaned)
    gated = "".join(piece if index % 2 else clean_text(piece) for index, piece in enumerate(pieces))
    return gated.strip() if plain_text(gated) or pictures(gated) else ""


def headings_in_order(cleaned: str) -> str:
    """A body as a page shows it: its first heading is no smaller than the kind below a headline.

    (WCAG 2.2, technique G141: levels of headings are not skipped.)
    """
    first, large, rest = cleaned.partition("<h2>")
    return first.replace("<h3>", "<h2>").replace("</h3>", "</h2>") + large + rest


def _settled(cleaned: str) -> str:
    """What stays as it is when it is cleaned again: a heading within a heading takes two turns."""
    cleaned = _with_plain_figures(cleaned)
    for _turn in range(4):
        again = _with_plain_figures(_sanitiser().clean(cleaned))
        if again == cleaned:
            break
        cleaned = again
    return cleaned


def _with_plain_figures(cleaned: str) -> str:
    """Write every picture as `_PICTURE` reads it, and take out images that are none of ours."""
    written, end = [], 0
    for found in _FIGURE.finditer(cleaned):
        written += [_IMG.sub("", cleaned[end : found.start()]), _plain_figure(found)]
        end = found.end()
    return "".join([*written, _IMG.sub("", cleaned[end:])])


def _plain_figure(found: re.Match[str]) -> str:
    image, img = _IMAGE_OF.match(found[0]), _IMG.search(found[1])
    alt, caption = img and _ALT.search(img[0]), _CAPTION.search(found[1])
    words = _BREAKS_A_LINE.sub(" ", caption[1]).strip() if caption else ""
    # No word is lost that somebody put between the two.
    rest = _IMG.sub("", _CAPTION.sub("", found[1], count=1)).strip()
    if image is None:
        return f"<p>{words}</p>{rest}" if words else rest
    return (
        f'<figure class="picture" data-image="{image[1]}"><img alt="{alt[1] if alt else ""}">'
        f"<figcaption>{words}</figcaption></figure>{rest}"
    )


def pictures(html: str) -> list[int]:
    """Return the images (ids) of the library that a cleaned body shows, each once."""
    return list(dict.fromkeys(int(found[1]) for found in _PICTURE.finditer(html)))


def said_of_pictures(html: str) -> list[tuple[int, str, str]]:
    """Return of every picture of a cleaned body its image (id), and as plain text the description
    and the caption that it has there."""
    found = _PICTURE.finditer(html)
    return [(int(each[1]), unescape(each[2]), plain_text(each[3])) for each in found]


def with_pictures(html: str, drawn: Callable[[int, str, SafeString], SafeString]) -> SafeString:
    """Return a cleaned body with its pictures drawn: from the image's id, the description and the
    caption that it has here."""
    return trusted(
        _PICTURE.sub(
            lambda found: drawn(int(found[1]), unescape(found[2]), trusted(found[3])), html
        )
    )


def without_pictures(html: str) -> str:
    """Return a cleaned body without its pictures, for where none can be shown."""
    return _PICTURE.sub("", html)


def trusted(html: str) -> SafeString:
    """Return what the sanitiser wrote as HTML a template prints as it is.

    That is a stored body, cleaned when it was saved, or a comparison that `marked` cleaned, also
    with escaped words put in; or JSON as `script_data` escapes it.
    """
    return mark_safe(html)  # noqa: S308 - what nh3 cleaned and html.escape escaped; nobody else may (test_layers)


def script_data(value: Any) -> SafeString:
    """Return data as JSON that may stand inside a <script> of a type that no browser runs.

    Nothing in it ends the element or begins a comment (WHATWG HTML, 4.12.1.3), as Django's
    json_script has it; that one knows no type but application/json.
    """
    return trusted(json.dumps(value, ensure_ascii=False).translate(_ENDS_NO_SCRIPT))


def marked(html: str) -> SafeString:
    """Return a comparison of two bodies or lines, with <ins> and <del>, as a template prints it.

    It goes through the sanitiser again: the marks are put between words after a body was cleaned,
    and no slip in putting them there may become a script.
    """
    return trusted(_with_plain_figures(_sanitiser("ins", "del").clean(html)))


def absolute(html: str, base: str) -> str:
    """Return a cleaned body whose links lead from anywhere to where they lead from the address
    `base`. A link of which no address can be made is none any more."""

    def led(link: re.Match[str]) -> str:
        try:
            return f'<a href="{escape(urljoin(base, unescape(link[1])))}"'
        except ValueError:
            return "<a"

    return _LINK.sub(led, html)


def plain_text(html: str, *, quotes: bool = True) -> str:
    """Return the body's words, a line a block; without pull quotes and captions if `quotes` is
    false."""
    words = html.replace("<p>", "\n").replace("</p>", "\n")
    if "<" in words or "&" in words:  # more than paragraphs, which is slow to read
        reader = _Words(quotes=quotes)
        reader.feed(html)
        reader.close()
        words = "".join(reader.words)
    lines = (" ".join(line.split()) for line in words.split("\n"))
    return "\n".join(line for line in lines if line)


def opening(html: str) -> str:
    """Return the words that an excerpt is made of where a story has no standfirst."""
    return plain_text(html, quotes=False) or plain_text(html)


def word_count(html: str) -> int:
    """How many words a body has; pull quotes repeat some, and captions are none of the text."""
    return len(plain_text(html, quotes=False).split())


def blocks(html: str) -> list[str]:
    """Return a cleaned body's top-level blocks (paragraphs, lists, quotes) in their order."""
    reader = _Blocks(html)
    reader.feed(html)
    reader.close()
    return reader.finish()


@cache
def _sanitiser(*more: str) -> nh3.Cleaner:
    """What lets pass what can be typed, and these tags more, without attributes."""
    allowed = allowlist_from_extensions(EXTENSIONS)
    allowed["tags"] = {*allowed["tags"], *more}
    # The address only: the library also lets “rel” and “title” pass, which nobody can type here.
    allowed["attributes"] = {"a": {"href"}, "figure": {"data-image"}, "img": {"alt"}}
    allowed["link_rel"] = None
    return nh3.Cleaner(**allowed)


def _require_size(html: str) -> None:
    # An ampersand that stands alone becomes five characters, and slowly.
    if len(html.encode("utf-8", "surrogatepass")) + 4 * html.count("&") > LARGEST:
        raise ValidationError(
            _("This body is over 1 MB long. Split the story, or leave out what was pasted in."),
            code="length",
        )


def _depth(html: str) -> int:
    """How deep markup nests at most: never less than any parser would find.

    Parsers differ in what is a comment or a value, so end tags count only as long as every tag
    so far was a plain one, and each closed the one opened last; start tags count wherever they
    stand.
    """
    open_tags: list[str] = []
    deepest = 0
    is_plain = True
    for found in _LESS_THAN.finditer(html):
        tag = _PLAIN_TAG.match(html, found.start())
        is_plain = is_plain and tag is not None and tag["name"].lower() not in _NOT_PLAIN
        name = found["name"].lower()
        if not name or name in _FLAT:
            continue
        if not found["closing"]:
            open_tags.append(name)
            deepest = max(deepest, len(open_tags))
        elif is_plain and open_tags and open_tags[-1] == name:
            open_tags.pop()
        else:
            is_plain = False
    return deepest


class _Words(HTMLParser):
    def __init__(self, *, quotes: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.quotes = quotes
        self.inside_figure = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "figure":
            self.inside_figure = True
        if tag in _BLOCKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "figure":
            self.inside_figure = False
        if tag in _BLOCKS:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if self.quotes or not self.inside_figure:
            self.words.append(data)


class _Blocks(HTMLParser):
    """Cuts well-formed markup wherever its depth is back to none."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.lines = [0]
        for line in html.split("\n"):
            self.lines.append(self.lines[-1] + len(line) + 1)
        self.depth = 0
        self.cuts = [0]

    def _cut(self, at: int) -> None:
        if not self.depth:
            self.cuts.append(at)

    def _here(self) -> int:
        line, column = self.getpos()
        return self.lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._cut(self._here())
        if tag not in ("br", "img"):
            self.depth += 1

    def handle_endtag(self, tag: str) -> None:
        self.depth -= 1
        self._cut(self._here() + len(f"</{tag}>"))

    def finish(self) -> list[str]:
        cuts = [*self.cuts, len(self.html)]
        pieces = (self.html[a:b].strip() for a, b in zip(cuts, cuts[1:], strict=False))
        return [piece for piece in pieces if piece]
