"""Every setting, read from the environment once, typed and loud. docs/settings.md explains each."""

import os
import re
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path
from tempfile import gettempdir
from unicodedata import name
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django_prose_editor.config import add_allowed_classes, html_tags
from js_asset import static_lazy

from newsroom import compat, logs

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = BASE_DIR / ".data"  # what a running site makes: database, static files; not in git

env = environ.Env(
    DEBUG=(bool, False),
    SECRET_KEY=(str, ""),
    SITE_URL=(str, "http://127.0.0.1:8000"),
    SITE_NAME=(str, "The Meridian"),
    ALLOWED_HOSTS=(list, []),
    DATABASE_URL=(str, f"sqlite:///{DATA_DIR / 'newsroom.sqlite3'}"),
    TIME_ZONE=(str, "UTC"),
    LANGUAGE_CODE=(str, "en-gb"),
    SMART_QUOTES=(str, "auto"),
    EMAIL_URL=(str, "consolemail://"),
    DEFAULT_FROM_EMAIL=(str, ""),
    ORIGIN_URL=(str, ""),
    PICTURES_STORE=(str, str(DATA_DIR / "media")),
    X_ACCEL_PREFIX=(str, ""),
    PROXY_CACHE=(str, ""),
    WEBSUB_HUB=(str, ""),
    SHARED_FOLDER=(str, ""),
    BELL_URL=(str, ""),
    PAGE_CACHE_MB=(int, 128),
    BACKUPS=(str, ""),
    OPS_TOKEN=(str, ""),
    SENTRY_DSN=(str, ""),
)
environ.Env.read_env(BASE_DIR / ".env")


def refuse(name: str, value: object, wanted: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name}={value!r} will not do: {wanted} See docs/settings.md.")


DEBUG = env("DEBUG")
SECRET_KEY = env("SECRET_KEY")
if not SECRET_KEY:
    if not DEBUG:
        raise refuse("SECRET_KEY", "", "set it to a long random string (DEBUG=1 does without).")
    SECRET_KEY = "only-for-development-" + "x" * 50

SITE_URL = env("SITE_URL").rstrip("/")
_site = urlsplit(SITE_URL)
if _site.scheme not in ("http", "https") or not _site.hostname or _site.path or _site.query:
    raise refuse("SITE_URL", SITE_URL, "give an origin such as https://news.example.")
SITE_NAME = env("SITE_NAME").strip()
if not SITE_NAME:
    raise refuse("SITE_NAME", "", "give the paper a name.")
ALLOWED_HOSTS = env("ALLOWED_HOSTS") or [_site.hostname]
SERVED_OVER_HTTPS = _site.scheme == "https"

# --- Apps ------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "django_prose_editor",
    "taggit",
    "newsroom.health",  # before django_tasks_db, whose worker it lets beat
    "django_tasks",
    "django_tasks_db",
    "accounts",
    "articles",
]
MIDDLEWARE = [
    "newsroom.health.probes.ProbesMiddleware",
    "newsroom.sight.SightMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "articles.middleware.MethodMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "articles.middleware.MomentMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "articles.middleware.AsOfMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "articles.middleware.OldAddressMiddleware",
]
ROOT_URLCONF = "newsroom.urls"
WSGI_APPLICATION = "newsroom.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- Database --------------------------------------------------------------------------------

DATABASES = {"default": env.db("DATABASE_URL")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # A writer takes its lock when the transaction begins: a lock asked for half-way
        # through fails at once instead of waiting its turn.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,  # seconds
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    Path(DATABASES["default"]["NAME"]).parent.mkdir(parents=True, exist_ok=True)
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # A server that is not there is told from one that thinks: readers get the pages of before.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 3)  # seconds
# Seconds for which a thread keeps its connection: on SQLite, too, to open one takes longer than
# all that a page asks, as it reads the schema anew and forgets the statements it had planned.
DATABASES["default"]["CONN_MAX_AGE"] = 60
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- People ----------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.RoleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# --- Language and time -----------------------------------------------------------------------

LANGUAGE_CODE = env("LANGUAGE_CODE")
TIME_ZONE = env("TIME_ZONE")  # the newsroom's: what editors type and readers see
if TIME_ZONE not in available_timezones():
    raise refuse("TIME_ZONE", TIME_ZONE, "give a zone such as Europe/Berlin.")
# Opening and closing double, opening and closing single: what " and ' become as editors type.
SMART_QUOTES = env("SMART_QUOTES")
if SMART_QUOTES == "auto":  # by the language; empty is off
    SMART_QUOTES = "„“‚‘" if LANGUAGE_CODE.startswith("de") else "“”‘’"
_is_quote = ["QUOTATION MARK" in name(sign, "") and sign != '"' for sign in SMART_QUOTES]
if SMART_QUOTES and (len(SMART_QUOTES) != 4 or not all(_is_quote)):
    raise refuse(
        "SMART_QUOTES", SMART_QUOTES, "give four quotation marks such as “”‘’, or nothing."
    )
LOCALE_PATHS = [BASE_DIR / "articles" / "locale"]  # of the templates as well
USE_I18N = True
USE_TZ = True

# --- Pictures --------------------------------------------------------------------------------

# Where their files lie. No address leads there: articles/pages/pictures.py decides who gets one.
PICTURES_STORE = env("PICTURES_STORE")
_store = urlsplit(PICTURES_STORE)
PICTURES: dict[str, object] = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {"location": PICTURES_STORE},
}
if _store.scheme == "s3" and _store.netloc:
    PICTURES = {  # django-storages, by the extra s3; keys and region come from AWS's own variables
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": _store.netloc,
            "location": _store.path.strip("/"),
            "default_acl": None,  # the bucket's own: private
            "file_overwrite": False,
        },
    }
elif not Path(PICTURES_STORE).is_absolute():
    raise refuse("PICTURES_STORE", PICTURES_STORE, "give a folder such as /srv/pictures, or s3://.")
# The internal location of nginx that hands out what lies in that folder; empty: the site does.
X_ACCEL_PREFIX = env("X_ACCEL_PREFIX")
if X_ACCEL_PREFIX and (_store.scheme or not X_ACCEL_PREFIX.startswith("/")):
    raise refuse("X_ACCEL_PREFIX", X_ACCEL_PREFIX, "give a path such as /stored/, for a folder.")

# Where nginx keeps pages, for newsroom/proxy_cache.py to empty at a takedown; empty: nowhere.
PROXY_CACHE = env("PROXY_CACHE")
if PROXY_CACHE and not Path(PROXY_CACHE).is_absolute():
    raise refuse("PROXY_CACHE", PROXY_CACHE, "give a folder such as /var/cache/nginx/newsroom.")

# --- Static files ----------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": PICTURES,
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# A body of 1 MB (articles/body.py) in Cyrillic is three times as long in a form.
DATA_UPLOAD_MAX_MEMORY_SIZE = 4_000_000  # bytes

# --- The page cache --------------------------------------------------------------------------

# In memory, and shared by the processes of this site on this machine: what tells them that
# something was published, and what one has rendered for all. One site's own, by its database.
_of_this_site = f"{BASE_DIR} {env('DATABASE_URL')}".encode()
SHARED_FOLDER = env("SHARED_FOLDER") or str(
    (Path("/dev/shm") if Path("/dev/shm").is_dir() else Path(gettempdir()))  # noqa: S108 - below it, a folder of our own that is checked (articles/shared_memory.py)
    / f"newsroom-{os.getuid()}-{blake2b(_of_this_site, digest_size=6).hexdigest()}"
)
# A Redis that tells the machines of a site of each other's presses at once; empty: none.
BELL_URL = env("BELL_URL").strip()
if BELL_URL and not (BELL_URL.startswith(("redis://", "rediss://")) and find_spec("redis")):
    raise refuse("BELL_URL", BELL_URL, "give redis://host:6379/0, and install the extra redis.")
PAGE_CACHE_MB = env("PAGE_CACHE_MB")  # of pages that a process keeps in memory
if PAGE_CACHE_MB < 1:
    raise refuse("PAGE_CACHE_MB", PAGE_CACHE_MB, "give the megabytes that a process may keep.")

# --- Security --------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = SERVED_OVER_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if SERVED_OVER_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SERVED_OVER_HTTPS
SECURE_HSTS_PRELOAD = SERVED_OVER_HTTPS
SESSION_COOKIE_SECURE = SERVED_OVER_HTTPS
CSRF_COOKIE_SECURE = SERVED_OVER_HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "articles.admin.kept_posts.csrf_failure"  # it loses no story
X_FRAME_OPTIONS = "DENY"
# Public pages carry no nonce (django-csp sends one only where a template reads it), so that
# whole pages can be cached; the admin's one inline script is the body editor's import map.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- The body editor -------------------------------------------------------------------------


def _pull_quote(_options: object, allowed: dict) -> None:
    """What a pull quote may hold; articles/body.py names the extension."""
    html_tags(["figure", "blockquote", "figcaption"])(_options, allowed)
    add_allowed_classes(allowed, {"figure": ["pull"]})


def _picture(_options: object, allowed: dict) -> None:
    """What a picture may hold, whose file only its number leads to; likewise."""
    html_tags(["figure", "img", "figcaption"])(_options, allowed)
    add_allowed_classes(allowed, {"figure": ["picture"]})


def _no_markup(_options: object, _allowed: dict) -> None:
    """What an extension may hold that only helps writing."""


DJANGO_PROSE_EDITOR_EXTENSIONS = [
    {
        "js": [
            static_lazy(f"desk/{name}.js") for name in ("body-editor", "toolbar", "paste", "quotes")
        ],
        "extensions": {
            "PullQuote": _pull_quote,
            "Picture": _picture,
            "CleanPaste": _no_markup,
            "SmartQuotes": _no_markup,
        },
    }
]

# --- What runs after the answer: receipts of takedowns, mail ----------------------------------

# `manage.py db_worker` does the work; whether a story is public never depends on it.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
# A mail server that does not answer within these seconds must not hold the worker for ever.
vars().update(compat.mail_settings({**env.email_url("EMAIL_URL"), "EMAIL_TIMEOUT": 10}))
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL") or f"desk@{_site.hostname}"
# Where the worker reaches the site, past a proxy or CDN; empty: where readers do.
ORIGIN_URL = env("ORIGIN_URL").rstrip("/")
if ORIGIN_URL and not ORIGIN_URL.startswith(("http://", "https://")):
    raise refuse("ORIGIN_URL", ORIGIN_URL, "give an origin such as http://127.0.0.1:8000.")
# The WebSub hub that is told when a feed changed, and that the feeds name; empty: none.
WEBSUB_HUB = env("WEBSUB_HUB").strip()
# It stands in a header of every feed as it stands here.
_hub = re.fullmatch(r"(https?://[a-zA-Z0-9.-]+(:[0-9]+)?(/[!#-;=?-~]*)?)?", WEBSUB_HUB)
if not _hub:
    raise refuse("WEBSUB_HUB", WEBSUB_HUB, "give an address such as https://hub.example/.")

# --- Logs ------------------------------------------------------------------------------------

# JSON lines in production, with no word that anybody typed: newsroom/logs.py says what is in one.
LOGGING = logs.configuration(readable=DEBUG)
# Whom faults are told to, without what they were about (newsroom/sentry.py); empty: nobody.
SENTRY_DSN = env("SENTRY_DSN").strip()
if SENTRY_DSN:
    if not find_spec("sentry_sdk"):
        raise refuse("SENTRY_DSN", "…", "install the extra sentry (pip install '.[sentry]').")
    from newsroom import sentry  # no part of the base installation

    try:
        sentry.start(SENTRY_DSN)
    except ValueError:  # sentry_sdk.utils.BadDsn
        raise refuse("SENTRY_DSN", "…", "give the address that Sentry calls DSN.") from None
SLOW_REQUEST = 1.0  # seconds: whatever takes longer is logged, with the name of its view

# --- Health ----------------------------------------------------------------------------------

# Who sends it as `Authorization: Bearer …` is told by /readyz and /metrics what strangers are not.
OPS_TOKEN = env("OPS_TOKEN")
if OPS_TOKEN and (len(OPS_TOKEN) < 20 or not re.fullmatch(r"[!-~]+", OPS_TOKEN)):
    raise refuse("OPS_TOKEN", "…", "give 20 signs or more without a space, or nothing.")
# The folder that backups are made in: `manage.py doctor` sees to their age. Empty: it does not.
BACKUPS = env("BACKUPS")
if BACKUPS and not Path(BACKUPS).is_absolute():
    raise refuse("BACKUPS", BACKUPS, "give a folder such as /srv/backups.")
LEAST_ROOM = 0.05  # of a disk should be free
