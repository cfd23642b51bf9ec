"""The gate every typed text passes, and how text is cut: excerpts, descriptions, slugs."""

import unicodedata
from typing import NamedTuple

import regex
from anyascii import anyascii
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

EXCERPT_WORDS = 15
# A "word" without spaces (Chinese, a pasted token) must not make a card of a whole page.
EXCERPT_CHARACTERS = 240
# Search engines cut a result by its width: 600 pixels hold about 60 letters of a title, and two
# lines about 155 of the description below it.
TITLE_CHARACTERS = 60
DESCRIPTION_CHARACTERS = 155
# Two lines of a headline on the cards that messengers and networks make of a link.
CARD_CHARACTERS = 70
# Of prose on a screen; adults read 200 to 250.
WORDS_A_MINUTE = 220
SLUG_LENGTH = 80

# What word processors and other systems use for a line break within a paragraph.
_LINE_BREAKS = regex.compile(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# Unicode's C0 and C1 controls but tab and line feed, surrogates, and the 66 non-characters
# (Unicode 16, section 23.7); XML 1.0 section 2.2 allows none of them in a feed.
_REFUSED = regex.compile(
    r"[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(1, 17))
    + "]"
)
# XML 1.0, section 2.2: what a document may hold, and no lone surrogate is among it.
_NOT_IN_XML = regex.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_GRAPHEME = regex.compile(r"\X")
# Normalising takes the square of a run of combining marks; Unicode's stream-safe text has at
# most 30 of them (UAX 15, section 13).
_PILE_OF_MARKS = regex.compile(r"\p{M}{31}")


def clean_text(value: str, *, longest: int | None = None) -> str:
    """Return typed text of several lines in NFC with plain line feeds.

    Raises ValidationError, in words an editor can act on, for a control character,
    non-character or lone surrogate, and for more than `longest` characters.
    """
    text = _LINE_BREAKS.sub("\n", value)
    refuse_characters(text)
    text = unicodedata.normalize("NFC", text)
    if longest is not None and len(text) > longest:
        raise ValidationError(
            ngettext(
                "This is %(count)s character long; %(longest)s at most.",
                "This is %(count)s characters long; %(longest)s at most.",
                len(text),
            )
            % {"count": f"{len(text):,}", "longest": f"{longest:,}"},
            code="length",
        )
    return text


def refuse_characters(text: str) -> None:
    """Raise ValidationError for a character that no text may hold, or a pile of accents."""
    if found := _REFUSED.search(text):
        raise ValidationError(_refusal(text, found.start()), code="character")
    if found := _PILE_OF_MARKS.search(text):
        raise ValidationError(
            _("A letter at character %(position)d bears more than 30 accents. Take some off.")
            % {"position": max(found.start(), 1)},
            code="character",
        )


def for_xml(text: str) -> str:
    """Return a text without what XML 1.0 cannot hold: one such character makes a feed unreadable,
    and some may be in a database that another program wrote to."""
    return _NOT_IN_XML.sub("", text)


def clean_line(value: str, *, longest: int | None = None) -> str:
    """Return typed text of one line: as clean_text, with runs of white space made one space."""
    return clean_text(" ".join(clean_text(value).split()), longest=longest)


def _refusal(text: str, position: int) -> str:
    character = text[position]
    before = regex.sub(r"\s+", " ", text[max(0, position - 20) : position]).strip()
    where = (
        _("after “%(before)s”") % {"before": before}
        if before and not _REFUSED.search(before)
        else _("at character %(position)d") % {"position": position + 1}
    )
    return _(
        "There is a character that cannot be shown, U+%(code)04X, %(where)s. "
        "Delete it and type the word again."
    ) % {"code": ord(character), "where": where}


class Cut(NamedTuple):
    """A text where it is cut: what is shown, and what is lost there (empty: it stands whole)."""

    shown: str
    lost: str = ""

    @property
    def words(self) -> str:
        """What is printed: what is shown, with “…” where more follows."""
        return f"{self.shown}…" if self.lost else self.shown


def excerpt(standfirst: str, body: str) -> str:
    """Return the standfirst, or the start of the body's plain text, cut after 15 words with “…”.

    15 words or fewer stand uncut and without “…”. Never cuts inside a word or, where a text
    has no spaces to cut at, inside a grapheme cluster (UAX 29).
    """
    return cut_excerpt(standfirst, body).words


def cut_excerpt(standfirst: str, body: str) -> Cut:
    """Return an excerpt with what is lost of the text it is cut from."""
    words = (standfirst or body).split()
    shown = words[:EXCERPT_WORDS]
    while len(" ".join(shown)) > EXCERPT_CHARACTERS and len(shown) > 1:
        shown.pop()
    return _cut_after(words, len(shown), EXCERPT_CHARACTERS)


def cut_line(words: str, most: int) -> Cut:
    """Cut a text after the last word that fits into `most` characters, its “…” among them.

    A word that is longer by itself is cut after a grapheme cluster.
    """
    whole = words.split()
    if len(" ".join(whole)) <= most:
        return Cut(" ".join(whole))
    count, length = 0, 0
    for word in whole:
        length += len(word) + bool(count)
        if length > most - len("…"):
            break
        count += 1
    return _cut_after(whole, max(count, 1), most - len("…"))


def description(words: str) -> Cut:
    """Cut what a page says of itself to search engines and link cards."""
    return cut_line(words, DESCRIPTION_CHARACTERS)


def reading_minutes(words: int) -> int:
    """How many minutes so many words take to read, at least one."""
    return max(1, -(-words // WORDS_A_MINUTE))


def _cut_after(words: list[str], count: int, longest: int) -> Cut:
    """Cut after so many words, and within the first where it is longer than `longest`."""
    shown, rest = " ".join(words[:count]), " ".join(words[count:])
    if len(shown) <= longest:
        return Cut(shown, rest)
    first = _first_graphemes(shown, longest)
    return Cut(first, f"{shown[len(first) :]} {rest}".strip())


def _first_graphemes(text: str, longest: int) -> str:
    end = 0
    for cluster in _GRAPHEME.finditer(text):
        if cluster.end() > longest:
            break
        end = cluster.end()
    return text[:end]


def slug_of(words: str) -> str:
    """Return an address made from a headline or name, transliterated where it is not Latin.

    At most 80 characters, cut between words where one fits. Empty when nothing in the words
    has a letter or a digit.
    """
    # Apostrophes go before the rest is made hyphens: “Halvern’s” is “halverns”.
    plain = slugify(anyascii(regex.sub(r"['’ʼ]", "", words)))
    plain = regex.sub(r"[-_]+", "-", plain).strip("-")
    if len(plain) <= SLUG_LENGTH:
        return plain
    cut = plain[: SLUG_LENGTH + 1].rpartition("-")[0] or plain[:SLUG_LENGTH]
    return cut.strip("-")


def with_suffix(slug: str, number: int) -> str:
    """Return the slug with “-number” at its end, still at most 80 characters long."""
    ending = f"-{number}"
    return slug[: SLUG_LENGTH - len(ending)].rstrip("-") + ending
