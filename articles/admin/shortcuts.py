"""The page of the desk's keyboard shortcuts."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _


def shortcuts(request: HttpRequest) -> HttpResponse:
    """List every shortcut; static/desk/keys.js does what they say."""
    context = {**admin.site.each_context(request), "title": _("Keyboard shortcuts")}
    return TemplateResponse(request, "admin/shortcuts.html", context)
