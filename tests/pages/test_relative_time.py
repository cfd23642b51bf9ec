"""The one rule for relative times, against a table of every boundary ± 1 second."""

import json
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from articles.pages.relative_time import relative_time, words_for_script

KOLKATA = ZoneInfo("Asia/Kolkata")
THEN = datetime(2024, 6, 19, 4, 0, tzinfo=UTC)  # 09:30 in Kolkata
SECOND, MINUTE, HOUR, DAY = 1, 60, 3600, 86400

BOUNDARIES = [
    # seconds since, words at it, words a second before
    (0, "just now", "19 June 2024, 09:30"),
    (MINUTE, "1 minute ago", "just now"),
    (2 * MINUTE, "2 minutes ago", "1 minute ago"),
    (59 * MINUTE, "59 minutes ago", "58 minutes ago"),
    (HOUR, "1 hour ago", "59 minutes ago"),
    (2 * HOUR, "2 hours ago", "1 hour ago"),
    (23 * HOUR, "23 hours ago", "22 hours ago"),
    (DAY, "1 day ago", "23 hours ago"),
    (2 * DAY, "2 days ago", "1 day ago"),
    (6 * DAY, "6 days ago", "5 days ago"),
    (7 * DAY, "19 Jun 2024", "6 days ago"),
    (8 * DAY, "19 Jun 2024", "19 Jun 2024"),
]


def words(seconds):
    return relative_time(THEN, THEN + timedelta(seconds=seconds), KOLKATA).words


@pytest.mark.parametrize(("seconds", "at", "before"), BOUNDARIES)
def test_each_boundary_to_the_second(seconds, at, before):
    assert words(seconds) == at
    assert words(seconds + 1) == at
    assert words(seconds - 1) == before


def test_the_date_is_the_newsrooms_not_utcs():
    late = datetime(2024, 6, 18, 20, 0, tzinfo=UTC)  # already the 19th in Kolkata
    assert relative_time(late, late + timedelta(days=30), KOLKATA).words == "19 Jun 2024"
    assert relative_time(late, late + timedelta(days=30), ZoneInfo("UTC")).words == "18 Jun 2024"


@given(st.integers(-10 * DAY, 20 * DAY), st.integers(0, 999_999))
def test_the_words_hold_until_the_moment_the_rule_names_and_change_at_it(seconds, micros):
    now = THEN + timedelta(seconds=seconds, microseconds=micros)
    label = relative_time(THEN, now, KOLKATA)
    if label.until is None:
        assert relative_time(THEN, now + timedelta(days=9999), KOLKATA).words == label.words
        return
    assert label.until > now
    just_before = label.until - timedelta(microseconds=1)
    assert relative_time(THEN, just_before, KOLKATA).words == label.words
    assert relative_time(THEN, label.until, KOLKATA).words != label.words


@given(st.timedeltas(min_value=timedelta(microseconds=1), max_value=timedelta(days=4000)))
def test_a_moment_in_the_future_is_never_ago(ahead):
    said = relative_time(THEN + ahead, THEN, KOLKATA).words
    assert "ago" not in said
    assert "now" not in said


@pytest.mark.parametrize("language", ["en-gb", "de", "pl", "ar"])
def test_the_script_is_given_the_very_words_of_the_rule(language):
    with translation.override(language):
        said = json.loads(words_for_script())
        for unit, length, most in (("minute", MINUTE, 59), ("hour", HOUR, 23), ("day", DAY, 6)):
            templates, forms = said[unit]
            for number in range(1, most + 1):
                template = templates[int(forms[number - 1])]
                assert template.replace("%d", str(number)) == words(number * length)
        assert said["now"] == words(0)


def test_german_words_come_from_the_catalogue():
    with translation.override("de"):
        assert words(0) == "gerade eben"
        assert words(MINUTE) == "vor 1 Minute"
        assert words(5 * HOUR) == "vor 5 Stunden"
        assert re.fullmatch(r"19\.? Jun\.? 2024", words(30 * DAY))
