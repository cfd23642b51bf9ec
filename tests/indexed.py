"""What the readers' index holds, and what it is to hold by what is printed."""

from django.db import connection

from articles import body, reading_index
from articles.models import Publication
from articles.words import different_words_in

_IDS = (1 << reading_index.ID_BITS) - 1


def rows():
    """Of each row: its place (below zero: the past) and its words."""
    is_sqlite = connection.vendor == "sqlite"
    columns = "rowid, words" if is_sqlite else "place, tsvector_to_array(words)"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM articles_reading_search")
        found = cursor.fetchall()
    return {at: set(words.split() if is_sqlite else words) for at, words in found}


def wanted():
    """Of each version that is not withheld and was or will be shown: its place and its words."""
    printed = Publication.objects.filter(withheld=False).select_related("text")
    return {
        reading_index.place(row.pk, row.first_published_at): set(
            different_words_in(
                f"{row.headline}\n{row.text.standfirst}\n{body.plain_text(row.text.body)}"
            )
        )
        for row in printed
        if row.starts_at != row.ends_at
    }


def check(t):
    """Whatever holds at t or later is held once, with its words, and the past apart."""
    held = rows()
    places = [at if at > 0 else at - reading_index.PAST for at in held]
    assert dict(zip(places, held.values(), strict=True)) == wanted()
    assert len(set(places)) == len(held)
    unfinished = Publication.objects.filter(withheld=False).unfinished(t)
    for key, start, end in unfinished.values_list("pk", "starts_at", "ends_at"):
        assert start == end or key in {at & _IDS for at in held if at > 0}, key
