"""What the calendar asks of a big archive: bounded ranges of an index, on both databases."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction

from articles.desk import calendar, revisions
from articles.desk.revisions import Values
from articles.models import Article, ListKind, ListRow, Publication, Section, SectionMember
from tests.benchmarks.plans import (
    asked,
    described,
    faults,
    forget_statistics,
    reload_statistics,
)
from tests.conftest import NOW, PROGRAM
from tests.desk.telling import HOUR

# One worker fills the archive, once.
pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
SQLITE = connection.vendor == "sqlite"


# In a transaction of its own, that all tests of this module share and none commits.
@pytest.fixture(scope="module")
def archive(django_db_setup, django_db_blocker):
    """6,000 public stories of one section, all once due, one an hour back; in bare rows."""
    with (
        django_db_blocker.unblock(),
        time_machine.travel(NOW, tick=False),
        transaction.atomic(),
    ):
        fill(Section.objects.get(slug="world"))
        connection.check_constraints()
        yield
        transaction.set_rollback(True)


def fill(section):
    values = Values("Archived", section.pk, body="<p>The harbour opened on Tuesday.</p>")
    like = revisions.create(values, by=PROGRAM, now=NOW - DAY)
    columns = {
        f.attname: getattr(like, f.attname)
        for f in Article._meta.concrete_fields if f.name not in ("id", "slug", "due_at")
    }  # fmt: skip
    moments = [NOW - n * HOUR for n in range(6000)]
    stories = Article.objects.bulk_create(
        Article(**columns, slug=f"archived-{n}", due_at=at) for n, at in enumerate(moments)
    )
    shared = {"section": section, "headline": "Archived", "revision": 1}
    Publication.objects.bulk_create(
        Publication(
            article=story, path=f"/world/{story.slug}/", starts_at=story.due_at,
            first_published_at=story.due_at, updated_at=story.due_at, **shared,
        )
        for story in stories
    )  # fmt: skip
    ListRow.objects.bulk_create(
        ListRow(
            kind=ListKind.ALL, story=story, starts_at=story.due_at,
            first_published_at=story.due_at,
        )
        for story in stories
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@pytest.fixture(autouse=True)
def undone(archive, clock, db):
    """Whatever a test writes is undone, and no foreign key of the archive is checked for it."""
    if SQLITE:
        reload_statistics()  # the test before may have made it forget them
    yield
    transaction.set_rollback(True)


@pytest.mark.parametrize("statistics", ["analysed", "never analysed"])
@pytest.mark.parametrize("when", [NOW, NOW - 100 * DAY, NOW - 9000 * DAY, NOW + 60 * DAY])
def test_every_kind_is_a_bounded_range_of_an_index_whatever_the_archive(
    publisher, world, when, statistics
):
    if statistics == "never analysed":
        if not SQLITE:
            pytest.skip("a server gathers its statistics by itself")
        forget_statistics()
    SectionMember.objects.create(user=publisher, section=world)
    calendar.slots(publisher, NOW, NOW, t=NOW)  # what is read once of a person
    for section in (None, world.pk):
        queries = asked(
            lambda section=section: calendar.slots(
                publisher, when, when + DAY, t=NOW, section=section
            )
        )
        assert len(queries) == 5
        wrong = [f"{found}\n{described(query)}" for query in queries if (found := faults(query))]
        assert not wrong, "\n\n".join(wrong)
