"""People: they sign in by e-mail, hold roles from one table, and cannot raise themselves."""

import re

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import IntegrityError

from accounts import roles
from accounts.models import User

pytestmark = pytest.mark.django_db


def permissions_of(name):
    rows = Group.objects.get(name=name).permissions.values_list(
        "content_type__app_label", "codename"
    )
    return {f"{app}.{codename}" for app, codename in rows}


@pytest.mark.parametrize("typed", ["reporter@newsroom.example", "Reporter@Newsroom.EXAMPLE"])
def test_a_person_signs_in_by_e_mail_whatever_its_capitals(client, reporter, typed):
    answer = client.post("/admin/login/?next=/admin/", {"username": typed, "password": "pass"})
    assert answer.status_code == 302
    assert client.get("/admin/").status_code == 200


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, reporter):
    wrong = client.post("/admin/login/", {"username": reporter.email, "password": "no"})
    nobody = client.post("/admin/login/", {"username": "x@newsroom.example", "password": "no"})
    said = [list(answer.context["form"].non_field_errors()) for answer in (wrong, nobody)]
    assert said[0] == said[1]
    assert said[0] != []


def test_two_people_cannot_share_an_address_in_other_capitals(reporter):
    with pytest.raises(IntegrityError):
        User.objects.create_user(email="REPORTER@newsroom.example", display_name="Other")


@pytest.mark.parametrize("role", roles.ROLES, ids=lambda role: role.name)
def test_every_migrate_makes_the_table_of_roles_true(role):
    assert permissions_of(role.name) == role.permissions


def test_sync_roles_undoes_what_was_changed_by_hand(capsys):
    Group.objects.get(name="Reporter").permissions.clear()
    call_command("sync_roles")
    assert "Reporter" in capsys.readouterr().out
    assert "articles.change_article" in permissions_of("Reporter")
    call_command("sync_roles")
    assert "Nothing to change" in capsys.readouterr().out


def test_sync_roles_leaves_other_groups_alone():
    other = Group.objects.create(name="Choir")
    call_command("sync_roles")
    assert Group.objects.filter(pk=other.pk).exists()


def test_an_administrator_makes_a_person_and_gives_a_role(desk_of, administrator):
    answer = desk_of(administrator).post(
        "/admin/accounts/user/add/",
        {
            "email": "New.Person@newsroom.example",
            "display_name": "New Person",
            "usable_password": "true",
            "password1": "a-long-enough-secret",
            "password2": "a-long-enough-secret",
            "groups": [Group.objects.get(name="Editor").pk],
        },
    )
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    person = User.objects.get(email="new.person@newsroom.example")
    assert person.has_perm("articles.change_others_article")


def test_people_are_filtered_by_menus_that_open_when_they_are_asked_for(
    desk_of, administrator, reporter
):
    User.objects.filter(pk=reporter.pk).update(is_active=False)
    page = desk_of(administrator).get("/admin/accounts/user/?is_active__exact=0").content.decode()
    menus = re.findall(r"<details class=\"facet[^>]*>", page)
    assert len(menus) == 2
    assert not any(" open" in menu for menu in menus)
    assert '<b dir="auto">No</b>' in page
    assert "reporter@newsroom.example" in page
    assert "administrator@newsroom.example" not in page


def test_an_editor_reaches_no_person(desk_of, editor, reporter):
    desk = desk_of(editor)
    assert desk.get("/admin/accounts/user/").status_code == 403
    assert desk.get(f"/admin/accounts/user/{reporter.pk}/change/").status_code == 403


def test_an_administrator_cannot_make_anyone_a_superuser(desk_of, administrator, reporter):
    address = f"/admin/accounts/user/{reporter.pk}/change/"
    data = {"email": reporter.email, "display_name": "R", "is_active": "on", "is_superuser": "on"}
    desk_of(administrator).post(address, data)
    reporter.refresh_from_db()
    assert reporter.display_name == "R"
    assert not reporter.is_superuser


def test_an_administrator_cannot_change_a_superuser(desk_of, administrator):
    chief = User.objects.create_superuser("chief@newsroom.example", "pass", display_name="Chief")
    data = {"email": chief.email, "display_name": "Renamed", "is_active": "on"}
    answer = desk_of(administrator).post(f"/admin/accounts/user/{chief.pk}/change/", data)
    assert answer.status_code == 403
    chief.refresh_from_db()
    assert chief.display_name == "Chief"


def test_nobody_deletes_a_person_whose_name_stands_in_the_history(desk_of, administrator, reporter):
    answer = desk_of(administrator).post(
        f"/admin/accounts/user/{reporter.pk}/delete/", {"post": "yes"}
    )
    assert answer.status_code == 403
    assert User.objects.filter(pk=reporter.pk).exists()
