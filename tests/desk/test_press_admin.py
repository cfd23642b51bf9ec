"""The press's verbs in the admin: POST forms, for who may press them, once."""

from datetime import UTC, datetime, timedelta

import pytest

from articles.desk import press, revisions
from articles.desk.revisions import Values
from articles.models import Move, Publication, SectionMember
from articles.states import VERBS
from tests.conftest import NOW, PROGRAM

pytestmark = pytest.mark.django_db

ROLES = ("reporter", "editor", "publisher", "managing_editor", "administrator")


def change(article):
    return f"/admin/articles/article/{article.pk}/change/"


def address(article, verb):
    return f"/admin/articles/article/{article.pk}/verb/{verb}/"


def verbs_offered(page):
    page = " ".join(page.split())
    ways = ('/verb/{}/"', 'name="_then" value="{}"')
    return {verb for verb in VERBS if any(way.format(verb) in page for way in ways)}


def live(article):
    return Publication.objects.at(NOW).filter(article=article).exists()


def test_a_publisher_publishes_from_the_story_page(desk_of, publisher, write, client, clock):
    article = write()
    desk = desk_of(publisher)
    form = desk.get(address(article, "publish")).context["form"]
    assert form.is_plain
    answer = desk.post(
        address(article, "publish"),
        {k: v for k in form.fields if (v := form[k].value()) is not None},
    )
    assert answer.status_code == 302
    assert live(article)
    assert client.get("/world/harbour-opens/").status_code == 200
    move = Move.objects.get(verb="publish")
    assert (move.by, move.revision, move.article) == (publisher.pk, 1, article.pk)


@pytest.mark.parametrize("role", ROLES)
def test_buttons_appear_only_to_who_may_press_them(request, desk_of, published, role, clock):
    person = request.getfixturevalue(role)
    page = desk_of(person).get(change(published())).content.decode()
    offered = verbs_offered(page)
    edits = {"submit", "embargo"}
    publishes = edits | {"publish", "schedule", "set_end", "unpublish"}
    by_role = {
        "editor": edits,
        "publisher": publishes,
        "managing_editor": publishes | {"take_down", "hold", "erase"},
    }
    assert offered == by_role.get(role, set())


def test_a_publisher_of_another_section_is_answered_as_if_the_story_were_not_there(
    desk_of, publisher, national, published, clock
):
    article = published()
    SectionMember.objects.create(user=publisher, section=national)
    desk = desk_of(publisher)
    posted = {"seen": 1}
    hidden = desk.post(address(article, "unpublish"), posted)
    nowhere = desk.post("/admin/articles/article/999999/verb/unpublish/", posted)
    assert (hidden.status_code, nowhere.status_code) == (404, 404)
    assert live(article)


def test_a_get_presses_nothing(desk_of, publisher, write, clock):
    article = write()
    assert desk_of(publisher).get(address(article, "publish")).status_code == 200
    assert not live(article)


def test_a_second_click_is_told_who_did_it(desk_of, publisher, published, clock):
    article = published()
    desk, posted = desk_of(publisher), {"seen": 1, "reason": "It was too early"}
    assert desk.post(address(article, "unpublish"), posted).status_code == 302
    again = desk.post(address(article, "unpublish"), posted)
    assert again.status_code == 409
    assert "Publisher did something with this story" in again.content.decode()
    assert Move.objects.filter(verb="unpublish").count() == 1


def test_an_empty_body_cannot_be_published_and_the_message_says_why(
    desk_of, publisher, write, clock
):
    article = write("Empty", body="")
    answer = desk_of(publisher).post(address(article, "publish"), {"seen": 0, "revision": 1})
    assert answer.status_code == 409
    assert "has no text yet" in answer.content.decode()


def test_a_schedule_is_typed_in_the_newsrooms_zone(desk_of, publisher, write, clock):
    article = write()
    posted = {"seen": 0, "revision": 1, "at": "2026-06-20T06:00"}
    assert desk_of(publisher).post(address(article, "schedule"), posted).status_code == 302
    version = Publication.objects.get(article=article)
    assert version.starts_at == datetime(2026, 6, 20, 0, 30, tzinfo=UTC)  # Asia/Kolkata
    page = desk_of(publisher).get(change(article)).content.decode()
    assert "Goes out tomorrow 06:00" in page


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("2026-06-18T06:00", "has passed"),
        ("tomorrow", "not a date and time"),
        ("", "required"),
    ],
)
def test_a_moment_that_will_not_do_is_asked_back_with_what_was_typed(
    desk_of, publisher, write, typed, says, clock
):
    article = write()
    posted = {"seen": 0, "revision": 1, "at": typed, "until": "2026-07-01T08:00"}
    answer = desk_of(publisher).post(address(article, "schedule"), posted)
    assert answer.status_code in (409, 422)
    page = answer.content.decode()
    assert says in page
    assert "2026-07-01T08:00" in page
    assert not Publication.objects.exists()


@pytest.mark.parametrize(
    ("typed", "says"),
    [("2027-03-28T02:30", "does not exist"), ("2026-10-25T02:30", "happens twice")],
)
def test_an_hour_that_daylight_saving_skips_or_repeats_is_asked_back(
    desk_of, publisher, write, settings, typed, says, clock
):
    settings.TIME_ZONE = "Europe/Berlin"
    article = write()
    posted = {"seen": 0, "revision": 1, "at": typed}
    answer = desk_of(publisher).post(address(article, "schedule"), posted)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Publication.objects.exists()


def test_a_repeated_hour_is_settled_by_its_offset(desk_of, publisher, write, settings, clock):
    settings.TIME_ZONE = "Europe/Berlin"
    article = write()
    desk = desk_of(publisher)
    asked = desk.post(
        address(article, "schedule"), {"seen": 0, "revision": 1, "at": "2026-10-25T02:30"}
    )
    # The picker cannot hold an offset, so the field is plain text now.
    assert 'type="text" name="at"' in asked.content.decode()
    posted = {"seen": 0, "revision": 1, "at": "2026-10-25 02:30+01:00"}
    assert desk.post(address(article, "schedule"), posted).status_code == 302
    assert Publication.objects.get().starts_at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_publishing_with_a_change_scheduled_asks_what_becomes_of_it(
    desk_of, publisher, published, clock
):
    article = published()
    later = NOW + timedelta(hours=5)
    press.schedule(article.pk, revision=1, by=PROGRAM, seen=1, now=NOW, at=later)
    desk = desk_of(publisher)
    asked = desk.post(address(article, "publish"), {"seen": 2, "revision": 1})
    assert asked.status_code == 409
    assert "Say what becomes of it" in asked.content.decode()
    posted = {"seen": 2, "revision": 1, "pending": "cancel"}
    assert desk.post(address(article, "publish"), posted).status_code == 302
    assert not Publication.objects.filter(starts_at=later).exists()


def test_what_is_scheduled_is_updated_moved_and_cancelled_from_the_page(
    desk_of, publisher, write, clock
):
    article = write()
    later = NOW + timedelta(hours=5)
    press.schedule(article.pk, revision=1, by=PROGRAM, seen=0, now=NOW, at=later)
    values = Values(headline="Harbour Opens Wide", section=article.section_id, body=article.body)
    revisions.save(article.pk, values, by=PROGRAM, seen=1, now=NOW)
    desk = desk_of(publisher)
    assert "1 save old" in desk.get(change(article)).content.decode()

    posted = {"seen": 1, "revision": 2, "start": later.isoformat()}
    assert desk.post(address(article, "update_scheduled"), posted).status_code == 302
    assert Publication.objects.get().headline == "Harbour Opens Wide"

    posted = {"seen": 2, "start": later.isoformat(), "to": "2026-06-20T06:00"}
    assert desk.post(address(article, "move"), posted).status_code == 302
    moved = Publication.objects.get().starts_at
    assert moved == datetime(2026, 6, 20, 0, 30, tzinfo=UTC)

    posted = {"seen": 3, "start": moved.isoformat()}
    assert desk.post(address(article, "cancel"), posted).status_code == 302
    assert not Publication.objects.exists()


def test_a_takedown_needs_its_reason_and_a_restore_brings_the_story_back(
    desk_of, managing_editor, published, client, clock
):
    article = published()
    desk = desk_of(managing_editor)
    refused = desk.post(address(article, "take_down"), {"seen": 1, "how": "gone", "reason": " "})
    assert refused.status_code == 422
    posted = {"seen": 1, "how": "gone", "reason": "The source withdrew.", "authority": "The desk"}
    assert desk.post(address(article, "take_down"), posted).status_code == 302
    assert client.get("/world/harbour-opens/").status_code == 410
    assert Move.objects.get(verb="take_down").reason == "The source withdrew."
    posted = {"seen": 2, "revision": 1, "reason": "It was right after all."}
    assert desk.post(address(article, "restore"), posted).status_code == 302
    assert client.get("/world/harbour-opens/").status_code == 200


def test_what_is_scheduled_stands_on_the_clock_of_who_works_elsewhere_too(
    desk_of, publisher, write, clock
):
    article = write()
    later = NOW + timedelta(hours=5, minutes=12)
    press.schedule(article.pk, revision=1, by=PROGRAM, seen=0, now=NOW, at=later)
    page = desk_of(publisher).get(change(article)).content.decode()
    assert "Scheduled for today 17:12 (in 5 h 12 min)" in page
    assert "Europe/Berlin" not in page
    publisher.time_zone = "Europe/Berlin"
    publisher.save()
    page = desk_of(publisher).get(change(article)).content.decode()
    assert "(13:42 in Europe/Berlin)" in page
