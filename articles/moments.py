"""Moments: a request's own, and those that somebody typed, which are never guessed."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.timezone import get_default_timezone_name
from django.utils.translation import gettext as _

EXAMPLE = "2026-06-19 09:30"


def moment_of(request: HttpRequest) -> datetime:
    """Return the request's moment, in UTC: the clock as the middleware read it, once."""
    # Put there by MomentMiddleware.
    return request.moment  # type: ignore[attr-defined]


def newsroom_zone() -> ZoneInfo:
    """Return the newsroom's zone: what editors type and readers see is in it."""
    return ZoneInfo(get_default_timezone_name())


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
