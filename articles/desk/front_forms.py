"""The forms of the fronts' room: a story and an end for each slot, and the breaking banner."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from articles.desk import fronts
from articles.desk.fronts import Arrangement, Put
from articles.desk.verb_forms import MomentField
from articles.models import Article, Front, Pin
from articles.models.front import PLACES
from articles.moments import newsroom_zone


class StoryPick(forms.ModelChoiceField):
    """One story, or none: then the slot is filled by rule."""

    def __init__(self, **known: Any) -> None:
        super().__init__(Article.objects.all(), required=False, **known)


class FrontForm(forms.Form):
    """A front as it is being arranged. `seen` is the count of verbs that it was decided on."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    at = MomentField(label=_("From when"), required=False)

    def __init__(self, data: Any = None, *, front: Front, widget: Any) -> None:
        super().__init__(data, label_suffix="")
        self.fields["seen"].initial = front.pressed
        kept = fronts.draft(front)
        for place in range(PLACES):
            put = kept[place]
            story = StoryPick(label=_("Story"), initial=put and put.story)
            story.widget = widget(Pin._meta.get_field("story"))
            story.widget.choices = story.choices
            self.fields[f"story_{place}"] = story
            until = MomentField(label=_("Until"), required=False)
            until.initial = _typed(put.until) if put else None
            self.fields[f"until_{place}"] = until

    def slots(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The two fields of each place, in order."""
        return [(self[f"story_{place}"], self[f"until_{place}"]) for place in range(PLACES)]

    def arrangement(self) -> Arrangement:
        """What was typed, place by place."""
        typed = self.cleaned_data
        return [
            Put(story.pk, typed[f"until_{place}"]) if (story := typed[f"story_{place}"]) else None
            for place in range(PLACES)
        ]


class BannerForm(forms.Form):
    """The words that stand above every page, the story they lead to, and their end."""

    words = forms.CharField(
        label=_("Words"), max_length=140, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    story = StoryPick(label=_("Leads to"))
    until = MomentField(label=_("Until"))

    def __init__(self, data: Any = None, *, widget: Any) -> None:
        super().__init__(data, prefix="banner", label_suffix="")
        field: Any = self.fields["story"]
        field.widget = widget(Pin._meta.get_field("story"))
        field.widget.choices = field.choices


def _typed(moment: datetime | None) -> str:
    """A moment as the browser's picker holds it, on the newsroom's clock."""
    return f"{moment.astimezone(newsroom_zone()):%Y-%m-%dT%H:%M}" if moment else ""
