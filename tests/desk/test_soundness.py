"""The look through the house: what is whole has no fault, what is half there is one."""

from io import StringIO

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection

from articles.desk import soundness
from articles.models import (
    Edition,
    ListRow,
    NameWord,
    Publication,
    PublicationText,
    Rendition,
    Revision,
    SlugClaim,
    Tag,
)
from articles.states import EndsAs
from tests.conftest import NOW, named
from tests.desk.pressing import HOUR, do, rewrite

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def house(published, write, author, topic, add_picture):
    """A site with something of everything; its first story has a version to come."""
    image = add_picture(make=True).pk
    story = published("Harbour Opens", authors=[author.pk], tags=[topic.pk], picture=image)
    do("schedule", story, revision=rewrite(story, body="<p>More.</p>"), at=NOW + HOUR)
    gone = published("Ferry Returns", slug="ferry-returns")
    do("take_down", gone, how=EndsAs.VANISHED, reason="A court asked")
    erased = published("Names", slug="names", authors=[author.pk])
    do("erase", erased, reason="Article 17", authority="The court of Halvern")
    write("Draft")
    published("About", kind="page", slug="about")
    return story


def said():
    return [str(fault) for fault in soundness.faults(NOW)]


def test_a_whole_house_has_no_fault(house):
    assert said() == []
    printed = StringIO()
    call_command("check_house", stdout=printed)
    assert printed.getvalue() == "Nothing is missing, and nothing half there.\n"


def first(story):
    return Publication.objects.filter(article=story.pk).earliest("starts_at")


TORN = {
    "has no text": lambda s: PublicationText.objects.filter(pk=first(s).pk).delete(),
    "newest revision, 2, is missing": lambda s: Revision.objects.filter(
        article=s.pk, number=2
    ).delete(),
    "is not claimed for it": lambda s: SlugClaim.objects.filter(article=s.pk).delete(),
    "is missing in the list of section": lambda s: ListRow.objects.filter(
        story=s.pk, kind="section"
    ).delete(),
    "is missing in the list of all": lambda s: ListRow.objects.filter(
        story=s.pk, kind="all"
    ).update(ends_at=NOW + HOUR),
    "stands wrongly in the list of tag": lambda s: Publication.objects.filter(article=s.pk).update(
        tags=[]
    ),
    "ends for another, which is missing": lambda s: Publication.objects.filter(
        article=s.pk, starts_at__gt=NOW
    ).delete(),
    "the desk’s search does not know it": lambda s: emptied("articles_search"),
    "the search does not know version": lambda s: emptied("articles_reading_search"),
    "its file": lambda s: default_storage.delete(Rendition.objects.first().file),
    "no search finds it by its name": lambda s: NameWord.objects.all().delete(),
    "the edition: its row is missing": lambda s: Edition.objects.all().delete(),
}


def emptied(table):
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")


def test_a_list_is_named_by_its_whole_number(house):
    quays = named(Tag(pk=10, name="Quays", slug="quays"))
    Publication.objects.filter(article=house.pk).update(tags=[quays.pk])
    assert f"story {house.pk}: it is missing in the list of tag 10" in said()
    ListRow.objects.filter(story=house.pk, kind="all").delete()
    assert f"story {house.pk}: it is missing in the list of all" in said()


@pytest.mark.parametrize("fault", TORN)
def test_what_is_half_there_is_named(house, fault):
    TORN[fault](house)
    assert any(fault in line for line in said()), said()
    with pytest.raises(CommandError, match="to mend"):
        call_command("check_house", stdout=StringIO())
