"""The story page: what stands on it, in which words, and what it leaves out."""

import re
from datetime import timedelta
from html import unescape

import lxml.html
import pytest

from articles.desk import press, revisions, taxonomy
from articles.desk.revisions import Values
from articles.models import Author
from tests.conftest import NOW, PROGRAM

pytestmark = pytest.mark.django_db


def text_of(page):
    """What a reader reads, white space folded."""
    page = re.sub(r"<(script|style|title|svg).*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def read(client, path="/world/harbour-opens/"):
    return client.get(path).content.decode()


def test_the_page_of_a_story(client, published, author, topic, clock):
    published(standfirst="After years.", authors=[author.pk], tags=[topic.pk])
    page = read(client)
    assert page.count("<h1") == 1
    assert "After years." in page
    assert re.search(r'<a[^>]*rel="author"[^>]*href="/author/ilse-hartmann/"', page)
    assert re.search(r'<a[^>]*rel="tag"[^>]*href="/tag/ports/"', page)
    assert "<p>The harbour opened on Tuesday.</p>" in page
    assert "19 June 2026, 10:00" in page
    assert "Updated" not in page
    assert '<html lang="en-gb"' in page
    for landmark in ("<header", "<nav", "<main", "<footer", 'href="#main"'):
        assert landmark in page


def test_authors_sign_in_their_order_and_the_paper_signs_where_there_is_none(
    client, published, clock
):
    names = [Author.objects.create(name=n, slug=n.lower()).pk for n in ("Zed", "Ann")]
    published("Two Sign", authors=names)
    published("Nobody Signs")
    assert "By Zed and Ann" in text_of(read(client, "/world/two-sign/"))
    assert "By The Meridian" in text_of(read(client, "/world/nobody-signs/"))


def test_a_renamed_author_is_shown_by_the_new_name_at_once(client, published, author, clock):
    published(authors=[author.pk])
    author.name = "Ilse Hartmann-Voss"
    taxonomy.save(author, by=PROGRAM, now=NOW)
    assert "Ilse Hartmann-Voss" in read(client)


def test_an_update_shows_its_time_and_an_unpublish_and_return_does_not(client, published, clock):
    story = published()
    values = Values(headline="Harbour Opens", section=story.section_id, body="<p>New.</p>")
    revisions.save(story.pk, values, by=PROGRAM, seen=1, now=NOW)
    press.unpublish(story.pk, reason="It was too early", by=PROGRAM, seen=1, now=NOW)
    press.publish(story.pk, revision=1, by=PROGRAM, seen=2, now=NOW)
    assert "Updated" not in read(client)
    press.publish(story.pk, revision=2, by=PROGRAM, seen=3, now=NOW, change="update")
    assert "Updated 19 June 2026, 12:00" in text_of(read(client))


def test_also_read_shows_the_current_headline_and_vanishes_while_it_is_not_public(
    client, write, published, clock
):
    target = published("Markets Rise")
    hidden = write("Still A Draft")
    published("Main Story", also_read=[hidden.pk, target.pk])
    page = text_of(read(client, "/world/main-story/"))
    assert "Also read: Markets Rise" in page
    assert "Still A Draft" not in page
    values = Values(headline="Markets Fall", section=target.section_id, body=target.body)
    revisions.save(target.pk, values, by=PROGRAM, seen=1, now=NOW)
    press.publish(target.pk, revision=2, by=PROGRAM, seen=1, now=NOW, change="update")
    assert "Also read: Markets Fall" in text_of(read(client, "/world/main-story/"))
    press.unpublish(target.pk, reason="It was too early", by=PROGRAM, seen=2, now=NOW)
    assert "Also read" not in text_of(read(client, "/world/main-story/"))


def test_recent_posts_are_the_six_newest_others_with_excerpt_and_relative_time(
    client, published, clock
):
    long = " ".join(f"word{n}" for n in range(20))
    for hours in range(1, 9):
        published(f"Other {hours}", at=NOW - timedelta(hours=hours), body=f"<p>{long}</p>")
    published("Main Story", at=NOW)
    page = read(client, "/world/main-story/")
    recent = text_of(page[page.index("Recent Posts") : page.index("More from World")])
    assert re.findall(r"Other \d", recent) == [f"Other {n}" for n in range(1, 7)]
    assert "1 hour ago Other 1" in recent
    assert "2 hours ago Other 2" in recent
    assert " ".join(f"word{n}" for n in range(15)) + "…" in recent
    assert "word15" not in recent


def test_a_time_carries_the_exact_moment_for_machines_and_for_a_pointer(client, published, clock):
    published("Other", at=NOW - timedelta(minutes=59))
    published("Main Story", at=NOW)
    page = read(client, "/world/main-story/")
    times = re.findall(r"<time[^>]*>59 minutes ago</time>", page)
    assert times
    assert 'datetime="2026-06-19T11:01:00+05:30"' in times[0]
    assert 'title="19 June 2026, 11:01 IST"' in times[0]


def test_no_hole_is_left_in_any_page(client, published, author, topic, clock):
    published("Other")
    published(authors=[author.pk], tags=[topic.pk])
    for path in ("/", "/world/", "/author/ilse-hartmann/", "/tag/ports/", "/nowhere/"):
        assert "\x00" not in client.get(path).content.decode()


def test_a_pages_length_is_counted_with_its_labels_in_place(client, published, clock):
    published()
    for path in ("/", "/world/", "/world/harbour-opens/", "/nowhere/"):
        answer = client.get(path)
        assert int(answer["Content-Length"]) == len(answer.content)


def test_the_same_page_an_hour_later_has_an_hour_older_labels(client, published, clock):
    published("Other", at=NOW - timedelta(minutes=59, seconds=59))
    published("Main Story", at=NOW)
    assert "59 minutes ago" in read(client, "/world/main-story/")
    clock.shift(timedelta(seconds=1))
    assert "1 hour ago" in read(client, "/world/main-story/")


@pytest.mark.parametrize(
    "headline", ["<script>alert(1)</script>", "Fish & “Chips”", "שלום עולם", "Ferry 🛳️", "{{ 7*7 }}"]
)
def test_a_headline_is_printed_as_typed_in_every_page(client, published, headline, clock):
    published("Main Story", at=NOW)
    published(headline, slug="odd")
    for path in ("/", "/world/", "/world/odd/", "/world/main-story/"):
        page = read(client, path)
        assert headline in unescape(page)
        assert "<script>alert" not in page


def test_public_pages_set_no_cookie_and_carry_a_strict_policy_without_a_nonce(
    client, published, clock
):
    published()
    answer = client.get("/world/harbour-opens/")
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "nonce" not in policy
    page = answer.content.decode()
    assert not re.search(r'<[^>]+\sstyle="', page)
    scripts = re.findall(r"<script([^>]*)>", page)
    inline = [script for script in scripts if " src=" not in script]
    assert inline == [' type="application/ld+json"']  # which no browser runs
    assert not re.search(r"<style|\son[a-z]+=", page)


@pytest.mark.parametrize("kind", ["analysis", "opinion", "review", "explainer"])
def test_a_text_that_is_no_news_says_what_it_is_wherever_its_headline_stands(
    client, published, kind, clock
):
    published("Tides Rise", kind=kind, at=NOW - timedelta(hours=1))
    published("Main Story")
    for path in ("/world/tides-rise/", "/world/main-story/", "/", "/world/"):
        assert f">{kind}<" in read(client, path), path


def test_news_is_not_called_news_and_a_dateline_says_where_it_is_from(client, published, clock):
    published(dateline="Port Varda")
    page = read(client, "/world/harbour-opens/")
    assert ">news<" not in page
    assert "The Meridian in Port Varda" in text_of(page)


def test_a_story_says_how_long_it_takes_to_read_and_who_wrote_it(client, published, author, clock):
    published(authors=[author.pk], body=f"<p>{'word ' * 700}</p>")
    page = text_of(read(client, "/world/harbour-opens/"))
    assert "4 min to read" in page
    assert "Writes of ports." in page


def test_below_a_story_stand_others_of_its_section_that_are_not_among_recent_posts(
    client, published, national, clock
):
    for number in range(8):
        published(f"Abroad {number}", at=NOW - timedelta(days=2, hours=number))
    for number in range(6):
        at = NOW - timedelta(hours=number)
        published(f"At Home {number}", section=national.pk, at=at)
    published("Main Story", at=NOW)
    page = read(client, "/world/main-story/")
    below = text_of(page[page.index("More from World") :])
    assert re.findall(r"Abroad \d", below) == [f"Abroad {n}" for n in range(4)]


def test_a_story_can_be_passed_on_without_anybodys_script(client, published, clock):
    published("Fish & Chips: 50% “off”")
    page = lxml.html.fromstring(client.get("/world/fish-chips-50-off/").content)
    links = [link.get("href") for link in page.cssselect(".share a")]
    address = "http%3A%2F%2Ftestserver%2Fworld%2Ffish-chips-50-off%2F"
    subject = "Fish%20%26%20Chips%3A%2050%25%20%E2%80%9Coff%E2%80%9D"
    assert f"mailto:?subject={subject}&body={address}" in links
    assert "?print" in links


def test_the_print_view_is_the_same_page_without_what_is_not_printed(client, published, clock):
    published()
    plain = client.get("/world/harbour-opens/?print").content.decode()
    assert '<body class="s-world plain">' in plain
    assert "http://testserver/world/harbour-opens/" in plain
    assert "This version:" in plain
