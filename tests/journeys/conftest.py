"""Real browsers: Chromium against the site served in this process, its clock the tests'."""

import os
import threading
from datetime import timedelta
from importlib import import_module
from urllib.request import urlopen

import pytest
import time_machine
from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management.sql import emit_post_migrate_signal
from django.core.signals import request_finished, request_started
from playwright.sync_api import expect

from articles.models import Author, Section, Tag
from tests.browsers import VARIABLE
from tests.conftest import NOW, person
from tests.desk.pressing import do, rewrite
from tests.journeys.signing import come_back

# Behind the address bar of its window, which nobody sees, a whole Chromium draws two pages of its
# own for every context. Of two such switches the last one counts: the rest are the driver's own.
SWITCHED_OFF = (
    "WebUIOmniboxPopup", "WebUIOmniboxAimPopup",
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding",
    "ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints",
    "NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch",
)  # fmt: skip

# A machine with much else to do is slow; where it is not, no test waits longer for this.
expect.set_options(timeout=15_000)


def pytest_collection_modifyitems(items):
    missing = None if os.environ.get(VARIABLE) else "no Chromium (run the tests by: make test)"
    for item in items:
        if "/journeys/" in str(item.path):
            item.add_marker(pytest.mark.django_db(transaction=True))
            if missing:
                item.add_marker(pytest.mark.skip(reason=missing))


@pytest.fixture(scope="session")
def live_server(django_db_setup, live_server):
    """Made after the tests' database: before, all its threads would share one connection."""
    return live_server


@pytest.fixture(scope="session")
def base_url():
    """None: each test names the address of its own server."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
    off = f"--disable-features={','.join(SWITCHED_OFF)}"
    return {
        **browser_type_launch_args,
        "executable_path": os.environ[VARIABLE],
        "args": [*quiet, "--disable-component-update", "--no-first-run", "--disable-quic", off],
    }


class AtWork:
    """How many requests the server is at. A page that is closed leaves some under way, and the
    tables are not to be emptied under them."""

    def __init__(self):
        self.count, self.changed = 0, threading.Condition()
        request_started.connect(self.begin)
        request_finished.connect(self.end)

    def begin(self, **_sent):
        with self.changed:
            self.count += 1

    def end(self, **_sent):
        with self.changed:
            self.count -= 1
            self.changed.notify_all()

    def begin_anew(self):
        """Forget what was asked without a browser: a streamed answer is not closed by who tests."""
        with self.changed:
            self.count = 0

    def wait(self):
        with self.changed:
            assert self.changed.wait_for(lambda: self.count <= 0, timeout=20), "still at a request"


@pytest.fixture(scope="session")
def at_work():
    return AtWork()


@pytest.fixture(autouse=True)
def ground(transactional_db, live_server, at_work):
    """What migrations put into every new database: a transactional test empties it at its end."""
    at_work.begin_anew()
    if not Section.objects.exists():
        import_module("articles.migrations.0002_ground").lay_ground(apps, None)
    if not Permission.objects.exists():
        ContentType.objects.clear_cache()
        emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
    yield
    # The pages are closed. What they asked before is taken up before this, and then done with.
    urlopen(f"{live_server.url}/static/site/mark.svg").close()
    at_work.wait()


@pytest.fixture
def clock():
    """Starts at NOW and ticks: the server and the browser's driver wait by it."""
    with time_machine.travel(NOW, tick=True) as traveller:
        yield traveller


@pytest.fixture
def paper(clock, published, national):
    """A small paper: two stories that point to each other's section, an author and a tag."""
    author = Author.objects.create(name="Ilse Hartmann", slug="ilse-hartmann", bio="Of ports.")
    tag = Tag.objects.create(name="Ports", slug="ports")
    business = Section.objects.create(name="Business", slug="business", order=30)
    tides = published(
        "Tides Rise", section=national.pk, at=NOW - timedelta(minutes=59), authors=[author.pk]
    )
    changed = {"standfirst": "High water.", "body": "<p>Opened.</p><p>The tide came in.</p>"}
    at = NOW - timedelta(minutes=30)
    said = {"change": "correction", "note": "There was a tide."}
    do("publish", tides, revision=rewrite(tides, now=at, **changed), now=at, **said)
    published(
        "Harbour Opens",
        at=NOW - timedelta(minutes=3),
        standfirst="After eleven years of talks.",
        body="<p>The harbour opened.</p><h2>What next</h2><ul><li>One</li><li>Two</li></ul>"
        '<figure class="pull"><blockquote><p>“It opened.”</p></blockquote>'
        "<figcaption>Ilse Hartmann</figcaption></figure><p>And so on.</p>",
        authors=[author.pk],
        tags=[tag.pk],
        also_read=[tides.pk],
    )
    for number in range(6):
        published(
            f"Trade Report {number}",
            section=business.pk,
            at=NOW - timedelta(hours=2 + number),
            tags=[tag.pk],
        )
    return tides


@pytest.fixture
def violations(page):
    """What the Content-Security-Policy refused and what failed, in every page this tab opens."""
    found = []
    page.expose_function("reportViolation", lambda *what: found.append(what))
    page.add_init_script(
        "addEventListener('securitypolicyviolation', e =>"
        " reportViolation(e.violatedDirective, e.blockedURI, e.sample))"
    )
    page.on("pageerror", lambda error: found.append(("error", str(error))))
    return found


@pytest.fixture
def desk(page, live_server, clock, db):
    """A tab of a publisher's, who signed in before."""
    come_back(page.context, live_server.url, person("Publisher"))
    return page
