"""Addresses: where a story is, where it was, what follows its end, and what never was."""

from datetime import timedelta

import pytest
from lxml import html

from articles.desk import press, revisions
from articles.desk.revisions import Values
from articles.states import EndsAs
from tests.conftest import NOW, PROGRAM

pytestmark = pytest.mark.django_db

HERE = "/world/harbour-opens/"


@pytest.fixture
def story(published, clock):
    return published()


def again(story, now=NOW, **values):
    """Save a change and publish it."""
    story.refresh_from_db()
    kept = {"headline": story.headline, "section": story.section_id, "body": story.body}
    saved = revisions.save(
        story.pk, Values(**{**kept, **values}), by=PROGRAM, seen=story.version, now=now
    )
    press.publish(
        story.pk, revision=saved.version, by=PROGRAM, seen=story.pressed, now=now, change="update"
    )
    story.refresh_from_db()


def answers(client, path):
    answer = client.get(path)
    return answer.status_code, answer.get("Location")


def test_a_story_stands_at_its_section_and_slug(client, story):
    answer = client.get(HERE)
    assert answer.status_code == 200
    assert "Harbour Opens" in answer.content.decode()


def test_an_old_slug_leads_to_the_new_one_for_a_short_time(client, story):
    again(story, slug="harbour-opens-at-last")
    answer = client.get(HERE)
    assert (answer.status_code, answer["Location"]) == (301, "/world/harbour-opens-at-last/")
    assert answer["Cache-Control"] == "public, max-age=60"


def test_an_old_section_leads_to_the_new_one_and_back_again(client, story, national):
    again(story, section=national.pk)
    assert answers(client, HERE) == (301, "/national/harbour-opens/")
    again(story, section=story.section_id, now=NOW)
    world = revisions.Values(headline=story.headline, section=1, body=story.body)
    saved = revisions.save(story.pk, world, by=PROGRAM, seen=story.version, now=NOW)
    press.publish(
        story.pk, revision=saved.version, by=PROGRAM, seen=story.pressed, now=NOW, change="update"
    )
    assert client.get(HERE).status_code == 200
    assert answers(client, "/national/harbour-opens/") == (301, HERE)


@pytest.mark.parametrize(
    ("end", "status"),
    [("unpublish", 404), ("gone", 410), ("vanished", 404), ("expired", 410)],
)
def test_what_follows_an_end_is_what_its_end_says(client, story, clock, end, status):
    again(story, slug="harbour-opens-at-last")
    known = {"by": PROGRAM, "seen": story.pressed, "now": NOW}
    if end == "unpublish":
        press.unpublish(story.pk, reason="It was too early", **known)
    elif end == "expired":
        press.set_end(story.pk, at=NOW + timedelta(hours=1), **known)
        clock.shift(timedelta(hours=1))
    else:
        why = {"reason": "The source withdrew.", "authority": "The editor"}
        press.take_down(story.pk, how=EndsAs(end), **why, **known)
    for path in (HERE, "/world/harbour-opens-at-last/"):
        assert client.get(path).status_code == status


def test_a_410_page_says_when_it_was_withdrawn_and_not_what_it_said(client, story):
    press.take_down(
        story.pk, how=EndsAs.GONE, reason="Private: a libel", authority="A court", by=PROGRAM,
        seen=1, now=NOW,
    )  # fmt: skip
    page = client.get(HERE).content.decode()
    assert "19 June 2026" in page
    assert "Harbour" not in page
    assert "libel" not in page


def test_a_story_appears_at_its_second_and_ends_at_its_second(client, write, clock):
    story = write()
    start, end = NOW + timedelta(minutes=5), NOW + timedelta(minutes=9)
    press.schedule(story.pk, revision=1, by=PROGRAM, seen=0, now=NOW, at=start, until=end)
    second = timedelta(seconds=1)
    for moment, status in ((start - second, 404), (start, 200), (end - second, 200), (end, 410)):
        clock.move_to(moment)
        assert client.get(HERE).status_code == status, moment
        assert ("Harbour Opens" in client.get("/").content.decode()) == (status == 200)


@pytest.mark.parametrize(
    "hide",
    ["draft", "scheduled", "unpublished", "vanished"],
)
def test_a_hidden_story_answers_exactly_as_a_path_that_never_was(client, write, clock, hide):
    story = write(slug="hidden-story-x")
    if hide != "draft":
        later = NOW + timedelta(hours=3)
        press.schedule(story.pk, revision=1, by=PROGRAM, seen=0, now=NOW, at=later)
    if hide in ("unpublished", "vanished"):
        clock.shift(timedelta(hours=4))
        known = {"by": PROGRAM, "seen": 1, "now": NOW + timedelta(hours=4)}
        if hide == "unpublished":
            press.unpublish(story.pk, reason="It was too early", **known)
        else:
            why = {"reason": "By law.", "authority": "A court"}
            press.take_down(story.pk, how=EndsAs.VANISHED, **why, **known)
    hidden, never = client.get("/world/hidden-story-x/"), client.get("/world/hidden-story-y/")
    assert hidden.status_code == never.status_code == 404
    assert dict(hidden.headers) == dict(never.headers)
    assert hidden.content == never.content


@pytest.mark.parametrize(
    "path", ["/world", "/world/harbour-opens", "/tag/ports", "/author/x", "/corrections"]
)
def test_a_missing_slash_is_added_whatever_stands_there(client, story, path):
    assert answers(client, path) == (301, f"{path}/")


@pytest.mark.parametrize(
    "path", ["/nowhere/", "/nowhere/harbour-opens/", "/tag/none/", "/author/none/", "/a/b/c/"]
)
def test_what_is_not_there_is_404(client, story, path):
    assert client.get(path).status_code == 404


def test_the_page_of_an_unknown_address_leads_on_by_a_search_home_and_the_newest_stories(
    client, story
):
    page = html.document_fromstring(client.get("/nowhere/").content.decode())
    [form] = page.cssselect("search form")
    assert (form.get("action"), form.getparent().getparent().tag) == ("/search/", "header")
    [field] = form.cssselect("input[type=search]")
    assert (field.get("name"), field.get("value")) == ("q", "")
    assert page.cssselect(f'label[for="{field.get("id")}"]')
    assert {"/", HERE} <= {link.get("href") for link in page.cssselect("main a")}


def test_sections_authors_and_tags_have_a_page_only_while_something_public_shows_them(
    client, published, author, topic, national, clock
):
    paths = ("/world/", f"/author/{author.slug}/", f"/tag/{topic.slug}/")
    assert [client.get(path).status_code for path in paths] == [404, 404, 404]
    story = published(authors=[author.pk], tags=[topic.pk])
    assert [client.get(path).status_code for path in paths] == [200, 200, 200]
    press.unpublish(story.pk, reason="It was too early", by=PROGRAM, seen=1, now=NOW)
    assert [client.get(path).status_code for path in paths] == [404, 404, 404]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", ["/", "/world/", HERE, "/tag/x/", "/author/x/", "/corrections/"])
def test_other_methods_are_not_allowed_and_say_what_is(client, story, method, path):
    answer = getattr(client, method)(path)
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD"


def test_head_answers_as_get_does(client, story):
    head, get = client.head(HERE), client.get(HERE)
    assert head.status_code == 200
    assert head.content == b""
    assert head["Content-Type"] == get["Content-Type"]
