"""Colleagues to tell something, one way to bring each reason about, and mail servers that fail."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused
from typing import ClassVar

from django.core.mail.backends.locmem import EmailBackend
from django.db.models import Q
from django.test import Client

from articles.desk import planning, receipts, together
from articles.desk.receipts import Answer, Asked
from articles.desk.revisions import Values
from articles.models import Article, Move, Notice, Reason, SectionMember
from tests.conftest import NOW, person
from tests.desk.pressing import do, rewrite

HOUR = timedelta(hours=1)


def colleague(name, role="Reporter", *sections, **fields):
    """Make a person called by their name: ada.moss@newsroom.example; of some sections, or all."""
    fields.setdefault("email", f"{name.lower().replace(' ', '.')}@newsroom.example")
    made = person(role, display_name=name, **fields)
    for section in sections:
        SectionMember.objects.create(user=made, section=section)
    return made


def post(user, story, verb, **data):
    """Post a verb as someone who has just looked at the story."""
    now = Article.objects.get(pk=story.pk)
    client = Client()
    client.force_login(user)
    posted = {"seen": now.pressed, "revision": now.version, **data}
    answer = client.post(f"/admin/articles/article/{story.pk}/verb/{verb}/", posted)
    assert answer.status_code == 302, answer.content.decode()
    return answer


def note(user, story, text):
    """Post a note on a story."""
    client = Client()
    client.force_login(user)
    return client.post(f"/admin/articles/article/{story.pk}/notes/", {"text": text})


def reasons_told(user):
    """The reasons a person is told, in the inbox or by mail, in the order in which they were."""
    told = Notice.objects.filter(Q(in_inbox=True) | Q(by_mail=True), person=user)
    return list(told.order_by("pk").values_list("reason", flat=True))


def bring_about(reason, write, ada, bo):
    """Have Bo (a managing editor) do what tells Ada (a managing editor, too) for a reason."""
    story = write("Flood", by=ada)
    if reason not in (Reason.SUBMITTED, Reason.MENTIONED, Reason.EMBARGO_BROKEN):
        post(ada, story, "submit")
        Notice.objects.all().delete()
    _WAYS[reason](story, ada, bo)
    return story


def _beside(story, ada, bo):
    rewrite(story, standfirst="High water.", by=bo)
    typed = Values("Flood", story.section_id, standfirst="A storm.", body=story.body)
    together.save(story.pk, typed, by=ada, seen=1, now=NOW)


def _receipt(story, ada, _bo):
    do("publish", story, revision=1, by=ada)
    do("take_down", story, how="gone", reason="Wrong", authority="The editor", by=ada)
    home = Asked("Home", "/", is_own=False, tells=False)
    kept = receipts.ask(story, Move.objects.latest("pk").pk, [home], now=NOW)
    receipts.record(kept.pk, {home.path: Answer(fault=receipts.TIMEOUT)}, now=NOW)


def _cancelled(story, ada, bo):
    do("schedule", story, revision=1, at=NOW + 5 * HOUR, by=ada)
    post(bo, story, "cancel", start=(NOW + 5 * HOUR).isoformat())


def _embargo(story, _ada, bo):
    do("embargo", story, until=NOW + 5 * HOUR, by=bo)
    post(bo, story, "break_embargo", reason="It is out elsewhere.")


_WAYS = {
    Reason.MENTIONED: lambda story, _ada, bo: note(bo, story, "See the figures, @ada.moss."),
    Reason.SUBMITTED: lambda story, _ada, bo: post(bo, story, "submit"),
    Reason.SENT_BACK: lambda story, _ada, bo: post(
        bo, story, "send_back", reason="The figures need\na source."
    ),
    Reason.APPROVED: lambda story, _ada, bo: post(bo, story, "approve"),
    Reason.PUBLISHED: lambda story, _ada, bo: post(bo, story, "publish"),
    Reason.WITHDRAWN: lambda story, _ada, bo: post(bo, story, "hold", reason="The lawyer reads."),
    Reason.CANCELLED: _cancelled,
    Reason.SET_BESIDE: _beside,
    Reason.EMBARGO_BROKEN: _embargo,
    Reason.ASSIGNED: lambda story, ada, bo: planning.plan(
        story.pk, {"assignee_id": ada.pk, "due_at": NOW + 5 * HOUR}, by=bo, now=NOW
    ),
    Reason.RECEIPT: _receipt,
}


class DeadServer(EmailBackend):
    """Cannot be reached."""

    def open(self):
        raise ConnectionRefusedError("nobody listens")


class DyingServer(EmailBackend):
    """Takes one mail, and then no more."""

    def send_messages(self, messages):
        if self.taken:
            raise ConnectionResetError("gone")
        self.taken = True
        return super().send_messages(messages)

    taken = False


class PickyServer(EmailBackend):
    """Refuses some addresses."""

    refused: ClassVar[set[str]] = {"ada.moss@newsroom.example"}

    def send_messages(self, messages):
        for message in messages:
            if refused := self.refused.intersection(message.to):
                raise SMTPRecipientsRefused(dict.fromkeys(refused, (550, b"no such person")))
        return super().send_messages(messages)
