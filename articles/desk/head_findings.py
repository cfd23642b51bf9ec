"""What is wrong with a story's headline or standfirst: a generator of sentences for each check."""

from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation

import regex
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.desk import facts, lexicon, wording
from articles.desk.findings import Copy
from articles.desk.wording import Passage, Word
from articles.text import CARD_CHARACTERS

# As many as a link's card shows of it; it also stands in two lines of a list on a phone.
LONGEST_HEADLINE = CARD_CHARACTERS
SHORTEST_HEADLINE = 3  # words; a list without its page says too little in fewer
MOST_NAMED = 3  # facts in one sentence
# Of a text's words; English has a few of the words by accident (“war”, “hat”).
SHARE_OF_GERMAN = 0.1
# “U.S.” at the end closes no sentence; nor does “…”, typed as three points.
_FULL_STOP = regex.compile(r"(?<!\.)(?<!\b\p{Lu})\.[”’\"']?$")
# Characters below a headline that are read word by word: 15,000 words. It takes a second.
MOST_READ = 100_000
# Said of what is no number: “one of them”, “for the first time”.
_HARDLY_NUMBERS = ("1", "1st", "2nd")
_NO_STORY = facts.Story({}, {})  # it would say what a capital at a sentence's start means


def empty_headline(copy: Copy) -> Iterator[str]:
    if not copy.headline:
        yield _("The story has no headline.")


def long_headline(copy: Copy) -> Iterator[str]:
    length = len(copy.headline)
    if length > LONGEST_HEADLINE:
        yield _(
            "The headline is %(length)d characters long: the card of a shared link shows "
            "%(most)d of them."
        ) % {"length": length, "most": LONGEST_HEADLINE}


def short_headline(copy: Copy) -> Iterator[str]:
    count = len(copy.headline.split())
    if 0 < count < SHORTEST_HEADLINE:
        yield ngettext(
            "The headline has %(n)d word only: alone in a list it says little.",
            "The headline has %(n)d words only: alone in a list it says little.",
            count,
        ) % {"n": count}


def full_stop(copy: Copy) -> Iterator[str]:
    if _FULL_STOP.search(copy.headline):
        yield _("The headline ends with a full stop.")


def no_standfirst(copy: Copy) -> Iterator[str]:
    if not copy.standfirst:
        yield _("There is no standfirst: lists show the beginning of the body instead.")


def facts_of_headline(copy: Copy) -> Iterator[str]:
    """A number or name that stands in the headline and nowhere below it."""
    if not copy.body:
        return
    # Pull quotes are left out: they repeat the text, or should.
    below = [copy.standfirst, *(b.words for b in copy.blocks if not b.is_pull_quote)]
    missing = list(dict.fromkeys(_missing(copy.headline, [words for words in below if words])))
    if missing:
        yield ngettext(
            "%(what)s is in the headline, but neither in the standfirst nor in the body.",
            "%(what)s are in the headline, but neither in the standfirst nor in the body.",
            len(missing[:MOST_NAMED]),
        ) % {"what": ", ".join(f"“{text}”" for text in missing[:MOST_NAMED])}


def _missing(headline: str, below: list[str]) -> list[str]:
    said = wording.words(Passage(headline, is_quote=False))
    asked = [at for at, word in enumerate(said) if _is_number(word) or _is_name(said, at)]
    running = "\n".join(below).casefold()
    # Most stand there letter by letter; only for the others is the whole text read.
    asked = [at for at in asked if not _stands_in(running, said[at].text.casefold())]
    if not asked or len(running) > MOST_READ:
        return []
    words = [word for text in below for word in wording.words(Passage(text, is_quote=False))]
    figures = {figure for at in range(len(words)) for figure in _figures_at(words, at)}
    known = {part for word in words for part in _parts(word.key)}
    is_german = _is_german(words)  # then every noun has a capital
    return [
        said[at].text
        for at in asked
        if (
            _figures_at(said, at).isdisjoint(figures)
            if said[at].has_figure
            else not is_german and known.isdisjoint(_parts(said[at].key))
        )
    ]


def _stands_in(running: str, word: str) -> bool:
    return regex.search(rf"(?<!\w){regex.escape(word)}(?!\w)", running) is not None


def _is_name(words: Sequence[Word], at: int) -> bool:
    """Whether a word is a name by its capital: not where it opens a sentence, or all have one."""
    if words[at].is_opening or words[at].has_figure:
        return False
    name = facts.name_at(words, at, _NO_STORY)
    return bool(name) and name not in lexicon.PRONOUNS and words[at].shape != "address"


def _is_number(word: Word) -> bool:
    is_spelt = not any(character.isnumeric() for character in word.text)
    return word.has_figure and not (is_spelt and word.key in _HARDLY_NUMBERS)


def _figures_at(words: Sequence[Word], at: int) -> set[str]:
    """A number as it stands, and with what multiplies it: “5 million” is 5000000 as well."""
    word = words[at]
    if not word.has_figure:
        return set()
    found = {word.key}
    scale = lexicon.SCALES.get(words[at + 1].key) if at + 1 < len(words) else None
    if scale:
        try:
            found.add(f"{(Decimal(word.key) * scale).normalize():f}")
        except InvalidOperation:  # “7th thousand”
            return found
    return found


def _parts(key: str) -> set[str]:
    """A word's parts, without “’s” and whatever its capitals: “Halvern’s” is “halvern”."""
    bare = key.casefold().removesuffix("'s").removesuffix("'")
    return {bare, *bare.split("-")}


def _is_german(words: Sequence[Word]) -> bool:
    german = sum(word.key in lexicon.GERMAN for word in words)
    return german > SHARE_OF_GERMAN * len(words)
