"""The log: JSON lines that name the request and its view, and hold no word that anybody typed."""

import io
import json
import logging

import pytest
from django.db import DataError, connection

from newsroom.logs import JsonLines

pytestmark = pytest.mark.django_db

CANARY = "xyzzycanary"
ADDRESS = "203.0.113.77"  # RFC 5737: of nobody


@pytest.fixture
def logged():
    """What was logged since the test began: the lines, by the handler that production has."""
    (handler,) = [
        handler
        for handler in logging.getLogger().handlers
        if isinstance(handler.formatter, JsonLines)
    ]
    before = handler.setStream(stream := io.StringIO())
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    handler.setStream(before)


@pytest.fixture
def broken(client):
    """Let the database refuse every statement about stories, and quote it, as PostgreSQL does."""

    def refuse(execute, sql, params, many, context):
        if "articles_" in sql:
            raise DataError(f"Failing row contains {params!r}")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield client


def test_a_story_form_that_fails_logs_no_word_of_the_draft(
    desk_of, publisher, write, clock, logged
):
    story, desk = write(), desk_of(publisher)
    desk.raise_request_exception = False
    desk.cookies["newsroom_note"] = CANARY

    def refuse(execute, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE")):
            raise DataError(f"Failing row contains {params!r} {CANARY}")
        return execute(sql, params, many, context)

    typed = {
        "headline": f"{CANARY} headline", "body": f"<p>{CANARY}</p>", "section": story.section_id,
        "standfirst": "", "slug": "", "tags": CANARY, "note": "", "seen": 1,
    }  # fmt: skip
    with connection.execute_wrapper(refuse):
        answer = desk.post(
            f"/admin/articles/article/{story.pk}/change/?next={CANARY}", typed, REMOTE_ADDR=ADDRESS
        )
    assert answer.status_code == 500
    (line,) = logged()
    assert (line["view"], line["status"], line["level"]) == (
        "admin:articles_article_change", 500, "error",
    )  # fmt: skip
    assert "DataError" in line["fault"][0]["type"]
    assert any("articles/admin/story_form.py" in place for place in line["fault"][0]["places"])
    assert CANARY not in json.dumps(line)
    assert ADDRESS not in json.dumps(line)


def test_a_search_that_fails_logs_no_word_that_was_looked_for(broken, logged, clock):
    broken.raise_request_exception = False
    answer = broken.get(f"/search/?q={CANARY}", REMOTE_ADDR=ADDRESS)
    assert answer.status_code == 500
    (line,) = logged()
    assert (line["event"], line["view"]) == ("Internal Server Error: search", "search")
    assert not {CANARY, ADDRESS} & set(json.dumps(line).replace('"', " ").split())
    assert CANARY not in json.dumps(line)


def test_a_share_link_that_fails_logs_no_token(broken, logged, clock):
    broken.raise_request_exception = False
    for token in (CANARY, f"{CANARY}ü"):
        assert broken.get(f"/share/{token}/").status_code == 500
    assert [line["view"] for line in logged()] == ["share", "share"]
    assert CANARY not in json.dumps(logged())


def test_a_slow_request_is_logged_by_its_view_alone(client, settings, logged, clock):
    settings.SLOW_REQUEST = 0
    client.get(f"/search/?q={CANARY}")
    (line,) = logged()
    assert (line["event"], line["view"], line["status"]) == ("slow request", "search", 200)
    assert line["seconds"] >= 0
    assert CANARY not in json.dumps(line)


def test_a_request_that_is_answered_in_time_is_not_logged(client, logged, clock):
    client.get("/")
    client.get(f"/{CANARY}/")
    client.get("/", HTTP_HOST="another.example")
    assert logged() == []


@pytest.mark.parametrize(
    ("given", "is_kept"),
    [
        ("0b5f1c2e-8a61", True),
        ("short", False),
        (f"{CANARY} and more", False),
        ("x" * 65, False),
        ("name@news.example", False),
    ],
)
def test_a_request_is_called_what_the_proxy_calls_it_if_that_is_well_formed(
    broken, logged, clock, given, is_kept
):
    broken.raise_request_exception = False
    answer = broken.get("/", headers={"X-Request-ID": given})
    (line,) = logged()
    assert answer["X-Request-ID"] == line["request_id"]
    assert (line["request_id"] == given) is is_kept


def test_each_request_has_an_id_of_its_own_and_only_what_nobody_stores_says_it(
    client, desk_of, reporter, published, clock
):
    published(slug="harbour")
    desk = desk_of(reporter)
    ids = [desk.get("/admin/")["X-Request-ID"] for _ in range(2)]
    assert len(set(ids)) == 2
    for public in ("/", "/world/harbour/", "/feed.xml", "/no-such-page/"):
        assert "X-Request-ID" not in client.get(public)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_what_a_request_enqueues_is_logged_under_its_id(
    desk_of, managing_editor, published, clock, logged
):
    story = published()
    desk_of(managing_editor).post(
        f"/admin/articles/article/{story.pk}/verb/take_down/",
        {"how": "gone", "reason": "It was wrong.", "authority": "The court", "seen": 1},
        headers={"X-Request-ID": "takedown-0001"},
    )
    enqueued = [line for line in logged() if "enqueued" in line["event"]]
    assert enqueued
    assert {line.get("request_id") for line in enqueued} == {"takedown-0001"}


def test_what_gunicorn_could_not_read_is_not_repeated():
    told = JsonLines()
    for message, args in (
        (f"Invalid request from ip={ADDRESS}: {CANARY}", ()),
        ("Error handling request %s %s", ("GET", f"/search/?q={CANARY}")),
    ):
        record = logging.makeLogRecord(
            {"name": "gunicorn.error", "levelname": "WARNING", "msg": message, "args": args}
        )
        line = json.loads(told.format(record))
        assert line["event"] in ("Invalid request", "Error handling request")
