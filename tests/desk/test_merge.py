"""Two people's changes to one story: what becomes one text, what is asked, what is chosen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import body
from articles.desk.merge import Choice, Merged, Overlap, Taken, choose, merge, try_merge

OURS, THEIRS, BOTH = Choice


def paragraphs(letters):
    return "".join(f"<p>{letter}</p>" for letter in letters)


def snapshot(**changes):
    return {
        "schema": 1, "headline": "Harbour Opens", "standfirst": "", "body": paragraphs("abcde"),
        "section": 1, "slug": "harbour-opens", "authors": [1, 2], "tags": [], "also_read": [],
        **changes,
    }  # fmt: skip


def sides(field, base, ours, theirs):
    return [snapshot(**{field: value}) for value in (base, ours, theirs)]


# --- Field by field ---------------------------------------------------------------------------


def test_each_field_is_merged_by_itself():
    ours = snapshot(headline="Harbour Closes", authors=[2, 1], body=paragraphs("Abcde"))
    theirs = snapshot(standfirst="At last.", tags=[7], body=paragraphs("abcdE"))
    assert merge(snapshot(), ours, theirs) == snapshot(
        headline="Harbour Closes", authors=[2, 1], standfirst="At last.", tags=[7],
        body=paragraphs("AbcdE"),
    )  # fmt: skip


def test_an_overlap_names_every_field_once_and_nothing_is_merged():
    ours = snapshot(headline="One", body=paragraphs("1bcd1"), authors=[3, 2])
    theirs = snapshot(headline="Two", body=paragraphs("2bcd2"), authors=[4, 2], tags=[7])
    with pytest.raises(Overlap) as overlap:
        merge(snapshot(), ours, theirs)
    assert overlap.value.fields == ["headline", "body", "authors"]


@pytest.mark.parametrize("field", ["headline", "standfirst", "slug", "section", "schema"])
def test_a_field_that_holds_one_text_and_that_both_changed_differently_is_an_overlap(field):
    merged = try_merge(snapshot(), snapshot(**{field: "our"}), snapshot(**{field: "their"}))
    assert merged == Merged(snapshot(**{field: "their"}), [field], Taken([], 0))


@pytest.mark.parametrize("field", [name for name in snapshot() if name != "body"])
def test_a_field_that_both_changed_alike_is_no_overlap(field):
    changed = snapshot(**{field: [9]})
    assert try_merge(snapshot(), changed, changed) == Merged(changed, [], Taken([], 0))


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "merged"),
    [
        ([], [1], [2], [1, 2]),
        ([1, 2], [1, 2, 3], [1, 2, 4], [1, 2, 3, 4]),
        ([1, 2], [2], [1, 2, 3], [2, 3]),
        ([1, 2], [2], [1], []),
        ([1, 2], [2, 1], [1, 2, 3], [1, 2, 3]),
        ([1], [2], [2, 3], [2, 3]),
        ([1, 2], [2, 1], [1, 2], [2, 1]),
    ],
    ids=[
        "two added", "two added to some", "one removed and one added", "each removed another",
        "the order says nothing", "the same put in the place of one", "only one changed the order",
    ],
)  # fmt: skip
def test_tags_are_merged_as_sets(base, ours, theirs, merged):
    assert merge(*sides("tags", base, ours, theirs))["tags"] == merged


@pytest.mark.parametrize("field", ["authors", "also_read"])
@pytest.mark.parametrize(
    ("base", "ours", "theirs", "merged"),
    [
        ([1, 2], [2, 1], [1, 2, 3], [2, 1, 3]),
        ([1, 2], [1, 2, 3], [4, 1, 2], [4, 1, 2, 3]),
        ([1, 2], [3, 2], [1, 4], [3, 4]),
        ([1, 2, 3], [2, 3], [1, 2], [2]),
        ([1, 2], [3, 1, 2], [3, 1, 2, 4], [3, 1, 2, 4]),
    ],
    ids=[
        "reordered and added", "added at either end", "each replaced another",
        "each removed another", "both added one in the same place",
    ],
)  # fmt: skip
def test_lists_in_an_order_are_merged_piece_by_piece(field, base, ours, theirs, merged):
    assert merge(*sides(field, base, ours, theirs))[field] == merged
    assert merge(*sides(field, base, theirs, ours))[field] == merged


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [([3, 2], [4, 2]), ([1, 2, 3], [1, 2, 4]), ([1, 2, 3], [3, 1, 2]), ([2], [3, 2])],
    ids=["both replaced one", "both added", "both added one elsewhere", "removed and replaced"],
)
def test_lists_in_which_edits_meet_are_an_overlap(ours, theirs):
    merged = try_merge(snapshot(), snapshot(authors=ours), snapshot(authors=theirs))
    assert merged == Merged(snapshot(authors=theirs), ["authors"], Taken([], 0))


def test_lists_and_quotes_are_pieces_as_whole():
    base = "<p>a</p><ul><li>1</li><li>2</li></ul><blockquote><p>q</p></blockquote>"
    ours = base.replace("<p>a</p>", "<p>A</p>")
    theirs = base.replace("<li>2</li>", "<li>two</li>")
    merged = merge(snapshot(body=base), snapshot(body=ours), snapshot(body=theirs))["body"]
    assert body.blocks(merged) == [
        "<p>A</p>", "<ul><li>1</li><li>two</li></ul>", "<blockquote><p>q</p></blockquote>"
    ]  # fmt: skip


# --- What is asked, and what came from the other side -----------------------------------------


def test_overlaps_of_the_body_are_numbered_and_the_rest_is_merged():
    ours = snapshot(headline="Ours", body=paragraphs("1bCd1"))
    theirs = snapshot(body=paragraphs("2bcD2"), slug="harbour")
    assert try_merge(snapshot(), ours, theirs) == Merged(
        snapshot(headline="Ours", slug="harbour", body=paragraphs("2bCD2")),
        ["body:0", "body:1"],
        Taken(["body", "slug"], 1),
    )


@pytest.mark.parametrize(
    ("theirs", "taken"),
    [
        ({}, Taken([], 0)),
        ({"headline": "Theirs"}, Taken(["headline"], 0)),
        ({"body": paragraphs("abcDE")}, Taken(["body"], 2)),
        ({"body": paragraphs("abcdxye")}, Taken(["body"], 2)),
        ({"body": paragraphs("abecd")}, Taken(["body"], 1)),
        ({"body": paragraphs("abcd")}, Taken(["body"], 0)),
        ({"body": paragraphs("Abcde")}, Taken([], 0)),
        ({"tags": [1, 2], "authors": [1, 2, 3]}, Taken(["authors", "tags"], 0)),
        ({"tags": [1]}, Taken([], 0)),
    ],
    ids=[
        "nothing", "a headline", "two rewritten", "two new", "one moved", "one deleted",
        "what we did ourselves", "a tag and an author", "a tag we added ourselves",
    ],
)  # fmt: skip
def test_what_came_from_the_other_side_is_told(theirs, taken):
    ours = snapshot(body=paragraphs("Abcde"), tags=[1])
    assert try_merge(snapshot(), ours, snapshot(**theirs)).taken == taken


def test_without_a_text_that_both_come_from_all_that_differs_is_asked():
    nothing = {key: type(value)() for key, value in snapshot().items()}
    ours = snapshot(body=paragraphs("abxde"), headline="Ours")
    theirs = snapshot(body=paragraphs("abyd"), headline="Theirs")
    assert try_merge(nothing, ours, theirs) == Merged(
        theirs, ["headline", "body:0", "body:1"], Taken([], 0)
    )


# --- What is chosen ---------------------------------------------------------------------------


def test_every_overlap_is_settled_as_was_chosen():
    ours = snapshot(headline="Ours", body=paragraphs("1bc1E"), authors=[3, 2])
    theirs = snapshot(headline="Theirs", body=paragraphs("2Bc2e"), authors=[4, 2], tags=[7])
    choices = {"headline": OURS, "body:0": THEIRS, "body:1": BOTH, "authors": BOTH}
    assert choose(snapshot(), ours, theirs, choices) == snapshot(
        headline="Ours", body=paragraphs("2Bc12E"), authors=[3, 2, 4], tags=[7]
    )


def test_what_is_left_to_choose_is_named_and_nothing_is_merged():
    ours = snapshot(headline="Ours", body=paragraphs("1bcd1"))
    theirs = snapshot(headline="Theirs", body=paragraphs("2bcd2"))
    with pytest.raises(Overlap) as overlap:
        choose(snapshot(), ours, theirs, {"body:0": OURS, "body:7": OURS})
    assert overlap.value.fields == ["headline", "body:1"]


@pytest.mark.parametrize("field", ["headline", "standfirst", "slug", "section"])
def test_a_field_that_holds_one_text_cannot_be_both(field):
    ours, theirs = snapshot(**{field: "our"}), snapshot(**{field: "their"})
    with pytest.raises(ValueError, match=f"The {field} cannot be both. Choose ours or theirs."):
        choose(snapshot(), ours, theirs, {field: BOTH})
    assert choose(snapshot(), ours, theirs, {field: OURS}) == ours
    assert choose(snapshot(), ours, theirs, {field: THEIRS}) == theirs


@pytest.mark.parametrize(
    ("choice", "chosen"), [(OURS, [3, 2]), (THEIRS, [4, 2, 5]), (BOTH, [3, 2, 4, 5])]
)
def test_a_list_is_chosen_as_it_was_shown(choice, chosen):
    ours, theirs = snapshot(authors=[3, 2]), snapshot(authors=[4, 2, 5])
    assert choose(snapshot(), ours, theirs, {"authors": choice})["authors"] == chosen


def test_with_nothing_to_choose_choosing_is_merging():
    ours, theirs = snapshot(body=paragraphs("Abcde")), snapshot(body=paragraphs("abcdE"))
    assert choose(snapshot(), ours, theirs, {}) == merge(snapshot(), ours, theirs)


# --- Whatever the text ------------------------------------------------------------------------

ids = st.lists(st.integers(1, 4), unique=True)
snapshots = st.builds(
    snapshot,
    headline=st.sampled_from(["One", "Two", "Three"]),
    body=st.lists(st.sampled_from("abcdefgh"), max_size=8).map(paragraphs),
    tags=ids, authors=ids, also_read=ids,
)  # fmt: skip


@given(snapshots, snapshots)
def test_merging_with_an_unchanged_snapshot_gives_the_other_exactly(base, changed):
    for ours, theirs in ((base, changed), (changed, base), (changed, changed)):
        assert merge(base, ours, theirs) == changed


@given(snapshots)
def test_a_body_is_kept_to_the_letter_where_only_one_side_changed_it(base):
    spaced = {**base, "body": base["body"].replace("</p>", "</p>\n")}
    assert merge(base, spaced, base) == merge(base, base, spaced) == spaced


@given(snapshots, snapshots, snapshots)
def test_a_merge_is_the_same_whoever_comes_first_but_for_the_order_of_tags(base, ours, theirs):
    one, two = try_merge(base, ours, theirs), try_merge(base, theirs, ours)
    assert one.overlaps == two.overlaps
    if not one.overlaps:
        assert {**one.values, "tags": set(one.values["tags"])} == {
            **two.values, "tags": set(two.values["tags"])
        }  # fmt: skip


@given(snapshots, snapshots, snapshots, st.data())
def test_what_is_shown_before_anybody_chose_is_theirs(base, ours, theirs, data):
    merged = try_merge(base, ours, theirs)
    assert choose(base, ours, theirs, dict.fromkeys(merged.overlaps, THEIRS)) == merged.values
    mine = choose(base, ours, theirs, dict.fromkeys(merged.overlaps, OURS))
    for field in ("headline", "authors", "also_read"):
        assert field not in merged.overlaps or mine[field] == ours[field]
    for field in ("authors", "also_read", "tags"):
        assert len(set(mine[field])) == len(mine[field])
