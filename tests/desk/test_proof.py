"""A preview is the page that readers will get: the same fields and bytes, for the desk alone."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.forms import model_to_dict

from articles.desk import proof
from articles.models import Publication, Section, SectionMember, ShareLink
from articles.states import EndsAs
from tests.conftest import NOW
from tests.desk.pressing import HOUR, do, everything, rewrite

pytestmark = pytest.mark.django_db
# The one thing that a preview does not do: nobody reads it.
TELLS_OF_A_READ = b' data-counted="yes"'


def address(story, page):
    return f"/admin/articles/article/{story.pk}/{page}"


@pytest.fixture
def story(write, published, author, topic, clock):
    """A story that was never public, in a section that has a page."""
    other = published("Tides Rise")
    return write(
        standfirst="After eleven years of talks.",
        authors=[author.pk],
        tags=[topic.pk],
        also_read=[other.pk],
    )


def fields(publication):
    row = model_to_dict(publication, exclude=["id"])
    return row | {"standfirst": publication.text.standfirst, "body": publication.text.body}


def printed(story):
    begun = Publication.objects.begun(NOW).filter(article=story.pk).select_related("text")
    return begun.order_by("-starts_at", "-pk")[0]


def test_a_proof_holds_what_the_press_prints_of_a_new_story(story):
    shown = proof.proof(story.pk, 1, now=NOW)
    do("publish", story, revision=1)
    assert fields(shown) == fields(printed(story))


def test_a_proof_of_a_change_holds_what_the_press_prints_as_an_update(published, clock):
    story = published()
    number = rewrite(story, body="<p>The harbour opened on Wednesday.</p>")
    shown = proof.proof(story.pk, number, now=NOW)
    assert (shown.first_published_at, shown.updated_at) == (NOW - 2 * HOUR, NOW)
    do("publish", story, revision=number, change="update")
    assert fields(shown) | {"change": "update"} == fields(printed(story))


def test_a_proof_of_what_readers_had_is_as_old_as_it_was(published, clock):
    story = published()
    rewrite(story, headline="Harbour Shuts")
    again = rewrite(story, headline="Harbour Opens")
    do("unpublish", story, reason="a mix-up", now=NOW - HOUR)
    for number in (1, again):
        shown = proof.proof(story.pk, number, now=NOW)
        assert shown.updated_at == shown.first_published_at == NOW - 2 * HOUR
    do("publish", story, revision=again, change="")
    assert fields(proof.proof(story.pk, again, now=NOW)) == fields(printed(story))


def test_a_proof_says_that_a_story_bears_a_note(published, clock):
    story = published()
    do("publish", story, revision=1, change="correction", note="It opened.", now=NOW - HOUR)
    number = rewrite(story, standfirst="At last.")
    assert proof.proof(story.pk, number, now=NOW).noted


def test_a_proof_writes_nothing(story):
    before = everything()
    proof.proof(story.pk, 1, now=NOW).text.body  # noqa: B018 - it is read as the page reads it
    assert everything() == before


def test_a_revision_without_a_body_can_be_looked_at(desk_of, reporter, write, published, clock):
    published("Tides Rise")
    story = write(body="", by=reporter)
    assert proof.proof(story.pk, 1, now=NOW).text.body == ""
    page = desk_of(reporter).get(address(story, "proof/1/"))
    assert page.status_code == 200
    assert "Harbour Opens" in page.content.decode()


def test_there_is_no_proof_of_a_revision_that_is_not_there(story):
    with pytest.raises(ValidationError, match="no revision 7"):
        proof.proof(story.pk, 7, now=NOW)


def test_what_was_filed_under_a_section_that_is_no_more_has_no_page(story, desk_of, publisher):
    gone = Section.objects.create(name="Weather", slug="weather")
    number = rewrite(story, section=gone.pk)
    rewrite(story, section=story.section_id)
    gone.delete()
    with pytest.raises(ValidationError, match="section that this text was filed under"):
        proof.proof(story.pk, number, now=NOW)
    desk = desk_of(publisher)
    assert desk.get(address(story, f"proof/{number}/")).status_code == 404
    page = desk.get(address(story, f"preview/?revision={number}")).content.decode()
    assert "The section that this text was filed under is no more." in page
    assert "<iframe" not in page
    refused = desk.post(
        address(story, f"share/?revision={number}"),
        {"person": "Ada Moss", "expires_at": "2026-06-20T06:00"},
    )
    assert refused.status_code == 422
    assert not ShareLink.objects.exists()


@pytest.mark.parametrize("was", ["new", "live", "unpublished"])
def test_the_preview_is_byte_for_byte_what_readers_get_once_it_is_published(
    desk_of, publisher, client, story, was
):
    if was != "new":
        do("publish", story, revision=1, now=NOW - 2 * HOUR)
    if was == "unpublished":
        do("unpublish", story, reason="a mix-up", now=NOW - HOUR)
    number = rewrite(
        story, headline="“It Opened”", body="<p>It did.</p><h2>Then</h2><ul><li>One</li></ul>"
    )
    preview = desk_of(publisher).get(address(story, f"proof/{number}/"))
    do("publish", story, revision=number, change="" if was == "new" else "update")
    page = client.get("/world/harbour-opens/")
    assert (preview.status_code, page.status_code) == (200, 200)
    assert page.content.count(TELLS_OF_A_READ) == 1
    assert preview.content == page.content.replace(TELLS_OF_A_READ, b"")


def test_the_preview_is_kept_by_nobody_and_stands_in_our_own_frame_only(desk_of, publisher, story):
    answer = desk_of(publisher).get(address(story, "proof/1/"))
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert "Set-Cookie" not in answer


def test_the_preview_page_alone_may_hold_a_frame(desk_of, publisher, story):
    desk = desk_of(publisher)
    answer = desk.get(address(story, "preview/"))
    page = answer.content.decode()
    assert "frame-src 'self'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
    for other in ("change/", "share/", "proof/1/"):
        assert "frame-src" not in desk.get(address(story, other))["Content-Security-Policy"]
    frames = re.findall(r"<iframe[^>]+>", page)
    assert len(frames) == 2
    for frame in frames:
        assert f'src="{address(story, "proof/1/")}"' in frame
        assert re.search(r'title="“Harbour Opens” on a (laptop|phone)"', frame)
    assert "style=" not in page


def test_the_preview_shows_the_working_copy_or_the_revision_that_is_asked_for(
    desk_of, publisher, story
):
    rewrite(story, headline="Harbour Shuts")
    desk = desk_of(publisher)
    for query, number in (("", 2), ("?revision=1", 1), ("?revision=2", 2)):
        page = desk.get(address(story, f"preview/{query}")).content.decode()
        assert address(story, f"proof/{number}/") in page, query
    for query in ("?revision=3", "?revision=0", "?revision=x", "?revision=", "?revision=-1"):
        assert desk.get(address(story, f"preview/{query}")).status_code == 404, query
    assert desk.get(address(story, "proof/3/")).status_code == 404


@pytest.mark.parametrize("kind", ["preview/", "proof/1/"])
def test_only_who_may_open_the_story_sees_its_preview(
    desk_of, client, reporter, publisher, administrator, national, story, kind
):
    assert client.get(address(story, kind)).status_code == 302
    for person in (reporter, publisher, administrator):
        assert desk_of(person).get(address(story, kind)).status_code == 200, person
    SectionMember.objects.create(user=publisher, section=national)
    assert desk_of(publisher).get(address(story, kind)).status_code == 404


def test_a_story_that_is_held_or_taken_down_can_still_be_looked_at(desk_of, publisher, story):
    do("publish", story, revision=1, now=NOW - HOUR)
    do("hold", story, reason="the court asks")
    do("take_down", story, how=EndsAs.VANISHED, reason="the court asks", authority="the court")
    assert desk_of(publisher).get(address(story, "proof/1/")).status_code == 200


def test_a_preview_asks_four_queries_beside_the_person_the_story_and_the_page(
    desk_of, publisher, story, django_assert_max_num_queries
):
    do("publish", story, revision=1, now=NOW - HOUR)
    rewrite(story, headline="Harbour Shuts")
    desk = desk_of(publisher)
    with django_assert_max_num_queries(13):
        desk.get(address(story, "proof/2/"))
    with django_assert_max_num_queries(12):
        desk.get(address(story, "preview/"))
