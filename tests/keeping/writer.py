"""python -m tests.keeping.writer STEPS: a desk at work. Stories are written, published and changed
through the press, pictures come and go. With 0 it goes on until its input ends, a line a step."""

import json
import select
import sys

import django

django.setup()

from django.db import connection
from django.utils import timezone

from articles.desk import pictures, press, revisions
from articles.desk.revisions import Values
from articles.desk.rights import Program
from articles.models import Author, ListKind, NameWord, Section
from tests import files

BY = Program("tests")


def story(number: int, section: int, author: int) -> None:
    values = Values(
        f"Ünruly “Harbour” {number}", section, body=f"<p>Line {number}\\n\tof it.</p>",
        authors=[author],
    )  # fmt: skip
    made = revisions.create(values, by=BY, now=timezone.now())
    press.publish(made.pk, revision=1, by=BY, seen=0, now=timezone.now())
    if number % 2:
        press.unpublish(made.pk, reason="A test", by=BY, seen=1, now=timezone.now())
        press.publish(made.pk, revision=1, by=BY, seen=2, now=timezone.now())


def main(steps: int) -> None:
    section = Section.objects.get(slug="world").pk
    author = Author.objects.get_or_create(name="Ilse Hartmann", slug="ilse-hartmann")[0].pk
    if "articles_nameword" in connection.introspection.table_names():  # not some releases ago
        NameWord.objects.write_all(ListKind.AUTHOR, Author.objects.all())
    photo = files.photo(600, 400)
    number, last = 0, None
    while number < steps or (not steps and not select.select([sys.stdin], [], [], 0)[0]):
        number += 1
        story(number, section, author)
        image = pictures.add(photo, by=BY, now=timezone.now())
        if last and number % 2:
            pictures.delete(last, by=BY, now=timezone.now())
        last = image
        print(json.dumps(number), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
