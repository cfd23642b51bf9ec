"""Finds the Nu HTML checker for the test of the pages' markup, or tries to get it."""

import os
import shutil
import subprocess
from pathlib import Path

VARIABLE = "TEST_VNU"  # the path of the checker's vnu.jar
PACKAGE = "vnu-jar@26.9.27"
FOLDER = Path(__file__).resolve().parent.parent / ".venv" / "vnu"


def find_or_get() -> dict[str, str]:
    """Return {TEST_VNU: path}, or nothing where there is no Java or the checker cannot be had."""
    if VARIABLE in os.environ:
        return {VARIABLE: os.environ[VARIABLE]}
    jar = FOLDER / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    if not shutil.which("java"):
        return {}
    if not jar.exists() and shutil.which("npm"):
        FOLDER.mkdir(parents=True, exist_ok=True)
        print("Getting the Nu HTML checker:", PACKAGE, flush=True)
        command = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix"]
        try:
            subprocess.run([*command, FOLDER, PACKAGE], check=False, timeout=300, stdout=-3)
        except subprocess.TimeoutExpired:
            return {}
    return {VARIABLE: str(jar)} if jar.exists() else {}
