"""The plan's form beside a story: what it posts, what it refuses, and what it never overwrites."""

from uuid import UUID

import pytest
from django.test import RequestFactory

from articles.admin import plan as room
from articles.desk import planning
from articles.models import Article, Move
from tests.conftest import NOW
from tests.desk.telling import HOUR, colleague

pytestmark = pytest.mark.django_db

DUE = NOW + 5 * HOUR
FIELDS = planning.FIELDS


@pytest.fixture(autouse=True)
def _clock(clock):
    """Everything happens at NOW."""


@pytest.fixture
def jun(world):
    return colleague("Jun Park", "Reporter", world)


@pytest.fixture
def vera(world):
    return colleague("Vera Holm", "Editor", world)


def address(story):
    return f"/admin/articles/article/{story.pk}/plan/"


def panel(story, person):
    """What the story's page shows a person of its plan."""
    request = RequestFactory().get("/")
    request.user, request.moment = person, NOW
    article = Article.objects.select_related("section").get(pk=story.pk)
    return room.panel(request, article)


def shown(story, person):
    """The fields of a form as a browser holds it, with what it was shown."""
    form = panel(story, person)["form"]
    held = {}
    for name in form.fields:
        held[name] = held[form[name].html_initial_name] = str(form[name].value())
    return held


def held(story):
    return Article.objects.values(*FIELDS).get(pk=story.pk)


def test_a_plan_is_saved_and_leads_back_to_the_story(desk_of, vera, jun, write):
    story = write(by=vera)
    typed = {
        **shown(story, vera), "slugline": "ferry", "assignee_id": str(jun.pk),
        "due_at": "2026-06-19T17:00", "priority": "1", "length": "800",
    }  # fmt: skip
    answer = desk_of(vera).post(address(story), typed, follow=True)
    assert answer.redirect_chain == [(f"/admin/articles/article/{story.pk}/change/", 302)]
    assert "The plan is saved." in answer.content.decode()
    assert held(story) == {
        "slugline": "FERRY", "assignee_id": jun.pk, "due_at": DUE, "priority": 1, "length": 800,
    }  # fmt: skip


def test_the_form_shows_what_is_planned_in_the_newsrooms_time(vera, jun, write):
    story = write(by=vera)
    planning.plan(story.pk, {"due_at": DUE, "assignee_id": jun.pk}, by=vera, now=NOW)
    form = panel(story, vera)["form"]
    html = str(form)
    assert 'value="2026-06-19T17:00"' in html
    assert f'<option value="{jun.pk}" selected>Jun Park</option>' in html
    assert panel(story, vera)["due"] == "today 17:00"


def test_only_what_somebody_changed_is_planned(desk_of, vera, jun, write):
    story = write(by=jun)
    opened = shown(story, jun)
    planning.plan(story.pk, {"due_at": DUE, "length": 300}, by=vera, now=NOW)
    answer = desk_of(jun).post(address(story), {**opened, "slugline": "FLOOD"})
    assert answer.status_code == 302
    assert (held(story)["slugline"], held(story)["due_at"], held(story)["length"]) == (
        "FLOOD", DUE, 300,
    )  # fmt: skip
    assert set(Move.objects.filter(verb="plan").latest("pk").details) == {"slugline"}


def test_what_a_colleague_changed_meanwhile_is_asked_back_with_both_and_then_saved(
    desk_of, vera, jun, write
):
    story = write(by=jun)
    opened = {**shown(story, jun), "due_at": "2026-06-19T20:00"}
    planning.plan(story.pk, {"due_at": DUE}, by=vera, now=NOW)
    desk = desk_of(jun)
    asked = desk.post(address(story), opened)
    assert asked.status_code == 422
    page = asked.content.decode()
    assert "Vera Holm changed this meanwhile to: 19 Jun 2026, 17:00." in page
    assert 'value="2026-06-19T20:00"' in page
    form = asked.context["plan"]["form"]
    assert 'name="initial-due_at" value="2026-06-19T17:00"' in str(form["due_at"])
    assert held(story)["due_at"] == DUE
    again = {**opened, "initial-due_at": "2026-06-19T17:00"}
    assert desk.post(address(story), again).status_code == 302
    assert held(story)["due_at"] == NOW + 8 * HOUR


def test_a_form_that_says_nothing_of_what_it_was_shown_overwrites_nobody(desk_of, vera, jun, write):
    story = write(by=jun)
    planning.plan(story.pk, {"length": 300}, by=vera, now=NOW)
    answer = desk_of(jun).post(address(story), {"length": "900", "priority": "2"})
    assert answer.status_code == 422
    assert held(story)["length"] == 300


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("due_at", "this evening", "is not a date and time"),
        ("length", "many", "Enter a whole number"),
        ("priority", "9", "9 is not one of the available choices"),
        ("assignee_id", "0", "0 is not one of the available choices"),
        ("slugline", "X" * 41, "at most 40 characters"),
    ],
)
def test_a_refusal_stands_at_its_field_with_all_that_was_typed(
    desk_of, vera, write, field, typed, says
):
    story = write(by=vera)
    posted = {**shown(story, vera), "slugline": "FERRY", "length": "700", field: typed}
    answer = desk_of(vera).post(address(story), posted)
    assert answer.status_code == 422
    form = answer.context["plan"]["form"]
    assert list(form.errors) == [field]
    assert says in form.errors[field][0]
    assert form[field].value() == typed
    assert held(story)["slugline"] == ""
    assert not Move.objects.filter(verb="plan").exists()


@pytest.mark.parametrize(("typed", "is_told"), [(str(UUID(int=5)), True), ("x&y=<b>", False)])
def test_a_refusal_still_knows_which_text_was_typed_beside_it(desk_of, vera, write, typed, is_told):
    story = write(by=vera)
    posted = {**shown(story, vera), "length": "many", "typed": typed}
    page = desk_of(vera).post(address(story), posted).content.decode()
    assert (f'<input type="hidden" name="typed" value="{typed}">' in page) == is_told
    assert (f"/change/?typed={typed}" in page) == is_told
    assert ('name="typed"' in page) == is_told


def test_what_is_no_moment_stays_to_be_read_in_a_plain_field(desk_of, vera, write):
    story = write(by=vera)
    posted = {**shown(story, vera), "due_at": "this evening"}
    page = desk_of(vera).post(address(story), posted).content.decode()
    assert '<input type="text" name="due_at" value="this evening"' in page


def test_an_hour_that_comes_twice_asks_for_its_offset_and_is_left_alone_afterwards(
    desk_of, vera, write, settings
):
    settings.TIME_ZONE = "Europe/Berlin"
    story = write(by=vera)
    desk, opened = desk_of(vera), shown(story, vera)
    asked = desk.post(address(story), {**opened, "due_at": "2026-10-25T02:30"})
    assert "happens twice" in asked.content.decode()
    assert 'type="text" name="due_at"' in asked.content.decode()
    settled = {**opened, "due_at": "2026-10-25 02:30+01:00"}
    assert desk.post(address(story), settled).status_code == 302
    due = held(story)["due_at"]
    assert due.isoformat() == "2026-10-25T01:30:00+00:00"
    assert desk.post(address(story), {**shown(story, vera), "length": "5"}).status_code == 302
    assert (held(story)["due_at"], held(story)["length"]) == (due, 5)


def test_who_writes_no_more_stays_assigned_until_somebody_says_otherwise(desk_of, vera, jun, write):
    story = write(by=vera)
    planning.plan(story.pk, {"assignee_id": jun.pk}, by=vera, now=NOW)
    jun.groups.clear()
    answer = desk_of(vera).post(address(story), {**shown(story, vera), "length": "5"})
    assert answer.status_code == 302
    assert (held(story)["assignee_id"], held(story)["length"]) == (jun.pk, 5)


def test_what_one_left_alone_is_not_asked_about_when_it_can_be_chosen_no_more(
    desk_of, vera, jun, write
):
    story = write(by=jun)
    planning.plan(story.pk, {"assignee_id": vera.pk}, by=vera, now=NOW)
    opened = shown(story, jun)
    planning.plan(story.pk, {"assignee_id": None}, by=vera, now=NOW)  # Jun may not choose Vera
    assert desk_of(jun).post(address(story), {**opened, "length": "5"}).status_code == 302
    assert (held(story)["assignee_id"], held(story)["length"]) == (None, 5)


def test_a_form_that_changes_nothing_says_so_and_writes_nothing(desk_of, vera, write):
    story = write(by=vera)
    answer = desk_of(vera).post(address(story), shown(story, vera), follow=True)
    assert "The plan is so already." in answer.content.decode()
    assert not Move.objects.filter(verb="plan").exists()


def test_a_reporter_is_offered_themself_and_an_editor_everybody_of_the_section(
    vera, jun, national, write
):
    colleague("Ada Moss", "Reporter", national)
    story = write(by=jun)

    def offered(person):
        return [name for _pk, name in panel(story, person)["form"].fields["assignee_id"].choices]

    assert offered(jun) == ["– nobody –", "Jun Park"]
    assert offered(vera) == ["– nobody –", "Jun Park", "Vera Holm"]
    planning.plan(story.pk, {"assignee_id": vera.pk}, by=vera, now=NOW)
    assert offered(jun) == ["Vera Holm"]


def test_who_may_not_plan_a_story_reads_its_plan_and_posts_nothing(desk_of, vera, jun, write):
    story = write(by=vera)
    planning.plan(story.pk, {"due_at": DUE, "length": 800}, by=vera, now=NOW)
    seen = panel(story, jun)
    assert seen["form"] is None
    assert seen["lines"] == [
        ("Slugline", "none"), ("Assigned to", "none"), ("Due", "19 Jun 2026, 17:00"),
        ("Priority", "normal"), ("Length", "800 words"),
    ]  # fmt: skip
    answer = desk_of(jun).post(address(story), {"length": "1", "initial-length": "800"})
    assert answer.status_code == 403
    assert held(story)["length"] == 800


def test_a_story_that_one_may_not_open_has_no_plan(desk_of, write, national):
    elsewhere = colleague("Ada Moss", "Editor", national)
    assert desk_of(elsewhere).post(address(write()), {"length": "1"}).status_code == 404


def test_a_get_plans_nothing(desk_of, vera, write):
    assert desk_of(vera).get(address(write())).status_code == 405


def test_the_panel_asks_one_query_beyond_the_story(vera, jun, write, django_assert_max_num_queries):
    story = write(by=vera)
    planning.plan(story.pk, {"assignee_id": jun.pk, "due_at": DUE}, by=vera, now=NOW)
    for person in (vera, jun):
        panel(story, person)  # what a request has read of the person
        request = RequestFactory().get("/")
        request.user, request.moment = person, NOW
        article = Article.objects.select_related("section").get(pk=story.pk)
        with django_assert_max_num_queries(1):
            shown = room.panel(request, article)
            str(shown["form"])
