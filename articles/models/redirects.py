"""Where old addresses lead, those of the system that the paper had before this one."""

from datetime import datetime
from functools import reduce
from operator import or_
from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from articles.models.listing import ListRow
from articles.models.publication import Publication
from articles.old_addresses import LONGEST


class LeadsTo(models.TextChoices):
    """What an old address leads to. What has a page of its own is kept by its identity, so that
    the address follows it; the names of the lists are those of their rows (ListKind)."""

    STORY = "story", _("story")
    SECTION = "section", _("section")
    AUTHOR = "author", _("author")
    TAG = "tag", _("tag")
    PATH = "path", _("page of the site’s own")
    URL = "url", _("another site")
    GONE = "gone", _("gone (410)")


# What is kept by its identity.
NAMED = (LeadsTo.STORY, LeadsTo.SECTION, LeadsTo.AUTHOR, LeadsTo.TAG)


def _one_of(*kinds: str) -> Q:
    # Not `kind__in`: Django cannot read a table back whose rule holds a comma, on SQLite.
    return reduce(or_, (Q(kind=kind) for kind in kinds))


class RedirectQuerySet(models.QuerySet):
    def leading(self, t: datetime) -> Self:
        """Redirects with what is to be known of their end at t, all in this one query: whether
        its list `stands`, and of a story its newest begun version that is not withheld: its id
        (`newest`) and its end."""
        begun = Publication.objects.begun(t).filter(article=OuterRef("what"))
        newest = begun.order_by("-starts_at", "-pk")
        rows = ListRow.objects.at(t).filter(kind=OuterRef("kind"), what=OuterRef("what"))
        return self.annotate(
            stands=Exists(rows),
            newest=Subquery(newest.values("pk")[:1]),
            ends_at=Subquery(newest.values("ends_at")[:1]),
            ends_as=Subquery(newest.values("ends_as")[:1]),
        )


class Redirect(models.Model):
    """An old address in its normal form (articles/old_addresses.py), and where it leads."""

    source = models.CharField(_("old address"), max_length=LONGEST, unique=True)
    kind = models.CharField(_("kind"), max_length=7, choices=LeadsTo.choices)
    # The id of what is kept by its identity. No foreign key: a draft that is deleted takes the
    # address's end with it, and the address answers like any that never was.
    what = models.BigIntegerField(null=True)
    # All of the address of a page or of another site; of what has a page of its own, what follows
    # the address of that page (“rss.xml”).
    address = models.CharField(max_length=LONGEST, blank=True)
    by_name = models.CharField(max_length=120)

    stands: bool  # these four of `leading`
    newest: int | None
    ends_at: datetime | None
    ends_as: str | None

    objects = RedirectQuerySet.as_manager()

    class Meta:
        verbose_name = _("redirect")
        verbose_name_plural = _("redirects")
        default_permissions: ClassVar = ("change",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="redirect_is_of_an_address", condition=~Q(source="")),
            models.CheckConstraint(
                name="redirect_leads_somewhere",
                condition=(_one_of(*NAMED) & Q(what__isnull=False))
                | (_one_of(LeadsTo.PATH, LeadsTo.URL) & Q(what=None) & ~Q(address=""))
                | Q(kind=LeadsTo.GONE, what=None, address=""),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index("kind", "what", name="redirects_to_a_thing"),
        ]

    def __str__(self) -> str:
        return self.source
