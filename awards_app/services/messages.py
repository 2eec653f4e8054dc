"""The outbox: a message is a row in the transaction of its cause, and leaves after the commit."""

import secrets
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from sqlalchemy import select

from awards_app.adapters.queue import enqueue
from awards_app.database import after_commit, atomic, db
from awards_app.domain.addresses import clean_address
from awards_app.domain.letters import unlinked
from awards_app.domain.preset import load_preset
from awards_app.domain.preset.values import Message as MessageWording
from awards_app.domain.text import clean_text
from awards_app.domain.wordings import fill
from awards_app.models.admissibility import RegionWording
from awards_app.models.editions import Edition, Round, Wording
from awards_app.models.messages import Message
from awards_app.paths import PRESETS

DELIVER = "messages.deliver"
SUBJECT_LIMIT = 300
# The one value that is a link: we write it.
OUR_LINK = "link"
# Values that keep their ends of line; every other one is a single line.
LONG_VALUES = frozenset({"citation", "reason", "message", "files"})


def queue_message(
    kind: str,
    recipient: str,
    *,
    dedupe: str,
    values: Mapping[str, object],
    now: datetime,
    account_id: int | None = None,
    round_id: int | None = None,
    object_key: str = "",
    held: bool = False,
    secret_values: Mapping[str, object] | None = None,
) -> str | None:
    """Put a message in the outbox and return its key; None when ``dedupe`` was already there.

    ``values`` fill the placeholders of the wording; ``secret_values`` (links) fill the text that is sent but not the
    one that staff read. A held message waits for a person to release it.
    """
    with atomic():
        if _is_known(dedupe):
            return None
        wording = _wording(kind, round_id)
        shown = _clean(values)
        hidden = dict.fromkeys(secret_values or {}, "[lien personnel]")
        return _put(
            Message(
                kind=kind,
                recipient=clean_address(recipient),
                account_id=account_id,
                round_id=round_id,
                object_key=object_key,
                dedupe=dedupe,
                subject=" ".join(fill(wording.subject, {**shown, **hidden}).split()),
                body=fill(wording.body, {**shown, **hidden}),
                secret_body=fill(wording.body, {**shown, **_clean(secret_values)}) if secret_values else None,
                state="held" if held else "waiting",
            ),
            now,
        )


def queue_written(
    kind: str,
    recipient: str,
    subject: str,
    body: str,
    *,
    dedupe: str,
    values: Mapping[str, object],
    now: datetime,
    account_id: int,
    round_id: int,
    object_key: str = "",
) -> str | None:
    """Put in the outbox a message whose text a person wrote, and return its key; None when ``dedupe`` was already there.

    One recipient, as `queue_message`; ``values`` fill the words in braces.
    """
    with atomic():
        if _is_known(dedupe):
            return None
        shown = _clean(values)
        return _put(
            Message(
                kind=kind,
                recipient=clean_address(recipient),
                account_id=account_id,
                round_id=round_id,
                object_key=object_key,
                dedupe=dedupe,
                subject=" ".join(fill(subject, shown).split()),
                body=fill(body, shown),
                state="waiting",
            ),
            now,
        )


def queue_copy(message: Message, account_id: int, recipient: str, body: str, now: datetime) -> str | None:
    """Put the letter of one person in the outbox for another, held; return its key, None when it was already there."""
    with atomic():
        dedupe = f"{message.dedupe}>{account_id}"
        if _is_known(dedupe):
            return None
        return _put(
            Message(
                kind=message.kind,
                recipient=clean_address(recipient),
                account_id=account_id,
                round_id=message.round_id,
                object_key=message.object_key,
                dedupe=dedupe,
                subject=message.subject,
                body=body,
                state="held",
            ),
            now,
        )


def _is_known(dedupe: str) -> bool:
    return db.session.scalar(select(Message.id).where(Message.dedupe == dedupe)) is not None


def _put(message: Message, now: datetime) -> str:
    message.created_at = now
    # A structure's name alone may fill the column; PostgreSQL would refuse the message, and with it what it tells of.
    if len(message.subject) > SUBJECT_LIMIT:
        message.subject = message.subject[: SUBJECT_LIMIT - 1] + "…"
    message.message_id = f"<{secrets.token_hex(16)}@prix-ess>"
    db.session.add(message)
    db.session.flush()
    if message.state == "waiting":
        after_commit(enqueue, DELIVER, message.id)
    return message.key


def _clean(values: Mapping[str, object] | None) -> dict[str, str]:
    """Return values ready for a letter: nothing in them becomes a link in a reader of mails, but the address we write."""
    return {name: _shown(name, str(value)) for name, value in (values or {}).items()}


def _shown(name: str, value: str) -> str:
    if name == OUR_LINK:
        return _one_line(value)
    return unlinked(_paragraphs(value) if name in LONG_VALUES else _one_line(value))


def _paragraphs(text: str) -> str:
    return clean_text(text).strip()


def _one_line(text: str) -> str:
    kept = "".join(
        " " if sign in "\r\n\u2028\u2029\x85\x0b\x0c" else sign
        for sign in unicodedata.normalize("NFC", text)
        if unicodedata.category(sign) not in ("Cc", "Cf") or sign in "\r\n\u200d"
    )
    return kept.strip()


def _wording(kind: str, round_id: int | None) -> MessageWording:
    """Return the text of a message: the chamber's own, else the edition's, else the preset's.

    Accounts write before any edition exists, and an edition of another year may lack a message made since.
    """
    if round_id is not None:
        own = (
            select(RegionWording.title, RegionWording.body)
            .join(
                Round,
                (Round.edition_id == RegionWording.edition_id)
                & (Round.region_code == RegionWording.region_code),
            )
            .where(Round.id == round_id, RegionWording.kind == "message", RegionWording.code == kind)
        )
        row = db.session.execute(own).one_or_none()
        if row is not None:
            return MessageWording(kind, kind, row.title, row.body)
    row = db.session.execute(
        select(Wording.title, Wording.body)
        .join(Edition, Edition.id == Wording.edition_id)
        .where(Wording.kind == "message", Wording.code == kind, Edition.is_current.is_(True))
        .order_by(Edition.year.desc())
        .limit(1)
    ).one_or_none()
    if row is not None:
        return MessageWording(kind, kind, row.title, row.body)
    return preset_wordings()[kind]


@lru_cache(maxsize=1)
def preset_wordings() -> dict[str, MessageWording]:
    """Return the messages as the preset has them, by code."""
    return {message.code: message for message in load_preset(PRESETS / "prix-ess.toml").messages}
