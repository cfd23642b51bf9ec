"""Whether what stands around the site is right: its settings, its mail server and its proxy."""

from collections.abc import Iterator
from datetime import datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend

from articles.desk import fetching
from newsroom import compat

# As Django's own deployment check has it (security.W009).
SHORTEST_KEY, FEWEST_SIGNS = 50, 5


def debugging(_now: datetime) -> Iterator[str]:
    """The switch for development."""
    if settings.DEBUG:
        yield "DEBUG is on and shows strangers the site's inside: take it out of the environment."


def weak_key(_now: datetime) -> Iterator[str]:
    """A key that somebody could guess."""
    key = settings.SECRET_KEY
    if len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_SIGNS or key.startswith("only-for-"):
        yield (
            "SECRET_KEY could be guessed: set one made by `python3 -c "
            '"import secrets; print(secrets.token_urlsafe(50))"`; everybody signs in again.'
        )


def failing_mail(_now: datetime) -> Iterator[str]:
    """A mail server that does not let us in; no mail is sent."""
    server = compat.mail_server()
    if not isinstance(server, EmailBackend):
        return
    try:
        server.open()
    except OSError as fault:  # SMTPException is one
        yield (
            f"The mail server {server.host}:{server.port} cannot be used ({fault}): start it, or "
            "correct EMAIL_URL."
        )
    finally:
        server.close()


def untrusted_proxy(_now: datetime) -> Iterator[str]:
    """A way to the site that does not lead there, or on which it is not told who asks and how."""
    for name, origin in (("SITE_URL", settings.SITE_URL), ("ORIGIN_URL", settings.ORIGIN_URL)):
        if not origin or (name == "SITE_URL" and _is_local(origin)):
            continue  # no proxy stands before a site of this machine's own
        answer = fetching.fetch_from(origin, "/admin/")
        # Where ORIGIN_URL is set, this machine need not reach what readers reach.
        if not answer.status and (name == "ORIGIN_URL" or not settings.ORIGIN_URL):
            yield (
                f"{name}={origin} cannot be reached from here: start the site and its proxy, or "
                "give the worker a way past them by ORIGIN_URL."
            )
        if answer.target == f"{settings.SITE_URL}/admin/":
            yield (
                f"What comes to {origin} by https reaches the site as http, and is sent in a "
                "circle: let the proxy set X-Forwarded-Proto, and name the proxy's address in "
                "FORWARDED_ALLOW_IPS."
            )
        if name == "SITE_URL" and '"checks"' in fetching.fetch_from(origin, "/readyz").body:
            yield (
                "The proxy passes readers on as if they were this machine, and shows them "
                "/metrics: let it set X-Forwarded-For."
            )


def _is_local(origin: str) -> bool:
    host = urlsplit(origin).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
