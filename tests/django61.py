"""The second Django that the site is tried on, with a Python that it takes: found, and set up."""

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKED = ROOT / "requirements-django61.txt"
FOLDER = ROOT / "build" / "django61"
VARIABLE = "TEST_PYTHON_DJANGO61"  # the path of a Python, 3.12 or later
_VERSIONS = ("3.12", "3.13", "3.14")
_ASK = "import sys, pip; sys.exit(sys.version_info < (3, 12))"


def find_or_make() -> Path | None:
    """Return the Python of an environment with Django 6.1, or nothing where none can be had."""
    made, stamp = FOLDER / "bin" / "python", FOLDER / "locked.txt"
    if stamp.exists() and stamp.read_bytes() == LOCKED.read_bytes():
        return made
    install = ["install", "--require-hashes", "--only-binary", ":all:", "-r", str(LOCKED)]
    pip = ["-m", "pip", "--disable-pip-version-check", "--quiet", "--python", str(made)]
    commands = (["-m", "venv", "--clear", "--without-pip", str(FOLDER)], [*pip, *install])
    for python in filter(_will_do, _pythons()):
        print(f"\nSetting up Django 6.1 with {python} ...", flush=True)
        if all(subprocess.run([python, *each], check=False).returncode == 0 for each in commands):
            shutil.copyfile(LOCKED, stamp)
            return made
    return None


def _pythons() -> list[str]:
    """Where one may be: named, on the path, and among those of pyenv."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    named = [os.environ.get(VARIABLE), *(shutil.which(f"python{each}") for each in _VERSIONS)]
    kept = [str(path) for each in _VERSIONS for path in sorted(pyenv.glob(f"{each}.*/bin/python"))]
    return [*filter(None, named), *kept]


def _will_do(python: str) -> bool:
    try:
        asked = subprocess.run([python, "-c", _ASK], check=False, capture_output=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0
