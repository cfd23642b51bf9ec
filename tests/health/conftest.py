"""A site that is well, for a fault to be planted in."""

import pytest
from django.utils import timezone

from newsroom.health import worker


@pytest.fixture
def well(db, settings, tmp_path):
    """The tests' site as a site should be; with the real clock, which its disk tells too."""
    settings.SECRET_KEY = "kR2v9-xLq4TzW8nB_c5JmP7sYhD1gFaE3uVtXoQiZ6-yNwKb0e"
    settings.SITE_URL = "http://127.0.0.1:8000"
    settings.SHARED_FOLDER = str(tmp_path)
    worker.beat(timezone.now())
    return settings
