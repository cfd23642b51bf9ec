"""The links of stories to one that is gone: found, replaced each by a revision, or taken out."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from articles.desk import also_read, revisions, together
from articles.models import Article, OpenForm, Revision, SectionMember
from tests.conftest import NOW, person
from tests.desk.pressing import do, rewrite, working_copy

pytestmark = pytest.mark.django_db

ROOM = "/admin/articles/article"


@pytest.fixture
def gone(clock, published):
    story = published("Harbour Opens")
    do("take_down", story, how="gone", reason="A court said so")
    return story


@pytest.fixture
def other(published):
    return published("Tides Rise")


@pytest.fixture
def first(write, gone, published):
    return write("Trade Report", also_read=[published("Bridge Closes").pk, gone.pk])


def links(story):
    return working_copy(Article.objects.get(pk=story.pk))["also_read"]


def replaced(gone, other, *stories, by):
    return also_read.replace_links(
        gone.pk, other and other.pk, [story.pk for story in stories], by=by, now=NOW
    )


def test_the_link_is_replaced_in_its_place_by_a_revision(gone, other, first, editor):
    before = links(first)
    assert replaced(gone, other, first, by=editor) == (["Trade Report"], [])
    assert links(first) == [before[0], other.pk]
    kept = Revision.objects.get(article=first.pk, number=2)
    assert (kept.by, kept.note) == (editor, "an also-read link replaced")
    assert kept.changed["fields"] == ["also_read"]


def test_without_another_story_the_link_is_taken_out(gone, first, editor):
    before = links(first)
    replaced(gone, None, first, by=editor)
    assert links(first) == before[:1]


def test_a_story_that_points_to_the_other_already_only_loses_the_link(gone, other, write, editor):
    story = write("Trade Report", also_read=[gone.pk, other.pk])
    replaced(gone, other, story, by=editor)
    assert links(story) == [other.pk]


def test_a_story_is_never_pointed_to_itself(gone, first, editor):
    before = links(first)
    assert replaced(gone, first, first, by=editor) == (["Trade Report"], [])
    assert links(first) == before[:1]


def test_a_story_that_points_there_no_longer_is_left_alone(gone, other, first, editor):
    rewrite(first, also_read=[])
    assert replaced(gone, other, first, by=editor) == ([], [])
    assert Article.objects.get(pk=first.pk).version == 2


def test_what_the_actor_may_not_edit_stays_and_is_named(gone, other, first, write, reporter):
    own = write("Quay Sinks", by=reporter, also_read=[gone.pk])
    changed, refused = replaced(gone, other, first, own, by=reporter)
    assert changed == ["Quay Sinks"]
    assert [story.headline for story in refused] == ["Trade Report"]
    assert "not change it" in refused[0].why
    assert gone.pk in links(first)


@pytest.mark.parametrize("wrong", ["itself", "hidden"])
def test_a_story_to_point_to_is_another_that_the_actor_may_open(
    gone, first, world, national, write, wrong
):
    colleague = person("Editor")
    SectionMember.objects.create(user=colleague, section=world)
    chosen = gone if wrong == "itself" else write("Budget Passes", section=national.pk)
    with pytest.raises(ValidationError, match="Choose another story"):
        replaced(gone, chosen, first, by=colleague)
    assert gone.pk in links(first)


def test_a_save_at_the_same_moment_loses_no_word(gone, other, first, editor):
    saved = []

    def a_colleague_is_quicker(execute, sql, *args):
        answer = execute(sql, *args)
        if 'FROM "articles_revision"' in sql and not saved:
            saved.append(sql)
            rewrite(first, headline="Trade Grows")
        return answer

    with connection.execute_wrapper(a_colleague_is_quicker):
        assert replaced(gone, other, first, by=editor) == (["Trade Report"], [])
    assert saved
    assert working_copy(Article.objects.get(pk=first.pk))["headline"] == "Trade Grows"
    assert links(first)[-1] == other.pk


def test_what_the_actor_types_of_a_story_elsewhere_is_not_thrown_away(gone, first, editor):
    OpenForm.objects.create(
        article_id=first.pk, person=editor, at=NOW, seen=1, typed="{}", typed_at=NOW
    )
    replaced(gone, None, first, by=editor)
    assert OpenForm.objects.get().typed == "{}"
    values = revisions.Values.of(revisions.snapshot(first.pk, 1) | {"headline": "Trade Grows"})
    saved = together.save(first.pk, values, by=editor, seen=1, now=NOW)
    assert saved.merged is not None
    assert gone.pk not in links(first)


# --- The page --------------------------------------------------------------------------------


def page(gone):
    return f"{ROOM}/{gone.pk}/also-read/"


def test_the_page_lists_the_stories_and_a_post_replaces_the_links(
    desk_of, editor, gone, other, first
):
    desk = desk_of(editor)
    shown = desk.get(page(gone)).content.decode()
    assert "Trade Report" in shown
    answer = desk.post(page(gone), {"stories": [first.pk], "other": other.pk})
    assert answer["Location"] == page(gone)
    assert links(first)[-1] == other.pk
    shown = desk.get(page(gone)).content.decode()
    assert "1 story changed. Readers see it when that story is published again." in shown
    assert "No story that you may open points to this one." in shown


def test_the_page_lists_only_what_the_person_may_open(desk_of, national, world, gone, write):
    colleague = person("Editor")
    SectionMember.objects.create(user=colleague, section=world)
    write("Budget Passes", section=national.pk, also_read=[gone.pk])
    desk = desk_of(colleague)
    assert "Budget Passes" not in desk.get(page(gone)).content.decode()


def test_a_post_of_a_story_that_is_not_listed_is_refused(desk_of, editor, gone, first, write):
    unlinked = write("Budget Passes")
    answer = desk_of(editor).post(page(gone), {"stories": [unlinked.pk]})
    assert answer.status_code == 422
    assert Article.objects.get(pk=unlinked.pk).version == 1


def test_a_story_that_stays_is_named_with_why(desk_of, reporter, gone, first):
    answer = desk_of(reporter).post(page(gone), {"stories": [first.pk]}, follow=True)
    assert "“Trade Report” stays: You may read this story, but not change it." in (
        answer.content.decode()
    )


def test_a_receipt_offers_to_replace_the_links(desk_of, managing_editor, published, write, clock):
    story = published("Harbour Opens", at=NOW - timedelta(hours=3))
    for number in range(3):
        write(f"Trade Report {number}", also_read=[story.pk])
    desk = desk_of(managing_editor)
    posted = {"seen": 1, "reason": "A court", "authority": "Halvern", "how": "gone"}
    answer = desk.post(f"{ROOM}/{story.pk}/verb/take_down/", posted, follow=True)
    shown = answer.content.decode()
    assert page(story) in shown
    assert "3 stories point to it: replace the links" in shown
