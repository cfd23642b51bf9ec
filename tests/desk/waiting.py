"""Stories that wait for somebody on My desk."""

from datetime import timedelta

from articles.desk import together, workflow
from articles.desk.revisions import Values
from tests.conftest import NOW, PROGRAM
from tests.desk.pressing import HOUR, rewrite

MINUTE = timedelta(minutes=1)


def submitted(story, by=PROGRAM, reason="", now=NOW - 12 * MINUTE):
    workflow.take("submit", story.pk, by=by, now=now, reason=reason)
    return story


def beside(write, ada, eve):
    """Have Ada's text stand beside Eve's."""
    story = write("Flood", by=ada)
    rewrite(story, standfirst="High water.", by=eve)
    typed = Values("Flood", story.section_id, standfirst="A storm.", body=story.body)
    return story, together.save(story.pk, typed, by=ada, seen=1, now=NOW).beside


def approved(write, ada, eve, now=NOW - HOUR):
    story = submitted(write("Flood", by=ada, now=now - 2 * HOUR), ada, now=now - HOUR)
    workflow.take("approve", story.pk, by=eve, now=now)
    return story
