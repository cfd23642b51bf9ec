"""What is typed and not saved: the server keeps it for its typist alone, and says who is there."""

import json
import re
from datetime import timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.test import Client

from articles.body import LARGEST
from articles.desk import open_forms, press, revisions, together
from articles.desk.revisions import Values
from articles.models import Article, Author, OpenForm, Revision, SectionMember, Tag
from tests.conftest import NOW, PROGRAM, person

pytestmark = pytest.mark.django_db

ADD = "/admin/articles/article/add/"
OPEN_NEW = "/admin/articles/article/open/"
ONE, TWO = str(uuid4()), str(uuid4())


def open_of(story):
    return f"/admin/articles/article/{story.pk}/open/"


def change(story):
    return f"/admin/articles/article/{story.pk}/change/"


@pytest.fixture
def typed(world):
    """What the form's script posts; a test changes what it is about."""

    def typed(**values):
        return {
            "headline": "Harbour Opens Late", "standfirst": "", "slug": "", "tags": "", "note": "",
            "body": "<p>The harbour opened on Wednesday.</p>", "section": world.pk, "seen": 1,
            "form_id": ONE, **values,
        }  # fmt: skip

    return typed


@pytest.fixture
def story(write, reporter):
    return write(by=reporter)


def notes_of(page):
    """The ids of the forms whose texts a page offers back."""
    return re.findall(r'unsaved"\s+data-form="([^"]+)"', page.content.decode())


def shown(page, field):
    return page.context["adminform"].form[field].value()


def test_what_is_typed_is_kept_for_its_typist_and_is_no_save(
    desk_of, reporter, editor, typed, story, clock
):
    answer = desk_of(reporter).post(open_of(story), typed())
    assert answer.status_code == 200
    assert answer.json() == {"kept_at": "12:00", "others": [], "newer": None}
    story.refresh_from_db()
    assert (story.headline, story.version, story.revisions.count()) == ("Harbour Opens", 1, 1)
    page = desk_of(reporter).get(change(story))
    assert notes_of(page) == [ONE]
    assert "You typed this and did not save it (today 12:00)." in page.content.decode()
    assert shown(page, "headline") == "Harbour Opens"
    assert notes_of(desk_of(editor).get(change(story))) == []


def test_put_back_fills_the_form_over_the_revision_it_was_typed_over(
    desk_of, reporter, editor, typed, story, national, clock
):
    author = Author.objects.create(name="Ada Moss", slug="ada-moss")
    desk = desk_of(reporter)
    rest = {"section": national.pk, "authors": [author.pk], "tags": "Ports, New", "note": "late"}
    desk.post(open_of(story), typed(**rest))
    rewritten = Values("Harbour Opens", story.section_id, body="<p>A colleague’s.</p>")
    revisions.save(story.pk, rewritten, by=editor, seen=1, now=NOW)
    page = desk.get(f"{change(story)}?typed={ONE}")
    assert notes_of(page) == []
    assert "It is not saved yet." in page.content.decode()
    assert shown(page, "headline") == "Harbour Opens Late"
    assert shown(page, "body") == "<p>The harbour opened on Wednesday.</p>"
    assert (shown(page, "tags"), shown(page, "note"), shown(page, "seen")) == (
        "Ports, New", "late", 1,
    )  # fmt: skip
    html = page.content.decode()
    assert f'<option value="{national.pk}" selected' in html
    assert f'<option value="{author.pk}" selected' in html


def test_a_save_forgets_its_own_forms_text_and_no_other(desk_of, reporter, typed, story, clock):
    desk = desk_of(reporter)
    desk.post(open_of(story), typed())
    desk.post(open_of(story), typed(form_id=TWO, headline="From Another Tab"))
    assert notes_of(desk.get(change(story))) == [TWO, ONE]
    saved = desk.post(change(story), {**typed(), "_continue": "1"}, follow=True)
    assert notes_of(saved) == [TWO]
    assert f'data-saved="{ONE}"' in saved.content.decode()


def test_a_text_that_was_put_back_goes_on_in_the_new_forms_text(
    desk_of, reporter, typed, story, clock
):
    desk = desk_of(reporter)
    desk.post(open_of(story), typed())
    page = desk.get(f"{change(story)}?typed={ONE}").content.decode()
    again = re.search(r'name="put_back" value="([^"]+)"', page)[1]
    form = re.search(r'name="form_id" value="([^"]+)"', page)[1]
    assert form != ONE  # the tab it was typed in may still be open
    desk.post(open_of(story), typed(form_id=form, put_back=again, headline="Later"))
    assert notes_of(desk.get(change(story))) == [form]
    clock.shift(timedelta(seconds=9))
    desk.post(open_of(story), typed(headline="Typed On In The First Tab"))
    saved = desk.post(
        change(story), {**typed(form_id=form, put_back=again), "_continue": "1"}, follow=True
    )
    assert notes_of(saved) == [ONE]
    assert f'data-saved="{form} {again}"' in saved.content.decode()


def test_a_form_that_was_refused_goes_on_as_the_same_form(desk_of, reporter, typed, story, clock):
    desk = desk_of(reporter)
    assert "data-posted" not in desk.get(change(story)).content.decode()
    page = desk.post(change(story), typed(headline="", put_back="a|b")).content.decode()
    assert "data-posted" in page
    assert f'name="form_id" value="{ONE}"' in page
    assert 'name="put_back" value="a|b"' in page


def test_a_text_that_arrives_after_its_form_was_saved_is_not_offered(
    desk_of, reporter, typed, story, clock
):
    desk = desk_of(reporter)
    desk.post(change(story), typed())
    assert desk.post(open_of(story), typed(headline="Overtaken")).status_code == 200
    assert notes_of(desk.get(change(story))) == []


def test_what_says_nothing_else_than_the_story_is_not_offered(
    desk_of, reporter, typed, write, clock
):
    tags = [Tag.objects.create(name=name, slug=name.lower()) for name in ("Ports", "Tides")]
    story = write(by=reporter, tags=[tag.pk for tag in tags])
    same = typed(headline="Harbour  Opens ", body=story.body, tags="tides,Ports", slug=story.slug)
    desk = desk_of(reporter)
    desk.post(open_of(story), same)
    assert notes_of(desk.get(change(story))) == []
    desk.post(open_of(story), {**same, "tags": "Ports"})
    assert notes_of(desk.get(change(story))) == [ONE]


def test_a_new_storys_text_is_offered_when_a_story_is_added_again(
    desk_of, reporter, typed, world, clock
):
    desk = desk_of(reporter)
    assert desk.post(OPEN_NEW, typed(seen=0)).json()["kept_at"] == "12:00"
    desk.post(OPEN_NEW, typed(seen=0, form_id=TWO, headline="A Second New Story"))
    assert notes_of(desk.get(ADD)) == [TWO, ONE]
    page = desk.get(f"{ADD}?typed={ONE}")
    assert shown(page, "headline") == "Harbour Opens Late"
    desk.post(ADD, typed(seen=0))
    assert Article.objects.get().headline == "Harbour Opens Late"
    assert notes_of(desk.get(ADD)) == [TWO]


def test_an_empty_new_story_is_no_text(desk_of, reporter, typed, clock):
    desk = desk_of(reporter)
    desk.post(OPEN_NEW, typed(seen=0, headline=" ", body=""))
    assert notes_of(desk.get(ADD)) == []


def test_a_text_is_thrown_away_by_who_typed_it(desk_of, reporter, editor, typed, story, clock):
    desk, other = desk_of(reporter), desk_of(editor)
    desk.post(open_of(story), typed())
    desk.post(open_of(story), typed(form_id=TWO))
    throw_away = f"{open_of(story)}throw-away/"
    assert desk.get(throw_away).status_code == 405
    ref = re.search(rf'data-ref="({ONE}[^"]+)"', desk.get(change(story)).content.decode())[1]
    other.post(throw_away, {"text": ref})
    assert notes_of(desk.get(change(story))) == [TWO, ONE]
    answer = desk.post(throw_away, {"text": ref})
    assert (answer.status_code, answer.url) == (302, change(story))
    assert notes_of(desk.get(change(story))) == [TWO]
    desk.post(OPEN_NEW, typed(seen=0))
    assert desk.post(f"{OPEN_NEW}throw-away/", {"text": ONE}).url == ADD
    assert notes_of(desk.get(ADD)) == []


def test_a_colleagues_name_shows_for_a_minute_after_their_last_sign_of_life(
    desk_of, reporter, editor, managing_editor, typed, story, clock
):
    desk, colleague = desk_of(editor), desk_of(managing_editor)
    assert desk.post(open_of(story), {"seen": 1}).json()["others"] == []
    assert colleague.post(open_of(story), {"seen": 1}).json()["others"] == ["Editor"]
    desk_of(reporter).post(open_of(story), typed())
    assert desk.post(open_of(story), {"seen": 1}).json()["others"] == [
        "Managing editor", "Reporter",
    ]  # fmt: skip
    clock.shift(timedelta(seconds=59))
    colleague.post(open_of(story), {"seen": 1})
    clock.shift(timedelta(seconds=1))
    assert desk.post(open_of(story), {"seen": 1}).json()["others"] == ["Managing editor"]


def test_a_sign_of_life_leaves_what_was_typed_alone(desk_of, reporter, typed, story, clock):
    desk = desk_of(reporter)
    desk.post(open_of(story), typed())
    assert desk.post(open_of(story), {"seen": 1}).json()["kept_at"] is None
    assert notes_of(desk.get(change(story))) == [ONE]


def test_whoever_types_hears_of_a_colleagues_save(desk_of, reporter, editor, typed, story, clock):
    values = Values("A Colleague’s Headline", story.section_id, body=story.body)
    revisions.save(story.pk, values, by=editor, seen=1, now=NOW)
    told = {"who": "Editor", "when": NOW.isoformat(), "number": 2}
    desk = desk_of(reporter)
    assert desk.post(open_of(story), typed()).json()["newer"] == told
    assert desk.post(open_of(story), {"seen": 1}).json()["newer"] == told
    assert desk.post(open_of(story), typed(seen=2)).json()["newer"] is None


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("headline", "Flood\x0etide", "U+000E"),
        ("standfirst", "One\x01two", "U+0001"),
        ("tags", "One\x03", "U+0003"),
        ("note", "why\x02", "U+0002"),
        ("slug", "x\x02", "U+0002"),
        ("headline", "x" * 10_001, "10,000"),
        ("body", "<p>One&#1;two</p>", "U+0001"),
        ("body", "<ul><li>" * 30 + "deep", "nested"),
        ("body", "x" * (LARGEST + 1), "over 1 MB"),
    ],
)
def test_what_no_save_would_take_is_refused_with_its_sentence_and_nothing_is_lost_by_it(
    desk_of, reporter, typed, story, field, value, says, clock
):
    desk = desk_of(reporter)
    desk.post(open_of(story), typed())
    answer = desk.post(open_of(story), typed(**{field: value}))
    assert answer.status_code == 422
    assert says in answer.json()["error"]
    page = desk.get(f"{change(story)}?typed={ONE}")
    assert shown(page, "headline") == "Harbour Opens Late"


def test_a_body_is_cleaned_before_a_form_shows_it(desk_of, reporter, typed, story, clock):
    desk = desk_of(reporter)
    body = '<p onclick="x()">A<script>alert(1)</script> <a href="javascript:x()">b</a></p>'
    desk.post(open_of(story), typed(body=body))
    assert shown(desk.get(f"{change(story)}?typed={ONE}"), "body") == "<p>A <a>b</a></p>"


def test_only_the_forms_own_fields_are_kept(desk_of, reporter, typed, story, clock):
    crafted = {"status": "ready", "pressed": 9, "section": "1; drop", "authors": ["x", "7"]}
    desk_of(reporter).post(open_of(story), typed(seen="9" * 30, **crafted))
    row = OpenForm.objects.get()
    [kept] = json.loads(row.typed)
    assert set(kept["fields"]) == set(open_forms.FIELDS)
    assert (kept["fields"]["section"], kept["fields"]["authors"]) == ("", ["7"])
    assert row.seen == 2**31 - 1


def test_who_may_not_save_is_told_in_json_and_nothing_is_kept(
    desk_of, reporter, editor, typed, story, write, national, clock
):
    others = write("By An Editor", by=editor)
    signed_out = Client().post(open_of(story), typed())
    assert (signed_out.status_code, signed_out.json()["signed_out"]) == (403, True)
    assert Client().post(OPEN_NEW, typed()).status_code == 403
    refused = desk_of(reporter).post(open_of(others), typed())
    assert (refused.status_code, refused.json()) == (
        403, {"error": "You may read this story, but not change it."},
    )  # fmt: skip
    SectionMember.objects.create(user=editor, section=national)
    assert desk_of(editor).post(open_of(story), typed()).status_code == 404
    assert desk_of(editor).post("/admin/articles/article/999/open/", typed()).status_code == 404
    assert desk_of(reporter).get(open_of(story)).status_code == 405
    assert not OpenForm.objects.exists()
    assert desk_of(reporter).post(open_of(story), typed()).status_code == 200


def test_what_was_erased_by_law_is_not_kept_again_by_a_form_that_was_open(
    desk_of, reporter, typed, story, clock
):
    desk = desk_of(reporter)
    desk.post(open_of(story), typed())
    press.erase(
        story.pk, reason="A court said so.", authority="Court, 7 U 9", by=PROGRAM, seen=0, now=NOW
    )
    assert desk.post(open_of(story), typed()).status_code == 403
    open_forms.rescue(story.pk, typed(), form=ONE, seen=1, typist=reporter.pk, now=NOW)
    assert not OpenForm.objects.exists()


def test_an_old_token_is_answered_in_json_with_todays_for_its_typist_only(
    reporter, editor, typed, story, clock
):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(reporter)
    typist = re.search(
        r'name="typist" value="([^"]+)"', strict.get(change(story)).content.decode()
    )[1]
    post = typed(typist=typist, csrfmiddlewaretoken="x" * 64)
    answer = strict.post(open_of(story), post)
    assert answer.status_code == 403
    post["csrfmiddlewaretoken"] = answer.json()["token"]
    assert strict.post(open_of(story), post).json()["kept_at"] == "12:00"
    post["csrfmiddlewaretoken"] = "x" * 64
    strict.force_login(editor)
    answer = strict.post(open_of(story), post)
    assert (answer.status_code, "token" in answer.json()) == (403, False)
    assert "You are signed in as Editor now" in answer.json()["error"]
    strict.logout()
    assert strict.post(open_of(story), post).json()["signed_out"] is True
    elsewhere = strict.post(open_of(story), post, headers={"origin": "https://elsewhere.example"})
    assert (elsewhere.status_code, "token" in elsewhere.json()) == (403, False)


@pytest.mark.parametrize("first", [True, False], ids=["the first text", "a later one"])
def test_an_autosave_takes_few_queries(
    desk_of, reporter, typed, story, clock, first, django_assert_max_num_queries
):
    desk = desk_of(reporter)
    OpenForm.objects.create(article=story, person=person("Editor"), at=NOW)
    if not first:
        desk.post(open_of(story), typed())
    with django_assert_max_num_queries(8):
        assert desk.post(open_of(story), typed()).json()["others"] == ["Editor"]
    if not first:
        Revision.objects.filter(article=story).update(number=2)
        Article.objects.filter(pk=story.pk).update(version=2)
        with django_assert_max_num_queries(8):
            assert desk.post(open_of(story), typed()).json()["newer"]["number"] == 2


def test_many_texts_of_one_story_are_bounded_and_the_oldest_goes(reporter, typed, story, clock):
    for number in range(open_forms.MOST_TEXTS + 1):
        open_forms.keep_typed(
            story.pk, typed(), form=f"{number}", seen=1, by=reporter, now=NOW
        )  # fmt: skip
    forms = [text.form for text in open_forms.unsaved(story.pk, by=reporter)]
    assert forms == [f"{number}" for number in range(open_forms.MOST_TEXTS, 0, -1)]


def test_a_text_typed_and_kept_survives_a_colleagues_choices(
    desk_of, reporter, editor, typed, story, clock
):
    desk_of(reporter).post(open_of(story), typed())
    values = Values("Theirs", story.section_id, body=story.body)
    together.save(story.pk, values, by=editor, seen=1, now=NOW)
    assert notes_of(desk_of(reporter).get(change(story))) == [ONE]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("new", [True, False], ids=["a new story", "a story"])
def test_tabs_of_one_person_that_type_at_one_moment_all_keep_their_text(
    reporter, write, typed, new
):
    pk = None if new else write(by=reporter).pk
    forms = [str(uuid4()) for _tab in range(6)]
    barrier, failed = Barrier(len(forms)), []

    def tab(form):
        try:
            barrier.wait(timeout=30)
            open_forms.keep_typed(pk, typed(), form=form, seen=1, by=reporter, now=NOW)
        except Exception as error:  # noqa: BLE001 - told below
            failed.append(error)
        finally:
            connections.close_all()

    tabs = [Thread(target=tab, args=[form]) for form in forms]
    for thread in tabs:
        thread.start()
    for thread in tabs:
        thread.join(timeout=60)
    assert failed == []
    kept = {text.form for text in open_forms.unsaved(pk, by=reporter)}
    assert kept == set(forms)
    assert OpenForm.objects.count() == 1
    connection.close()
