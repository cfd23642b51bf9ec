"""How tests are spread over processes: those that share what takes long to make stay together.

By paths and not by pytest-xdist's own marks: it writes them into a test's id, which pytest 9.2 no
longer lets it do.
"""

from xdist.scheduler import LoadScopeScheduling

# None with a test that empties tables: those come last (pytest-django), and would come first so.
TOGETHER = (
    "tests/desk/test_calendar_archive.py",
    "tests/health/test_served.py",
    "tests/keeping/test_drill.py",
    "tests/pages/test_plans.py",
    "tests/proxy/",
    "tests/serving/test_served.py",
)


class Spread(LoadScopeScheduling):
    """Gives each process a test at a time, or all of those that stay together."""

    def _split_scope(self, nodeid: str) -> str:
        return next((path for path in TOGETHER if nodeid.startswith(path)), nodeid)


def pytest_xdist_make_scheduler(config, log):
    config.option.loadscopereorder = False  # for the same reason
    return Spread(config, log)
