"""What a feed holds, whichever format it is written in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from articles import pixels
from articles.pages.figures import Picture

# Of every picture that leaves the site.
PICTURES_ARE = f"image/{pixels.JPEG}"
# When nothing is in a feed: Atom wants a moment, and the clock's would change every answer.
_EMPTY_SINCE = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Linked:
    """A name and the absolute address that it leads to."""

    name: str
    url: str


@dataclass(frozen=True)
class Entry:
    """A story in a feed. Its addresses are absolute, its moments aware, its title is plain text."""

    id: str
    url: str
    title: str
    summary: str  # plain text
    content: str  # HTML, the whole story; empty in a feed of summaries
    published: datetime
    updated: datetime
    authors: Sequence[Linked]
    subjects: Sequence[Linked]  # its section, then its tags
    picture: Picture | None  # its addresses are absolute


@dataclass(frozen=True)
class Feed:
    """A list of stories, newest first published first."""

    id: str
    title: str
    description: str
    url: str  # the list's page
    self_url: str  # the feed's one address
    language: str  # BCP 47
    hub: str  # which tells of changes (WebSub); empty: none
    paper: Linked  # signs what has no author
    entries: Sequence[Entry]

    @property
    def updated(self) -> datetime:
        """When the newest change to a story in it was made; not when a story left it."""
        return max((entry.updated for entry in self.entries), default=_EMPTY_SINCE)
