"""Two ways to ask for a page with a person's cookie: over HTTP, and inside this process to count queries."""

import http.client
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Protocol
from urllib.parse import urlencode

from flask import Flask

COOKIE = "__Host-prix"
_FORGERY = re.compile(rb'name="csrf[_-]token"[^>]*?(?:value|content)="([^"]+)"')


class NotAsExpected(RuntimeError):
    """A page of a job did not answer as it should."""


class Caller(Protocol):
    """Sends a request and returns the status and the body."""

    def send(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, bytes, list[str]]:
        """Return the status, the body and the cookies set."""


@dataclass
class OverHttp:
    """One kept-alive connection to a server of this machine."""

    port: int
    connection: http.client.HTTPConnection | None = None

    def send(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, bytes, list[str]]:
        """Send over the kept connection, opened again once if the server has closed it."""
        for is_last in (False, True):
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
            try:
                self.connection.request(method, path, body or None, dict(headers))
                answer = self.connection.getresponse()
                return answer.status, answer.read(), answer.headers.get_all("Set-Cookie") or []
            except (http.client.HTTPException, OSError):
                self.connection.close()
                self.connection = None
                if is_last:
                    raise
        raise AssertionError("unreachable")

    def close(self) -> None:
        """Let the connection go."""
        if self.connection is not None:
            self.connection.close()


@dataclass
class Inside:
    """The application called in this process."""

    app: Flask

    def send(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, bytes, list[str]]:
        """Call the application once."""
        client = self.app.test_client(use_cookies=False)
        answer = client.open(
            path, method=method, data=body, headers=dict(headers), base_url="http://127.0.0.1"
        )
        return answer.status_code, answer.data, answer.headers.getlist("Set-Cookie")


@dataclass
class Browser:
    """A person's browser as far as a job needs one: a cookie, and the token of the last form seen."""

    caller: Caller
    cookie: str = ""
    forgery: str = ""
    bytes: int = field(default=0)

    def get(self, path: str) -> bytes:
        """Return a page; raises `NotAsExpected` unless it answers 200."""
        body = self._send("GET", path, b"", {})
        found = _FORGERY.search(body)
        if found:
            self.forgery = unescape(found.group(1).decode())
        return body

    def post(self, path: str, form: Mapping[str, str]) -> bytes:
        """Send a form as autosave does; raises `NotAsExpected` unless it answers 200."""
        values = {**form, "csrf_token": self.forgery} if self.forgery else dict(form)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        return self._send("POST", path, urlencode(values).encode(), headers)

    def _send(self, method: str, path: str, body: bytes, more: Mapping[str, str]) -> bytes:
        headers = {"Accept": "text/html", "Accept-Language": "fr", **more}
        if self.cookie:
            headers["Cookie"] = f"{COOKIE}={self.cookie}"
        status, answer, cookies = self.caller.send(method, path, body, headers)
        for cookie in cookies:
            name, _, rest = cookie.partition("=")
            if name == COOKIE:
                self.cookie = rest.partition(";")[0]
        if status != 200:
            raise NotAsExpected(f"{method} {path} → {status} : {answer[:300].decode(errors='replace')}")
        self.bytes = len(answer)
        return answer
