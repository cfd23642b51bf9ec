"""What the checklist holds against a text keeps it in, at every verb that would let it out."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.desk import press, sentences
from articles.models import Article, Move, SectionMember
from articles.moments import newsroom_zone
from tests.conftest import NOW
from tests.desk.pressing import HOUR, do, revision_shown, rewrite, shown

pytestmark = pytest.mark.django_db

BROKEN = '<p>See <a href="/world/no-such-story/">the first part</a>.</p>'
SAYS = "No page answers /world/no-such-story/, where “the first part” in paragraph 1 leads."
FIX = "Mend the address, or take the link out."
WHY = "The first part goes out at noon"
TOMORROW = "2026-06-20T06:00"


@pytest.fixture
def post(desk_of, clock):
    """Post a verb as someone who has just looked at the story."""

    def post(user, story, verb, **data):
        now = Article.objects.get(pk=story.pk)
        posted = {"seen": now.pressed, "revision": now.version, **data}
        return desk_of(user).post(f"/admin/articles/article/{story.pk}/verb/{verb}/", posted)

    return post


@pytest.fixture
def broken(write, publisher):
    return write("First flood, then fire", body=BROKEN, by=publisher)


def said(answer):
    return answer.content.decode()


def asks_for_a_reason(answer):
    """Whether the page has a place where a reason to pass over a check is typed."""
    return any(
        '<textarea name="override"' in line for line in said(answer).split("\n")
    )  # fmt: skip


def verb_page(desk, story, verb):
    return desk.get(f"/admin/articles/article/{story.pk}/verb/{verb}/")


@pytest.mark.parametrize(
    ("verb", "data"), [("publish", {}), ("schedule", {"at": TOMORROW})], ids=["publish", "schedule"]
)
def test_a_broken_link_keeps_a_story_in_and_a_mended_one_lets_it_out(
    post, broken, publisher, verb, data
):
    refused = post(publisher, broken, verb, **data)
    assert refused.status_code == 409
    assert f"{SAYS} {FIX}" in said(refused)
    assert not Move.objects.filter(verb=verb).exists()
    rewrite(broken, body="<p>There is no first part.</p>", by=publisher)
    assert post(publisher, broken, verb, **data).status_code == 302


def test_one_refusal_names_all_that_keeps_a_story_in(post, write, publisher):
    story = write(body=f'{BROKEN}<p><a href="/nowhere/">The second part</a></p>', by=publisher)
    refused = said(post(publisher, story, "publish"))
    assert SAYS in refused
    assert "No page answers /nowhere/, where “The second part” in paragraph 2 leads." in refused


def test_a_managing_editor_passes_over_a_check_with_a_reason_and_a_publisher_does_not(
    post, broken, publisher, managing_editor
):
    assert post(managing_editor, broken, "publish").status_code == 409
    assert post(publisher, broken, "publish", override=WHY).status_code == 403
    assert shown(broken) is None
    assert post(managing_editor, broken, "publish", override=WHY).status_code == 302
    assert revision_shown(broken) == 1
    move = Move.objects.get(verb="publish")
    assert (move.details["override"], move.details["passed_over"]) == (WHY, [SAYS])
    told = " ".join(sentences.more_of_move(move, newsroom_zone()))
    assert WHY in told
    assert SAYS in told


def test_a_reason_that_nothing_needs_is_not_kept(post, write, managing_editor):
    story = write()
    assert post(managing_editor, story, "publish", override=WHY).status_code == 302
    assert "override" not in Move.objects.get(verb="publish").details


def test_no_reason_passes_over_an_empty_body(post, write, managing_editor):
    story = write("Nothing yet at all", body="")
    refused = post(managing_editor, story, "publish", override=WHY)
    assert refused.status_code == 409
    assert "has no text yet. Write the body before it is published." in said(refused)
    assert not asks_for_a_reason(post(managing_editor, story, "publish"))


def test_no_reason_passes_over_an_embargo_or_a_hold(post, broken, write, managing_editor):
    embargoed, held = write("First story of two"), write("Second story of two")
    do("embargo", embargoed, until=NOW + HOUR)
    do("hold", held, reason="the lawyer asks")
    assert "under embargo until" in said(post(managing_editor, embargoed, "publish", override=WHY))
    assert "This story is held" in said(post(managing_editor, held, "publish", override=WHY))
    assert (shown(embargoed), shown(held)) == (None, None)


def test_the_form_asks_for_a_reason_as_soon_as_something_keeps_the_story_in(
    post, desk_of, broken, write, publisher, managing_editor
):
    desk = desk_of(managing_editor)
    page = verb_page(desk, broken, "publish")
    assert asks_for_a_reason(page)
    assert f"{SAYS} {FIX} For managing editors" in said(page)
    assert asks_for_a_reason(verb_page(desk, broken, "schedule"))
    assert not asks_for_a_reason(verb_page(desk, write("All is well here"), "publish"))
    assert asks_for_a_reason(post(managing_editor, broken, "publish"))
    assert not asks_for_a_reason(post(publisher, broken, "publish"))
    refused = post(managing_editor, write("Nothing is wrong here"), "schedule", at="yesterday")
    assert refused.status_code == 422
    assert not asks_for_a_reason(refused)


def test_an_older_revision_is_checked_as_it_is_and_not_the_working_copy(
    post, broken, publisher, managing_editor
):  # fmt: skip
    rewrite(broken, body="<p>There is no first part.</p>", by=publisher)
    refused = post(managing_editor, broken, "publish", revision=1)
    assert SAYS in said(refused)
    assert asks_for_a_reason(refused)
    assert post(publisher, broken, "publish").status_code == 302


def test_what_is_said_of_the_text_is_said_of_the_one_that_goes_out_or_not_at_all(
    desk_of, write, publisher, clock
):
    story, desk = write("First flood, then fire", by=publisher), desk_of(publisher)
    rewrite(story, headline="First flood, then fire.", by=publisher)
    address = f"/admin/articles/article/{story.pk}/verb/publish/"
    advice = "The headline ends with a full stop."
    assert advice in said(desk.get(address))
    stale = desk.post(address, {"seen": 7, "revision": 1})
    assert stale.status_code == 409
    assert advice not in said(stale)
    assert advice in said(desk.post(address, {"seen": 7, "revision": 2}))
    done = desk.post(address, {"seen": 0, "revision": 1}, follow=True)
    assert revision_shown(story) == 1
    told = [str(message) for message in done.context["messages"]]
    assert not any(advice in one for one in told)
    again = {"seen": 1, "revision": 2, "change": "update"}
    told = [str(m) for m in desk.post(address, again, follow=True).context["messages"]]
    assert any("It went with this advice:" in one and advice in one for one in told)


@pytest.mark.parametrize("odd", ["", "x", "1.5", "9" * 5000, "\0"])
def test_a_revision_that_is_none_is_asked_again(desk_of, write, publisher, clock, odd):
    story, desk = write("First flood, then fire.", by=publisher), desk_of(publisher)
    address = f"/admin/articles/article/{story.pk}/verb/publish/"
    answer = desk.post(address, {"seen": 0, "revision": odd})
    assert answer.status_code == 422
    assert "ends with a full stop" not in said(answer)


def test_a_reason_is_asked_of_who_may_pass_over_a_check_in_the_storys_section_only(
    post, write, world, national, managing_editor
):
    world.four_eyes = True
    world.save()
    story = write("First flood, then fire")
    assert asks_for_a_reason(post(managing_editor, story, "publish"))
    SectionMember.objects.create(user=managing_editor, section=national)
    Article.objects.filter(pk=story.pk).update(assignee=managing_editor)
    refused = post(managing_editor, story, "publish")
    assert refused.status_code == 403
    assert not asks_for_a_reason(refused)


def test_an_update_and_what_takes_a_scheduled_ones_place_are_checked(
    post, published, publisher, write
):
    live, coming = published("Live and well today"), write("To come this evening")
    do("schedule", coming, revision=1, at=NOW + HOUR)
    for story, verb, more in (
        (live, "publish", {}),
        (coming, "update_scheduled", {"start": (NOW + HOUR).isoformat()}),
    ):
        rewrite(story, body=BROKEN, by=publisher)
        assert SAYS in said(post(publisher, story, verb, change="update", **more))
    assert (revision_shown(live), revision_shown(coming, NOW + HOUR)) == (1, 1)


def test_what_was_let_out_with_a_reason_moves_without_another(broken, publisher, managing_editor):
    do("schedule", broken, revision=1, at=NOW + HOUR, by=managing_editor, override=WHY)
    do("move", broken, NOW + HOUR, to=NOW + 2 * HOUR, by=publisher)
    assert revision_shown(broken, NOW + 2 * HOUR) == 1


def test_a_story_that_was_taken_down_is_checked_before_it_comes_back(published, managing_editor):
    story = published("Live and well today", body=BROKEN)
    do("take_down", story, how="gone", reason="wrong")
    with pytest.raises(ValidationError, match="No page answers"):
        do("restore", story, revision=1, reason="right", by=managing_editor)
    do("restore", story, revision=1, reason="right", by=managing_editor, override=WHY)
    assert revision_shown(story) == 1


def test_a_link_to_itself_or_to_what_is_being_written_keeps_nothing_in(post, write, publisher):
    other = write("The first part of it")
    html = (
        f'<p>See <a href="/world/{other.slug}/">that</a>, <a href="/world/the-flood/">this</a>.</p>'
    )
    story = write("The flood of all floods", slug="the-flood", body=html, by=publisher)
    assert post(publisher, story, "publish").status_code == 302


def test_programs_are_not_asked_but_print_no_empty_page(write):
    do("publish", write("An old story of ours", body=BROKEN), revision=1)
    with pytest.raises(ValidationError, match="has no text yet"):
        do("publish", write("Nothing yet at all", body=""), revision=1)


def test_a_body_without_links_costs_the_press_no_query_more_and_one_with_links_one(
    write, publisher, published, national
):
    published("Abroad", section=national.pk)

    def cost(**values):
        story = write(**values)
        with CaptureQueriesContext(connection) as queries:
            press.publish(story.pk, revision=1, by=publisher, seen=0, now=NOW)
        return len(queries)

    cost(headline="What is asked once of everybody")
    outside = cost(headline="One story of three", body='<p><a href="https://a.example/">A</a></p>')
    without = cost(headline="Another story of three")
    inside = cost(
        headline="A third story of three",
        body='<p><a href="/world/">W</a> <a href="/national/">N</a></p>',
    )
    assert (outside - without, inside - without) == (0, 1)
