"""What is kept where there is no room for all: what was asked for again, before what was once."""

import pytest

from articles.pages.cache.entries import FOREVER, Entry, Known
from articles.pages.cache.shelves import Shelf

FOR_EVER = Known(1, 0, 0, FOREVER, FOREVER)


def entry(size=1000):
    return Entry(200, (), b"x" * size, size, FOR_EVER)


@pytest.fixture
def shelf():
    """A shelf with room for a hundred entries."""
    return Shelf(100 * entry().size)


def test_an_address_that_is_walked_once_never_pushes_out_one_that_readers_come_back_to(shelf):
    for hot in range(10):
        shelf.put(f"/hot-{hot}/", entry())
        shelf.get(f"/hot-{hot}/")
    for once in range(10_000):
        shelf.put(f"/once-{once}/", entry())
    assert all(shelf.get(f"/hot-{hot}/") for hot in range(10))


def test_a_page_rendered_anew_stays_where_it_was(shelf):
    shelf.put("/hot/", entry())
    shelf.get("/hot/")
    for edition in range(300):
        shelf.put("/hot/", entry(1000 + edition))
        shelf.put(f"/once-{edition}/", entry())
    assert shelf.get("/hot/").length == 1299


def test_the_shelf_never_holds_more_than_its_room(shelf):
    for number in range(2000):
        shelf.put(f"/{number % 700}/", entry(number % 4000))
        shelf.get(f"/{(number * 7) % 700}/")
        if number % 13 == 0:
            shelf.drop(f"/{number % 700}/")
        assert 0 <= shelf.bytes <= shelf.room
    for key in list(shelf._once) + list(shelf._again):
        shelf.drop(key)
    assert (shelf.bytes, len(shelf)) == (0, 0)


def test_what_is_too_large_for_the_shelf_leaves_it_as_it_is(shelf):
    shelf.put("/small/", entry())
    shelf.put("/huge/", entry(shelf.room))
    assert shelf.get("/huge/") is None
    assert shelf.get("/small/")
