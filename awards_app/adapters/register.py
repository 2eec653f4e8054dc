"""The public register of companies and associations (« API Recherche d’entreprises »), asked over HTTP with great reserve.

One host, the configured one; no redirect; at most two seconds in all, the resolving of the name included; at most 256 KiB.
Off unless ``AWARDS_REGISTER_URL`` is given.
"""

import http.client
import ipaddress
import json
import logging
import socket
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

from flask import current_app

SETTING = "AWARDS_REGISTER_URL"
PATIENCE_SECONDS = 2.0
LARGEST_BYTES = 256 * 1024
LONGEST_PAUSE_SECONDS = 900
LIKELIEST = 5
CHUNK = 16 * 1024

log = logging.getLogger(__name__)


class RegisterIsSilent(Exception):
    """No answer that can be read came in time; ``retry_after`` is the register's own wish, in seconds, if it gave one."""

    def __init__(self, reason: str, retry_after: int | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class AddressIsUnsafe(ValueError):
    """The configured address is neither https nor http on this machine."""


def register_is_on() -> bool:
    """Say whether a register is configured."""
    return bool(current_app.config.get(SETTING))


def checked_address(address: str) -> SplitResult:
    """Return the parts of a register's address. Raises `AddressIsUnsafe` unless it is https, or http on this machine."""
    parts = urlsplit(address)
    bare = not (parts.username or parts.password or parts.query or parts.fragment)
    if (
        bare
        and parts.hostname
        and (parts.scheme == "https" or (parts.scheme == "http" and _is_here(parts.hostname)))
    ):
        return parts
    raise AddressIsUnsafe(f"{SETTING}: https://… (or http:// on this machine), without credentials or query")


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def ask_register(number: str) -> object:
    """Return the register's JSON for a SIREN or an RNA number, as it came. Raises `RegisterIsSilent`."""
    call = _Call(checked_address(current_app.config[SETTING]), number)
    thread = threading.Thread(target=call.run, name="register", daemon=True)
    thread.start()
    thread.join(PATIENCE_SECONDS)
    if thread.is_alive():
        call.hang_up()
        log.warning("the register did not answer in %s s", PATIENCE_SECONDS)
        raise RegisterIsSilent("too slow")
    if call.failure is not None:
        log.warning("the register did not answer: %s", call.failure)
        raise call.failure
    return call.answer


@dataclass(slots=True)
class _Call:
    """One question in a thread of its own: whoever asks leaves at the deadline, whatever the network does."""

    address: SplitResult
    number: str
    answer: object = None
    failure: RegisterIsSilent | None = None
    connection: http.client.HTTPConnection | None = None
    response: http.client.HTTPResponse | None = None
    wire: socket.socket | None = None
    ends: float = 0.0

    def run(self) -> None:
        self.ends = time.monotonic() + PATIENCE_SECONDS
        try:
            self.answer = self._ask()
        except RegisterIsSilent as silent:
            self.failure = silent
        except (OSError, http.client.HTTPException, ValueError, RecursionError, AttributeError) as fault:
            # AttributeError: a connection over TLS was ended under its reader at the deadline.
            self.failure = RegisterIsSilent(type(fault).__name__)
        finally:
            for opened in (self.response, self.connection):
                if opened is not None:
                    opened.close()

    def hang_up(self) -> None:
        """End the reading of another thread: it wakes, finds nothing more, and closes what it opened."""
        if self.wire is not None:
            with suppress(OSError):
                self.wire.shutdown(socket.SHUT_RDWR)

    def _ask(self) -> object:
        self.connection = self._connection()
        self.connection.connect()
        self.wire = self.connection.sock
        query = urlencode(
            {
                "q": self.number,
                "page": 1,
                "per_page": LIKELIEST,
                "minimal": "true",
                "include": "siege,complements",
            }
        )
        self.connection.request(
            "GET",
            f"{self.address.path.rstrip('/')}/search?{query}",
            headers={"Accept": "application/json", "User-Agent": "prix-ess"},
        )
        response = self.response = self.connection.getresponse()
        if response.status != 200:
            raise RegisterIsSilent(f"status {response.status}", _wish(response))
        kind = response.headers.get_content_type()
        if kind != "application/json" or response.headers.get("Content-Encoding", "identity") != "identity":
            raise RegisterIsSilent(f"not JSON but {kind[:40]}")
        return json.loads(self._body(response), parse_constant=_no_constant)

    def _connection(self) -> http.client.HTTPConnection:
        host, port = self.address.hostname or "", self.address.port
        if self.address.scheme == "https":
            return http.client.HTTPSConnection(
                host, port, timeout=PATIENCE_SECONDS, context=ssl.create_default_context()
            )
        return http.client.HTTPConnection(host, port, timeout=PATIENCE_SECONDS)

    def _body(self, response: http.client.HTTPResponse) -> bytes:
        body = bytearray()
        while chunk := response.read1(CHUNK):
            body += chunk
            if len(body) > LARGEST_BYTES:
                raise RegisterIsSilent("too large")
            if time.monotonic() > self.ends:
                raise RegisterIsSilent("too slow")
        return bytes(body)


def _wish(response: http.client.HTTPResponse) -> int | None:
    asked = response.headers.get("Retry-After", "")
    if response.status not in (429, 503) or not (asked.isascii() and asked.isdigit()):
        return None
    return min(int(asked[:6]), LONGEST_PAUSE_SECONDS)


def _no_constant(name: str) -> Any:
    raise ValueError(name)
