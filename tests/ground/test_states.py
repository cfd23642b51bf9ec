"""The tables of states: what readers get, and which verbs the press may do from where."""

import inspect
from datetime import timedelta

import pytest
from django.apps import apps

from articles.desk import press
from articles.models import Publication, state_after
from articles.states import RULES, VERBS, DeskStatus, EndsAs, PublicState, Standing, possible
from tests.conftest import NOW

HOUR = timedelta(hours=1)


def version(start, end=None, ends_as="", *, withheld=False):
    return Publication(starts_at=start, ends_at=end, ends_as=ends_as, withheld=withheld)


@pytest.mark.parametrize(
    ("newest", "state"),
    [
        (None, PublicState.NEVER),
        (version(NOW), PublicState.LIVE),
        (version(NOW - HOUR, NOW + HOUR, EndsAs.EXPIRED), PublicState.LIVE),
        (version(NOW - HOUR, NOW, EndsAs.EXPIRED), PublicState.EXPIRED),
        (version(NOW - HOUR, NOW, EndsAs.HIDDEN), PublicState.HIDDEN),
        (version(NOW - HOUR, NOW, EndsAs.GONE), PublicState.GONE),
        (version(NOW - HOUR, NOW, EndsAs.VANISHED), PublicState.VANISHED),
        (version(NOW - HOUR, NOW, EndsAs.NEXT), PublicState.HIDDEN),
        (version(NOW, NOW, EndsAs.GONE), PublicState.GONE),
        (version(NOW, withheld=True), PublicState.VANISHED),
    ],
)
def test_the_newest_version_begun_says_what_readers_get(newest, state):
    assert state_after(newest, NOW) == state


ALWAYS = "embargo hold erase"


@pytest.mark.parametrize(
    ("state", "pending", "verbs"),
    [
        (PublicState.NEVER, False, "publish schedule"),
        (PublicState.NEVER, True, "publish schedule update_scheduled move cancel set_end"),
        (PublicState.LIVE, False, "publish schedule set_end unpublish take_down"),
        (
            PublicState.LIVE,
            True,
            "publish schedule update_scheduled move cancel set_end unpublish take_down",
        ),
        (PublicState.EXPIRED, False, "publish schedule take_down"),
        (PublicState.HIDDEN, False, "publish schedule take_down"),
        (
            PublicState.HIDDEN,
            True,
            "publish schedule update_scheduled move cancel set_end take_down",
        ),
        (PublicState.GONE, False, "take_down restore"),
        (PublicState.VANISHED, False, "restore"),
    ],
)
def test_a_public_state_allows_these_verbs_and_no_others(state, pending, verbs):
    found = possible(Standing(DeskStatus.DRAFT, state, is_pending=pending))
    assert set(found) == {"submit", *ALWAYS.split(), *verbs.split()}
    assert found == [name for name in VERBS if name in found]


@pytest.mark.parametrize(
    ("status", "verbs"),
    [
        (DeskStatus.DRAFT, "submit"),
        (DeskStatus.IN_REVIEW, "withdraw send_back approve"),
        (DeskStatus.READY, "send_back"),
    ],
)
def test_a_desk_status_allows_these_steps_and_no_others(status, verbs):
    found = possible(Standing(status, PublicState.NEVER))
    assert [name for name in found if not VERBS[name].is_press] == verbs.split()


def test_a_held_story_can_only_be_withdrawn_freed_or_worked_at():
    found = possible(Standing(DeskStatus.DRAFT, PublicState.LIVE, is_pending=True, is_held=True))
    assert found == [
        "submit", "cancel", "set_end", "embargo", "lift_hold", "unpublish", "take_down", "erase",
    ]  # fmt: skip


def test_an_embargo_in_force_can_be_broken_and_an_erased_story_nothing():
    assert "break_embargo" in possible(
        Standing(DeskStatus.DRAFT, PublicState.NEVER, is_embargoed=True)
    )
    assert possible(Standing(DeskStatus.DRAFT, PublicState.VANISHED, is_erased=True)) == []


def test_nobody_writes_into_the_table():
    with pytest.raises(TypeError):
        VERBS["submit"] = VERBS["approve"]


def test_every_verb_of_the_table_is_one_of_the_presss_and_says_by_whom_and_when():
    for name in (name for name, verb in RULES.items() if verb.is_press):
        named = inspect.signature(getattr(press, name)).parameters
        for keyword in ("by", "seen", "now"):
            assert named[keyword].kind is inspect.Parameter.KEYWORD_ONLY, (name, keyword)


def test_the_press_has_no_verb_that_the_table_does_not_know():
    verbs = {
        name
        for name, thing in vars(press).items()
        if inspect.isfunction(thing) and thing.__module__ == press.__name__ and name[0] != "_"
    }
    assert verbs == {
        *(name for name, verb in RULES.items() if verb.is_press), "open_in_the_past"
    }  # fmt: skip


def test_every_permission_of_the_tables_exists():
    given = {
        f"{model._meta.app_label}.{code}"
        for model in apps.get_models()
        for code in (
            *(f"{verb}_{model._meta.model_name}" for verb in model._meta.default_permissions),
            *(code for code, _name in model._meta.permissions),
        )
    }
    assert {rule.permission for rule in RULES.values()} <= given


def test_what_follows_an_end_is_one_of_the_states():
    for ends_as in EndsAs:
        assert state_after(version(NOW - HOUR, NOW, ends_as), NOW) in PublicState
