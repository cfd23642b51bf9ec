"""WebSub: when it is looked for what changed, and whoever has it looked for."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult

from articles import tasks
from articles.desk import taxonomy
from articles.models import Article, Author, Image, Tag
from tests.conftest import NOW, PROGRAM
from tests.desk.pressing import HOUR, do, rewrite
from tests.pages.websub.hub import ALL, of

pytestmark = pytest.mark.django_db

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


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


def test_a_look_comes_once_the_sizes_of_a_picture_are_made(
    hears, add_picture, django_capture_on_commit_callbacks
):
    image = add_picture()
    before = waiting()
    with django_capture_on_commit_callbacks(execute=True):
        tasks.make_renditions.func(image.pk)
    assert len(waiting()) == len(before) + 1


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
