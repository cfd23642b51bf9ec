"""Which words a text has and a query looks for: without capitals and accents, in any script.

Both databases are given words folded and told apart here, so that both find the same.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import regex

LONGEST = 200  # characters of a query that are looked at
MOST_WORDS = 10  # of a query
_LONGEST_WORD = 60
# Of the words that an index is given: PostgreSQL keeps no more than a megabyte of one row's.
_MOST_BYTES = 400_000

_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
# What is between is never part of a word, nor does it join one.
_TOKEN = re.compile(r"[^ \t\n\r]+")
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
    for chunk in _CHUNK.findall(_folded(text)):
        yield from _words_of_chunk(chunk)


def different_words_in(text: str) -> list[str]:
    """The words of a text as an index keeps them: each once, the first 400,000 bytes of them."""
    # Of chunks that are alike the first will do: most words of a text are the same few.
    chunks = dict.fromkeys(_CHUNK.findall(_folded(text)))
    found = dict.fromkeys(word for chunk in chunks for word in _words_of_chunk(chunk))
    if 4 * sum(map(len, found)) + len(found) <= _MOST_BYTES:  # four bytes a character at most
        return list(found)
    words, left = [], _MOST_BYTES
    for word in found:
        left -= len(word.encode()) + 1
        if left < 0:
            break
        words.append(word)
    return words


def words_of(query: str) -> tuple[str, ...]:
    """The words that a query looks for, each once; of a run of pairs all but its last letter."""
    return _all_words_of(query[:LONGEST])[:MOST_WORDS]


def is_too_long(query: str) -> bool:
    """Whether a query holds more than words_of looks at."""
    return len(query) > LONGEST or len(_all_words_of(query[:LONGEST])) > MOST_WORDS


def _all_words_of(query: str) -> tuple[str, ...]:
    found: list[str] = []
    for run, word in _parts_of(query):
        if run:
            found += [run[place : place + 2] for place in range(max(len(run) - 1, 1))]
        else:
            found.append(word[:_LONGEST_WORD])
    return tuple(dict.fromkeys(found))


def begins_word(word: str) -> bool:
    """Whether a word of a query also finds longer ones that begin with it."""
    return len(word) > 1 or not word.isascii()


def finds(words: Sequence[str], word: str) -> bool:
    """Whether a word of a text is one of a query's; its last also finds those that it begins."""
    return word in words or (begins_word(words[-1]) and word.startswith(words[-1]))


def places_of(words: Sequence[str], text: str) -> list[tuple[int, int]]:
    """Where in a text, as it was typed, words of a query stand: (start, end), none overlapping."""
    found: list[tuple[int, int]] = []
    wanted = _wanted(tuple(words))
    for token in _TOKEN.finditer(text):
        if wanted.search(_words_in_token(token[0])):
            for start, end in _places_in_token(words, token[0]):
                start, end = start + token.start(), end + token.start()
                if found and found[-1][1] >= start:
                    found[-1] = (found[-1][0], end)
                else:
                    found.append((start, end))
    return found


@lru_cache(256)
def _wanted(words: tuple[str, ...]) -> re.Pattern[str]:
    """What `finds`, of words with a space before and after each: one step for a token."""
    whole = [f" {word} " for word in words]
    begun = [f" {words[-1]}"] if begins_word(words[-1]) else []
    return re.compile("|".join(map(re.escape, whole + begun)))


@lru_cache(20_000)
def _words_in_token(token: str) -> str:
    """The words of a token, a space before and after each. Most of a text, and of all texts of a
    page, are the same few."""
    return f" {' '.join(words_in(token))} "


def _places_in_token(words: Sequence[str], token: str) -> Iterator[tuple[int, int]]:
    letters = [_ACCENTS.sub("", _folded(letter)) for letter in token]
    origins = [place for place, folded in enumerate(letters) for _letter in folded]
    for match in _WORD.finditer("".join(letters)):
        for start, end in _pieces(match):
            if finds(words, match.string[start:end][:_LONGEST_WORD]):
                after = origins[end - 1] + 1
                while after < len(token) and not letters[after]:
                    after += 1  # an accent of the last letter
                yield origins[start], after


def _pieces(match: Any) -> Iterator[tuple[int, int]]:
    start, end = match.span()
    if match["word"]:
        yield start, end
    else:
        yield from ((place, min(place + 2, end)) for place in range(start, end))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKD", text).casefold().translate(_PLAIN)


def _words_of_chunk(chunk: str) -> Sequence[str]:
    """The words of a folded chunk; of a run without spaces its pairs of letters."""
    if chunk.isascii():  # which is quick, and most of what there is
        return (chunk[:_LONGEST_WORD],)
    words: list[str] = []
    for run, word in _parts_of_chunk(chunk):
        if run:
            words += [run[place : place + 2] for place in range(len(run))]
        else:
            words.append(word[:_LONGEST_WORD])
    return words


def _parts_of(text: str) -> Iterator[tuple[str, str]]:
    """(a run of letters without spaces, "") or ("", a word), folded."""
    for chunk in _CHUNK.findall(_folded(text)):
        yield from _parts_of_chunk(chunk)


def _parts_of_chunk(chunk: str) -> Iterator[tuple[str, str]]:
    if chunk.isascii():
        yield "", chunk
    else:
        for match in _WORD.finditer(_ACCENTS.sub("", chunk)):
            yield match["run"] or "", match["word"] or ""
