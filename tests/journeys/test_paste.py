"""What is pasted into a story: stored as a story's markup, with nothing run and nothing fetched.

Each pasted/NAME.html or NAME.txt is a clipboard as a program fills it; NAME.stored.html is the body
that is stored, a block a line.
"""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from articles import body
from articles.models import Article

PASTED = Path(__file__).parent / "pasted"
EDITOR = ".ProseMirror[contenteditable=true]"
SAVE = "input[name=_continue], button[name=_continue]"
CLIPBOARDS = ["word.html", "google-docs.html", "news-page.html", "plain.txt"]
# As a browser gives a paste to a page; read-only data, so a DataTransfer of the page's own.
PASTE = """(editor, [html, text]) => {
  const clipboardData = new DataTransfer()
  if (html) clipboardData.setData("text/html", html)
  clipboardData.setData("text/plain", text)
  const how = { clipboardData, bubbles: true, cancelable: true }
  editor.dispatchEvent(new ClipboardEvent("paste", how))
}"""

# Where the editor knows the cursor to be: a browser tells it of an arrow's move a little after.
CURSOR_AT = "at => document.querySelector('.ProseMirror').editor.state.selection.anchor === at + 1"


def stored(name):
    lines = (PASTED / f"{Path(name).stem}.stored.html").read_text(encoding="utf-8").splitlines()
    return "".join(lines)


def paste(editor, name="", *, html="", text=""):
    if name:
        content = (PASTED / name).read_bytes().decode()
        html, text = (content, "words") if name.endswith(".html") else ("", content)
    editor.evaluate(PASTE, [html, text])


def save(desk):
    """Save the story, and return the body that is stored."""
    desk.locator(SAVE).first.click()
    expect(desk.locator(".messagelist .success, .messagelist .warning").first).to_be_visible()
    return Article.objects.get().body


@pytest.fixture
def complaints(page):
    """What the browser said of the policy, also of documents that are only read."""
    said = []
    page.on("console", lambda message: said.append(message.text))
    return lambda: [text for text in said if "Content Security Policy" in text]


@pytest.fixture
def fetched(page, live_server):
    """Addresses of other sites that this tab asked for, whatever it became of that."""
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    home = urlsplit(live_server.url).netloc
    return lambda: [url for url in asked if urlsplit(url).netloc not in ("", home)]


@pytest.fixture
def editor(desk, live_server, write):
    """The body of a story that has no words yet; the cursor is in it."""
    article = write(body="")
    desk.goto(f"{live_server.url}/admin/articles/article/{article.pk}/change/")
    editor = desk.locator(EDITOR)
    editor.click()
    return editor


@pytest.mark.parametrize("name", CLIPBOARDS)
def test_a_paste_is_stored_as_a_storys_markup(desk, editor, fetched, complaints, violations, name):
    paste(editor, name)
    assert desk.evaluate("window.ran") is None
    assert save(desk) == stored(name)
    desk.wait_for_load_state()
    assert desk.evaluate("window.ran") is None
    assert fetched() == []
    assert complaints() == violations == []


@pytest.mark.parametrize("name", CLIPBOARDS)
def test_the_sanitiser_takes_nothing_from_what_a_paste_gives(desk, editor, name):
    paste(editor, name)
    expect(desk.locator("[name=body]")).to_have_value(stored(name))


@pytest.mark.parametrize("name", CLIPBOARDS)
def test_one_undo_takes_a_paste_back_and_leaves_what_was_typed_before(desk, editor, name):
    desk.keyboard.insert_text("Typed a moment ago.")  # at once: a slow typist undoes it in parts
    paste(editor, name)
    expect(editor).not_to_have_text("Typed a moment ago.")
    desk.keyboard.press("Control+z")
    expect(editor).to_have_text("Typed a moment ago.")
    desk.keyboard.press("Control+z")
    expect(editor).to_have_text("")


def test_words_pasted_into_a_sentence_stay_in_it(desk, editor):
    desk.keyboard.type("The  opened.")
    for _ in range(8):
        desk.keyboard.press("ArrowLeft")
    desk.wait_for_function(CURSOR_AT, arg=len("The "))
    paste(editor, html="<meta charset='utf-8'><span>old <b>mill</b></span>", text="old mill")
    assert save(desk) == "<p>The old <strong>mill</strong> opened.</p>"


def test_what_was_copied_from_a_story_is_pasted_as_it_was(desk, editor, live_server, write):
    quote = '<figure class="pull"><blockquote><p>“It opened.”</p></blockquote>'
    quote += "<figcaption>Ilse Hartmann</figcaption></figure>"
    other = write("Tides Rise", body=f"<p>One.</p>{quote}<p>Two.</p>")
    desk.goto(f"{live_server.url}/admin/articles/article/{other.pk}/change/")
    editor = desk.locator(EDITOR)
    editor.click()
    desk.keyboard.press("Control+a")
    copied = editor.evaluate(
        """editor => {
          const clipboardData = new DataTransfer()
          editor.dispatchEvent(new ClipboardEvent("copy", { clipboardData, bubbles: true }))
          return ["text/html", "text/plain"].map((kind) => clipboardData.getData(kind))
        }"""
    )
    desk.keyboard.press("Backspace")
    expect(editor).to_have_text("")
    paste(editor, html=copied[0], text=copied[1])
    expect(desk.locator("[name=body]")).to_have_value(f"<p>One.</p>{quote}<p>Two.</p>")


def test_a_pull_quote_of_a_page_of_ours_stays_one(desk, editor):
    html = (
        '<div><p>Before</p><figure class="pull"><blockquote><p>“It <b>opened</b>.”</p></blockquote>'
    )
    paste(editor, html=html + "<figcaption>Ilse&nbsp;Hartmann</figcaption></figure></div>")
    assert save(desk) == (
        '<p>Before</p><figure class="pull"><blockquote><p>“It <strong>opened</strong>.”</p>'
        "</blockquote><figcaption>Ilse Hartmann</figcaption></figure>"
    )


def test_an_address_pasted_over_words_links_them(desk, editor):
    desk.keyboard.type("harbour")
    desk.keyboard.press("Control+a")
    paste(editor, text="https://harbour.example/plan")
    assert save(desk) == '<p><a href="https://harbour.example/plan">harbour</a></p>'


def test_signs_the_server_refuses_or_nobody_sees_are_left_out(desk, editor):
    paste(editor, html="<p>Ha\u200br\u00adbour \x07opens\ufeff, cafe\u0301 \uffff</p>")
    assert save(desk) == "<p>Harbour opens, café</p>"


def test_lists_deeper_than_a_story_may_nest_are_flattened(desk, editor):
    html = "<ul><li>level" * 30 + "</li></ul>" * 30
    paste(editor, html=html)
    assert body.plain_text(save(desk)).count("level") == 30


def test_a_heading_and_a_list_pasted_after_words_stand_by_themselves(desk, editor):
    desk.keyboard.type("The mill closed.")
    paste(editor, html="<h2>Why</h2><p>Nobody knows.</p>")
    paste(editor, html="<ul><li>rain</li><li>wind</li></ul>")
    assert save(desk) == (
        "<p>The mill closed.</p><h2>Why</h2><p>Nobody knows.</p>"
        "<ul><li><p>rain</p></li><li><p>wind</p></li></ul>"
    )
