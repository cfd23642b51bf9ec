"""Which words a text has and a query looks for: without capitals and accents, in any script.

Both databases are given words folded and told apart here, so that both find the same.
"""

import re
import unicodedata
from collections.abc import Iterator

import regex

LONGEST = 200  # characters of a query that are looked at
MOST_WORDS = 10  # of a query
_LONGEST_WORD = 60
# Of the words that an index is given: PostgreSQL keeps no more than a megabyte of one row's.
_MOST_BYTES = 400_000

_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_CHUNK = re.compile(r"[a-z0-9\u0080-\U0010ffff]+")
_WORD = regex.compile(
    rf"(?V1)(?P<run>[{_UNSPACED}]+)|(?P<word>[[\p{{L}}\p{{M}}\p{{N}}]--[{_UNSPACED}]]+)"
)
# Accents, and the vowels that Hebrew and Arabic leave out as a rule; those of India stay.
_ACCENTS = regex.compile(r"(?V1)[\p{M}&&[\p{Script=Inherited}\p{Script=Hebrew}\p{Script=Arabic}]]")
# Letters that Unicode does not take apart.
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)


def words_in(text: str) -> Iterator[str]:
    """The words of a text, in its order: without capitals and accents.

    Scripts that put no space between words are cut into pairs of letters, which overlap.
    """
    for run, word in _parts_of(text):
        if run:
            yield from (run[place : place + 2] for place in range(len(run)))
        else:
            yield word[:_LONGEST_WORD]


def different_words_in(text: str) -> list[str]:
    """The words of a text as an index keeps them: each once, the first 400,000 bytes of them."""
    words, left = [], _MOST_BYTES
    for word in dict.fromkeys(words_in(text)):
        left -= len(word.encode()) + 1
        if left < 0:
            break
        words.append(word)
    return words


def words_of(query: str) -> tuple[str, ...]:
    """The words that a query looks for, each once; of a run of pairs all but its last letter."""
    found: list[str] = []
    for run, word in _parts_of(query[:LONGEST]):
        if run:
            found += [run[place : place + 2] for place in range(max(len(run) - 1, 1))]
        else:
            found.append(word[:_LONGEST_WORD])
    return tuple(dict.fromkeys(found))[:MOST_WORDS]


def begins_word(word: str) -> bool:
    """Whether a word of a query also finds longer ones that begin with it."""
    return len(word) > 1 or not word.isascii()


def _parts_of(text: str) -> Iterator[tuple[str, str]]:
    """(a run of letters without spaces, "") or ("", a word), folded."""
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_PLAIN)
    for chunk in _CHUNK.findall(plain):
        if chunk.isascii():  # which is quick, and most of what there is
            yield "", chunk
        else:
            for match in _WORD.finditer(_ACCENTS.sub("", chunk)):
                yield match["run"] or "", match["word"] or ""
