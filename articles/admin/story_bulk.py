"""One verb for the stories that were ticked in the list: asked where it has a question, and done
to each story on its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles import tasks
from articles.desk import bulk, colleagues, planning, press, workflow
from articles.desk.bulk import Ticked
from articles.desk.rights import Actor
from articles.desk.verb_forms import ChangeField, MomentField, ReasonField
from articles.models import Article
from articles.moments import moment_of
from articles.states import VERBS, Change

_MOST_SAID = 20  # refusals in one message


class _Plain(forms.Form):
    """Nothing is asked."""


class _ReturnForm(forms.Form):
    reason = ReasonField(label=gettext_lazy("What is to be done"))


class _WhyForm(forms.Form):
    reason = ReasonField(label=gettext_lazy("Why"))


class _ChangeForm(forms.Form):
    """What is said of stories that readers had before: of each the same."""

    # No typo, which may look like more and is then asked about, and no legal change, which needs
    # to say on whose advice: both are of one text.
    change = ChangeField(
        (Change.UPDATE, Change.CORRECTION, Change.CLARIFICATION),
        label=gettext_lazy("Kind of change, of those that readers had before"),
        help_text=gettext_lazy("Publish a typo or a legal change on the story’s own page."),
    )
    note = ReasonField(
        label=gettext_lazy("Note for readers"),
        required=False,
        help_text=gettext_lazy("A correction or clarification needs one."),
    )


class _ScheduleForm(_ChangeForm):
    at = MomentField(label=gettext_lazy("Goes live"))
    field_order = ("at", "change", "note")


class _Assignee(forms.Form):
    assignee = forms.ModelChoiceField(
        queryset=colleagues.holding("articles.change_article").none(),
        label=gettext_lazy("Who writes it"),
        required=False,
        empty_label=gettext_lazy("Nobody"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: Any = self.fields["assignee"]
        people.queryset = colleagues.holding("articles.change_article").order_by(
            "display_name", "pk"
        )
        people.label_from_instance = lambda person: person.display_name


class _DueForm(forms.Form):
    due = MomentField(
        label=gettext_lazy("Due"),
        required=False,
        help_text=gettext_lazy("In the newsroom’s time. Left empty, there is no deadline."),
    )


@dataclass(frozen=True)
class Action:
    """Something that can be done to many stories."""

    label: str | Promise
    permission: str
    do: Callable[..., Any]  # (what was ticked, by=…, now=…, **what was asked)
    form: type[forms.Form] = _Plain
    about: str | Promise = ""  # what the page with the question says


def _verb(name: str, form: type[forms.Form] = _Plain, about: str | Promise = "") -> Action:
    """A verb of the table, done to what a story was when it was looked at."""

    def do(ticked: Ticked, *, by: Actor, now: datetime, **asked: Any) -> Any:
        pk = ticked.article.pk
        if not VERBS[name].is_press:
            return workflow.take(name, pk, by=by, now=now, revision=ticked.version, **asked)
        given = {key: value for key, value in asked.items() if value}
        if VERBS[name].goes_out:
            given["revision"] = ticked.version
        return getattr(press, name)(pk, by=by, now=now, seen=ticked.pressed, **given)

    label = VERBS[name].label if form is _Plain else format_lazy("{}…", VERBS[name].label)
    return Action(label, VERBS[name].permission, do, form, about)


def _assign(ticked: Ticked, *, by: Actor, now: datetime, assignee: Any) -> Any:
    return planning.plan(
        ticked.article.pk, {"assignee_id": assignee and assignee.pk}, by=by, now=now
    )


def _set_due(ticked: Ticked, *, by: Actor, now: datetime, due: datetime | None) -> Any:
    return planning.plan(ticked.article.pk, {"due_at": due}, by=by, now=now)


_AS_LISTED = gettext_lazy(
    "Each story goes out as the list showed it. What was saved since then is not published."
)
# Verbs that make sense of several stories at once; each is asked of each by the table.
ACTIONS: Mapping[str, Action] = {
    "submit": _verb("submit"),
    "withdraw": _verb("withdraw"),
    "approve": _verb("approve"),
    "send_back": _verb(
        "send_back", _ReturnForm,
        gettext_lazy("Each story goes back to its writer with what you write here."),
    ),
    "publish": _verb(
        "publish", _ChangeForm, _AS_LISTED,
    ),
    "schedule": _verb(
        "schedule", _ScheduleForm, _AS_LISTED,
    ),
    "hold": _verb("hold", _WhyForm, gettext_lazy("What is scheduled of them is cancelled.")),
    "lift_hold": _verb("lift_hold", _WhyForm),
    "unpublish": _verb(
        "unpublish", _WhyForm, gettext_lazy("Readers get nothing at their addresses any more."),
    ),
    "assign": Action(
        gettext_lazy("Assign to…"), "articles.change_article", _assign, _Assignee,
        gettext_lazy("Whoever you choose is told."),
    ),
    "due": Action(gettext_lazy("Set due…"), "articles.change_article", _set_due, _DueForm),
}  # fmt: skip


def actions(by: Any) -> list[tuple[str, str | Promise]]:
    """What a person may do to many stories, as the list's choices."""
    return [
        (name, action.label) for name, action in ACTIONS.items() if by.has_perm(action.permission)
    ]


def view(request: HttpRequest) -> HttpResponse:
    """Do what was chosen to what was ticked; where it has a question, ask it first."""
    back = HttpResponseRedirect(request.get_full_path())
    action = ACTIONS.get(request.POST.get("action", ""))
    if action is None:
        messages.warning(request, _("Choose what to do with the ticked stories."))
        return back
    try:
        ticked = bulk.stories(request.POST.getlist("_selected_action"), by=request.user)
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
        return back
    is_answered = "answered" in request.POST or not action.form.base_fields
    form = action.form(request.POST if is_answered else None)
    if not is_answered or not form.is_valid():
        return _ask(request, action, form, ticked)
    now, asked = moment_of(request), form.cleaned_data
    outcome = bulk.each(ticked, lambda one: action.do(one, by=request.user, now=now, **asked))
    tasks.mail_soon()
    tasks.hub_soon()
    _tell(request, action, outcome)
    return back


def _ask(
    request: HttpRequest, action: Action, form: forms.Form, ticked: list[Ticked]
) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": str(action.label).rstrip("…"),
        "opts": Article._meta,
        "form": form,
        "action": request.POST["action"],
        "about": action.about,
        "ticked": ticked,
        "back": request.get_full_path(),
    }
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "admin/articles/article/bulk.html", context, status=status)


def _tell(request: HttpRequest, action: Action, outcome: bulk.Outcome) -> None:
    """Say what was done, and of each story to which it was not, why."""
    label = str(action.label).rstrip("…")
    if done := len(outcome.done):
        words = ngettext("%(label)s: %(n)d story.", "%(label)s: %(n)d stories.", done)
        messages.success(request, words % {"label": label, "n": done})
    if not outcome.refused:
        return
    count = len(outcome.refused)
    head = ngettext("Not done to %(n)d story:", "Not done to %(n)d stories:", count) % {"n": count}
    lines = format_html_join("", "<li>{}</li>", ((r.said,) for r in outcome.refused[:_MOST_SAID]))
    if count > _MOST_SAID:
        lines += format_html("<li>{}</li>", _("and %(n)d more") % {"n": count - _MOST_SAID})
    messages.warning(request, format_html("{}<ul>{}</ul>", head, lines))
