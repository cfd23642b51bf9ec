"""Whatever is searched for gives a page that says what was said, and marks what it found."""

import re
from html import unescape

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import example, given, settings
from hypothesis import strategies as st

from articles.pages import snippets
from articles.text import clean_text
from articles.words import finds, places_of, words_in, words_of

ODD = [
    '"', '""', "'", '" OR "', "harbour AND", "NOT harbour", "NEAR(a b)", "NEAR/2", "words:harbour",
    "^harbour", "harbour*", "* - + ( )", "-harbour", "\0", "har\0bour", "\x0012345\x00", "?!…—",
    "\\", "%_%", "a" * 10_000, "harbour " * 2_000, "\u202egnp.exe", "<script>alert(1)</script>",
    "'; DROP TABLE articles_publication; --", "&|!:*", "<->", "a:*", "'a' & b", "́́́", "\u0301",
    "１２３", "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1eb\U0001f1f7",
    "مرحبا بالعالم", "שלום", "ﷺ", "ß", "İ", "Ǆ", "½",
    "\ufffe", "\U000e0041", "{{ 7 }}", "{% now %}", "\r\nSet-Cookie: a=b", "{}", "{0}", "%s",
]  # fmt: skip
RAW = [
    "q=%ED%A0%80", "q=%FF%FE", "q=%00", "q", "q=&q=", "q=a&q=b", "q[]=a", "q=%", "q=%zz", "?q=a",
    "page=%00&q=a", "from=%00&to=%00&q=a", "section=%00&author=%00&q=a", "sort=%00&q=a",
    "from=0001-01-01&to=9999-12-31&q=a", "from=1890-01-01&q=a", "to=0002-01-01&q=a",
    "to=9998-12-31&q=a", "from=٢٠٢٦-٠١-٠١&q=a",
    f"page={'9' * 4000}&q=a", f"author={'a' * 5000}&section={'b' * 5000}&q=a",
]  # fmt: skip


@pytest.fixture
def paper(published, author, topic, clock):
    published("Harbour Opens", authors=[author.pk], tags=[topic.pk], standfirst="At last: a12.")


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ODD, ids=range(len(ODD)))
def test_whatever_is_typed_gives_a_page(client, paper, typed):
    shown = client.get("/search/", {"q": typed}).content.decode()
    assert '<h1 class="hd-2">Search</h1>' in shown
    assert "\0" not in shown
    assert "<script>alert" not in shown


@pytest.mark.django_db
@pytest.mark.parametrize("query", RAW, ids=range(len(RAW)))
def test_whatever_an_address_says_gives_a_page(client, paper, query):
    assert client.get(f"/search/?{query}").status_code == 200


@pytest.mark.django_db
def test_no_query_is_a_fault(paper):
    client = Client()

    @settings(deadline=None)
    @given(q=st.text(max_size=80), more=st.text(max_size=10), page=st.integers(-2, 10**9))
    @example(q="’", more="", page=1)
    def search(q, more, page):
        asked = {"q": q, "section": more, "author": more, "from": more, "page": page}
        answer = client.get("/search/", asked)
        assert answer.status_code == 200
        assert "\0" not in answer.content.decode()

    search()


@pytest.mark.django_db
def test_a_story_is_found_by_its_own_words_and_they_are_marked(published, clock):
    client = Client()
    story = published("Harbour Opens", slug="a")

    @settings(deadline=None, max_examples=30)
    @given(st.lists(st.sampled_from(list(words_in(story.headline + " the harbour tuesday")))))
    @example(["harbour"] * 24 + ["opens"] * 2)  # longer than what is asked of the index
    def search(words):
        shown = client.get("/search/", {"q": " ".join(words)}).content.decode()
        marked = {unescape(m).lower() for m in re.findall("<mark>(.*?)</mark>", shown)}
        assert bool(words) == ("/world/a/" in shown and "<mark>" in shown)
        assert marked <= set(words) | {"harbour", "opens", "tuesday", "the"}

    search()


texts = st.text(max_size=60).map(lambda s: s.translate(dict.fromkeys(range(0xD800, 0xE000))))
mixed = st.text(st.sampled_from("aAäßИ港口天ก́ि'\u0301\u00a0 .-_’ﬁ½한1²🇫🇷"), max_size=40)


@settings(deadline=None)
@given(st.one_of(texts, mixed))
def test_what_is_marked_of_a_text_is_what_the_index_holds_of_it(text):
    for word in set(words_in(text)):
        places = places_of((word,), text)
        held = {other for other in words_in(text) if finds((word,), other)}
        assert all(0 <= start < end <= len(text) for start, end in places)
        assert all(a[1] <= b[0] for a, b in zip(places, places[1:], strict=False))
        assert bool(held) >= bool(places)


@settings(deadline=None)
@given(st.one_of(texts, mixed), mixed)
@example("<mark>", "mark")
def test_a_snippet_shows_the_texts_own_words_escaped(text, query):
    try:
        text = clean_text(text)
    except ValidationError:
        return  # no text of a story
    words = words_of(query)
    if not words:
        return
    html = str(snippets.snippet(words, text, ""))
    plain = unescape(html.replace("<mark>", "").replace("</mark>", ""))
    assert plain.strip("…") in " ".join(text.split()) + "…"
    assert "<" not in html.replace("<mark>", "").replace("</mark>", "")
    assert (
        unescape(str(snippets.marked(words, text)).replace("<mark>", "").replace("</mark>", ""))
        == text
    )
