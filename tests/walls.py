"""The wall between readers and the desk: a public request that asks a desk table fails.

Any page that is read fails as well where it asks for each of its rows by itself (N+1).
"""

import re
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from zeal import zeal_context

DESK_TABLES = (
    "articles_article",
    "articles_articletag",
    "articles_byline",
    "articles_alsoread",
    "articles_revision",
    "articles_move",
    "articles_slugclaim",
    "articles_sectionmember",
    "articles_openform",
    "articles_note",
    "articles_notice",
    "articles_noticechoice",
    "articles_sharelink",
    "articles_shareview",
    "articles_receipt",
    "articles_savedfilter",
    "articles_feedtopic",
    "articles_hublook",
    "articles_search",
    "articles_front",
)
_NAMES_A_DESK_TABLE = re.compile(rf'"({"|".join(DESK_TABLES)})"', re.IGNORECASE)


class DeskTableAsked(AssertionError):
    """Readers' code named a table of the desk."""


def refuse_desk_tables(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    if found := _NAMES_A_DESK_TABLE.search(sql):
        raise DeskTableAsked(f"A public page asked {found[1]}: {sql[:300]}")
    return execute(sql, params, many, context)


class WallMiddleware:
    """Stands before every public request of every test."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # A share link is a door of the desk's for one person outside: it opens what the desk
        # keeps, and every other request to /share/ is answered as an address that never was.
        if request.path.startswith(("/admin/", "/share/")):
            # A verb asks again what may have changed, and is no list.
            with zeal_context() if request.method == "GET" else nullcontext():
                return self.get_response(request)
        with connection.execute_wrapper(refuse_desk_tables), zeal_context():
            return self.get_response(request)
