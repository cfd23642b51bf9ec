"""A tag takes over another: its lists, its stories and its address, at every moment."""

from datetime import timedelta
from random import Random

import pytest

from articles.desk import taxonomy, together
from articles.models import Article, ArticleTag, ListRow, Move, Tag
from tests.conftest import NOW, PROGRAM
from tests.desk.pressing import HOUR, do, in_list, rewrite, working_copy

pytestmark = pytest.mark.django_db


@pytest.fixture
def old(db):
    return Tag.objects.create(name="Harbours", slug="harbours")


def merge(desk, tag, into, reason="One topic, one tag"):
    return desk.post(f"/admin/articles/tag/{tag.pk}/merge/", {"into": into.pk, "reason": reason})


@pytest.fixture
def desk(desk_of, managing_editor, clock):
    return desk_of(managing_editor)


def test_the_stories_of_a_merged_tag_stand_under_the_other_and_its_address_leads_there(
    desk, client, published, old, topic
):
    one = published("One", tags=[old.pk])
    two = published("Two", tags=[topic.pk], at=NOW - HOUR)
    assert merge(desk, old, topic).status_code == 302
    assert in_list("tag", topic.pk) == [two.pk, one.pk]
    assert in_list("tag", old.pk) == []
    answer = client.get("/tag/harbours/")
    assert (answer.status_code, answer["Location"]) == (301, "/tag/ports/")
    assert b"One" in client.get("/tag/ports/").content
    assert working_copy(one)["tags"] == [topic.pk]


def test_the_page_of_a_story_that_bore_both_names_the_topic_once(
    desk, client, published, old, topic
):
    published("One", tags=[old.pk, topic.pk])
    merge(desk, old, topic)
    page = client.get("/world/one/").content.decode()
    assert page.count("/tag/ports/") == 1
    assert "Harbours" not in page
    assert ArticleTag.objects.count() == 1


def test_what_is_published_after_the_merge_stands_under_the_tag_that_stayed(
    desk, published, old, topic
):
    story = published(tags=[old.pk])
    merge(desk, old, topic)
    text = rewrite(story, standfirst="At last.", tags=[topic.pk])
    do("schedule", story, revision=text, at=NOW + HOUR)
    do("unpublish", story, now=NOW + 2 * HOUR)
    do("publish", story, revision=1, now=NOW + 3 * HOUR)
    for t in (NOW, NOW + HOUR, NOW + 3 * HOUR):
        assert in_list("tag", topic.pk, t) == [story.pk], t
    assert in_list("tag", topic.pk, NOW + 2 * HOUR) == []
    assert not ListRow.objects.filter(kind="tag", what=old.pk).exists()


def test_an_old_revision_comes_back_under_the_tag_that_stayed(desk, published, old, topic):
    story = published(tags=[old.pk])
    rewrite(story, tags=[])
    merge(desk, old, topic)
    together.restore(story.pk, 1, by=PROGRAM, seen=2, now=NOW)
    assert working_copy(Article.objects.get(pk=story.pk))["tags"] == [topic.pk]


def test_a_merged_tags_name_typed_again_means_the_one_that_stayed(desk, old, topic):
    merge(desk, old, topic)
    assert taxonomy.tags_named(["harbours", "Ports"], by=PROGRAM, now=NOW) == [topic.pk]


def test_what_was_merged_before_is_taken_along(desk, client, published, old, topic):
    third = Tag.objects.create(name="Quays", slug="quays")
    published("One", tags=[third.pk])
    merge(desk, third, old)
    merge(desk, old, topic)
    assert client.get("/tag/quays/")["Location"] == "/tag/ports/"
    assert Tag.objects.get(pk=third.pk).merged_into == topic


def test_a_merge_is_done_once_with_a_reason_and_into_a_tag_in_use(desk, old, topic):
    assert merge(desk, old, topic, reason=" ").status_code == 422
    assert merge(desk, old, old).status_code == 422
    assert Tag.objects.get(pk=old.pk).retired is False
    merge(desk, old, topic)
    again = merge(desk, old, topic)
    assert again.status_code == 422
    assert "merged into another tag already" in again.content.decode()
    move = Move.objects.get(verb="merge_tag")
    assert (move.subject, move.reason) == ("Harbours", "One topic, one tag")
    assert move.details["into_name"] == "Ports"


@pytest.mark.parametrize("role", ["reporter", "editor", "publisher", "administrator"])
def test_only_a_managing_editor_merges_tags(request, desk_of, role, old, topic, clock):
    desk = desk_of(request.getfixturevalue(role))
    assert merge(desk, old, topic).status_code == 403
    assert Tag.objects.get(pk=old.pk).merged_into is None


def test_neither_a_merged_tag_nor_the_one_that_stayed_is_deleted(desk, old, topic):
    merge(desk, old, topic)
    for tag in (old, topic):
        answer = desk.post(f"/admin/articles/tag/{tag.pk}/delete/", {"post": "yes"})
        assert answer.status_code == 403
    assert Tag.objects.count() == 2


def test_at_every_moment_a_story_stands_once_where_it_stood_in_either_list(desk, published, write):
    """Random lives of stories that bore one of the tags, both, or none, one after another."""
    random = Random(20260619)
    first, second = (Tag.objects.create(name=n, slug=n) for n in ("first", "second"))
    for number in range(12):
        story, now = write(f"Story {number}"), NOW - timedelta(days=1)
        for _step in range(5):
            borne = random.sample([first.pk, second.pk], random.randint(0, 2))
            text = rewrite(story, tags=borne, standfirst=str(random.random()), now=now)
            do("publish", story, revision=text, now=now)
            now += timedelta(minutes=random.randint(1, 90))
            if random.random() < 0.3:
                do("unpublish", story, now=now)
                now += timedelta(minutes=5)
    rows = ListRow.objects.filter(kind="tag")
    edges = {edge for row in rows for edge in (row.starts_at, row.ends_at) if edge}
    before = {t: {*in_list("tag", first.pk, t), *in_list("tag", second.pk, t)} for t in edges}
    taxonomy.merge_tag(first.pk, second.pk, reason="One topic", by=PROGRAM, now=NOW)
    for t, stories in before.items():
        listed = in_list("tag", second.pk, t)
        assert len(listed) == len(set(listed)), t
        assert set(listed) == stories, t
