"""What has to be true of a story before anything of it goes out: no embargo, nothing that the
checklist holds against its text, and four eyes."""

from dataclasses import replace
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from articles.desk import checklist, revisions, rights
from articles.desk.findings import Copy, Finding
from articles.desk.rights import Actor
from articles.desk.sheet import Sheet
from articles.kinds import path_of
from articles.models import Article, Move, Revision

MOST_TOLD = 5  # findings that a Move keeps, of those that were passed over


def require_way_out(sheet: Sheet) -> None:
    """Raise ValidationError when a verb would let something out that may not go out yet."""
    old = {(slot.revision, slot.starts_at) for slot in sheet.was}
    new = [slot for slot in sheet.line if (slot.revision, slot.starts_at) not in old]
    for slot in new:
        _require_no_embargo(sheet, slot.starts_at)
    # What only moves, or goes out anew as readers have it, was looked at when it first went out.
    was = {slot.revision for slot in sheet.was}
    for revision in sorted({slot.revision for slot in new} - was):
        _require_fit(sheet, revision)
    for revision in {slot.revision for slot in new}:
        _require_four_eyes(sheet, revision)


def _require_no_embargo(sheet: Sheet, at: datetime) -> None:
    until = sheet.article.embargo
    if until and at < until:
        (finding,) = checklist.EMBARGO.findings(Copy("", embargo=until))
        raise ValidationError(finding.said, code="embargo")


def _require_fit(sheet: Sheet, revision: int) -> None:
    """Raise ValidationError, a sentence a finding, for what the checklist holds against a text."""
    found = _blockers(sheet, revision)
    if not found:
        return
    if sheet.typed.override and all(finding.is_passable for finding in found):
        _pass_over(sheet)
        sheet.details["passed_over"] = [finding.sentence for finding in found[:MOST_TOLD]]
        return
    raise ValidationError(
        [
            ValidationError(finding.said, code="checks" if finding.is_passable else finding.check)
            for finding in found
        ]
    )


def _blockers(sheet: Sheet, revision: int) -> list[Finding]:
    values = sheet.text(revision)
    copy = checklist.copy_of_revision(values)
    if sheet.by.pk is None:
        # A paper's archive comes as it is; but nobody gets a page without a text.
        return [finding for finding in checklist.blockers(copy) if not finding.is_passable]
    section = sheet.section(values["section"])
    path = path_of(values["kind"], section.slug, values["slug"])
    return checklist.blockers(checklist.with_answers(replace(copy, path=path), sheet.now))


def _pass_over(sheet: Sheet) -> None:
    """Let a reason pass over a check; raises PermissionDenied unless the actor may."""
    rights.require(sheet.by, "articles.override_checks", sheet.sections)
    sheet.details["override"] = sheet.typed.override


def _require_four_eyes(sheet: Sheet, revision: int) -> None:
    # Whoever keeps the machine, and imports a paper's archive, is not asked for a colleague.
    if sheet.by.pk is None or not sheet.section(sheet.text(revision)["section"]).four_eyes:
        return
    if _is_approved(sheet, revision):
        return
    if sheet.typed.override:
        _pass_over(sheet)
        return
    raise ValidationError(
        _(
            "In this section a second person approves every text before it goes out. "
            "Submit it, and have a colleague approve it."
        ),
        code="four_eyes",
    )


def _is_approved(sheet: Sheet, revision: int) -> bool:
    """Whether the text of a revision was approved as it stands."""
    last = Move.objects.filter(article=sheet.article.pk, verb="approve").order_by("-pk").first()
    if last is None or last.revision is None:
        return False
    if last.revision == revision:
        return True
    one, other = sheet.text(last.revision), sheet.text(revision)
    return all(one[part] == other[part] for part in revisions.TEXT)


def wrote_last(article: Article, by: Actor) -> bool:
    """Whether an actor is who changed the story's text last."""
    saves = Revision.objects.filter(article=article, is_text=True).exclude(kind="beside")
    last = saves.order_by("-number").values_list("by", flat=True).first()
    return by.pk is not None and last == by.pk
