"""The desk in the Django admin: a door that asks the desk what may be done, and does no more."""

from django.conf import settings
from django.contrib import admin
from django.utils.translation import gettext_lazy

from articles.admin import audit, pictures, redirects, stories, taxonomy

admin.site.site_header = settings.SITE_NAME
admin.site.site_title = settings.SITE_NAME
admin.site.index_title = gettext_lazy("Desk")

__all__ = ["audit", "pictures", "redirects", "stories", "taxonomy"]
