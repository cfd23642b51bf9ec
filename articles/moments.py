"""Moments: a request's own, those that somebody typed, which are never guessed, and the one that
somebody chose to read the site as of."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.timezone import get_default_timezone_name
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

EXAMPLE = "2026-06-19 09:30"
# Holds the moment that a person reads the site as of, and who that is; signed.
AS_OF_COOKIE = "as_of"


@dataclass(frozen=True)
class AsOf:
    """That a request reads the site as of another moment than its own, by who may."""

    moment: datetime
    now: datetime  # as the clock says
    sees_gone: bool  # whether stories that were taken down since are shown


class _Dated(HttpRequest):
    """A request as the middleware hands it on: Django has no place for what one adds."""

    moment: datetime
    as_of: AsOf | None


def give_moment(request: HttpRequest, moment: datetime) -> None:
    """Let a request have its moment, in UTC; for the door that read the clock."""
    cast("_Dated", request).moment = moment


def give_as_of(request: HttpRequest, seen: AsOf) -> None:
    """Let a request read the site as of another moment; for the door that asked whether it may."""
    dated = cast("_Dated", request)
    dated.moment, dated.as_of = seen.moment, seen


def moment_of(request: HttpRequest) -> datetime:
    """Return the request's moment, in UTC: the clock as the middleware read it, once, or the
    moment that the site is read as of."""
    return cast("_Dated", request).moment


def as_of(request: HttpRequest) -> AsOf | None:
    """Return how the request reads the site as of another moment; None: as it is."""
    return getattr(request, "as_of", None)


def choose_as_of(response: HttpResponse, moment: datetime, *, person: int) -> None:
    """Have a person's browser read the site as of a moment, until it is closed."""
    response.set_signed_cookie(
        AS_OF_COOKIE,
        f"{person}~{moment.isoformat()}",
        salt=AS_OF_COOKIE,
        secure=settings.SERVED_OVER_HTTPS,
        httponly=True,
        samesite="Lax",
    )


def forget_as_of(response: HttpResponse) -> None:
    """Have a browser read the site as it is again."""
    response.delete_cookie(AS_OF_COOKIE, samesite="Lax")


def chosen_as_of(request: HttpRequest) -> tuple[int, datetime] | None:
    """Return for which person and which moment a browser was told to read the site as of it.

    Whether the one who asks is that person, and may, is not said by the cookie.
    """
    kept = request.get_signed_cookie(AS_OF_COOKIE, default=None, salt=AS_OF_COOKIE)
    if kept is None:
        return None
    person, moment = kept.split("~")
    return int(person), datetime.fromisoformat(moment)


def newsroom_zone() -> ZoneInfo:
    """Return the newsroom's zone: what editors type and readers see is in it."""
    return ZoneInfo(get_default_timezone_name())


def in_newsroom_words(moment: datetime) -> str:
    """A moment as editors read it: day and time in the newsroom's zone."""
    return date_format(moment.astimezone(newsroom_zone()), pgettext("date format", "j M Y, H:i"))


def on_own_clock(moment: datetime, zone: str) -> str:
    """A moment on the clock of someone who works elsewhere: “02:30 in Asia/Kolkata”.

    Empty for the newsroom's own zone, and where none (an empty name) was chosen.
    """
    if zone in ("", newsroom_zone().key):
        return ""
    there = moment.astimezone(ZoneInfo(zone))
    here = moment.astimezone(newsroom_zone())
    format_ = "H:i" if there.date() == here.date() else pgettext("date format", "j M Y, H:i")
    return _("%(when)s in %(zone)s") % {"when": date_format(there, format_), "zone": zone}


def read_moment(typed: str, zone: ZoneInfo) -> datetime:
    """Return the moment, in UTC, that “2026-06-19 09:30” in the zone or an ISO 8601 time says.

    Raises ValidationError for another format, and for an hour that daylight saving skips or
    repeats: the sentence asks for the offset that settles it.
    """
    try:
        moment = datetime.fromisoformat(typed.strip())
    except ValueError:
        moment = None
    if moment is None or len(typed.strip()) < len(EXAMPLE):
        raise ValidationError(
            _("“%(typed)s” is not a date and time. Write it so: %(example)s.")
            % {"typed": typed[:40], "example": EXAMPLE},
            code="format",
        )
    try:
        return (moment if moment.tzinfo else in_zone(moment, zone)).astimezone(UTC)
    except OverflowError:
        raise ValidationError(_("This date is too far away."), code="range") from None


def in_zone(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return what a clock on the newsroom's wall says, as an aware moment in the zone.

    Raises ValidationError (code “skipped” or “repeated”) where that is no or two moments.
    """
    first, second = wall.replace(tzinfo=zone, fold=0), wall.replace(tzinfo=zone, fold=1)
    if first.utcoffset() == second.utcoffset():
        return first
    clock, place = f"{wall:%Y-%m-%d %H:%M}", zone.key
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != wall:
        raise ValidationError(
            _("%(clock)s does not exist in %(place)s: the clocks go forward over it. Pick another.")
            % {"clock": clock, "place": place},
            code="skipped",
        )
    raise ValidationError(
        _(
            "%(clock)s happens twice in %(place)s, as the clocks go back. "
            "Say which: %(first)s or %(second)s."
        )
        % {
            "clock": clock,
            "place": place,
            "first": first.isoformat(sep=" ", timespec="minutes"),
            "second": second.isoformat(sep=" ", timespec="minutes"),
        },
        code="repeated",
    )
