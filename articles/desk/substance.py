"""Whether a change that is called a typo looks like more: a number, date, name, quote or “not”.

A reader by rules, not by meaning. It rather asks once too often; what it keeps quiet about is
spelling, punctuation, case, spaces, markup, paragraphs that only moved, and the same number or
day in other typography. The address of a link is not compared, and in a script without capitals
a name looks like any other word.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby, pairwise
from typing import Any

import regex
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from articles import text
from articles.desk import facts, lexicon, wording
from articles.desk.facts import Change, Reader, Run, Story
from articles.desk.wording import Passage, Word

# With more words than these it is no slip of the keyboard, whatever they say.
MOST_WORDS = 15
# A word that stands there more often is matched only beside another one: looking for every “the”
# takes seconds in a long text, and minutes in one of few different words.
OFTEN = 20
# How many words beside a change are shown with it at most.
MARGIN = 3


class Kind(models.TextChoices):
    """What was changed that a typo does not change."""

    NUMBER = "number", _("number")
    DATE = "date", _("date")
    NAME = "name", _("name")
    QUOTE = "quote", _("quote")
    NEGATION = "negation", _("negation")
    TEXT = "text", _("text")


@dataclass(frozen=True)
class Finding:
    """One reason why a change looks like more than a typo."""

    kind: Kind
    before: str  # what stood there; "" when added
    after: str  # what stands there now; "" when taken out

    @property
    def words(self) -> str:
        """The reason as a sentence for the editor."""
        changed, added, taken_out = _SENTENCES[self.kind]
        sentence = changed if self.before and self.after else added if self.after else taken_out
        return str(sentence) % {"before": self.before, "after": self.after}


# If it changed, if it was added, and if it was taken out.
_SENTENCES: Mapping[Kind, tuple[str | Promise, str | Promise, str | Promise]] = {
    Kind.NUMBER: (
        _("A number changed: “%(before)s” became “%(after)s”."),
        _("A number was added: “%(after)s”."),
        _("A number was taken out: “%(before)s”."),
    ),
    Kind.DATE: (
        _("A date or time changed: “%(before)s” became “%(after)s”."),
        _("A date or time was added: “%(after)s”."),
        _("A date or time was taken out: “%(before)s”."),
    ),
    Kind.NAME: (
        _("A name changed: “%(before)s” became “%(after)s”."),
        _("A name was added: “%(after)s”."),
        _("A name was taken out: “%(before)s”."),
    ),
    Kind.QUOTE: (
        _("What is quoted, or who said it, changed: “%(before)s” became “%(after)s”."),
        _("Words were put into a quotation, or beside it: “%(after)s”."),
        _("Words were taken out of a quotation, or from beside it: “%(before)s”."),
    ),
    Kind.NEGATION: (
        _("The sense may have changed: “%(before)s” became “%(after)s”."),
        _("The sense may have changed: “%(after)s” was added."),
        _("The sense may have changed: “%(before)s” was taken out."),
    ),
    Kind.TEXT: (
        _("Much of the wording changed: “%(before)s” became “%(after)s”."),
        _("Much was added: “%(after)s”."),
        _("Much was taken out: “%(before)s”."),
    ),
}
# A quotation with a comma, point or colon of its own: somebody speaks, it is no “frost tax”.
_SPOKEN = regex.compile(r"""[,.!?…—–][”"’'«»“]|[”"’'«»“‘],|[,:]\s*[“"‘'„«»]""")
_READERS = {
    Kind.NUMBER: facts.number_at,
    Kind.DATE: facts.date_at,
    Kind.NAME: facts.name_at,
    Kind.NEGATION: facts.negation_at,
}


def findings(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Finding]:
    """Return why the change between two snapshots looks like more than a typo, if so.

    Reads “headline”, “standfirst” and “body” (cleaned HTML); what is missing is empty.
    """
    story = Story(before, after)
    found: list[Finding] = []
    changes: list[Change] = []
    for was, now in zip(_fields(before), _fields(after), strict=True):
        for change in _stretches(_words_but(was, now), _words_but(now, was)):
            if _is_equal(change):
                found += _requoted(change)
            else:
                changes.append(change)
                found += _reasons(change, story)
    return list(dict.fromkeys([*found, *_much(changes)]))


# --- What to compare --------------------------------------------------------------------------


def _fields(version: Mapping[str, Any]) -> Iterator[list[Passage]]:
    for field in ("headline", "standfirst"):
        yield [Passage(" ".join((version.get(field) or "").split()), is_quote=False)]
    yield wording.passages(version.get("body") or "")


def _words_but(passages: list[Passage], others: list[Passage]) -> list[Word]:
    """The words of the passages but those that the other text has too, wherever they stand."""
    rest = Counter(others)
    words: list[Word] = []
    for passage in passages:
        if rest[passage]:
            rest[passage] -= 1
        else:
            words += wording.words(passage)
    return words


def _stretches(before: list[Word], after: list[Word]) -> list[Change]:
    """Both texts cut, in order, into stretches that are equal and stretches that are not."""
    was, now = ([word.key for word in words] for words in (before, after))
    counts = Counter(now)
    matcher = SequenceMatcher(lambda key: counts[key] > OFTEN, was, now, autojunk=False)
    cut: list[Change] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag != "equal" and len(cut) > 1 and _is_lone_number(cut[-1]):
            # What changes around one number is one thing: 2–1 became 1–2.
            cut.pop()
            earlier = cut.pop()
            a, c = earlier.before.start, earlier.after.start
        cut.append(Change(Run(before, a, b), Run(after, c, d)))
    return cut


def _is_equal(change: Change) -> bool:
    return change.before.keys == change.after.keys


def _is_lone_number(change: Change) -> bool:
    words = change.after.inside
    return _is_equal(change) and len(words) == 1 and words[0].has_figure


# --- Why it is more than a typo ---------------------------------------------------------------


def _reasons(change: Change, story: Story) -> Iterator[Finding]:
    is_doubling, kinds = _is_doubling(change), set()
    for kind, reads in _READERS.items():
        stated = facts.differing(reads, change, story)
        if any(stated) and not is_doubling:
            kinds.add(kind)
            yield Finding(kind, *_shown_facts(reads, change, stated, story))
    opposites = facts.opposites(change)
    if opposites and Kind.NEGATION not in kinds and not _is_same_letters(change):
        yield Finding(Kind.NEGATION, *(word.text for word in opposites))
    if _is_quote_changed(change) or _is_speaker_changed(change, story):
        yield Finding(Kind.QUOTE, _shown(change.before.inside), _shown(change.after.inside))


def _shown_facts(
    reads: Reader, change: Change, stated: Sequence[list[int]], story: Story
) -> tuple[str, str]:
    margins = _margins(reads, change, stated, story)
    before, after = (
        _shown(_stated(run, places, margins)) for run, places in zip(change, stated, strict=True)
    )
    return before, after


def _is_doubling(change: Change) -> bool:
    """Whether words, but no figures, were typed twice in a row, or no longer are."""
    run = change.after if change.before.is_empty else change.before
    if not any(side.is_empty for side in change) or any(word.has_figure for word in run.inside):
        return False
    length = len(run.keys)
    around = [
        run.words[max(0, run.start - length) : run.start],
        run.words[run.stop : run.stop + length],
    ]
    return any([word.key for word in words] == run.keys for words in around)


def _margins(
    reads: Reader, change: Change, stated: Sequence[list[int]], story: Story
) -> tuple[int, int]:
    """How many words beside the change belong to it: “4” to “million”, “Marta” to “Olin”."""
    words, start, stop = change.after
    sides = list(zip(change, stated, strict=True))
    left = right = 0
    if all(run.is_empty or places[:1] == [run.start] for run, places in sides):
        while left < MARGIN and _belongs(reads, words, start - left - 1, start - left, story):
            left += 1
    if all(run.is_empty or places[-1:] == [run.stop - 1] for run, places in sides):
        while right < MARGIN and _belongs(reads, words, stop + right, stop + right, story):
            right += 1
    return left, right


def _belongs(reads: Reader, words: Sequence[Word], at: int, gap: int, story: Story) -> bool:
    """Whether the word at a place states the like, with a space at most in the gap."""
    if reads is facts.negation_at or not 0 <= at < len(words):
        return False
    is_beside = gap >= len(words) or words[gap].is_joined
    return is_beside and bool(reads(words, at, story))


def _stated(run: Run, places: list[int], margins: tuple[int, int]) -> Sequence[Word]:
    if not places and not run.is_empty:
        return ()
    left, right = margins
    first, last = (places[0], places[-1]) if places else (run.start, run.stop - 1)
    return run.words[first - left : last + 1 + right]


def _is_quote_changed(change: Change) -> bool:
    is_quoted = any(word.is_quoted for run in change for word in run.inside)
    return is_quoted and not _is_same_letters(change)


def _is_same_letters(change: Change) -> bool:
    """Whether spaces and hyphens only make the difference."""
    one, other = ("".join(run.keys).replace("-", "") for run in change)
    return one == other


def _is_speaker_changed(change: Change, story: Story) -> bool:
    """Whether it is beside what somebody said, and more than a slip of spelling."""
    if not any(_is_by_speech(run) or _is_by_mark(run) for run in change):
        return False
    if any(facts.differing(facts.name_at, change, story)):
        return True
    return not _is_slip(change) and any(_says_who(run, story) for run in change)


def _is_slip(change: Change) -> bool:
    one, other = ("".join(run.keys) for run in change)
    return _is_doubling(change) or facts.alike(one, other)


def _is_by_speech(run: Run) -> bool:
    beside = run.words[max(0, run.start - 2) : run.stop + 2]
    return any(
        word.key in lexicon.SPEECH and not word.is_quoted and wording.has_quotation(word.passage)
        for word in beside
    )


def _is_by_mark(run: Run) -> bool:
    beside = run.words[max(0, run.start - 3) : run.stop + 3]
    return any(
        was.is_quoted != word.is_quoted and bool(_SPOKEN.search(word.follows))
        for was, word in pairwise(beside)
    )


def _says_who(run: Run, story: Story) -> bool:
    when = (facts.number_at, facts.date_at)
    return any(
        run.words[at].key not in lexicon.COMMON
        and not any(reads(run.words, at, story) for reads in when)
        for at in range(run.start, run.stop)
    )


def _requoted(same: Change) -> Iterator[Finding]:
    """Words that stayed, and were put into or out of quotation marks.

    Where a mark was forgotten it is not sure what was quoted, and nothing is said.
    """
    pairs = zip(same.before.inside, same.after.inside, strict=True)

    def change(pair: tuple[Word, Word]) -> int:
        was, now = pair
        return (now.is_quoted - was.is_quoted) if was.is_sure and now.is_sure else 0

    for direction, group in groupby(pairs, key=change):
        shown = _shown([now for _was, now in group]) if direction else ""
        if direction > 0:
            yield Finding(Kind.QUOTE, "", shown)
        elif direction < 0:
            yield Finding(Kind.QUOTE, shown, "")


def _much(changes: list[Change]) -> list[Finding]:
    """That much of the wording changed, with the longest of the changes to show for it."""
    wide = [change for change in changes if not _is_slip(change)]
    if sum(map(_size, wide)) <= MOST_WORDS:
        return []
    longest = max(wide, key=_size)
    return [Finding(Kind.TEXT, _shown(longest.before.inside), _shown(longest.after.inside))]


def _size(change: Change) -> int:
    """How many words were changed, added or taken out."""
    return max(run.stop - run.start for run in change)


def _shown(words: Sequence[Word]) -> str:
    """The words as they stand in the text, with what is between them; cut after some."""
    parts = []
    for passage, group in groupby(words, key=lambda word: word.passage):
        within = list(group)
        start, stop = min(word.start for word in within), max(word.end for word in within)
        parts.append(passage.text[start:stop])
    return text.excerpt("", " ".join(parts))
