"""Which methods public addresses take: whatever would write is refused before it is looked at."""

import pytest
from django.test import Client

from articles import middleware
from tests.conftest import NOW
from tests.pages.test_leaks import ROUTES

pytestmark = pytest.mark.django_db

READING = "GET, HEAD"
WRITING = ("POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "BREW", "OPTIONS")
VALUES = {
    "slug": "harbour-opens", "section": "world", "author": "ilse-hartmann", "tag": "ports", "pk": 1,
    "picture": f"{'0' * 32}.webp", "version": 1,
}  # fmt: skip


@pytest.fixture
def anyone(published, author, topic, clock):
    published("Harbour Opens", at=NOW, authors=[author.pk], tags=[topic.pk])
    return Client(enforce_csrf_checks=True)


def refused(client, address, method):
    answer = client.generic(method, address, b"x=1", "application/x-www-form-urlencoded")
    return answer.status_code, answer.get("Allow"), answer.content


@pytest.mark.parametrize("route", [*ROUTES, "nowhere/", "static/site/site.css"])
def test_no_public_address_is_written_to(anyone, route, django_assert_num_queries):
    addresses = [a.format(**VALUES) for a in ROUTES.get(route, [f"/{route}"])]
    with django_assert_num_queries(0):
        for address in addresses:
            for method in set(WRITING) - set(middleware.TAKES_MORE.get(address, ())):
                allowed = ", ".join([READING, *middleware.TAKES_MORE.get(address, ())])
                assert refused(anyone, address, method) == (405, allowed, b""), (method, address)


def test_an_address_that_takes_a_post_has_it_looked_at_and_no_other_method(anyone):
    for address, more in middleware.TAKES_MORE.items():
        assert more == ("POST",)
        assert refused(anyone, address, "POST")[0] != 405
        assert refused(anyone, address, "DELETE") == (405, f"{READING}, POST", b"")


def test_the_desk_is_written_to(anyone):
    assert refused(anyone, "/admin/", "POST")[0] == 403  # the form's token is missing


def test_every_public_address_may_be_asked_for_its_head(anyone):
    for path in ("/", "/world/", "/author/ilse-hartmann/", "/tag/ports/", "/world/harbour-opens/"):
        answer = anyone.head(path)
        assert (answer.status_code, answer.content) == (200, b""), path
