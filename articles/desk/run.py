"""One run of the press: swap, check, let a verb rewrite the line, write it, record it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from articles import edition, reading_index
from articles.desk import (
    audit,
    checks,
    erasure,
    indexing,
    listing,
    notices,
    printing,
    rights,
    timeline,
    topics,
    workflow,
)
from articles.desk.revisions import Stale
from articles.desk.rights import Actor
from articles.desk.sheet import Sheet, Typed
from articles.models import Article, Move, Publication, state_after
from articles.states import RULES, DeskStatus, Standing

_WITHDRAWALS = ("unpublish", "take_down", "withhold", "erase")
# How far a machine's clock may run behind the one that did a story's last verb.
CLOCKS_MAY_DIFFER = timedelta(seconds=2)


@contextmanager
def pressing(
    verb: str, article_id: int, by: Actor, seen: int, now: datetime, reason: str, **typed: Any
) -> Iterator[Sheet]:
    """One verb's transaction. The verb rewrites the sheet's line inside the block.

    Raises Stale, PermissionDenied or ValidationError; then nothing has changed.
    """
    with transaction.atomic():
        # First of all, before anything is read: whoever loses this race has read nothing stale.
        swapped = Article.objects.filter(pk=article_id, pressed=seen).update(
            pressed=F("pressed") + 1
        )
        if not swapped:
            raise Stale
        sheet = _load(verb, article_id, by, now, reason)
        sheet.typed = Typed(**typed)
        rights.require(by, RULES[verb].permission, sheet.sections)
        _require_standing(verb, sheet)
        yield sheet
        if RULES[verb].goes_out:
            checks.require_way_out(sheet)
        # In the sections that readers see the story in, and in the ones it goes to.
        rights.require(by, RULES[verb].permission, sheet.sections | printing.write(sheet))
        _write_story(sheet)
        _record(verb, sheet)
        if verb in (*_WITHDRAWALS, "set_end"):
            edition.move_on_with_a_withdrawal()
        elif sheet.line != sheet.was or sheet.gates:
            edition.move_on()


def _write_story(sheet: Sheet) -> None:
    """Write what a verb leaves beside the versions: list rows, and what it set on the story."""
    article = sheet.article.pk
    listing.relist(article, sheet.now)
    if sheet.withholds:
        Publication.objects.filter(article=article).update(withheld=True)
        listing.forget(article)
        reading_index.forget(article)
    for version, withheld in sheet.gates.items():
        Publication.objects.filter(pk=version).update(withheld=withheld)
        row = Publication.objects.get(pk=version)
        listing.bring_back(row)
        indexing.follow_gate(row)
    if sheet.settings:
        Article.objects.filter(pk=article).update(**sheet.settings)
    if sheet.erases:
        topics.mark_lists_of(article, sheet.now)
        sheet.details |= erasure.empty(sheet.article)


def _record(verb: str, sheet: Sheet) -> None:
    move = audit.record(
        verb,
        by=sheet.by,
        at=sheet.now,
        subject=sheet.article.headline,
        article=sheet.article,
        revision=sheet.revision,
        reason=sheet.reason,
        details=sheet.details,
    )
    notices.after(move, sheet.article)


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


def _require_standing(verb: str, sheet: Sheet) -> None:
    rule = RULES[verb]
    if rule.needs_reason and not sheet.reason:
        raise ValidationError({"reason": _("Give a reason; it is kept with the story.")})
    standing = Standing(
        desk=DeskStatus(sheet.article.status),
        public=state_after(sheet.newest_begun, sheet.latest),
        is_pending=bool(timeline.pending(sheet.line, sheet.now)),
        is_held=sheet.article.held,
        is_embargoed=sheet.is_embargoed,
        is_erased=sheet.article.erased,
    )
    if not standing.allows(rule):
        raise ValidationError(workflow.refusal(rule, standing))
