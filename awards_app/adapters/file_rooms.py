"""Where this process sends the files it will not open itself: two rooms, started when first needed."""

import atexit
import contextlib
import json
import os
import queue
import select
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

ROOMS = 2
PATIENCE_SECONDS = 30.0
WAIT_SECONDS = 45.0
# What a room needs of the environment; never a setting of the platform.
KEPT = ("PATH", "LANG", "LC_ALL", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "SYSTEMROOT")


class RoomsAreFull(OSError):
    """Every room has been busy for longer than anybody can be asked to wait."""


class _Room:
    """One process of `awards_app.adapters.file_room`, started at its first request and again after a fall."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the answer to one request; a room that says nothing in time is closed: ``{"fault": "time"}``."""
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
            line = _line(process.stdout.fileno(), time.monotonic() + PATIENCE_SECONDS)
        except OSError:
            line = b""
        if not line:
            self.close()
            return {"fault": "time"}
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._owner != os.getpid() or self._process.poll() is not None:
            package = Path(__file__).resolve().parents[2]
            self._owner = os.getpid()
            self._process = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", "awards_app.adapters.file_room"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=package,
                env={name: os.environ[name] for name in KEPT if name in os.environ},
                start_new_session=True,
            )
        return self._process

    def close(self) -> None:
        """End the process, if it is ours."""
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        try:
            process.wait(1)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _line(reading: int, deadline: float) -> bytes:
    said = b""
    while not said.endswith(b"\n"):
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([reading], [], [], left)[0]:
            return b""
        piece = os.read(reading, 65536)
        if not piece:
            return b""
        said += piece
    return said


_lock = threading.Lock()
_free: list[queue.LifoQueue[_Room]] = []
_all: list[_Room] = []


def _rooms() -> "queue.LifoQueue[_Room]":
    with _lock:
        if not _free:
            _free.append(queue.LifoQueue())
            _all.extend(_Room() for _ in range(ROOMS))
            for room in _all:
                _free[0].put(room)
            atexit.register(close_rooms)
    return _free[0]


def close_rooms() -> None:
    """End the rooms of this process."""
    for room in _all:
        room.close()


def in_a_room(request: dict[str, Any]) -> dict[str, Any]:
    """Have a request answered in a bounded process (see `awards_app.adapters.file_room`).

    Raises `RoomsAreFull` when none is free in time.
    """
    rooms = _rooms()
    try:
        room = rooms.get(timeout=WAIT_SECONDS)
    except queue.Empty:
        raise RoomsAreFull from None
    try:
        return room.ask(request)
    finally:
        rooms.put(room)
