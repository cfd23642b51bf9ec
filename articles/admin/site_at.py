"""The site as of another moment: a person chooses it here, and the readers' pages then show it."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from articles.desk import overview, rights
from articles.desk.rights import Actor
from articles.desk.verb_forms import MomentField
from articles.models import Publication
from articles.moments import (
    choose_as_of,
    chosen_as_of,
    forget_as_of,
    in_newsroom_words,
    moment_of,
    newsroom_zone,
)

NEXT_STARTS = 10
MORNING = time(6)
# Further away there is no paper, and the calendar of some zones ends.
FARTHEST = timedelta(days=100 * 365)


class AsOfForm(forms.Form):
    moment = MomentField(label=gettext_lazy("Moment"))

    def __init__(self, data: Any = None, *, now: datetime, chosen: datetime | None = None) -> None:
        local = chosen and chosen.astimezone(newsroom_zone())
        super().__init__(data, initial={"moment": local and f"{local:%Y-%m-%dT%H:%M}"})
        self.now = now
        self.fields["moment"].help_text = _("In the newsroom’s zone, %(zone)s.") % {
            "zone": newsroom_zone().key
        }

    def clean_moment(self) -> datetime:
        moment: datetime = self.cleaned_data["moment"]
        if abs(moment - self.now) > FARTHEST:
            raise ValidationError(_("This date is too far away."), code="range")
        return moment

    def add_error(self, field: str | None, error: Any) -> None:
        super().add_error(field, error)
        # An hour that happens twice needs its offset, which a browser's picker cannot hold.
        if getattr(error, "code", "") == "repeated":
            self.fields["moment"].widget.input_type = "text"


@require_http_methods(["GET", "HEAD", "POST"])
def site_at(request: HttpRequest) -> HttpResponse:
    """Choose the moment that the site is read as of, or go back to now."""
    by: Actor = request.user
    rights.require(by, "articles.read_as_of")
    if "back_to_now" in request.POST:
        messages.success(request, _("You read the site as it is now."))
        back = HttpResponseRedirect(reverse("as_of"))
        forget_as_of(back)
        return back
    now, chosen = moment_of(request), _chosen(request)
    form = AsOfForm(request.POST or None, now=now, chosen=chosen)
    if form.is_valid():
        to_the_site = HttpResponseRedirect(reverse("home"))
        choose_as_of(to_the_site, form.cleaned_data["moment"], person=by.pk)
        return to_the_site
    context = {
        **admin.site.each_context(request),
        "title": _("The site as of another moment"),
        "form": form,
        "chosen": chosen and in_newsroom_words(chosen),
        "presets": _presets(now),
    }
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "admin/as_of.html", context, status=status)


def _chosen(request: HttpRequest) -> datetime | None:
    """The moment that this person reads the site as of already."""
    person, moment = chosen_as_of(request) or (None, None)
    return moment if person == request.user.pk else None


def _presets(now: datetime) -> list[dict[str, Any]]:
    """Moments worth a look: tomorrow morning, and the next ones at which something starts."""
    tomorrow = now.astimezone(newsroom_zone()).date() + timedelta(days=1)
    morning = datetime.combine(tomorrow, MORNING, tzinfo=newsroom_zone())
    coming = Publication.objects.filter(starts_at__gt=now, withheld=False)
    starts: dict[datetime, list[str]] = {}
    for start, headline in coming.order_by("starts_at", "pk").values_list("starts_at", "headline")[
        :NEXT_STARTS
    ]:
        starts.setdefault(start, []).append(headline)
    return [
        {
            "value": moment.isoformat(),
            "when": overview.when(moment, now),
            "how_far": overview.how_far(moment, now),
            "headlines": headlines,
        }
        for moment, headlines in [(morning, []), *starts.items()]
    ]
