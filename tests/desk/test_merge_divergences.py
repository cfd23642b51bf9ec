"""Thousands of divergences of one text, and very large ones: nothing lost, doubled or slow."""

import os
import random
import time
from itertools import chain, product, repeat

import pytest

from articles import body
from articles.desk.merge import Choice, choose, segments, try_merge
from tests.desk.test_merge_segments import asked, text_of

OURS, THEIRS, _BOTH = Choice

# The same divergences each time; ten thousand of them with MERGE_EXAMPLES=5.
TIMES = int(os.environ.get("MERGE_EXAMPLES", "1"))

KINDS = ("rewrite", "insert", "delete", "move")


class Desk:
    """A text of paragraphs whose every word stands in it once, and people who edit it."""

    def __init__(self, seed, *, fewest=5, most=40):
        self.random = random.Random(seed)
        self.typed = 0
        count = self.random.randint(fewest, most)
        self.base = [self.words("base", self.random.randint(1, 12)) for _paragraph in range(count)]

    def words(self, who, count):
        self.typed += count
        return [f"{who}{self.typed - n}" for n in range(count)]

    def edited(self, who, *, own=None):
        """The text after one to six edits by somebody, of any paragraphs or of their own."""
        text = list(enumerate(self.base))
        for _edit in range(self.random.randint(1, 6)):
            places = [n for n, (home, _words) in enumerate(text) if own is None or home in own]
            if places:
                getattr(self, self.random.choice(KINDS))(who, text, self.random.choice(places))
        return [" ".join(words) for _home, words in text]

    def rewrite(self, who, text, place):
        """Another half of the words at most: or it is another paragraph, all of it new."""
        home, words = text[place]
        old = [n for n, word in enumerate(words) if word.startswith("base")]
        spare = len(old) - (len(words) + 1) // 2
        if spare < 1 or self.random.random() < 0.1:
            text[place] = home, self.words(who, len(words))
            return
        for n in self.random.sample(old, self.random.randint(1, spare)):
            words = [*words[:n], *self.words(who, 1), *words[n + 1 :]]
        text[place] = home, words

    def insert(self, who, text, place):
        text.insert(place + 1, (text[place][0], self.words(who, self.random.randint(1, 12))))

    def delete(self, who, text, place):
        del text[place]

    def move(self, who, text, place):
        paragraph = text.pop(place)
        text.insert(self.random.randrange(len(text) + 1), paragraph)

    def shared_out(self):
        """Who may edit which paragraph, for two who keep out of each other's way."""
        homes = self.random.sample(range(len(self.base)), len(self.base))
        return set(homes[::2]), set(homes[1::2])


def tokens(text):
    return [word for paragraph in text for word in paragraph.split()]


def wanted(base, ours, theirs):
    """What somebody typed, and of the base what nobody deleted."""
    before, mine, yours = map(set, map(tokens, (base, ours, theirs)))
    return (mine - before) | (yours - before) | (before & mine & yours)


def require_nothing_lost_or_doubled(base, ours, theirs, found):
    assert sorted(tokens(text_of(found))) == sorted(wanted(base, ours, theirs))


def require_what_is_not_asked_is_right(base, ours, theirs, found, choices):
    open_texts = [each.base + each.ours + each.theirs for each in asked(found)]
    is_open = {*tokens(chain(*open_texts))}
    settled = [word for word in tokens(text_of(found, choices)) if word not in is_open]
    assert sorted(settled) == sorted(wanted(base, ours, theirs) - is_open)


def require_a_side_is_kept(base, ours, theirs, found, choice):
    words = tokens(text_of(found, repeat(choice)))
    before, mine, yours = map(set, map(tokens, (base, ours, theirs)))
    chosen = mine if choice is OURS else yours
    assert len(words) == len({*words})
    assert {*words} >= (chosen - before) | (mine & yours)


@pytest.mark.parametrize("seed", range(4))
def test_a_merge_loses_nothing_and_prints_nothing_twice(seed):
    """Every word either typed once, every one nobody deleted once, what one deleted not at all."""
    unasked = 0
    for n in range(500 * TIMES):
        desk = Desk(f"{seed} {n}")
        ours, theirs = desk.edited("our"), desk.edited("their")
        base = [" ".join(words) for words in desk.base]
        found = segments(base, ours, theirs)
        if not asked(found):
            unasked += 1
            require_nothing_lost_or_doubled(base, ours, theirs, found)
            turned = segments(base, theirs, ours)
            assert text_of(turned) == text_of(found)
            assert not asked(turned)
        choices = desk.random.choices([*Choice], k=len(found))
        require_what_is_not_asked_is_right(base, ours, theirs, found, choices)
        require_a_side_is_kept(base, ours, theirs, found, OURS)
        require_a_side_is_kept(base, ours, theirs, found, THEIRS)
    assert 0.5 < unasked / (500 * TIMES) < 0.9  # both kinds were tried


def test_what_is_chosen_in_a_snapshot_is_right_as_well():
    for n in range(100 * TIMES):
        desk = Desk(f"snapshot {n}", most=12)
        sides = [" ".join(words) for words in desk.base], desk.edited("our"), desk.edited("their")
        snapshots = [
            {"body": "".join(f"<p>{paragraph}</p>" for paragraph in side)} for side in sides
        ]
        keys = try_merge(*snapshots).overlaps
        choices = {key: desk.random.choice([*Choice]) for key in keys}
        expected = text_of(segments(*sides), choices.values())
        chosen = choose(*snapshots, choices)["body"]
        assert body.blocks(chosen) == [f"<p>{paragraph}</p>" for paragraph in expected]


def test_edits_to_different_paragraphs_are_hardly_ever_asked_about():
    unasked = 0
    for n in range(1000 * TIMES):
        desk = Desk(f"apart {n}")
        own, other = desk.shared_out()
        ours, theirs = desk.edited("our", own=own), desk.edited("their", own=other)
        base = [" ".join(words) for words in desk.base]
        found = segments(base, ours, theirs)
        unasked += not asked(found)
        if not asked(found):
            require_nothing_lost_or_doubled(base, ours, theirs, found)
    print(f"Merged without a question: {unasked / (1000 * TIMES):.2%}")  # noqa: T201
    assert unasked >= 970 * TIMES


@pytest.mark.parametrize(("ours", "theirs"), [*product(KINDS, KINDS)])
def test_an_edit_next_to_another_is_never_asked_about(ours, theirs):
    for n in range(25 * TIMES):
        desk = Desk(f"{ours} {theirs} {n}", most=10)
        place = desk.random.randrange(len(desk.base) - 1)
        sides = [list(enumerate(desk.base)) for _side in range(2)]
        getattr(desk, ours)("our", sides[0], place)
        getattr(desk, theirs)("their", sides[1], place + 1)
        base, *texts = (
            [" ".join(words) for words in text]
            for text in (desk.base, *([words for _home, words in side] for side in sides))
        )
        found = segments(base, *texts)
        assert not asked(found)
        require_nothing_lost_or_doubled(base, *texts, found)


# --- However large ----------------------------------------------------------------------------


def paragraphs(who, count=2000):
    return [" ".join(f"{who}{n}w{word}" for word in range(40)) for n in range(count)]


BASE = paragraphs("base")


@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [
        (BASE, paragraphs("our"), paragraphs("their")),
        (BASE, paragraphs("our", 1990), paragraphs("their", 2010)),
        ([], paragraphs("our"), paragraphs("their")),
        (BASE, BASE[::-1], BASE[1000:] + BASE[:1000]),
        (BASE, random.Random(1).sample(BASE, 2000), random.Random(2).sample(BASE, 2000)),
        (["a"] * 2000, ["a"] * 1999, ["a"] * 2001),
        (["a", "b"] * 1000, ["b", "a"] * 1000, ["a", "b", "c"] * 700),
        (BASE, [f"{p} more" for p in BASE], [p[3:] for p in BASE[1:]]),
        (["word " * 9_000] * 20, ["word " * 9_000 + "our"] * 19, ["their " * 9_000] * 18),
    ],
    ids=[
        "all new", "all new and other lengths", "no base", "turned round", "shuffled", "all equal",
        "two in turn", "all rewritten", "few and large",
    ],
)  # fmt: skip
def test_a_merge_of_any_two_texts_takes_seconds_at_most(base, ours, theirs):
    started = time.process_time()
    segments(base, ours, theirs)
    assert time.process_time() - started < 3
