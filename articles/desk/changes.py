"""What must be said of a change to a story that readers have had: its kind, and its note.

Nothing is edited silently: typo, update, correction, clarification or legal; a correction or
clarification bears a note for readers, and what is called a typo has to look like one.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from articles.desk import substance
from articles.desk.sheet import Sheet
from articles.states import NEEDS_NOTE, Change


def settle(sheet: Sheet, revision: int, before: int | None) -> tuple[str, str]:
    """Return the kind of change and the note with which a revision follows another one.

    Both are empty where nothing was public before. Raises ValidationError (code “change”,
    “note”, “reason” or “more”) where something remains to be said.
    """
    typed = sheet.typed
    if before is None:
        return "", ""
    was, becomes = sheet.text(before), sheet.text(revision)
    if not typed.change and was == becomes:
        return "", ""
    _require_said(typed.change, typed.note, sheet.reason)
    if typed.change == Change.TYPO:
        _require_typo(sheet, was, becomes)
    sheet.details["change"] = typed.change
    if typed.note:
        sheet.details["note"] = typed.note
    return typed.change, typed.note


def _require_said(change: str, note: str, reason: str) -> None:
    if change not in Change.values:
        raise ValidationError(
            {"change": _("Readers have had this story. Say what kind of change this is.")},
            code="change",
        )
    if change in NEEDS_NOTE and not note:
        raise ValidationError(
            {"note": _("Tell readers what was wrong or could be misread; it stands on the page.")},
            code="note",
        )
    if change == Change.LEGAL and not reason:
        raise ValidationError(
            {"reason": _("Say on whose advice, and why; it is kept with the story.")},
            code="reason",
        )


def _require_typo(sheet: Sheet, was: dict[str, Any], becomes: dict[str, Any]) -> None:
    found = substance.findings(was, becomes)
    if not found:
        return
    said = [finding.words for finding in found]
    if not sheet.typed.sure:
        raise ValidationError(
            {
                "sure": [
                    _("This looks like more than a typo. Choose another kind, or say that it is."),
                    *said[:5],
                ]
            },
            code="more",
        )
    sheet.details["looked_like_more"] = said[:5]
