"""The day's list of stories."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse


def day(request: HttpRequest) -> HttpResponse:
    return TemplateResponse(request, "admin/base_site.html", admin.site.each_context(request))
