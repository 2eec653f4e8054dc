"""G9: two hundred slow uploads. The server as in production, behind the front of ``docs/haproxy.cfg``."""

import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import httpx

from tests.adapter import Adapter
from tests.adapters.nasty import a_picture
from tests.cases.context import Context, NotApplicable, case, expect
from tests.cases.server import ROOT, STARTS_WITHIN_SECONDS, free_port, platform, settings

LINES = 200
QUESTIONS = 20
# The ten minutes of the front, for a test that has not got them.
GIVEN_UP_AFTER_SECONDS = 25
PATIENCE_SECONDS = 300


@contextmanager
def started(words: list[str], port: int, environment: dict[str, str]) -> Iterator[None]:
    """Run a server until the end of the block; give when it answers on its port."""
    process = subprocess.Popen(
        words,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        end = time.monotonic() + STARTS_WITHIN_SECONDS
        while process.poll() is None and time.monotonic() < end:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
                break
            time.sleep(0.1)
        else:
            raise RuntimeError(f"{words[0]} did not start")
        yield
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def front(folder: Path, port: int, behind: int) -> list[str]:
    """Write the front of the documentation for this machine, and return the words that start it."""
    haproxy = shutil.which(
        "haproxy", path="/usr/sbin:/usr/local/sbin:/usr/local/bin:/opt/homebrew/bin:/usr/bin"
    )
    if haproxy is None:
        raise NotApplicable("there is no haproxy on this machine")
    written = (ROOT / "docs" / "haproxy.cfg").read_text(encoding="utf-8")
    for found, put in (
        (r"(?m)^ *bind :80\n", ""),
        (r"(?m)^ *http-request redirect .*\n", ""),
        (r"bind :443 .*", f"bind 127.0.0.1:{port}"),
        (r"Forwarded-Proto https", "Forwarded-Proto http"),
        (r"127\.0\.0\.1:8000", f"127.0.0.1:{behind}"),
        (r"http-request 10m", f"http-request {GIVEN_UP_AFTER_SECONDS}s"),
    ):
        written, times = re.subn(found, put, written)
        assert times == 1, f"docs/haproxy.cfg has {times} lines like {found}"
    (folder / "haproxy.cfg").write_text(written, encoding="utf-8")
    return [haproxy, "-db", "-f", str(folder / "haproxy.cfg")]


@contextmanager
def behind_its_front() -> Iterator[tuple[Context, str]]:
    """The platform with its hooks, to lay the world; on the same folder the server of production, and the front's address."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="awards-slow-")))
        public, served = free_port(), free_port()
        words = front(folder, public, served)
        url = f"http://127.0.0.1:{public}"
        hooked = Context(stack.enter_context(platform(AWARDS_INSTANCE=str(folder), AWARDS_PUBLIC_URL=url)))
        stack.callback(hooked.close)
        environment = settings(folder, url) | {"AWARDS_PROXIES": "1"}
        serve = [sys.executable, "-m", "awards_app", "serve", "--port", str(served)]
        stack.enter_context(started(serve, served, environment))
        stack.enter_context(started(words, public, environment))
        yield hooked, url


@contextmanager
def dripping(places: list[str], person: Adapter) -> Iterator[list[socket.socket]]:
    """Open one line to each place, with an upload's headers and its first byte; close them all at the end."""
    where = urlsplit(person.base_url)
    cookies = "; ".join(f"{name}={value}" for name, value in person.http.cookies.items())
    with ExitStack() as stack:
        lines = []
        for place in places:
            head = (
                f"PATCH {place} HTTP/1.1\r\nHost: {where.netloc}\r\nCookie: {cookies}\r\n"
                "Tus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\n"
                "Content-Length: 4096\r\n\r\na"
            )
            line = stack.enter_context(socket.create_connection((where.hostname, where.port), timeout=30))
            line.sendall(head.encode())
            lines.append(line)
        yield lines


def drip(lines: list[socket.socket]) -> list[int]:
    """Send one byte a second on each line until it is answered; return the statuses."""
    answered: dict[socket.socket, int] = {}
    end = time.monotonic() + PATIENCE_SECONDS
    with DefaultSelector() as waiting:
        for line in lines:
            waiting.register(line, EVENT_READ)
        while waiting.get_map() and time.monotonic() < end:
            for key, _ in waiting.select(timeout=1):
                line = key.fileobj
                assert isinstance(line, socket.socket)
                waiting.unregister(line)
                answered[line] = int(line.recv(64).split(b" ", 2)[1])
            for line in lines:
                if line not in answered:
                    with suppress(OSError):
                        line.send(b"a")
            time.sleep(1)
    return list(answered.values())


@case("G9")
def slow_uploads(c: Context) -> None:
    """While two hundred lines drip, others read, save and upload at once; each line is then answered 408."""
    with behind_its_front() as (hooked, url), closing(Adapter(url)) as person:
        hooked.lay("P1")
        key, filing = hooked.candidacy("draft"), hooked.be("CO")
        filing.token()
        person.http.cookies.update(filing.http.cookies)
        person.http.timeout = httpx.Timeout(GIVEN_UP_AFTER_SECONDS / 2)
        begun = expect(person.file.begin(key, "photos", "lente.jpg", 4096), 201)
        place = httpx.URL(begun.headers["Location"]).path
        with dripping([place] * LINES, person) as lines:
            for turn in range(QUESTIONS):
                expect(person.draft.save(key, "area", f"Quimper {turn}"), 200)
                expect(person.get(f"/candidatures/{key}"), 200)
            content = a_picture()
            expect(person.file.put(key, "photos", "vite.jpg", content), 200)
            statuses = drip(lines)
        assert statuses == [408] * LINES, sorted(set(statuses))
        known = expect(person.file.ask(place), 200, 204)
        assert known.headers["Upload-Offset"] == "0"
