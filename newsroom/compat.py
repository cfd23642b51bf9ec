"""What differs between the Djangos on which the site runs, 5.2 and 6.1: here, and nowhere else."""

from collections.abc import Mapping
from typing import Any

import django
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend

# Where it is told that a task was enqueued: Django 6 has the tasks of django-tasks itself.
TASKS_LOGGER = "django_tasks" if django.VERSION < (6, 0) else "django.tasks"
IS_BEFORE_MAILERS = django.VERSION < (6, 1)
# By backend, what 6.1 calls an option, and the setting that it was.
_OPTIONS = {
    "django.core.mail.backends.smtp.EmailBackend": {
        "host": "EMAIL_HOST",
        "port": "EMAIL_PORT",
        "username": "EMAIL_HOST_USER",
        "password": "EMAIL_HOST_PASSWORD",
        "use_tls": "EMAIL_USE_TLS",
        "use_ssl": "EMAIL_USE_SSL",
        "timeout": "EMAIL_TIMEOUT",
    },
    "django.core.mail.backends.filebased.EmailBackend": {"file_path": "EMAIL_FILE_PATH"},
}


def mail_settings(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return Django's settings for a mail server, from those of 5.2 (`EMAIL_BACKEND` and more)."""
    if IS_BEFORE_MAILERS:
        return dict(given)
    backend = given["EMAIL_BACKEND"]
    named = _OPTIONS.get(backend, {})
    options = {option: given[name] for option, name in named.items() if name in given}
    return {"MAILERS": {"default": {"BACKEND": backend, "OPTIONS": options}}}


def mail_server() -> BaseEmailBackend:
    """Return a connection to the mail server of the settings, not yet opened."""
    return mail.get_connection() if IS_BEFORE_MAILERS else mail.mailers.default
