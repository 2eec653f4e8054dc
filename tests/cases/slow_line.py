"""A request whose body comes in two halves, with the world moving in between."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from tests.adapter import Adapter

PATIENCE_SECONDS = 120
GO_ON = b"HTTP/1.1 100 "


@contextmanager
def in_two_halves(
    person: Adapter, path: str, body: bytes, accept: str = "*/*"
) -> Iterator[Callable[[], bytes]]:
    """Send a form's headers and half its body; give what sends the rest and returns the whole answer.

    Nothing goes on before the server says that it has the headers (RFC 9110, 10.1.1), however slow it is.
    """
    where = urlsplit(person.base_url)
    cookies = "; ".join(f"{name}={value}" for name, value in person.http.cookies.items())
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {where.netloc}\r\nCookie: {cookies}\r\nAccept: {accept}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nExpect: 100-continue\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    place = (where.hostname or "127.0.0.1", where.port or 80)
    with socket.create_connection(place, timeout=PATIENCE_SECONDS) as line:
        line.sendall(head.encode())
        said = b""
        while not said.endswith(b"\r\n\r\n") and (part := line.recv(4096)):
            said += part
        line.sendall(body[: len(body) // 2])
        # From the server's word to the application's first line there are a few instructions of the same thread.
        time.sleep(0.5)

        def finish() -> bytes:
            line.sendall(body[len(body) // 2 :])
            answer = said + b"".join(iter(lambda: line.recv(65536), b""))
            while answer.startswith(GO_ON):
                answer = answer.partition(b"\r\n\r\n")[2]
            return answer

        yield finish
