"""The forms of a plan: what is planned of a story, a new line of the budget, a slot that moves."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from articles.desk import colleagues, planning, press, rights
from articles.desk.rights import Actor
from articles.desk.verb_forms import MomentField
from articles.models import Article, Section
from articles.moments import newsroom_zone
from articles.states import Priority

NOBODY = ("", _("– nobody –"))
LARGEST = 2**31 - 1  # that a column of counts holds
_PICKED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?")
_UNREADABLE = object()  # equal to nothing that a story holds


def typed(moment: datetime | None) -> str:
    """A moment as the browser's picker types it; with its offset, where the hour comes twice."""
    if moment is None:
        return ""
    there = moment.astimezone(newsroom_zone())
    words = f"{there:%Y-%m-%dT%H:%M}"
    return words if _is_once(there) else f"{words}{there:%z}"


def _is_once(there: datetime) -> bool:
    return there.replace(fold=0).utcoffset() == there.replace(fold=1).utcoffset()


def let_type(form: forms.BaseForm, name: str, error: Any = None) -> None:
    """Make a moment's field plain text where a browser's picker cannot hold what stands there:
    an hour that comes twice, which needs its offset, or what is no moment at all."""
    held = form[name].value() or ""
    if getattr(error, "code", "") == "repeated" or (held and not _PICKED.fullmatch(held)):
        form.fields[name].widget.input_type = "text"


def _offer(form: forms.Form, name: str, choices: list[Any]) -> None:
    field: Any = form.fields[name]  # which has choices, unlike every field
    field.choices = choices


class _Fields(forms.Form):
    """What a plan is made of, but for the headline and section of a new story."""

    slugline = forms.CharField(
        label=_("Slugline"), max_length=40, required=False,
        help_text=_("One word that the desk calls it by."),
    )  # fmt: skip
    assignee_id = forms.TypedChoiceField(
        label=_("Assigned to"), coerce=int, empty_value=None, required=False
    )
    due_at = MomentField(label=_("Due"), required=False)
    priority = forms.TypedChoiceField(label=_("Priority"), coerce=int, choices=Priority.choices)
    length = forms.IntegerField(
        label=_("Length, in words"), min_value=1, max_value=planning.LONGEST, required=False
    )  # fmt: skip

    def add_error(self, field: str | None, error: Any) -> None:
        """Put a refusal at its field, and let an hour that comes twice be typed."""
        super().add_error(field, error)
        let_type(self, "due_at", error)


class PlanForm(_Fields):
    """The plan of a story. Only what differs from what the person was shown is planned."""

    def __init__(self, data: Any = None, *, article: Article, by: Actor) -> None:
        super().__init__(data, initial=_held(article), auto_id="id_plan_%s")
        self.article = article
        _offer(self, "assignee_id", _people(article, by))
        # What was shown goes back with the form: two people who plan different fields never meet.
        for field in self.fields.values():
            field.show_hidden_initial = True
        let_type(self, "due_at")

    def clean(self) -> None:
        # What somebody left as it was is not asked about: it may not be choosable any more.
        for name in set(self.errors) - set(self.changed_data):
            del self.errors[name]

    def plan(self, *, by: Actor, now: datetime) -> Article:
        """Plan what was changed; raises what planning.plan raises."""
        changes = {name: self.cleaned_data[name] for name in self.changed_data}
        seen = {name: self._shown(name) for name in changes}
        return planning.plan(self.article.pk, changes, by=by, now=now, seen=seen)

    def ask_back(self, refused: ValidationError) -> None:
        """Show a refusal at its fields; a field that a colleague changed shows theirs as seen."""
        self.article.refresh_from_db(fields=["version", *planning.FIELDS])
        held = _held(self.article)
        data: Any = self.data
        data = self.data = data.copy()  # a POST’s own cannot be changed
        for name, errors in refused.error_dict.items():
            for error in errors:
                self.add_error(name, error)
                if error.code == "changed":
                    data[self[name].html_initial_name] = str(held[name])

    def _shown(self, name: str) -> Any:
        shown = self.data.get(self[name].html_initial_name, "")
        try:
            return self.fields[name].clean(shown)
        except ValidationError:
            return _UNREADABLE


class LineForm(_Fields):
    """A new line of the budget: a story of which there is a headline and a plan."""

    headline = forms.CharField(label=_("Headline"), max_length=250)
    section = forms.TypedChoiceField(label=_("Section"), coerce=int)
    priority: Any = None  # None takes a field of the parent's away, as Django documents
    field_order = ("headline", "section", "slugline", "assignee_id", "due_at", "length")

    def __init__(self, data: Any = None, *, by: Actor, initial: Any = None) -> None:
        super().__init__(data, initial=initial, auto_id="id_line_%s")
        own = [
            (section.pk, section.name)
            for section in Section.objects.filter(retired=False)
            if rights.may(by, "articles.add_article", [section.pk])
        ]
        _offer(self, "section", [("", _("– choose –")), *own])
        others = by.has_perm("articles.change_others_article")
        people = colleagues.holding("articles.change_article").order_by("display_name", "pk")
        shown = people if others else people.filter(pk=by.pk)
        _offer(self, "assignee_id", [NOBODY, *((row.pk, str(row)) for row in shown)])
        let_type(self, "due_at")

    def add(self, *, by: Actor, now: datetime) -> Article:
        """Begin the story; raises what planning.add_line raises."""
        values = dict(self.cleaned_data)
        headline, section = values.pop("headline"), values.pop("section")
        return planning.add_line(headline, section, values, by=by, now=now)


class SlotForm(forms.Form):
    """A slot of the calendar that goes to another moment: one that is due, or scheduled."""

    what = forms.ChoiceField(
        choices=[("due", ""), ("scheduled", "")], widget=forms.HiddenInput, required=True
    )
    start = forms.CharField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=LARGEST)
    to = MomentField(label=_("New day and time"))

    def clean_start(self) -> datetime:
        """The slot's moment, as the calendar held it."""
        try:
            start = datetime.fromisoformat(self.cleaned_data["start"])
            if start.tzinfo:
                start.astimezone(newsroom_zone())  # a page shows it
                return start.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        raise ValidationError(_now("Open the calendar again and pick what is to be moved."))

    def add_error(self, field: str | None, error: Any) -> None:
        """Show a refusal where it belongs; a verb calls the new moment by another name."""
        said = getattr(error, "error_dict", None)
        if field is None and said:
            for errors in said.values():
                super().add_error("to", errors)
            return
        super().add_error(field, error)
        let_type(self, "to", error)

    def move(self, article_id: int, *, by: Actor, now: datetime) -> None:
        """Move it; raises what planning.plan and press.move raise."""
        _MOVES[self.cleaned_data["what"]](article_id, self.cleaned_data, by, now)


def _move_due(article_id: int, slot: dict[str, Any], by: Actor, now: datetime) -> None:
    seen = {"due_at": slot["start"]}
    planning.plan(article_id, {"due_at": slot["to"]}, by=by, now=now, seen=seen)


def _move_scheduled(article_id: int, slot: dict[str, Any], by: Actor, now: datetime) -> None:
    press.move(article_id, slot["start"], to=slot["to"], by=by, seen=slot["seen"], now=now)


_MOVES: dict[str, Callable[[int, dict[str, Any], Actor, datetime], None]] = {
    "due": _move_due,
    "scheduled": _move_scheduled,
}


def _held(article: Article) -> dict[str, Any]:
    return {
        "slugline": article.slugline,
        "assignee_id": article.assignee_id or "",
        "due_at": typed(article.due_at),
        "priority": article.priority,
        "length": "" if article.length is None else article.length,
    }


def _people(article: Article, by: Actor) -> list[Any]:
    """Whom the actor can assign the story to, and whose it is, in one query."""
    is_writer = Q(pk__in=planning.writers(article.section_id).order_by().values("pk"))
    others = planning.may_assign_others(by, article.section_id)
    if not others:
        is_writer &= Q(pk=by.pk if article.assignee_id in (None, by.pk) else None)
    people = get_user_model().objects.filter(is_writer | Q(pk=article.assignee_id))
    named = [(person.pk, str(person)) for person in people.order_by("display_name", "pk")]
    is_taken = not others and article.assignee_id not in (None, by.pk)
    return named if is_taken else [NOBODY, *named]
