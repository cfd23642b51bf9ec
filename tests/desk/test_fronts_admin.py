"""The fronts' room: who arranges what, and what the room says of it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from articles.desk import fronts
from articles.desk.fronts import Put
from articles.desk.revisions import Stale
from articles.models import Front, Move, Pin, SectionMember
from articles.models.front import HOME
from tests.conftest import NOW, PROGRAM, person
from tests.desk.pressing import HOUR

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
ROOM = "/admin/front/"


@pytest.fixture
def desk(desk_of, publisher):
    return desk_of(publisher)


@pytest.fixture
def stories(published):
    return [published(f"Story {n}", at=NOW - timedelta(hours=n)) for n in range(1, 13)]


def typed(*stories, seen=0, button="_publish", **more):
    slots = {f"story_{place}": story.pk for place, story in enumerate(stories)}
    return {"seen": seen, button: "1", **slots, **more}


def test_a_publisher_puts_a_story_in_the_lead_and_the_room_says_who_did(desk, client, stories):
    assert desk.post(ROOM, typed(stories[4])).status_code == 302
    assert "Story 5" in client.get("/").content.decode().partition('class="latest"')[0]
    page = desk.get(ROOM).content.decode()
    assert "Put here by Publisher" in page
    assert "By rule: the newest" in page
    assert Move.objects.filter(verb="publish_front").count() == 1


def test_a_reporter_arranges_nothing(desk_of, reporter, stories):
    assert desk_of(reporter).post(ROOM, typed(stories[4])).status_code == 403
    with pytest.raises(PermissionDenied):
        fronts.publish(HOME, [Put(stories[4].pk)], by=reporter, seen=0, now=NOW)
    assert not Pin.objects.exists()


def test_who_works_for_one_section_arranges_no_other(desk_of, stories, world, national):
    member = person("Publisher", email="member@newsroom.example")
    SectionMember.objects.create(user=member, section=national)
    assert desk_of(member).post("/admin/front/world/", typed(stories[4])).status_code == 403
    assert desk_of(member).post("/admin/front/national/", typed(stories[4])).status_code == 302


def test_of_two_who_arrange_a_front_at_once_one_is_told(desk, stories):
    desk.post(ROOM, typed(stories[4]))
    answer = desk.post(ROOM, typed(stories[3]))
    assert answer.status_code == 422
    assert "Somebody arranged this front meanwhile." in answer.content.decode()
    with pytest.raises(Stale):
        fronts.save(HOME, [], by=PROGRAM, seen=0, now=NOW)


def test_a_draft_is_there_when_the_room_is_opened_again(desk, stories):
    desk.post(ROOM, typed(stories[4], button="_save", until_0="2026-06-19T15:00"))
    page = desk.get(ROOM).content.decode()
    assert f'<option value="{stories[4].pk}" selected>Story 5</option>' in page
    assert 'value="2026-06-19T15:00"' in page
    assert not Pin.objects.exists()


def test_see_it_shows_the_page_and_writes_nothing(desk, stories):
    answer = desk.post(ROOM, typed(stories[4], button="_see"))
    assert "Story 5" in answer.content.decode().partition('class="latest"')[0]
    assert "no-store" in answer["Cache-Control"]
    assert not Pin.objects.exists()
    assert not Front.objects.exists()


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"twice": True}, "A story stands once on a front."),
        ({"draft": True}, "Readers cannot see “A Draft”."),
        ({"until_0": "2026-06-19T11:00"}, "comes before the front begins"),
        ({"button": "_schedule"}, "Say from when"),
        ({"button": "_schedule", "at": "2026-06-19T11:00"}, "This moment has passed."),
        ({"button": "_cancel"}, "Nothing is scheduled for this front any more."),
        ({"story_1": "99999999"}, "Select a valid choice"),
        ({"until_0": "soon"}, "is not a date and time"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(desk, stories, write, told, sentence):
    told = dict(told)
    picked = [stories[4]]
    if told.pop("twice", False):
        picked.append(stories[4])
    if told.pop("draft", False):
        picked.append(write("A Draft"))
    answer = desk.post(ROOM, typed(*picked, **told))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Pin.objects.exists()


def test_what_has_stood_for_long_is_marked(desk, clock, stories):
    desk.post(ROOM, typed(stories[4]))
    assert "stood there for long" not in desk.get(ROOM).content.decode()
    clock.shift(timedelta(hours=12, seconds=1))
    assert "stood there for long" in desk.get(ROOM).content.decode()


def test_a_second_front_is_not_scheduled_over_the_first(desk, stories):
    at = {"button": "_schedule", "at": "2026-06-19T15:00"}
    assert desk.post(ROOM, typed(stories[4], **at)).status_code == 302
    assert desk.post(ROOM, typed(stories[3], seen=1, **at)).status_code == 422
    assert "Another front is scheduled" in desk.get(ROOM).content.decode()
    assert desk.post(ROOM, typed(seen=1, button="_cancel")).status_code == 302


def test_a_banner_goes_up_and_comes_off(desk, client, stories):
    told = {"banner-words": "It breaks", "banner-until": "2026-06-19T15:00"}
    assert desk.post(f"{ROOM}banner/", told).status_code == 302
    assert "It breaks" in client.get("/").content.decode()
    assert desk.post(f"{ROOM}banner/", {"_off": "1"}).status_code == 302
    assert "It breaks" not in client.get("/").content.decode()


def test_a_banner_needs_words_and_an_end_within_a_day(desk, stories):
    for told, sentence in (
        ({"banner-words": "It breaks"}, "This field is required"),
        ({"banner-words": "It breaks", "banner-until": "2026-06-21T15:00"}, "next 24 hours"),
    ):
        answer = desk.post(f"{ROOM}banner/", told)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()


def test_a_reporter_puts_up_no_banner(reporter):
    with pytest.raises(PermissionDenied):
        fronts.show_banner("It breaks", None, until=NOW + HOUR, by=reporter, now=NOW)
    with pytest.raises(PermissionDenied):
        fronts.take_banner_off(by=reporter, now=NOW)
    with pytest.raises(ValidationError):
        fronts.show_banner("", None, until=NOW + HOUR, by=PROGRAM, now=NOW)
