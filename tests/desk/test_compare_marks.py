"""What differs within a line or a block is marked where it stands, and nothing else is."""

import lxml.html
import pytest
from django.utils.safestring import SafeString
from lxml.html.diff import htmldiff

from articles.desk import compare
from articles.desk.compare import BlockKind


def pull(quote, caption):
    quote = f"<blockquote><p>{quote}</p></blockquote>"
    return f'<figure class="pull">{quote}<figcaption>{caption}</figcaption></figure>'


def marked_up(before, after):
    """The one block of two bodies that differ in one."""
    (block,) = compare.blocks(before, after)
    assert block.kind == BlockKind.CHANGED
    return block.html


# --- A line -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "marked"),
    [
        ("Harbour Opens", "Harbour Opens", "Harbour Opens"),
        ("Harbour Opens", "Harbour Closes", "Harbour <del>Opens</del> <ins>Closes</ins>"),
        ("Harbour Opens", "Old Harbour Opens", "<ins>Old</ins> Harbour Opens"),
        ("Harbour Opens Today", "Harbour Opens", "Harbour Opens <del>Today</del>"),
        ("One small step", "One step", "One <del>small</del> step"),
        ("", "Harbour", "<ins>Harbour</ins>"),
        ("Harbour", "", "<del>Harbour</del>"),
        ("", "", ""),
        ("Two  lines\nof it", "Two lines of it", "Two lines of it"),
        ("日本語を話す", "日本人を話す", "日本<del>語</del><ins>人</ins>を話す"),
        ("日本", "日語 本", "日<ins>語 </ins>本"),
        ("Größe: 5 €", "Größe: 6 €", "Größe: <del>5</del> <ins>6</ins> €"),
    ],
)
def test_a_line_shows_the_words_that_changed(before, after, marked):
    assert compare.line(before, after) == marked


def test_a_few_words_that_happen_to_stand_in_both_are_no_islands_in_a_rewritten_line():
    before = "Storm closes the port for two days"
    after = "Winds and rain keep the ferries at anchor"
    assert compare.line(before, after) == f"<del>{before}</del> <ins>{after}</ins>"


def test_a_longer_run_of_words_stays_though_all_around_it_is_rewritten():
    before = "Storm closes the port north of Halvern for two days and nights"
    after = "Winds keep some ferries north of Halvern at anchor since last Sunday"
    assert "</ins> north of Halvern <del>" in compare.line(before, after)


def test_words_between_small_changes_stay_as_they_are():
    assert compare.line("a b c d e", "A b c D e") == (
        "<del>a</del> <ins>A</ins> b c <del>d</del> <ins>D</ins> e"
    )


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</ins><b onclick=x>",
        "<ins onclick=alert(1)>x</ins>", "<del>", "&lt;b&gt;", "a & b < c > d", '"\'',
    ],
)  # fmt: skip
def test_markup_typed_in_a_line_is_shown_not_obeyed(typed):
    for html in (compare.line(typed, "x"), compare.line("x", typed), compare.line(typed, typed)):
        assert isinstance(html, SafeString)
        root = lxml.html.fragment_fromstring(html, create_parent="div")
        assert {(el.tag, *el.attrib) for el in root.iterdescendants()} <= {("ins",), ("del",)}
        assert typed in root.text_content()


# --- A block ----------------------------------------------------------------------------------

MARKUP = {
    "a word became bold": (
        "<p>One two three</p>",
        "<p>One <strong>two</strong> three</p>",
        "<p>One <del>two</del> <ins><strong>two</strong></ins> three</p>",
    ),
    "a part of a word": (
        "<p>un<em>believ</em>able thing</p>",
        "<p>unbelievable thing</p>",
        "<p><del>un<em>believ</em>able</del> <ins>unbelievable</ins> thing</p>",
    ),
    "bold became italic": (
        "<p>un<strong>believ</strong>able</p>",
        "<p>un<em>believ</em>able</p>",
        "<p>un<del><strong>believ</strong></del><ins><em>believ</em></ins>able</p>",
    ),
    "an edit in bold words": (
        "<p><strong>One two three</strong></p>",
        "<p><strong>One 2 three</strong></p>",
        (
            "<p><strong>One</strong> <del><strong>two</strong></del> <ins><strong>2</strong></ins> "
            "<strong>three</strong></p>"
        ),
    ),
    "a link's address": (
        '<p>See <a href="https://a.example/?x=1&amp;y=2">the link</a>, now</p>',
        '<p>See <a href="https://b.example/">the link</a>, now</p>',
        (
            '<p>See <del><a href="https://a.example/?x=1&amp;y=2">the link</a></del>'
            '<ins><a href="https://b.example/">the link</a></ins>, now</p>'
        ),
    ),
    "a link went": (
        '<p>See <a href="/a/">the link</a> now</p>',
        "<p>See the link now</p>",
        '<p>See <del><a href="/a/">the link</a></del> <ins>the link</ins> now</p>',
    ),
    "a line break went": ("<p>a<br>b</p>", "<p>a b</p>", "<p><del>a<br></del> <ins>a</ins> b</p>"),
    "a line break came": (
        "<p>One two<br>three</p>",
        "<p>One<br>two<br>three</p>",
        "<p><del>One</del> <ins>One<br></ins> two<br> three</p>",
    ),
    "a line break stays": (
        "<p>a<br>b</p>",
        "<p>a<br>c</p>",
        "<p>a<br> <del>b</del> <ins>c</ins></p>",
    ),
    "a line break at the start": ("<p>a b</p>", "<p><br>a b</p>", "<p><ins><br></ins> a b</p>"),
    "a space that does not break": (
        "<p>5&nbsp;km off</p>",
        "<p>5 km off</p>",
        "<p>5<del>&nbsp;</del><ins> </ins>km off</p>",
    ),
    "entities": (
        "<p>a &lt;b&gt; &amp; c d</p>",
        "<p>a &lt;b&gt; &amp; C d</p>",
        "<p>a &lt;b&gt; &amp; <del>c</del> <ins>C</ins> d</p>",
    ),
    "a paragraph became a heading": (
        "<p>One two</p>",
        "<h2>One two</h2>",
        "<p><del>One two</del></p><h2><ins>One two</ins></h2>",
    ),
    "an item came": (
        "<ul><li><p>one</p></li><li><p>two</p></li></ul>",
        "<ul><li><p>one</p></li><li><p>1½</p></li><li><p>two</p></li></ul>",
        "<ul><li><p>one</p></li><li><p><ins>1½</ins></p></li><li><p>two</p></li></ul>",
    ),
    "an item went": (
        "<ul><li>one</li><li>two</li><li>three</li></ul>",
        "<ul><li>one</li><li>three</li></ul>",
        "<ul><li>one</li><li><del>two</del></li><li>three</li></ul>",
    ),
    "an item was rewritten": (
        "<ul><li>one</li><li>two</li><li>three</li></ul>",
        "<ul><li>one</li><li>zwei</li><li>three</li></ul>",
        "<ul><li>one</li><li><del>two</del> <ins>zwei</ins></li><li>three</li></ul>",
    ),
    "an empty item came": (
        "<ul><li><p>one</p></li></ul>",
        "<ul><li><p>one</p></li><li><p></p></li></ul>",
        "<ul><li><p>one</p></li><li><p><ins></ins></p></li></ul>",
    ),
    "items among changed ones": (
        "<ul><li>red apples and plums from here</li><li>green pears</li></ul>",
        "<ul><li>new figs</li><li>red apples and plums from afar</li></ul>",
        (
            "<ul><li><ins>new figs</ins></li>"
            "<li>red apples and plums from <del>here</del> <ins>afar</ins></li>"
            "<li><del>green pears</del></li></ul>"
        ),
    ),
    "a list in a list": (
        "<ul><li>one<ul><li>in it</li></ul></li></ul>",
        "<ul><li>one<ul><li>in that</li></ul></li></ul>",
        "<ul><li>one<ul><li>in <del>it</del> <ins>that</ins></li></ul></li></ul>",
    ),
    "a list got numbers": (
        "<ul><li>one</li><li>two</li></ul>",
        "<ol><li>one</li><li>two</li></ol>",
        (
            "<ul><li><del>one</del></li><li><del>two</del></li></ul>"
            "<ol><li><ins>one</ins></li><li><ins>two</ins></li></ol>"
        ),
    ),
    "paragraphs of a quote": (
        "<blockquote><p>one two</p><p>three</p></blockquote>",
        "<blockquote><p>one two</p></blockquote>",
        "<blockquote><p>one two</p><p><del>three</del></p></blockquote>",
    ),
    "a pull quote": (
        pull("We are open", "B, mayor"),
        pull("We are not open", "B, the mayor"),
        pull("We are <ins>not</ins> open", "B, <ins>the</ins> mayor"),
    ),
    "a pull quote got a caption": (
        pull("We are open", "").replace("<figcaption></figcaption>", ""),
        pull("We are open", "B"),
        pull("We are open", "<ins>B</ins>"),
    ),
}


@pytest.mark.parametrize(("before", "after", "html"), MARKUP.values(), ids=MARKUP)
def test_a_change_is_marked_where_it_stands_and_the_markup_stays(before, after, html):
    assert marked_up(before, after) == html


@pytest.mark.parametrize(
    "case",
    [
        "a word became bold", "bold became italic", "a line break went", "an empty item came",
        "a space that does not break", "a paragraph became a heading", "a list got numbers",
    ],
)  # fmt: skip
def test_the_library_for_this_still_hides_what_ours_shows(case):
    before, after, ours = MARKUP[case]
    library = htmldiff(before, after)
    assert "<ins>" not in library
    assert "<del>" not in library
    assert "<ins>" in ours


@pytest.mark.parametrize(
    ("case", "wrong"),
    [("a link's address", "Link: https"), ("a pull quote", "</figcaption> <del>")],
)
def test_the_library_for_this_still_prints_what_nobody_wrote(case, wrong):
    before, after, ours = MARKUP[case]
    assert wrong in htmldiff(before, after)
    assert wrong not in ours


@pytest.mark.parametrize(
    ("before", "after", "html"),
    [
        (
            "<strong><p>One two</p></strong>",
            "<strong><p>One 2</p></strong>",
            (
                "<p><strong>One</strong> <del><strong>two</strong></del> "
                "<ins><strong>2</strong></ins></p>"
            ),
        ),
        ("Loose one two", "Loose one 2", "Loose one <del>two</del> <ins>2</ins>"),
    ],
)
def test_markup_that_the_editor_would_not_make_is_compared_too(before, after, html):
    assert marked_up(before, after) == html
