"""The checks on a story's text, before it goes out and while it is written: one table.

A check reads a Copy and nothing else; what keeps a story in is enforced by desk/checks.py.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.desk import body_findings, head_findings, links
from articles.desk.findings import Copy, Finding, Level
from articles.kinds import path_of
from articles.models import Article
from articles.moments import in_newsroom_words

MOST_FOUND = 20  # by one check: nobody mends more before looking again


@dataclass(frozen=True)
class Check:
    """One check: what it says of a text (a sentence a place), and what to do about it."""

    name: str
    level: Level
    label: Promise  # what is fine where it finds nothing
    find: Callable[[Copy], Iterator[str]]
    fix: Promise
    field: str = ""
    is_passable: bool = True

    def findings(self, copy: Copy) -> list[Finding]:
        """What it finds in a text, the first MOST_FOUND of it."""
        return [
            Finding(
                self.name, self.level, sentence, str(self.fix), self.field, self.is_passable
            )
            for sentence in islice(self.find(copy), MOST_FOUND)
        ]  # fmt: skip


def embargo_in_force(copy: Copy) -> Iterator[str]:
    if copy.embargo:
        yield _("This story is under embargo until %(until)s.") % {
            "until": in_newsroom_words(copy.embargo)
        }


def hold_in_force(copy: Copy) -> Iterator[str]:
    if copy.is_held:
        yield _("This story is held: nothing of it goes out.")


_t = gettext_lazy
_MUST, _SHOULD = Level.MUST, Level.SHOULD
EMBARGO = Check(
    "embargo", _MUST, _t("no embargo"), embargo_in_force,
    _t("Schedule it for then or later; a managing editor can break the embargo."),
    is_passable=False,
)  # fmt: skip
CHECKS: tuple[Check, ...] = (
    EMBARGO,
    Check(
        "hold", _MUST, _t("no hold"), hold_in_force,
        _t("Have a managing editor lift the hold."), is_passable=False,
    ),
    Check(
        "headline-empty", _MUST, _t("a headline"), head_findings.empty_headline,
        _t("Write the headline."), "headline", is_passable=False,
    ),
    Check(
        "body-empty", _MUST, _t("a body"), body_findings.empty_body,
        _t("Write the body before it is published."), "body", is_passable=False,
    ),
    Check(
        "link-broken", _MUST, _t("links answer"), body_findings.broken_link,
        _t("Mend the address, or take the link out."), "body",
    ),
    Check(
        "headline-long", _SHOULD, _t("headline length"), head_findings.long_headline,
        _t("Shorten the headline."), "headline",
    ),
    Check(
        "headline-short", _SHOULD, _t("headline says enough"), head_findings.short_headline,
        _t("Say in the headline what happened."), "headline",
    ),
    Check(
        "headline-full-stop", _SHOULD, _t("no full stop in the headline"),
        head_findings.full_stop, _t("Take the full stop off."), "headline",
    ),
    Check(
        "headline-facts", _SHOULD, _t("the headline’s names and numbers are in the text"),
        head_findings.facts_of_headline,
        _t("Compare the headline with the text."), "headline",
    ),
    Check(
        "standfirst-missing", _SHOULD, _t("a standfirst"), head_findings.no_standfirst,
        _t("Write a standfirst."), "standfirst",
    ),
    Check(
        "pull-quote", _SHOULD, _t("pull quotes are in the text"), body_findings.lost_pull_quote,
        _t("Bring its words in line with the text, or take it out."), "body",
    ),
    Check(
        "link-early", _SHOULD, _t("linked stories are public"),
        body_findings.link_before_its_time,
        _t("Publish that story first, or take the link out."), "body",
    ),
    Check(
        "link-words", _SHOULD, _t("links say where they lead"), body_findings.empty_link_words,
        _t("Underline words that name what is there."), "body",
    ),
    Check(
        "paragraph-long", _SHOULD, _t("paragraph length"), body_findings.long_paragraph,
        _t("Break it in two."), "body",
    ),
    Check(
        "heading-order", _SHOULD, _t("headings in order"), body_findings.heading_order,
        _t("Put the headings in order."), "body",
    ),
    Check(
        "length", _SHOULD, _t("the length that was asked for"), body_findings.off_length,
        _t("Cut or add, or ask the desk for another length."), "body",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Report:
    """What all checks say of a text."""

    findings: tuple[Finding, ...]
    passed: tuple[str, ...]  # what is fine, in a few words each

    @property
    def must(self) -> int:
        """How many findings keep the story in."""
        return sum(finding.level == Level.MUST for finding in self.findings)

    @property
    def should(self) -> int:
        """How many findings are advice."""
        return len(self.findings) - self.must


def report(copy: Copy) -> Report:
    """Let every check look at a text; in the table's order, what keeps a story in first."""
    found = [(check, check.findings(copy)) for check in CHECKS]
    return Report(
        tuple(finding for _check, findings in found for finding in findings),
        tuple(str(check.label) for check, findings in found if not findings),
    )


def blockers(copy: Copy) -> list[Finding]:
    """What keeps a text in: the findings of the checks that block."""
    blocking = (check for check in CHECKS if check.level == Level.MUST)
    return [finding for check in blocking for finding in check.findings(copy)]


def copy_of_story(article: Article, t: datetime) -> Copy:
    """A working copy as the checks read it; nothing is known of its links yet.

    The article has its section.
    """
    return Copy(
        article.headline,
        article.standfirst,
        str(article.body),
        path_of(article.kind, article.section.slug, article.slug),
        article.length,
        article.embargo if article.embargo and article.embargo > t else None,
        article.held,
    )


def copy_of_revision(values: Mapping[str, Any]) -> Copy:
    """What a revision holds; nothing is known of its links yet.

    Embargo, hold and length are the story's, and no part of it.
    """
    return Copy(values["headline"], values["standfirst"], values["body"])


def with_answers(copy: Copy, t: datetime) -> Copy:
    """The same, and what its links find at t: one query if it links to pages of this site."""
    return replace(copy, answers=links.look_up(links.addresses(copy.body, copy.path), t))
