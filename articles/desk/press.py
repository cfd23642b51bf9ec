"""The press: the only writer of Publications.

Each verb names the revision it was decided on, swaps first, checks the right in the section
that readers see the story in and in the one it goes to, and is one transaction with its Move.
`seen` is the story's `pressed` count that the decision was made on; moments are aware, in UTC.

Every verb raises Stale when somebody pressed since, PermissionDenied without the right, and
ValidationError, with a sentence that says what to do, for what the story's state forbids; then
nothing has changed.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from articles.desk import changes, printing, timeline, versions
from articles.desk.rights import Actor
from articles.desk.run import pressing
from articles.desk.sheet import Pending, Sheet
from articles.desk.timeline import Slot
from articles.states import EndsAs


def publish(
    article_id: int,
    *,
    revision: int,
    by: Actor,
    seen: int,
    now: datetime,
    pending: Pending | None = None,
    as_new: str = "",
    reason: str = "",
    **typed: Any,
) -> None:
    """Show a revision from now on.

    With something scheduled, `pending` says what becomes of it; there is no default.
    `as_new`, a reason, gives the story a new first-published moment and place in lists.
    `typed` says what kind of change it is, to whoever had the story before (sheet.Typed).
    """
    reason = as_new or reason
    with pressing("publish", article_id, by, seen, now, reason, **typed) as sheet:
        sheet.revision = revision
        printing.settle_pending(sheet, pending, since=sheet.now)
        first = sheet.now if as_new or sheet.first is None else sheet.first
        slot = printing.slot_of(sheet, revision, sheet.now, first)
        sheet.line = timeline.open_at(sheet.line, slot)


def schedule(
    article_id: int,
    *,
    revision: int,
    by: Actor,
    seen: int,
    now: datetime,
    at: datetime,
    until: datetime | None = None,
    pending: Pending | None = None,
    reason: str = "",
    **typed: Any,
) -> None:
    """Show a revision from the moment `at` on, and (with `until`) no longer than until then.

    For what is scheduled later than `at`, `pending` says what becomes of it.
    """
    with pressing("schedule", article_id, by, seen, now, reason, **typed) as sheet:
        _require_future(at, sheet.now)
        if any(slot.starts_at == at for slot in sheet.line):
            raise ValidationError(
                _("Another version is scheduled for that very moment. Update that one instead.")
            )
        sheet.revision = revision
        sheet.details = {"at": at.isoformat(), "until": until.isoformat() if until else None}
        printing.settle_pending(sheet, pending, since=at)
        slot = printing.slot_of(sheet, revision, at, min(sheet.first or at, at))
        if until:
            slot = replace(slot, ends_at=until, ends_as=EndsAs.EXPIRED, brings_end=True)
        sheet.line = timeline.open_at(sheet.line, slot)


def update_scheduled(
    article_id: int,
    start: datetime,
    *,
    revision: int,
    by: Actor,
    seen: int,
    now: datetime,
    reason: str = "",
    **typed: Any,
) -> None:
    """Let what is scheduled for `start` show another revision, at the same moment."""
    with pressing("update_scheduled", article_id, by, seen, now, reason, **typed) as sheet:
        slot = sheet.scheduled(start)
        sheet.revision = revision
        sheet.details = {"at": start.isoformat(), "was": slot.revision}
        change, note = changes.settle(sheet, revision, sheet.before(start, but=slot))
        newer = replace(slot, revision=revision, change=change, note=note)
        sheet.line = tuple(newer if other is slot else other for other in sheet.line)


def move(
    article_id: int, start: datetime, *, to: datetime, by: Actor, seen: int, now: datetime
) -> None:
    """Move what is scheduled for `start` to another moment, between its neighbours."""
    with pressing("move", article_id, by, seen, now, "") as sheet:
        slot = sheet.scheduled(start)
        _require_future(to, sheet.now)
        sheet.revision = slot.revision
        sheet.details = {"at": start.isoformat(), "to": to.isoformat()}
        sheet.line = timeline.shift(sheet.line, slot, to)


def cancel(article_id: int, start: datetime, *, by: Actor, seen: int, now: datetime) -> None:
    """Take back what is scheduled for `start`; its words stay a revision."""
    with pressing("cancel", article_id, by, seen, now, "") as sheet:
        slot = sheet.scheduled(start)
        sheet.revision = slot.revision
        sheet.details = {"at": start.isoformat()}
        sheet.line = timeline.remove(sheet.line, slot)


def set_end(article_id: int, *, at: datetime | None, by: Actor, seen: int, now: datetime) -> None:
    """Let the story end by itself (410) at a moment, or stand for ever (None)."""
    with pressing("set_end", article_id, by, seen, now, "") as sheet:
        sheet.details = {"at": at.isoformat() if at else None}
        sheet.line = timeline.set_end(sheet.line, at, sheet.now)


def unpublish(article_id: int, *, reason: str, by: Actor, seen: int, now: datetime) -> None:
    """Take a story off the site from now (404); what is scheduled is cancelled."""
    with pressing("unpublish", article_id, by, seen, now, reason) as sheet:
        _withdraw(sheet, EndsAs.HIDDEN)


def take_down(
    article_id: int,
    *,
    how: EndsAs,
    reason: str,
    by: Actor,
    seen: int,
    now: datetime,
    authority: str,
) -> None:
    """Withdraw a story: GONE (410, its page says so) or VANISHED (404, shown at no moment).

    `authority` says who asked for it: a court, a lawyer, the editor-in-chief.
    """
    if how not in (EndsAs.GONE, EndsAs.VANISHED):
        raise ValueError(f"A story is taken down as gone or vanished, not {how!r}.")
    with pressing("take_down", article_id, by, seen, now, reason) as sheet:
        _require_authority(authority)
        sheet.details = {"how": str(how), "authority": authority}
        _withdraw(sheet, how)
        if how == EndsAs.VANISHED:
            sheet.withholds = True


def restore(
    article_id: int,
    *,
    revision: int,
    reason: str,
    by: Actor,
    seen: int,
    now: datetime,
    **typed: Any,
) -> None:
    """Show a story again that was taken down: a new version, from now on."""
    with pressing("restore", article_id, by, seen, now, reason, **typed) as sheet:
        sheet.revision = revision
        slot = printing.slot_of(sheet, revision, sheet.now, sheet.first or sheet.now)
        sheet.line = timeline.open_at(sheet.line, slot)


def withhold(
    article_id: int, version: int, *, reason: str, by: Actor, seen: int, now: datetime
) -> None:
    """Show one version (its id) that readers had, and have no more, at no moment any more."""
    with pressing("withhold", article_id, by, seen, now, reason) as sheet:
        _gate(sheet, version, withheld=True)


def show_again(
    article_id: int, version: int, *, reason: str, by: Actor, seen: int, now: datetime
) -> None:
    """Show a version (its id) that is withheld again, at the moments at which readers had it."""
    with pressing("show_again", article_id, by, seen, now, reason) as sheet:
        _gate(sheet, version, withheld=False)


def embargo(
    article_id: int, *, until: datetime, by: Actor, seen: int, now: datetime, reason: str = ""
) -> None:
    """Let nothing of the story out before a moment; what is scheduled before it is cancelled.

    An embargo in force is only ever prolonged; to end it early is to break it.
    """
    with pressing("embargo", article_id, by, seen, now, reason) as sheet:
        _require_future(until, sheet.now)
        if sheet.is_embargoed and sheet.article.embargo and until < sheet.article.embargo:
            raise ValidationError(
                _("This story is under embargo until later than that. Who may, can break it.")
            )
        sheet.details = {"until": until.isoformat()}
        _drop(sheet, [s for s in timeline.pending(sheet.line, sheet.now) if s.starts_at < until])
        sheet.sets(embargo=until)


def break_embargo(article_id: int, *, reason: str, by: Actor, seen: int, now: datetime) -> None:
    """End an embargo before its moment; nothing that it cancelled comes back."""
    with pressing("break_embargo", article_id, by, seen, now, reason) as sheet:
        ended = sheet.article.embargo
        sheet.details = {"until": ended.isoformat() if ended else None}
        sheet.sets(embargo=None)


def hold(article_id: int, *, reason: str, by: Actor, seen: int, now: datetime) -> None:
    """Let nothing of the story out until the hold is lifted; what is scheduled is cancelled."""
    with pressing("hold", article_id, by, seen, now, reason) as sheet:
        _drop(sheet, timeline.pending(sheet.line, sheet.now))
        sheet.sets(held=True)


def lift_hold(article_id: int, *, reason: str, by: Actor, seen: int, now: datetime) -> None:
    """Let the story be published again; nothing that the hold cancelled comes back."""
    with pressing("lift_hold", article_id, by, seen, now, reason) as sheet:
        sheet.sets(held=False)


def erase(
    article_id: int, *, reason: str, authority: str, by: Actor, seen: int, now: datetime
) -> None:
    """Empty a story in every copy that the site holds, for ever, as the law asks.

    Its id, its moments and its addresses stay; the Move counts what was emptied.
    """
    with pressing("erase", article_id, by, seen, now, reason) as sheet:
        _require_authority(authority)
        sheet.details = {"authority": authority}
        _withdraw(sheet, EndsAs.VANISHED)
        sheet.withholds = True
        sheet.erases = True


def open_in_the_past(
    article_id: int, *, revision: int, since: datetime, by: Actor, seen: int, now: datetime
) -> None:
    """Open a story's first version at a moment that has passed; the Move keeps both moments.

    For the import of what was public elsewhere, and for the demo; no other verb writes a moment
    before its own now.
    """
    with pressing("publish", article_id, by, seen, now, "") as sheet:
        if sheet.newest_begun or sheet.line or since > sheet.now:
            raise ValidationError(_("Only a story that was never public can begin in the past."))
        sheet.revision = revision
        sheet.details = {"since": since.isoformat()}
        sheet.line = (printing.slot_of(sheet, revision, since, since),)


def _require_future(at: datetime, now: datetime) -> None:
    if at <= now:
        raise ValidationError(_("That moment has passed. Pick one in the future, or publish now."))


def _require_authority(authority: str) -> None:
    if not authority.strip():
        raise ValidationError(
            {"authority": _("Say on whose authority; it is kept with the story.")}
        )


def _gate(sheet: Sheet, version: int, *, withheld: bool) -> None:
    row = versions.past(sheet.article.pk, sheet.latest).filter(pk=version).first()
    if row is None:
        raise ValidationError(
            _("Readers have this version, or never had it. Publish a change, or take it down.")
        )
    if row.withheld == withheld:
        raise ValidationError(
            _("This version is withheld already.")
            if withheld
            else _("This version is not withheld.")
        )
    sheet.sections.add(row.section_id)
    sheet.revision = row.revision
    stood = (row.starts_at, row.ends_at)
    sheet.details = {"stood": [moment.isoformat() for moment in stood if moment]}
    sheet.gates[row.pk] = withheld


def _drop(sheet: Sheet, slots: Iterable[Slot]) -> None:
    """Cancel what a verb forbids, and say so in its Move."""
    starts = [slot.starts_at for slot in slots]
    for start in reversed(starts):
        # Anew each time: to take one out gives the one before it another end.
        slot = next(slot for slot in sheet.line if slot.starts_at == start)
        sheet.line = timeline.remove(sheet.line, slot)
    if starts:
        sheet.details["cancelled"] = [start.isoformat() for start in starts]


def _withdraw(sheet: Sheet, ends_as: EndsAs) -> None:
    cancelled = timeline.pending(sheet.line, sheet.latest)
    if cancelled:
        sheet.details["cancelled"] = [slot.starts_at.isoformat() for slot in cancelled]
    sheet.line = timeline.withdraw(sheet.line, sheet.now, ends_as, latest=sheet.latest)
    if not sheet.line and sheet.newest_begun:
        # Nothing is live: a version of no length says what readers are answered from now on,
        # and what they were answered before stays as it was.
        old = replace(printing.slot_in(sheet.newest_begun), key=None, change="", note="")
        sheet.line = (replace(old, starts_at=sheet.now, ends_at=sheet.now, ends_as=ends_as),)
