"""Two people's changes to one text: what becomes one text, and what is asked back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import body
from articles.desk.merge import Overlap, edits, merge, merge_pieces

BASE = ["a", "b", "c", "d", "e"]


def snapshot(**changes):
    return {
        "schema": 1, "headline": "Harbour Opens", "standfirst": "", "body": "<p>a</p><p>b</p>",
        "section": 1, "slug": "harbour-opens", "authors": [1, 2], "tags": [], "also_read": [],
        **changes,
    }  # fmt: skip


# --- Paragraphs -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ours", "theirs", "merged"),
    [
        ("Abcde", "abcdE", "AbcdE"),
        ("Abcde", "aBcde", "ABcde"),
        ("aBcde", "abCde", "aBCde"),
        ("abcde", "aBcDe", "aBcDe"),
        ("abde", "Abcde", "Abde"),
        ("acde", "abCde", "aCde"),
        ("abcdef", "xabcde", "xabcdef"),
        ("abcxde", "Abcde", "Abcxde"),
        ("abcxde", "abcDe", "abcxDe"),
        ("abxcde", "aBcde", "aBxcde"),
        ("ABcde", "abcDE", "ABcDE"),
        ("", "abcde", ""),
    ],
)
def test_edits_to_different_paragraphs_are_both_kept(ours, theirs, merged):
    assert "".join(merge_pieces(BASE, ours, theirs)) == merged
    assert "".join(merge_pieces(BASE, theirs, ours)) == merged


@pytest.mark.parametrize(
    "both", ["Abcde", "acde", "abcxde", "abcdef", "bacde", "aBCde"],
    ids=["changed", "deleted", "inserted", "appended", "moved", "two changed"],
)  # fmt: skip
def test_what_both_did_alike_is_done_once(both):
    assert "".join(merge_pieces(BASE, both, both)) == both


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Xbcde", "Ybcde"),
        ("bcde", "Abcde"),
        ("abcxde", "abcyde"),
        ("abcdex", "abcdey"),
        ("xabcde", "yabcde"),
        ("aXe", "abCde"),
        ("ae", "abxcde"),
        ("bcdea", "Abcde"),
    ],
    ids=[
        "the same paragraph", "deleted and changed", "two at one place", "two at the end",
        "two at the start", "replaced and changed within", "deleted around an insertion",
        "moved and changed",
    ],
)  # fmt: skip
def test_edits_of_the_same_place_are_asked_back(ours, theirs):
    with pytest.raises(Overlap):
        merge_pieces(BASE, ours, theirs)
    with pytest.raises(Overlap):
        merge_pieces(BASE, theirs, ours)


@pytest.mark.parametrize(
    ("ours", "theirs", "merged"), [("bcade", "abcdE", "bcadE"), ("eabcd", "abCde", "eabCd")]
)
def test_a_paragraph_that_one_moved_stands_at_its_new_place(ours, theirs, merged):
    assert "".join(merge_pieces(BASE, ours, theirs)) == merged


@pytest.mark.parametrize(
    ("ours", "theirs"), [("bcade", "bcdea"), ("xabcde", "abcdex"), ("abxcde", "abcdxe")]
)
def test_no_paragraph_is_printed_twice_because_two_put_it_at_different_places(ours, theirs):
    with pytest.raises(Overlap):
        merge_pieces(BASE, ours, theirs)


def test_paragraphs_that_were_rewritten_side_by_side_are_edits_of_their_own():
    assert [(edit.start, edit.stop, edit.pieces) for edit in edits("abc", "aXY")] == [
        (1, 2, ("X",)),
        (2, 3, ("Y",)),
    ]


# --- Fields -----------------------------------------------------------------------------------


def test_each_field_is_merged_by_itself():
    ours = snapshot(headline="Harbour Closes", authors=[2, 1], body="<p>A</p><p>b</p>")
    theirs = snapshot(standfirst="At last.", tags=[7], body="<p>a</p><p>B</p>")
    assert merge(snapshot(), ours, theirs) == snapshot(
        headline="Harbour Closes", authors=[2, 1], standfirst="At last.", tags=[7],
        body="<p>A</p><p>B</p>",
    )  # fmt: skip


def test_an_overlap_names_every_field_and_nothing_is_merged():
    ours = snapshot(headline="One", body="<p>1</p><p>b</p>", authors=[1])
    theirs = snapshot(headline="Two", body="<p>2</p><p>b</p>", authors=[2], tags=[7])
    with pytest.raises(Overlap) as overlap:
        merge(snapshot(), ours, theirs)
    assert overlap.value.fields == ["headline", "body", "authors"]


@pytest.mark.parametrize("field", ["headline", "standfirst", "slug", "section", "authors", "tags"])
def test_a_field_that_both_changed_alike_is_no_overlap(field):
    changed = snapshot(**{field: "both"})
    assert merge(snapshot(), changed, changed) == changed


def test_lists_and_quotes_are_pieces_as_whole():
    base = "<p>a</p><ul><li>1</li><li>2</li></ul><blockquote><p>q</p></blockquote>"
    ours = base.replace("<p>a</p>", "<p>A</p>")
    theirs = base.replace("<li>2</li>", "<li>two</li>")
    merged = merge(snapshot(body=base), snapshot(body=ours), snapshot(body=theirs))["body"]
    assert body.blocks(merged) == [
        "<p>A</p>", "<ul><li>1</li><li>two</li></ul>", "<blockquote><p>q</p></blockquote>"
    ]  # fmt: skip


# --- Whatever the text ------------------------------------------------------------------------

texts = st.lists(st.sampled_from("abcdefgh"), max_size=8)
bodies = texts.map(lambda pieces: "".join(f"<p>{piece}</p>" for piece in pieces))
snapshots = st.builds(
    lambda headline, body, tags: snapshot(headline=headline, body=body, tags=tags),
    st.sampled_from(["One", "Two"]), bodies, st.lists(st.integers(1, 3), unique=True),
)  # fmt: skip


@given(texts, texts)
def test_merging_with_an_unchanged_side_gives_the_other_side(base, changed):
    assert merge_pieces(base, base, changed) == changed
    assert merge_pieces(base, changed, base) == changed


@given(snapshots, snapshots)
def test_merging_with_an_unchanged_snapshot_gives_the_other_exactly(base, changed):
    assert merge(base, base, changed) == changed
    assert merge(base, changed, base) == changed
    assert merge(base, changed, changed) == changed


@given(texts, texts)
def test_edits_turn_the_base_into_the_text(base, text):
    built, done = [], 0
    for edit in edits(base, text):
        built += [*base[done : edit.start], *edit.pieces]
        done = edit.stop
    assert [*built, *base[done:]] == text


@given(st.integers(1, 12), st.data())
def test_edits_to_different_paragraphs_never_overlap(length, data):
    base = [f"<p>{n}</p>" for n in range(length)]
    whose = data.draw(st.lists(st.sampled_from("ot-"), min_size=length, max_size=length))
    ours = [f"<p>our {n}</p>" if whose[n] == "o" else piece for n, piece in enumerate(base)]
    theirs = [f"<p>their {n}</p>" if whose[n] == "t" else piece for n, piece in enumerate(base)]
    both = [ours[n] if whose[n] == "o" else theirs[n] for n in range(length)]
    assert merge_pieces(base, ours, theirs) == both


@given(texts, texts, texts)
def test_a_merge_is_the_same_whoever_comes_first(base, ours, theirs):
    try:
        merged = merge_pieces(base, ours, theirs)
    except Overlap:
        with pytest.raises(Overlap):
            merge_pieces(base, theirs, ours)
    else:
        assert merge_pieces(base, theirs, ours) == merged


@given(st.integers(2, 8), st.data())
def test_a_merge_loses_nothing_that_a_side_added_and_keeps_nothing_it_deleted(length, data):
    base = [str(n) for n in range(length)]
    sides = []
    for side in ("our", "their"):
        kept = [piece for piece in base if data.draw(st.booleans())]
        where = data.draw(st.integers(0, len(kept)))
        sides.append([*kept[:where], side, *kept[where:]])
    try:
        merged = merge_pieces(base, *sides)
    except Overlap:
        return
    kept = [piece for piece in base if piece in sides[0] and piece in sides[1]]
    assert sorted(merged) == sorted([*kept, "our", "their"])
