"""A notice as a mail: what it says, that it goes out, and what a mail server that fails does."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult

from accounts.models import User
from articles import tasks
from articles.models import Article, Notice, Reason, SectionMember
from tests.conftest import NOW
from tests.desk.telling import bring_about, colleague, note, post
from tests.mailing import use_mail_server

pytestmark = pytest.mark.django_db

RIGHT = "django.core.mail.backends.locmem.EmailBackend"
IMMEDIATE = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


@pytest.fixture(autouse=True)
def _clock(clock):
    """Everything happens at NOW unless a test moves the clock."""


@pytest.fixture
def ada(world):
    return colleague("Ada Moss", "Managing editor", world)


@pytest.fixture
def bo(world):
    return colleague("Bo Lind", "Managing editor", world)


def send():
    return tasks.send_notices.call()


@pytest.fixture
def sent_back(write, ada, bo):
    """One notice, of a story that was sent back to Ada."""
    return bring_about(Reason.SENT_BACK, write, ada, bo)


def test_a_mail_says_what_happened_where_why_and_how_to_have_less_of_it(
    sent_back, mailoutbox, settings
):
    assert send() == 1
    mail = mailoutbox[0]
    assert mail.to == ["ada.moss@newsroom.example"]
    assert mail.from_email == settings.DEFAULT_FROM_EMAIL
    said = "Bo Lind sent back “Flood”: The figures need a source."
    assert mail.subject == f"[{settings.SITE_NAME}] {said}"
    assert mail.body.splitlines() == [
        said,
        "",
        f"http://testserver/admin/articles/article/{sent_back.pk}/change/",
        "",
        "--",
        "You get this because the story is yours.",
        "To have less of this, or none: http://testserver/admin/inbox/choices/#sent_back",
        settings.SITE_NAME,
    ]
    assert mail.content_subtype == "plain"


def test_a_mail_is_sent_once_and_a_copy_would_be_known_by_its_id(sent_back, mailoutbox):
    assert (send(), send()) == (1, 0)
    told = Notice.objects.get()
    assert told.mailed_at == NOW
    assert mailoutbox[0].message()["Message-ID"] == f"<notice-{told.pk}@testserver>"
    assert mailoutbox[0].message()["Auto-Submitted"] == "auto-generated"


def test_a_line_break_in_a_headline_begins_no_header(sent_back, mailoutbox):
    Notice.objects.update(subject="Flood\r\nBcc: everybody@paper.example\n\nX")
    assert send() == 1
    message = mailoutbox[0].message()
    assert message["Bcc"] is None
    assert "Flood Bcc: everybody@paper.example X" in mailoutbox[0].subject
    assert mailoutbox[0].recipients() == ["ada.moss@newsroom.example"]


@pytest.mark.parametrize("headline", ["Fish & “Chips” <b>", "港口开放", "Überfahrt 🛳️", "x" * 250])
def test_any_headline_goes_into_a_mail_as_it_is(sent_back, mailoutbox, headline):
    Notice.objects.update(subject=headline)
    assert send() == 1
    assert headline in mailoutbox[0].body
    assert len(mailoutbox[0].subject) <= 150
    assert mailoutbox[0].message().as_bytes()


@pytest.mark.parametrize("why", ["another section", "inactive"])
def test_who_may_not_open_the_story_by_now_gets_no_mail(ada, bo, write, national, mailoutbox, why):
    story = write()
    note(bo, story, "@ada.moss: look")
    if why == "inactive":
        User.objects.filter(pk=ada.pk).update(is_active=False)
    else:
        SectionMember.objects.filter(user=ada).update(section=national)
    assert send() == 0
    assert mailoutbox == []
    assert not Notice.objects.get().by_mail


def test_a_mail_server_that_is_down_leaves_the_mails_for_the_next_time(
    sent_back, settings, mailoutbox
):
    use_mail_server(settings, "tests.desk.telling.DeadServer")
    assert send() == 0
    assert Notice.objects.get().mailed_at is None
    use_mail_server(settings, RIGHT)
    assert send() == 1


def test_a_mail_server_that_dies_keeps_what_it_took_and_no_mail_is_sent_twice(
    write, ada, bo, settings, mailoutbox
):
    colleague("Cy Vane", "Editor")
    bring_about(Reason.SUBMITTED, write, ada, bo)
    use_mail_server(settings, "tests.desk.telling.DyingServer")
    assert send() == 1
    use_mail_server(settings, RIGHT)
    assert send() == 1
    assert sorted(mail.to[0] for mail in mailoutbox) == [
        "ada.moss@newsroom.example", "cy.vane@newsroom.example",
    ]  # fmt: skip


def test_an_address_that_the_server_refuses_keeps_no_other_mail_back(
    write, ada, bo, settings, mailoutbox
):
    colleague("Cy Vane", "Editor")
    bring_about(Reason.SUBMITTED, write, ada, bo)
    use_mail_server(settings, "tests.desk.telling.PickyServer")
    assert send() == 1
    assert mailoutbox[0].to == ["cy.vane@newsroom.example"]
    assert Notice.objects.get(person=ada).mailed_at is None


def test_after_a_week_a_mail_is_given_up_and_the_inbox_keeps_the_notice(
    sent_back, clock, mailoutbox
):
    clock.shift(timedelta(days=7, seconds=1))
    assert send() == 0
    assert mailoutbox == []
    told = Notice.objects.get()
    assert (told.by_mail, told.in_inbox) == (False, True)


def test_a_dead_mail_server_breaks_no_verb(
    write, ada, bo, settings, django_capture_on_commit_callbacks
):
    settings.TASKS = IMMEDIATE
    use_mail_server(settings, "tests.desk.telling.DeadServer")
    story = write("Flood", by=ada)
    with django_capture_on_commit_callbacks(execute=True):
        post(bo, story, "hold", reason="The lawyer reads.")
    assert Article.objects.get().held
    assert Notice.objects.get(person=ada).mailed_at is None


@pytest.mark.parametrize("door", ["verb", "note"])
def test_a_verb_and_a_note_have_the_mail_sent(
    write, ada, bo, settings, mailoutbox, django_capture_on_commit_callbacks, door
):
    settings.TASKS = IMMEDIATE
    story = write("Flood", by=ada)
    with django_capture_on_commit_callbacks(execute=True):
        if door == "verb":
            post(bo, story, "hold", reason="The lawyer reads.")
        else:
            note(bo, story, "@ada.moss, look")
    assert [mail.to for mail in mailoutbox] == [["ada.moss@newsroom.example"]]


def test_the_task_is_queued_for_the_worker_where_mail_is_due_and_else_costs_one_look(
    sent_back, django_capture_on_commit_callbacks, django_assert_num_queries
):
    with django_capture_on_commit_callbacks(execute=True):
        tasks.mail_soon()
    assert [row.task_path for row in DBTaskResult.objects.all()] == ["articles.tasks.send_notices"]
    send()
    with django_assert_num_queries(1), django_capture_on_commit_callbacks(execute=True):
        tasks.mail_soon()
    assert DBTaskResult.objects.count() == 1


def test_the_command_sends_what_is_due(sent_back, capsys, mailoutbox):
    call_command("send_notices")
    assert capsys.readouterr().out == "1 sent.\n"
    assert len(mailoutbox) == 1
