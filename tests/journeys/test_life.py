"""A story's whole life in real browsers: from its first line to its correction and its receipt."""

import pytest
from django_tasks_db.management.commands.db_worker import Worker
from playwright.sync_api import expect

from articles.models import Article, Receipt, Section
from tests.conftest import person
from tests.journeys.signing import sign_in

PEOPLE = {
    "Reporter": "Nadia Ferro",
    "Editor": "Bo Lind",
    "Publisher": "Ada Moss",
    "Managing editor": "Ivo Brandt",
}
EDITOR = ".ProseMirror[contenteditable=true]"
PATH = "/world/harbour-opens/"
NOTE = "An earlier version of this story gave the number of berths as 40. There are 42."


@pytest.fixture
def tab(browser, live_server, clock, ground):
    """A tab in a browser of its own; at the end no page of any of them breached a policy."""
    contexts, found = [], []

    def tab():
        context = browser.new_context(base_url=live_server.url)
        contexts.append(context)
        context.expose_function("reportViolation", lambda *what: found.append(what))
        context.add_init_script(
            "addEventListener('securitypolicyviolation', e =>"
            " reportViolation(e.violatedDirective, e.blockedURI, e.sample))"
        )
        context.on("weberror", lambda error: found.append(("error", str(error.error))))
        return context.new_page()

    yield tab
    for context in contexts:
        context.close()
    assert found == []


@pytest.fixture
def desk(tab, live_server):
    """A tab in which somebody of a role has signed in, by the form."""

    def desk(role):
        user = person(role, display_name=PEOPLE[role])
        return sign_in(tab(), live_server.url, user.email)

    return desk


def verb(page, name):
    """The page of a verb that asks something, reached from the story's form."""
    if name == "take_down":
        page.locator(".danger summary").press("Enter")
    way = page.locator(f"button[name=_then][value={name}], a[href$='/verb/{name}/']").first
    way.press("Enter")
    form = page.locator(f"form.verb-{name}")
    expect(form).to_be_visible()
    return form


def do(page, name, label, **typed):
    """Do a verb: by its button, or on its page, with what is typed into its fields there."""
    if typed:
        answer(page, verb(page, name), label, **typed)
    else:
        page.locator(f"button[name=_then][value={name}]").press("Enter")
        expect(page.get_by_text(f"{label}: done.")).to_be_visible()


def answer(page, form, label, **typed):
    """Fill a verb's form (each field by its name) and do it."""
    for field, words in typed.items():
        form.locator(f"[name={field}]").fill(words)
    form.get_by_role("button", name=label).press("Enter")
    expect(page.get_by_text(f"{label}: done.")).to_be_visible()


def save(page, said="was changed successfully"):
    page.get_by_role("button", name="Save", exact=True).press("Enter")
    expect(page.get_by_text(said)).to_be_visible()


def told(page, sentence):
    """Find a sentence in one's inbox, and go where it leads."""
    page.goto("/admin/inbox/")
    page.get_by_role("link", name=sentence).first.press("Enter")
    expect(page.get_by_label("Headline")).to_have_value("Harbour Opens")
    page.wait_for_load_state()


def write(page):
    """The first lines of a new story."""
    page.goto("/admin/articles/article/add/")
    page.get_by_label("Headline").fill("Harbour Opens")
    page.get_by_label("Standfirst").fill("It has 40 berths.")
    type_into_the_body(page, "The harbour of Kestrel Bay opened on Tuesday.")
    page.get_by_label("Section").select_option(label="World")
    page.get_by_label("Tags").fill("Ports, Kestrel Bay")
    save(page, "was added successfully")


def type_into_the_body(page, words):
    editor = page.locator(EDITOR)
    editor.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(words)
    expect(editor).to_contain_text(words)


def said_in_history(page, address):
    """The steps of a story's life as its history tells them, the first one first."""
    page.goto(f"{address}/history/")
    lines = page.locator(".line.mile .what")
    expect(lines.first).to_be_visible()
    return [" ".join(words.split()) for words in reversed(lines.all_inner_texts())]


def do_what_waits():
    """What a worker does, until nothing waits."""
    Worker(
        queue_names=["default"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="life",
        excluded_queue_names=[],
    ).run()


def test_a_story_lives_from_its_first_line_to_its_takedown(desk, tab, live_server, settings):
    settings.ORIGIN_URL = live_server.url
    Section.objects.filter(slug="world").update(four_eyes=True)
    reporter, editor, publisher, chief = (desk(role) for role in PEOPLE)
    reader = tab()
    write(reporter)
    address = f"/admin/articles/article/{Article.objects.get().pk}"
    it_is_sent_back_once(reporter, editor)
    assert reader.goto(PATH).status == 404
    it_is_approved_and_published(editor, publisher, reader, address)
    it_is_corrected(reporter, editor, publisher, reader, address)
    assert said_in_history(publisher, address) == [
        "Nadia Ferro began the story.",
        "Nadia Ferro submitted revision 1 for review.",
        "Bo Lind sent the story back.",
        "Nadia Ferro submitted revision 2 for review.",
        "Bo Lind approved revision 2.",
        "Ada Moss published revision 2.",
        "Nadia Ferro changed an approved text: it waits for review again.",
        "Bo Lind approved revision 3.",
        "Ada Moss corrected the story with revision 3.",
    ]
    it_is_taken_down(chief, reader, address)
    assert said_in_history(chief, address)[-1] == "Ivo Brandt took the story down."
    expect(chief.get_by_text("On the authority of The court of Halvern.")).to_be_visible()


def it_is_sent_back_once(reporter, editor):
    do(reporter, "submit", "Submit for review")
    told(editor, "Nadia Ferro sent “Harbour Opens” for review.")
    do(editor, "send_back", "Send back", reason="Say when the first boat came in.")
    told(reporter, "Bo Lind sent back “Harbour Opens”: Say when the first boat came in.")
    type_into_the_body(reporter, " The first boat came in at noon.")
    save(reporter)
    do(reporter, "submit", "Submit for review")


def it_is_approved_and_published(editor, publisher, reader, address):
    """The publisher looks first at the page that readers will have."""
    told(editor, "Nadia Ferro sent “Harbour Opens” for review.")
    do(editor, "approve", "Approve")
    publisher.goto(f"{address}/preview/")
    framed = publisher.frame_locator("iframe:visible")
    expect(framed.get_by_role("heading", level=1)).to_have_text("Harbour Opens")
    expect(framed.get_by_text("The first boat came in at noon.")).to_be_visible()
    publisher.get_by_role("link", name="Back to the story").press("Enter")
    answer(publisher, verb(publisher, "publish"), "Publish now")
    assert reader.goto(PATH).status == 200
    expect(reader.get_by_role("heading", level=1)).to_have_text("Harbour Opens")
    expect(reader.locator(".standfirst")).to_have_text("It has 40 berths.")
    expect(reader.get_by_text("The first boat came in at noon.")).to_be_visible()


def it_is_corrected(reporter, editor, publisher, reader, address):
    """A number was wrong: that is no typo, and readers are told."""
    told(reporter, "Ada Moss published “Harbour Opens”.")
    reporter.get_by_label("Standfirst").fill("It has 42 berths.")
    save(reporter)
    reader.reload()
    expect(reader.locator(".standfirst")).to_have_text("It has 40 berths.")
    told(editor, "it waits for review again")
    do(editor, "approve", "Approve")
    publisher.goto(f"{address}/change/")
    form = verb(publisher, "publish")
    form.get_by_role("radio", name="typo").check()
    form.get_by_role("button", name="Publish now").press("Enter")
    expect(publisher.get_by_text("This looks like more than a typo.")).to_be_visible()
    expect(publisher.get_by_text("A number changed: “40” became “42”.")).to_be_visible()
    publisher.get_by_role("radio", name="correction").check()
    answer(publisher, publisher.locator("form.verb-publish"), "Publish now", note=NOTE)
    reader.reload()
    expect(reader.locator(".standfirst")).to_have_text("It has 42 berths.")
    expect(reader.locator(".story-foot")).to_contain_text(NOTE)
    reader.goto("/corrections/")
    expect(reader.get_by_role("link", name="Harbour Opens")).to_be_visible()
    expect(reader.get_by_text(NOTE)).to_be_visible()


def it_is_taken_down(chief, reader, address):
    """The receipt waits for the worker, and then says of every place what it answers."""
    chief.goto(f"{address}/change/")
    why = {"reason": "A name that must not be known", "authority": "The court of Halvern"}
    do(chief, "take_down", "Take down", **why)
    expect(chief.get_by_text("waits for the worker")).to_be_visible()
    expect(chief.get_by_text("The court of Halvern")).to_be_visible()
    do_what_waits()
    chief.reload()
    expect(chief.get_by_text("Nothing shows it any more")).to_be_visible()
    places = chief.locator(".done li")
    expect(places).to_have_count(len(Receipt.objects.get().surfaces))
    expect(chief.locator(".done li.red")).to_have_count(0)
    expect(places.filter(has_text=PATH).first).to_contain_text("410, not there")
    assert reader.goto(PATH).status == 410
    expect(reader.get_by_role("heading", level=1)).to_have_text("This Story Was Withdrawn")
    reader.goto("/corrections/")
    expect(reader.get_by_text("Nothing has been corrected yet.")).to_be_visible()
