"""python -m tests.benchmarks.desk URL URL: how long the desk's lists take in two archives.

Fill both databases first (manage.py migrate, make_archive N). Every line holds the median of a
whole request in each of them, in milliseconds, and how many times the first the second is.
"""

import json
import logging
import os
import subprocess
import sys

LISTS = {
    "all stories": "",
    "all stories, far down": "before={far_down}",
    "my stories": "view=mine",
    "the queue": "view=queue",
    "today": "view=today",
    "live with changes": "view=changed",
    "ready": "status=ready",
    "a section": "section={section}",
    "not public": "readers=private",
    "taken down": "readers=down",
    "scheduled": "readers=scheduled",
    "by an author": "byline={author}",
    "due first": "order=due",
    "a word of few stories": "q={rare}",
    "a word of most stories": "q={common}",
    "two common words": "q={common}+the",
    "a word of none": "q=zeppelinesque",
    "the beginning of many words": "q=ba",
    "an author's name and a word": "q={author}+{common}",
    "common, taken down, of a section": "q={common}&readers=down&section={section}",
}


def main(urls: list[str]) -> None:
    small, large = (measured_in(url) for url in urls)
    say(f"{'':40}{small['stories']:>12,}{large['stories']:>12,}{'ratio':>8}")
    for words in LISTS:
        one, other = small[words], large[words]
        say(f"{words:40}{one:>12.1f}{other:>12.1f}{other / one:>8.2f}")


def measured_in(url: str) -> dict[str, float]:
    """The medians in one database, in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.desk", "--one"]
    done = subprocess.run(
        command, env={**os.environ, "DATABASE_URL": url}, capture_output=True, check=True
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def measure() -> dict[str, float]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    os.environ.setdefault("SECRET_KEY", "only-for-benchmarks")
    import django

    django.setup()
    from django.conf import settings
    from django.test import Client
    from django.utils import timezone

    from accounts.models import User
    from articles.models import Article
    from tests.benchmarks.lists import median
    from tests.benchmarks.shape import Archive

    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    settings.WHITENOISE_AUTOREFRESH = True
    logging.disable(logging.WARNING)
    user, _made = User.objects.get_or_create(
        email="chief@newsroom.example",
        defaults={"display_name": "Chief", "is_staff": True, "is_superuser": True},
    )
    client = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0])
    client.force_login(user)
    archive = Archive.at(timezone.now())
    asked = {
        "far_down": archive.far_down[1],
        "section": archive.section.pk,
        "author": archive.big_author.name.split()[0],
        "common": "council",
        "rare": Article.objects.get(pk=archive.far_down[0]).slug.split("-")[0],
    }

    def get(query: str) -> None:
        answer = client.get(f"/admin/articles/article/?{query}")
        assert answer.status_code == 200  # a faulty page would be quick

    found: dict[str, float] = {"stories": Article.objects.count()}
    for words, query in LISTS.items():
        found[words] = median(lambda query=query: get(query.format(**asked))) / 1000  # type: ignore[misc]
    return found


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    if sys.argv[1:] == ["--one"]:
        say(json.dumps(measure()))
    else:
        main(sys.argv[1:])
