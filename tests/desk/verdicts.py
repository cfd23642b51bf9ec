"""The press's rules once more, as a judge: must a verb be done or refused, and what follows.

It reads rows, knows nothing of timeline.py, and says MAY where the rules leave it to a text
(whether two edits can be merged).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from articles.desk.sheet import Pending
from articles.models import Revision
from articles.states import EndsAs, PublicState
from tests.desk.observed import Observed

DONE, REFUSED, MAY = "done", "refused", "may"
TAKEN_DOWN = {PublicState.GONE, PublicState.VANISHED}
STANDING = set(PublicState) - TAKEN_DOWN
LIVE = {PublicState.LIVE}
SOURCES = {
    "unpublish": LIVE,
    "take_down": {*LIVE, PublicState.EXPIRED, PublicState.HIDDEN, PublicState.GONE},
    "restore": TAKEN_DOWN,
    **dict.fromkeys(("embargo", "break_embargo", "hold", "lift_hold"), set(PublicState)),
}
WITHDRAWALS = ("unpublish", "take_down")
NEEDS_REASON = ("unpublish", "take_down", "restore", "break_embargo", "hold", "lift_hold")
LETS_OUT = ("publish", "schedule", "update_scheduled", "move", "restore")
CLOCKS_MAY_DIFFER = timedelta(seconds=2)


@dataclass(frozen=True)
class Case:
    """A verb about to be pressed."""

    verb: str
    before: Observed
    clock: datetime
    stale: bool
    args: tuple
    values: dict[str, Any]

    @property
    def last(self) -> datetime:
        return self.before.moves[-1]["at"]

    @property
    def is_behind(self) -> bool:
        return self.last - self.clock > CLOCKS_MAY_DIFFER

    @property
    def own(self) -> datetime:
        """The verb's moment."""
        if self.is_behind and self.verb in WITHDRAWALS:
            return self.clock
        return max(self.clock, self.last)

    @property
    def start(self) -> datetime:
        return self.args[0]

    @property
    def pending(self) -> list[dict[str, Any]]:
        return self.before.pending(self.own)


def verdict(case: Case) -> str:
    """Whether the rules want a verb done or refused, or leave it open."""
    if case.stale or (case.is_behind and case.verb not in WITHDRAWALS):
        return REFUSED
    # A withdrawal by a clock that is behind is of what the other clocks show by now.
    state = case.before.state(max(case.own, case.last))
    if state not in SOURCES.get(case.verb, STANDING):
        return REFUSED
    if case.verb in NEEDS_REASON and not case.values["reason"].strip():
        return REFUSED
    if "revision" in case.values and not _printable(case.before, case.values["revision"]):
        return REFUSED
    if case.verb in LETS_OUT and case.before.article["held"]:
        return REFUSED
    judged = _JUDGES.get(case.verb, lambda _: DONE)(case)
    if judged == DONE and case.verb in LETS_OUT:
        return _let_out(case)
    return judged


def _let_out(case: Case) -> str:
    """Nothing goes out before an embargo, nor to who had the story before without a word of why."""
    at = {"publish": case.own, "restore": case.own, "move": case.values.get("to")}.get(
        case.verb, case.values.get("at") or (case.args[0] if case.args else None)
    )
    until = case.before.article["embargo"]
    merges = case.values.get("pending") is Pending.MERGE
    if until and at < until:
        return REFUSED
    if case.verb == "move":
        return DONE
    if merges:
        return MAY
    return _said(case, at)


def _said(case: Case, at: datetime) -> str:
    change, note = case.values.get("change", ""), case.values.get("note", "")
    earlier = [row for row in case.before.versions if row["starts_at"] <= at]
    if case.verb == "update_scheduled":
        earlier = [row for row in earlier if row["starts_at"] < at]
    if not [row for row in earlier if row["starts_at"] != row["ends_at"]]:
        # Nobody had it before; or one of no length stands there, which the rules leave open.
        return MAY if earlier else DONE
    if change in ("correction", "clarification"):
        return DONE if note else REFUSED
    if change == "legal" and not (case.values.get("as_new") or case.values.get("reason")):
        return REFUSED
    if change:
        return DONE
    return MAY  # done where the text is as it was


def _printable(before: Observed, number: int) -> bool:
    found = Revision.objects.filter(article=before.story, number=number).first()
    return bool(found and found.snapshot["body"])


def _publish(case: Case) -> str:
    return _settled(case, case.own)


def _settled(case: Case, since: datetime) -> str:
    choice = case.values.get("pending")
    if not any(row["starts_at"] > since for row in case.pending):
        return DONE
    if choice is None:
        return REFUSED
    return MAY if choice is Pending.MERGE else DONE


def _schedule(case: Case) -> str:
    at, until = case.values["at"], case.values.get("until")
    line = case.before.line(case.own)
    if at <= case.own or any(row["starts_at"] == at for row in line):
        return REFUSED
    if until and until <= at:
        return REFUSED
    settled = _settled(case, at)
    if settled != DONE or not until:
        return settled
    if case.values.get("pending") is Pending.CANCEL:
        return MAY  # what follows, and where the version before it ends, is settled first
    covering = case.before.shown(at)
    if covering and covering["ends_as"] == EndsAs.EXPIRED:
        return REFUSED
    if any(at < row["starts_at"] < until for row in line):
        return REFUSED
    # A second end inside the time of one that stands: the first could be lost with its version.
    ends = [row for row in line if row["ends_as"] == EndsAs.EXPIRED and row["ends_at"] > at]
    inside = covering and (covering["brings_end"] or any(not row["brings_end"] for row in ends))
    return MAY if inside else DONE


def _scheduled(case: Case) -> str:
    return DONE if any(row["starts_at"] == case.start for row in case.pending) else REFUSED


def _move(case: Case) -> str:
    to = case.values["to"]
    if _scheduled(case) == REFUSED or to <= case.own:
        return REFUSED
    line = case.before.line(case.own)
    index = next(n for n, row in enumerate(line) if row["starts_at"] == case.start)
    if line[index]["ends_at"] and to >= line[index]["ends_at"]:
        return REFUSED
    before = line[index - 1] if index else None
    if before and before["ends_as"] == EndsAs.NEXT and before["ends_at"] == case.start:
        return REFUSED if to <= before["starts_at"] else DONE
    return REFUSED if before and to < before["ends_at"] else DONE


def _set_end(case: Case) -> str:
    line, at = case.before.line(case.own), case.values["at"]
    if not line:
        return REFUSED
    return DONE if at is None or at > max(case.own, line[-1]["starts_at"]) else REFUSED


def _embargo(case: Case) -> str:
    until, stands = case.values["until"], case.before.article["embargo"]
    if until <= case.own:
        return REFUSED
    return REFUSED if stands and case.own < stands and until < stands else DONE


def _break_embargo(case: Case) -> str:
    stands = case.before.article["embargo"]
    return DONE if stands and stands > case.own else REFUSED


_JUDGES = {
    "embargo": _embargo,
    "break_embargo": _break_embargo,
    "hold": lambda case: REFUSED if case.before.article["held"] else DONE,
    "lift_hold": lambda case: DONE if case.before.article["held"] else REFUSED,
    "publish": _publish,
    "schedule": _schedule,
    "update_scheduled": _scheduled,
    "move": _move,
    "cancel": _scheduled,
    "set_end": _set_end,
}


# --- What follows from a verb that was done ---------------------------------------------------


def check(case: Case, after: Observed, moments: list[datetime]) -> None:
    """Look at what a verb did; `moments` are those to compare before and after at."""
    before, own = case.before, case.own
    move = after.moves[-1]
    assert (move["verb"], move["at"]) == (case.verb, own)
    assert len(after.moves) == len(before.moves) + 1
    takes_away = case.verb in (*WITHDRAWALS, "set_end")
    moved = takes_away or after.versions != before.versions
    assert after.edition["number"] == before.edition["number"] + moved
    withdrawn = after.edition["withdrawals"] - before.edition["withdrawals"]
    assert withdrawn == takes_away
    for t in moments:
        _check_past(case, after, t) if t < own else None
    _OUTCOMES[case.verb](case, after, [t for t in moments if t >= own])


def _check_past(case: Case, after: Observed, t: datetime) -> None:
    if case.values.get("how") == EndsAs.VANISHED:
        assert after.shown(t) is None, f"a vanished story shows at {t}"
        return
    assert after.history(t) == case.before.history(t), f"{case.verb} changed the past, {t}"
    assert after.state(t) == case.before.state(t), f"{case.verb} changed the past, {t}"


def _same(case: Case, after: Observed, moments: list[datetime]) -> None:
    for t in moments:
        assert after.shown_id(t) == case.before.shown_id(t), (
            f"{case.verb} changed what shows at {t}"
        )


def _published(case: Case, after: Observed, moments: list[datetime]) -> None:
    shown, own = after.shown(case.own), case.own
    assert shown["revision"] == case.values["revision"]
    assert shown["starts_at"] == own
    newest = case.before.newest_begun(own)
    first = newest["first_published_at"] if newest and not case.values.get("as_new") else own
    assert shown["first_published_at"] == first
    starts = [row["starts_at"] for row in case.pending]
    if case.values.get("pending") is Pending.CANCEL:
        assert after.pending(own) == []
    elif starts:
        assert [row["starts_at"] for row in after.pending(own)] == starts
        _same(case, after, [t for t in moments if t >= starts[0]])
    else:
        _ends_alike(case, after)


def _ends_alike(case: Case, after: Observed) -> None:
    """With nothing scheduled, a fix to what is live changes nothing of when the story ends."""
    live = case.before.shown(case.own)
    assert after.shown(case.own)["ends_at"] == (live and live["ends_at"])


def _was_scheduled(case: Case, after: Observed, moments: list[datetime]) -> None:
    at, until = case.values["at"], case.values.get("until")
    new = next(row for row in after.pending(case.own) if row["starts_at"] == at)
    assert new["revision"] == case.values["revision"]
    _same(case, after, [t for t in moments if t < at])
    if until:
        assert (new["ends_at"], new["ends_as"]) == (until, EndsAs.EXPIRED)
    if case.values.get("pending") is Pending.CANCEL:
        assert after.pending(case.own)[-1] == new
    elif new["ends_at"]:
        rest = [t for t in moments if t >= new["ends_at"]]
        covering = case.before.shown(at)
        _same(case, after, [t for t in rest if case.before.shown(t) != covering])


def _updated(case: Case, after: Observed, moments: list[datetime]) -> None:
    row = next(row for row in after.pending(case.own) if row["starts_at"] == case.start)
    assert row["revision"] == case.values["revision"]
    _same(case, after, moments)


def _moved(case: Case, after: Observed, moments: list[datetime]) -> None:
    start, to = sorted((case.start, case.values["to"]))
    _same(case, after, [t for t in moments if not start <= t < to])
    row = next(row for row in case.pending if row["starts_at"] == case.start)
    assert after.shown_id(case.values["to"]) == row["id"]


def _cancelled(case: Case, after: Observed, moments: list[datetime]) -> None:
    row = next(row for row in case.pending if row["starts_at"] == case.start)
    end = row["ends_at"]
    assert row["id"] not in [other["id"] for other in after.versions]
    if row["brings_end"]:  # its end was its own: the version before it stands on
        end = next((o["starts_at"] for o in case.pending if o["starts_at"] > case.start), None)
    _same(case, after, [t for t in moments if t < case.start or (end and t >= end)])
    before = next((o for o in case.before.versions if o["ends_at"] == case.start), None)
    goes_on = before and before["ends_as"] == EndsAs.NEXT and before["starts_at"] < case.start
    assert after.shown_id(case.start) == (before["id"] if goes_on else None)


def _ended(case: Case, after: Observed, moments: list[datetime]) -> None:
    at = case.values["at"]
    _same(case, after, [t for t in moments if t < (after.versions[-1]["starts_at"])])
    assert after.versions[-1]["ends_at"] == at
    assert at is None or after.state(at) == PublicState.EXPIRED


def _withdrawn(case: Case, after: Observed, moments: list[datetime]) -> None:
    how = case.values.get("how", EndsAs.HIDDEN)
    for t in moments:
        assert after.shown(t) is None, f"{case.verb} left it shown at {t}"
        assert after.state(t) == PublicState(how), f"at {t}"
    if how == EndsAs.VANISHED:
        assert after.list_rows == []


def _embargoed(case: Case, after: Observed, moments: list[datetime]) -> None:
    until = case.values["until"]
    assert after.article["embargo"] == until
    live = case.before.shown(case.own)
    for t in (t for t in moments if t < until):
        shown = after.shown(t)
        assert shown is None or (live and shown["id"] == live["id"]), f"let out at {t}"


def _held(case: Case, after: Observed, moments: list[datetime]) -> None:
    assert after.article["held"]
    assert after.pending(case.own) == []


def _freed(case: Case, after: Observed, moments: list[datetime]) -> None:
    field = {"break_embargo": "embargo", "lift_hold": "held"}[case.verb]
    assert not after.article[field]
    _same(case, after, moments)


_OUTCOMES = {
    "embargo": _embargoed,
    "break_embargo": _freed,
    "hold": _held,
    "lift_hold": _freed,
    "publish": _published,
    "restore": _published,
    "schedule": _was_scheduled,
    "update_scheduled": _updated,
    "move": _moved,
    "cancel": _cancelled,
    "set_end": _ended,
    "unpublish": _withdrawn,
    "take_down": _withdrawn,
}


# --- What is true of a story's line at any time -----------------------------------------------


def check_line(now: Observed, clock: datetime) -> None:
    """No two overlap, an end says what follows, no gap that nobody asked for, first moments."""
    versions = now.versions
    assert sum(row["ends_at"] is None for row in versions) <= 1
    starts = {row["starts_at"] for row in versions}
    shown = [row for row in versions if row["starts_at"] != row["ends_at"]]
    for row, following in zip(shown, shown[1:], strict=False):
        assert row["ends_at"] is not None, "an open version has one after it"
        assert row["ends_at"] <= following["starts_at"], "two versions overlap"
    for row in versions:
        assert (row["ends_at"] is None) == (row["ends_as"] == "")
        assert row["ends_at"] is None or row["starts_at"] <= row["ends_at"]
        assert row["first_published_at"] <= row["updated_at"] <= row["starts_at"]
        if row["ends_as"] == EndsAs.NEXT:
            assert row["ends_at"] in starts, "a gap that nobody asked for"
    _check_first(now, max(clock, now.moves[-1]["at"]))


def _check_first(now: Observed, t: datetime) -> None:
    """Rule 5: what has not begun has the story's first moment, or the earliest start left."""
    # As the last verb left it: by its moment nothing that has begun since had.
    moment = now.moves[-1]["at"]
    waiting, newest = now.pending(moment), now.newest_begun(moment)
    if waiting:
        first = newest["first_published_at"] if newest else waiting[0]["starts_at"]
        assert {row["first_published_at"] for row in waiting} == {first}
    assert all(row["first_published_at"] <= t for row in now.versions if row["starts_at"] <= t)
