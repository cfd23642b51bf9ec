"""What stands where on a front at a moment: by hand where somebody pinned it, by rule elsewhere.

No story stands twice on a front.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery

from articles.models import ListKind, ListRow, Pin, Publication, Section
from articles.models.front import PLACES
from articles.pages import cards
from articles.prepared import prepared

LATEST = 8  # beside the lead story of the home page
OF_EACH_SECTION = 5  # below, on the home page
Pinned = Mapping[int, int]  # a place, and the story that somebody put there


@dataclass(frozen=True)
class HomeFront:
    """The home page's stories: the lead and four more, the latest, and some of each section."""

    top: list[Publication]
    latest: list[Publication]
    of_sections: dict[int, list[Publication]]

    @property
    def stories(self) -> list[Publication]:
        """All of them, each once."""
        return [*self.top, *self.latest, *(s for some in self.of_sections.values() for s in some)]


def pinned(section: int, t: datetime) -> dict[int, int]:
    """Which stories are pinned on a section's front (its id), or on the home page (HOME), at t."""
    slots = range(section * PLACES, (section + 1) * PLACES)
    return {pin.place: pin.story_id for pin in _pins(t, *slots) if pin.holds(t)}


@prepared
def _pins(t: datetime, *slots: int) -> QuerySet[Pin]:
    return Pin.objects.newest_in(slots, t)


def home(pins: Pinned, t: datetime) -> HomeFront:
    """The home page at t: two queries, whatever the number of sections and stories.

    By rule the newest story leads, the next ones are the latest, and those after them fill what
    is left of the slots.
    """
    ids, of_section = _newest(list(pins.values()), t)
    asked = [*pins.values(), *ids, *(s for some in of_section.values() for s in some)]
    shown = {story.article_id: story for story in cards.public(list(dict.fromkeys(asked)), t)}
    rest = [story for story in ids if story in shown]
    lead = [pins[0]] if pins.get(0) in shown else rest[:1]
    rest = [story for story in rest if story not in lead]
    latest, others = rest[:LATEST], iter(rest[LATEST:])
    slots = (
        pins[place] if pins.get(place) in shown else next(others, 0) for place in range(1, PLACES)
    )
    top = [*lead, *(story for story in slots if story)]
    used = {*top, *latest}
    blocks = {
        section: [shown[s] for s in stories if s in shown and s not in used][:OF_EACH_SECTION]
        for section, stories in of_section.items()
    }
    return HomeFront([shown[s] for s in top], [shown[s] for s in latest], blocks)


def in_front(pins: Pinned, stories: list[Publication], t: datetime) -> list[Publication]:
    """A section's first page with what is pinned at its top; a query where something is."""
    by_hand = {story.article_id: story for story in cards.public(list(pins.values()), t)}
    rest = [story for story in stories if story.article_id not in by_hand]
    for place in sorted(pins):
        if pins[place] in by_hand:
            rest.insert(min(place, len(rest)), by_hand[pins[place]])
    return rest


def top_of_section(pins: Pinned, section: int, t: datetime) -> list[Publication]:
    """The first stories of a section's front, as many as are filled by hand."""
    newest = cards.newest(ListKind.SECTION, section, t, most=PLACES)
    return in_front(pins, newest, t)[:PLACES]


def _newest(pins: list[int], t: datetime) -> tuple[list[int], dict[int, list[int]]]:
    """The ids of the newest stories of all, and of each section those that follow them; without
    the ones that are pinned."""
    newest: list[int] = []
    of_section: dict[int, list[int]] = {}
    for pk, *ids in _places(t, pins, most=PLACES + LATEST - len(pins)):
        of_section[pk] = [story for story in ids[:OF_EACH_SECTION] if story]
        newest = [story for story in ids[OF_EACH_SECTION:] if story]
    return newest, of_section


@prepared
def _places(t: datetime, pins: Sequence[int], *, most: int) -> QuerySet[Section, tuple]:
    """Of each section its newest stories, and `most` of all beside them."""
    everywhere = ListRow.objects.at(t).of(ListKind.ALL).exclude(story__in=pins).values("story")
    of_one = ListRow.objects.at(t).filter(kind=ListKind.SECTION, what=OuterRef("pk"))
    of_one = of_one.exclude(story__in=pins).exclude(story__in=everywhere[:most])
    in_order = of_one.order_by("-first_published_at", "-story_id").values("story")
    # One scalar subquery a place: a union of sliced lists is more than SQLite takes.
    own_places = [Subquery(in_order[i : i + 1]) for i in range(OF_EACH_SECTION)]
    all_places = [Subquery(everywhere[i : i + 1]) for i in range(PLACES + LATEST)]
    return Section.objects.order_by("order", "name").values_list("pk", *own_places, *all_places)
