"""The calendar as a person sees it, and what is due in it."""

from articles.desk import planning
from tests.conftest import NOW, PROGRAM

MONTH = "/admin/calendar/?month=2026-06"


def due(story, at, **more):
    return planning.plan(story.pk, {"due_at": at, **more}, by=PROGRAM, now=NOW)


def chips(answer):
    """What a page shows: {“2026-06-19”: [“15:00 due Flood”, …]}."""
    found = {}
    for week in answer.context["weeks"]:
        for day in week:
            said = [f"{chip.clock} {chip.words} {chip.title}" for chip in day.chips]
            if said:
                found[day.day.isoformat()] = said
    return found


def shown(desk, address=MONTH):
    answer = desk.get(address)
    assert answer.status_code == 200
    return chips(answer)
