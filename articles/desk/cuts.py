"""How a story’s headline and excerpt will be cut where readers meet it, and what is lost there."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles import body, text
from articles.text import CARD_CHARACTERS, TITLE_CHARACTERS, Cut

# Of what is lost so many words are shown: enough to see what they were.
LOST_SHOWN = 10


@dataclass(frozen=True)
class Place:
    """One place that cuts a story: its title and words there, each with what is lost."""

    name: str  # of the box in the theme: list, search, share
    site: str  # what it shows of the address; a list of our own shows none
    label: str | Promise
    title: Cut
    words: Cut
    verdict: str
    is_whole: bool
    first_lost: str  # the first word of the headline itself that is lost; empty: none

    @property
    def lost_title(self) -> str:
        return _shortened(self.title.lost)

    @property
    def lost_words(self) -> str:
        return _shortened(self.words.lost)


def places(headline: str, standfirst: str, html: str) -> list[Place]:
    """Return the places that cut a story: lists, a search result and the card of a shared link.

    The functions that cut here cut readers' pages too (articles/text.py). `html` is cleaned.
    """
    standfirst = " ".join(standfirst.split())
    excerpt = text.cut_excerpt(standfirst, "" if standfirst else body.opening(html))
    described = _described(standfirst, excerpt)
    titled = f"{headline} | {settings.SITE_NAME}" if headline else ""
    site = urlsplit(settings.SITE_URL).netloc
    recent, search, share = (
        (Cut(headline), excerpt),
        (text.cut_line(titled, TITLE_CHARACTERS), described),
        (text.cut_line(headline, CARD_CHARACTERS), described),
    )
    known: Any = {"headline": headline, "from_body": bool(html) and not standfirst}
    return [
        _place("list", "", gettext_lazy("Recent Posts"), *recent, **known),
        _place("search", site, gettext_lazy("Search result"), *search, **known),
        _place("share", site, gettext_lazy("Share card"), *share, **known),
    ]


def _described(standfirst: str, excerpt: Cut) -> Cut:
    """What a story's page says of itself: its standfirst, or else its excerpt."""
    cut = text.description(standfirst or excerpt.words)
    # An excerpt that fits is cut already, where it was made.
    return excerpt if not standfirst and not cut.lost else cut


def _place(
    name: str, site: str, label: str | Promise, title: Cut, words: Cut, *,
    headline: str, from_body: bool,
) -> Place:  # fmt: skip
    """A place, and what it loses in words; what is lost of a body is no loss."""
    if not (title.shown or words.shown):
        said = _("nothing is written yet")
        return Place(name, site, label, title, words, said, is_whole=False, first_lost="")
    lost = _count(title.lost), 0 if from_body else _count(words.lost)
    verdict = _verdict(*lost, from_body=from_body)
    of_headline = headline[len(title.shown) :].split() if title.lost else []
    first = next(iter(of_headline), "")
    return Place(name, site, label, title, words, verdict, not any(lost), first)


def _verdict(title: int, words: int, *, from_body: bool) -> str:
    said = []
    if title:
        said.append(
            ngettext("title: %(n)d word lost", "title: %(n)d words lost", title) % {"n": title}
        )
    if words:
        said.append(
            ngettext("text: %(n)d word lost", "text: %(n)d words lost", words) % {"n": words}
        )
    if from_body:
        said.append(_("text from the body, as there is no standfirst"))
    return ", ".join(said) or _("nothing lost")


def _count(lost: str) -> int:
    return sum(word != "|" for word in lost.split())


def _shortened(lost: str) -> str:
    words = lost.split()
    return Cut(" ".join(words[:LOST_SHOWN]), " ".join(words[LOST_SHOWN:])).words
