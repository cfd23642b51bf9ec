"""What the desk is asked to share a revision: with whom, and until when."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from articles.desk import sharing
from articles.desk.rights import Actor
from articles.desk.verb_forms import MomentField
from articles.models import ShareLink
from articles.moments import newsroom_zone

PROPOSED = timedelta(days=3)


class ShareForm(forms.Form):
    """Shares the revision that its page shows."""

    person = forms.CharField(
        label=_("For whom"),
        max_length=120,
        help_text=_("One person. The name stands above the page that they read."),
    )
    expires_at = MomentField(
        label=_("Until"), help_text=_("At most 30 days. You can revoke the link before that.")
    )

    def __init__(self, data: Any = None, *, now: datetime) -> None:
        until = (now + PROPOSED).astimezone(newsroom_zone())
        super().__init__(
            data,
            initial={"expires_at": until.strftime("%Y-%m-%dT%H:%M")},
            auto_id="id_share_%s",
        )

    def share(
        self, article_id: int, revision: int, *, by: Actor, now: datetime
    ) -> tuple[ShareLink, str]:
        """Make the link; raises what sharing.share raises."""
        return sharing.share(article_id, revision=revision, by=by, now=now, **self.cleaned_data)
