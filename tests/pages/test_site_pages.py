"""Pages that the desk writes and that are no stories: About, Contact, the policies."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from articles.desk import press, revisions, taxonomy
from articles.desk.revisions import Values
from articles.models import ListRow, Section
from tests.conftest import NOW, PROGRAM
from tests.desk.pressing import do, rewrite

pytestmark = pytest.mark.django_db


@pytest.fixture
def about(published, clock):
    return published("About Us", kind="page", slug="about", body="<p>We began in 1904.</p>")


def test_a_page_stands_at_its_own_word_and_in_no_list(client, about, published):
    published("Harbour Opens")
    page = client.get("/about/").content.decode()
    assert "We began in 1904." in page
    assert "Recent Posts" not in page
    assert not ListRow.objects.filter(story=about.pk).exists()
    for path in ("/", "/world/", "/world/harbour-opens/"):
        body = client.get(path).content.decode().partition('<footer class="foot')[0]
        assert "About Us" not in body, path
    assert client.get("/world/about/").status_code == 404


def test_the_foot_of_every_page_leads_to_the_pages_that_are_public(client, about, write):
    write("Masthead", kind="page", slug="masthead")
    for path in ("/", "/about/", "/corrections/", "/nowhere/"):
        foot = client.get(path).content.decode().partition('<footer class="foot')[2]
        assert '<a href="/about/" dir="auto">About Us</a>' in foot, path
        assert "Masthead" not in foot


def test_a_page_is_scheduled_changed_and_taken_down_as_a_story_is(client, about, clock):
    do("schedule", about, revision=rewrite(about, body="<p>Anew.</p>"), at=NOW + timedelta(hours=1))
    assert "Anew" not in client.get("/about/").content.decode()
    clock.shift(timedelta(hours=1))
    assert "Anew" in client.get("/about/").content.decode()
    do("take_down", about, how="gone", reason="Wrong", authority="The editor")
    assert client.get("/about/").status_code == 410


def test_a_page_takes_no_address_of_the_sites_own(write, world):
    for slug in ("world", "search", "admin"):
        with pytest.raises(ValidationError) as refused:
            write("A Page", kind="page", slug=slug)
        assert "address of the site’s own" in str(refused.value)


def test_a_section_takes_no_address_of_a_page(write, managing_editor):
    write("Ethics", kind="page", slug="ethics")
    with pytest.raises(ValidationError) as refused:
        taxonomy.save(Section(name="Ethics", slug="ethics"), by=managing_editor, now=NOW)
    assert "A page of the site stands at this address." in str(refused.value)


def test_what_readers_had_as_a_story_becomes_no_page_and_a_page_no_story(about, published, world):
    story = published("Harbour Opens")
    for text, kind in ((about, "news"), (story, "page")):
        values = Values(headline=text.headline, section=world.pk, slug=text.slug, kind=kind)
        with pytest.raises(ValidationError) as refused:
            revisions.save(text.pk, values, by=PROGRAM, seen=1, now=NOW)
        assert "Readers have had its address." in str(refused.value)


def test_a_draft_may_become_a_page(client, write, world, clock):
    draft = write("House Style", slug="house-style")
    text = {"headline": "House Style", "body": "<p>Plainly.</p>", "slug": "house-style"}
    values = Values(section=world.pk, kind="page", **text)
    revisions.save(draft.pk, values, by=PROGRAM, seen=1, now=NOW)
    press.publish(draft.pk, revision=2, by=PROGRAM, seen=0, now=NOW)
    assert client.get("/house-style/").status_code == 200
    assert client.get("/world/house-style/").status_code == 404
