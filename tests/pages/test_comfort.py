"""What a page costs a reader, counted in bytes; and what a device is told of the site."""

import re
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders
from lxml import html
from PIL import Image

from articles.pages import manifest, missing

pytestmark = pytest.mark.django_db

MOST_SCRIPT = 4_096  # bytes, as they stand
MOST_OF_A_STORY = 20_000  # bytes, compressed: page, sheet and scripts; without pictures and fonts
MOST_FONTS = 60_000
MOST_REQUESTS = 6  # without pictures
SHEET = Path(finders.find("site/site.css"))
PARAGRAPH = (
    "<p>The five ports that ring the bay signed agreement number {n} on Tuesday, to pay for {n} "
    "kilometres of wall by the length of shore they keep, and not by the size of their budgets.</p>"
)


@pytest.fixture
def sent(client, clock, published, author, topic):
    """The page of a story of a thousand words, among others, as it is sent."""
    for number in range(12):
        published(f"Another Story {number}", body=PARAGRAPH.format(n=number))
    published(
        "Harbour Opens",
        standfirst="After eleven years of talks, five ports will pay.",
        body="".join(PARAGRAPH.format(n=number) for number in range(30)),
        authors=[author.pk],
        tags=[topic.pk],
    )
    return client.get("/world/harbour-opens/").content


def files(sent, found):
    """The static files that a page names, by an XPath to the attribute."""
    return [
        Path(finders.find(address.removeprefix("/static/")))
        for address in html.fromstring(sent).xpath(found)
    ]


def compressed(content):
    return len(brotli.compress(content))


def asked(sent):
    """What a browser has to fetch for a story beside its pictures and fonts."""
    return files(sent, "//script/@src") + files(sent, "//link[@rel='stylesheet']/@href")


def test_all_script_of_a_story_is_4_kb_at_most(sent):
    assert sum(len(file.read_bytes()) for file in files(sent, "//script/@src")) <= MOST_SCRIPT


def test_a_story_is_20_kb_at_most_and_6_requests(sent):
    parts = [sent, *(file.read_bytes() for file in asked(sent))]
    assert sum(compressed(part) for part in parts) <= MOST_OF_A_STORY
    fonts = files(sent, "//link[@as='font']/@href")
    assert len(parts) + len(fonts) <= MOST_REQUESTS


def test_the_fonts_are_60_kb_at_most_and_hold_no_text_back():
    faces = re.findall(r"@font-face\{.*?\}", SHEET.read_text())
    fetched = [face for face in faces if "url(" in face]
    fonts = {SHEET.parent / re.search(r"url\((.*?)\)", face)[1] for face in fetched}
    assert sum(file.stat().st_size for file in fonts) <= MOST_FONTS
    assert all("font-display:swap" in face for face in fetched)


def test_only_the_choice_of_colours_is_read_before_the_sheet(sent):
    head = html.fromstring(sent).find("head")
    names = [
        element.get("src") or element.get("href")
        for element in head.xpath("script[@src and not(@defer)] | link[@rel='stylesheet']")
    ]
    assert names == ["/static/site/comfort.js", "/static/site/site.css"]
    assert len(files(sent, "//script[@src and not(@defer)]/@src")[0].read_bytes()) <= 800


def test_every_page_offers_the_choice(client, clock, sent, rf):
    pages = [sent, *(client.get(path).content for path in ("/", "/world/", "/nowhere/"))]
    pages.append(missing.server_error(rf.get("/")).content)
    for content in pages:
        legends = html.fromstring(content).xpath("//section//fieldset/legend/text()")
        assert legends == ["Colours", "Text size"]
        assert files(content, "//script[not(@defer)]/@src")[0].name == "comfort.js"


def test_a_fault_of_ours_asks_the_database_nothing(rf, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert missing.server_error(rf.get("/")).status_code == 500


def test_the_bar_above_a_page_and_the_manifest_have_the_colours_of_the_paper(sent, rf):
    paper = re.search(r"--paper:light-dark\((#\w+),(#\w+)\)", SHEET.read_text()).groups()
    for content in (sent, missing.server_error(rf.get("/")).content):
        bars = html.fromstring(content).xpath("//meta[@name='theme-color']")
        assert [(bar.get("id"), bar.get("content")) for bar in bars] == list(
            zip(("light", "dark"), paper, strict=True)
        )
    assert paper[0] == manifest.PAPER


def test_a_device_is_told_the_papers_name_and_icons(client, clock, sent, settings):
    settings.SITE_NAME = "Das Käseblatt"
    [address] = html.fromstring(sent).xpath("//link[@rel='manifest']/@href")
    answer = client.get(address)
    told = answer.json()
    assert answer["Content-Type"] == "application/manifest+json"
    assert "manifest-src 'self'" in answer["Content-Security-Policy"]
    assert (told["name"], told["lang"], told["dir"]) == ("Das Käseblatt", "en-gb", "ltr")
    assert (told["start_url"], told["scope"], told["display"]) == ("/", "/", "minimal-ui")
    icons = {icon["sizes"]: icon["src"] for icon in told["icons"]}
    assert set(icons) == {"192x192", "512x512"}
    for sizes, address in icons.items():
        assert size(finders.find(address.removeprefix("/static/"))) == sizes
    [touch] = files(sent, "//link[@rel='apple-touch-icon']/@href")
    assert size(touch) == "180x180"


def size(picture):
    with Image.open(picture) as opened:
        return "{}x{}".format(*opened.size)


def test_the_manifest_is_only_read(client, clock):
    assert client.post("/manifest.webmanifest").status_code == 405
    assert client.head("/manifest.webmanifest").status_code == 200
    assert client.get("/manifest.webmanifest/?x=%00").status_code == 404
