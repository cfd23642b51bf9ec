"""No address of ours sends anybody to another site, but for what was typed in as an old address's
end."""

from urllib.parse import quote, urljoin, urlsplit

import pytest

pytestmark = pytest.mark.django_db

ELSEWHERE = [
    "//evil.example/", "///evil.example/", "/\\evil.example/", "\\\\evil.example/",
    "https://evil.example/", "http:evil.example", "https:/evil.example", "javascript:alert(1)",
    "data:text/html,x", "/admin/\r\nLocation: https://evil.example/", "\t//evil.example",
    "//user@evil.example/", "https://testserver@evil.example/", "https://testserver.evil.example/",
]  # fmt: skip


def leads_to(answer, path):
    """The host that a browser at a path goes to by an answer; it takes a backslash for a slash."""
    if not 300 <= answer.status_code < 400:
        return "testserver"
    there = urljoin(f"http://testserver{path}", answer["Location"].strip().replace("\\", "/"))
    assert urlsplit(there).scheme in ("http", "https")
    return urlsplit(there).hostname


@pytest.mark.parametrize("there", ELSEWHERE)
def test_whoever_signs_in_stays_here(client, reporter, there):
    path = f"/admin/login/?next={quote(there, safe='')}"
    typed = {"username": reporter.email, "password": "pass", "next": there}
    for answer in (client.post(path, typed), client.get(path)):
        assert answer.status_code == 302
        assert leads_to(answer, "/admin/login/") == "testserver"


@pytest.mark.parametrize("there", ELSEWHERE)
def test_no_path_and_no_query_of_a_reader_leads_away(client, there):
    for path in (there, f"/{there}", f"/world/{there}", f"/{there}x", f"/{quote(there)}"):
        own = path if path.startswith("/") else f"/{path}"
        answer = client.generic("GET", "/", PATH_INFO=own)
        assert leads_to(answer, own) == "testserver", own
    for name in ("next", "url", "redirect", "return", "to", "p"):
        assert leads_to(client.get("/", {name: there}), "/") == "testserver", name
