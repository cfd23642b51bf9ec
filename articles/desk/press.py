"""The press: the only writer of Publications.

Each verb names the revision it was decided on, swaps first, checks the right in the section
that readers see the story in and in the one it goes to, and is one transaction with its Move.
`seen` is the story's `pressed` count that the decision was made on; moments are aware, in UTC.

Every verb raises Stale when somebody pressed since, PermissionDenied without the right, and
ValidationError, with a sentence that says what to do, for what the story's state forbids; then
nothing has changed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from articles import edition
from articles.desk import audit, listing, printing, rights, timeline
from articles.desk.revisions import Stale
from articles.desk.rights import Actor
from articles.desk.sheet import Pending, Sheet
from articles.models import Article, Move, Publication, state_after
from articles.states import VERBS, EndsAs, PublicState

# How far a machine's clock may run behind the one that did a story's last verb.
_WITHDRAWALS = ("unpublish", "take_down")
CLOCKS_MAY_DIFFER = timedelta(seconds=2)


def publish(
    article_id: int,
    *,
    revision: int,
    by: Actor,
    seen: int,
    now: datetime,
    pending: Pending | None = None,
    as_new: str = "",
) -> Publication:
    """Show a revision from now on.

    With something scheduled, `pending` says what becomes of it; there is no default.
    `as_new`, a reason, gives the story a new first-published moment and place in lists.
    """
    with _pressing("publish", article_id, by, seen, now, reason=as_new) as sheet:
        sheet.revision = revision
        printing.settle_pending(sheet, pending, since=sheet.now)
        first = sheet.now if as_new or sheet.first is None else sheet.first
        slot = printing.slot_of(sheet, revision, sheet.now, first)
        sheet.line = timeline.open_at(sheet.line, slot)
    begun = Publication.objects.begun(sheet.now).filter(article=article_id)
    return begun.order_by("-starts_at", "-pk")[0]


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
) -> None:
    """Show a revision from the moment `at` on, and (with `until`) no longer than until then.

    For what is scheduled later than `at`, `pending` says what becomes of it.
    """
    with _pressing("schedule", article_id, by, seen, now) as sheet:
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
    article_id: int, start: datetime, *, revision: int, by: Actor, seen: int, now: datetime
) -> None:
    """Let what is scheduled for `start` show another revision, at the same moment."""
    with _pressing("update_scheduled", article_id, by, seen, now) as sheet:
        slot = sheet.scheduled(start)
        sheet.revision = revision
        sheet.details = {"at": start.isoformat(), "was": slot.revision}
        sheet.line = tuple(
            replace(other, revision=revision) if other is slot else other for other in sheet.line
        )


def move(
    article_id: int, start: datetime, *, to: datetime, by: Actor, seen: int, now: datetime
) -> None:
    """Move what is scheduled for `start` to another moment, between its neighbours."""
    with _pressing("move", article_id, by, seen, now) as sheet:
        slot = sheet.scheduled(start)
        _require_future(to, sheet.now)
        sheet.revision = slot.revision
        sheet.details = {"at": start.isoformat(), "to": to.isoformat()}
        sheet.line = timeline.shift(sheet.line, slot, to)


def cancel(article_id: int, start: datetime, *, by: Actor, seen: int, now: datetime) -> None:
    """Take back what is scheduled for `start`; its words stay a revision."""
    with _pressing("cancel", article_id, by, seen, now) as sheet:
        slot = sheet.scheduled(start)
        sheet.revision = slot.revision
        sheet.details = {"at": start.isoformat()}
        sheet.line = timeline.remove(sheet.line, slot)


def set_end(article_id: int, *, at: datetime | None, by: Actor, seen: int, now: datetime) -> None:
    """Let the story end by itself (410) at a moment, or stand for ever (None)."""
    with _pressing("set_end", article_id, by, seen, now) as sheet:
        sheet.details = {"at": at.isoformat() if at else None}
        sheet.line = timeline.set_end(sheet.line, at, sheet.now)


def unpublish(article_id: int, *, by: Actor, seen: int, now: datetime, reason: str = "") -> None:
    """Take a story off the site from now (404); what is scheduled is cancelled."""
    with _pressing("unpublish", article_id, by, seen, now, reason=reason) as sheet:
        _withdraw(sheet, EndsAs.HIDDEN)


def take_down(
    article_id: int, *, how: EndsAs, reason: str, by: Actor, seen: int, now: datetime
) -> None:
    """Withdraw a story: GONE (410, its page says so) or VANISHED (404, shown at no moment)."""
    if how not in (EndsAs.GONE, EndsAs.VANISHED):
        raise ValueError(f"A story is taken down as gone or vanished, not {how!r}.")
    with _pressing("take_down", article_id, by, seen, now, reason=reason) as sheet:
        sheet.details = {"how": str(how)}
        _withdraw(sheet, how)


def restore(
    article_id: int, *, revision: int, reason: str, by: Actor, seen: int, now: datetime
) -> None:
    """Show a story again that was taken down: a new version, from now on."""
    with _pressing("restore", article_id, by, seen, now, reason=reason) as sheet:
        sheet.revision = revision
        slot = printing.slot_of(sheet, revision, sheet.now, sheet.first or sheet.now)
        sheet.line = timeline.open_at(sheet.line, slot)


def open_in_the_past(
    article_id: int, *, revision: int, since: datetime, by: Actor, seen: int, now: datetime
) -> None:
    """Open a story's first version at a moment that has passed; the Move keeps both moments.

    For the import of what was public elsewhere, and for the demo; no other verb writes a moment
    before its own now.
    """
    with _pressing("publish", article_id, by, seen, now) as sheet:
        if sheet.newest_begun or sheet.line or since > sheet.now:
            raise ValidationError(_("Only a story that was never public can begin in the past."))
        sheet.revision = revision
        sheet.details = {"since": since.isoformat()}
        sheet.line = (printing.slot_of(sheet, revision, since, since),)


@contextmanager
def _pressing(
    verb: str, article_id: int, by: Actor, seen: int, now: datetime, *, reason: str = ""
) -> Iterator[Sheet]:
    """One verb's transaction: swap, check, let the verb rewrite the line, write, record."""
    with transaction.atomic():
        # First of all, before anything is read: whoever loses this race has read nothing stale.
        swapped = Article.objects.filter(pk=article_id, pressed=seen).update(
            pressed=F("pressed") + 1
        )
        if not swapped:
            raise Stale
        sheet = _load(verb, article_id, by, now, reason)
        rights.require(by, VERBS[verb].permission, sheet.sections)
        _require_state(verb, sheet)
        yield sheet
        # In the sections that readers see the story in, and in the ones it goes to.
        rights.require(by, VERBS[verb].permission, sheet.sections | printing.write(sheet))
        listing.relist(article_id, sheet.now)
        if sheet.details.get("how") == EndsAs.VANISHED:
            Publication.objects.filter(article=article_id).update(withheld=True)
            listing.forget(article_id)
        audit.record(
            verb,
            by=by,
            at=sheet.now,
            subject=sheet.article.headline,
            article=sheet.article,
            revision=sheet.revision,
            reason=sheet.reason,
            details=sheet.details,
        )
        if verb in (*_WITHDRAWALS, "set_end"):
            edition.move_on_with_a_withdrawal()
        else:
            edition.move_on()


def _load(verb: str, article_id: int, by: Actor, now: datetime, reason: str) -> Sheet:
    article = Article.objects.select_related("section").get(pk=article_id)
    last = audit.last_move(article_id)
    now = _moment(now, last, withdrawing=verb in _WITHDRAWALS)
    latest = max(now, last.at) if last else now
    story = Publication.objects.filter(article=article_id)
    rows = Publication.objects.line(article_id, now)
    newest = story.filter(starts_at__lte=latest).order_by("-starts_at", "-id").first()
    line = tuple(printing.slot_in(row) for row in rows)
    sections = {row.section_id for row in [*rows, *([newest] if newest else [])]}
    return Sheet(
        article,
        by,
        now,
        latest,
        line,
        line,
        newest,
        sections or {article.section_id},
        reason=reason.strip(),
    )


def _moment(now: datetime, last: Move | None, *, withdrawing: bool) -> datetime:
    """The verb's moment: never before the story's last Move, so that its past never changes."""
    if last is None or last.at <= now:
        return now
    if last.at - now <= CLOCKS_MAY_DIFFER:
        return last.at
    if withdrawing:
        return now  # a wrong clock must not keep a story up
    raise ValidationError(
        _("This machine’s clock is behind the one that did the last step. Set the clock right.")
    )


def _require_state(verb: str, sheet: Sheet) -> None:
    rule = VERBS[verb]
    if rule.needs_reason and not sheet.reason:
        raise ValidationError(_("Give a reason; it is kept with the story."))
    state = state_after(sheet.newest_begun, sheet.latest)
    if state not in rule.sources:
        raise ValidationError(_refusal(state))
    waiting = timeline.pending(sheet.line, sheet.now)
    if (rule.needs == "pending" and not waiting) or (rule.needs == "line" and not sheet.line):
        raise ValidationError(_("Nothing is scheduled for this story."))


def _refusal(state: PublicState) -> str:
    if state in (PublicState.GONE, PublicState.VANISHED):
        return _("This story was taken down. Only a restore brings it back.")
    return _("This story is not on the site.")


def _require_future(at: datetime, now: datetime) -> None:
    if at <= now:
        raise ValidationError(_("That moment has passed. Pick one in the future, or publish now."))


def _withdraw(sheet: Sheet, ends_as: EndsAs) -> None:
    cancelled = timeline.pending(sheet.line, sheet.latest)
    if cancelled:
        sheet.details["cancelled"] = [slot.starts_at.isoformat() for slot in cancelled]
    sheet.line = timeline.withdraw(sheet.line, sheet.now, ends_as, latest=sheet.latest)
    if not sheet.line and sheet.newest_begun:
        # Nothing is live: a version of no length says what readers are answered from now on,
        # and what they were answered before stays as it was.
        old = printing.slot_in(sheet.newest_begun)
        sheet.line = (
            replace(old, key=None, starts_at=sheet.now, ends_at=sheet.now, ends_as=ends_as),
        )
