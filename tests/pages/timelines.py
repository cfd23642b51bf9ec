"""Random stories, and what readers were served while this and that was done to them."""

from datetime import timedelta
from random import Random

from django.core.exceptions import ValidationError

from articles import intervals
from articles.desk import overview, press
from articles.desk.sheet import Pending
from articles.models import Article, Author, Publication, Section, Tag
from articles.states import EndsAs, possible
from tests.conftest import NOW, PROGRAM
from tests.desk.pressing import rewrite

MICROSECOND, SECOND = timedelta(microseconds=1), timedelta(seconds=1)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
STORIES = 3
STEP = (MICROSECOND, SECOND, MINUTE, 20 * MINUTE, HOUR, 5 * HOUR, 2 * DAY)
VERBS = ("publish",) * 5 + ("schedule",) * 4 + ("set_end", "unpublish", "take_down", "restore")
KINDS = ("update", "correction", "clarification", "typo")


class Timeline:
    """A few stories, random verbs, and what readers were served on the way."""

    def __init__(self, seed, write, clock):
        self.random, self.clock, self.t = Random(seed), clock, NOW
        self.sections = list(Section.objects.values_list("pk", flat=True))
        self.authors = [Author.objects.create(name=n, slug=n.lower()).pk for n in ("Ann", "Zed")]
        self.tags = [Tag.objects.create(name=n, slug=n).pk for n in ("ports", "rivers")]
        self.stories = [write(f"Story {n}") for n in range(STORIES)]
        self.served = []

    def pick(self, *values):
        return self.random.choice(values)

    def forward(self, *, to_an_edge=False):
        """Let time go by; now and then to where something begins or ends, or just before."""
        edge = intervals.next_change(self.t) if to_an_edge and self.pick(0, 1, 1) else None
        before = edge and edge - self.pick(timedelta(), timedelta(), MICROSECOND)
        after = self.t + self.random.choice(STEP)
        self.t = before if before and before > self.t else after
        self.clock.move_to(self.t)

    def text(self, story):
        return {
            "headline": f"Headline {self.random.randint(0, 99)}",
            "body": f"<p>Text {self.random.randint(0, 999)}.</p>",
            "slug": f"story-{story.pk}-{self.pick(0, 0, 0, 1, 2)}",
            "section": self.pick(*self.sections),
            "authors": self.random.sample(self.authors, self.pick(0, 1, 2)),
            "tags": self.random.sample(self.tags, self.pick(0, 1, 2)),
            "also_read": [other.pk for other in self.stories if other != story],
        }

    def happens(self):
        """One verb on one story; what the story's state forbids does not happen."""
        story = self.pick(*self.stories)
        standing = overview.overview(Article.objects.get(pk=story.pk), self.t).standing
        verb = self.pick(*(name for name in VERBS if name in possible(standing)))
        values = {"reason": "Of course"}
        if verb in ("publish", "schedule", "restore"):
            values |= {
                "change": self.pick(*KINDS),
                "note": self.pick("Said.", "Told."),
                "sure": True,
            }
            values["pending"] = self.pick(*Pending)
        if verb == "schedule":
            values["at"] = self.t + self.random.choice(STEP)
            values["until"] = self.pick(None, values["at"] + self.random.choice(STEP))
        elif verb == "set_end":
            values = {"at": self.t + self.random.choice(STEP)}
        elif verb == "take_down":
            values |= {"how": EndsAs.GONE, "authority": "A court"}
        elif verb == "restore":
            values.pop("pending")
        try:
            if "change" in values:
                values["revision"] = rewrite(story, now=self.t, **self.text(story))
            seen = Article.objects.get(pk=story.pk).pressed
            getattr(press, verb)(story.pk, by=PROGRAM, seen=seen, now=self.t, **values)
        except ValidationError:
            return

    def paths(self):
        lists = ("/", "/world/", "/national/", "/author/ann/", "/tag/ports/", "/corrections/")
        lists += ("/archive/", "/archive/2026/06/", "/archive/2026/06/19/", "/archive/2026/06/20/")
        lists += (
            "/sitemap.xml",
            "/sitemaps/2026-06.xml",
            "/news-sitemap.xml",
            "/authors/",
            "/topics/",
        )
        stories = sorted(set(Publication.objects.values_list("path", flat=True)))
        return [*lists, *stories, *(f"{path}versions/" for path in stories)]

    def serve(self, client):
        self.served += [(self.t, path, client.get(path)) for path in self.paths()]
