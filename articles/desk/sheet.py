"""A story in the press: what a verb is given, and what it leaves to be written."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from articles.desk import timeline
from articles.desk.rights import Actor
from articles.desk.timeline import Line, Slot
from articles.models import Article, Publication


class Pending(StrEnum):
    """What becomes of what is scheduled when something is published before it."""

    MERGE = "merge"  # the change is merged into it
    KEEP = "keep"
    CANCEL = "cancel"


@dataclass
class Sheet:
    """A story in the press: its line as it was, and what the verb makes of it."""

    article: Article
    by: Actor
    now: datetime
    latest: datetime  # the latest moment any clock has shown to the story; now, as a rule
    was: Line
    line: Line
    newest_begun: Publication | None
    sections: set[int]  # that readers see the story in, or were to
    revision: int | None = None
    reason: str = ""
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def first(self) -> datetime | None:
        """The first-published moment of the newest version that has begun."""
        return self.newest_begun.first_published_at if self.newest_begun else None

    def scheduled(self, start: datetime) -> Slot:
        """The version scheduled for a moment; raises ValidationError when there is none."""
        for slot in timeline.pending(self.line, self.now):
            if slot.starts_at == start:
                return slot
        raise ValidationError(_("Nothing is scheduled for that moment any more."))
