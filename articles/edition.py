"""The edition: the number that changes whenever readers could see something new."""

from typing import NamedTuple

from django.db import transaction
from django.db.models import F

from articles import bell
from articles.models.listing import Edition


class Count(NamedTuple):
    """The edition as read: how many changes there were, and how many took something away."""

    number: int
    withdrawals: int


def read() -> Count:
    """Return the edition as it stands."""
    number, withdrawals = Edition.objects.values_list("number", "withdrawals").get(pk=1)
    return Count(number, withdrawals)


def move_on() -> None:
    """Say that readers could see something new.

    The caller is in a transaction and calls this last: the row is the one that every press
    waits for, so it is locked for the shortest time.
    """
    Edition.objects.filter(pk=1).update(number=F("number") + 1)
    transaction.on_commit(bell.ring)


def move_on_with_a_withdrawal() -> None:
    """Say that something readers could see was taken away; otherwise as move_on."""
    Edition.objects.filter(pk=1).update(number=F("number") + 1, withdrawals=F("withdrawals") + 1)
    transaction.on_commit(bell.ring)
