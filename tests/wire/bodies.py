"""Bodies for Hypothesis: all that the desk's editor can make, with the hardest of words."""

import unicodedata

from hypothesis import strategies as st

from articles.wire.prose import Block, Heading, Listing, Mark, Paragraph, Pull, Quote, Run, runs_of

# What Markdown, YAML, HTML or Unicode could take for something else than words.
HARD = [
    *"\\`*_{}[]()<>#+-.!|&~=:;\"'/@^$%, \n\ta1é",
    "**", "__", "~~", "```", "---", "===", "1.", "12)", "- ", "# ", "> ", "![", "](", "  ", "\n\n",
    "&amp;", "&#97;", "&nbsp;", "<br>", "<b>", "[!pull]", "[!note]", "— ", "http://e.com/_a_",
    "\u00a0", "\u3000", "\u200b", "\ufeff", "\u202e", "\u0301", "\u0338", "e\u0301", "“", "”", "’",
    "😀", "👩‍👩‍👧", "—", "עברית", "العربية", "中文", "€", "ﬃ", "ß",
]  # fmt: skip
ADDRESSES = [
    "/world/harbour-opens/", "https://e.com/?a=1&b=(2)&copy;=3#x", "http://e.com/a b", "tel:+1 2",
    "mailto:a@b.example", "", "#top", "a_b*c", "/<x>\\y", " /x ", "/é“”", "/a\nb\tc", "/%20%zz",
    "//e.com", "?q='\"", "/)(", "/[x]", "/!", "/e\u0301",
]  # fmt: skip

_letters = st.characters(
    exclude_categories=["Cc", "Cs", "Cn", "Co"], exclude_characters="\u2028\u2029"
)


def texts(*, most: int = 6) -> st.SearchStrategy[str]:
    """Words as they are stored: in NFC."""
    pieces = st.lists(st.sampled_from(HARD) | _letters, min_size=1, max_size=most)
    return pieces.map(lambda found: unicodedata.normalize("NFC", "".join(found)))


_marks = st.lists(
    st.sampled_from([Mark("strong"), Mark("em")])
    | st.sampled_from(ADDRESSES).map(lambda href: Mark("a", href)),
    max_size=3,
    unique_by=lambda mark: mark.tag,
).map(tuple)
_pieces = st.builds(Run, texts(), _marks) | st.builds(Run, st.just(""), _marks, st.just(True))
_runs = st.lists(_pieces, min_size=1, max_size=5).map(runs_of).filter(bool)
_lines: st.SearchStrategy[Block] = st.builds(Paragraph, _runs) | st.builds(
    Heading, st.sampled_from([2, 3]), _runs
)


def _around(blocks: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    some = st.lists(blocks, min_size=1, max_size=2).map(tuple)
    items = st.lists(st.lists(blocks, max_size=2).map(tuple), min_size=1, max_size=3).map(tuple)
    return (
        st.builds(Quote, some)
        | st.builds(Pull, some, st.just(()) | _runs)
        | st.builds(Listing, st.booleans(), items)
    )


def bodies() -> st.SearchStrategy[tuple[Block, ...]]:
    """Trees in canonical form."""
    blocks = st.recursive(_lines, _around, max_leaves=6)
    return st.lists(blocks, min_size=1, max_size=4).map(tuple)


def markup() -> st.SearchStrategy[str]:
    """HTML of the body's vocabulary, well-formed or not, with words in it."""
    tags = ("p", "h2", "h3", "ul", "ol", "li", "blockquote", "figure", "figcaption", "br", "strong",
            "em", "a", "div", "td")  # fmt: skip
    pieces = [f"<{tag}>" for tag in tags] + [f"</{tag}>" for tag in tags]
    more = ['<figure class="pull">', '<a href="/x">']
    return st.lists(st.sampled_from(pieces + more) | texts(most=3), max_size=14).map("".join)
