"""Papers printed in a process of their own, bounded in time and memory: one that cannot be printed stops nothing else."""

import contextlib
import os
import resource
import select
import signal
import struct
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from awards_app.adapters.pdf.press import _TURN, press
from awards_app.adapters.queue_server import dies_with_parent

EXTRA_BYTES = 512 * 1024 * 1024
_SIZE = struct.Struct("!q")
_one_child = threading.Lock()


class PrintingFailed(Exception):
    """What ended the printing: the name of a fault of ours, else `time`, `memory` or `crash`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def printed_apart(make: Callable[[], Sequence[bytes]], *, seconds: float) -> list[bytes]:
    """Return what ``make`` returns, called in a child of this process that may take ``seconds`` and so much memory.

    The press is opened here, once, and shared with each child; nothing that a child allocates stays. Raises
    `PrintingFailed`.
    """
    press()
    with _one_child:
        reading, writing = os.pipe()
        # Nobody else of this process is in the press at that instant: the child finds it free.
        with _TURN:
            child = os.fork()
            if child == 0:
                os.close(reading)
                _be_the_child(make, writing, seconds)
        os.close(writing)
        try:
            said, in_time = _listen(reading, time.monotonic() + seconds)
        finally:
            os.close(reading)
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
    if not in_time:
        raise PrintingFailed("time")
    return _papers(said, status)


def _be_the_child(make: Callable[[], Sequence[bytes]], writing: int, seconds: float) -> None:
    try:
        _bound(seconds)
        papers = make()
        said = b"".join(piece for paper in papers for piece in (_SIZE.pack(len(paper)), paper))
        head = _SIZE.pack(len(papers))
    except MemoryError:
        head, said = _SIZE.pack(-1), b"memory"
    except BaseException as fault:  # a child has nobody above it: whatever ended it is said, and it ends
        head, said = _SIZE.pack(-1), type(fault).__name__.encode()
    try:
        with open(writing, "wb", closefd=False) as pipe:
            pipe.write(head + said)
    finally:
        os._exit(0)


def _bound(seconds: float) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    end_with_parent = dies_with_parent()
    if end_with_parent is not None:
        end_with_parent()
    most = _present_bytes() + EXTRA_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _present_bytes() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError):
        return EXTRA_BYTES
    return pages * resource.getpagesize()


def _listen(reading: int, deadline: float) -> tuple[bytes, bool]:
    """Return what the child wrote until it closed its end, and whether that came in time."""
    said = bytearray()
    while (left := deadline - time.monotonic()) > 0:
        if not select.select([reading], [], [], left)[0]:
            break
        piece = os.read(reading, 1 << 16)
        if not piece:
            return bytes(said), True
        said += piece
    return bytes(said), False


def _papers(said: bytes, status: int) -> list[bytes]:
    if len(said) < _SIZE.size:
        raise PrintingFailed("memory" if os.WIFSIGNALED(status) and os.WTERMSIG(status) == 9 else "crash")
    (count,) = _SIZE.unpack_from(said)
    if count < 0:
        raise PrintingFailed(said[_SIZE.size :].decode(errors="replace") or "crash")
    papers, at = [], _SIZE.size
    for _ in range(count):
        if len(said) < at + _SIZE.size:
            raise PrintingFailed("crash")
        (length,) = _SIZE.unpack_from(said, at)
        at += _SIZE.size
        papers.append(said[at : at + length])
        at += length
    if at != len(said):
        raise PrintingFailed("crash")
    return papers
