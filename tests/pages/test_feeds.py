"""Feeds: the stories of the list's page, readable whatever they hold, and never a wrong 304."""

import re
from datetime import timedelta
from html import unescape
from itertools import product

import pytest
from django.core.exceptions import ValidationError
from django.utils.http import http_date
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from articles.desk import press, revisions, taxonomy
from articles.desk.revisions import Values
from articles.models import Author, Publication, Section
from articles.pages import cards
from articles.pages.feeds import EXCERPTS, FORMATS, FULL
from tests.conftest import NOW, PROGRAM
from tests.desk.pressing import HOUR, do, rewrite
from tests.pages.reading_feeds import JSON, XML, parsed, read
from tests.pages.test_lists import headlines

pytestmark = pytest.mark.django_db

LISTS = ("/", "/world/", "/author/ilse-hartmann/", "/tag/ports/")
FEEDS = [f"{path}{file}" for path, file in product(LISTS, FORMATS)]
BODY = '<p>The <a href="/world/tides/?a=1&amp;b=2#x">harbour</a> opened on Tuesday.</p>'


@pytest.fixture
def story(published, author, topic, clock):
    return published(
        "Harbour & Sons’ <Pier> Opens",
        slug="harbour-opens",
        standfirst="Ships & tides, “all” of them <today>.",
        body=BODY,
        authors=[author.pk],
        tags=[topic.pk],
    )


@pytest.fixture
def entries(client):
    """The stories of a feed, by its address."""

    def entries(address):
        answer = client.get(address)
        assert answer.status_code == 200, address
        return read(answer.content, address.rpartition("/")[2])

    return entries


def ids(found):
    return [entry.id for entry in found]


# --- What stands in a feed -------------------------------------------------------------------


@pytest.mark.parametrize("address", FEEDS)
def test_a_story_stands_in_each_feed_of_its_lists_with_all_that_readers_need(
    entries, story, address
):
    [entry] = entries(address)
    assert entry.title == "Harbour & Sons’ <Pier> Opens"
    assert entry.url == "http://testserver/world/harbour-opens/"
    assert unescape(entry.summary) == "Ships & tides, “all” of them <today>."
    assert entry.published == entry.updated == NOW - 2 * HOUR
    assert entry.authors == ["Ilse Hartmann"]
    assert entry.subjects == ["World", "Ports"]
    if FORMATS[address.rpartition("/")[2]].is_full:
        assert "opened on Tuesday" in entry.content
        assert "Ships &amp; tides" in entry.content
    else:
        assert "opened on Tuesday" not in repr(entry)


@pytest.mark.parametrize("file", XML)
def test_an_ampersand_of_a_headline_is_escaped_once(client, story, file):
    content = client.get(f"/{file}").content.decode()
    assert "<title>Harbour &amp; Sons’ &lt;Pier&gt; Opens</title>" in content


@pytest.mark.parametrize("path", LISTS)
def test_a_feed_has_the_stories_of_the_lists_first_page_in_its_order(
    client, entries, published, author, topic, clock, path
):
    known = {"authors": [author.pk], "tags": [topic.pk]}
    for number in range(23):
        at = NOW - timedelta(minutes=1 + number // 2)
        published(f"Story {number:02}", at=at, **known)
    shown = headlines(client.get(path).content.decode())
    for file in FORMATS:
        titles = [entry.title for entry in entries(f"{path}{file}")]
        assert len(titles) == cards.STORIES_A_PAGE
        if path != "/":  # home shows the newest in an order of its own
            assert titles == shown
        assert titles[:2] == ["Story 01", "Story 00"]


def test_two_authors_are_two_and_no_author_is_the_paper(entries, published, author, topic, clock):
    second = Author.objects.create(name="Tomas & Lindqvist", slug="tomas")
    published("Two", authors=[author.pk, second.pk])
    published("None", at=NOW - HOUR)
    for file in FORMATS:
        none, two = entries(f"/{file}")
        assert two.authors == ["Ilse Hartmann", "Tomas & Lindqvist"]
        assert none.authors == ["The Meridian"]


def test_the_first_and_the_last_change_are_told_apart_and_a_typo_is_none(entries, story):
    do("publish", story, revision=rewrite(story, body="<p>Two.</p>"), now=NOW - HOUR)
    fixed = rewrite(story, body="<p>Two!</p>")
    do("publish", story, revision=fixed, now=NOW, change="typo", sure="One sign")
    for file in FORMATS:
        [entry] = entries(f"/{file}")
        assert entry.published == NOW - 2 * HOUR
        assert entry.updated == NOW - HOUR


@pytest.mark.parametrize("file", FORMATS)
def test_no_address_in_a_feed_is_relative(client, story, file):
    content = unescape(unescape(client.get(f"/world/{file}").content.decode()))
    assert (
        set(re.findall(r"""(?:href|src)=\\?["'](?!http://testserver/)([^"']*)""", content)) == set()
    )
    if FORMATS[file].is_full:
        assert "http://testserver/world/tides/?a=1&b=2#x" in content


@pytest.mark.parametrize("file", XML)
def test_a_feed_in_xml_says_whose_it_is_in_which_language_and_where_it_stands(client, story, file):
    feed = parsed(client.get(f"/world/{file}").content, file).feed
    assert (feed.title, feed.language) == ("World | The Meridian", "en-gb")
    assert feed.link == "http://testserver/world/"
    itself = [link.href for link in feed.links if link.rel == "self"]
    assert itself == [f"http://testserver/world/{file}"]
    assert feed.subtitle


@pytest.mark.parametrize("file", JSON)
def test_a_json_feed_says_whose_it_is_in_which_language_and_where_it_stands(client, story, file):
    feed = client.get(f"/world/{file}").json()
    assert list(feed)[0] == "version"
    assert (feed["title"], feed["language"]) == ("World | The Meridian", "en-gb")
    assert feed["home_page_url"] == "http://testserver/world/"
    assert feed["feed_url"] == f"http://testserver/world/{file}"


def test_each_format_is_answered_as_its_type(client, story):
    types = {file: client.get(f"/{file}")["Content-Type"] for file in FORMATS}
    assert types == {file: form.mime for file, form in FORMATS.items()}


def test_the_site_has_feeds_before_its_first_story(entries, clock):
    for file in FORMATS:
        assert entries(f"/{file}") == []


# --- Ids -------------------------------------------------------------------------------------


def test_a_storys_id_is_one_in_all_feeds_and_stays_when_its_address_changes(
    entries, story, national
):
    before = {entry.id for address in FEEDS for entry in entries(address)}
    assert before == {f"tag:testserver,2026:story/{story.pk}"}
    moved = rewrite(story, slug="pier-opens", section=national.pk)
    do("publish", story, revision=moved, now=NOW)
    [entry] = entries("/rss.xml")
    assert entry.url == "http://testserver/national/pier-opens/"
    after = {entry.id for file in FORMATS for entry in entries(f"/national/{file}")}
    assert after == before


def test_an_id_is_no_address_to_follow(client, story):
    assert '<guid isPermaLink="false">tag:' in client.get("/rss.xml").content.decode()


# --- What is not there -----------------------------------------------------------------------


def test_a_list_without_a_page_has_no_feed(client, story):
    Section.objects.create(name="Empty", slug="empty")
    for path in ("/empty/", "/nowhere/", "/author/nobody/", "/tag/nothing/", "/national/"):
        assert client.get(path).status_code == 404
        assert {client.get(f"{path}{file}").status_code for file in FORMATS} == {404}


@pytest.mark.parametrize("path", ["/feed.xml", "/rss.xml/", "/world/rss.xml/", "/feeds/rss.xml"])
def test_what_looks_like_a_feed_and_is_none_is_404(client, story, path):
    assert client.get(path).status_code == 404


def test_a_merged_tags_feed_leads_to_that_of_its_heir(client, story, topic):
    heir = taxonomy.save(taxonomy.Tag(name="Harbours"), by=PROGRAM, now=NOW)
    taxonomy.merge_tag(topic.pk, heir.pk, reason="One topic", by=PROGRAM, now=NOW)
    for file in FORMATS:
        answer = client.get(f"/tag/ports/{file}")
        assert (answer.status_code, answer["Location"]) == (301, f"/tag/harbours/{file}")
        assert client.get(f"/tag/harbours/{file}").status_code == 200


def test_odd_parameters_change_nothing(client, story):
    assert client.get("/rss.xml?before=1&x=%00").content == client.get("/rss.xml").content


def test_an_embargoed_story_comes_to_its_second_and_one_taken_down_goes_at_once(
    entries, story, write, clock
):
    coming = write("Tomorrow", slug="tomorrow", authors=[], tags=[])
    do("embargo", coming, until=NOW + HOUR, reason="Agreed")
    do("schedule", coming, revision=1, at=NOW + HOUR)
    for t, titles in ((HOUR - timedelta(microseconds=1), 1), (HOUR, 2)):
        clock.move_to(NOW + t)
        assert {len(entries(f"/world/{file}")) for file in FORMATS} == {titles}
    do("take_down", story, how="gone", reason="A name", now=NOW + HOUR)
    for file in FORMATS:
        assert [entry.title for entry in entries(f"/world/{file}")] == ["Tomorrow"]


# --- Whether it changed ----------------------------------------------------------------------


@pytest.fixture
def asks_again(client):
    """A reader who holds a feed, and asks for it again in one of two ways."""

    def asks_again(address, held, *, by):
        header = {
            "etag": {"If-None-Match": held["ETag"]},
            "date": {"If-Modified-Since": http_date((NOW + HOUR).timestamp())},
        }[by]
        return client.get(address, headers=header)

    return asks_again


@pytest.mark.parametrize("address", FEEDS)
def test_who_holds_a_feed_gets_304_while_it_is_the_same(client, story, clock, address):
    held = client.get(address)
    clock.shift(timedelta(minutes=5))  # time alone changes nothing
    for tags in (held["ETag"], f'"other", W/{held["ETag"]}', "*"):
        again = client.get(address, headers={"If-None-Match": tags})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", held["ETag"])
    for tags in ('"other"', "odd", "", "\x00"):
        assert client.get(address, headers={"If-None-Match": tags}).status_code == 200
    assert re.fullmatch(r'"[0-9a-f]{32}"', held["ETag"])
    head = client.head(address)
    assert (head.status_code, head["ETag"], head.content) == (200, held["ETag"], b"")


CHANGES = {
    "the newest is taken down": lambda s: do("take_down", s[0], how="gone", reason="A name"),
    "an older one is taken down": lambda s: do("take_down", s[1], how="gone", reason="A name"),
    "one vanishes": lambda s: do("take_down", s[1], how="vanished", reason="A name"),
    "one is unpublished": lambda s: do("unpublish", s[1], reason="Too early"),
    "one with an older date appears": lambda s: appear(s[2]),
    "one is corrected": lambda s: do(
        "publish",
        s[1],
        revision=rewrite(s[1], body="<p>Else.</p>"),
        change="correction",
        note="So.",
    ),
    "a typo is fixed": lambda s: do(
        "publish", s[1], revision=rewrite(s[1], headline="Oldre Story"), change="typo", sure="Yes"
    ),
    "its section is renamed": lambda s: rename(s[0].section, "Globe"),
    "its author is renamed": lambda s: rename(Author.objects.get(), "Ilse Weber"),
    "nothing but the clock moves, and one ends": lambda s: None,
}


def appear(story):
    """As after an outage: published now, in the place of an hour ago."""
    press.publish(story.pk, revision=1, by=PROGRAM, seen=0, now=NOW - 3 * HOUR)


def rename(named, name):
    named.name = name
    taxonomy.save(named, by=PROGRAM, now=NOW)


@pytest.mark.parametrize("by", ["etag", "date"])
@pytest.mark.parametrize("change", CHANGES)
def test_no_change_is_kept_from_who_holds_a_feed(
    client, asks_again, published, write, author, clock, change, by
):
    known = {"authors": [author.pk]}
    stories = [published("Newest Story", at=NOW - HOUR, **known), published("Older Story", **known)]
    ending = published("Ending", **known)
    do("set_end", ending, at=NOW + timedelta(minutes=1))
    stories.append(write("Backdated", **known))
    held = {file: client.get(f"/world/{file}") for file in FORMATS}
    clock.move_to(NOW + timedelta(seconds=30))
    CHANGES[change](stories)
    if "clock" in change:
        clock.move_to(NOW + timedelta(minutes=1))
    for file in FORMATS:
        answer = asks_again(f"/world/{file}", held[file], by=by)
        assert answer.status_code == 200, file
        assert answer.content != held[file].content, file
        assert "Last-Modified" not in answer


def test_a_date_alone_never_gives_304(client, story):
    for date in ("Fri, 19 Jun 2026 06:30:00 GMT", "Fri, 01 Jan 2038 00:00:00 GMT", "odd"):
        for header in ("If-Modified-Since", "If-Unmodified-Since"):
            assert client.get("/rss.xml", headers={header: date}).status_code == 200


# --- Whatever a story holds ------------------------------------------------------------------

ANY = st.text(st.characters(exclude_categories=()), min_size=1, max_size=60)
MARKUP = st.sampled_from(
    ["<p>{}</p>", "<blockquote><p>{}</p></blockquote>", '<p><a href="{}">x</a></p>', "{}", "<p>{}"]
)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(title=ANY, standfirst=ANY, words=ANY, markup=MARKUP)
@example(
    title="a]]>b &amp; <c>", standfirst="]]>", words="//[x", markup='<p><a href="{}">x</a></p>'
)
@example(title="\u202e🇩🇪\u2028", standfirst="\x0b", words="&#x0b;\x85", markup="<p>{}</p>")
@pytest.mark.usefixtures("clock", "world")
def test_a_story_of_any_words_leaves_every_feed_readable(client, title, standfirst, words, markup):
    try:
        values = Values(
            headline=title,
            standfirst=standfirst,
            body=markup.format(words),
            section=Section.objects.get(slug="world").pk,
        )
        story = revisions.create(values, by=PROGRAM, now=NOW)
        press.publish(story.pk, revision=1, by=PROGRAM, seen=0, now=NOW)
    except ValidationError:
        return  # the gate's answer to what no text may hold
    headline = Publication.objects.get(article=story.pk).headline
    for file in FORMATS:
        found = read(client.get(f"/{file}").content, file)
        assert found[0].id.endswith(f"/{story.pk}")
        assert " ".join(found[0].title.split()) == " ".join(headline.split())


def test_what_no_text_may_hold_leaves_every_feed_readable(entries, client, story):
    Publication.objects.update(headline="A\x0bB\ufffeC\x1bD")
    for file in XML:
        assert [entry.title for entry in entries(f"/{file}")] == ["ABCD"]
    for file in JSON:
        assert len(entries(f"/{file}")) == 1


# --- Where they are found --------------------------------------------------------------------

LINK = re.compile(r'<link rel="alternate"\s+type="([^"]+)"\s+title="([^"]+)"\s+href="([^"]+)">')


def found_on(client, path):
    return LINK.findall(client.get(path).content.decode())


def test_every_page_names_the_sites_feeds_and_a_lists_page_its_own_first(client, story):
    of_site = [
        (form.mime, f"The Meridian ({form.name})", f"http://testserver/{form.file}")
        for form in FULL
    ]
    for path in ("/", "/corrections/", "/world/harbour-opens/", "/nowhere/", "/feeds/"):
        assert found_on(client, path) == of_site, path
    for path, name in (
        ("/world/", "World"), ("/author/ilse-hartmann/", "Ilse Hartmann"), ("/tag/ports/", "Ports"),
    ):  # fmt: skip
        own = [
            (
                form.mime,
                f"{name} | The Meridian ({form.name})",
                f"http://testserver{path}{form.file}",
            )
            for form in FULL
        ]
        assert found_on(client, path) == own + of_site


def test_the_page_of_feeds_links_those_of_the_site_and_of_every_section_that_has_some(
    client, story
):
    page = client.get("/feeds/").content.decode()
    linked = re.findall(r'<a href="([^"]+)"\s+type="', page)
    of_site_and_world = [
        f"{path}{form.file}" for path in ("/", "/world/") for form in (*FULL, *EXCERPTS)
    ]
    assert linked == of_site_and_world
    assert {client.get(address).status_code for address in linked} == {200}
    assert "/national/rss.xml" not in page
