"""Addresses of picture files for who may see them before readers do: signed, and soon over."""

from datetime import timedelta

from django.core import signing

LASTS = timedelta(hours=1)
_SALT = "articles.proofs"


def address(name: str) -> str:
    """The address of a rendition (its name) that opens for an hour, public or not.

    Only pages that are kept nowhere and are not the public's print it.
    """
    proof = _signer().sign(name).removeprefix(f"{name}:")
    return f"/pictures/{name}?proof={proof}"


def opens(name: str, proof: str) -> bool:
    """Whether a proof was signed for this rendition, less than an hour ago."""
    try:
        _signer().unsign(f"{name}:{proof}", max_age=LASTS)
    except signing.BadSignature:
        return False
    return True


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=_SALT)
