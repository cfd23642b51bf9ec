"""Old addresses, of the system that the paper had before: where each leads, and to whom it tells
nothing."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.desk import press
from articles.models import LeadsTo, Publication, Redirect, Tag
from articles.old_addresses import LONGEST, normal_form
from articles.pages import surfaces
from articles.states import EndsAs
from tests.conftest import NOW, PROGRAM
from tests.desk.pressing import do, rewrite
from tests.pages.test_leaks import HIDDEN_STATES, TOKEN, canary, hide

OLD = "/2019/05/harbour"
# Of the states in which readers see nothing of a story, those in which there never was one.
UNKNOWN = [s for s in HIDDEN_STATES if not s.startswith("live") and s not in ("gone", "expired")]
FORMS = {
    "/2019/05/harbour/": OLD,
    "/2019/05/harbour": OLD,
    "/2019/05/harbour//": OLD,
    "//2019/05/harbour": "/05/harbour",  # a host, where it was typed
    "https://old.example/2019/05/harbour/": OLD,
    "HTTP://OLD.EXAMPLE:8080/2019/05/harbour/#comments": OLD,
    "//old.example/2019/05/harbour": OLD,
    "  /2019/05/harbour/ ": OLD,
    "/2019/./05/../05/harbour/": OLD,
    "/../../2019/05/harbour": OLD,
    "/2019/05/Harbour": "/2019/05/Harbour",
    "/2019/05/%68arbour": OLD,
    "/caf%c3%a9": "/caf%C3%A9",
    "/café": "/caf%C3%A9",
    "/日本/": "/%E6%97%A5%E6%9C%AC",
    "/caf%e9": "/caf%E9",  # Latin-1, as old systems wrote it
    "/a b": "/a%20b",
    "/a+b": "/a+b",
    "/a%2Fb": "/a/b",
    "/a%252541": "/aA",
    "/100%": "/100%25",
    "/100%25": "/100%25",
    "/a;b:c@d,e=f": "/a;b:c@d,e=f",
    "\\a": "/%5Ca",
    "/archives/123.html": "/archives/123.html",
    "/?p=123": "/?p=123",
    "https://old.example?p=123": "/?p=123",
    "?p=123": "/?p=123",
    "/index.php?id=5&cat=2": "/index.php?cat=2&id=5",
    "/index.php?cat=2&id=5&utm_source=x&UTM_Medium=y&fbclid=z": "/index.php?cat=2&id=5",
    "/x/?utm_source=x": "/x",
    "/x/?": "/x",
    "/x?&&a": "/x?a",
    "/x?q=a+b": "/x?q=a%20b",
    "/x?q=%C3%A9&r=a%26b%3D": "/x?q=%C3%A9&r=a%26b%3D",
    "/x?a=b?c": "/x?a=b?c",
    "": "/",
    "https://old.example": "/",
    "/\x00\r\n": "/%00",  # what is around it does not count
    "/\ud800": "/%ED%A0%80",
    "http://[bad/x": "/x",
}  # fmt: skip


@pytest.fixture
def story(published, clock, db):
    return published("Harbour Opens", at=NOW - timedelta(hours=2))


def led(source, kind, *, what=None, address=""):
    return Redirect.objects.create(
        source=normal_form(source), kind=kind, what=what, address=address
    )


@pytest.fixture
def old(story):
    """An old address that leads to a story."""
    return led(OLD, LeadsTo.STORY, what=story.pk)


def answers(client, path):
    answer = client.get(path)
    return answer.status_code, answer.get("Location")


# --- The normal form ----------------------------------------------------------------------------


@pytest.mark.parametrize(("address", "form"), FORMS.items(), ids=map(ascii, FORMS))
def test_an_address_has_one_normal_form(address, form):
    assert normal_form(address) == form
    assert normal_form(form) == form


@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_every_text_has_a_normal_form_that_is_its_own(text):
    for address in (text, f"/{text}", f"https://old.example/{text}"):
        form = normal_form(address)
        assert form.startswith("/")
        assert form.isascii()
        assert form.isprintable()
        assert not form.startswith("//")
        assert normal_form(form) == form


# --- Where it leads -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked",
    [OLD, f"{OLD}/", f"{OLD}?utm_source=mail&fbclid=x", "/2018/../2019/./05/%68arbour/"],
)  # fmt: skip
def test_an_old_address_leads_to_the_story_for_as_long_as_a_moved_one_does(client, old, asked):
    answer = client.get(asked)
    assert (answer.status_code, answer["Location"]) == (301, "/world/harbour-opens/")
    assert answer["Cache-Control"] == "public, max-age=60"
    assert answer.content == b""


def test_head_leads_as_get_does_and_nothing_is_written_to(client, old):
    answer = client.head(f"{OLD}/")
    assert (answer.status_code, answer["Location"]) == (301, "/world/harbour-opens/")
    assert client.put(f"{OLD}/").status_code == 405


def test_it_follows_the_story_wherever_that_moves(client, old, story, national):
    do("publish", story, revision=rewrite(story, slug="at-last", section=national.pk))
    assert answers(client, OLD) == (301, "/national/at-last/")


@pytest.mark.parametrize(
    ("source", "asked"),
    [
        ("/?p=123", "/?p=123"),
        ("/?p=123", "/?utm_campaign=x&p=123"),
        ("/index.php?id=5&cat=2", "/index.php?cat=2&id=5"),
        ("/archives/123.html", "/archives/123.html"),
        ("/café/日本", "/caf%C3%A9/%E6%97%A5%E6%9C%AC/"),
        ("/caf%e9", "/caf%E9/"),
        ("/a b/c%2Fd", "/a%20b/c/d"),
    ],
)
def test_addresses_with_a_query_and_in_any_script_are_found(client, story, source, asked):
    led(source, LeadsTo.STORY, what=story.pk)
    assert answers(client, asked) == (301, "/world/harbour-opens/")


def test_one_word_has_its_slash_added_first_as_everywhere(client, story):
    led("/harbour", LeadsTo.STORY, what=story.pk)
    assert answers(client, "/harbour?a=1") == (301, "/harbour/?a=1")
    assert answers(client, "/harbour/?a=1") == (301, "/world/harbour-opens/?a=1")


def test_a_readers_query_goes_on_with_them_and_what_tells_where_they_came_from_does_not(
    client, old
):
    there = "/world/harbour-opens/"
    assert answers(client, f"{OLD}?b=2&utm_source=x&a=1") == (301, f"{there}?b=2&a=1")
    assert answers(client, f"{OLD}?b=%0d%0aX: y") == (301, f"{there}?b=%0D%0AX:%20y")
    assert answers(client, f"{OLD}?b={'x' * LONGEST}") == (301, there)
    Redirect.objects.update(address="?print")
    assert answers(client, f"{OLD}?b=2") == (301, f"{there}?print")


def test_that_which_names_the_query_is_meant_before_that_without(client, old, story):
    led(f"{OLD}?page=2", LeadsTo.PATH, address="/archive/")
    assert answers(client, f"{OLD}?page=2") == (301, "/archive/")
    assert answers(client, f"{OLD}?page=3") == (301, "/world/harbour-opens/?page=3")


def test_it_leads_to_another_site_to_a_page_of_ours_and_to_nothing_at_all(client, story):
    led("/shop", LeadsTo.URL, address="https://shop.example/?a=1#top")
    led("/old/feed", LeadsTo.PATH, address="/rss.xml")
    led("/lottery", LeadsTo.GONE)
    assert answers(client, "/shop/") == (301, "https://shop.example/?a=1#top")
    assert answers(client, "/old/feed/?x=1") == (301, "/rss.xml?x=1")
    gone = client.get("/lottery/")
    assert gone.status_code == 410
    assert "This Page Was Removed" in gone.content.decode()
    assert "Harbour Opens" in gone.content.decode()  # the newest stories, as below every such page
    assert "noindex" in gone.content.decode()


def test_it_leads_to_a_section_an_author_or_a_tag_while_they_have_a_page(
    client, published, clock, world, author, topic
):
    for kind, what in (("section", world), ("author", author), ("tag", topic)):
        led(f"/category/{kind}", kind, what=what.pk)
        led(f"/category/{kind}/feed", kind, what=what.pk, address="rss.xml")
        assert client.get(f"/category/{kind}/").status_code == 404
    published(authors=[author.pk], tags=[topic.pk])
    pages = {"section": "/world/", "author": f"/author/{author.slug}/", "tag": "/tag/ports/"}
    for kind, path in pages.items():
        assert answers(client, f"/category/{kind}/") == (301, path)
        assert answers(client, f"/category/{kind}/feed/") == (301, f"{path}rss.xml")
    author.slug = "ilse-h"
    author.save()
    assert answers(client, "/category/author/") == (301, "/author/ilse-h/")


def test_what_leads_to_something_that_is_no_more_is_404(client, story):
    for kind in ("story", "tag", "author", "section"):
        led(f"/was/{kind}", kind, what=987654)
        assert client.get(f"/was/{kind}/").status_code == 404


# --- A page of ours always wins -----------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["/", "/world/", "/world", "/world/harbour-opens/", "/tag/ports/", "/archive/", "/rss.xml",
     "/world/harbour-opens", "/search/?s=x"],
)  # fmt: skip
def test_a_live_address_is_never_led_away_from(client, published, topic, clock, path):
    published("Harbour Opens", tags=[topic.pk])
    before = answers(client, path)
    led(path, LeadsTo.URL, address="https://other.example/")
    assert answers(client, path) == before
    assert "other.example" not in str(before)


def test_a_story_that_is_gone_keeps_its_address_and_so_does_one_that_moved(client, story):
    led("/world/harbour-opens", LeadsTo.URL, address="https://other.example/")
    do("publish", story, revision=rewrite(story, slug="at-last"))
    assert answers(client, "/world/harbour-opens/") == (301, "/world/at-last/")
    do("take_down", story, how=EndsAs.GONE, reason="Wrong")
    assert client.get("/world/harbour-opens/").status_code == 410


def test_neither_the_desk_nor_the_api_has_old_addresses(client, story):
    for path in ("/admin/x", "/api/x", "/static/x.css"):
        led(path, LeadsTo.URL, address="https://other.example/")
        assert "other.example" not in client.get(f"{path}/").get("Location", ""), path


def test_of_the_front_page_only_an_address_with_a_query_is_looked_up(
    client, story, django_assert_num_queries
):
    with django_assert_num_queries(6):
        client.get("/")
    with django_assert_num_queries(6):
        client.get("/?utm_source=x")
    with django_assert_num_queries(7):
        assert client.get("/?p=123").status_code == 200


# --- What is hidden -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("end", "status"),
    [("unpublish", 404), ("gone", 410), ("vanished", 404), ("expired", 410)],
)
def test_what_follows_a_storys_end_is_what_its_own_address_says(
    client, old, story, clock, end, status
):
    if end == "unpublish":
        do("unpublish", story)
    elif end == "expired":
        do("set_end", story, at=NOW + timedelta(hours=1))
        clock.shift(timedelta(hours=1))
    else:
        do("take_down", story, how=EndsAs(end), reason="Wrong")
    own, led_there = client.get("/world/harbour-opens/"), client.get(f"{OLD}/")
    assert led_there.status_code == own.status_code == status
    assert led_there.content == own.content


@pytest.mark.parametrize("source", ["/2019/hidden", "/?p=9", "/hidden", "/h.php?p=9"])
@pytest.mark.parametrize("state", UNKNOWN)
def test_what_leads_to_a_hidden_story_answers_like_an_address_that_never_was(
    client, write, published, clock, state, source, django_assert_max_num_queries
):
    published("Public")
    article = hide(state, write, published)
    led(source, LeadsTo.STORY, what=article.pk or 987654)
    section, tag = canary(state)["section"], Tag.objects.get(slug=f"{TOKEN}t").pk
    led(f"{source}&c=1" if "?" in source else f"{source}/c", LeadsTo.SECTION, what=section)
    led(f"{source}&c=2" if "?" in source else f"{source}/t", LeadsTo.TAG, what=tag)
    for row in Redirect.objects.all():
        asked = row.source if "?" in row.source else f"{row.source}/"
        with django_assert_max_num_queries(20) as hidden:
            found = client.get(asked)
        with django_assert_max_num_queries(20) as never:
            unknown = client.get(asked.replace("9", "8").replace("h", "g"))
        assert found.status_code == unknown.status_code
        assert found.content == unknown.content
        assert dict(found.headers) == dict(unknown.headers)
        assert len(hidden) == len(never)


def test_it_leads_to_a_scheduled_story_from_its_second_on(client, write, clock):
    later = NOW + timedelta(hours=1)
    story = write("Tomorrow")
    press.schedule(story.pk, revision=1, by=PROGRAM, seen=0, now=NOW, at=later)
    led(OLD, LeadsTo.STORY, what=story.pk)
    for moment, status in ((later - timedelta(seconds=1), 404), (later, 301)):
        clock.move_to(moment)
        assert client.get(OLD).status_code == status


def test_it_costs_one_query_to_find_nothing_and_two_to_lead_to_a_story(
    client, old, django_assert_num_queries
):
    with django_assert_num_queries(2) as captured:
        client.get(OLD)
    assert all(query["sql"].startswith("SELECT") for query in captured)
    led("/lottery/tips", LeadsTo.URL, address="https://lottery.example/")
    with django_assert_num_queries(2):  # a story may have stood there: that is looked for first
        assert client.get("/lottery/tips/").status_code == 301


def test_the_addresses_that_lead_to_a_story_are_looked_at_when_it_is_taken_down(client, old, story):
    for source in ("/archives/1.html", "/?p=9", "/harbour", "/i.php?p=9"):
        led(source, LeadsTo.STORY, what=story.pk)
    shown = surfaces.showing(Publication.objects.filter(article=story.pk), NOW)
    found = [row for row in shown if row.name == "An old address that leads to it"]
    paths = {"/archives/1.html", "/harbour/", "/i.php?p=9", f"{OLD}/"}
    assert {row.path for row in found} == paths
    assert all(row.is_own for row in found)
    do("take_down", story, how=EndsAs.GONE, reason="Wrong")
    assert {client.get(path).status_code for path in paths} == {410}


# --- Odd addresses ------------------------------------------------------------------------------

ODD = (
    "//evil.example", "//evil.example/%2e%2e", "/\\evil.example", "/%5Cevil.example", "/%00", "/%",
    "/%0d%0aSet-Cookie:x", "/%ff%fe/", "/%ED%A0%80/", f"/{'x' * 10_000}", f"/?p={'y' * 10_000}",
    "/?%00=%ff", "/?&&&==", "/.../..", "/a/%2E%2E/%2E%2E/%2E%2E/x", "/%F0%9F%9A%A2", "/:x", "/?",
)  # fmt: skip


@pytest.mark.parametrize("path", ODD, ids=lambda path: path[:30])
def test_odd_addresses_find_nothing_and_break_nothing(client, story, path):
    assert client.get(path).status_code in (200, 301, 404)
    if len(normal_form(path)) <= LONGEST:  # a longer one is on no list
        led(path, LeadsTo.STORY, what=story.pk)
    answer = client.get(path)
    assert answer.status_code in (200, 301, 404)
    assert answer.get("Location", "/world/harbour-opens/").startswith("/")
    assert not answer.get("Location", "/").startswith("//")


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.binary(max_size=60), query=st.text(st.characters(max_codepoint=255), max_size=40))
def test_no_octets_of_an_address_are_a_fault_of_ours(client, old, path, query):
    octets = "/" + path.decode("latin-1").lstrip("/")
    if octets.startswith(("/admin/", "/api/")):
        return
    answer = client.get("/x/", PATH_INFO=octets, QUERY_STRING=query)
    assert answer.status_code in (200, 301, 404, 410)
