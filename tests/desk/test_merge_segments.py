"""Two people's changes to one body, paragraph by paragraph: what merges, what is asked.

In the tables a letter is a paragraph, and a capital the same one rewritten.
"""

from itertools import chain, repeat

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from articles.desk.edits import edits_between
from articles.desk.merge import Choice, segments

OURS, THEIRS, BOTH = Choice


def text_of(segs, choices=None):
    """The merged text, after a choice for each overlap in turn, or the same for all."""
    answers = iter(choices or repeat(THEIRS))
    return [
        piece
        for each in segs
        for piece in (each.chosen(next(answers)) if each.is_overlap else each.pieces)
    ]


def asked(segs):
    return [each for each in segs if each.is_overlap]


# --- What merges ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ours", "theirs", "merged"),
    [
        ("Abcde", "abcdE", "AbcdE"),
        ("aBcde", "abCde", "aBCde"),
        ("abcde", "aBcDe", "aBcDe"),
        ("ABcde", "abcDE", "ABcDE"),
        ("abde", "Abcde", "Abde"),
        ("acde", "abCde", "aCde"),
        ("acde", "abde", "ade"),
        ("acde", "ade", "ade"),
        ("", "abcde", ""),
        ("", "abcdex", "x"),
        ("abcdef", "xabcde", "xabcdef"),
        ("abcxde", "Abcde", "Abcxde"),
        ("abcxde", "abcDe", "abcxDe"),
        ("abcxde", "abCde", "abCxde"),
        ("abcxde", "abce", "abcxe"),
        ("abcxde", "abde", "abxde"),
        ("abxcde", "abcyde", "abxcyde"),
        ("bcade", "abcdE", "bcadE"),
        ("eabcd", "abCde", "eabCd"),
        ("bacde", "Abcde", "bAcde"),
        ("bacde", "aBcde", "Bacde"),
        ("badce", "abCde", "badCe"),
        ("bacdE", "bacDe", "bacDE"),
        ("deabc", "abxcde", "deabxc"),
        ("bcade", "abced", "bcaed"),
        ("bcade", "abcxde", "bcaxde"),
        ("bcade", "abe", "bae"),
        ("bcdea", "abced", "bcead"),
        ("edcba", "abcdE", "Edcba"),
    ],
    ids=[
        "first and last", "neighbours", "only one side changed anything", "two and two",
        "one deleted and another rewritten", "one deleted and the next rewritten",
        "neighbours deleted", "one deleted by both, its neighbour by one",
        "all deleted by one", "all deleted by one, and one appended",
        "one put in front and one appended", "one inserted and another rewritten",
        "one inserted in front of what was rewritten", "one inserted after what was rewritten",
        "one inserted in front of what was deleted", "one inserted after what was deleted",
        "one inserted at either side of one", "one moved and another rewritten",
        "one moved to the front and another rewritten", "neighbours swapped and one rewritten",
        "neighbours swapped and the other rewritten", "two swaps and one rewritten",
        "both swapped the same, and each rewrote one", "two moved as one, and one inserted",
        "one moved to the same place by each", "one moved to where one was inserted",
        "one moved into what was deleted", "one moved behind a swap",
        "the order turned round and one rewritten",
    ],
)  # fmt: skip
def test_edits_to_different_paragraphs_are_both_kept(ours, theirs, merged):
    assert "".join(text_of(segments("abcde", ours, theirs))) == merged
    assert not asked(segments("abcde", ours, theirs))
    assert "".join(text_of(segments("abcde", theirs, ours))) == merged


@pytest.mark.parametrize(
    "both", ["Abcde", "acde", "abcxde", "abcdef", "bacde", "aBCde"],
    ids=["changed", "deleted", "inserted", "appended", "moved", "two changed"],
)  # fmt: skip
def test_what_both_did_alike_is_done_once(both):
    assert "".join(text_of(segments("abcde", both, both))) == both
    assert not asked(segments("abcde", both, both))


# --- What is asked ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ours", "theirs", "overlaps"),
    [
        ("Xbcde", "Ybcde", [("a", "X", "Y")]),
        ("XZcde", "YWcde", [("a", "X", "Y"), ("b", "Z", "W")]),
        ("bcde", "Abcde", [("a", "", "A")]),
        ("abcxde", "abcyde", [("", "x", "y")]),
        ("abcxde", "abcxyde", [("", "", "y")]),
        ("abcdex", "abcdey", [("", "x", "y")]),
        ("xabcde", "yabcde", [("", "x", "y")]),
        ("aXe", "abCde", [("bcd", "X", "bCd")]),
        ("aXe", "abycde", [("bcd", "X", "bycd")]),
        ("ae", "abxcde", [("", "", "x")]),
        ("bcdea", "Abcde", [("a", "", "A"), ("", "a", "")]),
        ("bcdea", "bcde", [("", "a", "")]),
        ("bcade", "bcdea", [("", "a", ""), ("", "", "a")]),
        ("xabcde", "abcdex", [("", "x", ""), ("", "", "x")]),
        ("aXcde", "abXde", [("b", "X", "b"), ("c", "c", "X")]),
        ("abced", "aXe", [("bcd", "bced", "X"), ("e", "", "e")]),
        ("bcaXe", "bcade", []),
    ],
    ids=[
        "the same paragraph", "two paragraphs, each for itself", "deleted and rewritten",
        "two at one place", "one at one place and one more", "two at the end", "two at the start",
        "three replaced and one of them rewritten", "three replaced and one inserted within",
        "three deleted and one inserted within", "moved and rewritten", "moved and deleted",
        "moved to different places", "the same inserted at different places",
        "different ones rewritten to the same", "moved into what was rewritten",
        "moved alike, and one rewritten",
    ],
)  # fmt: skip
def test_edits_that_meet_are_asked_where_they_meet(ours, theirs, overlaps):
    found = asked(segments("abcde", ours, theirs))
    sides = [(each.base, each.ours, each.theirs) for each in found]
    assert [tuple(map("".join, each)) for each in sides] == overlaps


def test_an_overlap_holds_what_each_side_has_there():
    (overlap,) = asked(segments("abcde", "aXxcde", "aYcde"))
    assert overlap.chosen(OURS) == tuple("Xx")
    assert overlap.chosen(THEIRS) == overlap.pieces == tuple("Y")
    assert overlap.chosen(BOTH) == tuple("XxY")


def test_to_choose_both_prints_nothing_twice():
    (overlap,) = asked(segments("abcde", "aXye", "aZye"))
    assert overlap.chosen(BOTH) == tuple("XyZ")
    assert "".join(text_of(segments("abc", "xyabc", "zyabc"), repeat(BOTH))) == "xzyabc"


HALF, REST = "Seven eight nine ten eleven.", "Twelve and on up to twenty."
ONE, TWO = "One two three four five six.", f"{HALF} {REST}"
LONG = f"{TWO} And then all the ships went out to sea, one after the other, until dusk."


@pytest.mark.parametrize(
    ("ours", "theirs", "overlaps"),
    [
        ([f"{ONE} {TWO}", "c"], [ONE, f"{TWO} Now.", "c"], [([ONE, TWO], [f"{ONE} {TWO}"])]),
        ([f"{ONE} {TWO}", "c"], [ONE, TWO, "C"], []),
        ([ONE, HALF, REST, "c"], [ONE, f"{TWO} Now.", "c"], [([TWO], [HALF, REST])]),
        ([ONE[:19] + "!", "c"], [f"{ONE} Now.", TWO, "c"], [([ONE], [ONE[:19] + "!"])]),
        ([TWO, "c", f"{ONE} Now."], [ONE, TWO, "C"], []),
        ([TWO, "c", f"{ONE} Now."], [f"{ONE} Then.", TWO, "c"],
         [([ONE], []), ([], [f"{ONE} Now."])]),
    ],
    ids=[
        "two joined and one of them rewritten", "two joined and another rewritten",
        "one split and rewritten", "one rewritten and its neighbour deleted, and one rewritten",
        "moved and rewritten, and another rewritten", "moved and rewritten, and rewritten",
    ],
)  # fmt: skip
def test_what_became_of_a_paragraph_is_told_by_its_words(ours, theirs, overlaps):
    found = segments([ONE, TWO, "c"], ours, theirs)
    assert [([*each.base], [*each.ours]) for each in asked(found)] == overlaps


def test_a_short_part_of_a_long_paragraph_is_a_part_of_it():
    rest = LONG.removeprefix(HALF).strip()
    (overlap,) = asked(segments([LONG, "c"], [HALF, rest, "c"], [f"{LONG} Now.", "c"]))
    assert (overlap.base, overlap.ours) == ((LONG,), (HALF, rest))


def test_a_few_words_in_common_do_not_make_two_paragraphs_one():
    cat, dog = "The cat sat on the quay all day.", "The dog ran to the church and back."
    (overlap,) = asked(segments([cat, "b", "c"], ["b", "c", dog], [f"{cat} Asleep.", "b", "c"]))
    assert overlap.base == (cat,)


def test_what_has_no_words_can_be_moved_as_well():
    (overlap,) = asked(segments(["a", "b", "* * *"], ["* * *", "a", "b"], ["a", "b"]))
    assert (overlap.base, overlap.ours, overlap.theirs) == ((), ("* * *",), ())


# --- What one side did ------------------------------------------------------------------------


def test_paragraphs_that_were_rewritten_side_by_side_are_edits_of_their_own():
    assert [(edit.start, edit.stop, edit.pieces) for edit in edits_between("abc", "aXY")] == [
        (1, 2, ("X",)),
        (2, 3, ("Y",)),
    ]


def test_what_stands_often_is_found_again_when_the_first_is_deleted_or_the_last():
    base = [piece for n in range(40) for piece in (str(n), "* * *")]
    for n in (1, len(base) - 1):
        (edit,) = edits_between(base, base[:n] + base[n + 1 :])
        assert (edit.start, edit.stop, edit.pieces) == (n, n + 1, ())


texts = st.lists(st.sampled_from("abcdefgh"), max_size=8)


@given(texts, texts)
def test_edits_turn_the_base_into_the_text(base, text):
    built, done = [], 0
    for edit in edits_between(base, text):
        built += [*base[done : edit.start], *edit.pieces]
        done = edit.stop
    assert [*built, *base[done:]] == text


# --- Whatever the texts -----------------------------------------------------------------------


@given(texts, texts, texts)
def test_segments_in_a_row_are_the_three_texts(base, ours, theirs):
    found = segments(base, ours, theirs)
    assert [*chain(*(each.base for each in found))] == base
    assert [*chain(*(each.ours for each in found))] == ours
    assert [*chain(*(each.theirs for each in found))] == theirs
    assert all(each.is_overlap or each.pieces in (each.ours, each.theirs) for each in found)


@given(texts, texts)
def test_merging_with_an_unchanged_side_gives_the_other_side(base, changed):
    for ours, theirs in ((base, changed), (changed, base), (changed, changed)):
        found = segments(base, ours, theirs)
        assert text_of(found) == changed
        assert not asked(found)


@given(texts, texts, texts)
@example([*"abc"], [*"Yba"], [*"bac"])
def test_segments_are_the_same_whoever_comes_first(base, ours, theirs):
    turned = segments(base, theirs, ours)
    assert [(each.base, each.ours, each.theirs, each.is_overlap) for each in turned] == [
        (each.base, each.theirs, each.ours, each.is_overlap)
        for each in segments(base, ours, theirs)
    ]


different = st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=6)


@given(different, different, different)
def test_what_stands_once_in_each_text_stands_once_or_not_at_all_in_the_merged_one(
    base, ours, theirs
):
    found = segments(base, ours, theirs)
    kept = {*base} & {*ours} & {*theirs}
    for choice, side in ((OURS, ours), (THEIRS, theirs)):
        merged = text_of(found, repeat(choice))
        assert len(merged) == len({*merged})
        assert {*merged} >= kept | ({*side} - {*base})
    if not asked(found):
        assert {*text_of(found)} == kept | ({*ours} - {*base}) | ({*theirs} - {*base})
