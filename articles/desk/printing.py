"""How a line of versions becomes rows: a revision is frozen, and only the difference written."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext as _

from articles import body, text
from articles.desk import changes, indexing, merge, revisions, timeline
from articles.desk.sheet import Pending, Sheet
from articles.desk.timeline import Line, Slot
from articles.kinds import path_of
from articles.models import (
    Article,
    Publication,
    PublicationText,
    Section,
    SlugClaim,
)
from articles.states import MOVES_UPDATED


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
        change=row.change,
        note=row.note,
        key=row.pk,
    )


def slot_of(sheet: Sheet, revision: int, at: datetime, first: datetime) -> Slot:
    """The place of a revision that is to begin at a moment, with what is said of its change."""
    change, note = changes.settle(sheet, revision, sheet.before(at))
    return Slot(revision, at, first, at, change=change, note=note)


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
    shrunk = {slot.key: _shrink(was[slot.key], slot) for slot in changed}
    for slot in changed:
        if slot != shrunk.get(slot.key):
            _rewrite(slot)
        if was[slot.key].revision != slot.revision:
            sections.add(_reprint(sheet, slot))
    printed = [_print(sheet, slot) for slot in sheet.line if not slot.key]
    _mark_noted(sheet)
    indexing.follow(sheet, [row.pk for row in printed if row.starts_at != row.ends_at])
    return sections | {row.section_id for row in printed}


def _mark_noted(sheet: Sheet) -> None:
    """Let every version from the first one with a public note on say that there is one."""
    noted = [slot.starts_at for slot in sheet.line if slot.note]
    if sheet.newest_begun and sheet.newest_begun.noted:
        noted.append(sheet.newest_begun.starts_at)
    if noted:
        later = Publication.objects.filter(article=sheet.article, starts_at__gte=min(noted))
        later.filter(noted=False).update(noted=True)


def _dated(sheet: Sheet) -> Line:
    """The line with the moment since when each text that has not been seen yet will read so.

    Only an update or a correction freshens a story; so what is published again as it was, after
    it was unpublished, is as old as it was.
    """
    before = sheet.newest_begun and slot_in(sheet.newest_begun)
    dated: list[Slot] = []
    for slot in sheet.line:
        if slot.key is None or slot.starts_at > sheet.now:
            freshens = before is None or slot.change in MOVES_UPDATED
            since = before.updated_at if before and not freshens else slot.starts_at
            slot = replace(slot, updated_at=max(since, slot.first_published_at))
        dated.append(slot)
        before = slot
    return tuple(dated)


def _first_begun(sheet: Sheet) -> datetime | None:
    """The first-published moment of the newest version begun, once the verb is done."""
    shown = timeline.live(sheet.line, sheet.now)
    return shown.first_published_at if shown else sheet.first


def _shrink(was: Slot, to: Slot) -> Slot:
    """Give up what a version no longer holds before another takes it; return what it is then."""
    starts_at = max(was.starts_at, to.starts_at)
    if to.ends_at and to.ends_at < starts_at:  # withdrawn by a clock that was behind its start
        less = replace(was, ends_at=was.starts_at, ends_as=to.ends_as)
        Publication.objects.filter(pk=was.key).update(ends_at=less.ends_at, ends_as=less.ends_as)
        return less
    ends_at = min((end for end in (was.ends_at, to.ends_at) if end), default=None)
    ends_as = (was.ends_as if ends_at == was.ends_at else to.ends_as) if ends_at else ""
    Publication.objects.filter(pk=was.key).update(
        starts_at=starts_at, ends_at=ends_at, ends_as=ends_as
    )
    return replace(was, starts_at=starts_at, ends_at=ends_at, ends_as=ends_as)


def _rewrite(slot: Slot) -> None:
    Publication.objects.filter(pk=slot.key).update(
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        ends_as=slot.ends_as,
        brings_end=slot.brings_end,
        first_published_at=slot.first_published_at,
        updated_at=slot.updated_at,
        revision=slot.revision,
        change=slot.change,
        note=slot.note,
    )


def _print(sheet: Sheet, slot: Slot) -> Publication:
    row_of, text_of = _freeze(sheet, slot.revision)
    row = Publication.objects.create(
        article=sheet.article,
        revision=slot.revision,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        ends_as=slot.ends_as,
        brings_end=slot.brings_end,
        first_published_at=slot.first_published_at,
        updated_at=slot.updated_at,
        change=slot.change,
        note=slot.note,
        **row_of,
    )
    PublicationText.objects.create(publication=row, **text_of)
    return row


def _reprint(sheet: Sheet, slot: Slot) -> int:
    row_of, text_of = _freeze(sheet, slot.revision)
    Publication.objects.filter(pk=slot.key).update(**row_of)
    PublicationText.objects.filter(publication=slot.key).update(**text_of)
    return int(row_of["section_id"])


def _freeze(sheet: Sheet, number: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a revision's Publication and its text row hold; raises ValidationError if unfit."""
    values = sheet.text(number)
    _claim(values["slug"], sheet.article)
    return frozen(values, sheet.article.section)


def frozen(values: Mapping[str, Any], held: Section) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the Publication of a revision's values and its text row hold, published or not.

    `held` is the section of the working copy, as a rule the one. Raises ValidationError where
    the section that the revision was filed under is no more.
    """
    section: Section | None = held
    if held.pk != values["section"]:
        section = Section.objects.filter(pk=values["section"]).first()
    if section is None:
        raise ValidationError(
            _("The section that this text was filed under is no more. Save it in another one.")
        )
    words = body.opening(values["body"])
    row = {
        "section_id": section.pk,
        "path": path_of(values["kind"], section.slug, values["slug"]),
        "kind": values["kind"],
        "headline": values["headline"],
        "dateline": values["dateline"],
        "excerpt": text.excerpt(values["standfirst"], words),
        "picture": values["picture"],
        "picture_alt": values["picture_alt"],
        "picture_caption": values["picture_caption"],
        "pictures": revisions.pictures_of(values["picture"], values["body"]),
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
            sheet.text(base.revision), sheet.text(sheet.revision), sheet.text(slot.revision)
        )
    except merge.Overlap as overlap:
        raise ValidationError(
            _("Both versions change the same: %(fields)s. Edit the scheduled text, then publish.")
            % {"fields": ", ".join(map(revisions.name_of, overlap.fields))},
            code="overlap",
        ) from None
    return _keep(sheet, values, slot.revision, _("merged with what was published meanwhile"))


def _keep(sheet: Sheet, values: dict[str, Any], based_on: int, note: str) -> int:
    held = revisions.snapshot(sheet.article.pk, sheet.article.version)
    Article.objects.filter(pk=sheet.article.pk).update(version=F("version") + 1)
    sheet.article.refresh_from_db(fields=["version"])
    kept = revisions.keep_beside(
        sheet.article, values, held, by=sheet.by, at=sheet.now, based_on=based_on, note=note
    )
    return kept.number
