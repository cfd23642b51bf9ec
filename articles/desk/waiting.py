"""What waits for a person, and why: who asks for what of which story, and where it is done."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.desk import notice_words, overview, rights
from articles.desk.picks import WAITING, Cause, Pick
from articles.desk.rights import Actor
from articles.models import Article, Move, Note, Notice, Reason
from articles.states import VERBS

SOON = timedelta(hours=2)
# How far back a person's notices are looked through for what they have not dealt with.
NOTICES = 1_000
MOST_NOTICES = 40
QUOTED = 140


@dataclass(frozen=True)
class Ask:
    """One reason why a story waits: what to do, who asks, and where it is done."""

    cause: Cause
    what: str  # “Review it.”
    words: str
    button: str
    address: str
    since: datetime


@dataclass(frozen=True)
class Due:
    """Until when, or since when: in words, and how pressing it is (“late”, “soon” or neither)."""

    kind: str
    words: str
    more: str = ""


@dataclass(frozen=True)
class Job:
    """A story that waits for a person. The first of its reasons has the button."""

    article: Any
    asks: tuple[Ask, ...]
    due: Due

    @property
    def first(self) -> Ask:
        return self.asks[0]

    @property
    def is_pressing(self) -> bool:
        """Whether it is late or due soon."""
        return bool(self.due.kind)


# --- What notices ask for --------------------------------------------------------------------


def told(by: Actor) -> list[Notice]:
    """The mentions that a person neither read nor answered, and their texts still set beside.

    By the newest of their notices: one query. Who wants no mentions in the inbox has none here;
    a text of one's own waits whatever one wants to be told.
    """
    newest = Notice.objects.filter(person=by.pk).order_by("-pk").values("pk")[:NOTICES]
    answers = Note.objects.filter(article=OuterRef("article"), by=by.pk, at__gte=OuterRef("at"))
    mentioned = Q(reason=Reason.MENTIONED, read_at=None, in_inbox=True) & ~Exists(answers)
    beside = Q(reason=Reason.SET_BESIDE) & ~Q(details__has_key="joined")
    may_open = Exists(rights.stories_for(by).filter(pk=OuterRef("article")))
    rows = Notice.objects.filter(mentioned | beside, may_open, pk__in=newest).order_by("-pk")
    return list(rows[:MOST_NOTICES])


def picks_of(notices: Iterable[Notice]) -> list[Pick]:
    """The stories that notices are about, as picks."""
    return [Pick(_BY_NOTICE[row.reason], row.article_id, None, row.at) for row in notices]


_BY_NOTICE: Mapping[str, Cause] = {
    Reason.MENTIONED: Cause.MENTIONED,
    Reason.SET_BESIDE: Cause.SETTLE,
}
_WAITS = {
    Cause.SETTLE, Cause.REVIEW, Cause.ANSWER, Cause.WRITE, Cause.PUBLISH, Cause.MENTIONED
}  # fmt: skip


def most_urgent(picks: Iterable[Pick]) -> list[Pick]:
    """Those of the picks that wait, of so many stories as stand on the page."""
    waiting = sorted((pick for pick in picks if pick.cause in _WAITS), key=_urgency)
    stories = list(dict.fromkeys(pick.about for pick in waiting))[:WAITING]
    return [pick for pick in waiting if pick.about in stories]


def _urgency(pick: Pick) -> tuple[bool, datetime, datetime]:
    return (pick.due is None, pick.due or pick.since, pick.since)


# --- Rows ------------------------------------------------------------------------------------


def jobs(
    picks: Iterable[Pick],
    stories: Mapping[int, Any],
    steps: Mapping[int, Move],
    notices: Iterable[Notice],
    *,
    by: Actor,
    t: datetime,
) -> list[Job]:
    """What waits, the most urgent first: a story once, with all its reasons.

    `stories` by id, those that the person may open; `steps` their newest step, by story.
    """
    asks: dict[int, dict[Cause, Ask]] = {}
    by_story = {(_BY_NOTICE[row.reason], row.article_id): row for row in notices}
    for pick in picks:
        article = stories.get(pick.about or 0)
        if article is None:
            continue
        cause = Cause(pick.cause)
        step = steps.get(article.pk)
        ask = (
            _of_notice(cause, by_story[cause, article.pk], t)
            if cause in (Cause.MENTIONED, Cause.SETTLE)
            else _of_step(cause, article, step, pick.since, by, t)
        )
        if ask:
            asks.setdefault(article.pk, {}).setdefault(cause, ask)
    found = [_job(stories[pk], said, t) for pk, said in asks.items()]
    return sorted(found, key=lambda job: _order(job.article, job.asks))


def _job(article: Any, said: dict[Cause, Ask], t: datetime) -> Job:
    if Cause.ANSWER in said:
        said.pop(Cause.WRITE, None)  # it says the same, and less
    asks = tuple(said[cause] for cause in Cause if cause in said)
    return Job(article, asks, _due(article.due_at, _since(asks), t))


def _since(asks: Iterable[Ask]) -> datetime:
    return min(ask.since for ask in asks)


def _order(article: Article, asks: Iterable[Ask]) -> tuple[bool, datetime, int]:
    due = article.due_at
    return (due is None, due or _since(asks), article.pk)


def _due(due: datetime | None, since: datetime, t: datetime) -> Due:
    if due is None:
        return Due("", _("since %(when)s") % {"when": overview.when(since, t)})
    if due <= t:
        return Due("late", _("was due"), overview.when(due, t))
    words = _("due %(when)s") % {"when": overview.when(due, t)}
    if due - t <= SOON:
        return Due("soon", words, overview.how_far(due, t))
    return Due("", words)


def _of_notice(cause: Cause, notice: Notice, t: datetime) -> Ask:
    address = notice_words.address(notice)
    if cause == Cause.SETTLE:
        words = _("A colleague changed the same as you, and your text waits beside theirs.")
        return Ask(cause, _("Settle it."), words, _("Settle"), address, notice.at)
    said = {"who": notice.by_name, "when": overview.how_far(notice.at, t)}
    words = _quoting(_("%(who)s mentions you in a note, %(when)s") % said, notice.details["text"])
    return Ask(cause, _("Answer the note."), words, _("Open the note"), address, notice.at)


def _of_step(
    cause: Cause, article: Any, step: Move | None, since: datetime, by: Actor, t: datetime
) -> Ask | None:
    """The reason as the story's newest step gives it; None where it is none after all."""
    address = reverse("admin:articles_article_change", args=[article.pk])
    since = step.at if step else since
    said = {
        "who": step.by_name if step else "",
        "when": overview.how_far(since, t),
        "section": article.section.name,
    }
    why = step.reason if step else ""
    if cause == Cause.REVIEW:
        four_eyes = article.section.four_eyes
        what = _("Second pair of eyes.") if four_eyes else _("Review it.")
        return Ask(cause, what, _asked(step, said, why), _("Review"), address, since)
    if cause == Cause.ANSWER:
        if step is None or step.by == by.pk:
            return None  # who sent it back themselves need not be told
        words = _quoting(_("%(who)s sent it back %(when)s") % said, why)
        return Ask(cause, _("Answer."), words, _("Open"), address, since)
    if cause == Cause.WRITE:
        words = _("It is assigned to you, and still a draft.")
        return Ask(cause, _("Write it."), words, _("Write"), address, since)
    if not rights.may(by, VERBS["publish"].permission, [article.section_id]):
        return None
    words = _("%(who)s approved it %(when)s, and it is neither out nor scheduled.") % said
    return Ask(cause, _("Publish it."), words, _("Publish"), address, since)


def _asked(step: Move | None, said: Mapping[str, str], why: str) -> str:
    if step is None or step.verb not in ("submit", "reopen"):
        return _("It is in review.")
    if step.verb == "reopen":
        return _("%(who)s changed the approved text %(when)s.") % said
    return _quoting(_("%(who)s asked %(when)s") % said, why)


def _quoting(sentence: str, quoted: str) -> str:
    """A sentence (without its full stop) and what its person said: “Bo asked: “Now?””."""
    flat = " ".join(quoted.split())
    if not flat:
        return f"{sentence}."
    short = flat if len(flat) <= QUOTED else flat[: QUOTED - 1].rstrip() + "…"
    return _("%(sentence)s: “%(quoted)s”") % {"sentence": sentence, "quoted": short}
