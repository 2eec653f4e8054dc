"""A scanner for the tests: it speaks clamd's INSTREAM over TCP, finds what it was told to find, and can be silenced."""

import contextlib
import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.adapters.nasty import EICAR


class Scanner:
    """What the server knows: the bytes it finds with the name it gives them, how much it read."""

    def __init__(self) -> None:
        self.signatures: dict[bytes, str] = {EICAR: "Eicar-Signature"}
        self.is_silent = False
        self.chokes_on: bytes | None = None
        self.read: list[int] = []
        self.url = ""


class _Talk(socketserver.BaseRequestHandler):
    scanner: Scanner

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            if self.scanner.is_silent:
                return
            if self._exactly(len(b"zINSTREAM\0")) != b"zINSTREAM\0":
                self.request.sendall(b"UNKNOWN COMMAND\0")
                return
            content = b""
            while size := struct.unpack("!L", self._exactly(4))[0]:
                content += self._exactly(size)
            self.scanner.read.append(len(content))
            found = [name for bytes_, name in self.scanner.signatures.items() if bytes_ in content]
            answer = f"stream: {found[0]} FOUND" if found else "stream: OK"
            if self.scanner.chokes_on is not None and self.scanner.chokes_on in content:
                answer = "INSTREAM size limit exceeded. ERROR"
            self.request.sendall(answer.encode() + b"\0")

    def _exactly(self, size: int) -> bytes:
        content = b""
        while len(content) < size:
            piece = self.request.recv(size - len(content))
            if not piece:
                raise OSError("the client left")
            content += piece
        return content


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def a_scanner() -> Iterator[Scanner]:
    """Start a scanner on a free port and stop it."""
    scanner = Scanner()
    handler = type("Talk", (_Talk,), {"scanner": scanner})
    with _Server(("127.0.0.1", 0), handler) as server:
        scanner.url = f"tcp://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield scanner
        finally:
            server.shutdown()
            thread.join()
