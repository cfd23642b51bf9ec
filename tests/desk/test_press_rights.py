"""Who may press: the right, and the sections that a story is in and goes to."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from articles.models import Article, Move, SectionMember
from articles.states import VERBS, EndsAs
from tests.conftest import NOW, person
from tests.desk.pressing import HOUR, do, everything, rewrite

pytestmark = pytest.mark.django_db

LATER = NOW + HOUR
WITH_THE_PUBLISH_RIGHT = {
    "publish": ([], {"revision": 1}),
    "schedule": ([], {"revision": 1, "at": NOW + 2 * HOUR}),
    "update_scheduled": ([LATER], {"revision": 1}),
    "move": ([LATER], {"to": NOW + 2 * HOUR}),
    "cancel": ([LATER], {}),
    "set_end": ([], {"at": NOW + 2 * HOUR}),
    "unpublish": ([], {}),
}
WITH_A_RIGHT_OF_AN_EDITORS = {"embargo": ([], {"until": NOW + 2 * HOUR})}
WITH_THE_TAKE_DOWN_RIGHT = {
    "take_down": ([], {"how": EndsAs.GONE, "reason": "A court said so"}),
    "restore": ([], {"revision": 1, "reason": "It was right"}),
    "hold": ([], {"reason": "Counsel is reading it"}),
    "lift_hold": ([], {"reason": "It is fine"}),
    "break_embargo": ([], {"reason": "It is out"}),
    "erase": ([], {"reason": "A court said so", "authority": "The court of Halvern"}),
}
EVERY_VERB = {
    **WITH_THE_PUBLISH_RIGHT, **WITH_THE_TAKE_DOWN_RIGHT, **WITH_A_RIGHT_OF_AN_EDITORS,
}  # fmt: skip


@pytest.fixture
def ready_for(published):
    """A story of World in the state that a verb needs."""

    def ready_for(verb):
        story = published()
        if verb in ("update_scheduled", "move", "cancel"):
            do("schedule", story, revision=1, at=LATER)
        if verb == "restore":
            do("take_down", story, how=EndsAs.GONE, reason="A court said so")
        if verb == "lift_hold":
            do("hold", story, reason="Counsel is reading it")
        if verb == "break_embargo":
            do("embargo", story, until=LATER)
        return story

    return ready_for


def works_for(user, *sections):
    for section in sections:
        SectionMember.objects.create(user=user, section=section)
    return user


def refused(verb, story, by, args=(), values=None):
    before = everything()
    with pytest.raises(PermissionDenied) as denied:
        do(verb, story, *args, by=by, **(values or {}))
    assert everything() == before
    return str(denied.value)


def test_every_verb_of_the_table_is_tried_here():
    assert set(EVERY_VERB) == {name for name, verb in VERBS.items() if verb.is_press}


@pytest.mark.parametrize("verb", EVERY_VERB)
def test_without_the_right_a_verb_is_refused_and_with_it_done(verb, ready_for):
    args, values = EVERY_VERB[verb]
    taking_down = verb in WITH_THE_TAKE_DOWN_RIGHT
    story = ready_for(verb)
    below = "Reporter" if verb in WITH_A_RIGHT_OF_AN_EDITORS else "Editor"
    without = person("Publisher" if taking_down else below)
    assert "Your role does not include this" in refused(verb, story, without, args, values)
    assert refused(verb, story, person("Administrator"), args, values)
    may = person("Managing editor" if taking_down else "Publisher", display_name="Ilse")
    do(verb, story, *args, by=may, **values)
    assert (Move.objects.first().by, Move.objects.first().by_name) == (may.pk, "Ilse")


@pytest.mark.parametrize("verb", EVERY_VERB)
def test_a_person_of_another_section_is_refused_and_one_of_this_is_not(
    verb, ready_for, world, national
):
    args, values = EVERY_VERB[verb]
    story = ready_for(verb)
    foreign = works_for(person("Managing editor", email="foreign@newsroom.example"), national)
    assert "You do not work for this story’s section" in refused(verb, story, foreign, args, values)
    do(verb, story, *args, by=works_for(person("Managing editor"), world), **values)


def test_who_is_listed_for_no_section_works_for_all(published, publisher):
    do("unpublish", published(), by=publisher)


def test_the_right_is_needed_in_the_section_a_story_is_in_and_in_the_one_it_goes_to(
    published, world, national
):
    story = published()
    moved = rewrite(story, section=national.pk)
    for number, sections in enumerate([[world], [national]]):
        one = works_for(person("Publisher", email=f"{number}@newsroom.example"), *sections)
        refused("publish", story, one, values={"revision": moved})
    do("publish", story, revision=moved, by=works_for(person("Publisher"), world, national))


def test_the_right_is_needed_in_the_section_that_is_scheduled(published, world, national):
    story = published()
    moved = rewrite(story, section=national.pk)
    do("schedule", story, revision=moved, at=LATER)
    rewrite(story, section=world.pk)
    of_world = works_for(person("Publisher", email="w@newsroom.example"), world)
    refused("cancel", story, of_world, args=[LATER])
    do("cancel", story, LATER, by=works_for(person("Publisher"), world, national))


@pytest.mark.parametrize("verb", ["take_down", "restore"])
def test_moving_the_working_copy_gives_no_other_section_a_hold_on_what_was_public(
    verb, published, national
):
    """The story was public in World; only its working copy stands in National."""
    story = published()
    do("unpublish", story)
    if verb == "restore":
        do("take_down", story, how=EndsAs.GONE, reason="A court said so")
    Article.objects.filter(pk=story.pk).update(section=national)
    args, values = EVERY_VERB[verb]
    of_national = works_for(person("Managing editor"), national)
    assert refused(verb, story, of_national, args, values)
    do(verb, story, *args, by=person("Managing editor", email="all@newsroom.example"), **values)


def test_who_may_not_press_hears_that_first_and_nothing_of_where_the_story_stands(
    published, national
):
    story = published()
    do("take_down", story, how=EndsAs.GONE, reason="A court said so")
    foreign = works_for(person("Publisher"), national)
    refused("publish", story, foreign, values={"revision": 1})
    refused("publish", story, person("Editor"), values={"revision": 1})
    with pytest.raises(ValidationError, match="was taken down"):
        do("publish", story, revision=1, by=person("Managing editor"))


def test_someone_who_is_no_longer_active_may_nothing(published, publisher):
    publisher.is_active = False
    publisher.save()
    refused("unpublish", published(), publisher)
