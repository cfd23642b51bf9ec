"""make run and make dev: sets a demo newsroom up on this machine and serves it.

Everything it makes lies in .data/, and is kept when it is run again.
"""

import os
import secrets
import signal
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / ".data"


def secret_key() -> str:
    """This machine's key: made once, readable by its owner only, and never in git."""
    file = DATA / "secret_key"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(50))
    return file.read_text()


def environment(port: str) -> dict[str, str]:
    """What the site is told; whatever the caller's environment says comes first."""
    site = {
        "SECRET_KEY": secret_key(),
        "SITE_URL": f"http://127.0.0.1:{port}",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "TIME_ZONE": "Europe/Berlin",
        "PORT": port,
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        # The folder that holds the packages, for a Python started by another name.
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    return {**site, **os.environ, "PATH": site["PATH"], "PORT": port}


def manage(command: list[str], env: dict[str, str]) -> None:
    done = subprocess.run(  # noqa: S603 - a list of this file's own words, and no shell
        [sys.executable, "manage.py", *command], cwd=ROOT, env=env, check=False
    )
    if done.returncode:
        sys.exit(done.returncode)


def collect_static(env: dict[str, str]) -> None:
    """Gather and compress the static files, unless the last run's are still what they were."""
    sources = [ROOT / "requirements.txt", *sorted((ROOT / "static").rglob("*"))]
    stats = [(str(file), file.stat().st_size, file.stat().st_mtime_ns) for file in sources]
    stamp = DATA / "static.stamp"
    if stamp.exists() and stamp.read_text() == repr(stats):
        return
    manage(["collectstatic", "--no-input", "--verbosity", "0"], env)
    stamp.write_text(repr(stats))


def require_free(port: str) -> None:
    """End with a sentence where another program has the port."""
    if not port.isdigit() or not 0 < int(port) < 65536:
        sys.exit(f"PORT={port} is no port; give a number such as PORT=8001.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except OSError:
            sys.exit(f"Port {port} is taken by another program. Try: make run PORT=8001")


def serve(command: list[str], env: dict[str, str]) -> int:
    """Run the server, and beside it the worker that sends mail and writes receipts."""
    # Ended from outside (SIGTERM), both children end with us.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    worker = [sys.executable, "manage.py", "db_worker", "--no-startup-delay"]
    running = [
        subprocess.Popen(one, env=env)  # noqa: S603 - as above: this file's own words, and no shell
        for one in (command, worker)
    ]
    try:
        return running[0].wait()
    except KeyboardInterrupt:
        return 0
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait()


def main() -> None:
    port = os.environ.get("PORT", "8000")
    require_free(port)
    DATA.mkdir(exist_ok=True)
    env = environment(port)
    reload = "--reload" in sys.argv
    if reload:
        env["DEBUG"] = "1"
    manage(["migrate", "--verbosity", "0"], env)
    if not reload:
        collect_static(env)
    manage(["demo"], env)
    command = (
        [sys.executable, "manage.py", "runserver", f"127.0.0.1:{port}"]
        if reload
        else [sys.executable, "-m", "gunicorn", "--config", "newsroom/gunicorn.conf.py"]
    )
    os.chdir(ROOT)
    sys.stdout.flush()
    sys.exit(serve(command, env))


if __name__ == "__main__":
    main()
