"""python -m tests.benchmarks.autosave: how long 20 editors wait for their autosaves in a minute.

gunicorn as it serves the site, on a SQLite file of its own; the load comes from a second process.
Each editor types a 5,000-word story that is kept every 10 seconds, while a publisher saves and
publishes another one. The last line says whether 95 of 100 answers came within 300 ms.
"""

import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
os.environ.setdefault("SECRET_KEY", "only-for-benchmarks")
django.setup()

from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from accounts.models import User
from articles.desk import revisions
from articles.desk.revisions import Values
from articles.models import Section

ROOT = Path(__file__).resolve().parents[2]
EDITORS, EVERY, SECONDS = 20, 10.0, 60.0
PUBLISHES_EVERY = 5.0  # seconds
MOST = 300  # ms, of 95 of 100
TOKEN = "a" * 32
PARAGRAPH = (
    "<p>" + "The harbour board met again on Tuesday and put it off. " * 5 + "</p>"
)  # 55 words
BODY = PARAGRAPH * 91


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        environment = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{folder}/newsroom.sqlite3",
            "SITE_URL": f"http://127.0.0.1:{port}",
            "PORT": str(port),
            "DEBUG": "0",
            "EMAIL_URL": "consolemail://",
        }
        run([sys.executable, "manage.py", "migrate", "--verbosity=0"], environment)
        myself = [sys.executable, "-m", "tests.benchmarks.autosave"]
        plan = run([*myself, "prepare"], environment)
        with gunicorn(environment, port):
            told = json.loads(run([*myself, "load"], environment, plan))
    return report(told)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(command: list[str], environment: dict[str, str], given: str = "") -> str:
    limit = SECONDS + 120
    done = subprocess.run(
        command, cwd=ROOT, env=environment, input=given, text=True, stdout=subprocess.PIPE,
        check=True, timeout=limit,
    )  # fmt: skip
    return done.stdout


@contextmanager
def gunicorn(environment: dict[str, str], port: int) -> Iterator[None]:
    command = [sys.executable, "-m", "gunicorn", "-c", "newsroom/gunicorn.conf.py"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        for _second in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield
    finally:
        server.terminate()
        try:
            server.wait(timeout=40)
        except subprocess.TimeoutExpired:
            server.kill()


# --- In processes of their own -------------------------------------------------------------------


def prepare() -> None:
    """Fill the database; print each editor's story and session, the publisher's last."""
    section = Section.objects.get(slug="world")
    plan = []
    for number in range(EDITORS + 1):
        role = "Editor" if number < EDITORS else "Publisher"
        person = User.objects.create_user(
            f"{number}@newsroom.example", display_name=f"No. {number}"
        )
        person.groups.add(Group.objects.get(name=role))
        values = Values(f"Harbour Report {number}", section.pk, body=BODY)
        story = revisions.create(values, by=person, now=timezone.now())
        client = Client()
        client.force_login(person)
        session = client.cookies["sessionid"].value
        plan.append({"story": story.pk, "section": section.pk, "session": session})
    say(json.dumps(plan))


def load() -> None:
    """Type and publish for a minute; print how long each answer took, and what went wrong."""
    plan = json.load(sys.stdin)
    took: dict[str, list[float]] = {"autosave": [], "save": [], "publish": []}
    wrong: list[str] = []
    started = time.monotonic()
    threads = [
        threading.Thread(target=editor, args=(person, started + n * EVERY / EDITORS, took, wrong))
        for n, person in enumerate(plan[:EDITORS])
    ]
    threads.append(threading.Thread(target=publisher, args=(plan[EDITORS], started, took, wrong)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    say(json.dumps({"took": took, "wrong": wrong}))


def editor(person: Any, start: float, took: Any, wrong: list[str]) -> None:
    form, end = str(uuid4()), start + SECONDS
    for turn in range(int(SECONDS / EVERY)):
        wait_until(min(start + turn * EVERY, end))
        body = BODY + f"<p>Typed in turn {turn}.</p>"
        fields = {**typed(person, body), "seen": 1, "form_id": form}
        post(person, "open/", fields, 200, took["autosave"], wrong)


def publisher(person: Any, start: float, took: Any, wrong: list[str]) -> None:
    for turn in range(int(SECONDS / PUBLISHES_EVERY / 2)):
        wait_until(start + 2 * turn * PUBLISHES_EVERY)
        body = BODY + f"<p>Saved in turn {turn}.</p>"
        fields = {**typed(person, body), "seen": turn + 1}
        post(person, "change/", fields, 302, took["save"], wrong)
        wait_until(start + (2 * turn + 1) * PUBLISHES_EVERY)
        verb = {"seen": turn, "revision": turn + 2, "change": "update"}
        post(person, "verb/publish/", verb, 302, took["publish"], wrong)


def typed(person: Any, body: str) -> dict[str, Any]:
    headline = f"Harbour Report {person['story']}"
    return {"headline": headline, "body": body, "section": person["section"], "tags": "Ports"}


def wait_until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.monotonic()))


def post(
    person: Any, page: str, fields: Any, wanted: int, took: list[float], wrong: list[str]
) -> None:
    address = f"/admin/articles/article/{person['story']}/{page}"
    body = urlencode({**fields, "csrfmiddlewaretoken": TOKEN})
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"sessionid={person['session']}; csrftoken={TOKEN}",
    }
    started = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ["PORT"]), timeout=30)
    try:
        connection.request("POST", address, body, headers)
        answer = connection.getresponse()
        text = answer.read()
    except OSError as error:
        wrong.append(f"{address}: {error}")
        return
    finally:
        connection.close()
    took.append((time.perf_counter() - started) * 1000)
    if answer.status != wanted:
        wrong.append(f"{address}: {answer.status} {text[:200]!r}")


# --- What it says --------------------------------------------------------------------------------


def report(told: dict[str, Any]) -> int:
    say(f"{'':10}{'answers':>9}{'p50 ms':>9}{'p95 ms':>9}{'max ms':>9}")
    for what, took in told["took"].items():
        p50, p95 = statistics.median(took), p95_of(took)
        say(f"{what:10}{len(took):>9}{p50:>9.0f}{p95:>9.0f}{max(took):>9.0f}")
    for wrong in told["wrong"][:10]:
        say(f"wrong: {wrong}")
    slowest = p95_of(told["took"]["autosave"])
    is_good = slowest <= MOST and not told["wrong"]
    say(f"{'good' if is_good else 'NOT GOOD'}: p95 {slowest:.0f} ms, {MOST} ms at most")
    return 0 if is_good else 1


def p95_of(took: list[float]) -> float:
    return statistics.quantiles(took, n=20, method="inclusive")[-1]


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


ROLES: dict[str, Callable[[], None]] = {"prepare": prepare, "load": load}

if __name__ == "__main__":
    if sys.argv[1:]:
        ROLES[sys.argv[1]]()
    else:
        sys.exit(main())
