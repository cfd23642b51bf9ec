"""The ASGI entry that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
django = get_wsgi_application()

from newsroom.event_loop import Site  # noqa: E402 - what it imports needs Django set up, as the call above does

application = Site(django)
