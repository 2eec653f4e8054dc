"""The room where hostile files are opened: a process of its own that forks one bounded child for each file.

Run as ``python -m awards_app.adapters.file_room``: one request a line of JSON on the standard input, one answer a line on
the standard output. The child may take so much more memory and so many seconds, writes nothing but under its folder, and
holds no setting, no database and no secret: whatever a parser does with it, the platform only learns that it ended.
"""

import json
import os
import resource
import select
import signal
import sys
import time
from pathlib import Path
from typing import Any

EXTRA_BYTES = 200 * 1024 * 1024
LARGEST_FILE = 64 * 1024 * 1024
SECONDS = 25.0
Answer = dict[str, Any]


def serve() -> None:
    """Answer requests until the standard input ends."""
    import pikepdf  # noqa: F401 - read before any child is forked, so that none pays for it
    import PIL.Image
    import PIL.ImageOps
    import pypdfium2  # noqa: F401 - as above

    PIL.Image.init()
    for line in sys.stdin.buffer:
        answer = _in_a_child(json.loads(line))
        sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
        sys.stdout.buffer.flush()


def _in_a_child(request: Answer) -> Answer:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _be_the_child(request, writing)
    os.close(writing)
    said, in_time = _listen(reading, time.monotonic() + float(request.get("seconds", SECONDS)))
    os.close(reading)
    if not in_time:
        os.kill(child, signal.SIGKILL)
    _, status, usage = os.wait4(child, 0)
    answer: Answer = json.loads(said) if in_time and said else {}
    if not in_time:
        answer = {"fault": "time"}
    elif not answer:
        answer = {"fault": "memory" if os.WIFSIGNALED(status) else "died"}
    return {**answer, "peak_kib": usage.ru_maxrss, "cpu_seconds": usage.ru_utime + usage.ru_stime}


def _listen(reading: int, deadline: float) -> tuple[bytes, bool]:
    """Return what the child wrote until it closed its end, and whether that came in time."""
    said = b""
    while (left := deadline - time.monotonic()) > 0:
        if not select.select([reading], [], [], left)[0]:
            break
        piece = os.read(reading, 65536)
        if not piece:
            return said, True
        said += piece
    return said, False


def _be_the_child(request: Answer, writing: int) -> None:
    try:
        _bound(float(request.get("seconds", SECONDS)))
        answer = _done(request)
    except MemoryError:
        answer = {"fault": "memory"}
    except BaseException as fault:  # a child has nobody above it: whatever ended it is said, and it ends
        answer = {"fault": "died", "why": type(fault).__name__}
    try:
        os.write(writing, json.dumps(answer).encode())
    finally:
        os._exit(0)


def _bound(seconds: float) -> None:
    """Take from this process what a parser does not need."""
    present = _present_bytes()
    resource.setrlimit(resource.RLIMIT_AS, (present + EXTRA_BYTES, present + EXTRA_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    os.nice(5)


def _present_bytes() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError):
        return EXTRA_BYTES
    return pages * resource.getpagesize()


def _done(request: Answer) -> Answer:
    from awards_app.adapters import cleaning, rendering
    from awards_app.domain.uploads import BY_NAME, FileIsEncrypted, FileIsUnreadable, ImageIsTooLarge

    source = Path(request["source"])
    try:
        if request["verb"] == "clean":
            Path(request["target"]).write_bytes(
                cleaning.cleaned(source.read_bytes(), BY_NAME[request["format"]])
            )
            return {"done": True}
        if request["verb"] == "resize":
            sizes = rendering.resize(source, Path(request["target"]), request["format"], request["widths"])
            return {"done": True, "drawn": [[d.number, d.file, d.width, d.height] for d in sizes]}
        pages, drawn = rendering.render(
            source,
            Path(request["target"]),
            request["format"],
            request["first"],
            request["last"],
            with_thumbnail=request["with_thumbnail"],
        )
        return {"done": True, "pages": pages, "drawn": [[d.number, d.file, d.width, d.height] for d in drawn]}
    except (FileIsUnreadable, FileIsEncrypted, ImageIsTooLarge) as refusal:
        return {"refusal": type(refusal).__name__}


if __name__ == "__main__":
    serve()
