"""What the database holds of one story, and what follows from it for readers, in plain Python.

The press's property tests compare the database's own answers, and what a verb changed, with it.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from articles.models import (
    Article,
    Edition,
    ListRow,
    Move,
    Publication,
    PublicationText,
    Revision,
    SlugClaim,
)
from articles.states import EndsAs, PublicState
from tests.desk.pressing import MICROSECOND

ENDED = {
    EndsAs.NEXT: PublicState.HIDDEN,
    EndsAs.EXPIRED: PublicState.EXPIRED,
    EndsAs.HIDDEN: PublicState.HIDDEN,
    EndsAs.GONE: PublicState.GONE,
    EndsAs.VANISHED: PublicState.VANISHED,
}
# What a verb may change of a version that has begun; everything else of it is history.
MAY_CHANGE = ("ends_at", "ends_as", "brings_end", "withheld")


def holds(row: dict[str, Any], t: datetime) -> bool:
    return row["starts_at"] <= t and (row["ends_at"] is None or row["ends_at"] > t)


@dataclass(frozen=True)
class Observed:
    """Every row that a verb could have touched."""

    story: int
    tables: dict[str, list[dict[str, Any]]]

    @classmethod
    def look(cls, story: int) -> "Observed":
        models = (Article, Edition, ListRow, Move, Publication, PublicationText, SlugClaim)
        tables = {model.__name__: list(model.objects.order_by("pk").values()) for model in models}
        tables["Revision"] = list(Revision.objects.order_by("pk").values("pk", "article", "number"))
        return cls(story, tables)

    @property
    def article(self) -> dict[str, Any]:
        return next(row for row in self.tables["Article"] if row["id"] == self.story)

    @property
    def edition(self) -> dict[str, Any]:
        return self.tables["Edition"][0]

    @property
    def moves(self) -> list[dict[str, Any]]:
        return [row for row in self.tables["Move"] if row["article"] == self.story]

    @property
    def versions(self) -> list[dict[str, Any]]:
        """The story's Publications in time order, each with its text."""
        texts = {row["publication_id"]: row for row in self.tables["PublicationText"]}
        rows = (row for row in self.tables["Publication"] if row["article_id"] == self.story)
        ordered = sorted(rows, key=lambda row: (row["starts_at"], row["id"]))
        return [{**row, "body": texts[row["id"]]["body"]} for row in ordered]

    @property
    def list_rows(self) -> list[dict[str, Any]]:
        return [row for row in self.tables["ListRow"] if row["story_id"] == self.story]

    def line(self, t: datetime) -> list[dict[str, Any]]:
        """What is live at t or begins later."""
        return [row for row in self.versions if row["ends_at"] is None or row["ends_at"] > t]

    def pending(self, t: datetime) -> list[dict[str, Any]]:
        return [row for row in self.line(t) if row["starts_at"] > t]

    def newest_begun(self, t: datetime) -> dict[str, Any] | None:
        return next((row for row in reversed(self.versions) if row["starts_at"] <= t), None)

    def shown(self, t: datetime) -> dict[str, Any] | None:
        """The one version that holds at t and is not withheld."""
        found = [row for row in self.versions if holds(row, t) and not row["withheld"]]
        assert len(found) <= 1, f"two versions at {t}"
        return found[0] if found else None

    def shown_id(self, t: datetime) -> int | None:
        row = self.shown(t)
        return row["id"] if row else None

    def history(self, t: datetime) -> dict[str, Any] | None:
        """What was shown at t, as no later verb may change it."""
        row = self.shown(t)
        return {key: row[key] for key in row if key not in MAY_CHANGE} if row else None

    def state(self, t: datetime) -> PublicState:
        newest = self.newest_begun(t)
        if newest is None:
            return PublicState.NEVER
        if holds(newest, t):
            return PublicState.VANISHED if newest["withheld"] else PublicState.LIVE
        return ENDED[newest["ends_as"]]

    def places(self, t: datetime) -> Counter:
        """The lists that the version shown at t calls for."""
        row = self.shown(t)
        if row is None:
            return Counter()
        lists = [("all", 0), ("section", row["section_id"])]
        lists += [("author", author) for author in row["authors"]]
        lists += [("tag", tag) for tag in row["tags"]]
        return Counter((*place, row["first_published_at"]) for place in lists)

    def listed(self, t: datetime) -> Counter:
        """The lists that list rows put the story in at t."""
        return Counter(
            (row["kind"], row["what"], row["first_published_at"])
            for row in self.list_rows
            if holds(row, t)
        )

    def edges(self) -> set[datetime]:
        """Every moment at which something starts or ends, and the microseconds beside it."""
        edges = {
            row[end]
            for row in (*self.versions, *self.list_rows)
            for end in ("starts_at", "ends_at")
            if row[end]
        }
        return {
            edge + shift for edge in edges for shift in (-MICROSECOND, 0 * MICROSECOND, MICROSECOND)
        }
