"""Parts of pages that are printed once: another value, another day or language prints them anew."""

from datetime import timedelta

import pytest
from django.template import engines
from django.utils.translation import override
from lxml import html

from articles.desk import taxonomy
from articles.models import Publication, Section
from articles.pages.cards import Card
from tests.conftest import NOW, PROGRAM
from tests.desk.pressing import do, rewrite

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

CHANGED = {
    "headline": "Harbour Shuts",
    "standfirst": "It shut again.",
    "kind": "analysis",
}


def latest(client):
    """The list of a section as it is printed."""
    page = html.fromstring(client.get("/world/").content)
    return " ".join(page.cssselect("main")[0].text_content().split())


@pytest.mark.parametrize("name", CHANGED)
def test_a_list_shows_each_change_of_a_story(client, published, name):
    story = published("Harbour Opens", standfirst="It opened.", kind="news")
    before = latest(client)
    do("publish", story, revision=rewrite(story, **{name: CHANGED[name]}), change="update")
    after = latest(client)
    assert CHANGED[name].title() in after.title()
    assert CHANGED[name].title() not in before.title()


def test_a_headline_is_escaped_in_every_part(client, published):
    published("A <b>bold</b> & “odd” headline")
    page = client.get("/world/").content.decode()
    assert "&lt;b&gt;bold&lt;/b&gt; &amp; “odd”" in page
    assert "<b>bold" not in page


def test_the_masthead_says_the_day_the_sections_and_what_they_are_called(client, published, clock):
    published("One")
    page = client.get("/").content.decode()
    assert "Friday, 19 June 2026" in page
    clock.shift(timedelta(days=1))
    world = Section.objects.get(slug="world")
    world.name = "The World"
    taxonomy.save(world, by=PROGRAM, now=NOW + timedelta(days=1))
    page = client.get("/").content.decode()
    assert "Saturday, 20 June 2026" in page
    assert page.count(">The World</a>") == 3  # masthead, block and footer


def test_a_part_is_printed_in_the_language_that_is_asked_for():
    part = engines["django"].from_string('{% load reader %}{% kept "pages/_comfort.html" %}')
    said = {}
    for language in ("en-gb", "de"):
        with override(language):
            said[language] = part.render()
    assert "Dark" in said["en-gb"]
    assert "Dunkel" in said["de"]


def test_a_part_of_a_story_has_of_it_what_a_card_has(published):
    published("One")
    story = Publication.objects.get()
    part = engines["django"].from_string(
        '{% load reader %}{% kept "pages/_teaser.html" story=story heading="h2" size="hd-2" %}'
    )
    assert part.render({"story": story}) == part.render({"story": Card.of(story)})
