"""python -m tests.benchmarks.presses: publishes a story anew for each line that it reads.

It answers by a line of JSON: when that was committed (seconds of the machine's monotonic clock),
the story's address, and the headline that it has now. On the database of DATABASE_URL.
"""

import json
import sys
import time

import django

django.setup()

from django.db import transaction
from django.utils import timezone

from articles.desk import press, revisions
from articles.desk.revisions import Values
from articles.desk.rights import Program
from articles.models import Article, Section

BY = Program("benchmarks")


class Story:
    """A story of our own, that is public."""

    def __init__(self) -> None:
        section = Section.objects.order_by("pk")[0]
        self.values = Values("Pressed", section.pk, body="<p>The harbour opened on Tuesday.</p>")
        self.pk = revisions.create(self.values, by=BY, now=timezone.now()).pk
        self.publish("Pressed", change="")

    @transaction.atomic
    def publish(self, headline: str, *, change: str = "update") -> None:
        """Give it a headline and show it to readers, in one transaction."""
        found, now = Article.objects.get(pk=self.pk), timezone.now()
        values = Values(headline, self.values.section, body=self.values.body, slug=found.slug)
        saved = revisions.save(self.pk, values, by=BY, seen=found.version, now=now)
        press.publish(
            self.pk,
            revision=saved.version,
            by=BY,
            seen=found.pressed,
            now=now,
            **({"change": change} if change else {}),
        )

    def path(self) -> str:
        found = Article.objects.select_related("section").get(pk=self.pk)
        return f"/{found.section.slug}/{found.slug}/"


def main() -> None:
    story = Story()
    path = story.path()
    for number, _line in enumerate(sys.stdin):
        headline = f"Pressed {number} times"
        story.publish(headline)
        print(json.dumps({"at": time.monotonic(), "path": path, "headline": headline}), flush=True)


if __name__ == "__main__":
    main()
