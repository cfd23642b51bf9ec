"""One entry a page: what a query may hold that no page has changes nothing, whatever it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.pages.cache.addresses import canonical

PATHS = ("/", "/world/", "/world/harbour-opens/", "/rss.xml", "/archive/2026/", "/search/")


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("/", "/"),
        ("/?utm_source=mail&page=3", "/"),
        ("/world/?before=12&x=1", "/world/?before=12"),
        ("/world/?before=0012", "/world/?before=12"),
        ("/world/?before=twelve", "/world/?before=0"),
        ("/world/?before=3&before=4", "/world/?before=4"),
        ("/tag/ports/?before=12&print", "/tag/ports/?before=12"),
        ("/world/harbour/?print=yes", "/world/harbour/?print="),
        ("/world/harbour/?before=12", "/world/harbour/"),
        ("/world/harbour/versions/?before=3", "/world/harbour/versions/?before=3"),
        ("/world/harbour/versions/3/?before=3", "/world/harbour/versions/3/"),
        ("/search/?sort=date&q=a+b", "/search/?q=a+b&sort=date"),
        ("/search/?q=%C3%A9", "/search/?q=%C3%A9"),
        ("/rss.xml?before=12", "/rss.xml"),
        ("/api/stories/?tag=ports&fresh=1", "/api/stories/?tag=ports"),
        ("/archive/2026/06/19/?before=5", "/archive/2026/06/19/?before=5"),
        ("/archive/2026/06/?before=5", "/archive/2026/06/"),
    ],
)
def test_of_a_query_only_what_a_page_has_is_kept(asked, kept):
    path, _mark, query = asked.partition("?")
    assert canonical(path, query).key == kept


@given(
    path=st.sampled_from(PATHS),
    query=st.text(st.characters(codec="latin-1"), max_size=60).filter(lambda s: "?" not in s),
)
def test_whatever_stands_in_a_query_its_address_is_its_own(path, query):
    once = canonical(path, query)
    assert canonical(path, once.query).key == once.key


@pytest.mark.parametrize(
    ("query", "is_old"),
    [("p=123", True), ("utm_source=x", False), ("fbclid=1&gclid=2", False), ("", False)],
)
def test_what_may_be_an_address_of_another_system_is_told_from_how_a_reader_came(query, is_old):
    assert bool(canonical("/", query).old) is is_old
