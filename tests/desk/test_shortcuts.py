"""The list of the desk's shortcuts: each person is told those that do something for them."""

import re

import pytest

from tests.conftest import person

pytestmark = pytest.mark.django_db

EVERYBODY = {"?", "Esc", "d", "i"}
READS = {"/", "m", "q", "c", "b", "s", "Alt Shift P", "← → ↑ ↓"}
WRITES = {"n", "Ctrl S", "Ctrl Enter", "Ctrl B I K", "Ctrl Z , Ctrl Shift Z", "M Enter Esc"}
APPROVES = {"j", "Alt Shift J"}


def listed(page):
    """The keys of the list, one string a line of it."""
    answers = re.findall(r"<dt>[^<]+</dt>\s*<dd>(.*?)</dd>", page.split("<main")[1], re.S)
    return {" ".join(re.sub(r"<[^>]+>", " ", keys).split()) for keys in answers}


@pytest.mark.parametrize(
    ("role", "keys"),
    [
        ("Administrator", EVERYBODY | READS),
        ("Reporter", EVERYBODY | READS | WRITES),
        ("Editor", EVERYBODY | READS | WRITES | APPROVES),
    ],
)
def test_a_person_is_told_the_shortcuts_that_work_for_them(desk_of, clock, role, keys):
    page = desk_of(person(role)).get("/admin/shortcuts/").content.decode()
    assert listed(page) == keys
