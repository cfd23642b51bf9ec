"""The words that the body editor's scripts are told by the story form."""

import json

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

register = template.Library()


@register.simple_tag
def editor_words() -> str:
    """The words of the body editor's toolbar, hints and dialog, as JSON for an attribute."""
    words = {
        "body": _("Body"),
        "tools": _("Text tools"),
        "kind": _("Kind of paragraph"),
        "paragraph": _("Paragraph"),
        "subheading": _("Subheading"),
        "small_subheading": _("Small subheading"),
        "bold": _("Bold"),
        "italic": _("Italic"),
        "link": _("Link"),
        "bullets": _("Bulleted list"),
        "numbers": _("Numbered list"),
        "quotation": _("Quotation"),
        "pull_quote": _("Pull quote"),
        "source": _("Who says it"),
        "picture": _("Picture"),
        "description": _("Description (empty: the library’s)"),
        "caption": _("Caption (empty: the library’s)"),
        "choose_picture": _("Choose a picture…"),
        "search_pictures": _("Search the library"),
        "choose": _("Choose"),
        "no_picture": _("No picture that can be used is called so."),
        "none_chosen": _("Choose one of the pictures, or cancel."),
        "no_answer": _("The library does not answer. Try again in a moment."),
        "no_picture_here": _("Take it out"),
        "undo": _("Undo"),
        "redo": _("Redo"),
        "address": _("Address"),
        "set_link": _("Set link"),
        "remove_link": _("Remove link"),
        # Not the verb of the press that is called so as well.
        "cancel": pgettext("close a dialog", "Cancel"),
        "no_address": _("That is no address. Give one such as https://news.example/story."),
    }
    return json.dumps(words)
