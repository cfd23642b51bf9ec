"""Markdown as a body: what it may say, what is refused by name, and how a body is spelled."""

import pytest

from articles import body
from articles.wire import markdown, markdown_out, prose

PULL = '<figure class="pull">{}</figure>'


def to_html(source: str) -> str:
    html, faults = markdown.read(source)
    assert faults == []
    return html


def to_markdown(html: str) -> str:
    return markdown_out.write(prose.from_html(body.clean(html)))


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("", ""),
        ("\n \n", ""),
        ("One\ntwo.\n\nThree.", "<p>One two.</p><p>Three.</p>"),
        ("One\\\ntwo", "<p>One<br>two</p>"),
        ("One  \ntwo", "<p>One<br>two</p>"),
        ("One<br>two<br/>three<br />", "<p>One<br>two<br>three<br></p>"),
        ("## One\n\n### Two", "<h2>One</h2><h3>Two</h3>"),
        ("One\n---", "<h2>One</h2>"),
        (
            "**one** *two* ***three***",
            "<p><strong>one</strong> <em>two</em> <strong><em>three</em></strong></p>",
        ),
        ("[a *b*](/world/ \n)", '<p><a href="/world/">a <em>b</em></a></p>'),
        (
            "<https://e.com/?a=1&b=ü>",
            '<p><a href="https://e.com/?a=1&amp;b=ü">https://e.com/?a=1&amp;b=ü</a></p>',
        ),
        ("[a][x]\n\n[x]: /y", '<p><a href="/y">a</a></p>'),
        ("- one\n- two", "<ul><li><p>one</p></li><li><p>two</p></li></ul>"),
        ("- one\n\n- two", "<ul><li><p>one</p></li><li><p>two</p></li></ul>"),
        ("- one\n  1. two", "<ul><li><p>one</p><ol><li><p>two</p></li></ol></li></ul>"),
        ("-\n- one", "<ul><li><p></p></li><li><p>one</p></li></ul>"),
        ("> one\n>\n> two", "<blockquote><p>one</p><p>two</p></blockquote>"),
        ("1 < 2 & 3 &lt; 4 &nbsp;", "<p>1 &lt; 2 &amp; 3 &lt; 4 &nbsp;</p>"),
    ],
)
def test_markdown_is_read_as_commonmark_says(source: str, html: str) -> None:
    assert to_html(source) == html


@pytest.mark.parametrize(
    ("source", "html"),
    [
        (
            "> [!pull]\n> “We *waited*.”\n>\n> — Tuva",
            "<blockquote><p>“We <em>waited</em>.”</p></blockquote><figcaption>Tuva</figcaption>",
        ),
        ("> [!pull]\n>\n> One.\n>\n> Two.", "<blockquote><p>One.</p><p>Two.</p></blockquote>"),
        ("> [!pull]\n> One\n> — two", "<blockquote><p>One — two</p></blockquote>"),
        (
            "> [!pull]\n> One.\n>\n> — Two\n>\n> Three.",
            "<blockquote><p>One.</p><p>— Two</p><p>Three.</p></blockquote>",
        ),
    ],
)
def test_a_quote_that_begins_with_pull_is_a_pull_quote(source: str, html: str) -> None:
    assert to_html(source) == PULL.format(html)


@pytest.mark.parametrize("source", ["> \\[!pull]\n> One.", "> [!pull] One.", "[!pull]\n\nOne."])
def test_nothing_else_is_a_pull_quote(source: str) -> None:
    assert "figure" not in to_html(source)


@pytest.mark.parametrize(
    ("source", "line", "says"),
    [
        ("One.\n\n# Two", 3, "a heading of this level"),
        ("One.\n\nTwo\n===", 3, "a heading of this level"),
        ("#### Two", 1, "a heading of this level"),
        ("One.\n\n***", 3, "a rule"),
        ("One.\n\n    two", 3, "code, which a line that begins with four spaces is"),
        ("One.\n\n```\ntwo\n```", 3, "code, which stands between lines of ``` or ~~~"),
        ("One\ntwo `three`", 2, "code between backticks"),
        ("One\ntwo\\\nthree ![four](/five.png)", 3, "a picture"),
        ("One.\n\na | b\n--|--\nc | d", 3, "a table"),
        ("One ~~two~~", 1, "struck out words"),
        ("One.\n\n<div>\ntwo\n</div>", 3, "HTML, such as <div>"),
        ("One <b>two</b>", 1, "HTML, such as <b>"),
        ("One <!-- two -->", 1, "HTML, such as <!-- two -->"),
        ("<script>alert(1)</script>", 1, "HTML, such as <script>"),
        ("- One\n- two\n\n3. three", 4, "a list that starts at 3"),
        ("[One](/two 'three')", 1, "a link with a title"),
        ("One\n[two](javascript:alert(1))", 2, "a link to javascript:alert(1)"),
        ("[two](ftp://three)", 1, "a link to ftp://three"),
        ("<file:///etc/passwd>", 1, "a link to file:///etc/passwd"),
        ("One.\n\n[note]: two", 3, "the address of a link that is nowhere"),
        ("One.\n\n> [!note]\n> Two.", 3, "a box such as [!note]"),
        ("> [!pull]", 1, "a pull quote without words"),
        ("&#0;", 1, "a character by its number where no such character is"),
        (">" * 21 + " one", 1, "Lists or quotes in this body are nested more than 20 deep"),
        (">" * 500 + " one", 1, "lists and quotes nested more than 20 deep"),
        ("\n".join("  " * depth + "- one" for depth in range(90)), 30, "nested more than 20"),
    ],
)
def test_what_a_body_may_not_hold_is_named_with_its_line(source: str, line: int, says: str) -> None:
    _html, faults = markdown.read(source)

    assert any(says in fault.says and fault.line == line for fault in faults), faults


def test_every_fault_is_named() -> None:
    _html, faults = markdown.read("# One\n\n`two` ![three](/four)\n\n---")

    assert [fault.line for fault in faults] == [1, 3, 3, 5]


@pytest.mark.parametrize(
    ("html", "source"),
    [
        ("<p>Plain words, “quoted” — tech-driven (1.5 %): done!</p>", None),
        ("<p>*a* _b_ [c] `d` &lt;e&gt; f\\g</p>", "\\*a\\* \\_b\\_ \\[c\\] \\`d\\` \\<e> f\\\\g"),
        ("<p>R&amp;D &amp;amp; &amp;#97;</p>", "R&D \\&amp; \\&#97;"),
        ("<p># a</p><p>- b</p><p>1. c</p><p>2) d</p>", "\\# a\n\n\\- b\n\n1\\. c\n\n2\\) d"),
        ("<p>1.5 a</p><p>2024 b</p>", "1.5 a\n\n2024 b"),
        ("<p>in<strong>ter</strong>nal <em>wo</em>rd</p>", "in**ter**nal *wo*rd"),
        ("<p>a<strong>“b”</strong>c</p>", "&#97;**“b”**&#99;"),
        ("<p><strong> a </strong></p>", "**&#32;a&#32;**"),
        ("<p><strong>a</strong><em>b</em></p>", "**a**_b_"),
        ("<p><em>a</em><strong>b</strong></p>", "_a_**b**"),
        ("<p><strong>a<em>b</em></strong></p>", "**&#97;_b_**"),
        ("<p>a!<a href='/b'>c</a></p>", "a\\![c](/b)"),
        ("<p><a href='/a b(c'>d</a></p>", "[d](</a b(c>)"),
        ("<p>a<br>b</p><h2>c<br>d</h2>", "a\\\nb\n\n## c<br>d"),
        ("<p>a<br></p>", "a<br>"),
        ("<h2>a #</h2>", "## a \\#"),
        ("<ul><li>a</li></ul><ul><li>b</li></ul>", "- a\n\n* b"),
        ("<ul><li><p>a</p><p>b</p></li><li>c</li></ul>", "- a\n\n  b\n\n- c"),
        ("<ol><li>a<ul><li>b</li></ul></li></ol>", "1. a\n   - b"),
        ("<ol><li>a<ul><li></li></ul></li></ol>", "1. a\n\n   -"),
        ("a<ul><li><ul><li><ul><li></ul></ul></ul>", "a\n\n- * -"),
        ("<blockquote><p>[!pull]</p></blockquote>", "> \\[!pull\\]"),
        (PULL.format("a<p>— b</p>"), "> [!pull]\n> a\n>\n> &#8212; b"),
        ("<p> a </p>", "&#32;a&#32;"),
        ("<p>a\nb</p>", "a&#10;b"),
    ],
)
def test_a_body_is_spelled_so_that_it_reads_back(html: str, source: str | None) -> None:
    spelled = to_markdown(html)

    assert spelled == (source or html.removeprefix("<p>").removesuffix("</p>"))
    assert prose.from_html(to_html(spelled)) == prose.from_html(body.clean(html))


@pytest.mark.parametrize(
    ("html", "canonical"),
    [
        ("<p>a</p>\n\n<p>b</p>", "<p>a</p><p>b</p>"),
        ("a<br>b", "<p>a<br>b</p>"),
        ("<p></p><p>a</p><blockquote></blockquote>", "<p>a</p>"),
        (
            "<ul>\n<li>a</li>\n<li><p>b</p></li>\n</ul>",
            "<ul><li><p>a</p></li><li><p>b</p></li></ul>",
        ),
        (
            "<p><em>a<strong>b</strong></em></p>",
            "<p><em>a</em><strong><em>b</em></strong></p>",
        ),
        ("<p><em>a</em><em>b</em></p>", "<p><em>ab</em></p>"),
        ("<p><a>a</a></p>", "<p>a</p>"),
        ("<p>e<em></em>\u0301</p>", "<p>\u00e9</p>"),
        ("<h2>a<p>b</p></h2>", "<h2>a</h2><p>b</p>"),
        ("<strong>a<p>b</p></strong>", "<p><strong>a</strong></p><p><strong>b</strong></p>"),
        ("<li>a</li>", "<p>a</p>"),
        ("<figcaption>a</figcaption>", "<p>a</p>"),
        (
            "<ul>a<ul><li>b</li></ul></ul>",
            "<ul><li><p>a</p><ul><li><p>b</p></li></ul></li></ul>",
        ),
        (
            "<figure>a<figcaption><p>b</p><p>c</p></figcaption></figure>",
            PULL.format("<blockquote><p>a</p></blockquote><figcaption>b<br>c</figcaption>"),
        ),
    ],
)
def test_a_body_that_no_editor_makes_keeps_its_words_in_canonical_form(
    html: str, canonical: str
) -> None:
    tree = prose.from_html(body.clean(html))

    assert prose.to_html(tree) == canonical
    assert to_html(markdown_out.write(tree)) == canonical
