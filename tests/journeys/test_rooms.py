"""Every room of the desk in a real browser: nothing in it breaks the policy, nothing is without a
name, and nothing is wider than the screen, by day and by night, on a phone and on a desk."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.journeys import rooms

WIDTHS = (320, 768, 1280)  # CSS pixels
PARTS = 4  # the rooms are shared out, so that several workers walk at once
# Only what is wrong; and without axe’s own copies of stylesheets, which the policy refuses.
NO_MORE = {"resultTypes": ["violations"], "preload": False}


@pytest.fixture
def newsroom(clock, write, published):
    chief = rooms.everybody()
    rooms.furnish(chief, write, published)
    return chief


@pytest.fixture
def inside(page, live_server, newsroom, violations):
    """A tab of somebody who may enter every room."""
    page.set_default_timeout(15_000)  # ms
    page.goto(f"{live_server.url}/admin/")
    page.get_by_label("E-mail address").fill(newsroom.email)
    page.get_by_label("Password").fill("pass")
    page.get_by_role("button", name="Log in").click()
    return page


def faults(page, name):
    """What is wrong with the page as it stands, in every width and scheme."""
    found = []
    # Without motion: half-way through a change of colour or width nothing is as it will be.
    page.emulate_media(reduced_motion="reduce")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            found.append(f"{name} at {width} px is {wide} px wide")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            seen = Axe().run(page, options=NO_MORE)
            found += [f"{name} at {width} px, {scheme}: {fault}" for fault in told(seen)]
    return found


def told(seen):
    return [
        f"{fault['id']}: {node['target']} {node['html'][:160]}"
        for fault in seen.response["violations"]
        for node in fault["nodes"]
    ]


@pytest.mark.parametrize("part", range(PARTS))
def test_every_room_of_the_desk_keeps_the_policy_has_names_and_fits(
    inside, live_server, violations, part
):
    wrong = []
    for name, address in sorted(rooms.addresses().items())[part::PARTS]:
        answer = inside.goto(live_server.url + address)
        assert answer.status == 200, f"{name}: {answer.status}"
        inside.evaluate("document.querySelectorAll('main details').forEach(d => { d.open = true })")
        wrong += faults(inside, name)
        wrong += [f"{name}: {breach}" for breach in violations]
        violations.clear()
    assert not wrong, "\n".join(wrong)


def test_signing_in_and_the_list_of_shortcuts_are_walked_too(page, live_server, violations, clock):
    page.goto(f"{live_server.url}/admin/login/")
    wrong = faults(page, "login")
    rooms.everybody()
    page.get_by_label("E-mail address").fill("mara@newsroom.example")
    page.get_by_label("Password").fill("pass")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("heading", name="My desk", level=1).wait_for()
    page.wait_for_load_state()
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Keyboard shortcuts").wait_for()
    wrong += faults(page, "shortcuts")
    assert not wrong, "\n".join(wrong)
    assert violations == []


def test_every_page_of_the_admin_is_one_of_the_rooms_walked(newsroom):
    walked = {name.split(" ")[0].split(":")[-1] for name in rooms.addresses()}
    assert rooms.routes() - rooms.NO_PAGES - walked == {"login"}  # test_signing_in walks it
