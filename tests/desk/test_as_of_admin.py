"""The desk's page on which a person chooses the moment that the site is read as of."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from articles.models import Move
from articles.moments import AS_OF_COOKIE
from tests.conftest import NOW
from tests.desk.pressing import do, rewrite

pytestmark = pytest.mark.django_db

HERE = "/admin/as-of/"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def desk(desk_of, publisher, clock):
    return desk_of(publisher)


def chosen(browser):
    """What the browser was told, without its signature; empty: nothing."""
    return browser.cookies[AS_OF_COOKIE].value if AS_OF_COOKIE in browser.cookies else ""


def test_the_page_stands_at_its_address(desk):
    assert reverse("as_of") == HERE
    page = desk.get(HERE)
    assert page.status_code == 200
    assert "You read the site as it is now." in page.content.decode()
    assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("role", ["reporter", "editor", "administrator"])
def test_who_has_not_the_right_gets_no_page_and_no_cookie(request, desk_of, clock, role, method):
    browser = desk_of(request.getfixturevalue(role))
    answer = getattr(browser, method)(HERE, {"moment": "2026-06-20T06:00"})
    assert answer.status_code == 403
    assert not chosen(browser)


def test_who_is_not_signed_in_is_asked_to(client, db):
    answer = client.post(HERE, {"moment": "2026-06-20T06:00"})
    assert (answer.status_code, answer["Location"]) == (302, f"/admin/login/?next={HERE}")


def test_a_choice_comes_by_a_form_of_ours_only(publisher, clock):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(publisher)
    assert browser.post(HERE, {"moment": "2026-06-20T06:00"}).status_code == 403
    assert browser.get(f"{HERE}?moment=2026-06-20T06:00").status_code == 200
    assert not chosen(browser)


def test_a_moment_in_the_newsrooms_zone_is_kept_signed_and_leads_to_the_site(desk):
    answer = desk.post(HERE, {"moment": "2026-06-20T06:00"})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    cookie = answer.cookies[AS_OF_COOKIE]
    assert "~2026-06-20T00:30:00+00:00:" in cookie.value
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert not cookie["expires"]
    assert "Saturday 20 June 2026, 06:00" in desk.get("/").content.decode()
    page = desk.get(HERE).content.decode()
    assert "You read the site as of 20 Jun 2026, 06:00." in page
    assert 'value="2026-06-20T06:00"' in page


def test_the_cookie_goes_over_tls_only_where_the_site_does(desk, settings):
    for over_https in (False, True):
        settings.SERVED_OVER_HTTPS = over_https
        answer = desk.post(HERE, {"moment": "2026-06-20T06:00"})
        assert bool(answer.cookies[AS_OF_COOKIE]["secure"]) == over_https


def test_back_to_now_takes_the_cookie_away(desk, published):
    published()
    desk.post(HERE, {"moment": "2020-06-20T06:00"})
    assert desk.get("/world/").status_code == 404
    answer = desk.post(HERE, {"back_to_now": "1", "moment": "2020-06-20T06:00"}, follow=True)
    assert answer.redirect_chain == [(HERE, 302)]
    assert "You read the site as it is now." in answer.content.decode()
    assert not chosen(desk)
    answer = desk.get("/world/")
    assert answer.status_code == 200
    assert "as-of" not in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "This field is required."),
        ("tomorrow", "is not a date and time"),
        ("2026-06-20", "is not a date and time"),
        ("1826-06-20T06:00", "This date is too far away."),
        ("2226-06-20T06:00", "This date is too far away."),
        ("9999-12-31T23:59", "This date is too far away."),
        ("0001-01-01T00:00", "This date is too far away."),
        ("0001-01-01T00:00+00:00", "This date is too far away."),
    ],
)
def test_what_is_no_moment_of_the_paper_is_refused_with_a_sentence(desk, typed, said):
    answer = desk.post(HERE, {"moment": typed})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not chosen(desk)


def test_an_hour_that_happens_twice_is_asked_back_in_a_field_that_takes_the_offset(desk, settings):
    settings.TIME_ZONE = "Europe/Berlin"
    page = desk.post(HERE, {"moment": "2026-10-25T02:30"}).content.decode()
    assert "happens twice in Europe/Berlin" in page
    assert '<input type="text" name="moment" value="2026-10-25T02:30"' in page
    assert desk.post(HERE, {"moment": "2026-10-25 02:30+01:00"}).status_code == 302


def presets(browser):
    page = browser.get(HERE)
    return [(p["value"], p["when"], p["how_far"], p["headlines"]) for p in page.context["presets"]]


def test_the_moments_to_look_at_are_tomorrow_morning_and_what_starts_next(desk, published, write):
    story = published("Tides Rise")
    do("schedule", story, revision=rewrite(story, headline="Tides Fall"), at=NOW + DAY)
    for name, hours in (("One", 24), ("Two", 1), ("Later", 72)):
        do("schedule", write(name), revision=1, at=NOW + hours * HOUR)
    six = datetime(2026, 6, 20, 6, tzinfo=ZoneInfo("Asia/Kolkata"))
    assert presets(desk) == [
        (six.isoformat(), "tomorrow 06:00", "in 18 h", []),
        ((NOW + HOUR).isoformat(), "today 13:00", "in 1 h", ["Two"]),
        ((NOW + DAY).isoformat(), "tomorrow 12:00", "in 1 d", ["Tides Fall", "One"]),
        ((NOW + 3 * DAY).isoformat(), "22 Jun 2026, 12:00", "in 3 d", ["Later"]),
    ]
    for value, *_rest in presets(desk):
        assert desk.post(HERE, {"moment": value}).status_code == 302
    assert "Later" in desk.get("/").content.decode()


def test_only_ten_starts_are_offered_whatever_is_scheduled(
    desk, write, django_assert_max_num_queries
):
    for hours in range(1, 13):
        do("schedule", write(f"Story {hours}"), revision=1, at=NOW + hours * HOUR)
    # Session, person, permissions (2), their sections, the starts; and the admin's frame asks.
    with django_assert_max_num_queries(8):
        assert len(presets(desk)) == 1 + 10


def test_the_moment_of_a_start_shows_it_to_the_microsecond(desk, write):
    at = NOW + HOUR + timedelta(microseconds=1)
    do("schedule", write("Story"), revision=1, at=at)
    desk.post(HERE, {"moment": presets(desk)[1][0]})
    assert desk.get("/world/story/").status_code == 200
    desk.post(HERE, {"moment": (at - timedelta(microseconds=1)).isoformat()})
    assert desk.get("/world/story/").status_code == 404


def test_to_read_the_site_as_of_another_moment_is_no_verb_and_leaves_no_move(desk):
    desk.post(HERE, {"moment": "2026-06-20T06:00"})
    assert not Move.objects.exists()
