"""WebSub: feeds name the hub, and it is told of each feed that changed, once, and of no other."""

import socket
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs

import pytest
import time_machine
from django.core.management import call_command
from django.db.models import Max
from django_tasks_db.models import DBTaskResult

from articles import tasks
from articles.desk import hub, pictures, taxonomy, topics
from articles.models import Article, Author, FeedTopic, HubLook, Image, Section, Tag
from articles.pages.feeds import FORMATS, FULL
from tests.conftest import NOW, PROGRAM
from tests.desk.pressing import HOUR, do, rewrite
from tests.pages.reading_feeds import XML, faults, parsed

pytestmark = pytest.mark.django_db

SITE = "http://testserver"
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


class Hub(BaseHTTPRequestHandler):
    """Takes what it is told, or answers as a test says."""

    def do_POST(self):
        fields = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        assert fields.pop("hub.mode") == ["publish"]
        [url] = fields.pop("hub.url")
        assert fields == {}
        assert url.startswith(SITE)
        status = self.server.answers.pop(0) if self.server.answers else 204
        self.server.told.append((status, url.removeprefix(SITE)))
        self.send_response(status)
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Hub) as server:
        Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def clock():
    """Starts at NOW and ticks: what waits for an answer goes by it."""
    with time_machine.travel(NOW, tick=True) as traveller:
        yield traveller


@pytest.fixture
def hears(clock, server, settings):
    """Let the worker look, and return of which feeds the hub was told and took it."""
    settings.WEBSUB_HUB = f"http://127.0.0.1:{server.server_port}/hub?x=1"
    server.answers, server.told = [], []

    def hears():
        server.told.clear()
        tasks.tell_hub.call()
        return [path for status, path in server.told if status < 300]

    return hears


@pytest.fixture
def story(hears, published, author, topic):
    """A live story that the hub was told of."""
    known = {"authors": [author.pk], "tags": [topic.pk], "standfirst": "It is open."}
    story = published("Harbour Opens", at=NOW - MINUTE, **known)
    hears()
    return story


def of(*lists, formats=FORMATS):
    return {f"{path}{file}" for path in lists for file in formats}


ALL = of("/", "/world/", "/author/ilse-hartmann/", "/tag/ports/")
WHOLE = [form.file for form in FULL]


# --- What feeds say of it --------------------------------------------------------------------


@pytest.mark.parametrize("file", FORMATS)
def test_a_feed_names_the_hub_and_itself_in_its_headers_and_in_itself(
    client, settings, published, clock, file
):
    settings.SITE_URL = "https://news.example"
    settings.WEBSUB_HUB = "https://hub.example/?a=1&b=2"
    published()
    behind = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http"}
    answer = client.get(f"/world/{file}", headers=behind)
    itself = f"https://news.example/world/{file}"
    assert answer["Link"] == f'<https://hub.example/?a=1&b=2>; rel="hub", <{itself}>; rel="self"'
    if file in XML:
        links = [(link.rel, link.href) for link in parsed(answer.content, file).feed.links]
        assert [href for rel, href in links if rel == "hub"] == [settings.WEBSUB_HUB]
        assert [href for rel, href in links if rel == "self"] == [itself]
    else:
        feed = answer.json()
        assert faults(feed) == []
        assert feed["hubs"] == [{"type": "WebSub", "url": settings.WEBSUB_HUB}]
        assert feed["feed_url"] == itself
    again = client.get(f"/world/{file}", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again["Link"]) == (304, answer["Link"])


@pytest.mark.parametrize("file", FORMATS)
def test_without_a_hub_a_feed_names_none(client, published, clock, file):
    published()
    answer = client.get(f"/{file}")
    assert "Link" not in answer
    assert b"hub" not in answer.content


def test_without_a_hub_nothing_is_looked_for_and_nothing_enqueued(
    published, clock, django_capture_on_commit_callbacks
):
    published()
    with django_capture_on_commit_callbacks(execute=True):
        tasks.hub_soon()
    assert tasks.tell_hub.call() == 0
    assert not DBTaskResult.objects.exists()
    assert not FeedTopic.objects.exists()


# --- Of what it is told ----------------------------------------------------------------------


def test_the_hub_is_told_once_of_every_feed_that_a_story_appeared_in(
    hears, published, author, topic
):
    published("Harbour Opens", authors=[author.pk], tags=[topic.pk], at=NOW - MINUTE)
    told = hears()
    assert len(told) == len(ALL)
    assert set(told) == ALL
    assert hears() == []


def test_a_change_of_the_text_alone_is_told_of_feeds_of_whole_stories(hears, story):
    fixed = rewrite(story, body="<p>The harbour opened on Tuesday, at noon.</p>")
    do("publish", story, revision=fixed, change="typo", sure=True)
    assert set(hears()) == {path for path in ALL if path.rpartition("/")[2] in WHOLE}
    assert hears() == []


def test_what_is_published_again_as_it_was_is_told_to_nobody(hears, story):
    do("publish", story, revision=1, change="typo")
    assert hears() == []


def test_a_move_to_another_section_is_told_of_both(hears, story, national):
    do("publish", story, revision=rewrite(story, section=national.pk))
    assert set(hears()) == ALL | of("/national/")


@pytest.mark.parametrize("how", ["gone", "vanished"])
def test_a_takedown_is_told_of_lists_that_have_no_page_any_more(hears, story, how):
    do("take_down", story, how=how, reason="A name")
    assert set(hears()) == ALL
    assert hears() == []


def test_an_unpublish_and_a_publish_after_it_are_told(hears, story, clock):
    do("unpublish", story, reason="Too early")
    assert set(hears()) == ALL
    clock.move_to(NOW + MINUTE)
    do("publish", story, revision=1, now=NOW + MINUTE)
    assert set(hears()) == ALL


def test_an_erasure_is_told_though_it_empties_the_story_of_its_authors_and_tags(hears, story):
    FeedTopic.objects.all().delete()
    HubLook.objects.update(looked_at=NOW + HOUR)  # what changed before is no news
    do("erase", story, reason="By law", authority="The court of Halvern")
    assert set(hears()) == ALL


def test_a_scheduled_story_is_told_when_it_appears_and_when_it_ends_and_not_before(
    hears, write, clock
):
    coming = write("Tomorrow")
    do("embargo", coming, until=NOW + HOUR, reason="Agreed")
    do("schedule", coming, revision=1, at=NOW + HOUR, until=NOW + 2 * HOUR)
    assert hears() == []
    clock.move_to(NOW + HOUR - MINUTE)
    assert hears() == []
    for moment in (HOUR, 2 * HOUR):
        clock.move_to(NOW + moment + SECOND)
        assert set(hears()) == of("/", "/world/")
        clock.move_to(NOW + moment + HOUR / 2)  # long after, nothing is news
        assert hears() == []


def test_a_picture_that_is_described_anew_or_ends_is_told_of_every_feed_that_shows_it(
    hears, published, author, national, add_picture, clock
):
    image = add_picture("A lock", make=True)
    published("Shown", at=NOW - MINUTE, authors=[author.pk], picture=image.pk)
    published("Elsewhere", at=NOW - MINUTE, section=national.pk)
    hears()
    clock.shift(30 * MINUTE)  # no look goes back to the publish
    assert hears() == []
    image.credit, image.ends_at = "Lena Voss", NOW + HOUR
    pictures.save(image, by=PROGRAM, now=NOW + 30 * MINUTE)
    shown = of("/", "/world/", "/author/ilse-hartmann/")
    assert set(hears()) == {path for path in shown if not path.endswith(".json")} | of(
        "/", "/world/", "/author/ilse-hartmann/", formats=["feed.json"]
    )
    assert topics.next_look(NOW + 31 * MINUTE) == NOW + HOUR
    clock.move_to(NOW + HOUR)
    assert set(hears()) == shown
    assert hears() == []


@pytest.mark.parametrize("verb", [pictures.withdraw, pictures.restore])
def test_a_picture_that_is_withdrawn_or_brought_back_is_told(
    hears, published, add_picture, clock, verb
):
    image = add_picture("A lock", make=True)
    published("Shown", at=NOW - MINUTE, picture=image.pk)
    said = {"reason": "The agency asked", "by": PROGRAM, "now": NOW}
    if verb is pictures.restore:
        pictures.withdraw(image.pk, **said)
    hears()
    clock.shift(30 * MINUTE)  # no look goes back to the publish
    assert hears() == []
    verb(image.pk, **{**said, "now": NOW + 30 * MINUTE})
    assert set(hears()) == of("/", "/world/")


def test_a_look_comes_once_the_sizes_of_a_picture_are_made(
    hears, add_picture, django_capture_on_commit_callbacks
):
    image = add_picture()
    before = waiting()
    with django_capture_on_commit_callbacks(execute=True):
        tasks.make_renditions.func(image.pk)
    assert len(waiting()) == len(before) + 1


def test_what_only_the_desk_sees_is_told_to_nobody(hears, story, write, clock):
    secret = taxonomy.save(Author(name="Nobody Yet"), by=PROGRAM, now=NOW)
    secret.name = "Nobody At All"
    taxonomy.save(secret, by=PROGRAM, now=NOW)
    rewrite(story, headline="Nobody Knows")
    write("A Draft")
    do("hold", story, reason="A question")
    do("lift_hold", story, reason="Answered")
    assert hears() == []


def test_a_rename_is_told_of_every_list_that_bears_the_name(hears, story, published, author):
    published("Another", at=NOW - MINUTE)
    hears()
    author.name = "Ilse Weber"
    taxonomy.save(author, by=PROGRAM, now=NOW)
    assert set(hears()) == ALL
    section = Section.objects.get(slug="national")
    section.description = "Of the nation."
    taxonomy.save(section, by=PROGRAM, now=NOW)
    assert hears() == []


def test_an_author_who_moves_is_told_at_both_addresses(hears, story, author):
    author.slug = "ilse-weber"
    taxonomy.save(author, by=PROGRAM, now=NOW)
    with_addresses = [file for file in FORMATS if not file.startswith("rss")]
    elsewhere = of("/", "/world/", "/tag/ports/", formats=with_addresses)
    assert set(hears()) == of("/author/ilse-hartmann/", "/author/ilse-weber/") | elsewhere
    assert hears() == []


def test_a_merged_tag_is_told_at_its_own_address_and_at_its_heirs(hears, story, topic):
    heir = taxonomy.save(Tag(name="Harbours"), by=PROGRAM, now=NOW)
    taxonomy.merge_tag(topic.pk, heir.pk, reason="One topic", by=PROGRAM, now=NOW)
    assert set(hears()) == ALL | of("/tag/harbours/")
    assert hears() == []


def test_a_verb_that_was_committed_after_a_later_look_is_told_all_the_same(hears, story):
    do("publish", story, revision=rewrite(story, headline="Late"), now=NOW)
    HubLook.objects.update(looked_at=NOW + 5 * SECOND)
    assert set(hears()) == ALL


def test_a_story_that_an_import_opens_in_the_past_is_told(hears, write, story):
    old = write("Long Ago", now=NOW)
    since = NOW - timedelta(days=900)
    do("open_in_the_past", old, revision=1, since=since)
    assert set(hears()) == of("/", "/world/")


# --- When it does not take it ----------------------------------------------------------------


def test_what_the_hub_refuses_is_told_again_later_and_nothing_else(hears, server, published, clock):
    published(at=NOW - MINUTE)
    server.answers = [503, 404, 302]
    first = hears()
    assert len(first) == len(of("/", "/world/")) - 3
    assert hears() == []
    clock.move_to(NOW + MINUTE)
    assert hears() == []
    clock.move_to(NOW + 3 * MINUTE)
    assert set(first) | set(hears()) == of("/", "/world/")
    assert hears() == []


def last_due():
    return FeedTopic.objects.aggregate(last=Max("due_at"))["last"]


def test_each_refusal_doubles_the_wait_up_to_six_hours_and_after_days_it_is_given_up(
    hears, server, published, clock
):
    published(at=NOW - MINUTE)

    def refused(attempts):
        """How long the hub is left alone after so many refusals."""
        FeedTopic.objects.filter(due_at__isnull=False).update(attempts=attempts - 1)
        before = last_due() or NOW
        clock.move_to(before)
        server.answers = [500] * 12
        assert hears() == []
        return last_due() and round((last_due() - before) / MINUTE)

    waits = [refused(attempts) for attempts in (1, 2, 3, 12, hub.MOST_ATTEMPTS)]
    assert waits == [2, 4, 8, 6 * 60, None]
    server.answers = []
    clock.move_to(NOW + timedelta(days=30))
    assert hears() == []
    do("publish", Article.objects.get(), revision=1, now=NOW + timedelta(days=30))
    assert set(hears()) == of("/", "/world/")


def test_a_hub_that_is_not_there_is_tried_once_a_run_and_loses_nothing(
    hears, settings, published, clock
):
    published(at=NOW - MINUTE)
    there = settings.WEBSUB_HUB
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.WEBSUB_HUB = f"http://127.0.0.1:{free.getsockname()[1]}/"
    assert hears() == []
    assert not topics.due(NOW + MINUTE).exists()
    settings.WEBSUB_HUB = there
    clock.move_to(NOW + 3 * MINUTE)
    assert set(hears()) == of("/", "/world/")


def test_of_two_workers_only_one_tells(hears, story):
    do("publish", story, revision=rewrite(story, headline="Twice"), now=NOW)
    topics.look(NOW + SECOND)
    topic = topics.due(NOW + SECOND)[0]
    FeedTopic.objects.filter(pk=topic.pk).update(due_at=NOW + MINUTE)  # the other’s lease
    assert hub.tell(topic, {"/x": "etag"}, NOW + SECOND) == 0


def test_what_changes_while_the_hub_is_told_is_looked_at_again(hears, story):
    do("publish", story, revision=rewrite(story, headline="Once"), now=NOW)
    topics.look(NOW + SECOND)
    topic = topics.due(NOW + SECOND)[0]
    before = hub._hears

    def meanwhile(path):
        topics.look(NOW + 2 * SECOND)
        return before(path)

    hub._hears = meanwhile
    try:
        hub.tell(topic, {"/world/rss.xml": "etag"}, NOW + SECOND)
    finally:
        hub._hears = before
    topic.refresh_from_db()
    assert topic.due_at == NOW + 2 * SECOND


# --- When it is looked for -------------------------------------------------------------------


def waiting():
    """For when the worker has looks to do."""
    looks = DBTaskResult.objects.filter(task_path="articles.tasks.tell_hub", status="READY")
    return sorted(looks.values_list("run_after", flat=True))


def test_a_look_comes_at_the_next_start_or_end_and_one_a_moment(hears, write, clock):
    for number, hours in ((1, 3), (2, 2)):
        do("schedule", write(f"Coming {number}"), revision=1, at=NOW + hours * HOUR)
    hears()
    hears()
    after = tasks.HUB_COMES_AFTER
    assert waiting() == [NOW + 2 * HOUR + after]
    clock.move_to(NOW + 2 * HOUR + after)
    assert hears()
    hears()
    assert waiting()[1:] == [NOW + 3 * HOUR + after]


def test_a_refusal_has_a_look_come_when_it_is_to_be_tried_again(hears, server, published, clock):
    published(at=NOW - MINUTE)
    server.answers = [500]
    hears()
    [look] = waiting()
    assert NOW + 2 * MINUTE < look < NOW + 3 * MINUTE


def test_a_rename_that_concerns_many_lists_is_worked_off_in_turns(
    hears, server, story, monkeypatch
):
    monkeypatch.setattr(tasks, "LISTS_A_RUN", 1)
    author = Author.objects.get()
    author.name = "Ilse Weber"
    taxonomy.save(author, by=PROGRAM, now=NOW)
    told = hears()
    for turn in (1, 2, 3):
        rest = DBTaskResult.objects.filter(task_path="articles.tasks.tell_rest")
        assert rest.count() == turn  # each has the next one come
        server.told.clear()
        rest.latest("enqueued_at").task.call()
        told += [path for _status, path in server.told]
    assert rest.count() == turn
    assert set(told) == ALL
    assert len(told) == len(ALL)


def test_the_worker_finds_what_it_is_to_do(hears, server, published, clock):
    published(at=NOW - MINUTE)
    tasks.tell_hub.enqueue()
    DBTaskResult.objects.get().task.call()
    assert {path for _status, path in server.told} == of("/", "/world/")


def test_cron_tells_what_a_worker_left_untold(hears, server, published, capsys):
    published(at=NOW - MINUTE)
    call_command("tell_hub")
    assert {path for _status, path in server.told} == of("/", "/world/")
    assert capsys.readouterr().out == "12 told.\n"


# --- Who has it looked for -------------------------------------------------------------------


@pytest.fixture
def desk(desk_of, managing_editor, hears):
    return desk_of(managing_editor)


def seen(story):
    return Article.objects.get(pk=story.pk).pressed


ROOM = "/admin/articles"
DOORS = {
    "a verb": lambda story, author: (
        f"{ROOM}/article/{story.pk}/verb/unpublish/",
        {"seen": seen(story), "reason": "Too early"},
    ),
    "many stories": lambda story, author: (
        f"{ROOM}/article/",
        {
            "action": "unpublish", "answered": "1", "reason": "Too early",
            "_selected_action": f"{story.pk}:2:{seen(story)}",
        },
    ),
    "a slot of the calendar": lambda story, author: (
        "/admin/calendar/move/",
        {
            "story": story.pk, "what": "scheduled", "start": (NOW + HOUR).isoformat(),
            "seen": seen(story), "to": "2026-06-20T09:00",
        },
    ),
    "a merge": lambda story, author: (
        f"{ROOM}/tag/{Tag.objects.get(slug='ports').pk}/merge/",
        {"into": Tag.objects.get(slug="harbours").pk, "reason": "One topic"},
    ),
    "a picture": lambda story, author: (
        f"{ROOM}/image/{Image.objects.get().pk}/withdraw/", {"reason": "The agency asked"},
    ),
    "a rename": lambda story, author: (
        f"{ROOM}/author/{author.pk}/change/",
        {"name": "Ilse Weber", "slug": "ilse-hartmann", "bio": ""},
    ),
}  # fmt: skip


@pytest.mark.parametrize("door", DOORS)
def test_whatever_the_desk_does_has_a_look_come_once_it_is_committed(
    desk, story, author, door, add_picture, django_capture_on_commit_callbacks
):
    add_picture()
    Tag.objects.create(name="Harbours", slug="harbours")
    do("schedule", story, revision=rewrite(story, headline="Tomorrow"), at=NOW + HOUR)
    before = waiting()
    address, typed = DOORS[door](story, author)
    with django_capture_on_commit_callbacks(execute=True):
        assert desk.post(address, typed).status_code == 302
    [look] = waiting()[len(before) :]
    assert tasks.HUB_COMES_AFTER <= look - NOW < tasks.HUB_COMES_AFTER + MINUTE


def test_an_import_has_a_look_come(hears, tmp_path, django_capture_on_commit_callbacks):
    file = tmp_path / "story.md"
    file.write_text('---\nheadline: "Long Ago"\nsection: "World"\n---\n\nIt was so.\n')
    with django_capture_on_commit_callbacks(execute=True):
        call_command("import_stories", str(file), verbosity=0)
    assert len(waiting()) == 1
