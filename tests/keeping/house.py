"""python -m tests.keeping.house: look through a whole site for anything that is half there; print,
as JSON, how many rows each table has and a hash of them, and of each file that they name."""

import hashlib
import json

import django

django.setup()

from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from articles.desk import search, soundness
from articles.models import Article, Image, Rendition
from newsroom.keeping import tables
from tests.desk import verdicts
from tests.desk.observed import Observed


def check() -> None:
    """Every story, as the press's own properties have it; and what only a torn copy would break."""
    now = timezone.now()
    assert list(soundness.faults(now)) == []
    for article in Article.objects.all():
        verdicts.check_line(Observed.look(article.pk), now)
        assert article.pk in search.find(article.headline).among([article.pk])


def rows(table: str) -> list[str]:
    found = tables.ask(connection, f"SELECT * FROM {connection.ops.quote_name(table)}")
    return sorted(repr(row) for row in found)


def hashed(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def main() -> None:
    check()
    named = [*Image.objects.values_list("file", flat=True)]
    named += Rendition.objects.values_list("file", flat=True)
    files = {name: hashed(default_storage.open(name).read()) for name in named}
    of_search = tuple(f"{table}_" for table in tables.SEARCH)  # FTS5 keeps it as it likes
    held = {
        table: (len(found := rows(table)), hashed("\n".join(found).encode()))
        for table in tables.names(connection)
        if not table.startswith(of_search)
    }
    print(json.dumps({"tables": held, "files": files}))


if __name__ == "__main__":
    main()
