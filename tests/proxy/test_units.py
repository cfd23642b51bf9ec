"""systemd's units: readable, tight, and of one mind with nginx, the docs and the commands."""

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.proxy.programs import CONFIGURATION, ROOT, ended_after

UNITS = sorted((ROOT / "deploy" / "systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
ANALYZE = shutil.which("systemd-analyze")
OPS = (ROOT / "docs" / "ops.md").read_text(encoding="utf-8")
# Every key that is used, so that a misspelt one is seen where there is no systemd as well.
KEYS = {
    "Unit": "Description Documentation After Wants",
    "Install": "WantedBy",
    "Timer": "OnCalendar RandomizedDelaySec Persistent Unit",
    "Service": """
        Type NotifyAccess User Group WorkingDirectory Environment EnvironmentFile ExecStart
        ExecReload KillMode TimeoutStartSec TimeoutStopSec Restart RestartSec RuntimeDirectory
        RuntimeDirectoryMode UMask LimitNOFILE TasksMax MemoryHigh MemoryMax Nice
        IOSchedulingClass NoNewPrivileges CapabilityBoundingSet AmbientCapabilities
        ProtectSystem ReadWritePaths ProtectHome PrivateTmp PrivateDevices ProtectClock
        ProtectHostname ProtectKernelLogs ProtectKernelModules ProtectKernelTunables
        ProtectControlGroups ProtectProc RestrictAddressFamilies RestrictNamespaces
        RestrictRealtime RestrictSUIDSGID LockPersonality RemoveIPC SystemCallArchitectures
        SystemCallFilter SystemCallErrorNumber
    """,
}
TIGHT = {
    "User": "newsroom",
    "NoNewPrivileges": "yes",
    "CapabilityBoundingSet": "",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "SystemCallFilter": "@system-service",
}


def read(unit):
    """A unit's lines as section, key and value."""
    section, lines = "", []
    for line in unit.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            key, equals, value = line.partition("=")
            assert equals, f"{unit.name}: {line}"
            lines.append((section, key, value))
    return lines


def said(unit, wanted):
    return [value for _section, key, value in read(unit) if key == wanted]


@pytest.fixture
def here(tmp_path):
    """The units with this house's folder in the place of the deployed one."""
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace("/srv/newsroom/", f"{ROOT}/")
        text = text.replace("=/srv/newsroom\n", f"={ROOT}\n")
        # The programs of the environment that runs the tests, wherever it is.
        text = text.replace(f"{ROOT}/.venv/bin", str(Path(sys.executable).parent))
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_every_line_is_one_that_systemd_knows(unit):
    for section, key, _value in read(unit):
        assert key in KEYS[section].split(), f"{section}: {key}"


@pytest.mark.skipif(ANALYZE is None, reason="there is no systemd-analyze here")
def test_systemd_finds_no_fault_in_any_unit(here):
    named = [
        str(here / unit.name).replace("@.", "@thin_revisions.") for unit in UNITS
    ]  # a template is looked at by one of its kind
    done = subprocess.run(
        [ANALYZE, "verify", "--man=no", *named], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(ANALYZE is None, reason="there is no systemd-analyze here")
def test_systemd_calls_every_service_well_closed(here):
    for unit in SERVICES:
        done = subprocess.run(
            [ANALYZE, "security", "--offline=true", "--threshold=20", str(here / unit.name)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-300:]


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_a_service_writes_where_it_must_and_may_do_nothing_else(unit):
    for key, value in TIGHT.items():
        assert said(unit, key) == [value], key
    assert said(unit, "MemoryMax")
    for folder in said(unit, "ReadWritePaths"):
        assert folder.lstrip("-").startswith(("/srv/newsroom", "/var/cache/nginx/newsroom"))


def test_the_units_and_nginx_mean_the_same_places():
    site = ROOT / "deploy" / "systemd" / "newsroom.service"
    nginx = CONFIGURATION.read_text(encoding="utf-8")
    bind = dict(line.split("=", 1) for line in said(site, "Environment"))["BIND"]
    assert f"server {bind} " in nginx
    assert said(site, "RuntimeDirectory") == [Path(bind.partition(":")[2]).parent.name]
    writes = {folder.lstrip("-") for folder in said(site, "ReadWritePaths")}
    assert re.search(r"proxy_cache_path (\S+)", nginx)[1] in writes
    assert re.search(r"alias (/srv/newsroom-pictures)/;", nginx)[1] in writes
    assert re.search(r"root (/srv/newsroom/\S+);", nginx)[1] in writes
    for folder in writes:
        assert folder in OPS or folder == "/srv/newsroom/.data", folder


def test_every_command_that_a_timer_starts_is_there_and_each_that_has_to_run_has_a_timer():
    enabled = {}
    for how_often in ("daily", "hourly"):
        named = re.findall(rf"newsroom-{how_often}@(\w+)\.timer", OPS)
        enabled |= dict.fromkeys(named, how_often)
    assert set(enabled) <= set(get_commands())
    said_so = dict(re.findall(r"^- `manage\.py (\w+)` \((daily|hourly)", OPS, re.MULTILINE))
    assert said_so
    assert enabled == said_so


def test_gunicorn_tells_systemd_when_it_is_ready(tmp_path):
    place = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(place)
        systemd.settimeout(20)
        unit = ROOT / "deploy" / "systemd" / "newsroom.service"
        _program, *options = said(unit, "ExecStart")[0].split()
        running = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", *options, "tests.proxy.tiny_site:application"],
            cwd=ROOT,
            env={**os.environ, "NOTIFY_SOCKET": place, "BIND": f"unix:{tmp_path}/site.sock"},
            stderr=subprocess.DEVNULL,
        )
        with ended_after(running):
            assert systemd.recv(1000).startswith(b"READY=1")
            assert (tmp_path / "site.sock").exists()
