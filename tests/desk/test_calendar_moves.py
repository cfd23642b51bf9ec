"""Moving what stands in the calendar: by a plan or by the press, and who may."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from articles.desk import calendar
from articles.desk.calendar import Kind
from articles.models import Article, Move, Publication, SectionMember
from tests.conftest import NOW
from tests.desk.calendar_page import MONTH, due
from tests.desk.pressing import do
from tests.desk.telling import HOUR

pytestmark = pytest.mark.django_db

MOVE = "/admin/calendar/move/"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _clock(clock):
    """It is noon on Friday, 19 June 2026."""


@pytest.fixture
def desk(desk_of, publisher):
    return desk_of(publisher)


def move_of(desk, title, address=MONTH):
    """What the link that moves a chip asks; None where it stays."""
    for week in desk.get(address).context["weeks"]:
        for day in week:
            for chip in day.chips:
                if chip.title == title:
                    query = parse_qs(urlsplit(chip.move).query, keep_blank_values=True)
                    return {name: value[0] for name, value in query.items()}
    raise AssertionError(f"{title} is not shown")


def test_what_is_due_is_moved_by_a_plan(desk, write):
    story = write("Flood")
    due(story, NOW + HOUR)
    asks = move_of(desk, "Flood")
    page = desk.get(MOVE, asks)
    assert 'value="2026-06-19T13:00"' in page.content.decode()
    answer = desk.post(MOVE, {**asks, "to": "2026-07-02T15:00"})
    moment = int(datetime(2026, 7, 2, 9, 30, tzinfo=UTC).timestamp())
    assert answer["Location"] == f"/admin/calendar/?month=2026-07#due-{story.pk}-{moment}"
    assert Article.objects.get(pk=story.pk).due_at == datetime(2026, 7, 2, 9, 30, tzinfo=UTC)
    assert Move.objects.latest("pk").verb == "plan"
    assert f'id="due-{story.pk}-{moment}"' in desk.get(answer["Location"]).content.decode()


def test_what_is_scheduled_is_moved_by_the_press(desk, write):
    story = write("River")
    do("schedule", story, revision=1, at=NOW + DAY)
    asks = move_of(desk, "River", "/admin/calendar/?week=2026-W25&section=world")
    answer = desk.post(MOVE, {**asks, "to": "2026-06-24T06:00"})
    assert answer["Location"].startswith("/admin/calendar/?week=2026-W26&section=world#scheduled-")
    assert Publication.objects.get().starts_at == datetime(2026, 6, 24, 0, 30, tzinfo=UTC)
    assert Move.objects.latest("pk").verb == "move"


def test_what_went_out_or_ends_is_not_moved_here(desk, published):
    live = published("Ferry")
    do("set_end", live, at=NOW + DAY)
    page = desk.get(MONTH).content.decode()
    assert MOVE + "?" not in page


def test_only_who_may_is_offered_to_move_and_the_verb_asks_again(
    desk_of, editor, publisher, reporter, write
):
    story = write("River", by=editor)
    due(story, NOW + HOUR, slugline="river")
    do("schedule", story, revision=1, at=NOW + DAY)
    asks = move_of(desk_of(publisher), "RIVER", "/admin/calendar/?month=2026-06")
    scheduled = {**asks, "what": "scheduled", "start": (NOW + DAY).isoformat(), "seen": "1"}
    kinds = {
        person: {
            slot.kind for slot in calendar.slots(person, NOW, NOW + 9 * DAY, t=NOW).slots
            if slot.may_move
        }
        for person in (reporter, editor, publisher)
    }  # fmt: skip
    assert list(kinds.values()) == [set(), {Kind.DUE}, {Kind.DUE, Kind.SCHEDULED}]
    to = {"to": "2026-06-24T06:00"}
    assert desk_of(reporter).post(MOVE, {**asks, **to}).status_code == 403
    assert desk_of(editor).post(MOVE, {**scheduled, **to}).status_code == 403
    assert Move.objects.latest("pk").verb == "schedule"


@pytest.mark.parametrize(
    ("to", "says"),
    [
        ("2026-06-18T06:00", "That moment has passed."),
        ("soon", "is not a date and time"),
        ("", "required"),
    ],
)
def test_a_moment_that_will_not_do_is_asked_back_with_what_was_typed(desk, write, to, says):
    do("schedule", write("River"), revision=1, at=NOW + DAY)
    answer = desk.post(MOVE, {**move_of(desk, "River"), "to": to})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert says in page
    assert (f'value="{to}"' in page) or not to
    assert Publication.objects.get().starts_at == NOW + DAY


def test_a_move_across_a_colleagues_is_refused_and_says_who_did_what(desk, write):
    story, other = write("Flood"), write("River")
    due(story, NOW + HOUR)
    do("schedule", other, revision=1, at=NOW + DAY)
    flood, river = move_of(desk, "Flood"), move_of(desk, "River")
    due(story, NOW + 2 * HOUR)
    do("move", other, NOW + DAY, to=NOW + 2 * DAY)
    for asks in (flood, river):
        answer = desk.post(MOVE, {**asks, "to": "2026-06-24T06:00"})
        assert answer.status_code == 422
        assert re.search(r"tests (changed this meanwhile|did something)", answer.content.decode())
    assert Article.objects.get(pk=story.pk).due_at == NOW + 2 * HOUR
    assert Publication.objects.get().starts_at == NOW + 2 * DAY


def test_a_day_onto_an_hour_that_comes_twice_is_asked_back(desk, write, settings):
    settings.TIME_ZONE = "Europe/Berlin"
    due(write("Flood"), datetime(2026, 10, 24, 0, 30, tzinfo=UTC))
    asks = move_of(desk, "Flood", "/admin/calendar/?month=2026-10")
    answer = desk.post(MOVE, {**asks, "to": "2026-10-25T02:30"})
    assert answer.status_code == 422
    assert 'type="text" name="to" value="2026-10-25T02:30"' in answer.content.decode()


def test_a_story_that_one_may_not_open_is_not_found(desk_of, write, national, publisher):
    SectionMember.objects.create(user=publisher, section=national)
    story = write("Flood")
    due(story, NOW + HOUR)
    asks = {"story": story.pk, "what": "due", "start": (NOW + HOUR).isoformat(), "seen": 0}
    desk = desk_of(publisher)
    assert desk.get(MOVE, asks).status_code == 404
    assert desk.post(MOVE, {**asks, "to": "2026-06-24T06:00"}).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"story": "x"},
        {"story": ""},
        {"what": "ends"},
        {"start": "soon"},
        {"start": "9999-12-31T23:00Z"},
    ],
)
def test_an_address_that_names_no_slot_is_not_found(desk, write, wrong):
    story = write("Flood")
    due(story, NOW + HOUR)
    asks = {"story": story.pk, "what": "due", "start": (NOW + HOUR).isoformat()}
    assert desk.get(MOVE, {**asks, **wrong}).status_code == 404
