"""The antivirus, when one is configured: clamd by its INSTREAM command, over TCP or a local socket."""

import socket
import struct
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import current_app

PIECE = 64 * 1024
CONNECT_SECONDS = 2.0
ANSWER_SECONDS = 15.0


class ScannerIsSilent(Exception):
    """The scanner cannot be reached, did not answer in time, or could not scan: nothing is known of the file."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the scanner said; ``finding`` is the name it gives to what it found, empty for a clean file."""

    finding: str

    @property
    def is_infected(self) -> bool:
        """Say whether something was found."""
        return bool(self.finding)


def is_configured() -> bool:
    """Say whether files are scanned on this platform."""
    return bool(current_app.config.get("AWARDS_CLAMD_URL"))


def scan(content: bytes) -> Verdict:
    """Ask the scanner about ``content``. Raises `ScannerIsSilent`."""
    try:
        with _connection(str(current_app.config["AWARDS_CLAMD_URL"])) as line:
            line.settimeout(ANSWER_SECONDS)
            line.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), PIECE):
                piece = content[start : start + PIECE]
                line.sendall(struct.pack("!L", len(piece)) + piece)
            line.sendall(struct.pack("!L", 0))
            said = b""
            while not said.endswith(b"\0"):
                heard = line.recv(4096)
                if not heard or len(said) > 4096:
                    break
                said += heard
    except (OSError, ValueError) as fault:
        raise ScannerIsSilent(type(fault).__name__) from fault
    return _verdict(said.rstrip(b"\0\n").decode("utf-8", "replace"))


def _connection(url: str) -> socket.socket:
    parts = urlsplit(url)
    if parts.scheme == "tcp" and parts.hostname:
        return socket.create_connection((parts.hostname, parts.port or 3310), CONNECT_SECONDS)
    if parts.scheme == "unix" and parts.path:
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(CONNECT_SECONDS)
        try:
            line.connect(parts.path)
        except OSError:
            line.close()
            raise
        return line
    raise ValueError("AWARDS_CLAMD_URL: tcp://host:port or unix:///path")


def _verdict(said: str) -> Verdict:
    # « stream: OK », « stream: NAME FOUND », « … ERROR ».
    words = said.removeprefix("stream:").strip()
    if words == "OK":
        return Verdict("")
    if words.endswith(" FOUND"):
        return Verdict(words.removesuffix(" FOUND").strip()[:120] or "?")
    raise ScannerIsSilent(words[:120])
