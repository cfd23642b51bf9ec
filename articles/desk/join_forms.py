"""The form in which two texts of one story are joined: a choice for each thing both changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import body
from articles.desk import compare, merge, together
from articles.desk.merge import Choice
from articles.desk.revisions import name_of
from articles.desk.rights import Actor
from articles.desk.together import Sides
from articles.kinds import StoryKind
from articles.models import Article, Author, Image, Section

TEXTS = ("headline", "dateline", "standfirst", "picture_alt", "picture_caption")
OURS, THEIRS, BOTH = Choice.OURS, Choice.THEIRS, Choice.BOTH


@dataclass(frozen=True)
class Question:
    """One thing that both changed: what each made of it, and the field that chooses."""

    label: str
    ours: str | SafeString
    theirs: str | SafeString
    field: forms.BoundField

    @property
    def sides(self) -> list[tuple[forms.boundfield.BoundWidget, str | SafeString]]:
        """Each side’s button with what that side reads."""
        return list(zip(self.field, (self.ours, self.theirs), strict=False))

    @property
    def both(self) -> forms.boundfield.BoundWidget | None:
        """The button that keeps both, where both can be kept."""
        return next(iter(list(self.field)[2:]), None)


class JoinForm(forms.Form):
    """Chooses between two texts. `seen` is the working copy's revision that was looked at."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, sides: Sides, by: Actor) -> None:
        super().__init__(data, initial={"seen": sides.current.number})
        self.sides = sides
        self.is_own = sides.beside.by_id == by.pk  # whether the text set beside is the actor's
        for key in sides.merged.overlaps:
            self.fields[key] = forms.TypedChoiceField(
                label=_label(key),
                coerce=Choice,
                choices=self._choices(key),
                widget=forms.RadioSelect,
                error_messages={"required": gettext_lazy("Choose one.")},
            )

    def _choices(self, key: str) -> list[tuple[str, str]]:
        sides = self.sides
        ours = _("Keep yours") if self.is_own else _keep(sides.beside.by_name)
        choices = [(str(OURS), ours), (str(THEIRS), _keep(sides.their_name))]
        if key.startswith("body:"):
            choices.append((str(BOTH), _("Keep both, one after the other")))
        return choices

    def questions(self) -> list[Question]:
        """Each thing to choose, with both sides as they read."""
        segments = iter(_overlaps(self.sides))
        asked = []
        for key in self.sides.merged.overlaps:
            both = _marked(next(segments)) if key.startswith("body:") else self._in_words(key)
            asked.append(Question(_label(key), *both, self[key]))
        return asked

    def _in_words(self, key: str) -> tuple[str | SafeString, str | SafeString]:
        """A field of both sides, with what each changed marked where that is a text."""
        base, ours, theirs = (
            in_words(key, side[key])
            for side in (self.sides.base, self.sides.beside.snapshot, self.sides.current.snapshot)
        )
        if key not in TEXTS:
            return ours, theirs
        marked = (compare.line(base, side) for side in (ours, theirs))
        ours, theirs = map(compare.spoken, marked)
        return ours, theirs

    def join(self, article_id: int, number: int, *, by: Actor, now: datetime) -> None:
        """Join the two as was chosen; raises what together.choose raises."""
        choices = {key: self.cleaned_data[key] for key in self.sides.merged.overlaps}
        try:
            together.choose(
                article_id, number, choices, by=by, seen=self.cleaned_data["seen"], now=now
            )
        except merge.Overlap:
            raise ValidationError(_("Choose for each part; then join them.")) from None


def _keep(who: str) -> str:
    return _("Keep %(who)s’s") % {"who": who}


def _overlaps(sides: Sides) -> list[merge.Segment]:
    texts = (side["body"] for side in (sides.base, sides.beside.snapshot, sides.current.snapshot))
    return [s for s in merge.segments(*(body.blocks(text) for text in texts)) if s.is_overlap]


def _marked(segment: merge.Segment) -> tuple[SafeString, SafeString]:
    """A passage of both bodies, each with what it changed marked."""
    base, ours, theirs = ("".join(part) for part in (segment.base, segment.ours, segment.theirs))
    return _woven(base, ours), _woven(base, theirs)


def _woven(before: str, after: str) -> SafeString:
    marked = body.marked("".join(block.html for block in compare.blocks(before, after)))
    return compare.spoken(marked)


def _label(key: str) -> str:
    if key.startswith("body:"):
        return _("Passage %(number)d") % {"number": int(key.removeprefix("body:")) + 1}
    words = name_of(key)
    return words[:1].upper() + words[1:]


def in_words(key: str, value: Any) -> str:
    """A field of a snapshot as editors read it: names instead of ids."""
    if key == "kind":
        return str(StoryKind(value).label)
    if key == "picture":
        return str(Image.objects.filter(pk=value).first() or "–")
    if key == "section":
        return str(Section.objects.filter(pk=value).first() or "–")
    models: dict[str, Any] = {"authors": Author, "also_read": Article}
    if key in models:
        names = {row.pk: str(row) for row in models[key].objects.filter(pk__in=value)}
        return ", ".join(names[pk] for pk in value if pk in names) or "–"
    return str(value) or "–"
