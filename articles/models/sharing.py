"""A revision shown to one person outside, and what a takedown was seen to have done."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article
from articles.models.fields import LineField


class ShareLink(models.Model):
    """That a person outside may read one revision, until a moment or until it is revoked.

    Its address is known to nobody but that person: the digest (SHA-256) of the token is kept.
    """

    article = models.ForeignKey(Article, models.CASCADE, related_name="share_links")
    revision = models.PositiveIntegerField()
    person = LineField(_("for whom"), max_length=120)
    digest = models.CharField(max_length=64, unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()
    expires_at = models.DateTimeField(_("until"))
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        verbose_name = _("share link")
        verbose_name_plural = _("share links")

    def __str__(self) -> str:
        return f"{self.article_id} for {self.person}"


class ShareView(models.Model):
    """One time that a shared revision was read."""

    link = models.ForeignKey(ShareLink, models.CASCADE, related_name="views")
    at = models.DateTimeField()
    agent = models.CharField(max_length=200, blank=True)  # what the browser calls itself

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]

    def __str__(self) -> str:
        return f"{self.link_id} at {self.at}"


class Receipt(models.Model):
    """What every surface of the site answered after a story was taken off it."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="receipts")
    move = models.BigIntegerField()  # of the verb that it is about
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)  # null: the worker has not been at it yet
    surfaces = models.JSONField(default=list)  # articles/desk/receipts.py says what of each

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")

    def __str__(self) -> str:
        return f"{self.article_id} at {self.asked_at}"
