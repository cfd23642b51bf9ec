"""Each module has one nginx, each nginx there is in turn, and one origin behind it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.proxy.origin import Origin, origin
from tests.proxy.programs import BINARIES, Proxy, nginx

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)  # before -m is looked at
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """No database changes them."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.programs)


@pytest.fixture(scope="module", params=BINARIES, ids=lambda path: Path(path).name)
def binary(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def behind(binary: str) -> Iterator[Origin]:
    """What stands behind the proxy: an origin of the test's own, a fresh one for each nginx."""
    with origin() as server:
        yield server


@pytest.fixture(scope="module")
def proxy(binary: str, behind: Origin, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    folder: Path = tmp_path_factory.mktemp("nginx")
    with nginx(binary, folder, behind.address) as running:
        yield running
