"""What a query reads: its plan on either database, and what is wrong with it."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection

Query = tuple[str, Any]  # SQL, parameters

# What a query may read, whatever a page's depth, a list's length or a story's versions: rows
# in one node of a PostgreSQL plan, rows sorted there (20 stories bear some 80 names), and steps of
# SQLite's virtual machine.
MOST_ROWS = 200
MOST_SORTED = 120
MOST_STEPS = 6_000
# Tables of a few rows, which a plan may read whole.
TINY = {f"articles_{n}" for n in ("edition", "mostread", "section", "sectionmember")}
# Tables whose rows must come in order from an index.
IN_ORDER = {f"articles_{n}" for n in ("article", "listrow", "move", "publication", "revision")}

_ALIAS = re.compile(r'"(\w+)" (?:AS )?"?([UVW]\d+|T\d+)\b')
_BY_AN_INDEX = re.compile(r" USING | VIRTUAL TABLE INDEX ")  # the latter is the full text's
_BY_ITS_KEY = re.compile(r'ORDER BY (1|"\w+"\."id") (ASC|DESC) LIMIT \d+$')
_LOOP = re.compile(r"(?:SCAN|SEARCH) (\w+)\b(.*)")


def asked(question: Callable[[], object]) -> list[Query]:
    """Every SELECT that a question asks the database."""
    queries: list[Query] = []

    def catch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip("( ").startswith(("SELECT", "WITH")):
            queries.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(catch):
        question()
    return queries


def faults(query: Query, *, times: int = 1) -> list[str]:
    """What is wrong with how a query reads; empty: bounded ranges of indexes, in their order.

    It may read so many times what a list's page reads: a calendar asks for each of its days.
    """
    if _on_postgresql():
        return _faults_on_postgresql(query, times)
    return _faults_on_sqlite(query, times)


def work(query: Query) -> int:
    """How much a query reads: rows on PostgreSQL, steps of the virtual machine on SQLite."""
    if not _on_postgresql():
        return _steps(query)
    return sum(_rows_read(node) for node in _nodes(_plan_on_postgresql(query)))


def described(query: Query) -> str:
    """A query with its plan, for people."""
    if _on_postgresql():
        lines = [_words(node) for node in _nodes(_plan_on_postgresql(query))]
    else:
        lines = [words for _node, _parent, words in _plan_on_sqlite(query)]
    return "\n".join([query[0] % tuple(map(repr, query[1] or ())), *lines])


def forget_statistics() -> None:
    """Let SQLite plan as on a database where nobody ever ran ANALYZE, until the rollback."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sqlite_stat1")
    reload_statistics()


def reload_statistics() -> None:
    """Let SQLite plan by the statistics that its table holds: it reads them but once."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE sqlite_schema")


def _on_postgresql() -> bool:
    return connection.vendor == "postgresql"


def _run(how: str, query: Query) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(f"{how} {query[0]}", query[1])
        return cursor.fetchall()


# --- SQLite -------------------------------------------------------------------------------------


def _plan_on_sqlite(query: Query) -> list[tuple[int, int, str]]:
    """(node, the node it is part of, words), a line each."""
    return [(row[0], row[1], row[3]) for row in _run("EXPLAIN QUERY PLAN", query)]


def _faults_on_sqlite(query: Query, times: int) -> list[str]:
    names = {alias: table for table, alias in _ALIAS.findall(query[0])}
    found, read = [], {}
    for _node, parent, words in _plan_on_sqlite(query):
        if loop := _LOOP.match(words):
            table = names.get(loop[1], loop[1])
            read.setdefault(parent, set()).add(table)
            # In the order of its own key, of a table so many rows are read as are asked for.
            is_whole = not _BY_AN_INDEX.search(loop[2]) and not _BY_ITS_KEY.search(query[0])
            if is_whole and table.startswith("articles_") and table not in TINY:
                found.append(f"reads a whole table: {words} ({table})")
        elif "TEMP B-TREE" in words and read.get(parent, set()) & IN_ORDER:
            found.append(f"sorts a list: {words} ({read[parent]})")
    if (steps := _steps(query)) > times * MOST_STEPS:
        found.append(f"takes {steps:,} steps")
    return found


def _steps(query: Query) -> int:
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    connection.ensure_connection()
    connection.connection.set_progress_handler(count, 1)
    try:
        _run("", query)
    finally:
        connection.connection.set_progress_handler(None, 0)
    return steps


# --- PostgreSQL ---------------------------------------------------------------------------------


def _plan_on_postgresql(query: Query) -> dict[str, Any]:
    ((answer,),) = _run("EXPLAIN (ANALYZE, FORMAT JSON)", query)
    plan: dict[str, Any] = answer[0]["Plan"]
    return plan


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _nodes(part)


def _rows_read(node: dict[str, Any]) -> int:
    """The rows that a node took from a table or index, in all its loops."""
    if "Scan" not in node["Node Type"]:
        return 0
    removed = ("Rows Removed by Filter", "Rows Removed by Index Recheck")
    return round(
        (node["Actual Rows"] + sum(node.get(k, 0) for k in removed)) * node["Actual Loops"]
    )


def _words(node: dict[str, Any]) -> str:
    parts = [
        node.get(k) for k in ("Node Type", "Relation Name", "Index Name", "Index Cond", "Filter")
    ]
    rows = f"{_rows_read(node)} rows in {node['Actual Loops']} loops"
    return " · ".join([*(part for part in parts if part), rows])


def _faults_on_postgresql(query: Query, times: int) -> list[str]:
    found = []
    for node in _nodes(_plan_on_postgresql(query)):
        kind, of = node["Node Type"], node.get("Relation Name", node.get("Index Name", ""))
        if kind == "Seq Scan" and of not in TINY and node["Actual Loops"]:
            found.append(f"reads a whole table: {kind} {of}")
        if (rows := _rows_read(node)) > times * MOST_ROWS:
            found.append(f"reads {rows:,} rows: {kind} {of}")
        if (
            "Sort" in kind
            and (rows := sum(part["Actual Rows"] for part in node["Plans"])) > times * MOST_SORTED
        ):
            found.append(f"sorts {rows:,.0f} rows: {kind}")
    return found
