"""The body editor as somebody works with it: its toolbar, its link dialog, the quotes they type."""

import re

import pytest
from playwright.sync_api import expect

from articles.models import Article
from tests.journeys import sight

EDITOR = ".ProseMirror[contenteditable=true]"
BUTTONS = {
    "Bold": "Control+B",
    "Italic": "Control+I",
    "Link": "Control+K",
    "Bulleted list": "Control+Shift+8",
    "Numbered list": "Control+Shift+7",
    "Quotation": "Control+Shift+B",
    "Pull quote": None,
    "Picture": None,
    "Undo": "Control+Z",
    "Redo": "Control+Shift+Z",
}


@pytest.fixture
def form(desk, live_server, write):
    """A story's form; its body has no words yet."""
    article = write(body="")
    desk.goto(f"{live_server.url}/admin/articles/article/{article.pk}/change/")
    expect(desk.get_by_role("toolbar")).to_be_visible()
    return desk


@pytest.fixture
def editor(form):
    editor = form.locator(EDITOR)
    editor.click()
    return editor


def tool(form, name):
    return form.get_by_role("toolbar", name="Text tools").get_by_role(
        "button", name=name, exact=True
    )


def stored(form):
    form.locator("input[name=_continue], button[name=_continue]").first.click()
    expect(form.locator(".messagelist .success, .messagelist .warning").first).to_be_visible()
    return Article.objects.get().body


# --- The toolbar


def test_the_tools_have_names_and_keys_and_say_what_is_on(form, editor, violations):
    for name, keys in BUTTONS.items():
        button = tool(form, name)
        expect(button).to_be_visible()
        if keys:
            expect(button).to_have_attribute("aria-keyshortcuts", keys)
    expect(form.get_by_role("textbox", name="Body", exact=True)).to_have_attribute(
        "aria-multiline", "true"
    )
    form.keyboard.type("Loud")
    form.keyboard.press("Control+a")
    expect(tool(form, "Bold")).to_have_attribute("aria-pressed", "false")
    tool(form, "Bold").click()
    expect(tool(form, "Bold")).to_have_attribute("aria-pressed", "true")
    form.get_by_label("Kind of paragraph").select_option("Subheading")
    assert stored(form) == "<h2><strong>Loud</strong></h2>"
    assert violations == []


def test_every_tool_shows_its_icon(form):
    links = form.locator(".toolbar use").evaluate_all("all => all.map((use) => use.href.baseVal)")
    assert len(links) == len(BUTTONS)
    sprite = form.request.get(form.evaluate(f"new URL({links[0]!r}, location).href")).text()
    for link in links:
        assert f'id="{link.split("#")[1]}"' in sprite


def test_the_tools_are_one_stop_of_the_tab_key_and_the_arrows_go_on(form):
    form.get_by_label("Kind of paragraph").focus()
    form.keyboard.press("ArrowRight")
    expect(tool(form, "Bold")).to_be_focused()
    form.keyboard.press("End")
    expect(tool(form, "Redo")).to_be_focused()
    form.keyboard.press("ArrowRight")
    expect(form.get_by_label("Kind of paragraph")).to_be_focused()
    form.keyboard.press("ArrowLeft")
    expect(tool(form, "Redo")).to_be_focused()
    form.keyboard.press("Tab")
    expect(form.locator(EDITOR)).to_be_focused()


def test_undo_and_redo_have_buttons(form, editor):
    form.keyboard.insert_text("Once")  # at once: keys half a second apart are undone one by one
    expect(tool(form, "Redo")).to_have_attribute("aria-disabled", "true")
    tool(form, "Undo").click()
    expect(editor).to_have_text("")
    tool(form, "Redo").click()
    expect(editor).to_have_text("Once")


@pytest.mark.looks
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_finding_of_axe_in_the_editor_or_its_dialog(form, editor, scheme):
    # Without motion: half-way through a change of colour nothing is as it will be.
    form.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    form.keyboard.type("Words")
    tool(form, "Pull quote").click()
    found = sight.faults(form, ".prose-editor")
    form.keyboard.press("Control+k")
    expect(form.get_by_role("dialog", name="Link")).to_be_visible()
    found += sight.faults(form, ".link-dialog")
    assert found == []


def test_on_a_narrow_phone_the_tools_stay_in_sight_in_one_row_that_scrolls(form, editor):
    form.set_viewport_size({"width": 320, "height": 640})
    for _line in range(40):
        form.keyboard.press("Enter")
    form.wait_for_function("scrollY > 300")
    bar = form.locator(".toolbar").bounding_box()
    assert 0 <= bar["y"] <= 200
    assert bar["height"] <= 60
    for box in form.locator(".toolbar > :is(button, select)").all():
        box.scroll_into_view_if_needed()
        place = box.bounding_box()
        assert place["x"] >= 0
        assert place["x"] + place["width"] <= 320
        assert place["height"] >= 40
    assert form.evaluate("document.documentElement.scrollWidth") == 320


# --- A pull quote


def test_a_pull_quote_asks_for_its_words_and_who_says_them(form, editor):
    form.keyboard.type("The harbour opened.")
    tool(form, "Pull quote").click()
    source = editor.locator("figcaption")
    hint = "source => getComputedStyle(source, '::before').content"
    expect(source).to_have_class("empty")
    assert source.evaluate(hint) == '"Who says it"'
    form.keyboard.type("It opened.")
    source.click()
    form.keyboard.type("Ilse Hartmann")
    expect(source).to_have_text("Ilse Hartmann")
    assert source.evaluate(hint) == "none"
    assert stored(form) == (
        '<p>The harbour opened.</p><figure class="pull"><blockquote><p>It opened.</p></blockquote>'
        "<figcaption>Ilse Hartmann</figcaption></figure>"
    )


def test_a_pull_quote_of_words_that_are_there_goes_on_with_who_says_them(form, editor):
    form.keyboard.type("It opened.")
    form.keyboard.press("Control+a")
    tool(form, "Pull quote").click()
    form.keyboard.type("Ilse")
    expect(editor.locator("figcaption")).to_have_text("Ilse")
    expect(editor.locator("figure blockquote")).to_have_text("It opened.")


# --- Links


def test_a_link_is_set_changed_and_removed_by_the_keyboard(form, editor):
    form.keyboard.type("harbour")
    form.keyboard.press("Control+a")
    form.keyboard.press("Control+k")
    dialog = form.get_by_role("dialog", name="Link")
    expect(dialog.get_by_label("Address")).to_be_focused()
    form.keyboard.type("harbour.example/plan")
    form.keyboard.press("Enter")
    expect(editor.locator("a")).to_have_attribute("href", "https://harbour.example/plan")
    expect(editor).to_be_focused()
    form.keyboard.press("Control+k")
    expect(dialog.get_by_label("Address")).to_have_value("https://harbour.example/plan")
    dialog.get_by_role("button", name="Remove link").click()
    expect(editor.locator("a")).to_have_count(0)
    expect(editor).to_have_text("harbour")


@pytest.mark.parametrize("address", ["javascript:alert(1)", "/desk", "two words", ""])
def test_what_is_no_address_is_said_and_asked_again(form, editor, address):
    form.keyboard.type("harbour")
    form.keyboard.press("Control+a")
    form.keyboard.press("Control+k")
    dialog = form.get_by_role("dialog", name="Link")
    dialog.get_by_label("Address").fill(address)
    form.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("That is no address.")
    form.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(editor).to_be_focused()
    expect(editor.locator("a")).to_have_count(0)


def test_an_address_that_is_typed_stays_words(form, editor):
    form.keyboard.type("See https://harbour.example/plan now")
    assert stored(form) == "<p>See https://harbour.example/plan now</p>"


# --- Quotes as they are typed

TYPED = '"Don\'t," she said: "they call it \'the pier\' ("old")... 1990--2"'
ENGLISH = "“Don’t,” she said: “they call it ‘the pier’ (“old”)… 1990–2”"
GERMAN = "„Don’t,“ she said: „they call it ‚the pier‘ („old“)… 1990–2“"


def test_quotes_typed_in_the_body_become_typographic(form, editor):
    form.keyboard.type(TYPED)
    assert stored(form) == f"<p>{ENGLISH}</p>"


@pytest.mark.parametrize("name", ["headline", "standfirst"])
def test_quotes_typed_above_the_body_become_typographic(form, name):
    field = form.locator(f"[name={name}]")
    field.fill("")
    field.press_sequentially(TYPED)
    expect(field).to_have_value(ENGLISH)


def test_german_quotes_close_where_english_ones_open_and_an_apostrophe_stays_one(
    settings, desk, live_server, write
):
    settings.SMART_QUOTES = "„“‚‘"
    desk.goto(f"{live_server.url}/admin/articles/article/{write(body='').pk}/change/")
    desk.locator(EDITOR).click()
    desk.keyboard.type(TYPED)
    expect(desk.locator(EDITOR)).to_have_text(GERMAN)
    desk.keyboard.press("Enter")
    desk.keyboard.type("'Wie geht's?'")
    expect(desk.locator(EDITOR).locator("p").last).to_have_text("‚Wie geht’s?‘")
    field = desk.locator("[name=headline]")
    field.fill("")
    field.press_sequentially("'Wie geht's?'")
    expect(field).to_have_value("‚Wie geht’s?‘")


@pytest.mark.parametrize(
    ("typed", "shown"), [('He said "', "He said “"), ("Well--", "Well–"), ("Well...", "Well…")]
)
def test_undo_right_after_gives_back_what_was_typed(form, editor, typed, shown):
    form.keyboard.type(typed)
    expect(editor).to_have_text(shown)
    form.keyboard.press("Control+z")
    expect(editor).to_have_text(typed)
    form.keyboard.type("Yes")
    expect(editor).to_have_text(f"{typed}Yes")


@pytest.mark.parametrize("name", ["headline", "standfirst"])
def test_undo_gives_back_a_straight_quote_in_a_line_as_well(form, name):
    field = form.locator(f"[name={name}]")
    field.fill("")
    field.press_sequentially('He said "')
    expect(field).to_have_value("He said “")
    form.keyboard.press("Control+z")
    expect(field).to_have_value('He said "')
    expect(form.locator(EDITOR)).to_have_text("")


def test_without_the_setting_what_is_typed_stays(settings, desk, live_server, write):
    settings.SMART_QUOTES = ""
    desk.goto(f"{live_server.url}/admin/articles/article/{write(body='').pk}/change/")
    expect(desk.get_by_role("toolbar")).to_be_visible()
    desk.locator(EDITOR).click()
    desk.keyboard.type(TYPED)
    expect(desk.locator(EDITOR)).to_have_text(TYPED)
    field = desk.locator("[name=headline]")
    field.fill("")
    field.press_sequentially(TYPED)
    expect(field).to_have_value(TYPED)


def test_text_is_set_in_the_book_face_at_a_readable_width(form, editor):
    style = editor.evaluate("text => [getComputedStyle(text).fontFamily, text.clientWidth]")
    assert re.search("serif", style[0])
    assert style[1] <= 704
