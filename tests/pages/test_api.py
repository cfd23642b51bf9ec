"""The read API: stories as ninjs 3.2 by themselves, and what is left of those that ended."""

import json
from datetime import timedelta
from html import escape

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from articles.desk import taxonomy
from articles.models import Author, Publication, Tag
from articles.states import EndsAs
from tests.conftest import NOW, PROGRAM
from tests.desk.pressing import do, rewrite
from tests.pages.ninjs_schema import STUB, faults
from tests.pages.reading_api import (
    HOUR,
    LIST,
    MINUTE,
    address,
    end,
    faults_of,
    get,
    listed,
    whole,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(published, clock):
    return published()


# --- One story ----------------------------------------------------------------------------------


def test_a_storys_document_holds_what_its_page_shows(client, published, author, topic, clock):
    story = published(
        standfirst="After years of work, the harbour is open.",
        body="<h2>At last</h2><p>It opened & <strong>stays</strong> open.</p>"
        '<figure class="pull"><blockquote><p>It opened</p></blockquote></figure>',
        authors=[author.pk],
        tags=[topic.pk],
    )
    document = whole(client, story)
    assert document["uri"] == f"tag:testserver,2026:story/{story.pk}"
    assert document["headlines"] == [
        {"role": "main", "contentType": "text/plain", "value": "Harbour Opens"}
    ]
    assert [(d["role"], d["value"]) for d in document["descriptions"]] == [
        ("standfirst", "After years of work, the harbour is open."),
        ("excerpt", "After years of work, the harbour is open."),
    ]
    html, plain = document["bodies"]
    assert html["value"].startswith("<h2>At last</h2><p>It opened &amp; <strong>stays</strong>")
    assert 'class="pull"' in html["value"]
    assert plain["value"] == "At last\nIt opened & stays open."
    assert {(b["charCount"], b["wordCount"]) for b in (html, plain)} == {(len(plain["value"]), 7)}
    assert document["by"] == "Ilse Hartmann"
    assert document["people"] == [
        {
            "name": "Ilse Hartmann",
            "rel": "author",
            "uri": "http://testserver/author/ilse-hartmann/",
        }
    ]
    assert [(s["name"], s["rel"], s["uri"]) for s in document["subjects"]] == [
        ("World", "section", "http://testserver/world/"),
        ("Ports", "tag", "http://testserver/tag/ports/"),
    ]
    assert document["firstCreated"] == document["versionCreated"] == "2026-06-19T04:30:00Z"
    assert (document["pubStatus"], document["language"]) == ("usable", "en-gb")
    assert document["copyrightHolder"] == "The Meridian"
    assert [r["href"] for r in document["renditions"]] == [
        "http://testserver/world/harbour-opens/",
        f"http://testserver/api/stories/{story.pk}/",
    ]
    (trust,) = document["trustIndicators"]
    assert trust["href"] == "http://testserver/corrections/"


def test_what_a_story_has_not_is_left_out(client, story):
    document = whole(client, story)
    assert not {"people", "associations", "edNote", "expires"} & set(document)
    assert document["by"] == "The Meridian"
    assert [d["role"] for d in document["descriptions"]] == ["excerpt"]


def test_the_identifier_is_the_same_whatever_becomes_of_the_story(client, story, national):
    known = whole(client, story)
    do("publish", story, revision=rewrite(story, slug="other", section=national.pk))
    moved = whole(client, story)
    assert moved["renditions"][0]["href"] == "http://testserver/national/other/"
    do("take_down", story, how=EndsAs.GONE, reason="A libel")
    gone = get(client, address(story), 410)
    assert known["uri"] == moved["uri"] == gone["uri"]


def test_several_authors_are_named_each_by_themselves_in_their_order(client, published, clock):
    names = [Author.objects.create(name=n, slug=n.lower()).pk for n in ("Zed", "Ann", "Bo")]
    document = whole(client, published(authors=names))
    assert document["by"] == "Zed, Ann and Bo"
    assert [person["name"] for person in document["people"]] == ["Zed", "Ann", "Bo"]


def test_a_merged_tag_is_named_once_as_the_one_that_took_it_over(client, published, topic, clock):
    heir = Tag.objects.create(name="Harbours", slug="harbours")
    story = published(tags=[topic.pk, heir.pk])
    taxonomy.merge_tag(topic.pk, heir.pk, reason="The same", by=PROGRAM, now=NOW)
    subjects = whole(client, story)["subjects"]
    assert [s["name"] for s in subjects if s["rel"] == "tag"] == ["Harbours"]


def test_links_in_a_text_lead_where_they_do_on_the_page(client, published, clock):
    links = ["/world/x/?a=1&amp;b=2", "../y/", "#below", "https://a.example/", "//["]
    story = published(body="<p>" + "".join(f'<a href="{href}">x</a>' for href in links) + "</p>")
    html = whole(client, story)["bodies"][0]["value"]
    here = "http://testserver/world"
    for href in (
        f"{here}/x/?a=1&amp;b=2", f"{here}/y/", f"{here}/harbour-opens/#below",
        "https://a.example/",
    ):  # fmt: skip
        assert f'<a href="{href}">x</a>' in html
    assert "<a>x</a>" in html  # of “//[” no address can be made


def test_stories_that_are_read_as_well_are_named_while_they_are_public(client, published, clock):
    targets = [published(f"Target {n}") for n in range(3)]
    story = published(also_read=[target.pk for target in targets])
    do("unpublish", targets[1])
    known = whole(client, story)["associations"]
    assert [(a["name"], a["uri"]) for a in known] == [
        (f"Target {n}", f"tag:testserver,2026:story/{targets[n].pk}") for n in (0, 2)
    ]


def test_every_correction_is_told_the_newest_first(client, published, clock):
    story = published(at=NOW - 10 * HOUR)
    for hours, note in ((2, "It was Tuesday."), (1, "Of “May”, not of “March”.")):
        revision = rewrite(story, body=f"<p>{note}</p>")
        said = {"change": "correction", "note": note, "now": NOW - hours * HOUR}
        do("publish", story, revision=revision, **said)
    assert whole(client, story)["edNote"] == (
        "Correction, 2026-06-19T05:30:00Z: Of “May”, not of “March”.\n\n"
        "Correction, 2026-06-19T04:30:00Z: It was Tuesday."
    )


@pytest.mark.parametrize("kind", ["update", "correction", "clarification", "typo"])
def test_each_change_is_a_later_version_also_one_that_leaves_the_updated_time(client, story, kind):
    before = whole(client, story)
    said = {"note": "Said so.", "sure": True, "change": kind}
    do("publish", story, revision=rewrite(story, body="<p>It opened.</p>"), **said)
    after = whole(client, story)
    assert after["versionCreated"] == "2026-06-19T06:30:00Z"
    assert after["firstCreated"] == before["firstCreated"]
    assert int(after["version"]) > int(before["version"])


def test_a_scheduled_story_has_a_document_from_its_second_on(client, write, clock):
    story = write()
    do("schedule", story, revision=1, at=NOW + MINUTE)
    clock.move_to(NOW + MINUTE - timedelta(microseconds=1))
    never = client.get(address(story))
    assert never.status_code == 404
    assert listed(client) == []
    clock.move_to(NOW + MINUTE)
    assert whole(client, story)["versionCreated"] == "2026-06-19T06:31:00Z"
    assert listed(client) == [story.pk]


def test_a_scheduled_end_or_change_is_not_told_before_it_comes(client, story, clock):
    before = client.get(address(story)).content
    do("schedule", story, revision=rewrite(story, headline="To Come"), at=NOW + HOUR)
    do("set_end", story, at=NOW + 2 * HOUR)
    assert client.get(address(story)).content == before
    clock.move_to(NOW + 2 * HOUR)
    assert get(client, address(story), 410)["expires"] == "2026-06-19T08:30:00Z"


# --- Odd texts ----------------------------------------------------------------------------------

ODD = {
    "right to left": "المعبورة at \u200f123\u200e עברית",
    "emoji": "👨‍👩‍👧‍👦 🇮🇳 \U0001f6a2\u200d\ufe0f",
    "line breaks of Unicode": "a\u2028b\u2029c\x85d",
    "what JSON, HTML and scripts escape": "\"\\\\/</script><!--&amp;\\u0000\t'",
    "nothing to be seen": "\u200b\ufeff\u00adx",
    "accents": "e\u0301 Z\u030c\u0327\u0323",
    "templates": "{{ x }}{% y %} ${z}",
}
TYPED = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60)


@pytest.fixture
def publish_odd(client, write):
    """Publish a story whose every field holds some text; None where the gate refuses it."""

    def publish_odd(text):
        try:
            number = Author.objects.count()
            known = {"by": PROGRAM, "now": NOW}
            signs = taxonomy.save(Author(name=text, slug=f"author-{number}", bio=text), **known)
            topic = Tag(name=f"{number} {text}".replace(",", ""), slug=f"tag-{number}")
            on = taxonomy.save(topic, **known)
            lists = {"authors": [signs.pk], "tags": [on.pk]}
            story = write(text, standfirst=text, body=f"<p>{escape(text)}</p>", **lists)
            do("publish", story, revision=1)
        except ValidationError:
            return None
        return story

    return publish_odd


def assert_told(client, story):
    """A story's document, and its line in a list, hold its words to the letter."""
    shown = Publication.objects.at(NOW).select_related("text").get(article=story.pk)
    document = whole(client, story)
    assert document["headlines"][0]["value"] == shown.headline
    assert document["descriptions"][0]["value"] == shown.text.standfirst
    assert document["bodies"][0]["value"] == shown.text.body
    assert document["people"][0]["name"] == Author.objects.get(pk=shown.authors[0]).name
    assert listed(client, f"{LIST}?author={Author.objects.get(pk=shown.authors[0]).slug}")


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_odd_texts_are_told_to_the_letter(client, publish_odd, clock, text):
    assert_told(client, publish_odd(text))


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=TYPED)
def test_whatever_the_gate_lets_pass_is_told_to_the_letter(client, publish_odd, clock, text):
    story = publish_odd(text)
    assume(story is not None)
    assert_told(client, story)


# --- What is left of a story that ended ---------------------------------------------------------


def test_of_a_story_that_is_gone_a_stub_says_so_and_not_a_word_of_it(client, story, clock):
    end(story, "gone", clock)
    answer = client.get(address(story))
    assert answer.status_code == 410
    assert answer["Content-Type"] == "application/json"
    assert json.loads(answer.content) == {
        "uri": f"tag:testserver,2026:story/{story.pk}",
        "version": "1781850600000000",
        "versionCreated": "2026-06-19T06:30:00Z",
        "pubStatus": "canceled",
    }
    assert faults(json.loads(answer.content), STUB) == []
    assert "ETag" not in answer


def test_a_story_that_expired_says_when_it_did(client, story, clock):
    end(story, "expired", clock)
    document = get(client, address(story), 410)
    assert faults(document, STUB) == []
    assert (document["pubStatus"], document["expires"]) == ("canceled", "2026-06-19T06:31:00Z")


@pytest.mark.parametrize("how", ["gone", "expired"])
def test_the_stub_is_a_later_version_than_any_that_was_public(client, story, clock, how):
    before = whole(client, story)
    end(story, how, clock)
    assert int(get(client, address(story), 410)["version"]) > int(before["version"])


@pytest.mark.parametrize("how", ["unpublish", "vanished", "erase", "withheld"])
def test_of_other_ends_nothing_is_told_that_is_not_told_of_an_id_that_never_was(
    client, story, write, clock, how
):
    end(story, how, clock)
    scheduled, draft = write("To Come"), write("A Draft")
    do("schedule", scheduled, revision=1, at=NOW + HOUR)
    answers = [client.get(address(s)) for s in (story, scheduled, draft)]
    never = client.get(f"{LIST}{draft.pk + 1000}/")
    for answer in answers:
        assert answer.status_code == never.status_code == 404
        assert answer.content == never.content
        assert answer.headers == never.headers
    assert faults_of(never) == []


@pytest.mark.parametrize("how", ["gone", "expired", "unpublish", "vanished", "erase", "withheld"])
def test_a_story_that_ended_stands_in_no_list_and_beside_no_other(
    client, published, author, topic, clock, how
):
    lists = {"authors": [author.pk], "tags": [topic.pk]}
    story = published("Harbour Opens", **lists)
    other = published("Other", also_read=[story.pk], **lists)
    end(story, how, clock)
    for query in ("", "?section=world", "?author=ilse-hartmann", "?tag=ports"):
        page = client.get(LIST + query)
        assert page.status_code == 200
        if how != "withheld":  # its rows stand in the lists; what they lead to is shown nowhere
            assert listed(client, LIST + query) == [other.pk]
        assert "Harbour" not in page.content.decode()
    assert "Harbour" not in client.get(address(other)).content.decode()


def test_a_restored_story_is_usable_again_as_a_later_version(client, story, clock):
    end(story, "gone", clock)
    gone = get(client, address(story), 410)
    do("restore", story, revision=1, reason="It was right", now=NOW + MINUTE)
    clock.move_to(NOW + MINUTE)
    document = whole(client, story)
    assert document["pubStatus"] == "usable"
    assert int(document["version"]) > int(gone["version"])


# --- As of another moment -----------------------------------------------------------------------


def test_the_site_as_of_a_moment_has_documents_as_of_it(desk_of, publisher, client, story):
    do("publish", story, revision=rewrite(story, headline="Harbour Closes"), now=NOW - HOUR)
    browser = desk_of(publisher)
    browser.post("/admin/as-of/", {"moment": "2026-06-19 10:30"})
    answer = browser.get(address(story))
    assert json.loads(answer.content)["headlines"][0]["value"] == "Harbour Opens"
    assert answer["Cache-Control"] == "no-store, private"
    assert whole(client, story)["headlines"][0]["value"] == "Harbour Closes"
    do("take_down", story, how=EndsAs.GONE, reason="A libel")
    assert get(browser, address(story), 410)["pubStatus"] == "canceled"
    assert get(browser, LIST)["items"] == []


# --- How it is found ----------------------------------------------------------------------------


def test_a_storys_page_leads_to_its_document_and_no_other_page_does(client, story):
    page = client.get("/world/harbour-opens/").content.decode()
    link = f"""<link rel="alternate" type="application/json" href="{address(story)}">"""
    assert " ".join(page.split()).count(link) == 1
    for path in ("/", "/world/", "/corrections/", "/nowhere/"):
        assert LIST not in client.get(path).content.decode()


# --- The schemas --------------------------------------------------------------------------------


def test_the_schema_refuses_what_the_standard_does_not_know(client, story):
    document = whole(client, story)
    for wrong in (
        {"headline": "x"}, {"pubStatus": "cancelled"}, {"version": 3}, {"type": "story"},
        {"versionCreated": "2026-06-19 06:30"}, {"representationType": "complete"}, {"uri": "x"},
        {"headlines": [{"value": "x", "lang": "en"}]}, {"by": None}, {"bodies": [{}]},
    ):  # fmt: skip
        assert faults({**document, **wrong}), wrong
    assert faults({key: value for key, value in document.items() if key != "uri"})


def test_the_standards_own_schema_is_asked_as_well_where_it_is_at_hand(
    client, story, tmp_path, monkeypatch
):
    given = tmp_path / "ninjs-schema.json"
    given.write_text(json.dumps({"required": ["edNote"]}))
    document = whole(client, story)
    monkeypatch.setenv("NINJS_SCHEMA", str(given))
    assert faults(document) == ["$: 'edNote' is a required property"]
