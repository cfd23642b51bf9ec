"""Desk statuses, what readers see of a story, and the one table of what may be done to a story."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DeskStatus(models.TextChoices):
    """Where a story stands on the desk; it says nothing about what readers see."""

    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    READY = "ready", _("ready")


class Priority(models.IntegerChoices):
    """How much a story matters to the day's plan."""

    MUST = 1, _("must run")
    NORMAL = 2, _("normal")
    CAN_WAIT = 3, _("can wait")


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


# Taken off the site by somebody: what the site answers can be looked at (desk/receipts.py).
WITHDRAWN = (PublicState.HIDDEN, PublicState.GONE, PublicState.VANISHED)


class Change(models.TextChoices):
    """What kind of change a version is to the one that readers had before it."""

    TYPO = "typo", _("typo: nothing that was said changes")
    UPDATE = "update", _("update: there is news")
    CORRECTION = "correction", _("correction: something was wrong")
    CLARIFICATION = "clarification", _("clarification: something could be misread")
    LEGAL = "legal", _("legal: changed on advice")


# A correction or clarification tells readers what it is about.
NEEDS_NOTE = (Change.CORRECTION, Change.CLARIFICATION)
# The others leave the time at which a story was updated as it was.
MOVES_UPDATED = (Change.UPDATE, Change.CORRECTION)

_ANY_STATUS = frozenset(DeskStatus)
_ANY_STATE = frozenset(PublicState)


class Needs(models.TextChoices):
    """What else has to be true of a story for a verb to make sense."""

    PENDING = "pending"  # something scheduled
    LINE = "line"  # something live or scheduled
    HELD = "held"
    NOT_HELD = "not_held"
    EMBARGO = "embargo"  # one that is in force


@dataclass(frozen=True)
class Verb:
    """One thing that can be done to a story: from where, to where, and with which permission."""

    label: str | Promise
    permission: str
    desk: frozenset[DeskStatus] = _ANY_STATUS  # from which desk statuses
    public: frozenset[PublicState] = _ANY_STATE  # from which public states
    becomes: DeskStatus | None = None  # the desk status it leads to; None: as it was
    needs: str = ""  # one of Needs
    needs_reason: bool = False
    needs_edit: bool = False  # whether only who may edit the story may do it
    goes_out: bool = False  # lets something reach readers: never while held or embargoed
    is_press: bool = True  # of the press: moves the count that the press swaps on


_EDIT, _EDIT_OTHERS = "articles.change_article", "articles.change_others_article"
_PUBLISH, _TAKE_DOWN = "articles.publish_article", "articles.take_down_article"
_STANDING = frozenset(
    {PublicState.NEVER, PublicState.LIVE, PublicState.EXPIRED, PublicState.HIDDEN}
)
_LIVE = frozenset({PublicState.LIVE})
_DRAFT, _IN_REVIEW, _READY = (frozenset({status}) for status in DeskStatus)


def _desk(label: Promise, permission: str, desk: frozenset, to: DeskStatus, **more: Any) -> Verb:
    return Verb(label, permission, desk=desk, becomes=to, needs_edit=True, is_press=False, **more)


def _out(label: Promise, **more: Any) -> Verb:
    return Verb(label, _PUBLISH, public=_STANDING, goes_out=True, **more)


VERBS: Mapping[str, Verb] = MappingProxyType(
    {
        "submit": _desk(_("Submit for review"), _EDIT, _DRAFT, DeskStatus.IN_REVIEW),
        "withdraw": _desk(_("Withdraw from review"), _EDIT, _IN_REVIEW, DeskStatus.DRAFT),
        "send_back": _desk(
            _("Send back"),
            _EDIT_OTHERS,
            _IN_REVIEW | _READY,
            DeskStatus.DRAFT,
            needs_reason=True,
        ),
        "approve": _desk(_("Approve"), _EDIT_OTHERS, _IN_REVIEW, DeskStatus.READY),
        "publish": _out(_("Publish now")),
        "schedule": _out(_("Schedule")),
        "update_scheduled": _out(_("Update what is scheduled"), needs=Needs.PENDING),
        "move": _out(_("Move"), needs=Needs.PENDING),
        "cancel": Verb(_("Cancel"), _PUBLISH, public=_STANDING, needs=Needs.PENDING),
        "set_end": Verb(_("Set an end"), _PUBLISH, public=_STANDING, needs=Needs.LINE),
        "embargo": Verb(_("Set an embargo"), "articles.set_embargo"),
        "break_embargo": Verb(
            _("Break the embargo"),
            "articles.break_embargo",
            needs=Needs.EMBARGO,
            needs_reason=True,
        ),
        "hold": Verb(_("Hold"), "articles.hold_article", needs=Needs.NOT_HELD, needs_reason=True),
        "lift_hold": Verb(
            _("Lift the hold"), "articles.hold_article", needs=Needs.HELD, needs_reason=True
        ),
        "unpublish": Verb(_("Unpublish"), _PUBLISH, public=_LIVE, needs_reason=True),
        "take_down": Verb(
            _("Take down"),
            _TAKE_DOWN,
            public=_LIVE | {PublicState.EXPIRED, PublicState.HIDDEN, PublicState.GONE},
            needs_reason=True,
        ),
        "restore": Verb(
            _("Restore"),
            _TAKE_DOWN,
            public=frozenset({PublicState.GONE, PublicState.VANISHED}),
            needs_reason=True,
            goes_out=True,
        ),
        "erase": Verb(_("Erase by law"), "articles.erase_article", needs_reason=True),
    }
)


# What is done to one version that readers had and have no more, from the story's history. It is no
# step of the story, so none of its buttons; whether a version is such a one, the press looks.
OF_A_VERSION: Mapping[str, Verb] = MappingProxyType(
    {
        "withhold": Verb(
            _("Withhold this version"),
            _TAKE_DOWN,
            public=_ANY_STATE - {PublicState.NEVER},
            needs_reason=True,
        ),
        "show_again": Verb(
            _("Show this version again"),
            _TAKE_DOWN,
            public=_ANY_STATE - {PublicState.NEVER, PublicState.VANISHED},
            needs_reason=True,
            goes_out=True,
        ),
    }
)
RULES: Mapping[str, Verb] = MappingProxyType({**VERBS, **OF_A_VERSION})


@dataclass(frozen=True)
class Standing:
    """Where a story stands at a moment, as far as the table asks."""

    desk: DeskStatus
    public: PublicState
    is_pending: bool = False
    is_held: bool = False
    is_embargoed: bool = False
    is_erased: bool = False

    def meets(self, need: str) -> bool:
        """Whether one of Needs (or none) is met."""
        return {
            "": True,
            Needs.PENDING: self.is_pending,
            Needs.LINE: self.is_pending or self.public == PublicState.LIVE,
            Needs.HELD: self.is_held,
            Needs.NOT_HELD: not self.is_held,
            Needs.EMBARGO: self.is_embargoed,
        }[need]

    def allows(self, verb: Verb) -> bool:
        """Whether the verb can be done to such a story, by whoever may."""
        return (
            not self.is_erased
            and self.desk in verb.desk
            and self.public in verb.public
            and self.meets(verb.needs)
            and not (verb.goes_out and self.is_held)
        )


def possible(standing: Standing) -> list[str]:
    """The names of the verbs that can be done to such a story, in the table's order."""
    return [name for name, verb in VERBS.items() if standing.allows(verb)]
