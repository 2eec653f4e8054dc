"""How a message leaves: by SMTP where a server is configured, else into a mailbox folder that a page reads."""

import contextlib
import json
import smtplib
import ssl
from dataclasses import asdict, dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from flask import current_app

from awards_app.adapters.faults import FaultWasArmed, fault_point

PATIENCE_SECONDS = 20


class MailIsRefused(Exception):
    """The server will never take this message (a 5xx answer); the text is its reason."""


class MailIsDelayed(Exception):
    """The server did not take the message now; it may later."""


class MailMayHaveLeft(MailIsDelayed):
    """The server had the whole message, and was lost before it said whether it keeps it."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message ready to leave; ``at`` is its instant in RFC 5322 form."""

    key: str
    kind: str
    recipient: str
    subject: str
    text: str
    html: str
    message_id: str
    at: str


def compose(letter: Letter) -> EmailMessage:
    """Return the letter as an e-mail of two parts, text first; no header can be added by its content."""
    mail = EmailMessage(policy=SMTP)
    name, address = parseaddr(current_app.config["AWARDS_MAIL_FROM"])
    mail["From"] = Address(display_name=name, addr_spec=address)
    mail["To"] = letter.recipient
    mail["Subject"] = " ".join(letter.subject.split())
    mail["Date"] = letter.at
    mail["Message-ID"] = letter.message_id
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.text)
    mail.add_alternative(letter.html, subtype="html")
    return mail


def send(letter: Letter) -> None:
    """Hand the letter over. Raises `MailIsRefused`, `MailIsDelayed` or `MailMayHaveLeft`."""
    url = current_app.config["AWARDS_MAIL_URL"]
    try:
        fault_point("mail.send")
    except FaultWasArmed as fault:
        raise MailIsDelayed("fault") from fault
    if not url:
        _drop_in_mailbox(letter)
        return
    parts = urlsplit(url)
    server: _Watched | None = None
    try:
        server = _opened(parts)
        if parts.scheme == "smtp+starttls":
            server.starttls(context=ssl.create_default_context())
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(compose(letter), to_addrs=[letter.recipient])
    except smtplib.SMTPRecipientsRefused as refused:
        code, reason = next(iter(refused.recipients.values()))
        words = reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
        raise (MailIsRefused if code >= 500 else MailIsDelayed)(f"{code} {words}") from refused
    except smtplib.SMTPResponseException as answer:
        kind = MailIsRefused if answer.smtp_code >= 500 else MailIsDelayed
        raise kind(f"{answer.smtp_code} {answer.smtp_error!r}") from answer
    except (OSError, smtplib.SMTPException) as failure:
        lost = MailMayHaveLeft if server is not None and server.has_handed_over else MailIsDelayed
        raise lost(type(failure).__name__) from failure
    finally:
        _closed(server)


class _Watched(smtplib.SMTP):
    """A connection that knows whether it has sent a whole message."""

    has_handed_over = False

    def send(self, s: Any) -> None:
        """Send, and remember once the bytes of a message went: commands are text, a message is bytes."""
        super().send(s)
        self.has_handed_over = self.has_handed_over or isinstance(s, bytes)


class _WatchedFromTheStart(_Watched, smtplib.SMTP_SSL):
    """The same, enciphered from its first byte."""


def _opened(parts: SplitResult) -> _Watched:
    host = parts.hostname or ""
    if parts.scheme == "smtps":
        context = ssl.create_default_context()
        return _WatchedFromTheStart(host, parts.port or 465, timeout=PATIENCE_SECONDS, context=context)
    return _Watched(host, parts.port or 25, timeout=PATIENCE_SECONDS)


def _closed(server: _Watched | None) -> None:
    """Say goodbye: what the server answers, or that it is gone already, changes nothing of what it took."""
    if server is None:
        return
    with contextlib.suppress(OSError, smtplib.SMTPException):
        server.quit()
    server.close()


def letter_date(at: object) -> str:
    """Return an instant in the form of a Date header."""
    return format_datetime(at)  # type: ignore[arg-type]  # an aware datetime


def _drop_in_mailbox(letter: Letter) -> None:
    folder = Path(current_app.config["AWARDS_MAILBOX"])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{letter.key}.eml").write_bytes(compose(letter).as_bytes())
    draft = folder / f"{letter.key}.part"
    draft.write_text(json.dumps(asdict(letter), ensure_ascii=False), encoding="utf-8")
    draft.replace(folder / f"{letter.key}.json")


def mailbox(limit: int = 200) -> list[Letter]:
    """Return the letters of the mailbox folder, newest first."""
    folder = Path(current_app.config["AWARDS_MAILBOX"])
    files = sorted(folder.glob("*.json"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    return [Letter(**json.loads(file.read_text(encoding="utf-8"))) for file in files[:limit]]


def letter_of(key: str) -> Letter | None:
    """Return one letter of the mailbox folder, or None."""
    if not key.replace("-", "").replace("_", "").isalnum():
        return None
    file = Path(current_app.config["AWARDS_MAILBOX"]) / f"{key}.json"
    return Letter(**json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else None


def forget_letter(key: str) -> None:
    """Take a letter out of the mailbox folder, in each of its forms."""
    folder = Path(current_app.config["AWARDS_MAILBOX"])
    for suffix in ("json", "eml", "part"):
        (folder / f"{key}.{suffix}").unlink(missing_ok=True)
