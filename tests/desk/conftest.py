"""Three of the desk, the page they begin at, and stories by the dozen."""

import pytest
from hypothesis import HealthCheck, settings

from tests.conftest import NOW
from tests.desk.my_desk_page import Page
from tests.desk.pressing import HOUR
from tests.desk.telling import colleague

# Without its clocks: a machine that is busy is no fault of the code's.
settings.register_profile("newsroom", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("newsroom")


@pytest.fixture
def ada():
    """A reporter."""
    return colleague("Ada Moss")


@pytest.fixture
def eve():
    """An editor."""
    return colleague("Eve Lind", "Editor")


@pytest.fixture
def pia():
    """A publisher."""
    return colleague("Pia Roth", "Publisher")


@pytest.fixture
def my_desk(desk_of):
    """The first page as a person sees it."""

    def my_desk(user):
        answer = desk_of(user).get("/admin/")
        assert answer.status_code == 200
        return Page(answer.content.decode())

    return my_desk


@pytest.fixture
def pile(write):
    """Stories “0”, “1”, … each saved an hour before the one before it."""

    def pile(count, **values):
        return [write(str(n), now=NOW - HOUR * (n + 1), **values) for n in range(count)]

    return pile
