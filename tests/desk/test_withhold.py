"""One version that readers had is withheld, by who may take down: it is shown at no moment, the
story's history says so and no more, and it can be shown again as it was."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import User
from articles import edition
from articles.desk.revisions import Stale
from articles.models import Article, Move, Publication, Section, SectionMember
from articles.moments import choose_as_of
from articles.states import OF_A_VERSION, EndsAs, PublicState
from tests.conftest import NOW, person
from tests.desk.pressing import HOUR, do, everything, rewrite, state

pytestmark = pytest.mark.django_db

PATH = "/world/harbour-opens/"
HISTORY = f"{PATH}versions/"
WHY = {"reason": "A name in it"}
SECRET = "Xyzzy Canary"
MINUTE = timedelta(minutes=1)


def change(story, kind, *, now, note="", **values):
    revision = rewrite(story, now=now, **values)
    do(
        "publish",
        story,
        revision=revision,
        now=now,
        change=kind,
        note=note,
        **{**WHY, "sure": True},
    )


@pytest.fixture
def story(published, clock):
    """Three versions: the second holds what is not to be read."""
    story = published(at=NOW - 5 * HOUR, body="<p>Ten boats came.</p>")
    secret = {"headline": SECRET, "body": f"<p>Ten boats came. {SECRET} stole.</p>"}
    change(story, "correction", now=NOW - 3 * HOUR, note=f"{SECRET} is new.", **secret)
    plain = {"headline": "Harbour Opens", "body": "<p>Ten boats came. None was stolen.</p>"}
    change(story, "update", now=NOW - HOUR, **plain)
    return story


def version(story, number):
    """The id of one of a story's versions, counted from 0 in time order."""
    rows = Publication.objects.filter(article=story).order_by("starts_at", "pk")
    return rows.values_list("pk", flat=True)[number]


def read_as_of(browser, user, moment):
    answer = browser.get("/nowhere/")
    choose_as_of(answer, moment, person=user.pk)
    browser.cookies.update(answer.cookies)
    return browser


EVERYWHERE = ("/", "/world/", PATH, HISTORY, "/corrections/")


def test_no_word_of_a_withheld_version_stands_anywhere_and_the_history_says_that_it_is(
    client, story
):
    assert SECRET in client.get(HISTORY).content.decode()
    assert SECRET in client.get("/corrections/").content.decode()
    do("withhold", story, version(story, 1), **WHY)
    for path in EVERYWHERE:
        assert SECRET not in client.get(path).content.decode(), path
    page = client.get(HISTORY).content.decode()
    assert "Withheld" in page
    assert page.count("is withheld.") == 1
    assert "19 June 2026, 09:00" in page
    assert "19 June 2026, 11:00" in page
    assert client.get(f"{HISTORY}{version(story, 1)}/").status_code == 404
    # What differs is told between the versions that are shown.
    alone = client.get(f"{HISTORY}{version(story, 2)}/").content.decode()
    assert "None was stolen." in alone
    assert SECRET not in alone
    assert client.get(PATH).status_code == 200


def test_shown_again_everything_is_as_it_was(client, desk_of, publisher, story):
    moments = [NOW - 4 * HOUR, NOW - 2 * HOUR, NOW - MINUTE]
    staff = desk_of(publisher)

    def look():
        pages = [client.get(path).content for path in EVERYWHERE]
        for moment in moments:
            read_as_of(staff, publisher, moment)
            pages += [staff.get(path).content for path in EVERYWHERE]
        return pages

    before = look()
    do("withhold", story, version(story, 1), **WHY)
    assert look() != before
    do("show_again", story, version(story, 1), **WHY)
    assert look() == before


def test_as_of_a_moment_inside_it_the_story_is_not_there_and_in_no_list(
    desk_of, managing_editor, story
):
    do("withhold", story, version(story, 1), **WHY)
    staff = read_as_of(desk_of(managing_editor), managing_editor, NOW - 2 * HOUR)
    assert staff.get(PATH).status_code == 404
    assert staff.get(HISTORY).status_code == 404
    assert "Harbour" not in staff.get("/").content.decode()
    read_as_of(staff, managing_editor, NOW - 4 * HOUR)
    assert staff.get(PATH).status_code == 200


def test_an_address_that_only_a_withheld_version_had_is_not_found(client, story):
    change(story, "update", now=NOW - 30 * MINUTE, slug="canary")
    change(story, "update", now=NOW - 20 * MINUTE, slug="harbour-opens")
    assert client.get("/world/canary/").status_code == 301
    do("withhold", story, version(story, 3), **WHY)
    assert client.get("/world/canary/").status_code == 404
    assert client.get(PATH).status_code == 200


def test_a_first_version_can_be_withheld_and_a_typo_of_it_keeps_its_place(client, published, clock):
    story = published(at=NOW - 5 * HOUR, body=f"<p>{SECRET} came.</p>")
    change(story, "typo", now=NOW - HOUR, body="<p>They came.</p>")
    assert client.get(HISTORY).status_code == 404
    do("withhold", story, version(story, 0), **WHY)
    page = client.get(HISTORY).content.decode()
    assert "is withheld." in page
    assert SECRET not in page
    assert "Version history" in client.get(PATH).content.decode()


# --- What is refused ----------------------------------------------------------------------------


def refused(error, verb, story, number, **values):
    before = everything()
    with pytest.raises(error):
        do(verb, story, number, **{**WHY, **values})
    assert everything() == before


def test_only_a_version_that_another_one_followed_is_withheld(story, published):
    refused(ValidationError, "withhold", story, version(story, 2))  # readers have it
    other = published("Tides Rise")
    refused(ValidationError, "withhold", story, version(other, 0))
    do("schedule", story, revision=1, at=NOW + HOUR, change="update")
    refused(ValidationError, "withhold", story, version(story, 3))
    do("take_down", story, how="gone", **WHY)
    refused(ValidationError, "withhold", story, version(story, 2))
    do("withhold", story, version(story, 1), **WHY)
    assert state(story) == PublicState.GONE


def test_what_nobody_saw_cannot_be_withheld(published, clock):
    story = published(at=NOW)
    change(story, "update", now=NOW, body="<p>At once.</p>")
    refused(ValidationError, "withhold", story, version(story, 0))


def test_twice_or_without_a_reason_or_not_having_looked_is_refused(story):
    refused(ValidationError, "withhold", story, version(story, 1), reason=" ")
    refused(Stale, "withhold", story, version(story, 1), seen=0)
    refused(ValidationError, "show_again", story, version(story, 1))
    do("withhold", story, version(story, 1), **WHY)
    refused(ValidationError, "withhold", story, version(story, 1))


def test_the_right_is_needed_in_the_section_the_version_stood_in_too(
    story, world, national, publisher
):
    change(story, "update", now=NOW - MINUTE, section=national.pk)
    one = person("Managing editor", email="one@newsroom.example")
    SectionMember.objects.create(user=one, section=national)
    refused(PermissionDenied, "withhold", story, version(story, 1), by=one)
    refused(PermissionDenied, "withhold", story, version(story, 1), by=publisher)
    SectionMember.objects.create(user=one, section=world)
    do("withhold", story, version(story, 1), by=User.objects.get(pk=one.pk), **WHY)


def test_nothing_is_shown_again_of_what_is_held_vanished_or_erased(story, client):
    do("withhold", story, version(story, 1), **WHY)
    do("hold", story, reason="Counsel is reading it")
    refused(ValidationError, "show_again", story, version(story, 1))
    do("withhold", story, version(story, 0), **WHY)
    do("lift_hold", story, **WHY)
    do("take_down", story, how=EndsAs.VANISHED, **WHY)
    refused(ValidationError, "show_again", story, version(story, 1))
    refused(ValidationError, "withhold", story, version(story, 1))
    do("erase", story, authority="A court", **WHY)
    refused(ValidationError, "show_again", story, version(story, 1))


def test_of_a_story_that_vanished_and_was_restored_earlier_versions_come_back_one_by_one(
    client, desk_of, publisher, story
):
    staff = read_as_of(desk_of(publisher), publisher, NOW - 2 * HOUR)
    then = {path: staff.get(path).content for path in ("/", PATH)}
    do("take_down", story, how=EndsAs.VANISHED, now=NOW - 30 * MINUTE, **WHY)
    do("restore", story, revision=3, now=NOW - MINUTE, **WHY)
    assert client.get(HISTORY).content.decode().count("is withheld.") == 3
    assert staff.get(PATH).status_code == 404
    do("show_again", story, version(story, 1), **WHY)
    assert client.get(HISTORY).content.decode().count("is withheld.") == 2
    assert {path: staff.get(path).content for path in ("/", PATH)} == then


# --- What is written down -----------------------------------------------------------------------


def test_each_moves_the_edition_and_withholding_counts_as_a_withdrawal(story):
    one = edition.read()
    do("withhold", story, version(story, 1), **WHY)
    two = edition.read()
    do("show_again", story, version(story, 1), **WHY)
    three = edition.read()
    assert (two.number, two.withdrawals) == (one.number + 1, one.withdrawals + 1)
    assert (three.number, three.withdrawals) == (two.number + 1, two.withdrawals)


def test_a_move_tells_who_withheld_which_revision_and_why(story, managing_editor, desk_of):
    do("withhold", story, version(story, 1), by=managing_editor, **WHY)
    move = Move.objects.first()
    assert (move.verb, move.revision, move.reason) == ("withhold", 2, "A name in it")
    page = desk_of(managing_editor).get(f"/admin/articles/article/{story.pk}/history/")
    said = page.content.decode()
    assert "withheld revision 2, which readers had had." in said
    assert "Readers had it from 19 Jun 2026, 09:00 to 19 Jun 2026, 11:00." in said


# --- The room -----------------------------------------------------------------------------------

ROOM = "/admin/articles/article"


def post(browser, story, number, verb, **data):
    data = {"seen": Article.objects.get(pk=story.pk).pressed, **WHY, **data}
    return browser.post(f"{ROOM}/{story.pk}/versions/{number}/{verb}/", data)


def test_a_managing_editor_withholds_a_version_from_the_history_and_shows_it_again(
    desk_of, managing_editor, story, client
):
    browser, number = desk_of(managing_editor), version(story, 1)
    revision = f"{ROOM}/{story.pk}/history/2/"
    assert f'{revision}#readers"' in browser.get(f"{ROOM}/{story.pk}/history/").content.decode()
    button = f"{ROOM}/{story.pk}/versions/{number}/"
    assert f"{button}withhold/" in browser.get(revision).content.decode()
    assert browser.get(f"{button}withhold/").status_code == 200
    assert post(browser, story, number, "withhold", reason="").status_code == 422
    done = post(browser, story, number, "withhold")
    assert (done.status_code, done["Location"]) == (302, f"{revision}#readers")
    assert SECRET not in client.get(HISTORY).content.decode()
    assert f"{button}show_again/" in browser.get(revision).content.decode()
    assert post(browser, story, number, "show_again").status_code == 302
    assert SECRET in client.get(HISTORY).content.decode()


def test_the_room_knows_past_versions_and_these_two_verbs_only(desk_of, managing_editor, story):
    browser = desk_of(managing_editor)
    for number, verb in ((version(story, 2), "withhold"), (10**12, "withhold"), (1, "publish")):
        assert post(browser, story, number, verb).status_code == 404
    stale = post(browser, story, version(story, 1), "withhold", seen=0)
    assert stale.status_code == 409


def the_state(story, public):
    if public == PublicState.EXPIRED:
        do("set_end", story, at=NOW - 5 * MINUTE, now=NOW - 10 * MINUTE)
    if public == PublicState.HIDDEN:
        do("unpublish", story, now=NOW - MINUTE, **WHY)
    if public in (PublicState.GONE, PublicState.VANISHED):
        do("take_down", story, how=EndsAs(public), now=NOW - MINUTE, **WHY)
    assert state(story) == public


@pytest.mark.parametrize("public", [each for each in PublicState if each != PublicState.NEVER])
@pytest.mark.parametrize("role", ["Reporter", "Editor", "Publisher", "Managing editor"])
@pytest.mark.parametrize("where", ["world", "national"])
def test_only_the_tables_cells_succeed(desk_of, story, public, role, where):
    the_state(story, public)
    user = person(role, email="somebody@newsroom.example")
    SectionMember.objects.create(user=user, section=Section.objects.get(slug=where))
    Article.objects.filter(pk=story.pk).update(created_by=user)
    browser, number = desk_of(user), version(story, 1)
    may = (role, where) == ("Managing editor", "world")
    for verb in ("withhold", "show_again"):
        before = everything()
        allowed = may and public in OF_A_VERSION[verb].public
        # What vanished is withheld already.
        done = allowed and not (verb == "withhold" and public == PublicState.VANISHED)
        status = post(browser, story, number, verb).status_code
        assert status == 302 if done else status in (403, 409), (verb, status)
        assert (everything() != before) == done, verb


@pytest.mark.parametrize("role", ["Editor", "Publisher"])
def test_who_may_not_sees_no_button(desk_of, story, role):
    browser = desk_of(person(role))
    assert "#readers" not in browser.get(f"{ROOM}/{story.pk}/history/").content.decode()
    said = browser.get(f"{ROOM}/{story.pk}/history/2/").content.decode()
    assert "from 19 Jun 2026, 09:00 to 19 Jun 2026, 11:00" in said
    assert "/withhold/" not in said
