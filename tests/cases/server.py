"""A real platform for the cases: a process of its own on a free port, the hooks on, SQLite in a folder thrown away."""

import itertools
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[2]
# A slow and busy machine starts Python, reads the application and migrates a database in less.
STARTS_WITHIN_SECONDS = 240
# Below the ports that systems lend to those who call: what is free now is free until the server takes it.
PORTS = range(20_000, 32_000)
_TURNS = itertools.count(os.getpid() * 97)


def free_port() -> int:
    """Return a port that nobody listens on, and that nobody who calls is lent meanwhile."""
    for turn in itertools.islice(_TURNS, len(PORTS)):
        port = PORTS[turn % len(PORTS)]
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no port is free")


def settings(instance: Path, url: str) -> dict[str, str]:
    """Return the environment of a platform for the cases."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWARDS_", "FLASK_"))}
    return kept | {
        "AWARDS_MODE": "testing",
        "AWARDS_INSTANCE": str(instance),
        "AWARDS_TEST_HOOKS": "1",
        "AWARDS_PUBLIC_URL": url,
        "AWARDS_RATE_LIMITS": "0",
        "AWARDS_SQLITE_SYNCHRONOUS": "NORMAL",
        "SECRET_KEY": "a key for the cases, longer than thirty-two characters",
        "DATABASE_URL": "",
        "REDIS_URL": "",
        "PYTHONPATH": str(ROOT),
    }


@contextmanager
def platform(**more: str) -> Iterator[str]:
    """Start a platform, give its address, stop it. Raises RuntimeError with its log when it does not start."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="awards-cases-") as folder:
        log = Path(folder) / "server.log"
        with log.open("wb") as written:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.cases.server", str(port)],
                cwd=ROOT,
                env=settings(Path(folder), url) | more,
                stdin=subprocess.DEVNULL,
                stdout=written,
                stderr=subprocess.STDOUT,
            )
        try:
            _wait(process, url, log)
            yield url
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    end = time.monotonic() + STARTS_WITHIN_SECONDS
    while process.poll() is None and time.monotonic() < end:
        with suppress(httpx.TransportError):
            if httpx.get(f"{url}/compte/connexion", timeout=30, trust_env=False).status_code == 200:
                return
        time.sleep(0.1)
    raise RuntimeError(f"the platform did not start:\n{log.read_text(errors='replace')[-3000:]}")


def serve(port: int) -> None:
    """Bring the database to head and answer on ``port`` until ended."""
    from flask_migrate import upgrade
    from werkzeug.serving import make_server

    from awards_app.app import create_app

    app = create_app()
    with app.app_context():
        upgrade()
    make_server("127.0.0.1", port, app, threaded=True).serve_forever()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
