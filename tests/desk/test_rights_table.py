"""Every address of the desk × how it is asked × every role × one's own story, a colleague's and one
of another section: who is let in stands in rights.txt, and whoever does not stand there is not.

A new address without a row fails. What a verb refuses behind the door is test_verbs_table.py.
"""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver

from accounts.models import User
from articles.models import (
    Article,
    LeadsTo,
    Move,
    Note,
    Notice,
    Publication,
    Reason,
    Receipt,
    Redirect,
    SavedFilter,
    SectionMember,
    ShareLink,
)
from tests.conftest import NOW, person
from tests.desk.pressing import do, rewrite

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

TABLE = Path(__file__).parent / "rights.txt"
ROLES = {
    "R": "Reporter", "E": "Editor", "P": "Publisher", "M": "Managing editor", "A": "Administrator",
}  # fmt: skip
# What a word of an address leads to, by the word before it; as a rule that is its name.
LEADS_TO = {
    "notes": "note", "receipts": "receipt", "share": "link", "versions": "version", "front": "slug",
    "history": "number", "beside": "number", "proof": "number",
    "r": "contenttype",
}  # fmt: skip
WHOSE = ("own", "near", "far")
METHODS = ("GET", "POST")
FORM = "application/x-www-form-urlencoded"
# Not the desk's: whoever comes may sign in, and is asked to; the admin's own last resort.
OPEN = {"admin/login/", "admin/logout/", "admin/(?P<url>.*)$"}
# The admin's short address of a row leads to its form, whoever asks, and of whatever is not there.
LEADS_ON = re.compile(r"[a-z]+/<path:object_id>/$")
# For whoever may sign in: their own first page, inbox, password and kept texts, a list of keys; and
# what was typed into a form is given back, wherever it was sent.
FOR_ALL = {
    "admin/", "admin/inbox/", "admin/inbox/choices/", "admin/password_change/",
    "admin/password_change/done/", "admin/articles/article/next/", "admin/jsi18n/",
    "admin/articles/article/open/throw-away/", "admin/shortcuts/",
    "admin/articles/article/<path:object_id>/change/",
}  # fmt: skip


def addresses(patterns=None, before=""):
    """Every address of the desk, as the resolver has it."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        address = before + str(pattern.pattern).lstrip("^")
        if not isinstance(pattern, URLPattern):
            yield from addresses(pattern.url_patterns, address)
        elif address.startswith("admin/") and address not in OPEN and not LEADS_ON.search(address):
            yield address


@pytest.fixture
def desk(published, add_picture, author, topic, world, national):
    """Five people of World; and of each, by whose story it is, what an address's words mean."""
    people = {}
    for letter, role in ROLES.items():
        people[letter] = person(role, email=f"{letter}@newsroom.example")
        member = SectionMember.objects.create(user=people[letter], section=world)
    colleague = person("Editor", email="colleague@newsroom.example")
    redirect = Redirect.objects.create(source="/old/", kind=LeadsTo.PATH, address="/world/")
    lasting = {
        "image": add_picture().pk,
        "redirect": redirect.pk,
        "author": author.pk,
        "tag": topic.pk,
        "sectionmember": member.pk,
        "user": colleague.pk,
        "contenttype": ContentType.objects.get_for_model(Article).pk,
        "dbtaskresult": "c0ffee00-0000-4000-8000-000000000000",
    }
    near, far = (about(published, colleague, section) for section in (world, national))
    lasting["move"] = Move.objects.first().pk
    known = {}
    for letter, who in people.items():
        known[letter, "own"] = lasting | about(published, who, world)
        known[letter, "near"], known[letter, "far"] = lasting | near, lasting | far
    return people, known


def about(published, who, section):
    """The ids of a public story that somebody began, of what hangs on it, and of what is theirs."""
    slug = f"s{who.pk}-{section.slug}"
    story = published(f"Harbour {slug}", slug=slug, section=section.pk)
    do("publish", story, revision=rewrite(story, body="<p>More.</p>"))
    Article.objects.filter(pk=story.pk).update(created_by=who)
    link = ShareLink.objects.create(
        article=story, revision=1, person="Ada", digest=f"{story.pk:064}", by=who,
        by_name="Bo", at=NOW, expires_at=NOW + timedelta(days=1),
    )  # fmt: skip
    move = Move.objects.create(
        at=NOW, verb="take_down", by_name="Bo", article=story.pk, subject="It"
    )
    view, _made = SavedFilter.objects.get_or_create(person=who, name="Mine", query="?status=draft")
    return {
        "article": story.pk,
        "number": 1,
        "version": Publication.objects.filter(article=story).earliest("starts_at").pk,
        "link": link.pk,
        "note": Note.objects.create(article=story, text="Is it?", by_name="Bo", at=NOW).pk,
        "receipt": Receipt.objects.create(article=story, move=move.pk, asked_at=NOW).pk,
        "inbox": Notice.objects.create(
            person=who,
            reason=Reason.MENTIONED,
            article=story,
            subject="It",
            by_name="Bo",
            at=NOW,
            details={"text": "Is it?"},
        ).pk,
        "filters": view.pk,
        "section": section.pk,
        "slug": section.slug,
    }


def filled(address, ids, *, is_there=True):
    """An address with its words put in: of what is there, or first of what never was."""
    address = address.replace("<int:version>/<str:verb>", "<int:version>/withhold")
    parts = address.replace("<str:verb>", "publish").split("/")
    for place, part in enumerate(parts):
        if part.startswith("<"):
            before = LEADS_TO.get(parts[place - 1], parts[place - 1])
            leads_to = ids.get(before, ids["article"])
            parts[place] = str(leads_to if is_there else 987654)
            is_there = True
    return "/" + "/".join(parts)


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
