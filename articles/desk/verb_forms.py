"""The forms of the table's verbs: each reads what one verb needs, and does it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from articles import text
from articles.desk import looks, press, rights, workflow
from articles.desk.checklist import Report
from articles.desk.findings import Level
from articles.desk.overview import Overview
from articles.desk.rights import Actor
from articles.desk.sheet import Pending
from articles.moments import newsroom_zone, read_moment
from articles.states import RULES, Change, EndsAs, PublicState


class MomentInput(forms.DateTimeInput):
    """The browser's own picker of a day and time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(attrs={"data-zone": newsroom_zone().key})


class MomentField(forms.CharField):
    """A day and time in the newsroom's zone; cleans to the moment in UTC."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=MomentInput(), **kwargs)

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        return read_moment(typed, newsroom_zone()) if typed else None


class ReasonField(forms.CharField):
    """Why something is done; it is kept with the story."""

    widget = forms.Textarea(attrs={"rows": 2})

    def clean(self, value: Any) -> str:
        return text.clean_text(super().clean(value), longest=1000)


class ChangeField(forms.ChoiceField):
    """What a revision is to readers who had the story before: one of some kinds, or of all."""

    widget = forms.RadioSelect

    def __init__(self, kinds: Iterable[Change] = Change, **options: Any) -> None:
        choices = [(kind.value, kind.label) for kind in kinds]
        super().__init__(choices=choices, required=False, **options)


class AuthorityField(forms.CharField):
    """Who asked for it."""

    def clean(self, value: Any) -> str:
        return text.clean_line(super().clean(value), longest=250)


class VerbForm(forms.Form):
    """What every verb of the press is told: the story's `pressed` count it was decided on."""

    verb = ""
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, overview: Overview, start: datetime | None = None
    ) -> None:
        about = f"{start:%Y%m%d%H%M%S%f}" if start else "story"
        super().__init__(
            data,
            initial={
                "seen": overview.article.pressed,
                "revision": overview.article.version,
                "start": start and start.isoformat(),
            },
            auto_id=f"id_{self.verb}_{about}_%s",
            label_suffix="",
        )
        self.overview = overview
        if "pending" in self.fields and not overview.pending:
            del self.fields["pending"]
        if "as_new" in self.fields and overview.state == PublicState.NEVER:
            del self.fields["as_new"]

    @property
    def label(self) -> Any:
        return RULES[self.verb].label

    @property
    def is_plain(self) -> bool:
        """Whether nothing is asked: one press of the button does it."""
        return not self.visible_fields()

    def ask_only_what_is_for(self, by: Actor) -> None:
        """Ask for a reason to pass over a check only those from whom the press would take it."""
        if "override" in self.fields and not rights.may(
            by, "articles.override_checks", self.overview.sections
        ):
            self.fields["override"].widget = forms.HiddenInput()

    @property
    def checks(self) -> Report | None:
        """What the checks say of the text that the form names; None where it names none."""
        return None

    def add_error(self, field: str | None, error: Any) -> None:
        """Put what is wrong where it is: a verb names fields that this form may not have."""
        said = getattr(error, "error_dict", None)
        if field is None and said:
            for name, errors in said.items():
                self.add_error(name if name in self.fields else None, errors)
            return
        super().add_error(field, error)
        if field in self.fields:
            self._widen(field, error)

    def _widen(self, field: str, error: Any) -> None:
        # An hour that happens twice needs its offset, which a browser's picker cannot hold.
        if isinstance(error, ValidationError) and getattr(error, "code", "") == "repeated":
            self.fields[field].widget.input_type = "text"
        # Nobody is asked whether they are sure before there is something to be sure of.
        if field == "sure":
            self.fields[field].widget = forms.CheckboxInput()

    def do(self, article_id: int, *, by: Actor, now: datetime) -> None:
        """Do the verb; raises what the verb raises."""
        values = {name: value for name, value in self.cleaned_data.items() if value is not None}
        getattr(press, self.verb)(article_id, by=by, now=now, **values)


class _StepForm(VerbForm):
    """A step on the desk: it is told the text it was decided on and, where one is needed, why."""

    seen: Any = None  # None takes a field of the parent's away, as Django documents
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def do(self, article_id: int, *, by: Actor, now: datetime) -> None:
        workflow.take(self.verb, article_id, by=by, now=now, **self.cleaned_data)


class SubmitForm(_StepForm):
    verb = "submit"


class WithdrawForm(_StepForm):
    verb = "withdraw"


class SendBackForm(_StepForm):
    verb = "send_back"
    reason = ReasonField(label=_("What is to be done"))


class ApproveForm(_StepForm):
    verb = "approve"


class _WithRevision(VerbForm):
    """What shows a revision; to readers who had the story before, it is a change of some kind."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    change = ChangeField(label=_("Kind of change"))
    note = ReasonField(
        label=_("Note for readers"),
        required=False,
        help_text=_("A correction or clarification needs one. It stands on the story’s page."),
    )
    reason = ReasonField(
        label=_("Reason, for the desk"), required=False, help_text=_("A legal change needs one.")
    )
    sure = forms.BooleanField(
        label=_("It is a typo all the same"), required=False, widget=forms.HiddenInput
    )
    override = ReasonField(
        label=_("It goes out against a check, because"),
        required=False,
        help_text=_("For managing editors; it is kept with the story."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.overview.newest is None and not self.overview.pending:
            for name in ("change", "note", "sure"):
                del self.fields[name]
            if "reason" in self.fields and not self.fields["reason"].required:
                del self.fields["reason"]
        if self.overview.article.section.four_eyes or self.data.get("override"):
            return
        override, kept_in = self.fields["override"], self._kept_in()
        if kept_in:
            override.help_text = " ".join([*kept_in[:3], str(override.help_text)])
        else:
            override.widget = forms.HiddenInput()

    @property
    def checks(self) -> Report | None:
        """What the checks say of the revision that the form names; None where the working copy,
        which they read, is another by now."""
        if str(self["revision"].value()) != str(self.overview.article.version):
            return None
        return looks.at_story(self.overview.article, self.overview.moment).checks

    def add_error(self, field: str | None, error: Any) -> None:
        super().add_error(field, error)
        # Asked for as soon as there is something to pass over, as `sure` is.
        codes = {one.code for one in getattr(error, "error_list", ())}
        if codes & {"checks", "four_eyes"}:
            self.fields["override"].widget = ReasonField().widget

    def _kept_in(self) -> list[str]:
        """What keeps the working copy in that a reason passes over; a form that was posted hears
        that from its verb."""
        if self.is_bound:
            return []
        found = self.checks.findings if self.checks else ()
        return [one.said for one in found if one.level == Level.MUST and one.is_passable]


class _WithStart(VerbForm):
    start = forms.CharField(widget=forms.HiddenInput)

    def clean_start(self) -> datetime:
        try:
            return datetime.fromisoformat(self.cleaned_data["start"])
        except ValueError:
            raise ValidationError(_("Open the story again and pick what is scheduled.")) from None


class _PendingField(forms.TypedChoiceField):
    def __init__(self) -> None:
        choices = [
            (Pending.MERGE, _("merge this change into it")),
            (Pending.KEEP, _("keep it as it is")),
            (Pending.CANCEL, _("cancel it")),
        ]
        super().__init__(
            choices=choices, coerce=Pending, required=False, empty_value=None,
            label=_("What is scheduled later"), widget=forms.RadioSelect,
        )  # fmt: skip


class PublishForm(_WithRevision):
    verb = "publish"
    pending = _PendingField()
    as_new = ReasonField(
        label=_("As a new story, because (may stay empty)"),
        required=False,
        help_text=_("Otherwise it keeps its first date and its place in the lists."),
    )


class ScheduleForm(_WithRevision):
    verb = "schedule"
    at = MomentField(label=_("Goes live"))
    until = MomentField(label=_("Ends (may stay empty)"), required=False)
    pending = _PendingField()
    field_order = ("at", "until", "change")


class UpdateScheduledForm(_WithRevision, _WithStart):
    verb = "update_scheduled"


class MoveForm(_WithStart):
    verb = "move"
    to = MomentField(label=_("To"))


class CancelForm(_WithStart):
    verb = "cancel"


class SetEndForm(VerbForm):
    verb = "set_end"
    at = MomentField(label=_("Ends (empty: stays)"), required=False)

    def do(self, article_id: int, *, by: Actor, now: datetime) -> None:
        values = self.cleaned_data
        press.set_end(article_id, at=values["at"], by=by, seen=values["seen"], now=now)


class EmbargoForm(VerbForm):
    verb = "embargo"
    until = MomentField(
        label=_("Nothing goes out before"),
        help_text=_("What is scheduled before that moment is cancelled."),
    )
    reason = ReasonField(label=_("Why (may stay empty)"), required=False)


class BreakEmbargoForm(VerbForm):
    verb = "break_embargo"
    reason = ReasonField(label=_("Why"))


class HoldForm(VerbForm):
    verb = "hold"
    reason = ReasonField(
        label=_("Why"), help_text=_("What is scheduled is cancelled, and nothing more goes out.")
    )


class LiftHoldForm(VerbForm):
    verb = "lift_hold"
    reason = ReasonField(label=_("Why"))


class UnpublishForm(VerbForm):
    verb = "unpublish"
    reason = ReasonField(label=_("Why"))


class TakeDownForm(VerbForm):
    verb = "take_down"
    how = forms.TypedChoiceField(
        coerce=EndsAs, label=_("How"), widget=forms.RadioSelect, initial=EndsAs.GONE,
        choices=[
            (EndsAs.GONE, _("gone: the page says that the story was withdrawn (410)")),
            (EndsAs.VANISHED, _("vanish: as if it never was (404)")),
        ],
    )  # fmt: skip
    reason = ReasonField(label=_("Why"))
    authority = AuthorityField(label=_("On whose authority"))


class RestoreForm(_WithRevision):
    verb = "restore"
    reason = ReasonField(label=_("Why"))


class EraseForm(VerbForm):
    verb = "erase"
    reason = ReasonField(label=_("Why"))
    authority = AuthorityField(
        label=_("On whose authority"), help_text=_("The court or office, and its file number.")
    )
    confirmed = forms.BooleanField(
        label=_("Every word, name and note of this story is emptied, in every copy, for ever.")
    )

    def do(self, article_id: int, *, by: Actor, now: datetime) -> None:
        self.cleaned_data.pop("confirmed")
        super().do(article_id, by=by, now=now)


FORMS: dict[str, type[VerbForm]] = {
    form.verb: form
    for form in (
        SubmitForm,
        WithdrawForm,
        SendBackForm,
        ApproveForm,
        PublishForm,
        ScheduleForm,
        UpdateScheduledForm,
        MoveForm,
        CancelForm,
        SetEndForm,
        EmbargoForm,
        BreakEmbargoForm,
        HoldForm,
        LiftHoldForm,
        UnpublishForm,
        TakeDownForm,
        RestoreForm,
        EraseForm,
    )
}
# The verbs that act on one scheduled version rather than on the story.
ON_A_VERSION = ("update_scheduled", "move", "cancel")
