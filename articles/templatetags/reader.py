"""The template tags of the readers' pages: moments as <time>, with a hole for relative words,
pictures in sizes to choose from, and the classes that a text's first letters ask for.
"""

import re
from datetime import datetime
from functools import lru_cache
from typing import Any

from django import template
from django.template import Context, Template
from django.template.loader import get_template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import get_default_timezone
from django.utils.translation import get_language, pgettext

from articles.models import Publication
from articles.pages.cards import Card
from articles.pages.figures import Picture, markup
from articles.pages.holes import hole
from articles.pages.relative_time import date, exact_time

register = template.Library()

# A plain paragraph of some lines, from a capital that the paper's typeface has: a drop cap
# would tear a quotation mark from its word, and the letters of a joined script apart.
_TAKES_A_DROP_CAP = re.compile(r"<p>[A-ZÀ-ÖØ-Þ](?:(?!</p>|<br).){180}", re.DOTALL)


@register.simple_tag
def kept(name: str, **values: Any) -> SafeString:
    """A part of a page, as {% include … only %} has it; printed once as long as all that it prints
    is the same. Of a story it prints what a list does (cards.Card).

    The template itself is among what has to be the same: where one is edited, it is another.
    """
    printed = [
        (key, Card.of(value) if isinstance(value, Publication) else value)
        for key, value in values.items()
    ]
    template: Any = get_template(name)
    return _kept(template.template, get_language(), get_default_timezone(), *printed)


@lru_cache(maxsize=2_000)  # some 2 KB each
def _kept(template: Template, _language: str, _zone: Any, *values: Any) -> SafeString:
    return template.render(Context(dict(values)))


@register.simple_tag
def ago(moment: datetime, css_class: str = "when") -> SafeString:
    """A moment in relative words, which the served page and an open tab keep true.

    data-date is what the words become when they are older than six days.
    """
    return _ago(moment, css_class, get_language(), get_default_timezone())


@lru_cache(maxsize=2_000)
def _ago(moment: datetime, css_class: str, _language: str, zone: Any) -> SafeString:
    local = moment.astimezone(zone)
    return format_html(
        '<time class="{}" datetime="{}" title="{}" data-date="{}">{}</time>',
        css_class,
        # To the millisecond, or the tab would change a label before the server does.
        local.isoformat(timespec="milliseconds" if local.microsecond else "seconds"),
        f"{exact_time(moment, zone)} {local.tzname()}",
        date(moment, zone),
        hole(moment),
    )


@register.simple_tag
def at(moment: datetime) -> SafeString:
    """A moment as its date and time, in the newsroom's zone."""
    zone = get_default_timezone()
    local = moment.astimezone(zone)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        local.tzname(),
        exact_time(moment, zone),
    )


@register.simple_tag
def clock(moment: datetime) -> SafeString:
    """The time of day of a moment, in the newsroom's zone, where its day stands above."""
    local = moment.astimezone(get_default_timezone())
    return format_html(
        '<time class="when" datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        local.tzname(),
        date_format(local, pgettext("time format", "H:i")),
    )


@register.simple_tag
def at_in_zone(moment: datetime) -> SafeString:
    """The same with the zone's name, for who sets moments side by side."""
    zone = moment.astimezone(get_default_timezone()).tzname()
    return format_html("{} {}", at(moment), zone)


@register.simple_tag
def today(moment: datetime) -> SafeString:
    """The day of a moment with its weekday, in the newsroom's zone."""
    return _day(moment, pgettext("date format", "l, j F Y"))


@register.simple_tag
def day(moment: datetime) -> SafeString:
    """The day of a moment, in the newsroom's zone."""
    return _day(moment, pgettext("date format", "j F Y"))


@register.simple_tag
def thumb(picture: Picture, sizes: str) -> SafeString:
    """A story's picture in a list. The title beside it says what it belongs to, so it says nothing
    itself; `sizes` is how wide it is shown (HTML, 4.8.4.2.2)."""
    return markup(picture, sizes, alt="", css_class="thumb", hint=("loading", "lazy"))


@register.simple_tag
def hero(picture: Picture, sizes: str) -> SafeString:
    """A page's first picture, which its reader waits for."""
    return markup(
        picture, sizes, alt=picture.alt, css_class="whole", hint=("fetchpriority", "high")
    )


def _day(moment: datetime, form: str) -> SafeString:
    local = moment.astimezone(get_default_timezone())
    return format_html(
        '<time datetime="{}">{}</time>', local.date().isoformat(), date_format(local, form)
    )


@register.filter
def hang(title: str) -> str:
    """The class of a title that opens with a quotation mark: it hangs before the text's edge."""
    if title.startswith(("“", "„", "«", '"')):
        return " hang"
    return " hang hang--single" if title.startswith(("‘", "‚", "‹", "'")) else ""


@register.filter
def capped(body: str) -> str:
    """The class of a body that takes a drop cap."""
    return " prose--capped" if _TAKES_A_DROP_CAP.match(body) else ""
