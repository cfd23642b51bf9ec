"""The calendar of what is due, scheduled and published."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse


def month(request: HttpRequest) -> HttpResponse:
    return TemplateResponse(request, "admin/base_site.html", admin.site.each_context(request))
