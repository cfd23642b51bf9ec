"""A save outlives the session it was typed in, and only its typist's own signature saves it."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.core import signing
from django.test import Client

from articles.admin import kept_posts
from articles.desk import open_forms, revisions
from articles.desk.revisions import Values
from articles.models import Article, OpenForm, Revision, Section
from tests.conftest import NOW, PROGRAM
from tests.desk.pressing import rewrite

pytestmark = pytest.mark.django_db

ADD = "/admin/articles/article/add/"
ELSEWHERE = {"origin": "https://elsewhere.example"}


def change(story):
    return f"/admin/articles/article/{story.pk}/change/"


def offered(page):
    return re.findall(r'unsaved"\s+data-form="([^"]+)"', page.content.decode())


def sign_in(client, there, email="reporter@newsroom.example"):
    """Sign in through the form, as the redirect asks, and follow to where it leads."""
    return client.post(there, {"username": email, "password": "pass"}, follow=True)


@pytest.fixture
def story(write, reporter):
    return write(by=reporter)


@pytest.fixture
def typed(world, reporter):
    """What the reporter's form posts; a test changes what it is about."""

    def typed(**values):
        return {
            "headline": "Harbour Opens Late", "standfirst": "", "slug": "", "tags": "Ports",
            "note": "", "body": "<p>The harbour opened on Wednesday.</p>", "section": world.pk,
            "seen": 1, "form_id": str(uuid4()), "typist": kept_posts.sign(reporter.pk), **values,
        }  # fmt: skip

    return typed


def test_a_save_of_a_session_that_ran_out_is_saved_once_its_typist_has_signed_in(
    reporter, story, typed, clock
):
    client = Client()
    client.force_login(reporter)
    client.session.delete()
    answer = client.post(change(story), {**typed(), "_continue": "1"})
    assert answer.status_code == 302
    assert urlsplit(answer.url).path == "/admin/login/"
    story.refresh_from_db()
    assert story.version == 1
    clock.shift(timedelta(minutes=3))
    page = sign_in(client, answer.url)
    assert page.redirect_chain[-1] == (change(story), 302)  # “Save and continue editing”
    story.refresh_from_db()
    assert (story.headline, story.version) == ("Harbour Opens Late", 2)
    saved = Revision.objects.get(article=story, number=2)
    assert (saved.by, saved.at) == (reporter, NOW + timedelta(minutes=3))
    assert offered(page) == []
    kept = page.redirect_chain[0][0]
    client.get(kept)
    story.refresh_from_db()
    assert story.version == 2


def test_a_new_storys_save_is_kept_as_well(reporter, typed, clock):
    client = Client()
    answer = client.post(ADD, typed(seen=0))
    assert not Article.objects.exists()
    sign_in(client, answer.url)
    article = Article.objects.get()
    assert (article.headline, article.created_by) == ("Harbour Opens Late", reporter)
    assert [tag.name for tag in article.tags.all()] == ["Ports"]


def test_two_saves_of_a_session_that_ran_out_are_both_kept(reporter, story, typed, clock):
    client = Client()
    client.post(ADD, typed(seen=0, headline="A New Story"))
    sign_in(client, client.post(change(story), typed()).url)
    story.refresh_from_db()
    assert story.headline == "Harbour Opens Late"
    assert len(offered(client.get(ADD))) == 1


def test_a_kept_save_is_merged_with_what_a_colleague_saved_meanwhile(
    reporter, editor, story, typed, clock
):
    client = Client()
    answer = client.post(change(story), typed())
    national = Section.objects.get(slug="national").pk
    theirs = Values(story.headline, national, body=story.body)
    revisions.save(story.pk, theirs, by=editor, seen=1, now=NOW)
    page = sign_in(client, answer.url)
    story.refresh_from_db()
    assert (story.headline, story.section_id) == ("Harbour Opens Late", national)
    assert "merged with the changes of Editor" in page.content.decode()


def test_what_the_form_refuses_is_shown_with_the_text_and_stays_kept(reporter, story, typed, clock):
    client = Client()
    post = typed(headline="Flood\x0etide")
    page = sign_in(client, client.post(change(story), post).url)
    form = page.context["adminform"].form
    assert "U+000E" in str(form.errors["headline"])
    assert form["headline"].value() == "Flood\x0etide"
    assert f'name="form_id" value="{post["form_id"]}"' in page.content.decode()
    again = client.get(page.redirect_chain[0][0])
    assert not again.context["adminform"].form.is_bound
    assert offered(again) == [post["form_id"]]


def test_a_token_of_an_earlier_sign_in_is_no_reason_to_lose_a_save(reporter, story, typed, clock):
    client = Client(enforce_csrf_checks=True)
    client.force_login(reporter)
    client.get(change(story))
    answer = client.post(change(story), typed(csrfmiddlewaretoken="x" * 64))
    assert answer.status_code == 302
    client.get(answer.url)
    story.refresh_from_db()
    assert (story.headline, story.version) == ("Harbour Opens Late", 2)


def test_without_any_cookie_it_is_kept_until_its_typist_has_signed_in(
    reporter, story, typed, clock
):
    client = Client(enforce_csrf_checks=True)
    answer = client.post(change(story), typed())
    token = re.search(
        r'csrfmiddlewaretoken" value="([^"]+)"', client.get(answer.url).content.decode()
    )
    who = {"username": reporter.email, "password": "pass", "csrfmiddlewaretoken": token[1]}
    client.post(answer.url, who, follow=True)
    story.refresh_from_db()
    assert (story.headline, story.version) == ("Harbour Opens Late", 2)


@pytest.mark.parametrize("signed_in", [True, False], ids=["then", "later"])
def test_somebody_else_signed_in_saves_nothing_and_the_text_stays_its_typists(
    desk_of, reporter, editor, story, typed, clock, signed_in
):
    client = Client(enforce_csrf_checks=signed_in)
    if signed_in:
        client.force_login(editor)
        client.get(change(story))
    answer = client.post(change(story), typed())
    page = (
        client.get(answer.url, follow=True)
        if signed_in
        else sign_in(client, answer.url, editor.email)
    )
    said = page.content.decode()
    assert "Reporter’s text was not saved, as you are signed in as Editor." in said
    assert offered(page) == []
    story.refresh_from_db()
    assert story.version == 1
    own = desk_of(reporter).get(change(story))
    assert len(offered(own)) == 1
    put_back = desk_of(reporter).get(f"{change(story)}?typed={offered(own)[0]}")
    assert put_back.context["adminform"].form["headline"].value() == "Harbour Opens Late"


def forged(reporter):
    secret = "another site's"
    return {
        "none": "",
        "nonsense": "1:2:3",
        "only the number": f"{reporter.pk}",
        "of another key": signing.dumps(reporter.pk, key=secret, salt=kept_posts.SALT),
        "of another purpose": signing.dumps(reporter.pk, salt="password reset"),
        "of no person": signing.dumps([reporter.pk], salt=kept_posts.SALT),
        "cut": kept_posts.sign(reporter.pk)[:-1],
    }


@pytest.mark.parametrize("kind", forged(Article(pk=1)))
@pytest.mark.parametrize("way", ["signed out", "an old token"])
def test_a_forged_signature_changes_nothing(reporter, editor, story, typed, kind, way, clock):
    client = Client(enforce_csrf_checks=way == "an old token")
    if way == "an old token":
        client.force_login(reporter)
        client.get(change(story))
    answer = client.post(change(story), typed(typist=forged(reporter)[kind]))
    if way == "signed out":
        assert parse_qs(urlsplit(answer.url).query) == {"next": [change(story)]}  # as ever
    else:
        assert answer.status_code == 403
    sign_in(Client(), "/admin/login/")
    assert kept_posts.KEPT not in client.session
    assert not OpenForm.objects.exists()
    story.refresh_from_db()
    assert story.version == 1


@pytest.mark.parametrize(("days", "kept"), [(29, True), (31, False)])
def test_a_signature_is_good_for_thirty_days(reporter, story, typed, clock, days, kept):
    post = typed()
    clock.shift(timedelta(days=days))
    Client().post(change(story), post)
    assert OpenForm.objects.exists() == kept


def test_another_site_plants_nothing_even_with_a_signature(reporter, story, typed, clock):
    client = Client(enforce_csrf_checks=True)
    client.force_login(reporter)
    client.get(change(story))
    answer = client.post(change(story), typed(), headers=ELSEWHERE)
    assert answer.status_code == 403
    assert not OpenForm.objects.exists()
    assert kept_posts.KEPT not in client.session


def test_a_strangers_text_lands_with_the_stranger(editor, reporter, story, typed, clock):
    """Whoever lures a colleague's browser into posting can only sign as themselves."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    client.get(change(story))
    answer = client.post(change(story), typed(headline="Planted"))  # signed by the reporter
    client.get(answer.url)
    assert [row.person for row in OpenForm.objects.all()] == [reporter]
    assert open_forms.unsaved(story.pk, by=editor) == []


def test_an_address_alone_saves_nothing(desk_of, reporter, story, typed, clock):
    desk = desk_of(reporter)
    post = typed()
    desk.post(f"/admin/articles/article/{story.pk}/open/", post)
    page = desk.get(f"{change(story)}?kept={post['form_id']}")
    assert offered(page) == [post["form_id"]]
    story.refresh_from_db()
    assert story.version == 1


def test_other_posts_that_fail_the_check_are_answered_as_ever(reporter, story, typed, clock):
    client = Client(enforce_csrf_checks=True)
    client.force_login(reporter)
    for there in (f"/admin/articles/article/{story.pk}/verb/submit/", "/admin/logout/"):
        answer = client.post(there, typed())
        assert (answer.status_code, answer["Content-Type"]) == (403, "text/html; charset=utf-8")
    assert client.post("/nowhere/", typed()).status_code == 405
    assert not OpenForm.objects.exists()


def test_a_person_who_may_not_use_the_desk_any_more_saves_nothing(reporter, story, typed, clock):
    client = Client()
    client.force_login(reporter)
    type(reporter).objects.update(is_staff=False)
    answer = client.post(change(story), typed())
    assert urlsplit(answer.url).path == "/admin/login/"
    story.refresh_from_db()
    assert story.version == 1


def test_a_right_that_was_taken_away_meanwhile_saves_nothing_and_loses_nothing(
    desk_of, reporter, story, typed, clock
):
    client = Client()
    post = typed()
    there = client.post(change(story), post).url
    reporter.groups.clear()
    reporter.user_permissions.add(Permission.objects.get(codename="view_article"))
    assert sign_in(client, there).status_code == 403
    story.refresh_from_db()
    assert story.version == 1
    kept = open_forms.text_of(story.pk, form=post["form_id"], by=reporter)
    assert kept.fields["headline"] == "Harbour Opens Late"


def test_what_was_typed_into_a_story_that_is_gone_is_kept_for_a_new_one(
    desk_of, reporter, story, typed, clock
):
    there = change(story)
    story.delete()
    desk, post = desk_of(reporter), typed()
    page = desk.post(there, post, follow=True)
    assert page.redirect_chain == [(ADD, 302)]
    assert "What you typed is kept, for a new one." in page.content.decode()
    assert offered(page) == [post["form_id"]]
    Client().post(there, typed(headline="Signed Out As Well"))
    assert len(offered(desk.get(ADD))) == 2


def test_a_deleted_persons_signature_is_nobodys(story, typed, editor, clock):
    post = typed(typist=kept_posts.sign(999_999))
    client = Client()
    page = sign_in(client, client.post(change(story), post).url, editor.email)
    assert page.status_code == 200
    assert not OpenForm.objects.exists()


# --- The form of a new story, posted once more


def test_a_form_of_a_new_story_that_is_posted_twice_begins_one_story(
    desk_of, reporter, typed, clock
):
    desk, form = desk_of(reporter), typed(seen=0)
    desk.post(ADD, form)
    desk.post(ADD, form)
    story = Article.objects.get()
    assert (story.version, story.revisions.count()) == (1, 1)


def test_what_was_typed_before_it_came_again_is_saved_over_the_story_that_it_began(
    desk_of, reporter, typed, clock
):
    desk, form = desk_of(reporter), typed(seen=0)
    desk.post(ADD, form)
    desk.post(ADD, form | {"body": "<p>Typed after going back.</p>"})
    story = Article.objects.get()
    assert (story.version, story.body) == (2, "<p>Typed after going back.</p>")


def test_it_is_merged_with_what_a_colleague_saved_meanwhile(desk_of, reporter, typed, clock):
    desk, form = desk_of(reporter), typed(seen=0)
    desk.post(ADD, form)
    rewrite(Article.objects.get(), standfirst="After a winter.")
    desk.post(ADD, form | {"body": "<p>Typed after going back.</p>"})
    story = Article.objects.get()
    assert story.standfirst == "After a winter."
    assert story.body == "<p>Typed after going back.</p>"


def test_it_is_kept_for_a_new_story_where_that_one_was_deleted(desk_of, reporter, typed, clock):
    desk, form = desk_of(reporter), typed(seen=0)
    desk.post(ADD, form)
    revisions.discard(Article.objects.get().pk, by=PROGRAM, now=NOW)
    again = desk.post(ADD, form | {"headline": "Typed Again"}, follow=True).content.decode()
    assert "is not there any more" in again
    assert "Put it back" in again
    assert "Typed Again" in OpenForm.objects.get(person=reporter, article=None).typed
