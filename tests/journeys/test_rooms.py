"""Every room of the desk in a real browser: nothing in it breaks the policy, nothing is without a
name, and nothing is wider than the screen, by day and by night, on a phone and on a desk."""

import pytest

from accounts.models import User
from tests.journeys import rooms, sight
from tests.journeys.signing import come_back, sign_in
from tests.journeys.tabs import EDITOR

pytestmark = pytest.mark.looks
WIDTHS = (320, 768, 1280)  # CSS pixels
FIELD_OF_AN_EDITOR = "[data-django-prose-editor-configurable]"
PARTS = 4  # the rooms are shared out, so that several workers walk at once


@pytest.fixture
def newsroom(clock, write, published):
    chief = rooms.everybody()
    rooms.furnish(chief, write, published)
    return chief


@pytest.fixture
def inside(page, live_server, newsroom, violations):
    """A tab of somebody who may enter every room."""
    come_back(page.context, live_server.url, newsroom)
    return page


def faults(page, name):
    """What is wrong with the page as it stands, in every width and scheme."""
    found = []
    # Without motion: half-way through a change of colour or width nothing is as it will be.
    page.emulate_media(reduced_motion="reduce")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if (wide := sight.width(page)) > width:
            found.append(f"{name} at {width} px is {wide} px wide")
        found += [
            f"{name} at {width} px, {fault}" for fault in sight.faults_by_day_and_by_night(page)
        ]
    return found


def walked(page, name, violations):
    """What is wrong with a page with all that is folded in it opened, and with its policy."""
    if page.locator(FIELD_OF_AN_EDITOR).count():  # which is made only when the page is there
        page.locator(EDITOR).wait_for()
    page.evaluate("document.querySelectorAll('main details').forEach(d => { d.open = true })")
    wrong = faults(page, name) + [f"{name}: {breach}" for breach in violations]
    violations.clear()
    return wrong


# A form with the token of the page that it is sent from.
SEND = """([address, fields]) => {
  const form = Object.assign(document.createElement("form"), { method: "post", action: address })
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value
  for (const [name, some] of Object.entries({ ...fields, csrfmiddlewaretoken: token }))
    for (const value of [some].flat())
      form.append(Object.assign(document.createElement("input"), { name, value }))
  document.body.append(form)
  HTMLFormElement.prototype.submit.call(form)
}"""


def post(page, site, address, fields):
    """Send a form from a page of the desk; return the status of what comes, wherever it leads."""
    page.goto(f"{site}/admin/shortcuts/")
    with page.expect_navigation() as sent:
        page.evaluate(SEND, [address, fields])
    return sent.value.status


@pytest.mark.parametrize("part", range(PARTS))
def test_every_room_of_the_desk_keeps_the_policy_has_names_and_fits(
    inside, live_server, violations, part
):
    wrong = []
    for name, address in sorted(rooms.addresses().items())[part::PARTS]:
        answer = inside.goto(live_server.url + address)
        assert answer.status == 200, f"{name}: {answer.status}"
        assert inside.url == live_server.url + address, f"{name} leads elsewhere"
        wrong += walked(inside, name, violations)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("part", range(2))
def test_so_does_every_answer_to_a_form(inside, live_server, violations, part):
    wrong = []
    for name, (address, fields, status) in list(rooms.posts().items())[part::2]:
        came = post(inside, live_server.url, address, fields)
        # Where it stands too: the sign-in page and My desk answer 200 to whoever is sent there.
        assert (came, inside.url) == (status, live_server.url + address), name
        wrong += walked(inside, name, violations)
    assert not wrong, "\n".join(wrong)


def test_so_does_what_is_shown_to_who_may_not(page, live_server, newsroom, violations):
    """A reporter's rooms: a story to be read only, and the desk's own no."""
    come_back(page.context, live_server.url, User.objects.get(email="jun@newsroom.example"))
    rooms_of = {
        "my desk": "/admin/", "stories": "/admin/articles/article/", "nowhere": "/admin/nowhere/",
        "read only": f"/admin/articles/article/{rooms.story('Harbour Opens').pk}/change/",
        "not allowed": "/admin/as-of/",
    }  # fmt: skip
    wrong = []
    for name, address in rooms_of.items():
        page.goto(live_server.url + address)
        wrong += walked(page, name, violations)
    page.goto(f"{live_server.url}/admin/shortcuts/")
    page.evaluate("document.querySelector('[name=csrfmiddlewaretoken]').value = ''")
    with page.expect_navigation():
        page.evaluate("document.querySelector('[name=csrfmiddlewaretoken]').form.submit()")
    page.get_by_role("heading", name="This page is too old").wait_for()
    wrong += walked(page, "too old", violations)
    assert not wrong, "\n".join(wrong)


def test_signing_in_and_the_list_of_shortcuts_are_walked_too(page, live_server, violations, clock):
    page.goto(f"{live_server.url}/admin/login/")
    wrong = faults(page, "login")
    sign_in(page, live_server.url, rooms.everybody().email)
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Keyboard shortcuts").wait_for()
    wrong += faults(page, "shortcuts")
    assert not wrong, "\n".join(wrong)
    assert violations == []


def test_every_page_of_the_admin_is_one_of_the_rooms_walked(newsroom):
    walked = {name.split(" ")[0].split(":")[-1] for name in rooms.addresses()}
    assert rooms.routes() - rooms.NO_PAGES - walked == {"login"}  # test_signing_in walks it
