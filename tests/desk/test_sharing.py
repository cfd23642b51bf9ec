"""Share links on the desk: who makes and revokes them, and what lets none be made or opened."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from articles.desk import sharing
from articles.models import (
    Move,
    Publication,
    Revision,
    SectionMember,
    ShareLink,
)
from tests.conftest import NOW, PROGRAM, person
from tests.desk.links import DAY, KEEPS_IN, address, embargo, hold, opens, page_of, share, typed
from tests.desk.pressing import HOUR, do, everything, rewrite

pytestmark = pytest.mark.django_db

ROLES = ("reporter", "editor", "publisher", "managing_editor", "administrator")
MAY_SHARE = ("editor", "publisher", "managing_editor")


@pytest.fixture
def story(write, published, clock):
    """A story that was never public, in a section that has a page."""
    published("Tides Rise", body="<p>The tide rose.</p>")
    return write()


# --- Who may, and what is asked ------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_who_may_share_and_who_may_revoke(request, role, story):
    someone = request.getfixturevalue(role)
    link, _token = share(story)
    before = everything()
    if role in MAY_SHARE:
        share(story, by=someone)
        sharing.revoke(link.pk, by=someone, now=NOW)
        return
    with pytest.raises(PermissionDenied, match="role does not include"):
        share(story, by=someone)
    with pytest.raises(PermissionDenied, match="role does not include"):
        sharing.revoke(link.pk, by=someone, now=NOW)
    assert everything() == before


def test_a_story_is_shared_by_who_works_for_its_section_and_the_revisions(editor, national, story):
    SectionMember.objects.create(user=editor, section=national)
    world, link = story.section_id, share(story)[0]
    there = rewrite(story, section=national.pk)
    with pytest.raises(PermissionDenied, match="section"):
        share(story, by=editor, revision=1)
    share(story, by=editor, revision=there)
    sharing.revoke(link.pk, by=editor, now=NOW)
    rewrite(story, section=world)
    before = everything()
    with pytest.raises(PermissionDenied, match="section"):
        share(story, by=editor, revision=there)
    assert everything() == before


@pytest.mark.parametrize("role", ROLES)
def test_the_page_is_for_who_may_share(request, desk_of, role, story):
    someone = request.getfixturevalue(role)
    link, _token = share(story)
    desk = desk_of(someone)
    answers = {
        "page": desk.get(page_of(story)).status_code,
        "made": desk.post(page_of(story), typed()).status_code,
        "revoked": desk.post(page_of(story, f"{link.pk}/revoke/")).status_code,
    }
    allowed = {"page": 200, "made": 200, "revoked": 302}
    assert answers == (allowed if role in MAY_SHARE else dict.fromkeys(allowed, 403))
    assert ShareLink.objects.filter(revoked_at=None).count() == 1
    preview = desk.get(f"/admin/articles/article/{story.pk}/preview/").content.decode()
    assert ("Share it with somebody outside" in preview) == (role in MAY_SHARE)


def test_of_another_section_the_page_is_not_there(desk_of, editor, national, story):
    link, _token = share(story)
    SectionMember.objects.create(user=editor, section=national)
    desk = desk_of(editor)
    assert desk.get(page_of(story)).status_code == 404
    assert desk.post(page_of(story), typed()).status_code == 404
    assert desk.post(page_of(story, f"{link.pk}/revoke/")).status_code == 404
    assert ShareLink.objects.get().revoked_at is None


def test_a_link_is_revoked_on_its_own_storys_page_only_and_by_post(desk_of, editor, write, story):
    link, _token = share(story)
    desk = desk_of(editor)
    assert desk.post(page_of(write("Another"), f"{link.pk}/revoke/")).status_code == 404
    assert desk.get(page_of(story, f"{link.pk}/revoke/")).status_code == 405
    assert ShareLink.objects.get().revoked_at is None


@pytest.mark.parametrize(
    ("known", "field", "words"),
    [
        ({"person": "  "}, "person", "Say who will read it"),
        ({"person": "Ada\x00Moss"}, "person", "cannot be shown"),
        ({"person": "A" * 121}, "person", "121 characters"),
        ({"until": NOW}, "expires_at", "has passed"),
        ({"until": NOW - HOUR}, "expires_at", "has passed"),
        ({"until": NOW + 30 * DAY + timedelta(seconds=1)}, "expires_at", "30 days at most"),
        ({"revision": 2}, "__all__", "no revision 2"),
    ],
)
def test_what_cannot_be_shared_is_refused_with_a_sentence_where_it_belongs(
    story, known, field, words
):
    before = everything()
    with pytest.raises(ValidationError, match=words) as refused:
        share(story, **known)
    said = getattr(refused.value, "message_dict", {"__all__": refused.value.messages})
    assert list(said) == [field]
    assert everything() == before


def test_a_link_opens_for_thirty_days_at_most(story):
    link, _token = share(story, until=NOW + 30 * DAY, person=" Ada \n Moss ")
    assert (link.person, link.expires_at) == ("Ada Moss", NOW + 30 * DAY)


def test_making_and_revoking_are_in_the_audit_and_the_token_is_nowhere(editor, story):
    link, token = share(story, by=editor)
    sharing.revoke(link.pk, by=editor, now=NOW + HOUR)
    made, revoked = Move.objects.filter(verb__contains="share").order_by("pk")
    assert (made.verb, made.by, made.article, made.revision) == ("share", editor.pk, story.pk, 1)
    expires = (NOW + DAY).isoformat()
    assert made.details == {"link": link.pk, "person": "Ada Moss", "expires": expires}
    assert (revoked.verb, revoked.at) == ("revoke_share", NOW + HOUR)
    assert revoked.details == {"link": link.pk, "person": "Ada Moss"}
    assert len(token) == 43
    assert token not in repr(everything())


def test_a_revision_that_was_shared_is_not_thinned_out(story):
    rewrite(story, headline="Harbour Shuts")
    share(story, revision=1)
    assert list(Revision.objects.filter(article=story).values_list("number", "stays")) == [
        (2, False),
        (1, True),
    ]


def test_a_second_revocation_says_who_was_first(desk_of, editor, story):
    link, _token = share(story)
    sharing.revoke(
        link.pk, by=person("Editor", display_name="Bo Lind", email="b@x.example"), now=NOW
    )
    before = everything()
    with pytest.raises(ValidationError, match="Bo Lind revoked Ada Moss’s link already"):
        sharing.revoke(link.pk, by=editor, now=NOW + HOUR)
    assert everything() == before
    answer = desk_of(editor).post(page_of(story, f"{link.pk}/revoke/"), follow=True)
    assert "Bo Lind revoked Ada Moss’s link already" in answer.content.decode()


# --- What keeps a story in -----------------------------------------------------------------------


@pytest.mark.parametrize("what", KEEPS_IN)
def test_what_keeps_a_story_in_closes_its_links_and_lets_none_be_made(client, story, what):
    begin, end = KEEPS_IN[what]
    do("publish", story, revision=1, now=NOW - HOUR)
    rewrite(story, headline="Harbour Shuts")
    _link, token = share(story, revision=2)
    assert opens(client, token)
    begin(story)
    assert not opens(client, token)
    before = everything()
    with pytest.raises(ValidationError, match="embargo|held|taken down"):
        share(story, revision=2)
    assert everything() == before
    end(story)
    assert opens(client, token)
    share(story, revision=2)


def test_a_version_that_is_withheld_closes_the_links_of_its_story(client, story):
    do("publish", story, revision=1)
    _link, token = share(story)
    Publication.objects.filter(article=story.pk).update(withheld=True)
    assert not opens(client, token)


def test_an_embargo_that_has_passed_keeps_nothing_in(client, clock, story):
    embargo(story)
    clock.move_to(NOW + 2 * HOUR)
    _link, token = share(story, now=NOW + 2 * HOUR)
    assert opens(client, token)


def test_an_erased_story_has_no_links_any_more(client, story):
    _link, token = share(story)
    do("erase", story, reason="the law", authority="the court")
    assert not ShareLink.objects.exists()
    assert not opens(client, token)
    assert "Ada Moss" not in repr(everything())
    with pytest.raises(ValidationError, match="erased by law"):
        share(story)


def test_a_story_that_is_unpublished_or_expired_can_be_shared(client, story):
    do("publish", story, revision=1, now=NOW - HOUR)
    do("unpublish", story, reason="a mix-up")
    _link, token = share(story)
    assert opens(client, token)


# --- The desk's page -----------------------------------------------------------------------------


def test_the_address_is_shown_once_and_opens_the_page(desk_of, editor, client, settings, story):
    desk = desk_of(editor)
    answer = desk.post(page_of(story, "?revision=1"), typed())
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    found = re.search(
        r'<input[^>]*value="([^"]+/share/([\w-]{43})/)"\s+readonly', answer.content.decode()
    )
    assert found[1] == f"{settings.SITE_URL}/share/{found[2]}/"
    assert opens(client, found[2])
    assert found[2] not in desk.get(page_of(story)).content.decode()
    assert found[2] not in repr(dict(desk.session))
    assert not answer.cookies.get("messages")
    link = ShareLink.objects.get()
    assert (link.person, link.revision, link.expires_at) == (
        "Ada Moss", 1, NOW + timedelta(hours=18),
    )  # fmt: skip


def test_what_is_wrong_is_said_and_what_was_typed_stays(desk_of, editor, story):
    answer = desk_of(editor).post(page_of(story), typed(expires_at="2026-06-01T06:00"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "That moment has passed" in page
    assert 'value="Ada Moss"' in page
    assert not ShareLink.objects.exists()


def test_the_page_lists_links_readings_and_what_keeps_them_closed(
    desk_of, editor, client, clock, story
):
    rewrite(story, headline="Harbour Shuts")
    _open, token = share(story, person="Ada Moss", revision=2)
    ended, _token = share(story, person="Bo Lind")
    sharing.revoke(ended.pk, by=PROGRAM, now=NOW)
    client.get(address(token), headers={"User-Agent": "Lynx/2.9"})
    desk = desk_of(editor)
    page = " ".join(desk.get(page_of(story)).content.decode().split())
    assert "Share revision 2" in page
    assert "Opens until tomorrow 12:00 (in 1 d)." in page
    assert "Revoked today 12:00." in page
    assert "Opened once, today 12:00" in page
    assert "Lynx/2.9" in page
    assert page.count("/revoke/") == 1
    hold(story)
    page = " ".join(desk.get(page_of(story)).content.decode().split())
    assert "This story is held." in page
    assert "Until then no link opens." in page
    assert "Make a link" not in page


def test_the_page_asks_as_much_of_many_links_as_of_one(
    desk_of, editor, client, story, django_assert_max_num_queries
):
    desk = desk_of(editor)
    for number in range(12):
        _link, token = share(story, person=f"Person {number}")
        for _view in range(3):
            client.get(address(token))
    with django_assert_max_num_queries(12):
        page = desk.get(page_of(story)).content.decode()
    assert page.count("Opened 3 times") == 12
