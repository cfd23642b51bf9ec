"""How fronts are arranged: verbs that put stories into slots, now or at a moment, and take the
breaking banner up and down. Each is one transaction with its Move."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from articles import edition
from articles.desk import audit, rights
from articles.desk.revisions import Stale
from articles.desk.rights import Actor
from articles.models import Article, Banner, Front, Pin, SlugClaim
from articles.models.front import HOME, PLACES

# What stands longer where a person put it is worth a look.
STANDS_LONG = timedelta(hours=12)
LONGEST_BANNER = timedelta(hours=24)


@dataclass(frozen=True)
class Put:
    """A story that is put into a slot, and until when (None: until somebody changes it)."""

    story: int
    until: datetime | None = None


Arrangement = Sequence[Put | None]  # one a place; None: filled by rule


def front(section: int) -> Front:
    """The front of a section (its id), or of the home page (HOME), as the desk has it."""
    return Front.objects.filter(pk=section).first() or Front(section=section)


def draft(row: Front) -> list[Put | None]:
    """What was being arranged, place by place."""
    places = [_read(kept) for kept in row.draft][:PLACES]
    return places + [None] * (PLACES - len(places))


def standing(section: int, t: datetime) -> list[Pin | None]:
    """What is pinned on a front at t, place by place."""
    pins = {pin.place: pin for pin in Pin.objects.standing(_slots(section), t)}
    return [pins.get(place) for place in range(PLACES)]


def coming(section: int, t: datetime) -> datetime | None:
    """When the front that is scheduled begins; None: none is."""
    later = Pin.objects.filter(slot__in=_slots(section), starts_at__gt=t).order_by("starts_at")
    return later.values_list("starts_at", flat=True).first()


def save(section: int, puts: Arrangement, *, by: Actor, seen: int, now: datetime) -> None:
    """Keep an arrangement without showing it to anybody.

    Raises Stale when somebody arranged the front since `seen`, PermissionDenied, or
    ValidationError with a sentence.
    """
    with transaction.atomic():
        _swap(section, seen, by)
        _require_fit(puts)
        _keep(section, puts, by, now)


def publish(
    section: int,
    puts: Arrangement,
    *,
    by: Actor,
    seen: int,
    now: datetime,
    at: datetime | None = None,
) -> None:
    """Let readers see an arrangement, now or from the moment `at` on; a slot that is empty is
    filled by rule. Of what is scheduled later nothing changes. Raises as save does."""
    start = at or now
    with transaction.atomic():
        _swap(section, seen, by)
        if start < now:
            raise ValidationError({"at": _("This moment has passed. Choose a later one.")})
        if at and coming(section, now):
            raise ValidationError(_("A front is scheduled already. Cancel that one first."))
        _require_fit(puts, start)
        _keep(section, puts, by, now)
        stops = None if at else coming(section, now)
        _cut(section, start)
        Pin.objects.bulk_create(
            Pin(
                slot=section * PLACES + place,
                story_id=put.story,
                starts_at=start,
                until=put.until,
                ends_at=_earlier(put.until, stops),
                by_name=str(by)[:120],
            )
            for place, put in enumerate(puts)
            if put
        )
        _record("publish_front", section, by, now, at=start.isoformat())
        edition.move_on_with_a_withdrawal()  # what stood there is gone from there


def cancel(section: int, *, by: Actor, seen: int, now: datetime) -> None:
    """Take back what is scheduled; what stands goes on as if nothing had been scheduled."""
    with transaction.atomic():
        _swap(section, seen, by)
        start = coming(section, now)
        if start is None:
            raise ValidationError(_("Nothing is scheduled for this front any more."))
        Pin.objects.filter(slot__in=_slots(section), starts_at__gt=now).delete()
        cut = Pin.objects.at(now).filter(slot__in=_slots(section), ends_at=start)
        cut.update(ends_at=F("until"))
        _record("cancel_front", section, by, now, at=start.isoformat())
        edition.move_on()


def show_banner(
    words: str, story: int | None, *, until: datetime, by: Actor, now: datetime
) -> Banner:
    """Put a banner above every page until a moment, instead of one that stands there.

    Raises PermissionDenied, or ValidationError with a sentence a field.
    """
    rights.require(by, "articles.change_front")
    if not now < until <= now + LONGEST_BANNER:
        raise ValidationError({"until": _("Choose an end within the next 24 hours.")})
    banner = Banner(
        words=words, story_id=story, starts_at=now, ends_at=until, by_name=str(by)[:120]
    )
    with transaction.atomic():
        banner.full_clean(exclude=["story"], validate_constraints=False)
        if story and not SlugClaim.objects.filter(article=story).exists():
            raise ValidationError({"story": _("Readers cannot see this story.")})
        Banner.objects.filter(ends_at__gt=now).update(ends_at=now)
        banner.save()
        audit.record("show_banner", by=by, at=now, subject=banner.words)
        edition.move_on_with_a_withdrawal()
    return banner


def take_banner_off(*, by: Actor, now: datetime) -> None:
    """Take the banner off every page. Raises PermissionDenied; a second time does nothing."""
    rights.require(by, "articles.change_front")
    with transaction.atomic():
        standing_now = Banner.objects.at(now).first()
        if standing_now:
            Banner.objects.filter(pk=standing_now.pk).update(ends_at=now)
            audit.record("take_banner_off", by=by, at=now, subject=standing_now.words)
            edition.move_on_with_a_withdrawal()


def _slots(section: int) -> range:
    return range(section * PLACES, (section + 1) * PLACES)


def _swap(section: int, seen: int, by: Actor) -> None:
    # First of all, before anything is read: whoever loses this race has read nothing stale.
    if not seen:
        Front.objects.get_or_create(pk=section)
    if not Front.objects.filter(pk=section, pressed=seen).update(pressed=F("pressed") + 1):
        raise Stale
    rights.require(by, "articles.change_front", [section] if section != HOME else [])


def _require_fit(puts: Arrangement, start: datetime | None = None) -> None:
    stories = [put.story for put in puts if put]
    if len(set(stories)) < len(stories):
        raise ValidationError(_("A story stands once on a front. Take it out of one slot."))
    known = set(SlugClaim.objects.filter(article__in=stories).values_list("article", flat=True))
    hidden = Article.objects.filter(pk__in=set(stories) - known)
    if names := [story.headline for story in hidden]:
        raise ValidationError(
            _("Readers cannot see “%(headline)s”. Publish or schedule it first.")
            % {"headline": names[0]}
        )
    if start and any(put and put.until and put.until <= start for put in puts):
        raise ValidationError(_("A story’s end in its slot comes before the front begins."))


def _keep(section: int, puts: Arrangement, by: Actor, now: datetime) -> None:
    kept = [[put.story, put.until and put.until.isoformat()] if put else None for put in puts]
    Front.objects.filter(pk=section).update(draft=kept, edited_by=str(by)[:120], edited_at=now)


def _read(kept: Any) -> Put | None:
    return Put(kept[0], kept[1] and datetime.fromisoformat(kept[1])) if kept else None


def _cut(section: int, start: datetime) -> None:
    """Let what stands on a front end where another arrangement begins."""
    stands = Pin.objects.at(start).filter(slot__in=_slots(section))
    stands.filter(starts_at=start).delete()  # of the same moment: readers have not seen it
    stands.update(ends_at=start)


def _earlier(*moments: datetime | None) -> datetime | None:
    return min((moment for moment in moments if moment), default=None)


def _record(verb: str, section: int, by: Actor, now: datetime, **details: Any) -> None:
    audit.record(
        verb, by=by, at=now, subject=_("Home") if section == HOME else str(section), details=details
    )
