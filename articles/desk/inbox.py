"""A person's inbox: what stands in it, what they have read, and what they want to be told."""

from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from articles.desk import rights
from articles.desk.rights import Actor
from articles.models import Notice, NoticeChoice, Reason

PAGE = 50
# How far unread notices are counted: who has more knows enough.
COUNTED = 100


def of(by: Actor) -> QuerySet[Notice]:
    """A person's own notices, newest first, of stories that they may open today."""
    stories = rights.stories_for(by).filter(pk=OuterRef("article"))
    mine = Notice.objects.filter(person=by.pk, in_inbox=True)
    return mine.filter(Q(article=None) | Q(Exists(stories))).order_by("-pk")


def page_of(by: Actor, before: int | None = None) -> tuple[list[Notice], int | None]:
    """A page of a person's inbox, and what is `before` for the next, if there is one."""
    older = Q(pk__lt=before) if before is not None else Q()
    rows = list(of(by).filter(older)[: PAGE + 1])
    return rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None


def unread(by: Actor) -> int:
    """How many notices a person has not read, counted no further than COUNTED."""
    return len(of(by).filter(read_at=None).values_list("pk")[:COUNTED])


def mark_read(number: int, *, by: Actor, now: datetime) -> None:
    """Mark one of a person's own notices as read; raises Notice.DoesNotExist for any other."""
    marked = of(by).filter(pk=number, read_at=None).update(read_at=now)
    if not marked and not of(by).filter(pk=number).exists():
        raise Notice.DoesNotExist


def mark_all_read(newest: int, *, by: Actor, now: datetime) -> None:
    """Mark a person's notices as read, up to the newest that they were shown."""
    of(by).filter(pk__lte=newest, read_at=None).update(read_at=now)


def choices_of(by: Actor) -> dict[Reason, tuple[bool, bool]]:
    """What a person wants in the inbox, and what by mail, by reason."""
    rows = NoticeChoice.objects.filter(person=by.pk)
    chosen = {row.reason: (row.in_inbox, row.by_mail) for row in rows}
    return {reason: chosen.get(reason, (True, True)) for reason in Reason}


def choose(wanted: Mapping[Reason, tuple[bool, bool]], *, time_zone: str, by: Actor) -> None:
    """Keep what a person wants in the inbox and by mail, and their own time zone.

    It is about what is told from now on. Raises ValidationError for an unknown zone.
    """
    person = get_user_model()
    try:
        zone = person._meta.get_field("time_zone").clean(time_zone.strip(), None)
    except ValidationError as refused:
        raise ValidationError({"time_zone": refused}) from None
    with transaction.atomic():
        person.objects.filter(pk=by.pk).update(time_zone=zone)
        NoticeChoice.objects.filter(person=by.pk, reason__in=wanted).delete()
        NoticeChoice.objects.bulk_create(
            NoticeChoice(person_id=by.pk, reason=reason, in_inbox=in_inbox, by_mail=by_mail)
            for reason, (in_inbox, by_mail) in wanted.items()
            if not (in_inbox and by_mail)
        )
