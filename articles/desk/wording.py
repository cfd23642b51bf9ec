"""A text as its words: each as it is compared, whether it is quoted, and what it was set in."""

from collections.abc import Iterator
from typing import NamedTuple

import regex

from articles import body
from articles.desk import lexicon


class Passage(NamedTuple):
    """A paragraph, list or set-off quotation as plain text."""

    text: str
    is_quote: bool


class Word(NamedTuple):
    """A word, number or sign of a passage; commas and the like are none."""

    text: str
    key: str  # equal where only case, separators or figures for a word differ
    start: int
    end: int
    passage: Passage
    shape: str  # the name of the group in _WORD that it was
    is_quoted: bool
    is_sure: bool  # False within a quotation that nothing closes
    is_opening: bool  # where a capital says nothing: at a sentence's start, or on display
    is_display: bool  # in a line where most words have one, as in a headline
    follows: str  # what stands between it and the word before, a line's end for the first

    @property
    def has_figure(self) -> bool:
        return _FIGURE.search(self.key) is not None

    @property
    def is_joined(self) -> bool:
        """Whether only a space stands before it."""
        return self.follows in ("", " ", "\u00a0")


# In lower case only those that are no other word.
_SAFE_MONTHS = [name for name in lexicon.MONTHS if len(name) > 3 and name != "march"]
_MONTHS = "|".join([*sorted(map(str.title, lexicon.MONTHS), key=len, reverse=True), *_SAFE_MONTHS])
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
# Spaces that stand within a number; a thin one is what typesetters use.
_SPACES = " \u00a0\u2009\u202f"
_POINTS = regex.compile(r"\D?\d{1,3}(?:\.\d{3}){2,}")
_SEPARATOR = regex.compile(rf"(?<=\d)[,{_SPACES}](?=(?:\d\d,)*\d{{3}}(?!\d))")
_LETTERS = regex.compile(r"\p{L}[\w’'-]*")
_DIGITS, _MONTH = regex.compile(r"\d+"), regex.compile(_MONTHS)
# Typographic apostrophes, hyphens and signs, and what is typed for them.
_PLAIN = str.maketrans("’ʼ‑‐−–", "''----")
_FRACTIONS = "¼-¾⅐-⅞"
_FIGURE = regex.compile(rf"[\d{_FRACTIONS}]")
_WORD = regex.compile(
    rf"""
    (?P<address> \b[\w.+-]{{1,64}}@[\w-]+(?:\.[\w-]+)+ | \b(?:https?://|www\.)\S+\b )
  | (?P<stamp> (?=\d)\b(?: \d{{4}}-\d\d?-\d\d? | \d\d?[./]\d\d?[./]\d{{2,4}} )\b )
  | (?P<day> (?=\d)(?<![\d.,:]){_DAY}(?:st|nd|rd|th|\.)?\s(?:of\s)?(?:{_MONTHS})\b
           | \b(?:{_MONTHS})\b\.?\s(?:the\s)?{_DAY}(?:st|nd|rd|th)?\b(?![.,:]?\d) )
  | (?P<initials> (?=\p{{Lu}}\.)\b(?:\p{{Lu}}\.)+(?:\p{{Lu}}\b)? )
  | (?P<clock> (?=[ap])(?<=\d\s?)[ap]\.?\s?m\b\.? )
  | (?P<number> (?:(?<!\S)[-−–])?(?=[\d{_FRACTIONS}])
                (?: (?<!\d)\d{{1,3}}(?:[,{_SPACES}]\d{{3}})+(?!\d)(?:\.\d+)?
                  | \d{{1,3}}(?:\.\d{{3}}){{2,}}(?!\d)
                  | \d\d?(?:,\d\d)+,\d{{3}}(?!\d)
                  | \d+(?:[.,:]\d+)* )? [{_FRACTIONS}]?
                (?:(?:st|nd|rd|th)\b | ['’]?s\b)? )
  | (?P<money> [$€£¥₹] )
  | (?P<percent> % | \bper[ ]cent\b )
  | (?P<word> \p{{L}}\w*(?:['’ʼ‑‐-]\w+)* )
    """,
    regex.VERBOSE,
)
# Single marks are apostrophes too: one opens where no letter stands before, and closes where
# none follows; after an “s” it closes only if no other one does.
_SINGLE = r"(?:[^{0}{1}]|(?<=\w){1}(?=\w)|(?<=s){1}(?=[^{0}{1}]*{1}(?!\w)))*{1}(?!\w)"
_QUOTED = regex.compile(
    "|".join(
        (
            '„[^„“”"]*[“”"]', r"“[^“”]*(?:”|“(?!\w)|$)", '(?<!\\d)"[^"]*(?:"|$)',
            "«[^«»]*»", "»[^«»]*«", "‹[^‹›]*›", "›[^‹›]*‹", "「[^「」]*」", "‚[^‚‘]*‘", "”[^“”]*”",
            r"(?<!\w)‘(?=\S)" + _SINGLE.format("‘", "’"),
            r"(?<!\w)'(?=\S)(?!\d\ds)" + _SINGLE.format("", "'"),
        )
    )
)  # fmt: skip
_CLOSED = regex.compile(r"[^“\"].*|.+[”“\"]", regex.DOTALL)
# A sentence starts after these, and a capital after an opening mark says no more.
_STARTS = regex.compile(r"[.!?:…•\n]|(?:^|\s)[“„«»‹‘‚\"'(\[]$")
# A point after these ends no sentence.
_TITLES = ("mr", "mrs", "ms", "dr", "st", "prof", "rev", "gov", "gen", "sen", "capt", "lt", "sgt")


def passages(html: str) -> list[Passage]:
    """Return a cleaned body's blocks that have words."""
    found = (
        # A line's end in the markup is a space; in plain text it is the end of a block.
        Passage(
            body.plain_text(piece.replace("\n", " ")),
            piece.startswith(("<figure", "<blockquote")),
        )
        for piece in body.blocks(html)
    )
    return [passage for passage in found if passage.text]


def words(passage: Passage) -> list[Word]:
    """Return the passage's words in reading order, but with “€” after its number."""
    spans = [(quote.start(), quote.end(), quote[0]) for quote in _QUOTED.finditer(passage.text)]
    is_display = _is_display(passage.text)
    found: list[Word] = []
    for match in _WORD.finditer(passage.text):
        start, shape = match.start(), match.lastgroup or ""
        while spans and spans[0][1] <= start:
            spans.pop(0)
        is_within = bool(spans) and spans[0][0] <= start
        gap = passage.text[found[-1].end : start] if found else "\n" + passage.text[:start]
        found.append(
            Word(
                match[0], _key(match[0], shape), start, match.end(), passage, shape,
                is_quoted=is_within or passage.is_quote,
                is_sure=passage.is_quote or not is_within or bool(_CLOSED.fullmatch(spans[0][2])),
                is_opening=is_display or _is_opening(gap, found),
                is_display=is_display,
                follows=gap,
            )
        )  # fmt: skip
    return list(_money_last(found))


def has_quotation(passage: Passage) -> bool:
    return passage.is_quote or _QUOTED.search(passage.text) is not None


def _is_opening(gap: str, before: list[Word]) -> bool:
    if not before:
        return True
    if before[-1].shape == "initials" or before[-1].key in _TITLES:
        return "\n" in gap
    return bool(_STARTS.search(gap))


def _is_display(text: str) -> bool:
    """Whether most words have a capital, as in a headline: then none of them is a sign."""
    longer = [word for word in _LETTERS.findall(text)[1:] if len(word) > 3]
    return len(longer) > 1 and sum(word[0].isupper() for word in longer) > 0.6 * len(longer)


def _key(text: str, shape: str) -> str:
    if shape == "day":
        return _day_key(text)
    if shape == "number":
        return _number_key(text)
    if shape in ("clock", "initials"):
        return "".join(text.lower().replace(".", "").split())
    if shape == "percent" or text.lower() in ("percent", "prozent"):
        return "percent"
    return word_key(text)


def word_key(text: str) -> str:
    """Return a word in lower case and in figures if it is a number; “MacRell” stays as it is."""
    text = text.translate(_PLAIN)
    lower = text.lower()
    if text[1:] != lower[1:]:
        parts = text.replace("'", "-").split("-")
        if any(part[1:] != part[1:].lower() and not part.isupper() for part in parts):
            return text
    return lexicon.FIGURES.get(lower, lower)


def _day_key(text: str) -> str:
    """June 3rd, 3. Juni and 3 Jun are “3 june”."""
    day, month = _DIGITS.findall(text)[0], _MONTH.findall(text)[0]
    return f"{int(day)} {lexicon.MONTHS[month.lower()]}"


def _number_key(text: str) -> str:
    """10,000 and 10 000 are 10000; 2,5 is 2.5, and 9:30 is 9.30."""
    if _POINTS.fullmatch(text):
        return text.replace(".", "")
    return _SEPARATOR.sub("", text).replace(",", ".").replace(":", ".").translate(_PLAIN)


def _money_last(found: list[Word]) -> Iterator[Word]:
    """€5m and 5 million euros in one order; and “m” after a sum of money is a million."""
    at = 0
    while at < len(found):
        sign, sum_of = found[at], found[at + 1 : at + 3]
        if sign.shape != "money" or not sum_of or sum_of[0].shape != "number":
            yield sign
            at += 1
            continue
        taken = 1
        yield sum_of[0]
        if len(sum_of) > 1 and (scale := _scale(sum_of[1])):
            yield sum_of[1]._replace(key=scale)
            taken = 2
        yield sign
        at += taken + 1


def _scale(word: Word) -> str:
    if word.follows.strip():
        return ""
    key = {"m": "million", "bn": "billion", "b": "billion", "tn": "trillion", "k": "thousand"}.get(
        word.key, word.key
    )
    return key if key in lexicon.SCALES else ""
