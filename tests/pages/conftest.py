"""What several tests of the readers' search ask."""

import re
from html import unescape

import pytest


@pytest.fixture
def searched(client):
    """The search's page for words and whatever else an address says."""

    def searched(q="", **more):
        answer = client.get("/search/", {"q": q, **more})
        assert answer.status_code == 200
        return answer.content.decode()

    return searched


@pytest.fixture
def found(searched):
    """The headlines that are found, in their order."""

    def found(q, **more):
        headings = re.findall(r'<h2 class="hd hd-3.*?>(.*?)</h2>', searched(q, **more), re.DOTALL)
        return [unescape(re.sub(r"<.*?>", "", heading)) for heading in headings]

    return found
