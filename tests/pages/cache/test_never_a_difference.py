"""Random lives of a paper, and readers at random moments: what the cache serves is, byte for byte,
what would be rendered at that moment, its labels included."""

import os
from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from articles.desk import fronts, pictures, taxonomy
from articles.desk.fronts import Put
from articles.models import Author, Front, Image, Section, Tag
from articles.models.front import HOME
from tests.conftest import PROGRAM
from tests.pages.timelines import Timeline

pytestmark = pytest.mark.django_db

PAPERS = int(os.environ.get("CACHE_EXAMPLES", "2"))
STEPS, ASKED_A_STEP = 30, 6


class Paper(Timeline):
    """Stories and verbs as in a timeline; and names, pictures, fronts and banners that change."""

    def __init__(self, seed, write, clock, add_picture):
        super().__init__(seed, write, clock)
        self.pictures = [add_picture(make=True).pk for _ in range(2)]

    def text(self, story):
        return {**super().text(story), "picture": self.pick(None, *self.pictures)}

    def happens(self):
        also = (self.names, self.licence, self.withdrawal, self.front, self.banner)
        with suppress(ValidationError):
            self.pick(*[super().happens] * 6, *also)()

    def names(self):
        kind = self.pick(Section, Author, Tag)
        named = self.pick(*kind.objects.all())
        named.name = f"Name {self.random.randint(0, 99)}"
        taxonomy.save(named, by=PROGRAM, now=self.t)

    def licence(self):
        image = Image.objects.get(pk=self.pick(*self.pictures))
        image.ends_at = self.pick(None, self.t + timedelta(minutes=self.random.randint(1, 90)))
        pictures.save(image, by=PROGRAM, now=self.t)

    def withdrawal(self):
        image = Image.objects.get(pk=self.pick(*self.pictures))
        turn = pictures.restore if image.withheld else pictures.withdraw
        turn(image.pk, reason="Rights", by=PROGRAM, now=self.t)

    def front(self):
        section = self.pick(HOME, *self.sections)
        seen = Front.objects.filter(section=section).values_list("pressed", flat=True).first() or 0
        put = Put(self.pick(*self.stories).pk, self.t + timedelta(minutes=self.pick(5, 50, 500)))
        at = self.pick(None, self.t + timedelta(minutes=self.random.randint(1, 60)))
        arrangement = [put, None, None, None, None]
        fronts.publish(section, arrangement, by=PROGRAM, seen=seen, now=self.t, at=at)

    def banner(self):
        until = self.t + timedelta(minutes=self.random.randint(1, 120))
        fronts.show_banner("Just in", None, until=until, by=PROGRAM, now=self.t)

    def some_paths(self):
        paths = [*self.paths(), "/rss.xml", "/api/stories/", "/search/?q=headline", "/nowhere/"]
        return self.random.sample(paths, min(ASKED_A_STEP, len(paths)))


@pytest.mark.parametrize("seed", range(PAPERS))
def test_what_the_cache_serves_is_what_would_be_rendered_at_that_moment(
    seed, reader, client, write, clock, add_picture
):
    paper = Paper(seed, write, clock, add_picture)
    statuses = set()
    for step in range(STEPS):
        if paper.pick(0, 1):
            paper.happens()
            reader.hears()
        for path in paper.some_paths():
            served, fresh = reader.ask(path), client.get(path)
            assert (served.status, served.body) == (fresh.status_code, fresh.content), (step, path)
            assert served.headers.get("location") == fresh.get("Location")
            statuses.add(served.status)
        if paper.pick(0, 1):
            paper.forward(to_an_edge=True)
    counts = reader.site.cache.counts
    assert counts["hit"] + counts["shared"] > 10, "the cache was not asked for what it had"
    assert {200, 404} <= statuses
