"""A POST that another site had somebody's browser send does nothing, at any address of the desk."""

import pytest
from django.test import Client

from articles.states import VERBS
from tests.conftest import person
from tests.desk.addresses import about, addresses, filled, of_no_section
from tests.desk.pressing import everything

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

FORGED = {"HTTP_ORIGIN": "https://evil.example", "HTTP_REFERER": "https://evil.example/page"}
TYPED = {
    "headline": "Forged",
    "verb": "publish",
    "reason": "Forged",
    "_save": "Save",
    "confirmed": "on",
}


@pytest.fixture
def ids(published, add_picture, author, topic, world):
    """What the words of an address mean."""
    who = person("Editor")
    given = about(published, who, world)
    return of_no_section(who, add_picture(), author, topic, world) | given


@pytest.mark.parametrize("headers", [{}, FORGED], ids=["without a token", "from another site"])
def test_a_forged_post_changes_nothing_at_any_address(django_user_model, ids, headers):
    chief = django_user_model.objects.create_superuser(
        "c@newsroom.example", "pass", display_name="C"
    )
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(chief)
    before = everything()
    paths = [filled(address, ids) for address in addresses()]
    paths += [path.replace("/verb/publish/", f"/verb/{verb}/") for path in paths for verb in VERBS]
    for path in dict.fromkeys([*paths, "/admin/login/", "/admin/logout/"]):
        answer = browser.post(path, TYPED, **headers)
        assert answer.status_code in (403, 404), path
    assert everything() == before
    assert "_auth_user_id" in browser.session  # nor was anybody signed out
