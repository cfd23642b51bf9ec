"""What has to be true of a story before anything of it goes out: no embargo, and four eyes."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from articles.desk import revisions, rights
from articles.desk.rights import Actor
from articles.desk.sheet import Sheet
from articles.models import Article, Move, Revision
from articles.moments import in_newsroom_words


def require_way_out(sheet: Sheet) -> None:
    """Raise ValidationError when a verb would let something out that may not go out yet."""
    old = {(slot.revision, slot.starts_at) for slot in sheet.was}
    new = [slot for slot in sheet.line if (slot.revision, slot.starts_at) not in old]
    for slot in new:
        _require_no_embargo(sheet, slot.starts_at)
    for revision in {slot.revision for slot in new}:
        _require_four_eyes(sheet, revision)


def _require_no_embargo(sheet: Sheet, at: datetime) -> None:
    until = sheet.article.embargo
    if until and at < until:
        raise ValidationError(
            _(
                "This story is under embargo until %(until)s. Schedule it for then or later; "
                "a managing editor can break the embargo."
            )
            % {"until": in_newsroom_words(until)},
            code="embargo",
        )


def _require_four_eyes(sheet: Sheet, revision: int) -> None:
    # Whoever keeps the machine, and imports a paper's archive, is not asked for a colleague.
    if sheet.by.pk is None or not sheet.section(sheet.text(revision)["section"]).four_eyes:
        return
    if _is_approved(sheet, revision):
        return
    if sheet.typed.override:
        rights.require(sheet.by, "articles.override_checks", sheet.sections)
        sheet.details["override"] = sheet.typed.override
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
