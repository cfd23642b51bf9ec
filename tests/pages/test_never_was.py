"""What is hidden answers as what never was: the same status, the same headers, the same length.

Gone and expired are told (410), so they are not among these.
"""

import pytest

from articles.models import Article, Publication
from tests.pages.test_leaks import ROUTES, TOKEN, canary, hide, lead_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

UNKNOWN = ("draft", "in_review", "ready", "scheduled", "unpublished", "vanished", "deleted")
NOT_A_WORD = TOKEN[::-1]  # as long, and nobody wrote it


def said(client, address):
    """An answer's status, headers and length; of the same bytes the ETag is the same, so of others
    it says nothing."""
    answer = client.get(address)
    headers = {name: value for name, value in answer.items() if name != "ETag"}
    return answer.status_code, headers, len(answer.content)


def never_was(number):
    """A number of as many digits that is nothing's."""
    return 10 ** len(str(number)) - 1


@pytest.mark.parametrize("state", UNKNOWN)
def test_what_is_hidden_answers_as_what_never_was(client, write, published, state):
    published("Public", slug="public")
    article = hide(state, write, published)
    newest = Publication.objects.filter(article=article.pk).order_by("pk").last()
    hidden = {
        "slug": canary(state)["slug"], "section": f"{TOKEN}s", "author": f"{TOKEN}a",
        "tag": f"{TOKEN}t", "pk": article.pk or 2, "version": newest.pk if newest else 2,
        "picture": f"{'0' * 32}.webp",
    }  # fmt: skip
    unknown = {key: str(value).replace(TOKEN, NOT_A_WORD) for key, value in hidden.items()}
    unknown |= {key: never_was(hidden[key]) for key in ("pk", "version")}
    assert not Article.objects.filter(pk=unknown["pk"]).exists()
    assert not Publication.objects.filter(pk=unknown["version"]).exists()
    asked = [address for some in ROUTES.values() for address in some if "{" in address]
    assert len(asked) > 40
    for address in asked:
        answers = [said(client, address.format(**values)) for values in (hidden, unknown)]
        assert answers[0] == answers[1], address


@pytest.mark.parametrize("state", UNKNOWN)
def test_an_old_address_of_what_is_hidden_is_as_unknown_as_any(client, write, published, state):
    published("Public", slug="public")
    article = hide(state, write, published)
    for source in lead_to(article.pk):
        address = source if "?" in source else f"{source}/"
        stranger = address.replace("/old-", "/odd-").replace("?p=", "?q=")
        assert said(client, address) == said(client, stranger), address
