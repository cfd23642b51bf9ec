"""Pictures within a body: what of them is kept, where they are drawn, where they are left out."""

import pytest
from django.utils.html import format_html
from hypothesis import given
from hypothesis import strategies as st

from articles import body


def figure(image=12, alt="", caption=""):
    return (
        f'<figure class="picture" data-image="{image}"><img alt="{alt}">'
        f"<figcaption>{caption}</figcaption></figure>"
    )


LOCK = figure(12, "A lock", "The lock.")
WITH_A_LINK = figure(
    5, "a &gt; b &quot;c&quot;", 'With <a href="https://x.example/">a <strong>link</strong></a>'
)
WITH_A_FILE = (
    '<figure class="picture" data-image="7" style="x" onclick="y"><img src="//evil.example/x" '
    'alt="a" onerror="z" srcset="q"></figure>'
)
WITH_A_TEXT = (
    '<figure class="picture" data-image="4"><p>In.</p><img alt="a"><figcaption><p>Cap</p>'
    "<p>tion</p></figcaption></figure>"
)
OF_ANOTHER = figure("x", "a", "Words")
QUOTE = '<figure class="pull"><blockquote><p>Q{}</p></blockquote></figure>'
KEPT = {
    "as it is": (LOCK, LOCK),
    "among others": (f"<p>One.</p>{figure()}<p>Two.</p>", f"<p>One.</p>{figure()}<p>Two.</p>"),
    "with a link": (WITH_A_LINK, WITH_A_LINK),
    "no file, but the number that leads to one": (WITH_A_FILE, figure(7, "a")),
    "in any order, without what may be missing": (
        '<figure data-image="3" class="picture"></figure><p>x</p>', f"{figure(3)}<p>x</p>",
    ),
    "of no picture of ours its words": (OF_ANOTHER, "<p>Words</p>"),
    "of number nought nothing": (
        '<figure class="picture" data-image="0"></figure><p>x</p>', "<p>x</p>",
    ),
    "of no number its words": (
        '<p>x</p><figure class="picture"><p>Words</p></figure>', "<p>x</p><p>Words</p>",
    ),
    "words where none can stand, behind it": (
        WITH_A_TEXT, f'{figure(4, "a", "Cap  tion")}<p>In.</p>',
    ),
    "no image that is none of ours": ('<p>x<img alt="a" src="y"> y</p><img alt="b">', "<p>x y</p>"),
    "nor one in a quote": (QUOTE.format('<img alt="z">'), QUOTE.format("")),
}  # fmt: skip


@pytest.mark.parametrize(("typed", "kept"), KEPT.values(), ids=KEPT)
def test_what_is_kept_of_a_picture(typed, kept):
    assert body.clean(typed) == kept
    assert body.clean(kept) == kept


pieces = st.sampled_from(
    (
        "<figure", ' class="picture"', ' class="pull"', ' data-image="', "12", '"', ">",
        "</figure>", "<img", ' alt="', "<figcaption>", "</figcaption>", "<p>", "</p>", "words",
        "&quot;", "<blockquote>", "</blockquote>", " src=x", "&lt;",
    )
)  # fmt: skip


@given(st.lists(pieces, max_size=24).map("".join))
def test_whatever_is_typed_cleans_to_what_cleans_to_itself_and_no_file_is_named(typed):
    kept = body.clean(typed)
    assert body.clean(kept) == kept
    for image in body.pictures(kept):
        assert image == 12
    assert kept.count("<img") == len(list(body._PICTURE.finditer(kept)))


def test_a_body_of_a_picture_alone_is_no_empty_one():
    assert body.clean(figure(3)) == figure(3)
    assert body.pictures(figure(3) + figure(4) + figure(3)) == [3, 4]


def test_a_caption_is_plain_text_but_no_word_of_the_story_and_no_excerpt():
    html = body.clean(LOCK + "<p>The tide rose.</p>")
    assert body.plain_text(html) == "The lock.\nThe tide rose."
    assert body.opening(html) == "The tide rose."
    assert body.word_count(html) == 3
    assert body.blocks(html) == [LOCK, "<p>The tide rose.</p>"]


def test_pictures_are_drawn_where_they_stand_or_left_out():
    html = body.clean("<p>One.</p>" + figure(5, "&quot;A&quot;", "<em>B</em>") + "<p>Two.</p>")
    drawn = body.with_pictures(html, lambda *said: format_html("[{}|{}|{}]", *said))
    assert drawn == "<p>One.</p>[5|&quot;A&quot;|<em>B</em>]<p>Two.</p>"
    assert body.without_pictures(html) == "<p>One.</p><p>Two.</p>"
