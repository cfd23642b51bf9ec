"""The template tags of the desk's frame."""

from typing import Any

from django import template

from articles.desk import inbox

register = template.Library()


@register.simple_tag(takes_context=True)
def unread_notices(context: Any) -> str:
    """How many notices a person has not read: “3”, “99+”; empty where there is none."""
    if "request" not in context:
        return ""
    unread = inbox.unread(context["request"].user)
    return f"{inbox.COUNTED - 1}+" if unread == inbox.COUNTED else str(unread or "")
