"""The readers' search: what it finds, in which order, what it says, and what it never knows of."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.models import Section
from articles.pages import search
from tests.conftest import NOW
from tests.desk.pressing import HOUR, do, rewrite
from tests.pages.test_leaks import HIDDEN_STATES, TOKEN, hide

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

DAY = timedelta(days=1)


def test_a_story_is_found_by_its_headline_standfirst_and_text(found, published):
    body = "<p>Rope and <em>tar</em>.</p>"
    published("Ferry Returns", standfirst="After a winter.", body=body)
    published("Something Else")
    for words in ("ferry", "winter", "rope tar", "FERRY winter rope", "“ferry”", "rope retur"):
        assert found(words) == ["Ferry Returns"], words
    for words in ("erry", "ferry nothing", "em", "ferr rope"):  # of the last one the beginning
        assert found(words) == [], words


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Übergänge", "ubergange"), ("Čáslav", "caslav"), ("Straße", "STRASSE"), ("Łódź", "lodz"),
        ("Москва", "москва"), ("עִבְרִית", "עברית"), ("हिन्दी", "हिन्दी"), ("港口今天开放", "今天"),
        ("港口今天开放", "放"), ("ข่าววันนี้", "วันนี้"), ("한국어", "한국"), ("Zone 51", "51"),
    ],
)  # fmt: skip
def test_capitals_accents_and_scripts_do_not_matter(found, published, written, typed):
    published(written, slug="a-story")
    published("Something Else")
    assert found(typed) == [written]


def test_a_story_is_found_by_what_readers_see_now(found, published):
    story = published("Ferry Returns", body="<p>On Tuesday.</p>")
    do("publish", story, revision=rewrite(story, body="<p>On Wednesday.</p>"))
    rewrite(story, body="<p>On Thursday.</p>")
    assert found("wednesday") == ["Ferry Returns"]
    assert found("tuesday") == found("thursday") == []


def test_a_scheduled_story_is_found_from_its_second_on(found, write, clock):
    do("schedule", write("Ferry Returns"), revision=1, at=NOW + HOUR)
    clock.move_to(NOW + HOUR - timedelta(microseconds=1))
    assert found("ferry") == []
    clock.move_to(NOW + HOUR)
    assert found("ferry") == ["Ferry Returns"]


def test_words_in_a_row_in_the_headline_come_first_then_in_it_then_in_the_text(found, published):
    def story(headline, ago, body="<p>Nothing.</p>"):
        published(headline, at=NOW - ago * HOUR, body=body)

    story("Late", 1, "<p>The harbour, and a wall.</p>")
    story("Later", 2, "<p>Harbour wall.</p>")
    story("Wall by the Harbour", 3)
    story("New Harbour Walls", 4)
    story("Old Harbour Wall", 5)
    by_fit = ["New Harbour Walls", "Old Harbour Wall", "Wall by the Harbour", "Late", "Later"]
    assert found("harbour wall") == by_fit
    by_date = ["Late", "Later", "Wall by the Harbour", "New Harbour Walls", "Old Harbour Wall"]
    assert found("harbour wall", sort="date") == by_date


def test_what_was_found_is_marked_and_nothing_else_is_markup(searched, published):
    text = "A <b>wet</b> day. " * 20 + "The Zürich & <i>Bern</i> line, <script>alert(1)</script>."
    published("Zürich’s “Ferry” <b>", body=f"<p>{text.replace('<', '&lt;')}</p>", slug="z")
    shown = searched("zurich bern")
    assert "<mark>Zürich</mark>’s “Ferry” &lt;b&gt;</a>" in shown
    assert "The <mark>Zürich</mark> &amp; &lt;i&gt;<mark>Bern</mark>&lt;/i&gt; line" in shown
    assert "<script>alert" not in shown
    snippet = re.search(r'<p class="dek" dir="auto">(.*?)</p>', shown)[1]
    assert snippet.startswith("…")
    assert len(unescape(re.sub("<.*?>", "", snippet))) < 200


def test_a_snippet_of_a_text_without_spaces_is_cut_between_its_letters(searched, published):
    published("港口", body=f"<p>{'天气很好。' * 60}今天港口开放了{'。天气很好' * 60}</p>", slug="g")
    assert "<mark>开放</mark>" in searched("开放")


# --- Narrowing -------------------------------------------------------------------------------


@pytest.fixture
def paper(published, national, author):
    """Stories of a harbour: two of the nation, one of them signed; one of a year ago."""
    published("Harbour One", section=national.pk, authors=[author.pk], at=NOW - 2 * DAY)
    published("Harbour Two", section=national.pk, at=NOW - 40 * DAY)
    published("Harbour Three", at=NOW - 400 * DAY)
    published("Ferry", body="<p>Nothing.</p>")


def facets(shown):
    links = re.findall(r'<li><a href="(/search/[^"]*)"([^>]*)><bdi>(.*?)</bdi>(.*?)</a>', shown)
    return {
        unescape(words): (unescape(path), re.sub(r"\D", "", count), "current" in current)
        for path, current, words, count in links
    }


def test_facets_count_what_is_found_and_lead_to_it(client, searched, paper):
    shown = facets(searched("harbour"))
    assert shown["National"] == ("/search/?q=harbour&section=national", "2", False)
    assert shown["World"][1] == "1"
    assert shown["Ilse Hartmann"][1] == "1"
    assert shown["Any time"][2]
    narrowed = facets(client.get(shown["National"][0]).content.decode())
    assert narrowed["National"][2]
    assert narrowed["World"][1] == "1"  # what the other choice would give
    assert "section=national" in narrowed["Newest first"][0]
    assert "section=" not in narrowed["All"][0]


ALL_THREE = ["Harbour One", "Harbour Two", "Harbour Three"]


@pytest.mark.parametrize(
    ("filters", "headlines"),
    [
        ({"section": "national"}, ["Harbour One", "Harbour Two"]),
        ({"author": "ilse-hartmann"}, ["Harbour One"]),
        ({"section": "world", "author": "ilse-hartmann"}, ["Harbour One"]),  # of world nothing
        ({"from": "2026-06-12"}, ["Harbour One"]),
        ({"from": "2026-01-01", "section": "national"}, ["Harbour One", "Harbour Two"]),
        ({"to": "2025-12-31"}, ["Harbour Three"]),
        ({"from": "2026-06-17", "to": "2026-06-17"}, ["Harbour One"]),
        ({"from": "2026-06-18", "to": "2026-06-16"}, []),
        ({"from": "yesterday", "to": "2026-13-01"}, ALL_THREE),
        ({"section": "nowhere"}, ALL_THREE),
        ({"author": "nobody"}, ALL_THREE),
    ],
)  # fmt: skip
def test_filters_narrow_together_and_what_is_none_is_left_out(found, paper, filters, headlines):
    assert found("harbour", **filters) == headlines


def test_a_day_is_one_of_the_newsrooms_zone(found, published):
    midnight = NOW.replace(hour=18, minute=30) - DAY  # in Asia/Kolkata
    published("Ferry", at=midnight)
    assert found("ferry", **{"from": "2026-06-19", "to": "2026-06-19"}) == ["Ferry"]
    assert found("ferry", to="2026-06-18") == []


def test_what_was_left_out_is_said(searched, paper):
    assert "A date is written so" in searched("harbour", **{"from": "soon"})
    assert "Nothing was found in the section" in searched("harbour", section="nowhere")
    assert "Only the first 10 words" in searched(" ".join(map(str, range(30))))
    assert "no word to look for" in searched("?!")


# --- Pages -----------------------------------------------------------------------------------


def test_pages_hold_twenty_each_and_odd_ones_lead_to_one(client, found, published):
    for n in range(45):
        published(f"Harbour {n}", at=NOW - HOUR - n * timedelta(minutes=1))
    pages = [found("harbour", page=n) for n in (1, 2, 3)]
    assert sum(pages, []) == [f"Harbour {n}" for n in range(45)]
    assert found("harbour", page=99) == pages[2]
    for odd in ("0", "-1", "x", "9" * 30, "٣", ""):
        assert found("harbour", page=odd) == pages[0], odd
    shown = client.get("/search/?q=harbour&page=2").content.decode()
    assert "Page 2 of 3" in shown
    assert 'href="/search/?q=harbour&amp;page=3"' in shown


def test_of_very_many_stories_the_newest_are_shown_and_it_is_said(
    found, searched, published, monkeypatch
):
    monkeypatch.setattr(search, "POOL", 3)
    for n in range(6):
        published(f"Harbour {n}", at=NOW - DAY + n * HOUR)
    assert found("harbour") == [f"Harbour {n}" for n in (5, 4, 3)]
    assert "More than 3 stories; the newest are shown." in searched("harbour")
    assert facets(searched("harbour"))["All"][1] == "3"
    # A word that fills the page by itself is not also looked for as the beginning of others.
    published("Harbours", at=NOW - HOUR, body="<p>Nothing.</p>")
    assert "Harbours" not in found("harbour")
    # What was first published long ago is reached by its days, and is not new because it changed.
    assert found("harbour", to="2026-06-18") != []
    do("publish", published("Harbour 6", at=NOW - 9 * DAY), revision=1)
    assert "Harbour 6" not in found("harbour")


def test_whatever_the_years_between_stories_the_newest_are_found_and_each_once(
    found, published, monkeypatch
):
    # PostgreSQL looks for them in stretches of 23 days, ever more of them at once.
    days = (0, 1, 22, 23, 24, 45, 46, 69, 400, 700, 8_000, 12_000, 40_000)
    for day in days:
        published(f"Harbour {day}", at=NOW - HOUR - day * DAY)
    assert found("harbour") == [f"Harbour {day}" for day in days]
    assert found("harbour", **{"from": "1980-01-01"}) == [f"Harbour {day}" for day in days[:-1]]
    assert found("harbour", to="2025-12-31") == [f"Harbour {day}" for day in days[8:]]
    for pool in range(1, len(days)):
        monkeypatch.setattr(search, "POOL", pool)
        assert found("harbour") == [f"Harbour {day}" for day in days[:pool]]
        assert f"Harbour {days[pool - 1]}" in found("harb")


def test_without_a_word_the_page_offers_what_is_in_the_news(searched, published, topic, author):
    published("Public", tags=[topic.pk], authors=[author.pk])
    for shown in (searched(), searched("zzz")):
        assert '<a href="/tag/ports/" dir="auto">Ports</a>' in shown
        assert '<option value="Ilse Hartmann">' in shown
        assert "Public" in shown
    assert "No story was found for" in searched("zzz")


def test_what_is_found_is_not_for_search_engines_and_every_page_leads_there(client, published):
    published("Public", slug="public")
    shown = client.get("/search/?q=public&page=1&section=world").content.decode()
    assert '<meta name="robots" content="noindex">' in shown
    assert "canonical" not in shown
    assert "noindex" not in (bare := client.get("/search/").content.decode())
    assert re.search(r'<link rel="canonical" href="[^"]*/search/">', bare)
    for path in ("/", "/world/", "/world/public/", "/nowhere/"):
        shown = client.get(path).content.decode()
        assert shown.count('action="/search/"') == 1, path
        # Where the page itself asks, its masthead does not.
        assert ('<a class="find-link" href="/search/">' in shown) == (path != "/nowhere/"), path


# --- What nobody may know of -----------------------------------------------------------------

LOOKED_FOR = ("harbour", TOKEN, "shown", "harb", f"harbour {TOKEN}", f"{TOKEN}a", "headline")


def answers(client):
    addresses = [
        f"/search/?{urlencode({'q': q, **more})}"
        for q in LOOKED_FOR
        for more in ({}, {"sort": "date"}, {"section": f"{TOKEN}s", "author": f"{TOKEN}a"})
    ]
    return [client.get(address).content for address in ["/search/", *addresses]]


@pytest.mark.parametrize("state", [s for s in HIDDEN_STATES if not s.startswith("live")])
def test_a_search_answers_the_same_bytes_whether_a_hidden_story_is_there_or_not(
    client, write, published, monkeypatch, state
):
    monkeypatch.setattr(search, "POOL", 2)  # so that one that was counted would displace another
    for n in range(3):
        published(f"Harbour {n}", at=NOW - DAY + n * HOUR, body="<p>Its headline.</p>")
    before = answers(client)
    hide(state, write, published)
    assert answers(client) == before


def test_a_version_that_is_to_come_or_was_hides_behind_what_is_shown(client, found, published):
    story = published("Shown", body="<p>Of tar.</p>")
    before = answers(client)
    later = rewrite(story, body=f"<p>{TOKEN} harbour</p>")
    do("schedule", story, revision=later, at=NOW + HOUR)
    assert answers(client) == before
    do("cancel", story, NOW + HOUR)
    do("publish", story, revision=later)
    assert found(TOKEN) == [story.headline]
    do("publish", story, revision=1)
    assert found(TOKEN) == []


@pytest.fixture
def as_of(desk_of):
    """What someone finds who reads the site as of a moment."""

    def as_of(user, moment, q):
        browser = desk_of(user)
        browser.post(reverse("as_of"), {"moment": moment.isoformat()})
        shown = browser.get("/search/", {"q": q}).content.decode()
        return re.findall(r'<h2 class="hd hd-3.*?href="(.*?)"', shown, re.DOTALL)

    return as_of


def test_the_site_as_of_a_moment_is_searched_as_of_it(as_of, managing_editor, published):
    story = published("Shown", at=NOW - 3 * HOUR, body="<p>Of tar.</p>", slug="shown")
    do("publish", story, revision=rewrite(story, body="<p>Of rope.</p>"))
    do("schedule", story, revision=rewrite(story, body="<p>Of hemp.</p>"), at=NOW + HOUR)
    for moment, word in ((NOW - HOUR, "tar"), (NOW, "rope"), (NOW + 2 * HOUR, "hemp")):
        found = [q for q in ("tar", "rope", "hemp") if as_of(managing_editor, moment, q)]
        assert found == [word]


def test_what_was_taken_down_since_is_found_as_of_then_by_who_may_take_down_alone(
    as_of, managing_editor, editor, published
):
    story = published("Shown", slug="shown", body="<p>Of tar.</p>")
    do("take_down", story, how="gone", reason="Wrong")
    assert as_of(managing_editor, NOW - HOUR, "tar") == ["/world/shown/"]
    assert as_of(editor, NOW - HOUR, "tar") == []


# --- What it costs ---------------------------------------------------------------------------


def test_a_search_asks_as_many_queries_for_many_stories_as_for_few(client, published, author):
    counts = []
    for n in (2, 30):  # the second time a long word is not also looked for as a beginning
        for m in range(n):
            published(f"Harbour {n} {m}", authors=[author.pk])
        with CaptureQueriesContext(connection) as captured:
            client.get("/search/?q=harbour&section=world&author=ilse-hartmann")
        counts.append(len(captured))
        assert not any("COUNT(" in query["sql"].upper() for query in captured)
    # PostgreSQL is asked each time which days there are.
    assert counts == ([9, 7] if connection.vendor == "postgresql" else [7, 6])


def test_the_sections_of_the_paper_may_be_called_anything(found, published):
    odd = Section.objects.create(name="Ünter & <b>", slug="q")
    published("Harbour", section=odd.pk)
    assert found("harbour", section="q") == ["Harbour"]
