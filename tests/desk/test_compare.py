"""What an editor sees of two revisions: fields side by side, what became of every block, counts."""

import json

import pytest
from django.utils.safestring import SafeString

from articles.desk import compare
from articles.desk.compare import BlockKind, Count

FIELDS = [
    "kind", "headline", "dateline", "standfirst", "picture", "picture_alt", "picture_caption",
    "section", "slug", "authors", "tags", "also_read",
]  # fmt: skip


def snapshot(**changes):
    return {
        "schema": 1, "kind": "news", "dateline": "", "headline": "Harbour Opens",
        "picture": None, "picture_alt": "", "picture_caption": "",
        "standfirst": "", "body": "<p>a</p><p>b</p>",
        "section": 1, "slug": "harbour-opens", "authors": [1, 2], "tags": [], "also_read": [],
        **changes,
    }  # fmt: skip


def paragraphs(*texts):
    return "".join(f"<p>{text}</p>" for text in texts)


def numbered(pattern, numbers=range(2000)):
    return [pattern.format(n) for n in numbers]


def seen(before, after):
    """What the blocks are, in short: “+” added, “-” removed, “~” changed, “<1” “>1” moved."""
    signs = {"same": "=", "added": "+", "removed": "-", "changed": "~"}
    moves = {"moved_away": "<", "moved_here": ">", "moved_and_changed": ">~"}
    return " ".join(
        signs.get(block.kind) or f"{moves[block.kind]}{block.move}"
        for block in compare.blocks(before, after)
    )


# --- Fields -----------------------------------------------------------------------------------


def test_fields_stand_side_by_side_in_an_order_that_never_changes():
    before = snapshot()
    after = dict(reversed(snapshot(headline="Harbour Closes", authors=[2, 1]).items()))
    pairs = compare.fields(before, after)
    assert [pair.name for pair in pairs] == FIELDS
    assert [pair.name for pair in pairs if pair.is_changed] == ["headline", "authors"]
    by = next(pair for pair in pairs if pair.name == "authors")
    assert (by.before, by.after) == ([1, 2], [2, 1])


# --- Blocks -----------------------------------------------------------------------------------

A = "The harbour of Port Halvern opened again on Tuesday after the storm."
B = "Forty boats had waited outside for three days, their crews asleep on deck."
C = "A spokeswoman said that the dredging would go on until late in the autumn."
D = "Nobody was hurt, and the fish market opens as usual at five in the morning."
EDITED_B = B.replace("Forty", "Fifty")


@pytest.mark.parametrize(
    ("before", "after", "signs"),
    [
        ([A, B, C], [A, B, C], "= = ="),
        ([A, C], [A, B, C], "= + ="),
        ([A, B, C], [A, C], "= - ="),
        ([A, B, C], [A, EDITED_B, C], "= ~ ="),
        ([A, B, C], [A, D, C], "= - + ="),
        ([A, B, C, D], [B, C, D, A], "<1 = = = >1"),
        ([A, B, C, D], [D, A, B, C], ">1 = = = <1"),
        ([A, B, C, D], [A, C, D, EDITED_B], "= <1 = = >~1"),
        ([A, B, C, D], [A, C, EDITED_B], "= <1 = - >~1"),
        ([A, A, B, C], [B, C, A, A], "<1 <2 = = >1 >2"),
        ([], [A], "+"),
        ([A], [], "-"),
        ([], [], ""),
    ],
)
def test_every_block_says_what_became_of_it(before, after, signs):
    assert seen(paragraphs(*before), paragraphs(*after)) == signs


def test_a_changed_block_has_its_words_marked_and_an_added_or_removed_one_has_none():
    found = compare.blocks(paragraphs(A, B, C), paragraphs(A, EDITED_B, D))
    assert [block.html for block in found] == [
        f"<p>{A}</p>",
        f"<p><del>Forty</del> <ins>Fifty</ins>{B.removeprefix('Forty')}</p>",
        f"<p>{C}</p>",
        f"<p>{D}</p>",
    ]
    assert all(isinstance(block.html, SafeString) for block in found)


def test_a_moved_and_edited_block_is_whole_where_it_left_and_marked_where_it_went():
    found = compare.blocks(paragraphs(A, B, C, D), paragraphs(A, C, D, EDITED_B))
    assert found[1] == compare.Block(BlockKind.MOVED_AWAY, f"<p>{B}</p>", 1)
    assert found[4].html == f"<p><del>Forty</del> <ins>Fifty</ins>{B.removeprefix('Forty')}</p>"


def test_several_changed_neighbours_are_each_held_against_their_own():
    """The second was cut and a new one written first, so that position alone would mislead."""
    edited = [text.replace("the", "this") for text in (A, C)]
    assert seen(paragraphs(A, B, C), paragraphs(D, *edited)) == "+ ~ - ~"


def with_changed(text, *words):
    for word in words:
        text = text.replace(f" {word} ", f" {word}s ")
    return text


@pytest.mark.parametrize(
    ("before", "after", "signs"),
    [
        ([A, B], [with_changed(B, "boats"), with_changed(A, "after", "the")], "<1 ~ >~1"),
        ([A, B], [with_changed(B, "boats", "their", "days"), with_changed(A, "after")], ">~1 ~ <1"),
        ([A], [with_changed(A, "after", "the", "Port"), with_changed(A, "after")], "+ ~"),
        ([A], [with_changed(A, "after"), with_changed(A, "after", "the", "Port")], "~ +"),
        ([with_changed(A, "after", "the", "Port"), A], [with_changed(A, "after")], "- ~"),
        ([A, with_changed(A, "after", "the", "Port")], [with_changed(A, "after")], "~ -"),
    ],
)
def test_the_two_that_are_most_alike_are_partners_and_no_others(before, after, signs):
    assert seen(paragraphs(*before), paragraphs(*after)) == signs


@pytest.mark.parametrize(
    ("first", "last", "signs"),
    [
        ([], [], "~ " * 40),
        (["Results"], [], "+ " + "~ " * 40),
        ([], ["Results"], "~ " * 40 + "+"),
    ],
)
def test_blocks_of_words_that_all_have_are_held_against_those_at_their_place(first, last, signs):
    before = numbered("{} goals for the home side", range(40))
    after = numbered("{}x goals for the home side", range(40))
    assert seen(paragraphs(*before), paragraphs(*first, *after, *last)) == signs.strip()


def test_no_block_is_said_to_have_moved_among_others_that_are_as_like_it():
    before = numbered("{} goals for the home side", range(40))
    after = ["Results", *numbered("{}x goals for the home side", range(40)), "Table"]
    found = seen(paragraphs(*before), paragraphs(*after))
    assert "<" not in found
    assert found.count("~") == 39


def test_the_number_of_a_move_is_given_in_the_order_of_reading():
    before, after = paragraphs(A, B, C, D, "x", "y"), paragraphs(C, D, "x", "y", B, A)
    assert seen(before, after) == "<1 <2 = = = = >2 >1"
    assert seen(after, before) == ">1 >2 = = = = <2 <1"


def test_as_few_blocks_as_possible_are_said_to_have_moved():
    """The long run “xyz” stands in both, but what stands around it is more."""
    before, after = paragraphs(*"xyzabcd"), paragraphs(*"abxyzcd")
    assert seen(before, after).count("<") == 2
    before, after = paragraphs(*"xyzaqbqcqd"), paragraphs(*"aqbqcqdxyz")
    assert seen(before, after).count("<") == 3


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("He said that again.", "He said that twice."),
        ("No comment", "No comments"),
        ("Results", "Result"),
    ],
)
def test_no_few_words_are_said_to_have_moved_and_changed(before, after):
    assert "~" not in seen(paragraphs(before, A, B), paragraphs(A, B, after))


def test_a_block_of_other_matters_has_not_moved_because_of_its_small_words():
    before = "The mayor of the town said that the road to the north would be closed."
    after = "The head of the school said that the lessons of the week would be held."
    assert seen(paragraphs(before, A, B), paragraphs(A, B, after)) == "- = = +"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<p>a</p>\n<p>b</p>", "<p>a</p><p>b</p> "),
        ("<p>a  b\nc</p>", "<p>a b c</p>"),
        ("<p>a </p>", "<p>a</p>"),
        ("<p>a <br>b</p>", "<p>a<br> b</p>"),
        ("<p>a<br>b</p>", "<p>a<br> b</p>"),
        ("<ul>\n<li>a</li>\n</ul>", "<ul><li>a</li></ul>"),
    ],
)
def test_white_space_that_no_reader_sees_is_no_change(before, after):
    assert {block.kind for block in compare.blocks(before, after)} == {BlockKind.SAME}


# --- Counts -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "count"),
    [
        ([A, B], [A, B], Count(0, 0)),
        ([A, B], [B, A], Count(0, 0)),
        ([A, B], [A, EDITED_B], Count(1, 1)),
        ([A], [A, "two words"], Count(2, 0)),
        ([A, "two words"], [A], Count(0, 2)),
        ([A, A], [A], Count(0, 12)),
        ([], ["one", "two one"], Count(3, 0)),
        (["one <strong>two</strong> un<em>like</em>ly"], ["one two unlikely"], Count(0, 0)),
        (["one two"], ["two one"], Count(0, 0)),
        (["日本語"], ["日本人だ"], Count(2, 1)),
        ([], ["ที่ นี่"], Count(2, 0)),
    ],
)
def test_words_are_counted_once_where_they_came_or_went(before, after, count):
    assert compare.words(paragraphs(*before), paragraphs(*after)) == count


def test_a_summary_names_the_fields_and_counts_the_words():
    before = snapshot(body=paragraphs("one two three"))
    after = snapshot(body=paragraphs("one 2 three four"), tags=[3], headline="Harbour Closes")
    summary = compare.summary(before, after)
    assert summary == {"fields": ["headline", "tags", "body"], "added": 2, "removed": 1}
    assert json.loads(json.dumps(summary)) == summary


def test_a_summary_of_nothing_changed_is_empty():
    assert compare.summary(snapshot(), snapshot()) == {"fields": [], "added": 0, "removed": 0}


def test_a_change_of_markup_alone_is_a_change_of_the_body_without_words():
    after = snapshot(body="<p><strong>a</strong></p><p>b</p>")
    assert compare.summary(snapshot(), after) == {"fields": ["body"], "added": 0, "removed": 0}


def test_a_first_revision_changed_no_field_and_added_every_word():
    first = snapshot(body=paragraphs(A, "two words"))
    assert compare.summary(None, first) == {"fields": [], "added": 14, "removed": 0}
