"""What a stretch of words states: its numbers, dates, names and negations, one rule for each."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from difflib import SequenceMatcher
from functools import cached_property
from typing import Any, NamedTuple

import regex

from articles import body
from articles.desk import lexicon
from articles.desk.wording import Word

# Of more characters nobody misspells; comparing them letter by letter would take seconds.
LONGEST_SLIP = 60
_LOWER = regex.compile(r"(?<![\w’'-])\p{Ll}[\w’'-]*")
_CAPITAL = regex.compile(r"(?<=\p{Ll} )\p{Lu}[\w-]*")


class Run(NamedTuple):
    """The words `start:stop` of a text, in their surroundings."""

    words: Sequence[Word]
    start: int
    stop: int

    @property
    def inside(self) -> Sequence[Word]:
        return self.words[self.start : self.stop]

    @property
    def keys(self) -> list[str]:
        return [word.key for word in self.inside]

    @property
    def is_empty(self) -> bool:
        return self.start == self.stop


class Change(NamedTuple):
    """That one run became the other; one of them may be empty."""

    before: Run
    after: Run


@dataclass(frozen=True)
class Story:
    """What else stands in either version: it says whether a capital at a start is a name's."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]

    @cached_property
    def _running_text(self) -> str:
        """Both versions without headlines, where words have capitals for no reason."""
        return "\n".join(
            f"{version.get('standfirst') or ''}\n{body.plain_text(version.get('body') or '')}"
            for version in (self.before, self.after)
        )

    @cached_property
    def lower(self) -> frozenset[str]:
        """The words that stand somewhere without a capital."""
        return frozenset(_LOWER.findall(self._running_text))

    @cached_property
    def roots(self) -> frozenset[str]:
        """Their first five letters: “appro” of “approved” vouches for “Approves”."""
        return frozenset(word[:5] for word in self.lower if len(word) > 4)

    @cached_property
    def names(self) -> frozenset[str]:
        """The words, in lower case, that stand with a capital within a sentence."""
        return frozenset(name.lower() for name in _CAPITAL.findall(self._running_text))


Place = tuple[Sequence[Word], int]
Reader = Callable[[Sequence[Word], int, Story], str]


def _next(words: Sequence[Word], at: int) -> Word | None:
    """The word after, if only a space or an abbreviation's point stands between."""
    if at + 1 < len(words) and words[at + 1].follows.lstrip(".") in ("", " ", "\u00a0"):
        return words[at + 1]
    return None


# --- Numbers and dates ------------------------------------------------------------------------

_YEAR = regex.compile(r"(?:1[5-9]|20|21)\d\d(?:['’]?s)?|\d0['’]?s")


def number_at(words: Sequence[Word], at: int, story: Story) -> str:
    """The number at this place in figures, “×1000” for “thousand”, the unit of a number, or “”."""
    word = words[at]
    if word.has_figure:
        return "" if date_at(words, at, story) else word.key
    if scale := lexicon.SCALES.get(word.key):
        return f"×{scale}"
    if word.key in lexicon.AMOUNTS or (word.key in lexicon.DECADES and _is_age(words, at)):
        return word.key
    if unit := lexicon.MEASURES.get(word.key):
        return unit if word.shape == "money" or (at and _is_number(words[at - 1])) else ""
    parts = word.key.split("-")
    return " ".join(_figure(part) for part in parts if len(parts) > 1 and _figure(part))


def _figure(part: str) -> str:
    if part in lexicon.AMOUNTS or part in lexicon.SCALES:
        return part
    return lexicon.FIGURES.get(part, "")


def _is_number(word: Word) -> bool:
    return word.key[-1:].isnumeric() or word.key in lexicon.SCALES or word.key == "percent"


def date_at(words: Sequence[Word], at: int, story: Story) -> str:
    """The day, month, year, time or span at this place, or “”."""
    word = words[at]
    if word.shape in ("day", "stamp", "clock"):
        return word.key
    if word.key.lstrip("-")[:1].isdigit():
        return word.key if _is_time(words, at) else ""
    if date := _date_word(words, at):
        return date
    if word.text.lower() in lexicon.BESIDE_A_DATE and _next(words, at):
        return word.key if date_at(words, at + 1, story) else ""
    parts = word.key.split("-")
    return " ".join(filter(None, map(_date_part, parts))) if len(parts) > 1 else ""


def _date_part(part: str) -> str:
    tables = (lexicon.SPANS, lexicon.WEEKDAYS, lexicon.MONTHS)
    return next((table[part] for table in tables if part in table), "")


def _is_time(words: Sequence[Word], at: int) -> bool:
    word, then = words[at], _next(words, at)
    if _is_age(words, at):
        return False
    if ":" in word.text or (then and (then.shape == "clock" or then.key in lexicon.CLOCK)):
        return True
    if then and lexicon.SPANS.get(then.key) == "century":
        return True
    if word.key.isdigit() and len(word.key) == 2 and word.follows[-1:] in ("’", "‘", "'"):
        return True  # “the flood of ’96”
    counts = then and (then.shape in ("money", "percent") or then.key in lexicon.MEASURES)
    return bool(_YEAR.fullmatch(word.text)) and not counts


def _is_age(words: Sequence[Word], at: int) -> bool:
    """Whether it is “in her forties”, not “in the forties”."""
    return bool(at) and words[at - 1].key in ("his", "her", "their")


def _date_word(words: Sequence[Word], at: int) -> str:
    word = words[at]
    lower = _bare(word.text.lower())
    if date := lexicon.MONTHS.get(lower) or lexicon.WEEKDAYS.get(lower):
        then = _next(words, at)
        is_beside_digits = then is not None and then.key[:1].isdigit()
        is_sure = lower not in lexicon.UNSURE_DATES or is_beside_digits
        return date if word.text[0].isupper() and is_sure else ""
    if lower in lexicon.DECADES:
        return "" if _is_age(words, at) else lower
    return lower if lower in lexicon.MOMENTS else lexicon.SPANS.get(lower, "")


def _bare(word: str) -> str:
    """The word without “’s”; “Mondays” as “monday”."""
    word = word.replace("’", "'").removesuffix("'").removesuffix("'s")
    return word.removesuffix("s") if word.endswith("days") and word != "days" else word


# --- Negation ---------------------------------------------------------------------------------


def negation_at(words: Sequence[Word], at: int, story: Story) -> str:
    """The negation at this place (“not” for “n’t” as well), or “”."""
    key, then = words[at].key, _next(words, at)
    if key == "no" and then and then.shape == "number" and then.follows.startswith("."):
        return ""  # “No. 5”
    if key.endswith("n't"):
        return "not"
    return lexicon.NEGATIONS.get(key) or lexicon.NEGATIONS.get(key.partition("-")[0], "")


def opposites(change: Change) -> tuple[Word, Word] | None:
    """Return a word and its opposite that stands there now, “legal” and “illegal”, if any."""
    now = {word.key: word for word in change.after.inside}
    for word in change.before.inside:
        for other in (*lexicon.OPPOSITES.get(word.key, ()), *_prefixed(word.key)):
            if other in now:
                return word, now[other]
    return None


def _prefixed(key: str) -> Iterator[str]:
    for prefix in lexicon.PREFIXES:
        if len(key) > 3:
            yield prefix + key
        if len(bare := key.removeprefix(prefix)) > 3:
            yield bare


# --- Names ------------------------------------------------------------------------------------


def name_at(words: Sequence[Word], at: int, story: Story) -> str:
    """The part of a name at this place without its “’s”; “he” or “she”; or “”."""
    word, then = words[at], _next(words, at)
    if word.shape == "address":
        return word.key
    if word.shape not in ("word", "initials"):
        return ""
    if pronoun := lexicon.PRONOUNS.get(word.key):
        return pronoun
    if word.key in lexicon.PARTICLES and then and then.text[0].isupper():
        return word.key
    if word.text == word.text.lower() or word.key in lexicon.NO_NAMES:
        return ""
    if any(reads(words, at, story) for reads in (number_at, date_at, negation_at)):
        return word.key if word.key[0].isalpha() and word.has_figure else ""
    if word.is_opening and _is_common(words, at, story):
        return ""
    return _bare(word.key)


def _is_common(words: Sequence[Word], at: int, story: Story) -> bool:
    """Whether a word whose capital says nothing is likely no name."""
    word, then = words[at], _next(words, at)
    if word.key in lexicon.COMMON:
        return True
    if _bare(word.key) in story.names:
        return False
    if word.is_display:
        is_known = word.key in story.lower or word.key[:5] in story.roots
    elif then and then.is_joined and then.text[0].isupper():
        return False
    else:
        is_known = word.key in story.lower
    return is_known or lexicon.is_long_with(word.key, lexicon.COMMON_ENDINGS)


def _is_german_noun(words: Sequence[Word], at: int) -> bool:
    """Whether the capital is a noun's: after an article, perhaps with an adjective between."""
    passage = words[at].passage
    german = sum(word in lexicon.GERMAN for word in passage.text.lower().split())
    if german < 2:
        return False
    if words[at].key.endswith(tuple(lexicon.GERMAN_NOUN_ENDINGS)):
        return True
    before = [word.key for word in words[max(0, at - 2) : at]]
    if before and before[-1] in lexicon.ARTICLES:
        return True
    is_adjective = before[-1:] and before[-1].endswith(("e", "em", "en", "er", "es"))
    return bool(is_adjective) and before[0] in lexicon.ARTICLES


# --- Comparing --------------------------------------------------------------------------------


def alike(one: str, other: str) -> bool:
    """Whether one is likely the other misspelt; much at a time never is."""
    if max(len(one), len(other)) > LONGEST_SLIP:
        return False
    if sorted(one) == sorted(other):
        return True
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= 0.75


def differing(reads: Reader, change: Change, story: Story) -> tuple[list[int], list[int]]:
    """Return where each side states something; two empty lists if they state the same."""
    misspelt = _misspelt(reads, change, story)
    before, after = (
        {
            at: fact
            for at in range(run.start, run.stop)
            if at - run.start not in misspelt and (fact := reads(run.words, at, story))
        }
        for run in change
    )
    if _folded([*before.values()]) == _folded([*after.values()]):
        return [], []
    if any(run.is_empty for run in change) and {*before.values(), *after.values()} <= {"he", "she"}:
        return [], []  # a word that was left out, and nobody's name
    return [*before], [*after]


def _folded(facts: list[str]) -> str:
    """The facts in one line, with “5” and “×1000000” made one number."""
    folded: list[str] = []
    for fact in facts:
        if fact.startswith("×") and folded and (number := _value(folded[-1])) is not None:
            folded[-1] = f"{(number * Decimal(fact[1:])).normalize():f}"
        else:
            folded.append(fact)
    return " ".join(folded)


def _value(number: str) -> Decimal | None:
    try:
        return Decimal(number)
    except InvalidOperation:  # an ordinal, “half”
        return None


def _misspelt(reads: Reader, change: Change, story: Story) -> set[int]:
    """Which words, counted from the start of the change, are only spelt otherwise."""
    before, after = change
    if before.stop - before.start != after.stop - after.start:
        return set()
    is_misspelt = _is_common_word if reads is name_at else _is_fact_misspelt
    pairs = zip(range(*before[1:]), range(*after[1:]), strict=True)
    return {
        n
        for n, (was, now) in enumerate(pairs)
        if alike(before.words[was].text.lower(), after.words[now].text.lower())
        and is_misspelt(reads, (before.words, was), (after.words, now), story)
    }


def _is_common_word(reads: Reader, was: Place, now: Place, story: Story) -> bool:
    """Whether one of the two is a common word, and so the other is none but misspelt."""
    one, other = (words[at] for words, at in (was, now))
    if _joined_s(one.key) == _joined_s(other.key):
        return True  # “Halverns” and “Halvern’s”
    if any(_is_fact_misspelt(reader, was, now, story) for reader in (date_at, number_at)):
        return True
    if one.is_opening and other.is_opening:
        is_same = one.key.replace("-", "") == other.key.replace("-", "")
        if is_same or any(_is_common(words, at, story) for words, at in (was, now)):
            return True
    return all(_is_german_noun(words, at) for words, at in (was, now))


def _joined_s(key: str) -> str:
    return key[:-2] + "s" if key.endswith("'s") else key


def _is_fact_misspelt(reads: Reader, was: Place, now: Place, story: Story) -> bool:
    """Whether one is “February” and the other “Febuary”; a “not” is too short to tell."""
    if reads is negation_at:
        return False
    one, other = (words[at].text.lower() for words, at in (was, now))
    is_one, is_other = (bool(reads(words, at, story)) for words, at in (was, now))
    if is_one == is_other or any(map(str.isdigit, one + other)):
        return False
    fact, slip = (one, other) if is_one else (other, one)
    if slip.startswith(fact) and slip != fact + fact[-1]:
        return False  # “Augusta” is not “August” misspelt, as “untill” is “until”
    return fact[0] == slip[0] and min(len(fact), len(slip)) > 4
