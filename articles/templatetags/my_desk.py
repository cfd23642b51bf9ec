"""How My desk says moments and lengths: the words of desk/overview.py, as filters."""

from datetime import datetime
from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.desk import overview

register = template.Library()


@register.filter
def desk_when(moment: datetime, t: datetime) -> str:
    """A moment as editors say it at t: “today 09:12”."""
    return overview.when(moment, t)


@register.filter
def how_far(moment: datetime, t: datetime) -> str:
    """How far away a moment is at t: “in 33 min”."""
    return overview.how_far(moment, t)


@register.filter
def length_in_words(article: Any) -> str:
    """How long a story is, and how long it is to be: “880 of 1,200 words”."""
    words = number_format(article.words, force_grouping=True)
    if article.length:
        asked = number_format(article.length, force_grouping=True)
        return _("%(n)s of %(asked)s words") % {"n": words, "asked": asked}
    return ngettext("%(n)s word", "%(n)s words", article.words) % {"n": words}
