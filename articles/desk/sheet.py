"""A story in the press: what a verb is given, and what it leaves to be written."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from articles.desk import revisions, timeline
from articles.desk.rights import Actor
from articles.desk.timeline import Line, Slot
from articles.models import Article, Publication, Section


class Pending(StrEnum):
    """What becomes of what is scheduled when something is published before it."""

    MERGE = "merge"  # the change is merged into it
    KEEP = "keep"
    CANCEL = "cancel"


@dataclass(frozen=True)
class Typed:
    """What is said of a change to a story that readers have had: nothing is edited silently."""

    change: str = ""  # states.Change; empty where nothing was public before
    note: str = ""  # for readers: what was wrong, or could be misread
    sure: bool = False  # that a typo is one, though it looks like more
    override: str = ""  # the reason for which a check is passed over


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
    typed: Typed = Typed()
    details: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)  # of the story, to be written
    withholds: bool = False  # whether every version is shown at no moment from now on
    gates: dict[int, bool] = field(default_factory=dict)  # whether a version is withheld, by id
    erases: bool = False  # whether every copy is emptied
    read: dict[int, dict[str, Any]] = field(default_factory=dict)  # revisions looked at so far

    def text(self, number: int) -> dict[str, Any]:
        """What a revision of the story holds; raises ValidationError when there is none."""
        if number not in self.read:
            self.read[number] = revisions.snapshot(self.article.pk, number)
        return self.read[number]

    def section(self, pk: int) -> Section:
        """A section that a revision is filed under."""
        held = self.article.section
        return held if held.pk == pk else Section.objects.get(pk=pk)

    @property
    def first(self) -> datetime | None:
        """The first-published moment of the newest version that has begun."""
        return self.newest_begun.first_published_at if self.newest_begun else None

    @property
    def is_embargoed(self) -> bool:
        """Whether an embargo is in force at the verb's moment."""
        return self.article.embargo is not None and self.article.embargo > self.now

    def sets(self, **settings: Any) -> None:
        """Have fields of the story written with the verb."""
        self.settings |= settings

    def before(self, at: datetime, but: Slot | None = None) -> int | None:
        """The revision that readers have, or will have had, before a moment; None: none yet."""
        earlier = [slot for slot in self.line if slot.starts_at <= at and slot is not but]
        if earlier:
            return earlier[-1].revision
        return self.newest_begun.revision if self.newest_begun else None

    def scheduled(self, start: datetime) -> Slot:
        """The version scheduled for a moment; raises ValidationError when there is none."""
        for slot in timeline.pending(self.line, self.now):
            if slot.starts_at == start:
                return slot
        raise ValidationError(_("Nothing is scheduled for that moment any more."))
