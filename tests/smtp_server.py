"""A mail server that does as it is told: takes, refuses, delays, or is cut once it has the whole message."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message as Email

REPLIES = {"refuse": b"550 no such person\r\n", "delay": b"451 try again later\r\n"}


@dataclass
class SmtpServer:
    """What it was given, and what it does next: `keep` once nothing else is told."""

    port: int = 0
    taken: list[tuple[str, Email]] = field(default_factory=list)
    acts: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def recipients(self) -> list[str]:
        return [recipient for recipient, _ in self.taken]

    def message_ids(self) -> list[str]:
        return [str(email["Message-ID"]) for _, email in self.taken]

    def speak(self, connection: socket.socket) -> None:
        """Hold one conversation."""
        lines = connection.makefile("rb")
        connection.sendall(b"220 ready\r\n")
        recipients: list[str] = []
        while line := lines.readline():
            word = line.split(b" ", 1)[0].strip().upper()
            if word == b"RCPT":
                act = self.acts[0] if self.acts else "keep"
                if act in REPLIES:
                    self.acts.pop(0)
                    connection.sendall(REPLIES[act])
                    continue
                recipients.append(line.split(b"<", 1)[1].split(b">")[0].decode())
            if word == b"DATA":
                connection.sendall(b"354 go on\r\n")
                body = b""
                while not body.endswith(b"\r\n.\r\n"):
                    body += lines.readline()
                act = self.acts.pop(0) if self.acts else "keep"
                if act != "cut unkept":
                    self.taken += [(one, message_from_bytes(body)) for one in recipients]
                if act.startswith("cut"):
                    return
            if word == b"QUIT":
                connection.sendall(b"221 bye\r\n")
                return
            connection.sendall(b"250 ok\r\n")


@contextmanager
def smtp_server(*acts: str) -> Iterator[SmtpServer]:
    """Run one on a free port: acts in order, one a message (`keep`, `cut`, `cut unkept`, `refuse`, `delay`)."""
    server = SmtpServer(acts=list(acts))
    listener = socket.create_server(("127.0.0.1", 0))
    server.port = listener.getsockname()[1]

    def listen() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                server.speak(connection)

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(10)
