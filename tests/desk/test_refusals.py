"""Where the desk answers no, it does so in its own frame, with the reason, and loses nothing."""

import pytest
from django.test import Client

from articles.models import Publication
from tests.desk.pressing import rewrite

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.mark.parametrize(("address", "whom"), [
    ("/admin/as-of/", "a managing editor"), ("/admin/accounts/user/", "an administrator"),
])  # fmt: skip
def test_who_may_not_reads_why_and_finds_back(desk_of, reporter, address, whom):
    answer = desk_of(reporter).get(address)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert f"Your role does not include this. Ask {whom}." in page
    assert 'id="nav-sidebar"' in page


@pytest.mark.parametrize("address", ["/admin/nowhere/", "/admin/articles/article/99/history/"])
def test_what_is_not_there_is_said_in_the_desks_frame(desk_of, reporter, address):
    answer = desk_of(reporter).get(address)
    assert answer.status_code == 404
    assert "Nothing stands at this address" in answer.content.decode()
    assert 'id="nav-sidebar"' in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]  # it names who is signed in


def test_readers_get_their_own_page_even_there(client):
    page = client.get("/nowhere/").content.decode()
    assert "nav-sidebar" not in page
    assert "Nothing stands" not in client.get("/admin/nowhere/", follow=True).content.decode()


def test_a_post_without_this_sign_ins_token_is_told_what_to_do(publisher):
    desk = Client(enforce_csrf_checks=True)
    desk.force_login(publisher)
    answer = desk.post("/admin/budget/add/", {"headline": "Harbour Opens"})
    assert answer.status_code == 403
    assert "load the page again, and repeat it" in answer.content.decode()
    assert "<style" not in answer.content.decode()


def test_a_verb_refused_by_right_keeps_what_was_typed(desk_of, publisher, published):
    story = published(body='<p>See <a href="/world/gone/">there</a>.</p>')
    rewrite(story, standfirst="More.")
    story.refresh_from_db()
    data = {
        "seen": story.pressed, "revision": story.version, "change": "correction",
        "note": "An earlier version was wrong.", "override": "The page comes tonight.",
    }  # fmt: skip
    address = f"/admin/articles/article/{story.pk}/verb/publish/"
    answer = desk_of(publisher).post(address, data)
    assert answer.status_code == 403
    assert "Your role does not include this" in answer.content.decode()
    assert "An earlier version was wrong." in answer.content.decode()
    assert Publication.objects.get().revision == 1


def test_only_who_may_pass_over_a_check_is_asked_for_a_reason(
    desk_of, publisher, managing_editor, published
):
    story = published(body='<p>See <a href="/world/gone/">there</a>.</p>')
    rewrite(story, standfirst="More.")
    address = f"/admin/articles/article/{story.pk}/verb/publish/"
    label = "It goes out against a check, because"
    assert label not in desk_of(publisher).get(address).content.decode()
    assert label in desk_of(managing_editor).get(address).content.decode()
