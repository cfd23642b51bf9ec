"""What colleagues say to each other about a story, and what reaches a person and why."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article
from articles.models.fields import ProseField


class Note(models.Model):
    """A remark on a story, kept with it until somebody resolves it, and after."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="notes", db_index=False)
    text = ProseField(_("note"), max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    resolved_by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        indexes: ClassVar[list[models.Index]] = [
            models.Index("article", "id", name="notes_of_a_story")
        ]

    def __str__(self) -> str:
        return self.text[:80]


class Reason(models.TextChoices):
    """Why something reaches a person; each can be turned off by itself."""

    MENTIONED = "mentioned", _("a colleague mentions you in a note")
    SUBMITTED = "submitted", _("a story of your sections waits for review")
    SENT_BACK = "sent_back", _("your story was sent back")
    APPROVED = "approved", _("your story was approved")
    PUBLISHED = "published", _("your story was published or scheduled")
    WITHDRAWN = "withdrawn", _("your story was unpublished, held or taken down")
    CANCELLED = "cancelled", _("something scheduled of your story was cancelled")
    SET_BESIDE = "set_beside", _("your text waits beside a colleague’s")
    EMBARGO_BROKEN = "embargo_broken", _("an embargo was broken in your sections")
    ASSIGNED = "assigned", _("a story is assigned to you, or its plan changes")
    RECEIPT = "receipt", _("a story that you took off the site was checked")


class Notice(models.Model):
    """One line of a person's inbox. Its words are made when it is read (desk/notices.py)."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", db_index=False
    )
    reason = models.CharField(max_length=20, choices=Reason.choices)
    article = models.ForeignKey(Article, models.CASCADE, null=True, related_name="+")
    subject = models.CharField(max_length=250)  # the headline, as it was
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()
    details = models.JSONField(default=dict)
    in_inbox = models.BooleanField(default=True)
    read_at = models.DateTimeField(null=True)
    by_mail = models.BooleanField(default=True)  # whether a mail is to be sent
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        verbose_name = _("notice")
        verbose_name_plural = _("inbox")
        indexes: ClassVar[list[models.Index]] = [
            models.Index("person", models.F("id").desc(), name="notices_of_a_person"),
            models.Index(
                "person",
                models.F("id").desc(),
                name="notices_unread",
                condition=models.Q(in_inbox=True, read_at=None),
            ),
            models.Index(
                "id",
                name="notices_due",
                condition=models.Q(by_mail=True, mailed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason}: {self.subject}"


class NoticeChoice(models.Model):
    """That a person wants less of what a reason brings. No row: inbox and mail."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_choices", db_index=False
    )
    reason = models.CharField(max_length=20, choices=Reason.choices)
    in_inbox = models.BooleanField(default=True)
    by_mail = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person", "reason"], name="one_choice_a_person_and_reason"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.reason}"
