"""Who is told more than whether the site is well: this machine itself, and who has the token."""

from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

# By any of these a proxy says that it asks for somebody else.
FORWARDING = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto",
              "X-Real-Ip")  # fmt: skip


def may_see_inside(request: HttpRequest) -> bool:
    """Whether who asks is no stranger."""
    return _bears_the_token(request) or _is_this_machine(request)


def _bears_the_token(request: HttpRequest) -> bool:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    is_bearer = kind.lower() == "bearer"  # RFC 9110, section 11.1: in any case
    return (
        bool(settings.OPS_TOKEN) and is_bearer and constant_time_compare(token, settings.OPS_TOKEN)
    )


def _is_this_machine(request: HttpRequest) -> bool:
    if any(name in request.headers for name in FORWARDING):
        return False
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:  # a socket's file: whoever may connect to it is the proxy
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address.is_loopback
