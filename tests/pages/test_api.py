"""The read API: stories as ninjs 3.2, in lists and by themselves, and what is left of those that
ended. Every document is held against the schema in ninjs_schema.py."""

import json
import re
from datetime import timedelta
from html import escape

import pytest
from django.core.exceptions import ValidationError
from django.utils.http import http_date
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from articles.desk import taxonomy
from articles.models import Author, Publication, Section, Tag
from articles.states import EndsAs
from tests.conftest import NOW, PROGRAM
from tests.desk.pressing import do, rewrite
from tests.pages.ninjs_schema import STUB, faults, faults_of_list, faults_of_problem

pytestmark = pytest.mark.django_db

LIST = "/api/stories/"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def address(story):
    return f"{LIST}{story.pk}/"


def get(client, path, status=200, **headers):
    """The document at an address, which is JSON whatever it says."""
    answer = client.get(path, headers=headers)
    assert answer.status_code == status, (path, answer.content[:300])
    return json.loads(answer.content)


def whole(client, story):
    """A story's document; it is what the standard says."""
    document = get(client, address(story))
    assert faults(document) == []
    return document


def listed(client, path=LIST):
    """The stories of a page of a list; it is what the standard says."""
    page = get(client, path)
    assert faults_of_list(page) == []
    return [int(item["altIds"][0]["value"]) for item in page["items"]]


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


def end(story, how, clock):
    """End a story now, or let it end by itself."""
    if how == "unpublish":
        do("unpublish", story)
    elif how == "erase":
        do("erase", story, reason="By law", authority="A court")
    elif how == "withheld":
        Publication.objects.filter(article=story).update(withheld=True)
    elif how == "expired":
        do("set_end", story, at=NOW + MINUTE)
        clock.move_to(NOW + MINUTE)
    else:
        do("take_down", story, how=EndsAs(how), reason="A libel")


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


# --- Lists --------------------------------------------------------------------------------------


@pytest.fixture
def fifty(published, author, topic, clock):
    """Fifty stories of one author and tag, two at each moment, the newest ones first."""
    lists = {"authors": [author.pk], "tags": [topic.pk]}
    made = [published(f"Story {n:02}", at=NOW - n // 2 * MINUTE, **lists) for n in range(50)]
    return sorted(made, key=lambda s: (s.list_rows.first().first_published_at, s.pk), reverse=True)


QUERIES = ("", "?section=world", "?author=ilse-hartmann", "?tag=ports")


def walk(client, path, between=lambda: None):
    """Read a list to its end by `next`, which is also in the Link header."""
    found = []
    while path:
        answer = client.get(path)
        page = json.loads(answer.content)
        assert faults_of_list(page) == []
        found += [int(item["altIds"][0]["value"]) for item in page["items"]]
        assert answer.get("Link") == (f'<{page["next"]}>; rel="next"' if page["next"] else None)
        path = page["next"] and page["next"].removeprefix("http://testserver")
        between()
    return found


@pytest.mark.parametrize("query", QUERIES)
def test_a_list_is_read_to_its_end_each_story_once_newest_first(client, fifty, query):
    assert walk(client, LIST + query) == [story.pk for story in fifty]


@pytest.mark.parametrize("query", QUERIES)
def test_stories_published_meanwhile_are_no_reason_to_miss_one_or_read_it_twice(
    client, fifty, published, author, topic, query
):
    lists = {"authors": [author.pk], "tags": [topic.pk]}

    def publish():
        published("Meanwhile", at=NOW, **lists)
        do("publish", fifty[25], revision=rewrite(fifty[25], headline="Changed"))

    assert walk(client, LIST + query, between=publish) == [story.pk for story in fifty]


def test_a_list_holds_what_the_page_of_it_holds(client, fifty, published, national):
    published("Elsewhere", at=NOW, section=national.pk)
    for query, page in (("section=world", "/world/"), ("author=ilse-hartmann", None)):
        path = page or "/author/ilse-hartmann/"
        for before in ("", f"before={fifty[19].pk}"):
            shown = client.get(f"{path}?{before}").content.decode()
            items = get(client, f"{LIST}?{query}&{before}")["items"]
            links = [item["renditions"][0]["href"] for item in items]
            assert len(links) == 20
            paths = re.findall(r'<h[23][^>]*>\s*<a href="(/world/story[^"]*)"', shown)
            assert [f"http://testserver{path}" for path in paths] == links


def test_a_list_is_of_one_section_author_or_tag_and_two_at_once_are_none(
    client, fifty, published, national
):
    elsewhere = published("Elsewhere", at=NOW, section=national.pk)
    assert listed(client, f"{LIST}?section=national") == [elsewhere.pk]
    assert elsewhere.pk in listed(client)
    assert client.get(f"{LIST}?section=world&tag=ports").status_code == 404


def test_a_list_without_a_public_story_is_not_there_and_all_stories_always_are(
    client, story, clock
):
    Section.objects.create(name="Empty", slug="empty")
    assert client.get(f"{LIST}?section=empty").content == client.get(f"{LIST}?tag=no").content
    assert client.get(f"{LIST}?section=empty").status_code == 404
    end(story, "gone", clock)
    assert get(client, LIST) == {"items": [], "next": None}


def test_a_merged_tag_leads_to_the_one_that_took_it_over(client, fifty, topic):
    heir = Tag.objects.create(name="Harbours", slug="harbours")
    taxonomy.merge_tag(topic.pk, heir.pk, reason="The same", by=PROGRAM, now=NOW)
    answer = client.get(f"{LIST}?tag=ports&before={fifty[19].pk}")
    assert answer.status_code == 301
    assert answer["Location"] == f"http://testserver{LIST}?tag=harbours&before={fifty[19].pk}"
    assert "max-age=0" in answer["Cache-Control"]
    assert walk(client, f"{LIST}?tag=harbours") == [story.pk for story in fifty]


ODD_VALUES = (
    "", "0", "-1", str(10**30), "abc", "1.5", "٣", "%00", "1%20", str(2**63), "9" * 5000, "a/b",
    "%F0%9F%9A%A2", "%ff", "%ED%A0%80", "world%0A", "'", "%", "&&&",
)  # fmt: skip


@pytest.mark.parametrize("name", ["before", "section", "author", "tag"])
def test_an_odd_value_is_404_in_json_and_never_a_fault(client, fifty, name):
    for value in ODD_VALUES:
        answer = client.get(f"{LIST}?{name}={value}")
        assert answer.status_code == 404, value
        assert faults_of(answer) == []


def test_a_story_of_another_list_is_no_place_to_read_on_from(client, fifty, published, national):
    elsewhere = published("Elsewhere", at=NOW, section=national.pk)
    assert client.get(f"{LIST}?section=world&before={elsewhere.pk}").status_code == 404
    assert client.get(f"{LIST}?section=national&before={elsewhere.pk}").status_code == 404
    assert client.get(f"{LIST}?before={fifty[-1].pk}").status_code == 404  # nothing is older


def test_unknown_parameters_change_nothing(client, fifty):
    plain = client.get(f"{LIST}?section=world").content
    odd = client.get(f"{LIST}?utm_source=x&section=world&page=2&%00=%ff&callback=evil")
    assert odd.content == plain


# --- What goes around the documents -------------------------------------------------------------


def faults_of(answer):
    """What is wrong with an answer that is to be a problem in JSON (RFC 9457)."""
    assert answer["Content-Type"] == "application/problem+json"
    said = json.loads(answer.content)
    assert said["status"] == answer.status_code
    return faults_of_problem(said)


@pytest.mark.parametrize(
    "path",
    [
        "/api/", "/api/nothing/", "/api/stories/x/", "/api/stories/-1/", "/api/stories/0/",
        "/api/stories/1/2/", f"/api/stories/{10**30}/", f"/api/stories/{'9' * 5000}/",
        f"/api/stories/{2**63}/", "/api/stories/%00/", "/api/stories/1.5/",
    ],
)  # fmt: skip
def test_nothing_below_the_api_answers_with_a_page(client, story, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert faults_of(answer) == []


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
@pytest.mark.parametrize("path", [LIST, "/api/stories/1/"])
def test_nothing_is_taken_but_get_and_head(client, story, method, path):
    answer = getattr(client, method)(path)
    assert answer.status_code == 405
    assert {"GET", "HEAD"} <= set(answer["Allow"].split(", "))


@pytest.mark.parametrize("path", [LIST, "story"])
def test_head_answers_as_get_does(client, story, path):
    path = address(story) if path == "story" else path
    head, answer = client.head(path), client.get(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers == answer.headers
    assert int(answer["Content-Length"]) == len(answer.content)


def test_every_answer_may_be_read_by_any_site_and_is_asked_about_each_time(client, story, clock):
    gone, merged = address(story), f"{LIST}?tag=old"
    Tag.objects.create(
        name="Old", slug="old", merged_into=Tag.objects.create(name="New", slug="new")
    )
    tag = client.get(LIST)["ETag"]
    answers = [
        client.get(gone),
        client.get(LIST),
        client.get(LIST, headers={"if-none-match": tag}),
        client.get(merged),
        client.get("/api/nothing/"),
        client.get(f"{LIST}?tag=nothing"),
    ]
    end(story, "gone", clock)
    answers.append(client.get(gone))
    assert [answer.status_code for answer in answers] == [200, 200, 304, 301, 404, 404, 410]
    for answer in answers:
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert answer["Cache-Control"] == "public, max-age=0, must-revalidate"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert not {"Last-Modified", "Vary", "Set-Cookie"} & set(answer.headers)


def test_what_is_known_is_not_sent_again(client, story):
    for path in (LIST, address(story)):
        answer = client.get(path)
        assert answer["ETag"].startswith('"')
        for known in (answer["ETag"], f"W/{answer['ETag']}", f'"x", {answer["ETag"]}', "*"):
            again = client.get(path, headers={"if-none-match": known})
            assert (again.status_code, again.content) == (304, b"")
            assert again["ETag"] == answer["ETag"]
        for known in ('"x"', "x", "", "\x00", '"' * 99):
            assert client.get(path, headers={"if-none-match": known}).content == answer.content


@pytest.mark.parametrize("header", ["if-modified-since", "if-unmodified-since", "if-match"])
def test_other_conditions_are_not_asked(client, story, header):
    for value in ("Fri, 19 Jun 2026 06:30:00 GMT", "nonsense", '"x"'):
        assert client.get(address(story), headers={header: value}).status_code == 200


def test_whatever_becomes_of_a_story_what_was_known_is_not_true_any_more(
    client, published, author, topic, clock
):
    """Each of what leaves a version as it is, too: a rename, a tag merged, a story beside it."""
    beside = published("Beside")
    story = published(authors=[author.pk], tags=[topic.pk], also_read=[beside.pk])
    heir = Tag.objects.create(name="Harbours", slug="harbours")
    author.name = "Ilse Voss"
    happenings = [
        lambda: do("publish", story, revision=rewrite(story, headline="Harbour Closes")),
        lambda: taxonomy.save(author, by=PROGRAM, now=NOW),
        lambda: taxonomy.merge_tag(topic.pk, heir.pk, reason="Same", by=PROGRAM, now=NOW),
        lambda: do("unpublish", beside),
        lambda: do("take_down", story, how=EndsAs.GONE, reason="A libel"),
        lambda: do("restore", story, revision=2, reason="It was right"),
        lambda: do("take_down", story, how=EndsAs.VANISHED, reason="By law"),
    ]
    for happens in happenings:
        known = client.get(address(story)).get("ETag", '"none"')
        happens()
        assert client.get(address(story), headers={"if-none-match": known}).status_code != 304


def test_a_list_is_known_no_more_when_its_newest_or_any_other_story_is_taken_away(
    client, fifty, clock
):
    for story in (fifty[0], fifty[11]):
        known = client.get(LIST)["ETag"]
        end(story, "gone", clock)
        answer = client.get(
            LIST, headers={"if-none-match": known, "if-modified-since": http_date(NOW.timestamp())}
        )
        assert answer.status_code == 200


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
