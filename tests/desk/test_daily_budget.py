"""The day's list: which stories stand on it, in which order, what they come to, and a new line."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.desk import budget, planning
from articles.models import Article, Author, Move, SectionMember
from articles.states import Priority
from tests.benchmarks.plans import asked, described, faults
from tests.conftest import NOW, PROGRAM
from tests.desk.pressing import do, everything, rewrite
from tests.desk.telling import HOUR, colleague

pytestmark = pytest.mark.django_db

TODAY = "/admin/budget/"
ADD = "/admin/budget/add/"
DAY = timedelta(days=1)
MOST = 15  # queries


@pytest.fixture(autouse=True)
def _clock(clock):
    """It is noon on Friday, 19 June 2026."""


@pytest.fixture
def desk(desk_of, publisher):
    return desk_of(publisher)


def plan(story, **changes):
    return planning.plan(story.pk, changes, by=PROGRAM, now=NOW)


def listed(answer):
    """What a list shows: {“World”: [“Flood”, …]}, in its order."""
    parts = answer.context["budget"].parts
    return {part.section.name: [line.story.headline for line in part.lines] for part in parts}


def test_a_day_lists_what_is_due_goes_out_and_went_out(desk, write, published):
    plan(write("Due"), due_at=NOW + 3 * HOUR)
    do("schedule", write("Coming"), revision=1, at=NOW + 5 * HOUR)
    published("Out", at=NOW - 2 * HOUR)
    plan(write("Due tomorrow"), due_at=NOW + DAY)
    published("Out yesterday", at=NOW - DAY)
    write("Not planned")
    assert listed(desk.get(TODAY)) == {"World": ["Out", "Due", "Coming"]}
    assert listed(desk.get(f"{TODAY}?day=2026-06-20")) == {"World": ["Due tomorrow"]}
    assert listed(desk.get(f"{TODAY}?day=2026-06-18")) == {"World": ["Out yesterday"]}


def test_todays_list_holds_what_must_run_until_it_is_live(desk, write, published):
    plan(write("Must"), priority=Priority.MUST)
    plan(published("Out long ago", at=NOW - 9 * DAY), priority=Priority.MUST)
    plan(write("Can wait"), priority=Priority.CAN_WAIT)
    answer = desk.get(TODAY)
    assert listed(answer) == {"World": ["Must"]}
    assert "what must run and has no due time, until it is live" in answer.content.decode()
    assert listed(desk.get(f"{TODAY}?day=2026-06-20")) == {}


def test_sections_stand_in_the_papers_order_and_what_must_run_first(desk, write, national, world):
    for name, section, hours, priority in (
        ("World late", world, 6, 2),
        ("National", national, 1, 2),
        ("World early", world, 2, 2),
        ("World must", world, 8, 1),
    ):
        plan(write(name, section=section.pk), due_at=NOW + hours * HOUR, priority=priority)
    assert list(listed(desk.get(TODAY)).items()) == [
        ("World", ["World must", "World early", "World late"]),
        ("National", ["National"]),
    ]


def test_a_line_says_whose_it_is_how_long_until_when_and_both_states(desk, write, author, editor):
    signed = write("Signed", authors=[author.pk], standfirst="After eleven years of talks.")
    plan(signed, due_at=NOW - HOUR, length=800, slugline="flood", assignee_id=editor.pk)
    plan(write("Assigned"), due_at=NOW + HOUR, assignee_id=editor.pk)
    plan(write("Nobody’s"), due_at=NOW + 2 * HOUR)
    answer = desk.get(TODAY)
    lines = answer.context["budget"].lines
    assert [(line.by, line.times, line.is_late) for line in lines] == [
        ("Ilse Hartmann", "due 11:00", True), ("Editor", "due 13:00", False),
        ("", "due 14:00", False),
    ]  # fmt: skip
    page = answer.content.decode()
    for words in ("FLOOD", "After eleven years of talks.", "of 800", "nobody yet", "Not public"):
        assert words in page


def test_a_line_says_when_its_story_went_or_goes_out(desk, write, published):
    published("Out", at=NOW - HOUR)
    coming = write("Coming")
    plan(coming, due_at=NOW + HOUR)
    do("schedule", coming, revision=1, at=NOW + 3 * HOUR)
    plan(write("Must run"), priority=Priority.MUST)
    lines = desk.get(TODAY).context["budget"].lines
    assert {line.story.headline: line.times for line in lines} == {
        "Must run": "no time", "Out": "went live 11:00", "Coming": "due 13:00, goes out 15:00",
    }  # fmt: skip


def test_what_came_out_is_late_no_more(desk, published):
    plan(published("Out", at=NOW - HOUR), due_at=NOW - 2 * HOUR)
    assert [line.is_late for line in desk.get(TODAY).context["budget"].lines] == [False]


def test_the_lead_says_what_the_day_comes_to(desk, write, published):
    body = "<p>" + "word " * 600 + "</p>"
    plan(write("Long", body=body), due_at=NOW + HOUR, length=700)
    plan(published("Out", at=NOW - HOUR, body=body), length=500)
    plan(write("Unasked", body=body), due_at=NOW + HOUR)
    page = " ".join(desk.get(TODAY).content.decode().split())
    assert "<b>3 stories</b>, 1,800 words written (1,200 of the 1,200 asked for), 1 live." in page


def test_an_empty_day_says_what_to_do(desk):
    assert "Nothing stands on this day yet. Add a line" in desk.get(TODAY).content.decode()


def test_a_day_of_25_hours_is_one_day(desk, write, settings):
    settings.TIME_ZONE = "Europe/Berlin"
    plan(write("First"), due_at=datetime(2026, 10, 24, 22, 0, tzinfo=UTC))
    plan(write("Last"), due_at=datetime(2026, 10, 25, 22, 59, tzinfo=UTC))
    plan(write("Next"), due_at=datetime(2026, 10, 25, 23, 0, tzinfo=UTC))
    assert listed(desk.get(f"{TODAY}?day=2026-10-25")) == {"World": ["First", "Last"]}


def test_only_what_a_person_may_open_is_listed(desk_of, write, national):
    jun = colleague("Jun Park", "Reporter", national)
    plan(write("Theirs"), due_at=NOW + HOUR)
    plan(write("Theirs that must run"), priority=Priority.MUST)
    plan(write("Own", section=national.pk), due_at=NOW + HOUR)
    assert listed(desk_of(jun).get(TODAY)) == {"National": ["Own"]}


@pytest.mark.parametrize("day", ["2026-02-30", "today", "2026-6-1", "0001-01-01", "9999-12-31"])
def test_what_names_no_day_is_not_found(desk, day):
    assert desk.get(f"{TODAY}?day={day}").status_code == 404


def test_who_may_read_no_story_is_refused(desk_of, administrator):
    administrator.groups.clear()
    assert desk_of(administrator).get(TODAY).status_code == 403


# --- A new line -----------------------------------------------------------------------------------


def typed(world, **more):
    return {
        "headline": "Ferries Cut", "section": world.pk, "slugline": "ferry", "assignee_id": "",
        "due_at": "2026-06-20T15:00", "length": "500", **more,
    }  # fmt: skip


def test_a_line_is_a_story_with_its_plan(desk_of, editor, world):
    jun = colleague("Jun Park", "Reporter", world)
    answer = desk_of(editor).post(ADD, typed(world, assignee_id=jun.pk))
    assert answer["Location"] == "/admin/budget/?day=2026-06-20"
    story = Article.objects.get()
    assert (story.headline, story.slugline, story.assignee, story.length) == (
        "Ferries Cut", "FERRY", jun, 500,
    )  # fmt: skip
    assert story.due_at == datetime(2026, 6, 20, 9, 30, tzinfo=UTC)
    assert list(Move.objects.order_by("pk").values_list("verb", flat=True)) == ["create", "plan"]
    assert listed(desk_of(editor).get(answer["Location"])) == {"World": ["Ferries Cut"]}


def test_a_line_without_a_due_time_is_said_to_be_on_no_days_list(desk, world):
    answer = desk.post(f"{ADD}?day=2026-06-22", typed(world, due_at=""), follow=True)
    assert answer.redirect_chain == [("/admin/budget/?day=2026-06-22", 302)]
    assert "Without a due time it is on no day’s list." in answer.content.decode()


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("headline", ""),
        ("section", ""),
        ("due_at", "soon"),
        ("length", "0"),
        ("slugline", "X" * 41),
    ],
)
def test_a_refusal_stands_at_its_field_and_begins_no_story(desk, world, field, wrong):
    before = everything()
    answer = desk.post(f"{ADD}?day=2026-06-20", typed(world, **{field: wrong}))
    assert answer.status_code == 422
    form = answer.context["form"]
    assert list(form.errors) == [field]
    assert form["length"].value() == typed(world, **{field: wrong})["length"]
    assert answer.context["day"].isoformat() == "2026-06-20"
    assert everything() == before


def test_who_does_not_write_for_the_section_is_refused_at_their_field(desk, world, national):
    elsewhere = colleague("Ada Moss", "Reporter", national)
    answer = desk.post(ADD, typed(world, assignee_id=elsewhere.pk))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["assignee_id"]
    assert not Article.objects.exists()


def test_a_reporter_begins_lines_of_their_sections_for_themself(desk_of, editor, world, national):
    jun = colleague("Jun Park", "Reporter", world)
    desk = desk_of(jun)
    form = desk.get(TODAY).context["form"]
    assert [name for _pk, name in form.fields["section"].choices] == ["– choose –", "World"]
    assert [name for _pk, name in form.fields["assignee_id"].choices] == ["– nobody –", "Jun Park"]
    assert desk.post(ADD, typed(world, assignee_id=editor.pk)).status_code == 422
    assert desk.post(ADD, typed(national)).status_code == 422
    assert desk.post(ADD, typed(world, assignee_id=jun.pk)).status_code == 302


def test_who_may_begin_no_story_is_offered_no_line(desk_of, administrator, world):
    desk = desk_of(administrator)
    assert ADD not in desk.get(TODAY).content.decode()
    assert desk.post(ADD, typed(world)).status_code == 403
    assert desk.get(ADD).status_code == 405


# --- What it costs --------------------------------------------------------------------------------


def queries_of(desk):
    desk.get(TODAY)
    with CaptureQueriesContext(connection) as captured:
        assert desk.get(TODAY).status_code == 200
    return [query["sql"] for query in captured]


def test_a_list_costs_as_many_queries_long_as_short(desk_of, publisher, world, write, published):
    SectionMember.objects.create(user=publisher, section=world)
    desk = desk_of(publisher)
    ContentType.objects.get_for_model(Article)

    def fill(number):
        for n in range(number):
            name = f"{number} {n}"
            author = Author.objects.create(name=name, slug=f"author-{number}-{n}")
            story = write(f"Due {name}", authors=[author.pk])
            plan(story, due_at=NOW + HOUR, assignee_id=publisher.pk)
            live = published(f"Out {name}", at=NOW - (n + 1) * timedelta(minutes=9))
            rewrite(live, standfirst="More.")
            plan(write(f"Must {name}"), priority=Priority.MUST)

    fill(1)
    few = queries_of(desk)
    fill(12)
    many = queries_of(desk)
    assert len(many) == len(few) <= MOST, "\n".join(sql[:200] for sql in many)


def test_what_must_run_is_a_range_of_an_index_whatever_the_archive(write, publisher, world):
    like = plan(write("Archived"), priority=Priority.CAN_WAIT)
    columns = {
        f.attname: getattr(like, f.attname)
        for f in Article._meta.concrete_fields
        if f.name not in ("id", "slug")
    }
    Article.objects.bulk_create(Article(**columns, slug=f"archived-{n}") for n in range(6000))
    for n in range(3):
        plan(write(f"Must {n}"), priority=Priority.MUST)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    SectionMember.objects.create(user=publisher, section=world)
    day = NOW.date()
    budget.of_day(publisher, day, t=NOW)  # what is read once of a person
    queries = asked(lambda: budget.of_day(publisher, day, t=NOW))
    # The others read three stories by their ids, from tables that are nearly empty here.
    must = [query for query in queries if '"priority" = ' in query[0]]
    assert len(must) == 1
    assert not faults(must[0]), described(must[0])
