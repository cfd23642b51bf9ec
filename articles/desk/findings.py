"""What a check finds in a story's text, and the text as the checks read it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from articles import body
from articles.desk import links, revisions
from articles.desk.links import Answer, Link

_HEADINGS = ("h2", "h3")


class Level(StrEnum):
    """Whether a finding keeps a story in."""

    MUST = "must"  # nothing goes out before it is mended, or passed over with a reason
    SHOULD = "should"


@dataclass(frozen=True)
class Finding:
    """What a check found: what is wrong and where, what to do, and in which field of the form."""

    check: str
    level: Level
    sentence: str
    fix: str
    field: str = ""  # of the story's form; empty: the story itself is what it is about
    is_passable: bool = True  # whether a managing editor’s reason passes it over

    @property
    def said(self) -> str:
        """What is wrong and what to do, in one line."""
        return f"{self.sentence} {self.fix}"

    @property
    def field_name(self) -> str:
        """What editors call the field."""
        return revisions.name_of(self.field) if self.field else ""


@dataclass(frozen=True)
class Block:
    """A top-level piece of a body: a paragraph, list, quotation, heading, pull quote or picture."""

    tag: str
    html: str
    number: int  # of the paragraph, from 1; 0 for headings and figures, which are not counted

    @property
    def is_heading(self) -> bool:
        return self.tag in _HEADINGS

    @property
    def is_pull_quote(self) -> bool:
        return self.html.startswith('<figure class="pull"')

    @cached_property
    def words(self) -> str:
        """Its plain text in one line."""
        return " ".join(body.plain_text(self.html).split())

    @cached_property
    def links(self) -> list[Link]:
        """Its links in their order."""
        return links.in_html(self.html)


@dataclass(frozen=True)
class Copy:
    """A story's text as it is checked, with what the database knows of its links.

    The body is cleaned (articles/body.py); `embargo` is one that is in force.
    """

    headline: str
    standfirst: str = ""
    body: str = ""
    path: str = ""  # its own address, as far as it is known
    length: int | None = None  # words asked for
    embargo: datetime | None = None
    is_held: bool = False
    answers: Mapping[str, Answer] = field(default_factory=dict)  # by address (links.look_up)

    @cached_property
    def blocks(self) -> list[Block]:
        """The body's pieces that have words, in their order."""
        found: list[Block] = []
        number = 0
        for html in body.blocks(self.body):
            tag = html[1:].partition(">")[0].split()[0] if html.startswith("<") else "p"
            is_counted = tag not in (*_HEADINGS, "figure")
            block = Block(tag, html, number + 1 if is_counted else 0)
            if block.words:
                number += is_counted
                found.append(block)
        return found
