"""What is asked on the pages of notes and of the inbox."""

from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from articles.desk import inbox, notes
from articles.desk.rights import Actor
from articles.models import Note, Reason
from articles.moments import newsroom_zone


class NoteForm(forms.Form):
    """Writes a note; the verb passes its text through the gate."""

    text = forms.CharField(
        label=_("A note for colleagues; readers never see it"),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("To tell a colleague, write @ and the first part of their address."),
    )

    def add(self, article_id: int, *, by: Actor, now: datetime) -> Note:
        """Write the note; raises what notes.add raises."""
        return notes.add(article_id, self.cleaned_data["text"], by=by, now=now)


class ChoicesForm(forms.Form):
    """What a person wants in the inbox, and what by mail; and where they work."""

    time_zone = forms.CharField(
        label=_("Your own time zone"),
        required=False,
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
    )

    def __init__(self, data: Any = None, *, by: Actor, time_zone: str) -> None:
        initial: dict[str, Any] = {"time_zone": time_zone}
        for reason, (in_inbox, by_mail) in inbox.choices_of(by).items():
            initial |= {f"inbox_{reason}": in_inbox, f"mail_{reason}": by_mail}
        super().__init__(data, initial=initial)
        for reason in Reason:
            for name, label in ((f"inbox_{reason}", _("Inbox")), (f"mail_{reason}", _("Mail"))):
                self.fields[name] = forms.BooleanField(label=label, required=False)
        self.fields["time_zone"].help_text = _(
            "Such as Asia/Kolkata; empty: the newsroom’s, %(zone)s."
        ) % {"zone": newsroom_zone().key}

    @property
    def questions(self) -> list[dict[str, Any]]:
        """For each reason its two fields."""
        return [
            {"reason": reason, "fields": [self[f"inbox_{reason}"], self[f"mail_{reason}"]]}
            for reason in Reason
        ]

    @cached_property
    def zones(self) -> list[str]:
        """The zones that there are."""
        return sorted(available_timezones())

    def save(self, *, by: Actor) -> None:
        """Keep the choices; raises what inbox.choose raises."""
        said = self.cleaned_data
        wanted = {reason: (said[f"inbox_{reason}"], said[f"mail_{reason}"]) for reason in Reason}
        inbox.choose(wanted, time_zone=said["time_zone"], by=by)
