"""Processes that are measured: started as in production, their CPU and memory read from the operating system."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from awards_app.adapters.queue_server import dies_with_parent
from awards_app.cli.web_server import web_words

TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")
WORKERS = 2
THREADS = 4
FIRST_ANSWER_SECONDS = 60


def free_port() -> int:
    """Return a port that nobody listens to."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def tree(pid: int) -> list[int]:
    """Return ``pid`` and every process under it."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, ValueError):
                parent = int(_stat(int(entry.name))[1])
                parents.setdefault(parent, []).append(int(entry.name))
    found = [pid]
    for one in found:
        found.extend(parents.get(one, ()))
    return found


def _stat(pid: int) -> list[str]:
    """Return the fields of /proc/<pid>/stat that follow the command's name, the state first."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def cpu_ms(pids: list[int]) -> float:
    """Return the CPU that processes used so far, user and system, dead children included, in milliseconds."""
    ticks = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            ticks += sum(int(value) for value in _stat(pid)[11:15])
    return ticks * TICK_MS


def resident_mib(pid: int) -> float:
    """Return the memory that a process holds, in MiB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


@dataclass
class WebServer:
    """A gunicorn with its workers."""

    process: subprocess.Popen[bytes]
    port: int

    @property
    def pids(self) -> list[int]:
        """Return the master and its workers."""
        return tree(self.process.pid)

    @property
    def worker_mib(self) -> float:
        """Return the memory of the largest worker, in MiB."""
        return max(resident_mib(pid) for pid in self.pids[1:])

    def stop(self) -> None:
        """Ask it to end, and end it when it does not."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start_web(application: str, environment: dict[str, str], log: Path) -> WebServer:
    """Start ``application`` (« module:call() ») as production does, and return once it answers.

    Raises RuntimeError with the end of its log when it does not.
    """
    port = free_port()
    words = web_words("127.0.0.1", port, WORKERS, THREADS)
    words[-1] = application
    with log.open("ab") as output:
        process = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={**os.environ, **environment},
            preexec_fn=dies_with_parent() if sys.platform == "linux" else None,
        )
    end = time.monotonic() + FIRST_ANSWER_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30)
        except urllib.error.HTTPError:
            return WebServer(process, port)
        except OSError:
            time.sleep(0.1)
        else:
            return WebServer(process, port)
    process.kill()
    raise RuntimeError(f"{application}: {log.read_text(errors='replace')[-2000:]}")
