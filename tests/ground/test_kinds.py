"""Everything that has a moment in the future, and the next moment at which the site changes."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db.models import DateTimeField

from articles import intervals
from articles.desk import pictures
from articles.models import Banner, Image, ListRow, Pin, Publication
from tests.conftest import NOW, PROGRAM
from tests.desk.pressing import HOUR, do, rewrite

OWN = [model for model in apps.get_models() if model._meta.app_label in ("accounts", "articles")]
# Moments at which something was done: always in the past.
DONE_AT = {
    "Article.created_at", "Article.edited_at", "Move.at", "Revision.at", "User.date_joined",
    "User.last_login", "Publication.updated_at", "Publication.first_published_at",
    "ListRow.first_published_at", "Note.at", "Note.resolved_at", "Notice.at", "Notice.read_at",
    "Notice.mailed_at", "OpenForm.at", "OpenForm.typed_at", "Receipt.asked_at",
    "Receipt.finished_at", "ShareLink.at", "ShareLink.revoked_at", "ShareView.at",
    "Front.edited_at", "HubLook.looked_at",
    "ReadsAnHour.hour", "MostRead.minute", "LastRanking.minute",
}  # fmt: skip
# Moments that forbid something until then, or from then on, on the desk: readers see no change.
FORBIDS = {"Article.embargo", "ShareLink.expires_at"}
# Moments that the desk or a worker plans by, and that change nothing when they come; a Pin ends at
# ends_at.
PLANNED = {"Article.due_at", "Pin.until", "FeedTopic.due_at", "HubLook.armed_for"}
SECOND = timedelta(seconds=1)


def test_these_tables_are_all_that_begins_or_ends_by_itself():
    assert set(intervals.kinds()) == {Publication, ListRow, Pin, Banner, Image}


def test_every_moment_in_a_table_is_one_of_an_interval_or_of_something_done():
    moments = {
        f"{model.__name__}.{field.name}"
        for model in OWN
        for field in model._meta.get_fields()
        if isinstance(field, DateTimeField)
    }
    of_intervals = {
        f"{model.__name__}.{field}"
        for model in intervals.kinds()
        for field in ("starts_at", "ends_at")
    }
    assert moments == DONE_AT | FORBIDS | PLANNED | of_intervals


@pytest.mark.django_db
def test_with_nothing_ahead_there_is_no_next_change(published):
    assert intervals.next_change(NOW) is None
    published()
    assert intervals.next_change(NOW) is None


@pytest.mark.django_db
def test_the_next_change_is_the_first_start_or_end_after_a_moment(published, write):
    ending, scheduled = published("Ending"), write("Scheduled")
    do("set_end", ending, at=NOW + 3 * HOUR)
    do("schedule", scheduled, revision=1, at=NOW + HOUR, until=NOW + 2 * HOUR)
    changes, t = [], NOW
    while t := intervals.next_change(t):
        changes.append(t)
    assert changes == [NOW + HOUR, NOW + 2 * HOUR, NOW + 3 * HOUR]


@pytest.mark.django_db
def test_a_change_at_the_very_moment_has_happened(published):
    story = published()
    do("schedule", story, revision=rewrite(story, headline="Tomorrow"), at=NOW + HOUR)
    assert intervals.next_change(NOW + HOUR - timedelta(microseconds=1)) == NOW + HOUR
    assert intervals.next_change(NOW + HOUR) is None


@pytest.mark.django_db
def test_what_was_cancelled_is_no_change(published):
    story = published()
    do("schedule", story, revision=1, at=NOW + HOUR)
    do("cancel", story, NOW + HOUR)
    assert intervals.next_change(NOW) is None


@pytest.mark.django_db
def test_the_end_of_a_licence_is_a_change(published, add_picture):
    published()
    picture = add_picture()
    assert intervals.next_change(NOW) is None
    picture.ends_at = NOW + HOUR
    pictures.save(picture, by=PROGRAM, now=NOW)
    assert intervals.next_change(NOW) == NOW + HOUR
    assert intervals.next_change(NOW + HOUR) is None
