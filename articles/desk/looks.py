"""One look at a text while it is written: what the checks say, how it will be cut, how long it is.

Nothing is written. What was typed passes the gate and the sanitiser as in a save; what these
refuse is a finding like any other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles import body, text
from articles.desk import addresses, checklist, cuts
from articles.desk.asked import is_id
from articles.desk.checklist import Report
from articles.desk.cuts import Place
from articles.desk.findings import Copy, Finding, Level
from articles.kinds import USUAL, path_of
from articles.models import Article, Section

# What is looked at of the story form's fields.
TYPED = ("headline", "standfirst", "body", "slug")
_NEW = Copy("")  # a story that is not begun yet


@dataclass(frozen=True)
class Look:
    """What is said of a text."""

    checks: Report
    cuts: list[Place]
    words: int
    length: int | None = None  # words asked for
    address: str = ""  # the path that readers would find it at; empty as long as it has none

    @property
    def minutes(self) -> int:
        """How long it takes to read."""
        return text.reading_minutes(self.words)

    @property
    def words_said(self) -> str:
        """Its length: “742 of 800 words, 4 min to read”."""
        said = {"n": self.words, "minutes": self.minutes, "length": self.length}
        if not self.words and not self.length:
            return _("no words yet")
        if self.length:
            return _("%(n)d of %(length)d words, %(minutes)d min to read") % said
        return ngettext(
            "%(n)d word, %(minutes)d min to read",
            "%(n)d words, %(minutes)d min to read",
            self.words,
        ) % {"n": self.words, "minutes": self.minutes}

    @property
    def title_cuts(self) -> str:
        """Where its headline is cut: “Share card cuts before “doubles””; empty where nowhere."""
        said = [
            _("%(place)s cuts before “%(word)s”") % {"place": place.label, "word": place.first_lost}
            for place in self.cuts
            if place.first_lost
        ]
        return ", ".join(said)

    @property
    def said(self) -> str:
        """How much the checks found: “1 must, 2 should”."""
        must, should = self.checks.must, self.checks.should
        parts = [_("%(n)d must") % {"n": must}] if must else []
        parts += [_("%(n)d should") % {"n": should}] if should else []
        return ", ".join(parts) or _("all pass")

    @property
    def must_said(self) -> str:
        """How many findings keep the story in, as a sentence."""
        if not self.checks.must:
            return _("Nothing keeps this story in.")
        return ngettext(
            "%(n)d must-fix before it can go out",
            "%(n)d must-fixes before it can go out",
            self.checks.must,
        ) % {"n": self.checks.must}


def at_story(article: Article | None, t: datetime) -> Look:
    """Look at a working copy as it was saved, or at a story that is not begun yet (None)."""
    copy = checklist.copy_of_story(article, t) if article else _NEW
    # Looked at once a page: its forms ask whether something keeps the story in as well.
    known: tuple[Copy, Look] | None = getattr(article, "_looked_at", None)
    if known is None or known[0] != copy:
        known = copy, _look(checklist.with_answers(copy, t))
        if article:
            row: Any = article  # no column of the story's: kept as long as this row is held
            row._looked_at = known
    return known[1]


def at_typed(article: Article | None, typed: Mapping[str, str], t: datetime) -> Look:
    """Look at what was typed into the form of a story, or of a new one (None)."""
    values, refused = _gated(typed)
    held = checklist.copy_of_story(article, t) if article else _NEW
    kind = typed.get("kind") or (article.kind if article else USUAL)
    path = _path(article, values, typed.get("section", ""), kind) or held.path
    copy = replace(
        held,
        headline=values["headline"],
        standfirst=values["standfirst"],
        body=values["body"],
        path=path,
    )
    look = _look(checklist.with_answers(copy, t))
    fields = {finding.field for finding in refused}
    # Of a text that is refused nothing else is known.
    rest = [finding for finding in look.checks.findings if finding.field not in fields]
    return replace(look, checks=replace(look.checks, findings=(*refused, *rest)))


def _path(article: Article | None, values: Mapping[str, str], section: str, kind: str) -> str:
    """The path that a story would get with what was typed; empty as long as it has none."""
    slug = addresses.of_story(values["slug"], values["headline"], article)
    if article and section in ("", str(article.section_id)):
        return path_of(kind, article.section.slug, slug)
    known = Section.objects.filter(pk=section) if is_id(section) else Section.objects.none()
    place = known.values_list("slug", flat=True).first()
    return path_of(kind, place, slug) if place and slug else ""


def _look(copy: Copy) -> Look:
    return Look(
        checklist.report(copy),
        cuts.places(copy.headline, copy.standfirst, copy.body),
        body.word_count(copy.body),
        copy.length,
        copy.path,
    )


def _gated(typed: Mapping[str, str]) -> tuple[dict[str, str], list[Finding]]:
    """What was typed as a save would take it, and a finding for each field that it would not."""
    values: dict[str, str] = {}
    refused: list[Finding] = []
    for name in TYPED:
        gate: Any = Article._meta.get_field(name)
        try:
            values[name] = _passed(gate, name, typed.get(name, ""))
        except ValidationError as refusal:
            values[name] = ""
            said = " ".join(refusal.messages)
            fix = _("Mend it: it cannot be saved so.")
            refused.append(Finding("gate", Level.MUST, said, fix, name, is_passable=False))
    return values, refused


def _passed(gate: Any, name: str, value: str) -> str:
    if name == "body":
        return body.clean(value)
    cleaned = str(gate.to_python(value) or "")
    if cleaned:
        gate.run_validators(cleaned)
    return cleaned
