"""What pages say of themselves to search engines and to who shares them: the same as they show."""

import json
from datetime import timedelta

import lxml.html
import pytest

from articles.desk import taxonomy
from articles.models import Author
from tests.conftest import NOW, PROGRAM
from tests.desk.pressing import do, rewrite

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def page_at(client):
    """A page as a browser reads it."""
    return lambda path: lxml.html.fromstring(client.get(path).content)


def graph(page):
    """The nodes of a page's JSON-LD, by the last of their types."""
    [script] = page.cssselect("script[type='application/ld+json']")
    nodes = json.loads(script.text)["@graph"]
    return {([t] if isinstance(t := node["@type"], str) else t)[-1]: node for node in nodes}


def shared(page):
    return [(tag.get("property"), tag.get("content")) for tag in page.cssselect("meta[property]")]


@pytest.fixture
def two_authors(author):
    mara = Author(name="Mara Aziz", job_title="Editor", links="https://example.org/mara")
    return [author, taxonomy.save(mara, by=PROGRAM, now=NOW)]


def test_a_story_tells_the_authors_times_and_corrections_that_it_shows(
    page_at, published, two_authors, topic
):
    story = published(authors=[a.pk for a in two_authors], tags=[topic.pk], dateline="Port Varda")
    said = {"change": "correction", "note": "It was Monday. We are sorry."}
    do("publish", story, revision=rewrite(story, body="<p>On Monday.</p>"), **said)
    page = page_at("/world/harbour-opens/")
    told = graph(page)["ReportageNewsArticle"]
    assert told["@type"] == ["NewsArticle", "ReportageNewsArticle"]
    assert told["headline"] == page.cssselect("h1")[0].text_content()
    shown = [(a.text_content(), "http://testserver" + a.get("href")) for a in page.cssselect(".by")]
    assert [(author["name"], author["url"]) for author in told["author"]] == shown
    assert {author["@type"] for author in told["author"]} == {"Person"}
    assert told["author"][1]["jobTitle"] == "Editor"
    assert told["author"][1]["sameAs"] == ["https://example.org/mara"]
    times = [time.get("datetime") for time in page.cssselect(".meta time[datetime]")]
    assert [told["datePublished"], told["dateModified"]] == times
    assert told["datePublished"].endswith("+05:30")
    [correction] = told["correction"]
    assert correction["text"] == page.cssselect(".fix .note")[0].text_content().strip()
    assert correction["datePublished"] == page.cssselect(".fix time")[0].get("datetime")
    assert told["dateline"] == "Port Varda"
    assert told["keywords"] == ["Ports"]
    assert told["mainEntityOfPage"] == page.cssselect("link[rel=canonical]")[0].get("href")


@pytest.mark.parametrize(
    ("kind", "type_"),
    [
        ("news", "ReportageNewsArticle"), ("analysis", "AnalysisNewsArticle"),
        ("opinion", "OpinionNewsArticle"), ("review", "ReviewNewsArticle"),
        ("explainer", "BackgroundNewsArticle"),
    ],
)  # fmt: skip
def test_the_type_of_an_article_follows_its_kind(page_at, published, kind, type_):
    published(kind=kind)
    assert type_ in graph(page_at("/world/harbour-opens/"))


def test_a_story_without_an_author_is_by_the_paper(page_at, published):
    published()
    [author] = graph(page_at("/world/harbour-opens/"))["ReportageNewsArticle"]["author"]
    assert (author["@type"], author["name"]) == ("NewsMediaOrganization", "The Meridian")


def test_no_word_of_a_story_ends_the_script_that_tells_of_it(client, published):
    published("</script><!-- <script> & end", slug="odd", standfirst="</SCRIPT>")
    html = client.get("/world/odd/").content.decode()
    data = html.partition('ld+json">')[2].partition("</script>")[0]
    assert not set(data) & set("<>&\u2028")
    told = graph(lxml.html.fromstring(html))["ReportageNewsArticle"]
    assert told["headline"] == "</script><!-- <script> & end"


def test_the_publisher_names_the_policies_that_are_public(page_at, published, write):
    published("Our Ethics", kind="page", slug="ethics-policy")
    published("Write to Us", kind="page", slug="contact")
    write("Who Owns Us", kind="page", slug="ownership")
    told = graph(page_at("/"))["NewsMediaOrganization"]
    assert told["ethicsPolicy"] == "http://testserver/ethics-policy/"
    assert told["correctionsPolicy"] == "http://testserver/corrections/"
    assert told["contactPoint"]["url"] == "http://testserver/contact/"
    assert "ownershipFundingInfo" not in told


def test_the_way_to_a_page_is_told_step_by_step(page_at, published, author):
    published(authors=[author.pk])
    steps = graph(page_at("/world/harbour-opens/"))["BreadcrumbList"]["itemListElement"]
    assert [(step["position"], step["name"], step["item"]) for step in steps] == [
        (1, "The Meridian", "http://testserver/"),
        (2, "World", "http://testserver/world/"),
        (3, "Harbour Opens", "http://testserver/world/harbour-opens/"),
    ]
    person = graph(page_at("/author/ilse-hartmann/"))["ProfilePage"]["mainEntity"]
    assert (person["name"], person["description"]) == ("Ilse Hartmann", "Writes of ports.")


def test_a_card_of_a_shared_page_has_its_title_address_and_times(page_at, published, topic):
    published("Fish & Chips", tags=[topic.pk], standfirst="Dear “friends”.", slug="fish")
    card = shared(page_at("/world/fish/"))
    assert ("og:title", "Fish & Chips") in card
    assert ("og:description", "Dear “friends”.") in card
    assert ("og:type", "article") in card
    assert ("og:url", "http://testserver/world/fish/") in card
    assert ("og:locale", "en_GB") in card
    assert ("article:tag", "Ports") in card
    assert dict(card)["article:published_time"] == "2026-06-19T10:00:00+05:30"
    assert ("og:type", "website") in shared(page_at("/"))


def test_what_is_for_no_search_engine_says_so(page_at, published):
    published()
    robots = {
        path: page_at(path).cssselect("meta[name=robots]")[0].get("content")
        for path in ("/", "/world/", "/world/harbour-opens/", "/nowhere/")
    }
    assert robots.pop("/nowhere/") == "noindex"
    assert set(robots.values()) == {"max-image-preview:large"}


def test_a_story_that_is_to_come_is_told_by_no_machine(page_at, client, published, write):
    published()
    story = write("Tomorrow", slug="tomorrow")
    do("schedule", story, revision=1, at=NOW + timedelta(hours=1))
    for path in ("/", "/world/", "/world/harbour-opens/"):
        assert "Tomorrow" not in client.get(path).content.decode()
