"""Story files at the desk: what an import does with each story, and how it is written.

An import owns what it wrote last, and replaces it when the file has changed. What somebody
edited at the desk since is named and left; so is what somebody published, scheduled or
withdrawn there, where the import would have to publish. Each story is one transaction, and done
a second time it does nothing: a run that broke off is run again.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum, auto
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models.fields.json import KT

from articles import body
from articles.desk import press, revisions, taxonomy
from articles.desk.handed import Named, Story
from articles.desk.overview import Overview, overview
from articles.desk.revisions import Stale, Values
from articles.desk.rights import Program
from articles.models import Article, Move, Revision, SlugClaim
from articles.moments import newsroom_zone
from articles.states import VERBS, Change, PublicState

PROGRAM = Program("story import")
NOTE = "story file"  # on every revision that an import writes
_BY_IMPORT: dict[str, Any] = {"by": None, "by_name": str(PROGRAM), "note": NOTE}
_SLUGS_A_QUERY = 500


class Outcome(StrEnum):
    """What becomes of a story."""

    NEW = auto()
    CHANGED = auto()
    SAME = auto()
    LEFT = auto()
    REFUSED = auto()
    FAILED = auto()


class Step(StrEnum):
    """What the press does for a story."""

    OPEN = "published"
    PUBLISH = "published anew"
    SCHEDULE = "scheduled"
    CANCEL = "taken off the schedule"
    MOVE = "moved on the schedule"
    UPDATE = "scheduled with the new text"


@dataclass(frozen=True)
class Plan:
    """What is to be done with a story, or was done."""

    outcome: Outcome
    steps: tuple[Step, ...] = ()
    start: datetime | None = None  # of what is scheduled
    why: str = ""  # it is left, refused, or failed
    key: str = ""  # of the file, which is refused; and which entry of the key's list
    entry: str = ""

    @property
    def writes(self) -> bool:
        return self.outcome in (Outcome.NEW, Outcome.CHANGED)


Plans = list[tuple[Story, Plan]]


class Filing:
    """One run of an import: its stories, and which of them the desk has."""

    def __init__(
        self, stories: Sequence[Story], *, publish: bool, others: Collection[str] = ()
    ) -> None:
        """`others` are slugs of stories that will come once their files are right."""
        self.stories = stories
        self.publish = publish
        self.coming = {*others, *(story.slug for story in stories)}
        pointed_to = (slug for story in stories for slug in story.also_read)
        self.ids = _ids_of([*dict.fromkeys((*self.coming, *pointed_to))])

    # --- What is to be done ------------------------------------------------------------------

    def check(self, now: datetime) -> Plans:
        """Return what would be done with each story; a story is refused once a reason."""
        return [
            (story, plan)
            for story in self.stories
            for plan in list(self._faults(story)) or [self._plan(story, now)]
        ]

    def _faults(self, story: Story) -> Iterator[Plan]:
        for slug in story.also_read:
            if slug not in self.ids and slug not in self.coming:
                yield _refused("also_read", f"There is no story “{slug}”.", entry=slug)
        if self.publish and story.published and not story.body:
            yield _refused("published", "This story has no text, so it cannot be published.")

    def _plan(self, story: Story, now: datetime) -> Plan:
        article_id = self.ids.get(story.slug)
        if article_id is None:
            return Plan(Outcome.NEW, self._first_steps(story, now))
        standing = Standing.of(article_id, now)
        is_changed = not _alike(self._wanted(story), standing.snapshot)
        plan = self._publishing(story, standing, now)
        if not is_changed and plan.outcome == Outcome.SAME:
            return plan
        if not standing.was_filed:
            other = standing.shown.article.headline
            return _refused("slug", f"“{story.slug}” is the slug of another story, “{other}”.")
        if standing.was_edited:
            return Plan(Outcome.LEFT, why="it was edited at the desk since")
        if standing.was_pressed and plan.outcome != Outcome.SAME:
            return Plan(Outcome.LEFT, why="it was published or withdrawn at the desk since")
        return replace(plan, outcome=Outcome.CHANGED) if plan.outcome == Outcome.SAME else plan

    def _first_steps(self, story: Story, now: datetime) -> tuple[Step, ...]:
        if not self.publish or story.published is None:
            return ()
        return (Step.OPEN,) if story.published <= now else (Step.SCHEDULE,)

    def _publishing(self, story: Story, standing: "Standing", now: datetime) -> Plan:
        """What the press has to do so that readers get the file's text from its moment on."""
        shown, steps = standing.shown, self._first_steps(story, now)
        if not steps:
            return Plan(Outcome.SAME)
        if shown.live is None and shown.pending:
            return self._scheduled(story, standing, now)
        if shown.state == PublicState.NEVER:
            return _changed(*steps)
        if shown.live is None:
            return Plan(Outcome.LEFT, why="it is not on the site any more")
        if shown.live.first_published_at != story.published:
            first = shown.live.first_published_at.astimezone(newsroom_zone()).isoformat()
            return _refused("published", f"Readers have had this story since {first}.")
        if _alike(self._wanted(story), standing.snapshot_of(shown.live.revision)):
            return Plan(Outcome.SAME)
        if shown.pending:
            return Plan(Outcome.LEFT, why="a later version of it is scheduled")
        return _changed(Step.PUBLISH)

    def _scheduled(self, story: Story, standing: "Standing", now: datetime) -> Plan:
        """The same, of a story that is not live but scheduled."""
        slot = standing.shown.pending[0]
        if story.published and story.published <= now:
            return _changed(Step.CANCEL, Step.OPEN, start=slot.starts_at)
        steps = [Step.MOVE] if slot.starts_at != story.published else []
        if not _alike(self._wanted(story), standing.snapshot_of(slot.revision)):
            steps.append(Step.UPDATE)
        return _changed(*steps, start=slot.starts_at) if steps else Plan(Outcome.SAME)

    def _wanted(self, story: Story) -> dict[str, Any]:
        """The story as a snapshot holds it; None for an id that there is not yet."""
        return {
            "kind": story.kind,
            "headline": story.headline,
            "dateline": story.dateline,
            "slug": story.slug,
            "standfirst": story.standfirst,
            "body": story.body,
            "section": story.section.pk,
            "authors": [author.pk for author in story.authors],
            "tags": [tag.pk for tag in story.tags],
            "also_read": [self.ids.get(slug) for slug in story.also_read],
        }

    # --- Writing -----------------------------------------------------------------------------

    def write(self, plans: Plans, clock: Callable[[], datetime]) -> Iterator[tuple[Story, Plan]]:
        """Write every story that the plans call new or changed, each in its transaction.

        Stories come after those they point to. Where they point at each other in a circle, one
        is written as a draft without the link, and with it, and published, at the end.
        """
        yield from ((story, plan) for story, plan in plans if not plan.writes)
        begun: set[str] = set()
        failed: set[str] = set()
        waiting = []
        for story in in_order([story for story, plan in plans if plan.writes]):
            ahead = {slug for slug in story.also_read if slug not in self.ids}
            if ahead and not ahead & failed:
                waiting.append(story)
                if story.slug not in self.ids:
                    self._attempt(self._begin, story, clock())
                    begun.add(story.slug)
                continue
            plan = self._attempt(self._file, story, clock())
            if plan.outcome == Outcome.FAILED:
                failed.add(story.slug)
            yield story, plan
        for story in waiting:
            plan = self._attempt(self._file, story, clock())
            is_new = story.slug in begun and plan.outcome == Outcome.CHANGED
            yield story, replace(plan, outcome=Outcome.NEW) if is_new else plan

    def _attempt(
        self, write: Callable[[Story, datetime], Plan], story: Story, now: datetime
    ) -> Plan:
        """Write in a transaction; what somebody did meanwhile is a failure, not a crash."""
        to_make, is_known = missing(story), story.slug in self.ids
        try:
            with transaction.atomic():
                return write(story, now)
        except (Stale, ValidationError, IntegrityError) as error:
            for named in to_make:
                named.pk = None
            if not is_known:
                self.ids.pop(story.slug, None)
            says = " ".join(getattr(error, "messages", ["somebody is at work on it"]))
            return Plan(Outcome.FAILED, why=says)

    def _begin(self, story: Story, now: datetime) -> Plan:
        """Write a new story as a draft that points only to what there is."""
        _make_missing(story, now)
        wanted = self._wanted(story)
        wanted["also_read"] = [pk for pk in wanted["also_read"] if pk]
        self._create(story, wanted, now)
        return Plan(Outcome.NEW)

    def _file(self, story: Story, now: datetime) -> Plan:
        plan = self._plan(story, now)
        if plan.outcome == Outcome.REFUSED:
            return replace(plan, outcome=Outcome.FAILED)
        if not plan.writes:
            return plan
        _make_missing(story, now)
        wanted = self._wanted(story)
        if None in wanted["also_read"]:
            raise ValidationError("A story that it points to could not be written.")
        write = self._create if plan.outcome == Outcome.NEW else self._save
        article = write(story, wanted, now)
        for step in plan.steps:
            _press(step, article, story, plan.start, now)
        return plan

    def _create(self, story: Story, wanted: dict[str, Any], now: datetime) -> Article:
        article = revisions.create(Values(**wanted), by=PROGRAM, now=now, note=NOTE)
        self.ids[story.slug] = article.pk
        return article

    def _save(self, story: Story, wanted: dict[str, Any], now: datetime) -> Article:
        pk = self.ids[story.slug]
        seen = Article.objects.values_list("version", flat=True).get(pk=pk)
        return revisions.save(pk, Values(**wanted), by=PROGRAM, seen=seen, now=now, note=NOTE)


@dataclass(frozen=True)
class Standing:
    """Where a story stands, and whether the desk has touched it since an import did."""

    shown: Overview
    snapshot: dict[str, Any]
    was_filed: bool
    was_edited: bool
    was_pressed: bool

    @classmethod
    def of(cls, article_id: int, now: datetime) -> "Standing":
        """How a story stands at a moment."""
        article = Article.objects.get(pk=article_id)
        newest = Revision.objects.get(article=article, number=article.version)
        filed = Revision.objects.filter(article=article, **_BY_IMPORT)
        moves = Move.objects.filter(article=article_id, verb__in=VERBS).order_by("-pk")
        last = moves.values_list("by", "by_name").first()
        return cls(
            shown=overview(article, now),
            snapshot=newest.snapshot,
            was_filed=filed.exists(),
            was_edited=not filed.filter(pk=newest.pk).exists(),
            was_pressed=last not in (None, (None, str(PROGRAM))),
        )

    def snapshot_of(self, number: int) -> dict[str, Any]:
        """What a revision of the story holds."""
        return Revision.objects.get(article=self.shown.article, number=number).snapshot


def missing(story: Story) -> list[Named]:
    """The section, authors and tags that have to be made for a story."""
    return [named for named in (story.section, *story.authors, *story.tags) if named.pk is None]


def in_order(stories: Sequence[Story]) -> Iterator[Story]:
    """The stories, each after those it points to, but for one in each circle."""
    by_slug = {story.slug: story for story in stories}
    reached: set[str] = set()
    for root in stories:
        path = [(root, iter(root.also_read))] if root.slug not in reached else []
        reached.add(root.slug)
        while path:
            story, rest = path[-1]
            following = next((s for s in rest if s in by_slug and s not in reached), None)
            if following is None:
                path.pop()
                yield story
            else:
                reached.add(following)
                path.append((by_slug[following], iter(by_slug[following].also_read)))


def _ids_of(slugs: Sequence[str]) -> dict[str, int]:
    """The stories that slugs belong to: by their working copies, old claims, or old files."""
    ids: dict[str, int] = {}
    for start in range(0, len(slugs), _SLUGS_A_QUERY):
        asked = slugs[start : start + _SLUGS_A_QUERY]
        ids.update(SlugClaim.objects.filter(pk__in=asked).values_list("pk", "article"))
        ids.update(Article.objects.filter(slug__in=asked).values_list("slug", "pk"))
    # A draft whose slug was changed at the desk left no claim; its file must not make a second.
    filed = Revision.objects.filter(**_BY_IMPORT).order_by("pk")
    unknown = {slug for slug in slugs if slug not in ids}
    if unknown:
        for slug, article in filed.values_list(KT("fields__slug"), "article").iterator():
            if slug in unknown:
                ids[slug] = article
    return ids


def _alike(wanted: dict[str, Any], snapshot: dict[str, Any]) -> bool:
    """Whether a snapshot is what a file says, whatever white space stands between its blocks."""
    return all(
        body.blocks(snapshot[key]) == body.blocks(value)
        if key == "body"
        else snapshot[key] == value
        for key, value in wanted.items()
    )


def _changed(*steps: Step, start: datetime | None = None) -> Plan:
    return Plan(Outcome.CHANGED, steps, start)


def _refused(key: str, why: str, *, entry: str = "") -> Plan:
    return Plan(Outcome.REFUSED, why=why, key=key, entry=entry)


def _make_missing(story: Story, now: datetime) -> None:
    for named in missing(story):
        row: Any = named.kind(name=named.name, slug=named.slug)
        named.pk = taxonomy.save(row, by=PROGRAM, now=now).pk


def _press(step: Step, article: Article, story: Story, start: Any, now: datetime) -> None:
    pk, revision = article.pk, article.version
    at: Any = story.published  # never None where there is a step, nor is the start of a slot
    seen = Article.objects.values_list("pressed", flat=True).get(pk=pk)
    given: dict[str, Any] = {"by": PROGRAM, "seen": seen, "now": now}
    match step:
        case Step.OPEN:
            press.open_in_the_past(pk, revision=revision, since=at, **given)
        case Step.PUBLISH:
            press.publish(pk, revision=revision, change=Change.UPDATE, **given)
        case Step.SCHEDULE:
            press.schedule(pk, revision=revision, at=at, **given)
        case Step.CANCEL:
            press.cancel(pk, start, **given)
        case Step.MOVE:
            press.move(pk, start, to=at, **given)
        case Step.UPDATE:
            press.update_scheduled(pk, at, revision=revision, **given)
