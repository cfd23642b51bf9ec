"""What is wrong with a story's body: a generator of sentences for each check."""

from collections.abc import Iterator
from itertools import pairwise

import regex
from django.utils.translation import gettext as _

from articles import body, text
from articles.desk import links
from articles.desk.findings import Block, Copy
from articles.desk.links import Answer, Link

LONGEST_PARAGRAPH = 120  # words: more is a screenful on a phone
# How far a body may be from the length that was asked for.
TOLERANCE = 0.2
ADDRESS_QUOTED = 100  # characters of an address
WORDS_QUOTED = 50  # characters of a paragraph, to know it by
# What is underlined says where a link leads: it is read out alone, and skimmed for.
EMPTY_WORDS = frozenset({
    "here", "click here", "click", "this", "this link", "link", "read more", "more", "this page",
    "read here", "see here", "hier", "hier klicken", "klicken sie hier", "dieser link",
    "diese seite", "mehr", "mehr lesen", "weiterlesen", "mehr dazu", "lesen sie hier",
})  # fmt: skip
_WORDS = regex.compile(r"[\p{L}\p{N}]+")
_SOURCE = regex.compile(r"<figcaption\b.*", regex.DOTALL)  # of a pull quote: whose words they are
# Between the sentences of a quote stands who said it, or what was left out.
_SENTENCE_END = regex.compile(r"[.!?…]+(?!\w)")
_MARKS = "“”„\"«»‹›‘’' "


def empty_body(copy: Copy) -> Iterator[str]:
    if copy.body:
        return
    if copy.headline:
        yield _("“%(headline)s” has no text yet.") % {"headline": copy.headline}
    else:
        yield _("The story has no text yet.")


def lost_pull_quote(copy: Copy) -> Iterator[str]:
    """A pull quote whose words, case and signs aside, are no longer in the text."""
    running = " ".join(block.words for block in copy.blocks if not block.is_pull_quote)
    below = f" {_bare(running)} "
    for block in copy.blocks:
        if not block.is_pull_quote:
            continue
        quote = body.plain_text(_SOURCE.sub("", block.html))
        parts = filter(None, map(_bare, _SENTENCE_END.split(quote)))
        if any(f" {part} " not in below for part in parts):
            yield _("The pull quote “%(words)s” is not in the text, or not in these words.") % {
                "words": _known_by(quote.strip(_MARKS))
            }


def long_paragraph(copy: Copy) -> Iterator[str]:
    for block in copy.blocks:
        count = len(block.words.split())
        if block.tag in ("p", "blockquote") and count > LONGEST_PARAGRAPH:
            yield _("Paragraph %(n)d (“%(words)s”) is %(count)d words long.") % {
                "n": block.number,
                "words": _known_by(block.words),
                "count": count,
            }


def heading_order(copy: Copy) -> Iterator[str]:
    headings = [block for block in copy.blocks if block.is_heading]
    if headings and headings[0].tag == "h3":
        yield _("The first heading, “%(words)s”, is of the smaller kind.") % {
            "words": _known_by(headings[0].words)
        }
    for one, other in pairwise(copy.blocks):
        if one.is_heading and other.is_heading:
            yield _("No text stands between the headings “%(one)s” and “%(other)s”.") % {
                "one": _known_by(one.words),
                "other": _known_by(other.words),
            }
    if copy.blocks and copy.blocks[-1].is_heading:
        yield _("The story ends with the heading “%(words)s”.") % {
            "words": _known_by(copy.blocks[-1].words)
        }


def broken_link(copy: Copy) -> Iterator[str]:
    for block, link in _links_that(copy, Answer.NOTHING):
        yield _("No page answers %(address)s, where %(where)s leads.") % {
            "address": _address(link),
            "where": _where(block, link),
        }


def link_before_its_time(copy: Copy) -> Iterator[str]:
    for block, link in _links_that(copy, Answer.LATER):
        yield _("The story at %(address)s, where %(where)s leads, is not public now.") % {
            "address": _address(link),
            "where": _where(block, link),
        }


def empty_link_words(copy: Copy) -> Iterator[str]:
    for block in copy.blocks:
        for link in block.links:
            if _bare(link.words) in EMPTY_WORDS:
                yield _("The link %(where)s does not say where it leads.") % {
                    "where": _where(block, link)
                }


def off_length(copy: Copy) -> Iterator[str]:
    if not copy.length or not copy.body:
        return
    count = body.word_count(copy.body)
    here = {"count": count, "asked": copy.length}
    if count > copy.length * (1 + TOLERANCE):
        yield _("The body has %(count)d words; %(asked)d were asked for.") % here
    elif count < copy.length * (1 - TOLERANCE):
        yield _("The body has only %(count)d words; %(asked)d were asked for.") % here


def _links_that(copy: Copy, answer: Answer) -> Iterator[tuple[Block, Link]]:
    for block in copy.blocks:
        for link in block.links:
            address = links.inside(link.href, copy.path)
            if address is not None and copy.answers.get(address) == answer:
                yield block, link


def _where(block: Block, link: Link) -> str:
    words = _known_by(link.words)
    if block.number:
        return _("“%(words)s” in paragraph %(n)d") % {"words": words, "n": block.number}
    return _("“%(words)s” in “%(block)s”") % {"words": words, "block": _known_by(block.words)}


def _address(link: Link) -> str:
    return text.cut_line(link.href, ADDRESS_QUOTED).words


def _known_by(words: str) -> str:
    return text.cut_line(words, WORDS_QUOTED).words


def _bare(words: str) -> str:
    """The words alone: without capitals, quotation marks, dashes and the like."""
    return " ".join(_WORDS.findall(words.casefold()))
