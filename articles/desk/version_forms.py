"""The forms of what is done to one version that readers had: why."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from articles.desk import press
from articles.desk.rights import Actor
from articles.desk.verb_forms import ReasonField, VerbForm


class _OfAVersionForm(VerbForm):
    reason = ReasonField(label=_("Why"))

    def __init__(self, *args: Any, version: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version = version

    def do(self, article_id: int, *, by: Actor, now: datetime) -> None:
        verb = getattr(press, self.verb)
        verb(article_id, self.version, by=by, now=now, **self.cleaned_data)


class WithholdForm(_OfAVersionForm):
    verb = "withhold"


class ShowAgainForm(_OfAVersionForm):
    verb = "show_again"


FORMS = {form.verb: form for form in (WithholdForm, ShowAgainForm)}
