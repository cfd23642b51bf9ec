"""Every address of the desk × how it is asked × every role × one's own story, a colleague's and one
of another section: who is let in stands in rights.txt, and whoever does not stand there is not.

A new address without a row fails. What a verb refuses behind the door is test_verbs_table.py.
"""

from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import User
from articles.models import SectionMember
from tests.conftest import person
from tests.desk.addresses import about, addresses, filled, of_no_section

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

TABLE = Path(__file__).parent / "rights.txt"
ROLES = {
    "R": "Reporter", "E": "Editor", "P": "Publisher", "M": "Managing editor", "A": "Administrator",
}  # fmt: skip
WHOSE = ("own", "near", "far")
METHODS = ("GET", "POST")
FORM = "application/x-www-form-urlencoded"
# For whoever may sign in: their own first page, inbox, password and kept texts, a list of keys; and
# what was typed into a form is given back, wherever it was sent.
FOR_ALL = {
    "admin/", "admin/inbox/", "admin/inbox/choices/", "admin/password_change/",
    "admin/password_change/done/", "admin/articles/article/next/", "admin/jsi18n/",
    "admin/articles/article/open/throw-away/", "admin/shortcuts/",
    "admin/articles/article/<path:object_id>/change/",
}  # fmt: skip


@pytest.fixture
def desk(published, add_picture, author, topic, world, national):
    """Five people of World; and of each, by whose story it is, what an address's words mean."""
    people = {}
    for letter, role in ROLES.items():
        people[letter] = person(role, email=f"{letter}@newsroom.example")
        SectionMember.objects.create(user=people[letter], section=world)
    colleague = person("Editor", email="colleague@newsroom.example")
    near, far = (about(published, colleague, section) for section in (world, national))
    lasting = of_no_section(colleague, add_picture(), author, topic, world)
    known = {}
    for letter, who in people.items():
        known[letter, "own"] = lasting | about(published, who, world)
        known[letter, "near"], known[letter, "far"] = lasting | near, lasting | far
    return people, known


def lets_in(client, method, path):
    """Whether somebody is let in there; whatever it does is undone."""
    with transaction.atomic():
        answer = client.generic(method, path, "", content_type=FORM)
        transaction.set_rollback(True)
    assert answer.status_code < 500, (method, path)
    # The admin tells of a row that is not there, or not for this person, on its first page.
    is_sent_away = answer.status_code == 302 and (
        answer["Location"] == "/admin/" or answer["Location"].startswith("/admin/login/")
    )
    return answer.status_code not in (403, 404, 405) and not is_sent_away


def observed(desk, letter):
    """Of each address and way to ask, for whose story a role is let in."""
    people, known = desk
    client = Client()
    client.force_login(people[letter])
    return {
        (address, method): {
            whose
            for whose in WHOSE
            if lets_in(client, method, filled(address, known[letter, whose]))
        }
        for address in sorted(set(addresses()))
        for method in METHODS
    }


def table():
    """The rows of rights.txt: by address and method, by whose it is, the letters of roles."""
    rows = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            address, method, *letters = line.split()
            rows[address, method] = {
                whose: set(those) - {"-"} for whose, those in zip(WHOSE, letters, strict=True)
            }
    return rows


def test_every_address_of_the_desk_has_its_rows_and_no_row_is_of_another():
    assert set(table()) == {(address, method) for address in addresses() for method in METHODS}


@pytest.mark.parametrize("letter", ROLES)
def test_a_role_gets_in_where_the_table_says_so_and_nowhere_else(desk, letter):
    rows = table()
    for place, found in observed(desk, letter).items():
        assert found == {whose for whose in WHOSE if letter in rows[place][whose]}, place


@pytest.mark.parametrize("letter", ROLES)
def test_what_is_another_sections_answers_as_what_never_was(desk, letter):
    people, known = desk
    client = Client()
    client.force_login(people[letter])
    ids = known[letter, "far"]
    for (address, method), rows in table().items():
        if "/article/<" in address and letter not in rows["far"]:
            answers = []
            for is_there in (True, False):
                with transaction.atomic():
                    answers.append(client.generic(method, filled(address, ids, is_there=is_there)))
                    transaction.set_rollback(True)
            assert answers[0].status_code == answers[1].status_code, (address, method)


@pytest.mark.parametrize("who", ["nobody", "who has left", "who has no desk", "who has no role"])
def test_without_a_role_nothing_of_the_desk_is_to_be_had(desk, who):
    client = Client()
    if who != "nobody":
        given = {"is_active": who != "who has left", "is_staff": who != "who has no desk"}
        someone = User.objects.create_user("x@newsroom.example", "pass", display_name="X", **given)
        client.force_login(someone)
    _people, known = desk
    for address in sorted(set(addresses())):
        for method in METHODS:
            if who != "who has no role" or address not in FOR_ALL:
                assert not lets_in(client, method, filled(address, known["R", "near"])), address
