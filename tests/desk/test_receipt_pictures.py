"""A takedown's receipt asks for the pictures that no other story shows: they are to be gone too."""

import pytest

from articles.admin import receipts as door
from articles.desk import receipts
from articles.desk.receipts import Answer
from articles.models import Receipt
from tests.conftest import NOW
from tests.desk.pressing import HOUR, do, rewrite
from tests.desk.test_receipts import asked, red
from tests.pages.test_story_pictures import within

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(clock, published, add_picture):
    """A story with three pictures that are its own, one of them of an earlier version, and one
    that another story shows as well."""
    own, of_text, earlier, shared = (add_picture(make=True) for _number in range(4))
    published("Tides Rise", picture=shared.pk)
    shown = f"<p>One.</p>{within(of_text.pk)}{within(shared.pk)}"
    story = published("Harbour Opens", picture=earlier.pk, body=shown)
    do("publish", story, revision=rewrite(story, picture=own.pk), now=NOW - HOUR)
    story.own = [own, of_text, earlier]
    return story


def largest(image):
    """Its largest file as it was, and as it was cut for the story's page."""
    rows = image.renditions.filter(format="jpeg", crop__in=("full", "3x2")).order_by("width")
    return {row.crop: row.get_absolute_url() for row in rows}


def files(story, verb="take_down"):
    shown = door.surfaces_before(story, verb, NOW)
    return [surface.path for surface in shown if surface.path.startswith("/pictures/")]


def test_each_picture_of_its_own_is_asked_for_and_none_that_another_story_shows(story):
    assert set(files(story)) == {path for image in story.own for path in largest(image).values()}
    assert len(files(story)) == 2 * len(story.own)


@pytest.mark.parametrize("how", ["gone", "vanished"])
def test_they_are_not_there_after_it_and_the_receipt_is_green(client, story, how):
    paths = files(story)
    assert {client.get(path).status_code for path in files(story)[:4]} == {200}
    receipt = asked(story, how=how)
    own = 410 if how == "gone" else 404
    answers = {row["path"]: Answer(own if row["own"] else 200) for row in receipt.surfaces}
    seen = {path: client.get(path) for path in paths}
    answers |= {path: Answer(answer.status_code) for path, answer in seen.items()}
    assert red(receipts.record(receipt.pk, answers, now=NOW)) == []


def test_one_that_is_still_handed_out_is_red(story):
    path, *_rest = files(story)
    receipt = asked(story)
    answers = {
        row["path"]: Answer(410 if row["own"] or row["file"] else 200) for row in receipt.surfaces
    }
    answers[path] = Answer(200, "\ufffd")
    kept = receipts.record(receipt.pk, answers, now=NOW)
    assert [said for _name, said in red(kept)] == ["200, still answers"]


def test_of_an_erased_story_no_address_of_a_picture_is_kept_once_it_is_gone(story):
    paths = files(story, "erase")
    receipt = asked(story, "erase")
    answers = {
        row["path"]: Answer(404 if row["own"] or row["file"] else 200) for row in receipt.surfaces
    }
    receipts.record(receipt.pk, answers, now=NOW)
    held = str(Receipt.objects.get(pk=receipt.pk).surfaces)
    assert not any(path in held for path in paths)
