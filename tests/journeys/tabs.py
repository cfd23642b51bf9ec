"""A story's form in a real tab: what is typed there, and where it is kept."""

import json

from playwright.sync_api import expect

from articles.models import OpenForm

PAUSE, BEAT = 3_000, 20_000  # ms, as static/desk/story-form.js has them
EDITOR = ".ProseMirror[contenteditable=true]"
ADD, SIGN_OF_LIFE = "/admin/articles/article/add/", "**/open/"


def change(story):
    return f"/admin/articles/article/{story.pk}/change/"


def opened(context, address):
    """A tab at a story's form, its editor ready, and the server told that somebody is there."""
    tab = context.new_page()
    if address == ADD:  # nobody is told of a new story before something is typed
        tab.goto(address)
    else:
        with tab.expect_response(SIGN_OF_LIFE) as told:
            tab.goto(address)
        told.value.finished()
    expect(tab.locator(EDITOR)).to_be_visible()
    return tab


def type_at(tab, words, *keys):
    """Type into the body, where the keys lead."""
    editor = tab.locator(EDITOR)
    editor.focus()
    expect(editor).to_be_focused()
    tab.clock.fast_forward(100)  # the editor puts its cursor where it was, a little after
    for key in keys:
        tab.keyboard.press(key)
    tab.keyboard.type(words)
    expect(editor).to_contain_text(words)


def pause(tab):
    """What comes after the last key: the script waits no longer."""
    tab.clock.fast_forward(PAUSE)


def beat(tab):
    """What comes even when nothing is typed: a sign of life, and the server's answer to it."""
    with tab.expect_response(SIGN_OF_LIFE) as told:
        tab.clock.fast_forward(BEAT)
    told.value.finished()


def state(tab):
    """Whether what is typed is kept, in the bar above the writing."""
    return tab.locator(".open-form-state")


def alarm(tab):
    """What needs somebody, over the bar below the writing."""
    return tab.locator("#bar-note")


def save(tab):
    tab.get_by_role("button", name="Save", exact=True).click()


def expect_nothing_unsaved(tab):
    """No text is offered again, neither by the server nor by the page's own scripts."""
    tab.wait_for_load_state()
    expect(tab.locator(".unsaved")).to_have_count(0)


def kept_here(tab):
    """The copies in this browser, once the page's own scripts have looked at them."""
    tab.wait_for_load_state()
    return tab.evaluate("Object.keys(localStorage).filter(key => key.startsWith('newsroom:'))")


def slot(who):
    """The texts that the server keeps for somebody, by headline and body."""
    row = OpenForm.objects.filter(person=who).first()
    texts = json.loads(row.typed) if row and row.typed else []
    return [(text["fields"]["headline"], text["fields"]["body"]) for text in texts]
