"""What a benchmark says: a row a figure, with what it must reach, as a table and as JSON."""

import json
import operator
import os
import platform
import subprocess
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

_SIGNS = {"≥": operator.ge, "≤": operator.le, "=": operator.eq}


@dataclass(frozen=True)
class Row:
    """A figure; `must` is empty where it only explains another."""

    name: str
    value: float | None  # None: it could not be measured
    must: str
    holds: bool
    how: str
    counted: bool = False  # no figure of time: on a busy machine it is the same

    def __str__(self) -> str:
        said = "–" if self.value is None else f"{self.value:,.4g}"
        verdict = ("holds" if self.holds else "FAILS") if self.must else ""
        return f"{self.name:<58}{said:>10}  {self.must:<9}{verdict:<7}{self.how}"


def row(name: str, value: float, must: str, how: str = "", *, counted: bool = False) -> Row:
    """Return a row; `must` is such as "≥ 0.8"."""
    sign, bound = must.split()
    holds = bool(_SIGNS[sign](value, float(bound)))
    return Row(name, round(value, 4), must, holds, how, counted)


def figure(name: str, value: float, how: str = "") -> Row:
    """Return a row that must reach nothing: it says where another one comes from."""
    return Row(name, round(value, 4), "", True, how)


def unmeasured(name: str, fault: BaseException) -> Row:
    """Return the row of what failed before there was a figure."""
    said = " ".join(f"{type(fault).__name__}: {fault}".split())
    return Row(name, None, "measured", False, said[:300], counted=True)


def write(rows: Iterable[Row], file: Path, how: str) -> None:
    """Write rows as JSON; `how` is what all of them have in common."""
    found = [{**asdict(each), "how": f"{each.how}; {how}".lstrip("; ")} for each in rows]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def surroundings(*nginx: str) -> str:
    """The machine, and the versions of what was measured on it; `nginx` is its command, if any."""
    packages = ("django", "gunicorn", "uvloop", "psycopg")
    found = [f"{name} {version(name)}" for name in packages]
    if nginx:
        asked = subprocess.run([*nginx, "-v"], capture_output=True, text=True, check=False)
        found.append(asked.stderr.strip().removeprefix("nginx version: "))
    load = os.getloadavg()[0]
    return ", ".join(
        [
            f"{len(os.sched_getaffinity(0))} cores ({_processor()}), load {load:.1f} at the start",
            f"{platform.system()} {platform.release()}",
            f"Python {platform.python_version()}",
            *found,
        ]
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
