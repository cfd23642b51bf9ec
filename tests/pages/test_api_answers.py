"""The read API: what goes around the documents, conditions and faults."""

import pytest

from articles.desk import taxonomy
from articles.models import Tag
from articles.states import EndsAs
from tests.conftest import NOW, PROGRAM
from tests.desk.pressing import do, rewrite
from tests.pages.reading_api import (
    LIST,
    address,
    end,
    faults_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(published, clock):
    return published()


# --- What goes around the documents -------------------------------------------------------------


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
