"""What the desk is handed of a story file: by whoever read one, in whatever form."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from articles.models import Author, Section, Tag


class Named(Protocol):
    """A section, author or tag that a file names; one without an id is made."""

    kind: type[Section] | type[Author] | type[Tag]
    name: str
    slug: str
    pk: int | None


class Story(Protocol):
    """What the desk is handed of a file: texts that passed the gate, and a slug to know it by."""

    # fmt: off
    @property
    def headline(self) -> str: ...
    @property
    def slug(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def dateline(self) -> str: ...
    @property
    def standfirst(self) -> str: ...
    @property
    def body(self) -> str: ...
    @property
    def section(self) -> Named: ...
    @property
    def authors(self) -> Sequence[Named]: ...
    @property
    def tags(self) -> Sequence[Named]: ...
    @property
    def published(self) -> datetime | None: ...
    @property
    def also_read(self) -> Sequence[str]: ...
    # fmt: on
