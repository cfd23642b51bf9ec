"""No index repeats the beginning of another: each is written with every row, and read by none."""

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import CheckConstraint


def indexes(table):
    """Columns by name; PostgreSQL's second index of a text, for LIKE, stands for itself."""
    partial = partial_ones()
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table)
    return {
        name: (tuple(filter(None, index["columns"] or [])), index["unique"])
        for name, index in found.items()
        if name not in partial
        if index["index"] or index["unique"] or index["primary_key"]
        if not name.endswith("_like")
    }


def partial_ones():
    """Those that hold some rows only: none of them repeats another."""
    return {
        rule.name
        for model in apps.get_app_config("articles").get_models()
        for rule in (*model._meta.indexes, *model._meta.constraints)
        if getattr(rule, "condition", None) and not isinstance(rule, CheckConstraint)
    }


@pytest.mark.django_db
def test_no_index_is_the_beginning_of_another():
    repeated = []
    for model in apps.get_app_config("articles").get_models(include_auto_created=True):
        held = indexes(model._meta.db_table)
        repeated += [
            f"{name} {columns}: see {other}"
            for name, (columns, is_rule) in held.items()
            for other, (longer, _) in held.items()
            if name != other and not is_rule and columns and longer[: len(columns)] == columns
        ]
    assert repeated == []
