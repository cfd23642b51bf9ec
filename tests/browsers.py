"""Finds a Chromium for the browser tests, or tries to get one; tests/run.py passes it on."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

VARIABLE = "TEST_CHROMIUM"  # the path of the browser that the tests drive
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find_or_get() -> dict[str, str]:
    """Return {TEST_CHROMIUM: path}, or nothing when there is none and none can be had."""
    for look in (_named, _on_the_path, _of_playwright, _from_the_distribution):
        if path := look():
            return {VARIABLE: path}
    return {}


def _named() -> str | None:
    return os.environ.get(VARIABLE)


def _on_the_path() -> str | None:
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


def _of_playwright() -> str | None:
    """Playwright's own download, fetched if need be."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    if not Path(path).exists():
        _try([sys.executable, "-m", "playwright", "install", "chromium"])
    return path if Path(path).exists() else None


def _from_the_distribution() -> str | None:
    """The distribution's package, where we may install it."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    _try(["apt-get", "update", "-qq"])
    _try(["apt-get", "install", "-y", "-qq", "chromium"])
    return _on_the_path()


def _try(command: list[str]) -> None:
    print("Looking for a browser:", " ".join(command), flush=True)
    # A machine without a network must not hang here for ever.
    try:
        subprocess.run(command, check=False, timeout=600, stdout=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return
