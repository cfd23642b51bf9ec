"""The WSGI entry, for servers with threads; gunicorn's own is newsroom/asgi.py."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
django = get_wsgi_application()

from django.conf import settings  # noqa: E402 - only now there are any

from newsroom.threaded import Site  # noqa: E402 - likewise

# Who develops wants to see a template that they changed, not the page of before.
application = django if settings.DEBUG else Site(django)
