"""Beside the list of stories: filters saved by name, and the queue, one story after the other."""

from datetime import timedelta

import pytest

from articles.desk import saved_filters, workflow
from articles.models import SavedFilter, SectionMember
from tests.conftest import NOW
from tests.desk.list_page import LIST, headlines, submit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

HOUR = timedelta(hours=1)


# --- Saved filters ---------------------------------------------------------------------------


def test_a_filter_is_saved_under_a_name_and_stands_among_the_views(desk_of, editor, write):
    submit(write("Waits"))
    desk = desk_of(editor)
    typed = {"name": "Waits for me", "query": "status=in_review&nonsense=1&before=3"}
    answer = desk.post(f"{LIST}filters/save/", typed, follow=True)
    assert answer.redirect_chain == [(f"{LIST}?status=in_review", 302)]
    tabs = {tab["label"]: tab["is_here"] for tab in answer.context["tabs"]}
    assert tabs["Waits for me"]
    assert not tabs["All stories"]
    assert headlines(answer) == ["Waits"]
    pk = SavedFilter.objects.get().pk
    desk.post(f"{LIST}filters/{pk}/delete/")
    assert not SavedFilter.objects.exists()


def test_nobody_sees_or_removes_a_colleagues_filter(desk_of, editor, reporter):
    theirs = saved_filters.save("Theirs", "status=ready", by=reporter)
    desk = desk_of(editor)
    assert b"Theirs" not in desk.get(LIST).content
    assert desk.post(f"{LIST}filters/{theirs.pk}/delete/").status_code == 404
    assert SavedFilter.objects.filter(pk=theirs.pk).exists()


def test_a_filter_without_a_name_or_anything_asked_is_refused_with_a_sentence(desk_of, editor):
    desk = desk_of(editor)
    for typed, says in (
        ({"name": " ", "query": "status=ready"}, "Give the filter a name."),
        ({"name": "All", "query": "nonsense=1"}, "Nothing is filtered here."),
        ({"name": "x\x01", "query": "status=ready"}, "U+0001"),
        ({"name": "x" * 41, "query": "status=ready"}, "40"),
    ):
        answer = desk.post(f"{LIST}filters/save/", typed, follow=True)
        assert says in answer.content.decode()
    assert not SavedFilter.objects.exists()


def test_a_person_keeps_twenty_filters_and_may_change_one(desk_of, editor):
    for n in range(20):
        saved_filters.save(f"Number {n}", "status=ready", by=editor)
    desk = desk_of(editor)
    more = desk.post(f"{LIST}filters/save/", {"name": "One more", "query": "due=late"}, follow=True)
    assert "You have 20 saved filters" in more.content.decode()
    desk.post(f"{LIST}filters/save/", {"name": "Number 3", "query": "due=late"})
    assert SavedFilter.objects.count() == 20
    assert SavedFilter.objects.get(name="Number 3").query == "due=late"


def test_a_filter_is_saved_and_removed_by_a_post_alone(desk_of, editor):
    saved = saved_filters.save("Ready", "status=ready", by=editor)
    desk = desk_of(editor)
    assert desk.get(f"{LIST}filters/save/").status_code == 405
    assert desk.get(f"{LIST}filters/{saved.pk}/delete/").status_code == 405


# --- One after the other ---------------------------------------------------------------------

NEXT = f"{LIST}next/"


def change(story):
    return f"{LIST}{story.pk}/change/"


def test_from_a_story_of_the_queue_the_next_is_one_click_away(desk_of, editor, pile):
    first, second, third = pile(3)
    for n, story in enumerate((first, second, third)):
        submit(story, due_at=NOW + HOUR * n)
    desk = desk_of(editor)
    assert desk.get(NEXT).url == change(first)
    assert desk.get(f"{NEXT}?after={first.pk}").url == change(second)
    workflow.take("approve", first.pk, by=editor, now=NOW)
    assert desk.get(f"{NEXT}?after={first.pk}").url == change(second)
    assert desk.get(f"{NEXT}?after={third.pk}").url == change(second)  # and around


def test_the_next_is_no_story_that_this_person_may_not_approve(
    desk_of, editor, reporter, write, world, national
):
    world.four_eyes = True
    world.save()
    submit(write("Own text", by=editor))
    desk = desk_of(editor)
    answer = desk.get(NEXT, follow=True)
    assert answer.redirect_chain[0][0] == f"{LIST}?view=queue"
    assert "Nothing else waits for your approval." in answer.content.decode()
    theirs = write("A colleague’s", by=reporter)
    submit(theirs)
    assert desk.get(NEXT).url == change(theirs)
    SectionMember.objects.create(user=editor, section=national)
    assert "view=queue" in desk_of(editor).get(NEXT).url
    assert "view=queue" in desk_of(reporter).get(NEXT).url
