"""Settings: each is in the docs, wrong ones are refused loudly, production needs its secret."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "SECRET_KEY": "a-long-random-string-" * 4, "SITE_URL": "https://news.example",
    "EMAIL_URL": "smtp://mail.example",
}  # fmt: skip


def settings_read():
    source = (ROOT / "newsroom" / "settings.py").read_text(encoding="utf-8")
    scheme = source[source.index("env = environ.Env(") : source.index("environ.Env.read_env")]
    return set(re.findall(r"^    ([A-Z_]+)=\(", scheme, re.MULTILINE))


def run(command, **env):
    clean = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env={**clean, **env}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip


def test_every_setting_is_in_the_docs_and_the_docs_name_no_other():
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^## `([A-Z_]+)`", page, re.MULTILINE)) == settings_read()


def test_the_example_environment_lists_every_setting():
    example = (ROOT / "deploy" / "example.env").read_text(encoding="utf-8")
    assert set(re.findall(r"^#?\s?([A-Z_]+)=", example, re.MULTILINE)) == settings_read()


def test_production_without_a_secret_key_refuses_to_start():
    done = run(["manage.py", "check"])
    assert done.returncode != 0
    assert "SECRET_KEY" in done.stderr
    assert "docs/settings.md" in done.stderr


def test_debug_is_off_by_default_and_production_settings_pass_djangos_deployment_check():
    done = run(["manage.py", "check", "--deploy", "--fail-level", "WARNING"], **PRODUCTION)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SITE_URL", "news.example"),
        ("ORIGIN_URL", "news.example"),
        ("WEBSUB_HUB", "hub.example"),
        ("WEBSUB_HUB", "ftp://hub.example/"),
        ("WEBSUB_HUB", "https://hub.example/<x>"),
        ("WEBSUB_HUB", "https://[hub"),
        ("SITE_URL", "https://news.example/paper/"),
        ("SITE_URL", "ftp://news.example"),
        ("TIME_ZONE", "Mars/Olympus"),
        ("SITE_NAME", " "),
        ("PICTURES_STORE", "pictures"),
        ("PICTURES_STORE", "s3://"),
        ("X_ACCEL_PREFIX", "stored/"),
        ("OPS_TOKEN", "short"),
        ("BACKUPS", "backups"),
        ("SENTRY_DSN", "sentry.example"),
        ("PROXY_CACHE", "cache"),
        ("SMART_QUOTES", "“”"),
        ("SMART_QUOTES", "\"\"''"),
        ("SMART_QUOTES", "“”‘’“"),
    ],
)
def test_a_wrong_value_is_refused_by_name(name, value):
    done = run(["manage.py", "check"], **{**PRODUCTION, name: value})
    assert done.returncode != 0
    assert name in done.stderr


@pytest.mark.parametrize(
    ("env", "quotes"),
    [
        ({}, "“”‘’"),
        ({"LANGUAGE_CODE": "de"}, "„“‚‘"),
        ({"SMART_QUOTES": "«»‹›"}, "«»‹›"),
        ({"SMART_QUOTES": ""}, ""),
    ],
)
def test_the_quotes_follow_the_language_or_the_setting_and_may_be_off(env, quotes):
    told = "from newsroom.settings import SMART_QUOTES; print(ascii(SMART_QUOTES))"
    done = run(["-c", told], **PRODUCTION, **env)
    assert done.stdout.strip() == ascii(quotes)


def test_gunicorn_accepts_its_configuration():
    command = ["-m", "gunicorn", "--check-config", "--config", "newsroom/gunicorn.conf.py"]
    done = run(command, **PRODUCTION, DJANGO_SETTINGS_MODULE="newsroom.settings")
    assert done.returncode == 0, done.stderr


def test_no_file_names_a_package_registrys_host():
    hosts = re.compile(r"(pypi|pythonhosted|npmjs|debian)\.(org|com|net)")
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    for name in listed.stdout.splitlines():
        file = ROOT / name
        if file.suffix in {".woff2", ".webp", ".png", ".mo"} or not file.is_file():
            continue
        if file == Path(__file__):
            continue
        assert not hosts.search(file.read_text(encoding="utf-8")), name
