"""Whatever two texts hold: each is whole without the other's marks, and comparing takes no time."""

import random
import re
import time

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import body
from articles.desk import compare
from articles.desk.compare import BlockKind, Count

GONE = {BlockKind.REMOVED, BlockKind.MOVED_AWAY}
COME = {BlockKind.ADDED, BlockKind.MOVED_HERE, BlockKind.MOVED_AND_CHANGED}


def paragraphs(*texts):
    return "".join(f"<p>{text}</p>" for text in texts)


def numbered(pattern, numbers=range(2000)):
    return [pattern.format(n) for n in numbers]


def pull(quote, caption):
    quote = f"<blockquote><p>{quote}</p></blockquote>"
    return f'<figure class="pull">{quote}<figcaption>{caption}</figcaption></figure>'


# --- What it may cost -------------------------------------------------------------------------


def seconds(function, *bodies):
    """Processor time, the best of three."""
    taken = []
    for _turn in range(3):
        started = time.process_time()
        function(*bodies)
        taken.append(time.process_time() - started)
    return min(taken)


def prose(number, words, seed=1):
    """Paragraphs whose words are as unevenly frequent as in prose (Zipf)."""
    chance = random.Random(seed)
    ranks = range(1, 3000)
    weights = [1 / rank for rank in ranks]
    return [
        " ".join(f"w{rank}" for rank in chance.choices(ranks, weights, k=words))
        for _ in range(number)
    ]


LONG = prose(100, 50)
LONG_EDITED = [f"New {text} end." if n % 10 == 0 else text for n, text in enumerate(LONG)]


def test_a_long_story_is_compared_and_counted_soon():
    before, after = paragraphs(*LONG), paragraphs(*LONG_EDITED)
    found = compare.blocks(before, after)
    assert [block.kind for block in found].count(BlockKind.CHANGED) == 10
    assert seconds(compare.blocks, before, after) < 0.3
    assert seconds(compare.words, before, after) < 0.02


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (numbered("old {} text"), numbered("new {}x words")),
        (prose(2000, 8, seed=2), prose(2000, 8, seed=3)),
        (numbered("{} a b c d e"), numbered("{}x a b c d e", range(1999, -1, -1))),
        (numbered("x {}") + ["x"] * 500, ["x"] * 500 + numbered("x {}", range(1999, -1, -1))),
        (["x" if n % 2 else f"u{n}" for n in range(2000)],
         ["x" if n % 2 else f"v{n}" for n in range(2000)]),
        ([" ".join(prose(100, 50))], [" ".join(prose(100, 50, seed=2))]),
        (["a b " * 2500], ["b a a " * 1700]),
    ],
    ids=[
        "nothing in common", "prose on other matters", "nearly the same, reversed", "the same x",
        "every other the same", "one paragraph", "one paragraph of two words",
    ],
)  # fmt: skip
def test_no_two_bodies_take_long(before, after):
    started = time.process_time()
    compare.blocks(paragraphs(*before), paragraphs(*after))
    assert time.process_time() - started < 3


def test_two_endless_paragraphs_are_replaced_without_looking_for_what_they_share():
    before, after = paragraphs("a b " * 15_000), paragraphs("b a a " * 10_000)
    started = time.process_time()
    (block,) = compare.blocks(before, after)
    assert time.process_time() - started < 6
    assert block.html.count("<del>") == block.html.count("<ins>") == 1


# --- Whatever the text ------------------------------------------------------------------------

some_words = st.lists(
    st.sampled_from(
        ["one", "two", "three", "the", "of", "&amp;", "&lt;i&gt;", "café", "日本", "語", "हिन्दी"]
        + ["a&nbsp;b", "<br>", "<strong>bold</strong>", "<strong>two words</strong>"]
        + ["un<em>like</em>ly"]
        + ['<a href="/a/">link</a>', '<a href="/b/">link</a>', "<em><strong>both</strong></em>"]
    ),
    min_size=1, max_size=8,
)  # fmt: skip
texts = st.builds(
    lambda glue, words: glue.join(words), st.sampled_from([" ", " ", "", ", "]), some_words
)
items = st.one_of(
    texts, texts.map("<p>{}</p>".format), texts.map("<p>a</p><ul><li>{}</li></ul>".format)
)
tops = st.one_of(
    texts.map("<p>{}</p>".format),
    texts.map("<p>{}</p>".format),
    texts.map("<h2>{}</h2>".format),
    texts.map("<blockquote><p>{}</p><p>said</p></blockquote>".format),
    st.builds("<ul><li>{}</li><li>{}</li></ul>".format, items, items),
    st.builds("<ol><li>{}</li></ol>".format, items),
    st.builds(pull, texts, texts),
)  # fmt: skip


def edited(draw, pieces):
    """The pieces after a few edits: some came or went, changed a word, or their place."""
    pieces = list(pieces)
    for _edit in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(pieces)))
        piece = pieces.pop(at) if at < len(pieces) else None
        edit = draw(st.sampled_from(["come", "go", "change", "move"]))
        if edit == "come" or not piece:
            pieces[at:at] = [draw(tops), *([piece] if piece else [])]
        elif edit == "change":
            old, new = draw(st.permutations(["one", "two", "three"]))[:2]
            pieces.insert(at, piece.replace(old, new, 1))
        elif edit == "move":
            pieces.insert(draw(st.integers(0, len(pieces))), piece)
    return pieces


@st.composite
def two_bodies(draw):
    """Two cleaned bodies: one text edited or, now and then, two that have little in common."""
    before = draw(st.lists(tops, max_size=6))
    is_edit = draw(st.integers(0, 3))
    after = edited(draw, before) if is_edit else draw(st.lists(tops, max_size=6))
    return body.clean("".join(before)), body.clean("".join(after))


whatever = settings(derandomize=True, deadline=None, max_examples=150)


def without(found, kinds, mark):
    """The blocks' HTML without those kinds, and without what has that mark."""
    html = "".join(block.html for block in found if block.kind not in kinds)
    return re.sub(rf"<{mark}>.*?</{mark}>", "", html, flags=re.DOTALL)


def letters(html):
    """Every letter with the tags and addresses it stands in, outermost first."""
    root = lxml.html.fragment_fromstring(html, create_parent="div")
    found = []

    def walk(element, path):
        if element.tag not in {"ins", "del", "div"}:
            path = (*path, (element.tag, element.get("href")))
        found.extend((letter, path) for letter in element.text or "" if not letter.isspace())
        for child in element:
            walk(child, path)
            found.extend((letter, path) for letter in child.tail or "" if not letter.isspace())

    walk(root, ())
    return found


@whatever
@given(two_bodies())
def test_without_what_came_and_without_what_went_each_text_is_whole(pair):
    before, after = pair
    found = compare.blocks(before, after)
    old, new = without(found, COME, "ins"), without(found, GONE, "del")
    assert body.plain_text(old).split() == body.plain_text(before).split()
    assert body.plain_text(new).split() == body.plain_text(after).split()
    assert letters(old) == letters(before)
    assert letters(new) == letters(after)


@whatever
@given(two_bodies())
def test_a_block_is_marked_inside_exactly_if_it_changed(pair):
    for block in compare.blocks(*pair):
        is_changed = block.kind in {BlockKind.CHANGED, BlockKind.MOVED_AND_CHANGED}
        assert is_changed == ("<ins>" in block.html or "<del>" in block.html)


@whatever
@given(two_bodies())
def test_every_move_has_one_place_it_left_and_one_it_went_to(pair):
    found = compare.blocks(*pair)
    left = [block.move for block in found if block.kind == BlockKind.MOVED_AWAY]
    went = [block.move for block in found if block.kind in COME and block.move]
    assert sorted(left) == sorted(went) == list(range(1, len(left) + 1))
    assert list(dict.fromkeys(block.move for block in found if block.move)) == sorted(left)


@whatever
@given(two_bodies())
def test_a_body_held_against_itself_is_all_the_same(pair):
    found = compare.blocks(pair[0], pair[0])
    assert {block.kind for block in found} <= {BlockKind.SAME}
    assert compare.words(pair[0], pair[0]) == Count(0, 0)


@whatever
@given(two_bodies())
def test_words_added_less_words_removed_is_how_much_longer_a_body_is(pair):
    before, after = (compare.words("", html).added for html in pair)
    count = compare.words(*pair)
    assert count.added - count.removed == after - before


@whatever
@given(
    st.lists(st.sampled_from(["a", "b", " ", "<b>", "&amp;", "</ins>", "日", "\n", "'"])).map(
        "".join
    ),
    st.lists(st.sampled_from(["a", "b", " ", "<b>", "&amp;", "<ins>", "日", "\t", '"'])).map(
        "".join
    ),
)
def test_a_line_holds_both_texts_and_no_tag_but_the_marks(before, after):
    html = compare.line(before, after)
    assert set(re.findall(r"<[^>]*>", html)) <= {"<ins>", "</ins>", "<del>", "</del>"}
    for mark, text in (("ins", before), ("del", after)):
        left = re.sub(rf"<{mark}>.*?</{mark}>", "", html)
        root = lxml.html.fragment_fromstring(left, create_parent="div")
        assert root.text_content().split() == text.split()
