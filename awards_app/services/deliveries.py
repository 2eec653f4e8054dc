"""Messages leave the outbox: one at a time, outside of any transaction, once."""

import html
import re
from datetime import datetime, timedelta

from sqlalchemy import select, update

from awards_app.adapters import mail
from awards_app.adapters.queue import enqueue
from awards_app.database import after_commit, atomic, db
from awards_app.domain.holder import SCHEDULER, Holder
from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import DoesNotExist, Refusal
from awards_app.domain.words import N_
from awards_app.models.messages import Message
from awards_app.queries.access import open_round
from awards_app.services.journal import write_entry
from awards_app.services.letters_passed_on import pass_on
from awards_app.services.messages import DELIVER
from awards_app.services.recipients import CLOSED, LEFT_STRUCTURE, settle_recipient
from awards_app.services.rows_apart import each_apart

RETRIES = (1, 5, 15, 60, 180, 360)
# A worker that died between claiming and sending gives the message back after this long.
CLAIM = timedelta(minutes=5)
# What a message says while a process hands it over; whoever finds it there later knows that the process was gone.
IN_HAND = "envoi en cours"
DOUBT = "peut-être déjà parti ({reason})"
# These never leave twice without a person.
LAUREATES = frozenset({"decision_selected", "decision_corrected", "decision_withdrawn", "certificate_ready"})


class MessageIsNotHeld(Refusal):
    """Only a message that waits to be read can be released or dropped."""

    sentence = N_("Ce message n’attend plus de relecture.")


def deliver_waiting(now: datetime, limit: int = 50) -> int:
    """Send the messages that wait, at most ``limit`` of them; return how many left."""
    due = db.session.scalars(
        select(Message.id)
        .where(
            Message.state == "waiting",
            (Message.next_attempt_at.is_(None)) | (Message.next_attempt_at <= now),
        )
        .order_by(Message.created_at, Message.id)
        .limit(limit)
    ).all()
    return sum(each_apart(lambda message_id: deliver(message_id, now), due))


def deliver(message_id: int, now: datetime) -> bool:
    """Send one waiting message and return whether it left. Safe to call twice: the second finds nothing to send."""
    letter = _claim(message_id, now)
    if letter is None:
        return False
    try:
        mail.send(letter)
    except mail.MailIsRefused as refused:
        _settle(message_id, now, state="failed", failure=str(refused))
        return False
    except mail.MailMayHaveLeft as lost:
        _doubt(message_id, now, str(lost))
        return False
    except mail.MailIsDelayed as delayed:
        _delay(message_id, now, str(delayed))
        return False
    _settle(message_id, now, state="sent")
    return True


def _claim(message_id: int, now: datetime) -> mail.Letter | None:
    with atomic() as session:
        claimed = session.execute(
            update(Message)
            .where(
                Message.id == message_id,
                Message.state == "waiting",
                (Message.next_attempt_at.is_(None)) | (Message.next_attempt_at <= now),
            )
            .values(next_attempt_at=now + CLAIM, attempts=Message.attempts + 1)
        ).rowcount  # type: ignore[attr-defined]  # an UPDATE's result has it
        if not claimed:
            return None
        message = session.get_one(Message, message_id, populate_existing=True)
        reason = settle_recipient(message)
        if reason:
            message.state, message.failure, message.next_attempt_at = "dropped", reason, None
            write_entry(
                SCHEDULER,
                "drop_message",
                "message",
                message.key,
                now,
                round_id=message.round_id,
                detail={"reason": reason},
            )
            if reason in (CLOSED, LEFT_STRUCTURE):
                pass_on(message, now)
            return None
        if message.failure == IN_HAND and not _may_leave_again(message, now, "interrompu"):
            return None
        message.failure = IN_HAND
        text = message.secret_body or message.body
        return mail.Letter(
            key=message.key,
            kind=message.kind,
            recipient=message.recipient,
            subject=message.subject,
            text=text,
            html=as_html(message.subject, text),
            message_id=message.message_id,
            at=mail.letter_date(message.created_at),
        )


def _doubt(message_id: int, now: datetime, reason: str) -> None:
    """Keep a message that may have left: it goes once more, with the same Message-ID, unless a person has to say so."""
    with atomic() as session:
        _may_leave_again(session.get_one(Message, message_id), now, reason)


def _may_leave_again(message: Message, now: datetime, reason: str) -> bool:
    """Count one more doubt; a second one, or the first about a distinction, waits for a person."""
    message.unsure += 1
    message.failure = DOUBT.format(reason=reason)[:500]
    message.next_attempt_at = now + timedelta(minutes=RETRIES[1])
    if message.unsure == 1 and not _names_a_laureate(message.kind):
        return True
    message.next_attempt_at = None
    message.state = "held" if _names_a_laureate(message.kind) else "failed"
    return False


def _names_a_laureate(kind: str) -> bool:
    return kind in LAUREATES or kind.startswith("laureate")


def _settle(message_id: int, now: datetime, *, state: str, failure: str = "") -> None:
    with atomic() as session:
        message = session.get_one(Message, message_id)
        message.state, message.failure, message.next_attempt_at = state, failure[:500], None
        if state == "sent":
            message.sent_at = now
            # The link is in the person's hands: nothing keeps it here.
            message.secret_body = None


def _delay(message_id: int, now: datetime, reason: str) -> None:
    with atomic() as session:
        message = session.get_one(Message, message_id)
        if message.attempts > len(RETRIES):
            message.state, message.failure, message.next_attempt_at = "failed", reason[:500], None
            return
        message.failure = reason[:500]
        message.next_attempt_at = now + timedelta(minutes=RETRIES[message.attempts - 1])


def release_message(holder: Holder, round_key: str, message_key: str, now: datetime) -> None:
    """Let a held message leave, or one that failed leave again. Raises `MessageIsNotHeld`."""
    with atomic():
        message = _held(holder, round_key, message_key, now, ("held", "failed"))
        let_leave(message, holder)
        write_entry(holder, "release_message", "message", message.key, now, round_id=message.round_id)


def let_leave(message: Message, holder: Holder) -> None:
    """Put a message among those that leave, in the caller's transaction, which has settled the right."""
    message.state, message.released_by_id = "waiting", holder.account_id
    message.failure, message.attempts, message.unsure, message.next_attempt_at = "", 0, 0, None
    after_commit(enqueue, DELIVER, message.id)


def drop_message(holder: Holder, round_key: str, message_key: str, now: datetime) -> None:
    """Keep a held message from ever leaving. Raises `MessageIsNotHeld`."""
    with atomic():
        message = _held(holder, round_key, message_key, now)
        message.state, message.failure = "dropped", "écarté à la relecture"
        write_entry(holder, "drop_message", "message", message.key, now, round_id=message.round_id)


def _held(
    holder: Holder, round_key: str, message_key: str, now: datetime, states: tuple[str, ...] = ("held",)
) -> Message:
    facts = open_round(holder, round_key, Permission.SEND_BULK_MESSAGE, now)
    message = db.session.scalar(
        select(Message)
        .where(Message.key == message_key, Message.round_id == facts.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if message is None:
        raise DoesNotExist
    if message.state not in states:
        raise MessageIsNotHeld
    return message


_ADDRESS = re.compile(r"^https?://\S+$")


def as_html(subject: str, text: str) -> str:
    """Return a plain message as a small HTML page: paragraphs, and a link only where a line is an address of ours."""
    blocks = []
    for block in re.split(r"\n{2,}", text.strip()):
        if _ADDRESS.match(block.strip()):
            target = html.escape(block.strip(), quote=True)
            blocks.append(f'<p><a href="{target}">{target}</a></p>')
        else:
            blocks.append("<p>" + "<br>".join(html.escape(line) for line in block.splitlines()) + "</p>")
    return (
        f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{html.escape(subject)}</title></head>'
        f"<body>{''.join(blocks)}</body></html>"
    )
