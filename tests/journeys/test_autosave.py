"""Writing in real tabs: what is typed survives colleagues, networks, closed tabs and sign-outs."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from articles.models import Article, Revision, Section
from tests.conftest import NOW, person
from tests.journeys.signing import come_back
from tests.journeys.tabs import (
    ADD,
    BEAT,
    EDITOR,
    SIGN_OF_LIFE,
    alarm,
    beat,
    change,
    expect_nothing_unsaved,
    kept_here,
    opened,
    pause,
    save,
    slot,
    state,
    type_at,
)

BODY = "<p>The first paragraph.</p><p>The second paragraph.</p><p>The last paragraph.</p>"
KEPT, OFFLINE = re.compile(r"^Kept \d\d:\d\d"), "Not connected: your text is kept in this browser"


@pytest.fixture
def story(write):
    return write(body=BODY)


@pytest.fixture
def bo(ground):
    return person("Editor", display_name="Bo Lind", email="bo@newsroom.example")


@pytest.fixture
def ada(ground):
    return person("Publisher", display_name="Ada Moss", email="ada@newsroom.example")


@pytest.fixture
def desk(browser, live_server, clock):
    """A browser of its own in which somebody is signed in; at the end no policy was breached."""
    contexts, found = [], []

    def desk(who, **options):
        context = browser.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        context.expose_function("reportViolation", lambda *what: found.append(what))
        context.add_init_script(
            "addEventListener('securitypolicyviolation', e =>"
            " reportViolation(e.violatedDirective, e.blockedURI, e.sample))"
        )
        context.on("weberror", lambda error: found.append(("error", str(error.error))))
        come_back(context, live_server.url, who)
        context.clock.install(time=NOW)  # it runs, and a test may push it on
        return context

    yield desk
    for context in contexts:
        context.close()
    assert found == []


def test_two_people_change_different_paragraphs_and_both_are_saved(desk, bo, ada, story):
    one, other = opened(desk(bo), change(story)), opened(desk(ada), change(story))
    type_at(one, " By Bo.", "Control+Home", "End")
    type_at(other, " By Ada.", "Control+End")
    save(one)
    expect(one.get_by_text("was changed successfully")).to_be_visible()
    beat(other)  # what was typed there may have been sent before the other save
    expect(alarm(other)).to_contain_text("Bo Lind saved this story meanwhile")
    save(other)
    expect(other.get_by_text("merged with the changes of Bo Lind")).to_be_visible()
    story.refresh_from_db()
    assert story.body == (
        "<p>The first paragraph. By Bo.</p><p>The second paragraph.</p>"
        "<p>The last paragraph. By Ada.</p>"
    )


def test_two_people_change_one_paragraph_and_the_second_chooses(desk, bo, ada, story):
    one, other = opened(desk(bo), change(story)), opened(desk(ada), change(story))
    type_at(one, " By Bo.", "Control+End")
    type_at(other, " By Ada.", "Control+End")
    save(one)
    expect(one.get_by_text("was changed successfully")).to_be_visible()
    save(other)
    expect(other.get_by_role("heading", name="Two texts, one story")).to_be_visible()
    expect(other.get_by_text("By Bo.")).to_be_visible()
    other.locator("input[value=theirs]").focus()
    other.keyboard.press("Space")
    other.get_by_role("button", name="Join them so").press("Enter")
    expect(other.get_by_text("Both texts were joined")).to_be_visible()
    story.refresh_from_db()
    assert story.body.endswith("<p>The last paragraph. By Bo.</p>")
    kept = "".join(Revision.objects.filter(article=story).values_list("body", flat=True))
    assert "By Ada." in kept
    expect_nothing_unsaved(other)
    assert kept_here(other) == []


def test_without_a_network_the_browser_keeps_the_text_until_the_server_can(desk, bo, story):
    context = desk(bo)
    tab = opened(context, change(story))
    context.set_offline(True)
    type_at(tab, " Typed on a train.", "Control+End")
    pause(tab)
    expect(alarm(tab)).to_have_text(OFFLINE)
    assert len(kept_here(tab)) == 1
    assert slot(bo) == []
    context.set_offline(False)
    expect(state(tab)).to_have_text(KEPT)
    [(_headline, body)] = slot(bo)
    assert body.endswith("<p>The last paragraph. Typed on a train.</p>")
    assert kept_here(tab) == []


def test_what_was_typed_in_a_tab_that_closed_offline_is_offered_and_put_back(desk, bo, story):
    context = desk(bo)
    tab = opened(context, change(story))
    context.set_offline(True)
    type_at(tab, " Typed on a train.", "Control+End")
    tab.get_by_label("Headline").fill("Harbour Opens Late")
    tab.close()
    context.set_offline(False)
    tab = opened(context, change(story))
    note = tab.locator(".unsaved", has_text="It is in this browser only.")
    expect(note).to_contain_text("12:0")  # in the newsroom's zone
    note.get_by_role("button", name="Put it back").press("Enter")
    expect(tab.get_by_label("Headline")).to_have_value("Harbour Opens Late")
    expect(tab.locator(EDITOR)).to_contain_text("Typed on a train.")
    expect(note).to_have_count(0)
    pause(tab)
    expect(state(tab)).to_have_text(KEPT)
    save(tab)
    expect(tab.get_by_text("was changed successfully")).to_be_visible()
    expect_nothing_unsaved(tab)
    assert kept_here(tab) == []
    story.refresh_from_db()
    assert story.body.endswith("<p>The last paragraph. Typed on a train.</p>")


def test_a_text_left_in_the_browser_can_be_thrown_away(desk, bo, story):
    context = desk(bo)
    tab = opened(context, change(story))
    context.set_offline(True)
    tab.get_by_label("Headline").fill("Not So")
    tab.close()
    context.set_offline(False)
    tab = opened(context, change(story))
    note = tab.locator(".unsaved", has_text="It is in this browser only.")  # the server's aside
    note.get_by_role("button", name="Throw it away").press("Enter")
    expect(note).to_have_count(0)
    assert kept_here(tab) == []
    tab.reload()
    expect(note).to_have_count(0)


def test_a_save_after_the_session_ran_out_is_saved_after_signing_in(desk, bo, story):
    tab = opened(desk(bo), change(story))
    type_at(tab, " Typed past midnight.", "Control+End")
    Session.objects.all().delete()
    save(tab)
    tab.get_by_label("E-mail address").fill("bo@newsroom.example")
    tab.get_by_label("Password").fill("pass")
    tab.get_by_role("button", name="Log in").click()
    expect(tab.get_by_text("was changed successfully")).to_be_visible()
    story.refresh_from_db()
    assert story.body.endswith("<p>The last paragraph. Typed past midnight.</p>")
    assert story.version == 2
    expect_nothing_unsaved(tab)
    assert kept_here(tab) == []


def test_whoever_is_signed_out_signs_in_in_a_new_tab_and_goes_on(desk, bo, story):
    context = desk(bo)
    tab = opened(context, change(story))
    Session.objects.all().delete()
    type_at(tab, " Typed past midnight.", "Control+End")
    pause(tab)
    expect(alarm(tab)).to_contain_text("You are signed out: your text is kept in this browser.")
    with context.expect_page() as opening:
        tab.get_by_role("link", name="Sign in in a new tab, then go on.").press("Enter")
    other = opening.value
    other.get_by_label("E-mail address").fill("bo@newsroom.example")
    other.get_by_label("Password").fill("pass")
    other.get_by_role("button", name="Log in").click()
    expect(other.get_by_text("Stories").first).to_be_visible()
    tab.clock.fast_forward(BEAT)
    expect(state(tab)).to_have_text(KEPT)
    save(tab)
    expect(tab.get_by_text("was changed successfully")).to_be_visible()
    story.refresh_from_db()
    assert story.body.endswith("<p>The last paragraph. Typed past midnight.</p>")


def test_a_new_storys_lists_are_put_back_with_their_names_and_order(desk, ada, write, author):
    context = desk(ada)
    tab = opened(context, ADD)
    tab.get_by_label("Headline").fill("Harbour Opens")
    tab.get_by_label("Section").select_option(label="World")
    tab.locator(".field-authors .select2-search__field").fill("Ilse")
    tab.locator(".select2-results__option", has_text="Ilse Hartmann").first.click()
    context.set_offline(True)
    tab.get_by_label("Tags").fill("Ports, Tides")
    tab.close()
    context.set_offline(False)
    tab = opened(context, ADD)
    tab.get_by_role("button", name="Put it back").press("Enter")
    expect(tab.get_by_label("Section").locator("option:checked")).to_have_text("World")
    expect(tab.locator(".field-authors .select2-selection")).to_contain_text("Ilse Hartmann")
    save(tab)
    expect(tab.get_by_text("was added successfully")).to_be_visible()
    article = Article.objects.get()
    assert article.section == Section.objects.get(slug="world")
    assert [line.author for line in article.bylines.all()] == [author]
    assert article.tags.count() == 2


def test_without_scripts_the_servers_text_is_put_back_or_thrown_away(desk, bo, story):
    tab = opened(desk(bo), change(story))
    tab.get_by_label("Headline").fill("Harbour Opens Late")
    pause(tab)
    expect(state(tab)).to_have_text(KEPT)
    plain = desk(bo, java_script_enabled=False).new_page()
    plain.goto(change(story))
    plain.get_by_role("link", name="Put it back").press("Enter")
    expect(plain.get_by_label("Headline")).to_have_value("Harbour Opens Late")
    plain.goto(change(story))
    plain.get_by_role("button", name="Throw it away").press("Enter")
    expect(plain.get_by_label("Headline")).to_have_value("Harbour Opens")
    expect_nothing_unsaved(plain)


def test_words_typed_while_a_save_is_under_way_are_offered_after_it(desk, bo, story):
    tab = opened(desk(bo), change(story))
    held = []
    tab.route("**/change/", lambda route: held.append(route), times=1)
    tab.get_by_label("Headline").fill("Harbour Opens")
    tab.get_by_label("Headline").press("End")
    tab.keyboard.type(" Late")
    with tab.expect_request("**/change/"):
        # No click of the mouse: the focus stays.
        tab.get_by_role("button", name="Save", exact=True).dispatch_event("click")
    tab.keyboard.type(" At Night")
    held[0].continue_()
    expect(tab.get_by_text("was changed successfully")).to_be_visible()
    story.refresh_from_db()
    assert story.headline == "Harbour Opens Late"
    tab = opened(tab.context, change(story))
    tab.get_by_role("button", name="Put it back").press("Enter")
    expect(tab.get_by_label("Headline")).to_have_value("Harbour Opens Late At Night")


def test_words_typed_while_the_desk_is_slow_to_answer_are_kept_after_it(desk, bo, story):
    context = desk(bo)
    held = []
    context.route(SIGN_OF_LIFE, lambda route: held.append(route), times=1)
    tab = context.new_page()
    with tab.expect_request(SIGN_OF_LIFE):
        tab.goto(change(story))
    expect(tab.locator(EDITOR)).to_be_visible()
    tab.get_by_label("Headline").fill("Typed While Waiting")
    pause(tab)  # and what the page asked as it opened is still not answered
    held[0].continue_()
    expect(state(tab)).to_have_text(KEPT, timeout=12_000)  # a pause later, and before the next beat
    assert [headline for headline, _body in slot(bo)] == ["Typed While Waiting"]


def test_putting_a_text_back_loses_none_that_was_typed_since(desk, bo, story):
    context = desk(bo)
    tab = opened(context, change(story))
    context.set_offline(True)
    tab.get_by_label("Headline").fill("Typed First")
    tab.close()
    context.set_offline(False)
    tab = opened(context, change(story))
    tab.get_by_label("Headline").fill("Typed Second")
    pause(tab)
    expect(state(tab)).to_have_text(KEPT)
    tab.get_by_role("button", name="Put it back").press("Enter")
    pause(tab)
    expect(tab.get_by_label("Headline")).to_have_value("Typed First")
    expect(state(tab)).to_have_text(KEPT)
    assert [headline for headline, _body in slot(bo)] == ["Typed First", "Typed Second"]
    save(tab)
    expect(tab.get_by_text("was changed successfully")).to_be_visible()
    tab.get_by_role("link", name="Put it back").press("Enter")
    expect(tab.get_by_label("Headline")).to_have_value("Typed Second")


def test_nobody_leaves_a_text_behind_that_is_kept_nowhere_else(desk, bo, story):
    context = desk(bo)
    tab = opened(context, change(story))
    asked = []
    tab.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    context.set_offline(True)
    type_at(tab, " Typed on a train.", "Control+End")
    with tab.expect_event("dialog"):
        tab.close(run_before_unload=True)
    expect(state(tab)).to_have_text("Typing…")
    assert asked == ["beforeunload"]
    context.set_offline(False)
    pause(tab)
    expect(state(tab)).to_have_text(KEPT)
    tab.goto("/admin/")
    assert asked == ["beforeunload"]


def test_a_browser_that_keeps_nothing_says_so_and_the_server_keeps_it(desk, bo, story):
    context = desk(bo)
    context.add_init_script(
        "const own = Storage.prototype.setItem; Storage.prototype.setItem = function (key, value) {"
        " if (key.startsWith('newsroom:')) throw new Error('full');"
        " own.call(this, key, value) }"
    )
    tab = opened(context, change(story))
    context.set_offline(True)
    type_at(tab, " Typed on a train.", "Control+End")
    pause(tab)
    expect(alarm(tab)).to_have_text("Your text is kept nowhere but in this tab. Do not close it.")
    context.set_offline(False)
    expect(state(tab)).to_have_text(KEPT)
    assert len(slot(bo)) == 1


def test_a_character_that_no_save_would_take_is_told_while_it_is_typed(desk, bo, story):
    tab = opened(desk(bo), change(story))
    tab.get_by_label("Headline").fill("Flood\x0etide")
    pause(tab)
    expect(alarm(tab)).to_contain_text("U+000E")
    assert len(kept_here(tab)) == 1


def test_colleagues_are_named_while_they_have_the_story_open(desk, bo, ada, story):
    opened(desk(bo), change(story))
    expect(opened(desk(ada), change(story)).locator(".open-form-others")).to_have_text(
        "Also open: Bo Lind"
    )


def test_opening_a_story_types_nothing(desk, bo, write):
    """The editor shows every markup that a body may hold and changes none of it."""
    story = write(
        body="<h2>What <em>next</em></h2><ul><li><p>One</p></li></ul><ol><li><p>Two</p></li></ol>"
        '<figure class="pull"><blockquote><p>“It opened.”</p></blockquote>'
        "<figcaption>Ilse</figcaption></figure><blockquote><p>So<br>it is.</p></blockquote>"
        '<p><a href="https://example.org/">A</a> <strong>b</strong></p>'
    )
    tab = opened(desk(bo), change(story))
    beat(tab)
    expect(state(tab)).to_have_text("")
    assert slot(bo) == []
    assert kept_here(tab) == []


@pytest.mark.parametrize(("zone", "typed", "says"), [
    ("Europe/Berlin", "19T15:12", "Fri 19 Jun, 11:42 CEST on your clock · in 3 h 12 min"),
    ("Asia/Kolkata", "21T13:59", "in 2 d 1 h"), ("Asia/Kolkata", "19T11:57", "3 min ago"),
])  # fmt: skip
def test_a_moment_stands_on_the_editors_own_clock_too(desk, ada, story, zone, typed, says):
    tab = desk(ada, timezone_id=zone, locale="en-GB").new_page()
    tab.goto(f"/admin/articles/article/{story.pk}/verb/schedule/")
    tab.get_by_label("Goes live").fill(f"2026-06-{typed}")
    line = tab.locator("form.verb-schedule .moment-here").first
    tab.clock.set_fixed_time(NOW)
    tab.get_by_label("Goes live").dispatch_event("input")
    expect(line).to_have_text(says)
