"""How the read API is asked; each document is held against the schema in ninjs_schema.py."""

import json
from datetime import timedelta

from articles.models import Publication
from articles.states import EndsAs
from tests.conftest import NOW
from tests.desk.pressing import do
from tests.pages.ninjs_schema import faults, faults_of_list, faults_of_problem

LIST = "/api/stories/"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def address(story):
    return f"{LIST}{story.pk}/"


def get(client, path, status=200, **headers):
    """The document at an address, which is JSON whatever it says."""
    answer = client.get(path, headers=headers)
    assert answer.status_code == status, (path, answer.content[:300])
    return json.loads(answer.content)


def whole(client, story):
    """A story's document; it is what the standard says."""
    document = get(client, address(story))
    assert faults(document) == []
    return document


def listed(client, path=LIST):
    """The stories of a page of a list; it is what the standard says."""
    page = get(client, path)
    assert faults_of_list(page) == []
    return [int(item["altIds"][0]["value"]) for item in page["items"]]


def end(story, how, clock):
    """End a story now, or let it end by itself."""
    if how == "unpublish":
        do("unpublish", story)
    elif how == "erase":
        do("erase", story, reason="By law", authority="A court")
    elif how == "withheld":
        Publication.objects.filter(article=story).update(withheld=True)
    elif how == "expired":
        do("set_end", story, at=NOW + MINUTE)
        clock.move_to(NOW + MINUTE)
    else:
        do("take_down", story, how=EndsAs(how), reason="A libel")


def faults_of(answer):
    """What is wrong with an answer that is to be a problem in JSON (RFC 9457)."""
    assert answer["Content-Type"] == "application/problem+json"
    said = json.loads(answer.content)
    assert said["status"] == answer.status_code
    return faults_of_problem(said)
