"""manage.py demo: a believable newsroom, invented; done once, then kept as it is.

Its people, bios and timeline stand in articles/demo/newsroom.yaml, its stories beside it as story
files. Each story's life is played through the desk's own verbs, at moments of the last months.
"""

import os
import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from articles import reads, tasks
from articles.desk import (
    notes,
    pictures,
    planning,
    press,
    redirects,
    revisions,
    taxonomy,
    workflow,
)  # fmt: skip
from articles.desk.revisions import Values
from articles.desk.rights import Program
from articles.models import Article, Author, ReadsAnHour, Redirect, Section
from articles.moments import newsroom_zone
from articles.states import Change, EndsAs, Priority
from articles.text import slug_of
from articles.wire import story_files
from articles.wire.story_files import StoryFile

FOLDER = Path(__file__).resolve().parents[2] / "demo"
PASSWORD_FILE = settings.DATA_DIR / "demo_password"
DEMO = Program("demo")
_MISTAKE = ("188 crowns", "198 crowns")
_CORRECTION = "An earlier version of this story gave the price of oats as 198 crowns. It is 188."
# The states of stories that a person of the demo writes.
_ON_THE_DESK = ("in_review", "ready", "returned", "scheduled", "embargoed")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_BEFORE_PUBLISHING = timedelta(hours=3)  # a story is begun so long before it is published


class Command(BaseCommand):
    help = "Fills an empty newsroom with a demo paper and a sign-in for each role."

    def handle(self, *args: Any, **options: Any) -> None:
        script = yaml.safe_load((FOLDER / "newsroom.yaml").read_text(encoding="utf-8"))
        with transaction.atomic():
            if not Article.objects.filter(slug__in=script["stories"]).exists():
                if Article.objects.exists():
                    raise CommandError("This newsroom has stories of its own; the demo stays out.")
                _Paper(script, _people(script), timezone.now()).print()
                self.stdout.write(f"The demo newsroom is made: {len(script['stories'])} stories.")
            _people(script)
        self._say(script["people"], _password())

    def _say(self, people: dict[str, list[str]], password: str) -> None:
        self.stdout.write(f"\n  The site   {settings.SITE_URL}/")
        self.stdout.write(f"  The admin  {settings.SITE_URL}/admin/")
        self.stdout.write(f"\n  Sign in with the password {password} as")
        for email, (role, _name) in people.items():
            self.stdout.write(f"    {email:28} {role}")
        self.stdout.write("")


class _Paper:
    """The demo's stories, and the lives they are given."""

    def __init__(self, script: dict[str, Any], people: dict[str, Any], now: datetime) -> None:
        self.script = script
        self.people = people  # by role
        self.now = now
        batch = story_files.read(story_files.find([str(FOLDER / "stories")]), newsroom_zone())
        if batch.problems:
            raise CommandError("\n".join(str(problem) for problem in batch.problems))
        self.files = {story.slug: story for story in batch.stories}
        self.ids: dict[str, int] = {}
        self.pictures: dict[str, int] = {}  # by the slug of a story that shows it

    def print(self) -> None:
        self._name_sections_and_authors()
        self._add_pictures()
        # The oldest first, as they would have come.
        slugs = sorted(self.script["stories"], key=self._begun)
        for slug in slugs:
            self.ids[slug] = self._write(self.files[slug])
        for slug in slugs:
            self._point(self.files[slug])
        for slug in slugs:
            state, _, age = self.script["stories"][slug].partition(" ")
            article = Article.objects.get(slug=slug)
            if slug in self.script["plans"]:
                self._plan(article, *self.script["plans"][slug])
            getattr(self, f"_{state}")(article, _span(age))
        for old, leads_to in self.script["old_addresses"].items():
            redirects.save(Redirect(), old, leads_to, by=DEMO, now=self.now)
        self._have_it_read()

    def _name_sections_and_authors(self) -> None:
        for place, (name, about) in enumerate(self.script["sections"].items(), 1):
            section = Section.objects.filter(name=name).first()
            section = section or Section(name=name, slug=slug_of(name))
            section.description, section.order = about, 10 * place
            taxonomy.save(section, by=DEMO, now=self.now)
        for name, bio in self.script["authors"].items():
            taxonomy.save(Author(name=name, bio=bio), by=DEMO, now=self.now)

    def _add_pictures(self) -> None:
        """Take the drawings in; the worker makes their sizes."""
        begun = min(map(self._begun, self.script["stories"]))
        for name, said in self.script["pictures"].items():
            content = (FOLDER / "pictures" / f"{name}.webp").read_bytes()
            image = pictures.add(content, by=DEMO, now=begun)
            image.alt, image.caption = said["alt"], said["caption"]
            image.credit = f"Drawing: {settings.SITE_NAME}"
            pictures.save(image, by=DEMO, now=begun)
            tasks.renditions_soon(image.pk)
            self.pictures |= dict.fromkeys(said["stories"], image.pk)

    def _have_it_read(self) -> None:
        """Count reads of the last two days, fewer by night, of what readers read most."""
        hours = [reads.hour_of(self.now) - timedelta(hours=back) for back in range(48)]
        counted = (
            ReadsAnHour(story=self.ids[slug], hour=hour, count=1 + share * _at_that_hour(hour) // 9)
            for slug, share in self.script["most_read"].items()
            for hour in hours
            if hour >= self._begun(slug) + _BEFORE_PUBLISHING
        )
        ReadsAnHour.objects.bulk_create(counted)
        reads.rank_if_due(self.now)

    # --- Text ---------------------------------------------------------------------------------

    def _begun(self, slug: str) -> datetime:
        state, _, age = self.script["stories"][slug].partition(" ")
        since = timedelta() if state == "scheduled" else _span(age)
        return self.now - since - _BEFORE_PUBLISHING

    def _values(self, file: StoryFile) -> Values:
        return Values(
            headline=file.headline,
            kind=file.kind,
            dateline=file.dateline,
            standfirst=file.standfirst,
            picture=self.pictures.get(file.slug),
            body=file.body,
            slug=file.slug,
            section=Section.objects.get(name=str(file.section)).pk,
            authors=[Author.objects.get(name=str(name)).pk for name in file.authors],
            tags=taxonomy.tags_named([str(tag) for tag in file.tags], by=DEMO, now=self.now),
        )

    def _write(self, file: StoryFile) -> int:
        begun = self._begun(file.slug)
        # What is still on the desk is the work of people, who find it in their inboxes.
        state = self.script["stories"][file.slug].partition(" ")[0]
        by = self.people["Reporter"] if state in _ON_THE_DESK else DEMO
        return revisions.create(self._values(file), by=by, now=begun).pk

    def _point(self, file: StoryFile) -> None:
        """Add a story's also-read links, once every story stands."""
        if file.also_read:
            links = [self.ids[slug] for slug in file.also_read]
            values = replace(self._values(file), also_read=links)
            self._save(self.ids[file.slug], values, self._begun(file.slug) + timedelta(hours=1))

    def _save(self, pk: int, values: Values, now: datetime) -> Article:
        seen = Article.objects.get(pk=pk).version
        return revisions.save(pk, values, by=DEMO, seen=seen, now=now)

    def _edit(self, article: Article, now: datetime, **changes: Any) -> Article:
        file = self.files[article.slug]
        links = [self.ids[slug] for slug in file.also_read]
        values = replace(self._values(file), also_read=links, **changes)
        return self._save(article.pk, values, now)

    def _plan(self, article: Article, name: str, due: str, length: int, how: str, who: str) -> None:
        ahead = -_span(due[1:]) if due.startswith("-") else _span(due)
        hour = (self.now + ahead).replace(minute=0, second=0, microsecond=0)
        plan = {
            "slugline": name,
            "due_at": hour,
            "length": length,
            "priority": Priority[how.upper()],
        }
        plan["assignee_id"] = self.people[who].pk
        now = self._begun(article.slug) + timedelta(minutes=10)
        planning.plan(article.pk, plan, by=self.people["Managing editor"], now=now)

    # --- Lives, by the names that newsroom.yaml uses ------------------------------------------

    def _draft(self, article: Article, _age: timedelta) -> None:
        """It stays what it is."""

    def _in_review(self, article: Article, _age: timedelta) -> None:
        reporter = self.people["Reporter"]
        workflow.take("submit", article.pk, by=reporter, now=self.now - timedelta(hours=2))

    def _ready(self, article: Article, age: timedelta) -> None:
        self._in_review(article, age)
        editor = self.people["Editor"]
        workflow.take("approve", article.pk, by=editor, now=self.now - timedelta(hours=1))

    def _returned(self, article: Article, age: timedelta) -> None:
        self._in_review(article, age)
        editor, now = self.people["Editor"], self.now - timedelta(minutes=50)
        handle = self.people["Reporter"].email.partition("@")[0]
        question = f"@{handle} Whose figure is the one in the third paragraph?"
        notes.add(article.pk, question, by=editor, now=now)
        why = "The third paragraph needs a source; the rest is fine."
        workflow.take("send_back", article.pk, by=editor, now=now, reason=why)

    def _embargoed(self, article: Article, ahead: timedelta) -> None:
        self._ready(article, ahead)
        until = (self.now + ahead).replace(minute=0, second=0, microsecond=0)
        given: dict[str, Any] = {"by": self.people["Publisher"], "now": self.now}
        why = "The institute’s own embargo."
        press.embargo(article.pk, until=until, reason=why, seen=0, **given)
        press.schedule(article.pk, revision=article.version, at=until, seen=1, **given)

    def _live(self, article: Article, age: timedelta) -> int:
        """Publish it when it was; return its `pressed` count."""
        begun = self._begun(article.slug)
        workflow.take("submit", article.pk, by=DEMO, now=begun + timedelta(hours=1))
        workflow.take("approve", article.pk, by=DEMO, now=begun + timedelta(hours=2))
        press.publish(article.pk, revision=article.version, by=DEMO, seen=0, now=self.now - age)
        return 1

    def _scheduled(self, article: Article, ahead: timedelta) -> None:
        self._ready(article, ahead)
        press.schedule(
            article.pk,
            revision=article.version,
            by=DEMO,
            seen=0,
            now=self.now,
            at=self.now + ahead,
        )

    def _edited(self, article: Article, age: timedelta) -> None:
        self._live(article, age)
        more = f"{article.body}<p>Further details were expected later in the day.</p>"
        self._edit(article, self.now - age / 2, body=more)

    def _updated(self, article: Article, age: timedelta) -> None:
        seen = self._live(article, age)
        more = f"{article.body}<p>This story was updated with the latest reading.</p>"
        now = self.now - age / 2
        saved = self._edit(article, now, body=more)
        self._publish_again(article, saved.version, seen, now, change=Change.UPDATE)

    def _corrected(self, article: Article, age: timedelta) -> None:
        right, begun = article.body, self._begun(article.slug) + timedelta(hours=1)
        wrong = self._edit(article, begun, body=right.replace(*_MISTAKE))
        seen = self._live(wrong, age)
        now = self.now - age / 2
        saved = self._edit(article, now, body=right)
        self._publish_again(
            article, saved.version, seen, now, change=Change.CORRECTION, note=_CORRECTION
        )

    def _publish_again(
        self, article: Article, revision: int, seen: int, now: datetime, **typed: Any
    ) -> None:
        press.publish(article.pk, revision=revision, by=DEMO, seen=seen, now=now, **typed)

    def _changing(self, article: Article, age: timedelta) -> None:
        seen = self._live(article, age)
        more = f"{article.body}<p>The minutes of the meeting have since been published.</p>"
        saved = self._edit(article, self.now - age / 2, body=more)
        press.schedule(
            article.pk,
            revision=saved.version,
            by=DEMO,
            seen=seen,
            now=self.now,
            at=self.now + timedelta(hours=16),
            change=Change.UPDATE,
        )

    def _ending(self, article: Article, age: timedelta) -> None:
        seen = self._live(article, age)
        end = self.now + timedelta(days=2)
        press.set_end(article.pk, at=end, by=DEMO, seen=seen, now=self.now)

    def _moved(self, article: Article, age: timedelta) -> None:
        seen = self._live(article, age)
        half = self.now - age / 2
        saved = self._edit(article, half, slug=f"{article.slug}-itself")
        self._publish_again(article, saved.version, seen, half, change=Change.TYPO)

    def _unpublished(self, article: Article, age: timedelta) -> None:
        seen = self._live(article, age)
        reason = "The agency withdrew its report."
        press.unpublish(article.pk, reason=reason, by=DEMO, seen=seen, now=self.now - age / 2)

    def _expired(self, article: Article, age: timedelta) -> None:
        seen = self._live(article, age)
        end = self.now - age / 2
        press.set_end(article.pk, at=end, by=DEMO, seen=seen, now=self.now - age)

    def _gone(self, article: Article, age: timedelta) -> None:
        self._taken_down(article, age, EndsAs.GONE, "A name in it could not be confirmed.")

    def _vanished(self, article: Article, age: timedelta) -> None:
        self._taken_down(article, age, EndsAs.VANISHED, "Published by mistake: a test page.")

    def _taken_down(self, article: Article, age: timedelta, how: EndsAs, reason: str) -> None:
        seen = self._live(article, age)
        now = self.now - age / 2
        who = "The editor-in-chief"
        press.take_down(
            article.pk, how=how, reason=reason, authority=who, by=DEMO, seen=seen, now=now
        )


def _at_that_hour(hour: datetime) -> int:
    """How much is read at an hour of the newsroom's day: 1 by night, 9 at the most."""
    return 9 - min(8, abs(hour.astimezone(newsroom_zone()).hour - 12))


def _span(age: str) -> timedelta:
    """“12m” as a length of time; none is none."""
    return timedelta(**{_UNITS[age[-1]]: int(age[:-1])}) if age else timedelta()


def _people(script: dict[str, Any]) -> dict[str, Any]:
    """The demo's people by their roles; made where they are missing."""
    password = _password()
    return {
        role: _make_person(email, role, name, password)
        for email, (role, name) in script["people"].items()
    }


def _password() -> str:
    """The demo's one password: made on this machine once, and readable by its owner only."""
    if named := os.environ.get("DEMO_PASSWORD"):
        return named
    if not PASSWORD_FILE.exists():
        PASSWORD_FILE.parent.mkdir(parents=True, exist_ok=True)
        PASSWORD_FILE.touch(mode=0o600)
        PASSWORD_FILE.write_text(secrets.token_urlsafe(9))
    return PASSWORD_FILE.read_text()


def _make_person(email: str, role: str, name: str, password: str) -> Any:
    people = get_user_model().objects
    if known := people.filter(email=email).first():
        return known
    person = people.create_user(email, password, display_name=name)
    person.groups.add(Group.objects.get(name=role))
    return person
