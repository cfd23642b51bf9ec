"""What a backup says of itself, and whether this code and this database can take it."""

from dataclasses import asdict, dataclass, field
from typing import Any, Self

from newsroom.keeping.archive import Stream, Unfit

FORMAT = 1
_OTHER_WAY = (
    "A backup of PostgreSQL comes back on PostgreSQL only. Name such a database in DATABASE_URL."
)


@dataclass
class Manifest:
    """What stands in manifest.json."""

    made_at: str  # ISO 8601, UTC
    product: str
    django: str
    vendor: str
    server: str
    migrations: dict[str, str]  # the last one of each app
    tables: dict[str, int] = field(default_factory=dict)  # rows
    columns: dict[str, list[str]] = field(default_factory=dict)  # of PostgreSQL's streams
    counters: dict[str, int] = field(default_factory=dict)  # the last id that a table gave
    streams: dict[str, Stream] = field(default_factory=dict)
    pictures: str = ""  # the bucket where they stay; empty: they are in the file
    files: int = 0  # of the store
    missing: list[str] = field(default_factory=list)  # named by the database, not in the store
    format: int = FORMAT

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def read(cls, told: dict[str, Any]) -> Self:
        """Raises Unfit where it is of a format that this version does not know, or malformed."""
        if told.get("format") != FORMAT:
            raise Unfit(
                f"This backup has the format {told.get('format')!r}, of a newer version of the "
                "product. Restore it with that version."
            )
        try:
            streams = {name: Stream(**stream) for name, stream in told["streams"].items()}
            made = cls(**{**told, "streams": streams})
            _require_kinds(made)
        except (TypeError, KeyError, AttributeError, ValueError):
            raise Unfit("This file’s manifest is damaged. Use another copy of it.") from None
        return made


def require_fit(manifest: Manifest, *, vendor: str, known: set[tuple[str, str]]) -> None:
    """Raise Unfit where a backup cannot come back here; `known` are this code's migrations."""
    if manifest.vendor not in ("sqlite", vendor):
        raise Unfit(_OTHER_WAY)
    newer = [step for step in manifest.migrations.items() if step not in known]
    if newer:
        listed = ", ".join(f"{app} {name}" for app, name in newer)
        raise Unfit(
            f"This backup was made by a newer version ({manifest.product}), with {listed}, which "
            "this one does not know. Install that version, or a later one, and restore with it."
        )


def _require_kinds(made: Manifest) -> None:
    numbers = [*made.tables.values(), *made.counters.values(), made.files]
    numbers += [stream.bytes for stream in made.streams.values()]
    if not all(isinstance(number, int) and number >= 0 for number in numbers):
        raise ValueError
    words = [made.made_at, made.product, made.vendor, made.pictures, *made.migrations.values()]
    if not all(isinstance(word, str) for word in words):
        raise ValueError
