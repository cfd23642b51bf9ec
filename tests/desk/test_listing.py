"""Which list rows a story's versions call for: one a run in which nothing of the list changes."""

from datetime import timedelta

import pytest

from articles.desk.listing import Place, Run, runs
from articles.models import ListKind, ListRow, Publication
from tests.conftest import NOW
from tests.desk.pressing import HOUR, do, in_list, rewrite


def at(hour):
    return NOW + hour * HOUR


def version(start, end=None, *, section=1, first=0, withheld=False, authors=(), tags=()):
    return Publication(
        starts_at=at(start),
        ends_at=None if end is None else at(end),
        section_id=section,
        first_published_at=at(first),
        withheld=withheld,
        authors=list(authors),
        tags=list(tags),
    )


def of(kind, what=0, first=0):
    return Place(kind, what, at(first))


ALL = of(ListKind.ALL)
WORLD, NATIONAL = of(ListKind.SECTION, 1), of(ListKind.SECTION, 2)


def test_versions_that_follow_each_other_in_one_place_are_one_run():
    found = runs([version(0, 1), version(1, 2), version(2)])
    assert found == [Run(ALL, at(0), None), Run(WORLD, at(0), None)]


def test_a_change_of_section_ends_one_run_and_begins_another():
    found = runs([version(0, 1), version(1, section=2)])
    assert found == [Run(ALL, at(0), None), Run(WORLD, at(0), at(1)), Run(NATIONAL, at(1), None)]


def test_a_story_that_comes_back_to_a_section_begins_a_new_run_there():
    found = runs([version(0, 1), version(1, 2, section=2), version(2)])
    assert [run for run in found if run.place == WORLD] == [
        Run(WORLD, at(0), at(1)),
        Run(WORLD, at(2), None),
    ]


def test_a_gap_ends_a_run():
    assert runs([version(0, 1), version(2, 3)])[::2] == [
        Run(ALL, at(0), at(1)),
        Run(ALL, at(2), at(3)),
    ]


def test_a_new_first_moment_is_another_place_in_the_order():
    found = runs([version(0, 1), version(1, first=1)])
    assert Run(of(ListKind.ALL, first=1), at(1), None) in found
    assert Run(ALL, at(0), at(1)) in found


@pytest.mark.parametrize("nothing", [version(1, 1), version(1, 2, withheld=True)])
def test_what_nobody_sees_stands_in_no_list(nothing):
    assert runs([nothing]) == []


def test_a_version_of_no_length_does_not_break_a_run():
    found = runs([version(0, 1), version(1, 1, section=2), version(1)])
    assert found == [Run(ALL, at(0), None), Run(WORLD, at(0), None)]


def test_a_story_stands_in_the_list_of_each_of_its_authors_and_tags():
    found = {run.place for run in runs([version(0, authors=[3, 4], tags=[5])])}
    assert found == {
        ALL, WORLD, of(ListKind.AUTHOR, 3), of(ListKind.AUTHOR, 4), of(ListKind.TAG, 5)
    }  # fmt: skip


@pytest.mark.django_db
def test_a_version_that_changes_no_list_writes_no_row(published):
    story = published()
    before = list(ListRow.objects.order_by("pk").values())
    for minute in range(1, 4):
        number = rewrite(story, body=f"<p>Fix {minute}.</p>")
        do("publish", story, revision=number, now=NOW + timedelta(minutes=minute))
    assert list(ListRow.objects.order_by("pk").values()) == before


@pytest.mark.django_db
def test_lists_of_every_moment_stay_what_they_were_when_a_story_moves_on(
    published, world, national
):
    story = published(at=NOW - 3 * HOUR)
    do("publish", story, revision=rewrite(story, body="<p>Fix.</p>"), now=NOW - 2 * HOUR)
    do("publish", story, revision=rewrite(story, section=national.pk), now=NOW - HOUR)
    do("publish", story, revision=rewrite(story, section=world.pk), now=NOW)
    shown = [
        [kind for kind in (world, national) if in_list(ListKind.SECTION, kind.pk, at(hour / 2))]
        for hour in range(-7, 2)
    ]
    assert shown == [[], *[[world]] * 4, *[[national]] * 2, *[[world]] * 2]
    assert [in_list(ListKind.ALL, t=at(hour)) for hour in range(-3, 2)] == [[story.pk]] * 5
