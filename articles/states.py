"""Desk statuses, what readers see of a story, and the table of the press's verbs."""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DeskStatus(models.TextChoices):
    """Where a story stands on the desk; it says nothing about what readers see."""

    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    READY = "ready", _("ready")


class EndsAs(models.TextChoices):
    """What follows a Publication's end; empty exactly while it has none."""

    NEXT = "next", _("another version follows")
    EXPIRED = "expired", _("expired: 410")
    HIDDEN = "hidden", _("unpublished: 404")
    GONE = "gone", _("taken down: 410")
    VANISHED = "vanished", _("taken down without a trace: 404")


class PublicState(models.TextChoices):
    """What readers get at a story's address at a moment."""

    NEVER = "never", _("not public")
    LIVE = "live", _("live")
    EXPIRED = "expired", _("expired")
    HIDDEN = "hidden", _("unpublished")
    GONE = "gone", _("gone")
    VANISHED = "vanished", _("vanished")


@dataclass(frozen=True)
class Verb:
    """One thing the press can do: from which public states, and with which permission."""

    label: str | Promise
    permission: str
    sources: frozenset[PublicState]
    needs: str = ""  # "pending": something scheduled; "line": something live or scheduled
    needs_reason: bool = False


_PUBLISH, _TAKE_DOWN = "articles.publish_article", "articles.take_down_article"
_STANDING = frozenset(
    {PublicState.NEVER, PublicState.LIVE, PublicState.EXPIRED, PublicState.HIDDEN}
)
_LIVE = frozenset({PublicState.LIVE})

VERBS: dict[str, Verb] = {
    "publish": Verb(_("Publish now"), _PUBLISH, _STANDING),
    "schedule": Verb(_("Schedule"), _PUBLISH, _STANDING),
    "update_scheduled": Verb(_("Update what is scheduled"), _PUBLISH, _STANDING, needs="pending"),
    "move": Verb(_("Move"), _PUBLISH, _STANDING, needs="pending"),
    "cancel": Verb(_("Cancel"), _PUBLISH, _STANDING, needs="pending"),
    "set_end": Verb(_("Set an end"), _PUBLISH, _STANDING, needs="line"),
    "unpublish": Verb(_("Unpublish"), _PUBLISH, _LIVE),
    "take_down": Verb(
        _("Take down"),
        _TAKE_DOWN,
        _LIVE | {PublicState.EXPIRED, PublicState.HIDDEN, PublicState.GONE},
        needs_reason=True,
    ),
    "restore": Verb(
        _("Restore"),
        _TAKE_DOWN,
        frozenset({PublicState.GONE, PublicState.VANISHED}),
        needs_reason=True,
    ),
}


def possible(state: PublicState, *, pending: bool) -> list[str]:
    """The names of the verbs that a story's state allows, in the table's order."""
    met = {"": True, "pending": pending, "line": pending or state == PublicState.LIVE}
    return [name for name, verb in VERBS.items() if state in verb.sources and met[verb.needs]]


@dataclass(frozen=True)
class DeskMove:
    """One step of a story on the desk: from where, to where, and with which permission."""

    label: str | Promise
    permission: str
    sources: frozenset[DeskStatus]
    target: DeskStatus


DESK_MOVES: dict[str, DeskMove] = {
    "submit": DeskMove(
        _("Submit for review"),
        "articles.change_article",
        frozenset({DeskStatus.DRAFT}),
        DeskStatus.IN_REVIEW,
    ),
    "withdraw": DeskMove(
        _("Withdraw from review"),
        "articles.change_article",
        frozenset({DeskStatus.IN_REVIEW}),
        DeskStatus.DRAFT,
    ),
    "send_back": DeskMove(
        _("Send back"),
        "articles.change_others_article",
        frozenset({DeskStatus.IN_REVIEW, DeskStatus.READY}),
        DeskStatus.DRAFT,
    ),
    "approve": DeskMove(
        _("Approve"),
        "articles.change_others_article",
        frozenset({DeskStatus.IN_REVIEW}),
        DeskStatus.READY,
    ),
}
