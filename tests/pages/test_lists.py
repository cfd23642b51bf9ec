"""Lists: newest first, 20 a page, deeper by the story one stands at; odd addresses are no fault."""

import re
from datetime import timedelta

import pytest

from articles.models import Section
from tests.conftest import NOW

pytestmark = pytest.mark.django_db

LISTS = ("/world/", "/author/ilse-hartmann/", "/tag/ports/")


@pytest.fixture
def fifty(published, author, topic, clock):
    """Fifty stories of one author and tag, the newest one minute old; some at one moment."""
    return [
        published(
            f"Story {number:02}",
            at=NOW - timedelta(minutes=1 + number // 2),
            authors=[author.pk],
            tags=[topic.pk],
        )
        for number in range(50)
    ]


def headlines(page):
    return re.findall(r"Story \d\d", re.sub(r"<title>.*?</title>", "", page, flags=re.DOTALL))


@pytest.mark.parametrize("path", LISTS)
def test_a_list_is_read_to_its_end_each_story_once_newest_first(client, fifty, path):
    seen, address = [], path
    while address:
        page = client.get(address).content.decode()
        seen += headlines(page)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        address = path + older[1] if older else None
    in_order = sorted(fifty, key=lambda a: (a.list_rows.first().first_published_at, a.pk))
    assert seen == [article.headline for article in reversed(in_order)]


ODD_CURSORS = (
    "0", "-1", str(10**30), "abc", "", "1.5", "٣", "%00", "1%20", str(2**63), "1&before=2",
)  # fmt: skip


@pytest.mark.parametrize("path", LISTS)
def test_an_odd_cursor_is_404_or_the_page_and_never_a_fault(client, fifty, path):
    for before in ODD_CURSORS:
        assert client.get(f"{path}?before={before}").status_code in (200, 404), before


def test_a_story_of_another_list_is_no_cursor(client, fifty, published, national):
    elsewhere = published("Elsewhere", section=national.pk)
    assert client.get(f"/world/?before={elsewhere.pk}").status_code == 404
    assert client.get(f"/national/?before={elsewhere.pk}").status_code == 404  # nothing older
    assert client.get(f"/world/?before={fifty[10].pk}").status_code == 200


def test_unknown_parameters_change_nothing(client, fifty):
    assert client.get("/world/?utm_source=x&page=2").content == client.get("/world/").content


def test_home_shows_the_newest_as_its_lead_and_each_sections_newest(
    client, fifty, published, national
):
    Section.objects.create(name="Empty", slug="empty")
    published("National Story", section=national.pk, at=NOW - timedelta(days=2))
    page = client.get("/").content.decode()
    lead = page.index('class="lead')
    assert page.index("Story 01") > lead
    assert page.count("<h1") == 1
    assert "National Story" in page
    assert 'href="/national/"' in page
    assert "Empty" not in page


def test_an_empty_site_has_a_home(client, clock, db):
    assert client.get("/").status_code == 200


def test_canonical_links_come_from_the_site_url_only(client, fifty):
    page = client.get("/world/", headers={"host": "testserver"}).content.decode()
    assert '<link rel="canonical" href="http://testserver/world/">' in page
    assert client.get("/world/", headers={"host": "evil.example"}).status_code == 400
