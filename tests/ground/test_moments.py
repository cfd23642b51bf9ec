"""Moments that somebody typed: read in the newsroom's zone, never guessed."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from articles.moments import EXAMPLE, in_zone, newsroom_zone, read_moment

KOLKATA, BERLIN = ZoneInfo("Asia/Kolkata"), ZoneInfo("Europe/Berlin")
LORD_HOWE, APIA = ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Pacific/Apia")


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "zone", "moment"),
    [
        ("2026-06-19 09:30", KOLKATA, utc(2026, 6, 19, 4, 0)),
        ("2026-06-19T09:30", KOLKATA, utc(2026, 6, 19, 4, 0)),
        (" 2026-06-19 09:30:15 ", KOLKATA, utc(2026, 6, 19, 4, 0, 15)),
        ("2026-01-19 09:30", BERLIN, utc(2026, 1, 19, 8, 30)),
        ("2026-06-19 09:30", BERLIN, utc(2026, 6, 19, 7, 30)),
        ("2026-06-19 09:30+00:00", BERLIN, utc(2026, 6, 19, 9, 30)),
        ("2026-06-19T09:30Z", BERLIN, utc(2026, 6, 19, 9, 30)),
        ("2026-06-19 09:30-03:30", BERLIN, utc(2026, 6, 19, 13, 0)),
        (EXAMPLE, KOLKATA, utc(2026, 6, 19, 4, 0)),
    ],
)
def test_a_moment_is_read_in_the_newsrooms_zone_unless_it_brings_its_offset(typed, zone, moment):
    read = read_moment(typed, zone)
    assert (read, read.tzinfo) == (moment, UTC)


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "tomorrow", "09:30", "2026-06-19", "19.06.2026 09:30", "06/19/2026 09:30",
        "2026-06-31 09:30", "2026-02-29 09:30", "2026-06-19 24:30", "2026-06-19 09:60", "20260619",
        "2026-06-19 9:30", "2026-06-19 09:30 Europe/Berlin", "x" * 5000, "1e9", "1781863800",
        "２０２６-06-19 09:30",
    ],
)  # fmt: skip
def test_what_is_no_date_and_time_is_refused_with_an_example(typed):
    try:
        read = read_moment(typed, BERLIN)
    except ValidationError as refusal:
        message = refusal.messages[0]
    else:
        pytest.fail(f"read as {read}")
    assert "is not a date and time. Write it so: 2026-06-19 09:30." in message
    assert len(message) < 140


@pytest.mark.parametrize(
    ("typed", "zone", "code"),
    [
        ("2026-03-29 02:00", BERLIN, "skipped"),
        ("2026-03-29 02:59:59", BERLIN, "skipped"),
        ("2026-10-25 02:00", BERLIN, "repeated"),
        ("2026-10-25 02:59:59", BERLIN, "repeated"),
        ("2026-10-04 02:15", LORD_HOWE, "skipped"),
        ("2026-04-05 01:45", LORD_HOWE, "repeated"),
        ("2011-12-30 12:00", APIA, "skipped"),
    ],
)
def test_an_hour_that_does_not_exist_or_happens_twice_is_asked_back(typed, zone, code):
    with pytest.raises(ValidationError) as refusal:
        read_moment(typed, zone)
    assert refusal.value.code == code
    assert zone.key in refusal.value.messages[0]


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2026-03-29 01:59:59", utc(2026, 3, 29, 0, 59, 59)),
        ("2026-03-29 03:00", utc(2026, 3, 29, 1, 0)),
        ("2026-10-25 01:59:59", utc(2026, 10, 24, 23, 59, 59)),
        ("2026-10-25 03:00", utc(2026, 10, 25, 2, 0)),
        ("2026-10-25 02:30+02:00", utc(2026, 10, 25, 0, 30)),
        ("2026-10-25 02:30+01:00", utc(2026, 10, 25, 1, 30)),
    ],
)
def test_the_seconds_beside_it_and_an_offset_leave_no_doubt(typed, moment):
    assert read_moment(typed, BERLIN) == moment


def test_an_hour_that_happens_twice_is_offered_in_both_readings_which_can_be_typed():
    with pytest.raises(ValidationError) as refusal:
        read_moment("2026-10-25 02:30", BERLIN)
    message = refusal.value.messages[0]
    for said, moment in (("2026-10-25 02:30+02:00", 0), ("2026-10-25 02:30+01:00", 1)):
        assert said in message
        assert read_moment(said, BERLIN) == utc(2026, 10, 25, moment, 30)


@pytest.mark.parametrize("typed", ["0001-01-01 00:00", "9999-12-31 23:59:59-12:00"])
def test_a_moment_that_no_calendar_holds_is_refused(typed):
    with pytest.raises(ValidationError):
        read_moment(typed, KOLKATA if typed < "1" else BERLIN)


moments = st.datetimes(
    datetime(1971, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)  # noqa: DTZ001
)  # fmt: skip
zones = st.sampled_from([KOLKATA, BERLIN, LORD_HOWE, APIA, ZoneInfo("America/St_Johns")])


@given(moments, zones)
def test_a_moment_written_in_the_zone_is_read_back_or_asked_about(moment, zone):
    wall = moment.astimezone(zone)
    typed = wall.replace(tzinfo=None).isoformat(sep=" ")
    try:
        read, code = read_moment(typed, zone), None
    except ValidationError as asked:
        read, code = moment, asked.code
    assert read == moment
    assert code in {None, "repeated"}
    assert read_moment(wall.isoformat(sep=" "), zone) == moment


@given(moments, st.integers(-14 * 60, 14 * 60))
def test_a_moment_with_any_offset_is_read_back(moment, minutes):
    typed = moment.astimezone(timezone(timedelta(minutes=minutes))).isoformat()
    assert read_moment(typed, BERLIN) == moment


def test_the_newsrooms_zone_is_the_one_that_was_set():
    assert newsroom_zone().key == "Asia/Kolkata"
    assert in_zone(datetime(2026, 6, 19, 12), newsroom_zone()).utcoffset() == timedelta(hours=5.5)  # noqa: DTZ001
