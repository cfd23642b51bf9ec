"""Which database a test run uses: SQLite, or the PostgreSQL that tests/run.py names."""

import os
import tempfile

# Before Django reads its settings: whatever stands in the environment, tests bring their own.
for name in ("ALLOWED_HOSTS", "DEBUG", "SITE_NAME", "LANGUAGE_CODE"):
    os.environ.pop(name, None)
os.environ["SECRET_KEY"] = "only-for-tests"
os.environ["SITE_URL"] = "http://testserver"
os.environ["TIME_ZONE"] = "Asia/Kolkata"
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL", "sqlite:///:memory:")
# The browser's driver runs an event loop in the thread that also asks the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
# What a site's processes share is this run's own, of the programs that it starts as well.
_shared = tempfile.TemporaryDirectory(prefix="newsroom-tests-shared-")  # goes with the process
os.environ["SHARED_FOLDER"] = _shared.name
