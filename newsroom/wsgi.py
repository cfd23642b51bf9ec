"""The WSGI entry, for servers with threads; gunicorn's own is newsroom/asgi.py."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
django = get_wsgi_application()

from django.conf import settings  # noqa: E402 - there are none before the call above

from newsroom.threaded import Site  # noqa: E402 - what it imports needs Django set up

# Who develops wants to see a template that they changed, not the page of before.
application = django if settings.DEBUG else Site(django)
