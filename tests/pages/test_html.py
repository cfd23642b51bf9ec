"""Every kind of page that the demo newsroom has for readers, by the Nu HTML checker."""

import json
import os
import re
import subprocess
from collections import Counter
from io import StringIO
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.management import call_command
from django.urls import resolve

from articles.pages import missing
from tests.checkers import VARIABLE

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.looks,
    pytest.mark.skipif(
        VARIABLE not in os.environ, reason="needs Java, npm and a network, or TEST_VNU"
    ),
]

# Where no page links to, beside those that one does.
UNLINKED = (
    "/search/?q=harbour", "/search/?q=%22%3Cb%3E&section=world&sort=date", "/search/?q=zqzq",
    "/search/?q=water&from=2026-13-40", "/nowhere/", "/archive/2001/02/03/", "/?before=x",
)  # fmt: skip
OF_A_KIND = 12  # pages looked at, at most
LINKS = re.compile(r'href="([^"#]*)"')


@pytest.fixture
def pages(client, clock):
    """Pages to be reached from the home page, some of each kind, by address; and of faults."""
    call_command("demo", stdout=StringIO())
    found, kinds, to_ask = {}, Counter(), ["/", *UNLINKED]
    for path in to_ask:  # it grows
        answer = client.get(path)
        if not answer["Content-Type"].startswith("text/html"):
            continue
        found[path] = answer.content.decode()
        for link in LINKS.findall(found[path]):
            url = urlsplit(urljoin(f"http://testserver{path}", link.replace("&amp;", "&")))
            here = f"{url.path}?{url.query}" if url.query else url.path
            is_ours = url.netloc == "testserver" and not here.startswith(("/admin/", "/static/"))
            if is_ours and here not in to_ask:
                kind = (resolve(url.path).view_name, url.query.partition("=")[0])
                kinds[kind] += 1
                if kinds[kind] <= OF_A_KIND:
                    to_ask.append(here)
    return found


def faults(pages, folder):
    """What the checker says of pages: (address, sentence)."""
    files = {}
    for number, (path, page) in enumerate(sorted(pages.items())):
        (folder / f"{number}.html").write_text(page, encoding="utf-8")
        files[str(number)] = path
    checker = ["java", "-jar", os.environ[VARIABLE], "--format", "json", "--exit-zero-always"]
    said = subprocess.run([*checker, str(folder)], check=True, capture_output=True, timeout=300)
    messages = json.loads(said.stderr)["messages"]
    return [
        (files[re.search(r"(\d+)\.html$", one["url"])[1]], one["message"], one.get("extract"))
        for one in messages
        if "first occurrence" not in one["message"]
    ]


def test_no_page_has_a_fault(pages, rf, tmp_path):
    assert len(pages) > 80
    pages["a fault of ours"] = missing.server_error(rf.get("/")).content.decode()
    assert faults(pages, tmp_path) == []


def test_the_checker_finds_a_fault(tmp_path):
    page = '<!DOCTYPE html><html lang="en"><title>A</title><p id="a"><p id="a"><h1>A</h1>'
    assert [sentence for _, sentence, _ in faults({"/": page}, tmp_path)] == [
        "Duplicate ID “a”.",
    ]
