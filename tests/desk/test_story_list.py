"""The list of stories: what each view and filter shows, in which order, page by page."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.desk import planning, revisions, saved_filters, story_walk, workflow
from articles.desk.revisions import Values
from articles.models import Article, Author, OpenForm, Section, SectionMember
from articles.states import Priority
from tests.conftest import NOW, PROGRAM, person
from tests.desk.list_page import LIST, headlines, submit
from tests.desk.pressing import do, rewrite

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

HOUR = timedelta(hours=1)


@pytest.fixture
def shown(desk_of, editor):
    """The headlines that an editor is shown for a query, in order."""
    desk = desk_of(editor)
    return lambda query="": headlines(desk.get(f"{LIST}?{query}"))


# --- Views -----------------------------------------------------------------------------------


def test_all_stories_stand_by_their_last_save(shown, pile):
    stories = pile(3)
    assert shown() == ["0", "1", "2"]
    rewrite(stories[2], standfirst="Again.")
    assert shown() == ["2", "0", "1"]


def test_mine_are_those_i_began_and_those_assigned_to_me(shown, write, editor):
    write("Mine", by=editor, now=NOW - HOUR)
    given = write("Given to me", now=NOW - 2 * HOUR)
    planning.plan(given.pk, {"assignee_id": editor.pk}, by=PROGRAM, now=NOW)
    write("Somebody else’s")
    assert shown("view=mine") == ["Mine", "Given to me"]


def test_the_queue_begins_with_the_earliest_deadline_then_the_oldest_save(shown, pile):
    newest, oldest, late, soon = pile(4)
    submit(newest)
    submit(oldest)
    submit(late, due_at=NOW - HOUR)
    submit(soon, due_at=NOW + HOUR)
    pile(1, slug="not-in-review")
    assert shown("view=queue") == ["2", "3", "1", "0"]


def test_today_is_what_goes_out_or_is_due_until_midnight_in_the_newsroom(shown, write, pile):
    pile(1)
    goes, due, tomorrow = write("Goes out"), write("Due"), write("Tomorrow")
    do("schedule", goes, revision=1, at=NOW + 3 * HOUR)
    planning.plan(due.pk, {"due_at": NOW + HOUR}, by=PROGRAM, now=NOW)
    planning.plan(tomorrow.pk, {"due_at": NOW + 12 * HOUR}, by=PROGRAM, now=NOW)  # 00:30 there
    assert shown("view=today") == ["Due", "Goes out"]


def test_live_with_changes_are_those_that_readers_have_not_all_of(shown, published):
    published("As it is")
    changed = published("Changed since")
    rewrite(changed, standfirst="More.")
    assert shown("view=changed") == ["Changed since"]
    assert shown("readers=changes") == ["Changed since"]


# --- Filters ---------------------------------------------------------------------------------


def test_readers_see_is_asked_of_what_stands_on_the_site(shown, published, write):
    published("Live")
    down = published("Down")
    do("take_down", down, how="gone", reason="Wrong.", authority="The editor")
    do("schedule", write("Scheduled"), revision=1, at=NOW + HOUR)
    write("Private")
    assert shown("readers=live") == ["Live"]
    assert shown("readers=down") == ["Down"]
    assert shown("readers=scheduled") == ["Scheduled"]
    assert shown("readers=private") == ["Private"]


def test_filters_narrow_each_other_and_the_view(shown, write, national, editor):
    submit(write("World, in review"))
    submit(write("National, in review", section=national.pk))
    write("National, draft", section=national.pk, by=editor)
    assert shown(f"status=in_review&section={national.pk}") == ["National, in review"]
    assert shown(f"view=mine&section={national.pk}&status=draft") == ["National, draft"]
    assert shown(f"view=mine&section={national.pk}&status=ready") == []


def test_a_byline_is_found_by_part_of_the_authors_name(shown, write, author):
    write("Signed", authors=[author.pk])
    write("By another", authors=[Author.objects.create(name="Bo Ek", slug="bo-ek").pk])
    assert shown("byline=hartm") == ["Signed"]
    assert shown("byline=Ilse+Hartmann") == ["Signed"]
    assert shown("byline=Ilse+Ek") == []


def test_assigned_to_me_to_nobody_and_to_a_colleague(shown, write, editor, reporter):
    for headline, person_ in (("Mine", editor), ("Theirs", reporter)):
        story = write(headline)
        planning.plan(story.pk, {"assignee_id": person_.pk}, by=PROGRAM, now=NOW)
    write("Nobody’s")
    assert shown("assignee=me") == ["Mine"]
    assert shown(f"assignee={reporter.pk}") == ["Theirs"]
    assert shown("assignee=nobody") == ["Nobody’s"]


def test_what_is_due_stands_by_its_deadline_and_what_is_ready_is_not_late(shown, write):
    due = {"Late": -HOUR, "Today": HOUR, "In three days": 72 * HOUR, "Ready": -2 * HOUR}
    for headline, span in due.items():
        story = write(headline)
        planning.plan(story.pk, {"due_at": NOW + span}, by=PROGRAM, now=NOW)
        if headline == "Ready":
            submit(story)
            workflow.take("approve", story.pk, by=PROGRAM, now=NOW)
            planning.plan(story.pk, {"due_at": NOW - 24 * HOUR}, by=PROGRAM, now=NOW)
    write("Whenever")
    assert shown("due=late") == ["Late"]
    assert shown("due=today") == ["Late", "Today"]
    assert shown("due=week") == ["Late", "Today", "In three days"]
    assert shown("order=due") == ["Late", "Today", "In three days"]
    assert shown("due=none") == ["Whenever"]


@pytest.mark.parametrize(
    "query",
    [
        "view=nonsense", "status=x&section=x&due=x&readers=x", "section=99999999999999999999",
        "section=-1", "assignee=9223372036854775808", "section=9", "before=x&after=y", "before=0",
        "before=99999999999999999999", "before=1&at=999999999999999999", "p=3", "o=1.2", "e=1",
        "_popup=1&_to_field=id", "all=", "status__exact=ready", "section__id__exact=1",
        "byline=%00", "order=due&before=1",
        "at=5", "after=1&at=abc", "section=٣", "q=%00%00", "view=queue&before=1",
    ],
)  # fmt: skip
def test_an_odd_address_gives_a_page(desk_of, editor, write, query):
    write()
    assert desk_of(editor).get(f"{LIST}?{query}").status_code == 200


def test_everything_about_a_section_is_kept_in_a_saved_filters_address(shown, write, world):
    section = Section.objects.create(name="Sport & More", slug="sport-more", order=5)
    revisions.create(Values("Match", section.pk), by=PROGRAM, now=NOW)
    assert shown(f"section={section.pk}&q=match") == ["Match"]


# --- Who sees what ---------------------------------------------------------------------------


def test_a_story_of_another_section_is_in_no_view_filter_or_search(
    shown, write, published, editor, national
):
    SectionMember.objects.create(user=editor, section=national)
    abroad = published("Abroad", authors=[Author.objects.create(name="Bo", slug="bo").pk])
    rewrite(abroad, standfirst="More.")
    submit(abroad, due_at=NOW)
    write("At home", section=national.pk)
    for query in (
        "", "view=mine", "view=queue", "view=today", "view=changed", "status=in_review", "q=abroad",
        "readers=changes", "byline=bo", f"section={abroad.section_id}", "due=today", "order=due",
        "q=bo", "assignee=nobody",
    ):  # fmt: skip
        assert "Abroad" not in shown(query), query
    assert shown() == ["At home"]
    given = write("Given to me from abroad")
    planning.plan(given.pk, {"due_at": NOW}, by=PROGRAM, now=NOW)
    Article.objects.filter(pk=given.pk).update(assignee=editor)
    assert "Given to me from abroad" in shown()
    assert "Given to me from abroad" in shown("due=today")


def test_who_may_see_no_story_gets_no_list(desk_of, db):
    outsider = person("Reporter", email="out@newsroom.example")
    outsider.groups.clear()
    assert desk_of(outsider).get(LIST).status_code == 403


# --- Pages -----------------------------------------------------------------------------------


@pytest.fixture
def walked(desk_of, editor):
    """Every page of a list, by its links: forwards to the end."""
    desk = desk_of(editor)

    def walked(query=""):
        answer = desk.get(f"{LIST}?{query}")
        pages = [headlines(answer)]
        while older := answer.context["pager"]["older"]:
            answer = desk.get(LIST + older)
            pages.append(headlines(answer))
            assert len(pages) < 30
        back = [pages[-1]]
        while newer := answer.context["pager"]["newer"]:
            answer = desk.get(LIST + newer)
            back.insert(0, headlines(answer))
            assert len(back) < 30
        return pages, back

    return walked


@pytest.fixture
def of_a_page(monkeypatch):
    """Pages and steps small enough to see a walk end."""
    monkeypatch.setattr(story_walk, "PAGE", 3)
    monkeypatch.setattr(story_walk, "MOST", 8)
    monkeypatch.setattr(story_walk, "_FIRST", 4)


@pytest.mark.parametrize("query", ["", "view=queue", "order=due", "view=mine", "q=harbour"])
def test_pages_forwards_and_back_hold_each_story_once(walked, pile, of_a_page, editor, query):
    for n, story in enumerate(pile(10, by=editor)):
        submit(story, due_at=NOW + HOUR * n)
    every = [str(n) for n in range(10)]
    pages, back = walked(query)
    assert [len(page) for page in pages] == [3, 3, 3, 1]
    assert sum(pages, []) == every
    assert back == pages


def test_stories_saved_at_the_same_moment_are_all_on_some_page(walked, write, of_a_page):
    for n in range(8):
        write(f"Same {n}")
    pages, back = walked()
    assert len(set(sum(pages, []))) == len(sum(pages, [])) == 8
    assert back == pages


def test_a_story_saved_meanwhile_does_not_throw_the_reader_back_to_the_top(
    desk_of, editor, pile, of_a_page
):
    stories = pile(7)
    desk = desk_of(editor)
    first = desk.get(LIST)
    assert headlines(first) == ["0", "1", "2"]
    rewrite(stories[2], standfirst="Again.")
    assert headlines(desk.get(LIST + first.context["pager"]["older"])) == ["3", "4", "5"]


def test_a_page_begins_after_any_story_and_at_the_top_after_none(shown, pile, of_a_page):
    stories = pile(7)
    assert shown(f"before={stories[3].pk}") == ["4", "5", "6"]
    assert shown(f"after={stories[6].pk}") == ["3", "4", "5"]
    assert shown(f"after={stories[1].pk}") == ["0", "1", "2"]  # a whole page all the same
    assert shown("before=999999") == ["0", "1", "2"]


def test_a_walk_that_ends_early_says_how_far_it_looked_and_goes_on_from_there(
    desk_of, editor, pile, published, of_a_page
):
    pile(10)
    published("Long ago", at=NOW - 48 * HOUR)
    desk = desk_of(editor)
    answer = desk.get(f"{LIST}?readers=live")
    assert headlines(answer) == []
    page = answer.content.decode()
    assert "Looked as far as" in page
    assert "Go on" in page
    assert "No story here" not in page
    assert headlines(desk.get(LIST + answer.context["pager"]["older"])) == ["Long ago"]


def test_a_walk_looks_at_so_many_stories_and_no_more(desk_of, editor, pile, of_a_page):
    pile(30)
    desk = desk_of(editor)
    with CaptureQueriesContext(connection) as captured:
        desk.get(f"{LIST}?readers=live")
    walked = [q["sql"] for q in captured if "assignee_id" in q["sql"] and "LIMIT" in q["sql"]]
    assert sum(int(sql.rsplit("LIMIT ", 1)[1].split()[0]) for sql in walked) == 8


@pytest.mark.parametrize("query", ["", "view=queue", "view=today", "q=harbour", "due=today"])
def test_a_page_costs_as_many_queries_for_five_stories_as_for_a_full_one(
    desk_of, editor, published, world, reporter, query
):
    SectionMember.objects.create(user=editor, section=world)
    saved_filters.save("Ready", "status=ready", by=editor)
    desk = desk_of(editor)
    desk.get(LIST)
    counts = []
    for most in (5, 52):
        for number in range(most):
            author = Author.objects.create(name=f"A {most}-{number}", slug=f"a-{most}-{number}")
            story = published(f"Story {most} {number}", authors=[author.pk])
            submit(story, due_at=NOW + HOUR, length=500)
            OpenForm.objects.create(article=story, person=reporter, at=NOW)
        with CaptureQueriesContext(connection) as captured:
            answer = desk.get(f"{LIST}?{query}")
        assert len(headlines(answer)) == min(50, most)
        asked = [q["sql"] for q in captured]
        assert len(asked) <= 15, "\n".join(sql[:200] for sql in asked)
        assert not any("COUNT(*)" in sql or "OFFSET" in sql for sql in asked)
        counts.append(len(asked))
    assert counts[0] == counts[1]


# --- Columns ---------------------------------------------------------------------------------


def test_a_line_tells_what_there_is_to_know_of_a_story(desk_of, editor, reporter, write, author):
    other = Author.objects.create(name="Bo Ek", slug="bo-ek")
    story = write("Harbour Opens", authors=[author.pk, other.pk])
    plan = {"slugline": "HARBOUR", "priority": Priority.MUST, "length": 800, "due_at": NOW + HOUR}
    planning.plan(story.pk, plan, by=PROGRAM, now=NOW)
    OpenForm.objects.create(article=story, person=reporter, at=NOW - timedelta(seconds=30))
    page = " ".join(desk_of(editor).get(LIST).content.decode().split())
    for words in (
        '<b class="must">Must run</b>', '<b class="slug" dir="auto">HARBOUR</b>',
        "Ilse Hartmann +1", "5 / 800", '<span class="due soon">today 13:00</span>',
        'title="Reporter"', "Working copy:", "Readers see:",
    ):  # fmt: skip
        assert words in page, words


def test_who_closed_a_story_more_than_a_minute_ago_has_it_open_no_more(
    desk_of, editor, reporter, write
):
    OpenForm.objects.create(article=write(), person=reporter, at=NOW - timedelta(seconds=61))
    assert b"<span>Reporter</span>" not in desk_of(editor).get(LIST).content


def test_a_deadline_that_passed_is_late_until_the_story_is_ready(desk_of, editor, write):
    story = write()
    planning.plan(story.pk, {"due_at": NOW - HOUR}, by=PROGRAM, now=NOW)
    assert 'class="due late"' in desk_of(editor).get(LIST).content.decode()
    submit(story)
    workflow.take("approve", story.pk, by=PROGRAM, now=NOW)
    assert 'class="due late"' not in desk_of(editor).get(LIST).content.decode()
