"""How the desk's tests share a story, ask for its links, and keep it in."""

from datetime import timedelta

from articles.desk import sharing
from articles.states import EndsAs
from tests.conftest import NOW, PROGRAM
from tests.desk.pressing import HOUR, do

DAY = timedelta(days=1)


def share(story, *, revision=1, until=NOW + DAY, by=PROGRAM, now=NOW, **known):
    known.setdefault("person", "Ada Moss")
    return sharing.share(story.pk, revision=revision, expires_at=until, by=by, now=now, **known)


def address(token):
    return f"/share/{token}/"


def page_of(story, more=""):
    return f"/admin/articles/article/{story.pk}/share/{more}"


def typed(**values):
    return {"person": "Ada Moss", "expires_at": "2026-06-20T06:00", **values}


def opens(client, token):
    answer = client.get(address(token))
    assert answer.status_code in (200, 404)
    return answer.status_code == 200


def embargo(story, until=NOW + 2 * HOUR):
    do("embargo", story, until=until)


def hold(story):
    do("hold", story, reason="the lawyer asks")


def take_down(story, how=EndsAs.GONE):
    do("take_down", story, how=how, reason="the court asks", authority="the court")


def vanish(story):
    take_down(story, EndsAs.VANISHED)


KEEPS_IN = {
    "embargo": (embargo, lambda story: do("break_embargo", story, reason="it is out")),
    "hold": (hold, lambda story: do("lift_hold", story, reason="it is fine")),
    "gone": (take_down, lambda story: do("restore", story, revision=1, reason="it was right")),
    "vanished": (vanish, lambda story: do("restore", story, revision=1, reason="it was right")),
}
