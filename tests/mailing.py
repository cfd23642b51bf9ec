"""The mail server of a test, in the words of whichever Django it runs on."""

from newsroom import compat


def use_mail_server(settings, backend, **options):
    """Let the site send by a backend, a path to its class; `host="…"` for `EMAIL_HOST` and such."""
    given = {f"EMAIL_{name.upper()}": value for name, value in options.items()}
    for name, value in compat.mail_settings({"EMAIL_BACKEND": backend, **given}).items():
        setattr(settings, name, value)
