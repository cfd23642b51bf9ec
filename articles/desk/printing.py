"""How a line of versions becomes rows: a revision is frozen, and only the difference written."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext as _

from articles import body, text
from articles.desk import merge, revisions, timeline
from articles.desk.sheet import Pending, Sheet
from articles.desk.timeline import Line, Slot
from articles.models import (
    Article,
    Publication,
    PublicationText,
    Revision,
    Section,
    SlugClaim,
)

# The parts of a snapshot that are the text: a version that changes none was not updated.
_TEXT = ("headline", "standfirst", "body")


def slot_in(row: Publication) -> Slot:
    """A Publication's place on its story's line."""
    return Slot(
        revision=row.revision,
        starts_at=row.starts_at,
        first_published_at=row.first_published_at,
        updated_at=row.updated_at,
        ends_at=row.ends_at,
        ends_as=row.ends_as,
        brings_end=row.brings_end,
        key=row.pk,
    )


def slot_of(sheet: Sheet, revision: int, at: datetime, first: datetime) -> Slot:
    """The place of a revision that is to begin at a moment."""
    return Slot(revision, at, first, at)


def settle_pending(sheet: Sheet, choice: Pending | None, *, since: datetime) -> None:
    """Do with what is scheduled after a moment as was chosen; no choice is a ValidationError."""
    later = _later(sheet, since)
    if not later:
        return
    if choice is None:
        raise ValidationError(
            _("A later version is scheduled. Say what becomes of it: merge, keep or cancel."),
            code="pending",
        )
    sheet.details["pending"] = str(choice)
    while choice is Pending.CANCEL and later:
        # Anew each time: to take one out gives the one before it another end.
        sheet.line = timeline.remove(sheet.line, later[-1])
        later = _later(sheet, since)
    if choice is Pending.MERGE:
        for slot in reversed(later):
            merged = replace(slot, revision=_merged(sheet, slot, since))
            sheet.line = tuple(merged if other is slot else other for other in sheet.line)
        # The newest revision is the working copy's, always: the next save is based on it.
        typed = revisions.snapshot(sheet.article)
        _keep(sheet, typed, sheet.article.version, _("the working copy, as it was"))


def _later(sheet: Sheet, since: datetime) -> Line:
    return tuple(slot for slot in timeline.pending(sheet.line, sheet.now) if slot.starts_at > since)


def write(sheet: Sheet) -> set[int]:
    """Write what the verb made of the line; return the sections that what was printed goes to.

    In an order in which no two rows overlap at any statement: SQLite's triggers look at once.
    """
    sheet.line = timeline.anchor(sheet.line, sheet.now, _first_begun(sheet))
    sheet.line = _dated(sheet)
    was = {slot.key: slot for slot in sheet.was}
    kept = {slot.key for slot in sheet.line if slot.key}
    sections: set[int] = set()
    if dropped := set(was) - kept:
        Publication.objects.filter(pk__in=dropped).delete()
    changed = [slot for slot in sheet.line if slot.key and was[slot.key] != slot]
    for slot in changed:
        _shrink(was[slot.key], slot)
    for slot in changed:
        _rewrite(slot)
        if was[slot.key].revision != slot.revision:
            sections.add(_reprint(sheet.article, slot))
    for slot in sheet.line:
        if not slot.key:
            sections.add(_print(sheet.article, slot))
    return sections


def _dated(sheet: Sheet) -> Line:
    """The line with the moment since when each text that has not been seen yet will read so.

    A version that reads as the one before it is as old as that one: to publish again what was
    unpublished does not freshen a story.
    """
    before = sheet.newest_begun and slot_in(sheet.newest_begun)
    dated: list[Slot] = []
    for slot in sheet.line:
        is_new = slot.key is None or slot.starts_at > sheet.now
        if is_new:
            alike = before and _reads_alike(sheet.article, before.revision, slot.revision)
            since = before.updated_at if before and alike else slot.starts_at
            slot = replace(slot, updated_at=max(since, slot.first_published_at))
        dated.append(slot)
        before = slot
    return tuple(dated)


def _first_begun(sheet: Sheet) -> datetime | None:
    """The first-published moment of the newest version begun, once the verb is done."""
    shown = timeline.live(sheet.line, sheet.now)
    return shown.first_published_at if shown else sheet.first


def _shrink(was: Slot, to: Slot) -> None:
    """Give up what a version no longer holds before another takes it."""
    starts_at = max(was.starts_at, to.starts_at)
    if to.ends_at and to.ends_at < starts_at:  # withdrawn by a clock that was behind its start
        Publication.objects.filter(pk=was.key).update(ends_at=was.starts_at, ends_as=to.ends_as)
        return
    ends_at = min((end for end in (was.ends_at, to.ends_at) if end), default=None)
    ends_as = (was.ends_as if ends_at == was.ends_at else to.ends_as) if ends_at else ""
    Publication.objects.filter(pk=was.key).update(
        starts_at=starts_at, ends_at=ends_at, ends_as=ends_as
    )


def _rewrite(slot: Slot) -> None:
    Publication.objects.filter(pk=slot.key).update(
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        ends_as=slot.ends_as,
        brings_end=slot.brings_end,
        first_published_at=slot.first_published_at,
        updated_at=slot.updated_at,
        revision=slot.revision,
    )


def _print(article: Article, slot: Slot) -> int:
    frozen, text_row = _freeze(article, slot.revision)
    row = Publication.objects.create(
        article=article,
        revision=slot.revision,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        ends_as=slot.ends_as,
        brings_end=slot.brings_end,
        first_published_at=slot.first_published_at,
        updated_at=slot.updated_at,
        **frozen,
    )
    PublicationText.objects.create(publication=row, **text_row)
    return row.section_id


def _reprint(article: Article, slot: Slot) -> int:
    frozen, text_row = _freeze(article, slot.revision)
    Publication.objects.filter(pk=slot.key).update(**frozen)
    PublicationText.objects.filter(publication=slot.key).update(**text_row)
    return int(frozen["section_id"])


def _freeze(article: Article, number: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a revision's Publication and its text row hold; raises ValidationError if unfit."""
    values = _snapshot(article, number)
    if not values["body"]:
        raise ValidationError(
            _("“%(headline)s” has no text yet. Write the body before it is published.")
            % {"headline": values["headline"]}
        )
    _claim(values["slug"], article)
    section = Section.objects.get(pk=values["section"])
    words = body.plain_text(values["body"], quotes=False) or body.plain_text(values["body"])
    row = {
        "section_id": section.pk,
        "path": f"/{section.slug}/{values['slug']}/",
        "headline": values["headline"],
        "excerpt": text.excerpt(values["standfirst"], words),
        "authors": values["authors"],
        "tags": values["tags"],
        "also_read": values["also_read"],
    }
    return row, {"standfirst": values["standfirst"], "body": values["body"]}


def _claim(slug: str, article: Article) -> None:
    claim, _made = SlugClaim.objects.get_or_create(pk=slug, defaults={"article": article})
    if claim.article_id != article.pk:
        raise ValidationError(
            _("“%(slug)s” is another story’s address by now. Give this one a new slug.")
            % {"slug": slug}
        )


def _snapshot(article: Article, number: int) -> dict[str, Any]:
    try:
        return Revision.objects.get(article=article, number=number).snapshot
    except Revision.DoesNotExist:
        raise ValidationError(
            _("There is no revision %(number)d of this story.") % {"number": number}
        ) from None


def _reads_alike(article: Article, one: int, other: int) -> bool:
    if one == other:
        return True
    first, second = _snapshot(article, one), _snapshot(article, other)
    return all(first[part] == second[part] for part in _TEXT)


def _merged(sheet: Sheet, slot: Slot, since: datetime) -> int:
    """Merge what is being published into a scheduled version; return the new revision's number.

    Three-way: the base is the version that readers see when the change comes.
    """
    base = timeline.live(sheet.line, since)
    if base is None or sheet.revision is None:
        raise ValidationError(
            _("Nothing is live that both versions come from, so they cannot be merged.")
        )
    try:
        values = merge.merge(
            _snapshot(sheet.article, base.revision),
            _snapshot(sheet.article, sheet.revision),
            _snapshot(sheet.article, slot.revision),
        )
    except merge.Overlap as overlap:
        raise ValidationError(
            _("Both versions change the same: %(fields)s. Edit the scheduled text, then publish.")
            % {"fields": ", ".join(overlap.fields)},
            code="overlap",
        ) from None
    return _keep(sheet, values, slot.revision, _("merged with what was published meanwhile"))


def _keep(sheet: Sheet, values: dict[str, Any], based_on: int, note: str) -> int:
    Article.objects.filter(pk=sheet.article.pk).update(version=F("version") + 1)
    sheet.article.refresh_from_db(fields=["version"])
    kept = revisions.keep(
        sheet.article, values, by=sheet.by, at=sheet.now, based_on=based_on, note=note
    )
    return kept.number
