"""The forms of the press's verbs: each reads what one verb needs, and does it."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from articles import text
from articles.desk import press
from articles.desk.overview import Overview
from articles.desk.rights import Actor
from articles.desk.sheet import Pending
from articles.moments import newsroom_zone, read_moment
from articles.states import VERBS, EndsAs, PublicState


class MomentInput(forms.TextInput):
    """The browser's own picker of a day and time."""

    input_type = "datetime-local"


class MomentField(forms.CharField):
    """A day and time in the newsroom's zone; cleans to the moment in UTC."""

    widget = MomentInput

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        return read_moment(typed, newsroom_zone()) if typed else None


class ReasonField(forms.CharField):
    """Why something is done; it is kept with the story."""

    widget = forms.Textarea(attrs={"rows": 2})

    def clean(self, value: Any) -> str:
        return text.clean_text(super().clean(value), longest=1000)


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
        )
        if "pending" in self.fields and not overview.pending:
            del self.fields["pending"]
        if "as_new" in self.fields and overview.state == PublicState.NEVER:
            del self.fields["as_new"]

    @property
    def label(self) -> Any:
        return VERBS[self.verb].label

    def add_error(self, field: str | None, error: Any) -> None:
        super().add_error(field, error)
        # An hour that happens twice needs its offset, which a browser's picker cannot hold.
        if (
            field
            and isinstance(error, ValidationError)
            and getattr(error, "code", "") == "repeated"
        ):
            self.fields[field].widget.input_type = "text"

    def press(self, article_id: int, *, by: Actor, now: datetime) -> None:
        """Do the verb; raises what the press raises."""
        values = {name: value for name, value in self.cleaned_data.items() if value is not None}
        getattr(press, self.verb)(article_id, by=by, now=now, **values)


class _WithRevision(VerbForm):
    revision = forms.IntegerField(widget=forms.HiddenInput)


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
            ("", _("– say what becomes of it –")),
            (Pending.MERGE, _("merge this change into it")),
            (Pending.KEEP, _("keep it as it is")),
            (Pending.CANCEL, _("cancel it")),
        ]
        super().__init__(
            choices=choices, coerce=Pending, required=False, empty_value=None,
            label=_("What is scheduled later"),
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

    def press(self, article_id: int, *, by: Actor, now: datetime) -> None:
        values = self.cleaned_data
        press.set_end(article_id, at=values["at"], by=by, seen=values["seen"], now=now)


class UnpublishForm(VerbForm):
    verb = "unpublish"
    reason = ReasonField(label=_("Why (may stay empty)"), required=False)


class TakeDownForm(VerbForm):
    verb = "take_down"
    how = forms.TypedChoiceField(
        coerce=EndsAs, label=_("How"),
        choices=[
            (EndsAs.GONE, _("gone: the page says that the story was withdrawn (410)")),
            (EndsAs.VANISHED, _("vanish: as if it never was (404)")),
        ],
    )  # fmt: skip
    reason = ReasonField(label=_("Why"))


class RestoreForm(_WithRevision):
    verb = "restore"
    reason = ReasonField(label=_("Why"))


FORMS: dict[str, type[VerbForm]] = {
    form.verb: form
    for form in (
        PublishForm,
        ScheduleForm,
        UpdateScheduledForm,
        MoveForm,
        CancelForm,
        SetEndForm,
        UnpublishForm,
        TakeDownForm,
        RestoreForm,
    )
}
# The verbs that act on one scheduled version rather than on the story.
ON_A_VERSION = ("update_scheduled", "move", "cancel")
