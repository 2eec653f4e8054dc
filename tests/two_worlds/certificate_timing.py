"""How long the public's door takes for a certificate under embargo, against one that never was: over HTTP, in pairs.

    python -m tests.two_worlds.certificate_timing 2000

The platform answers as in production, on the world of phase P5. For a number and for a dropped file, the two questions of
a pair are asked in an order drawn by lot. Prints the medians in milliseconds, the median of the differences within pairs
with its interval at 95 % (from its order statistics, so of no law), and what the answers' bytes and headers differ in: nothing
but what was typed and what is drawn by lot may. The answer for a public certificate follows, which is no secret. A figure
to read, never a test of the suite.
"""

import contextlib
import http.client
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from statistics import median

from flask import Flask
from sqlalchemy import select

from awards_app.adapters import storage
from awards_app.database import db
from awards_app.models.certificates import Certificate
from tests.bench.processes import WebServer, start_web
from tests.cases.server import settings
from tests.conftest import _migrate
from tests.two_worlds.collecting import lay
from tests.world import hooked_app

NOBODY = ("ESS-0123-4567-89AB-CDEF", "ESS-0123-4567-89AB-CDEG")
BOUNDARY = "a-paper-and-no-more"
WARM_UP = 20
NORMAL_95 = 1.96
# What is public has no time to hide: enough to show it.
SHOWN = 200
BY_CHANCE = re.compile(rb'(name="csrf_token"[^>]*value="|nonce[="-]+)[^"\']+')
Answer = tuple[int, list[tuple[str, str]], bytes]
Ask = Callable[[], Answer]


@dataclass(frozen=True)
class Told:
    """What pairs showed: medians, and the median difference with its interval, in milliseconds."""

    one: float
    other: float
    difference: float
    low: float
    high: float


class Visitor:
    """One connection that is kept, with the session and the token of a form."""

    def __init__(self, port: int) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        _status, headers, page = self._asked("GET", "/certificats", b"", {})
        self._session = next(value for name, value in headers if name == "Set-Cookie").partition(";")[0]
        found = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert found, "the page has no token"
        self._token = found[1]

    def number(self, number: str) -> Answer:
        """Ask for a number."""
        return self._asked("GET", f"/certificats/{number}", b"", {"Cookie": self._session})

    def file(self, paper: bytes) -> Answer:
        """Drop a file."""
        mark = b"--" + BOUNDARY.encode()
        named = b'Content-Disposition: form-data; name="%b"'
        body = b"\r\n".join(
            (
                mark,
                named % b"csrf_token",
                b"",
                self._token,
                mark,
                named % b"file" + b'; filename="certificat.pdf"',
                b"Content-Type: application/pdf",
                b"",
                paper,
                mark + b"--",
                b"",
            )
        )
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        return self._asked("POST", "/certificats", body, {"Cookie": self._session, "Content-Type": kind})

    def _asked(self, verb: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        self._line.request(verb, path, body, headers)
        answer = self._line.getresponse()
        return answer.status, answer.getheaders(), answer.read()


def seen(answer: Answer, *typed: str) -> tuple[object, ...]:
    """Return what a visitor can tell of an answer, without what was typed and what is drawn by lot."""
    status, headers, text = answer
    for one in typed:
        text = text.replace(one.encode(), b"")
    kept = [
        (name, BY_CHANCE.sub(rb"\1", value.encode()))
        for name, value in headers
        if name not in ("Set-Cookie", "X-Request-Id", "X-Request-ID", "Date")
    ]
    return status, kept, BY_CHANCE.sub(rb"\1", text)


def compared(first: Ask, second: Ask, count: int, chance: random.Random) -> Told:
    """Ask both ``count`` times, in pairs of which the order is drawn by lot."""
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(WARM_UP + count):
        for place, ask in chance.sample([(0, first), (1, second)], 2):
            started = time.perf_counter()
            ask()
            if turn >= WARM_UP:
                times[place].append(1000 * (time.perf_counter() - started))
    differences = sorted(one - other for one, other in zip(*times, strict=True))
    reach = NORMAL_95 * sqrt(count) / 2
    low, high = max(0, int(count / 2 - reach)), min(count - 1, int(count / 2 + reach))
    return Told(median(times[0]), median(times[1]), median(differences), differences[low], differences[high])


@contextlib.contextmanager
def a_platform(folder: Path, phase: str) -> Iterator[tuple[WebServer, str, bytes]]:
    """Start the platform on the world of a phase; give it with the number and the file of one certificate of it."""
    url = f"sqlite:///{folder / 'worlds.sqlite'}"
    _migrate(url, folder)
    with hooked_app(url, folder) as app:
        lay(app, folder, phase)
        number, paper = _certificate(app)
        environment = settings(folder, "http://127.0.0.1:1") | {
            "DATABASE_URL": url,
            "AWARDS_FILES": str(app.config["AWARDS_FILES"]),
        }
    server = start_web("awards_app:create_app()", environment, folder / "web.log")
    try:
        yield server, number, paper
    finally:
        server.stop()


def _certificate(app: Flask) -> tuple[str, bytes]:
    with app.app_context():
        row = db.session.execute(
            select(Certificate.number, Certificate.storage_key).where(Certificate.state == "issued")
        ).first()
        assert row is not None, "the world has no certificate"
        return row.number, storage.get(row.storage_key)


def pairs_of(visitor: Visitor, number: str, paper: bytes) -> dict[str, tuple[Ask, Ask]]:
    """Return what is compared: a certificate, and what never was one; the last pair shows what chance alone gives."""
    other = paper.replace(number.encode(), NOBODY[0].encode())
    return {
        "number": (lambda: visitor.number(number), lambda: visitor.number(NOBODY[0])),
        "file": (lambda: visitor.file(paper), lambda: visitor.file(other)),
        "nothing": (lambda: visitor.number(NOBODY[1]), lambda: visitor.number(NOBODY[0])),
    }


def main(words: list[str]) -> int:
    """Print the figures; fail where the answers can be told apart by what they say."""
    count = int(words[0]) if words else 2000
    differ = False
    for phase in ("P5", "P6"):
        with (
            tempfile.TemporaryDirectory(prefix="awards-timing-") as place,
            a_platform(Path(place), phase) as (server, number, paper),
        ):
            pairs = pairs_of(Visitor(server.port), number, paper)
            for name, (first, second) in pairs.items():
                same = seen(first(), number, *NOBODY) == seen(second(), number, *NOBODY)
                differ |= phase == "P5" and not same
                asked = count if phase == "P5" else min(count, SHOWN)
                told = compared(first, second, asked, random.Random(12))
                print(
                    f"{phase} {name:7} {told.one:7.3f} {told.other:7.3f} ms  {1000 * told.difference:+8.1f} µs "
                    f"[{1000 * told.low:+.1f} ; {1000 * told.high:+.1f}]  {'same' if same else 'other'} answer",
                    flush=True,
                )
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
