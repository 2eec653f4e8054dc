"""The demonstration for real: it answers, refuses what it cannot do with a sentence, and stops without leaving anything."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cases.server import free_port

ROOT = Path(__file__).resolve().parents[2]
# Ten on a quiet machine.
STOPS_WITHIN_SECONDS = 90.0

pytestmark = [pytest.mark.slow, pytest.mark.queue]


def command(port: int) -> list[str]:
    return [sys.executable, "-m", "awards_app", "demo", "--port", str(port), "--no-data"]


def environment(instance: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR"}}
    return {**kept, "AWARDS_INSTANCE": str(instance), "AWARDS_BOOTSTRAP": "off", "PYTHONPATH": str(ROOT)}


@contextmanager
def running(port: int, instance: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        command(port),
        cwd=ROOT,
        env=environment(instance),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        seen = []
        for line in process.stdout:
            seen.append(line)
            if "La plateforme est ouverte" in line:
                break
        else:
            pytest.fail("".join(seen))
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.communicate(timeout=STOPS_WITHIN_SECONDS)


def left_behind(instance: Path) -> list[str]:
    """Return the processes that still name the folder in their words or their environment (Linux)."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
        except OSError:
            continue
        if os.fsencode(instance) in words:
            found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return found


def status(port: int) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=120) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


@pytest.mark.parametrize(
    "asked", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda number: number.name
)
def test_it_answers_then_stops_without_leaving_anything(tmp_path: Path, asked: signal.Signals) -> None:
    port = free_port()
    with running(port, tmp_path) as process:
        assert status(port) in {200, 404}
        started = time.monotonic()
        process.send_signal(asked)
        code = process.wait(STOPS_WITHIN_SECONDS)
        while (
            sys.platform == "linux"
            and left_behind(tmp_path)
            and time.monotonic() - started < STOPS_WITHIN_SECONDS
        ):
            time.sleep(0.1)

    assert code == (0 if asked != signal.SIGKILL else -signal.SIGKILL)
    assert left_behind(tmp_path) == []
    assert (tmp_path / "awards.sqlite3").exists()


def test_a_port_in_use_gets_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            command(port), cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True, check=False
        )

    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == (
        f"Le port {port} est déjà utilisé sur cette machine : arrêtez ce qui l’occupe, ou lancez la démonstration "
        f"avec « --port {port + 1} ».\n"
    )


def test_a_second_one_on_the_same_folder_gets_a_sentence(tmp_path: Path) -> None:
    with running(free_port(), tmp_path):
        done = subprocess.run(
            command(free_port()),
            cwd=ROOT,
            env=environment(tmp_path),
            capture_output=True,
            text=True,
            check=False,
        )

    assert done.returncode == 2
    assert done.stderr == (
        f"Une démonstration tourne déjà sur {tmp_path} : arrêtez-la (Ctrl-C), ou choisissez un autre dossier avec "
        "AWARDS_INSTANCE.\n"
    )
