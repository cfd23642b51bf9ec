"""The words of a text around what was looked for, with that marked; nothing else is let through."""

from collections.abc import Sequence

import regex
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles import body
from articles.text import cut_line
from articles.words import places_of

LONGEST = 180  # characters of a snippet
_BEFORE = 60  # of them, at most, before what was found
# Of a text: what stands below is found, and not shown.
_LOOKED_AT = 20_000
_GRAPHEME = regex.compile(r"\X")


def marked(words: Sequence[str], text: str) -> SafeString:
    """A text of one line with <mark> around every word that a search looks for, escaped."""
    pieces, last = [], 0
    for start, end in places_of(words, text):
        pieces.append((text[last:start], text[start:end]))
        last = end
    return format_html("{}{}", format_html_join("", "{}<mark>{}</mark>", pieces), text[last:])


def snippet(words: Sequence[str], standfirst: str, html: str) -> SafeString:
    """What the standfirst, or else the body, says around the first word looked for."""
    for text in (standfirst, body.plain_text(body.without_pictures(html))):
        line = " ".join(text[:_LOOKED_AT].split())
        if places := places_of(words, line):
            return marked(words, _around(line, places[0][0]))
    return marked(words, cut_line(standfirst or line, LONGEST).words)


def _around(line: str, place: int) -> str:
    """Whole words of a line around a place in it; whole graphemes where it has no spaces."""
    start = _start(line, place)
    shown = cut_line(line[start : place + 2 * LONGEST], LONGEST).words
    return f"…{shown}" if start else shown


def _start(line: str, place: int) -> int:
    if place <= _BEFORE:
        return 0
    space = line.find(" ", place - _BEFORE, place)
    if space >= 0:
        return space + 1
    start = place
    for cluster in reversed(_GRAPHEME.findall(line[max(place - LONGEST, 0) : place])):
        if place - start + len(cluster) > _BEFORE:
            break
        start -= len(cluster)
    return start
