"""One text to many: written, tried on oneself, sent once, each person in a message of their own."""

from datetime import datetime

from sqlalchemy import select

from awards_app.adapters.faults import fault_point
from awards_app.adapters.queue import enqueue
from awards_app.database import after_commit, atomic, db
from awards_app.domain.admissibility_acts import check_typed
from awards_app.domain.holder import Holder
from awards_app.domain.mailings import PLACES, Audience, MailingHasLeft
from awards_app.domain.permissions import Permission
from awards_app.domain.phases import Phase
from awards_app.domain.refusals import DoesNotExist, InputIsInvalid
from awards_app.domain.text import clean_line, clean_text
from awards_app.domain.wordings import check_wording
from awards_app.domain.words import N_
from awards_app.models.accounts import Account
from awards_app.models.mailings import Mailing
from awards_app.queries.access import RoundFacts, open_round
from awards_app.queries.mailings import Reached, chamber_of, people_query, reach_of
from awards_app.services.journal import write_entry
from awards_app.services.messages import queue_written
from awards_app.services.rows_apart import each_apart
from awards_app.services.wordings import editable_text

KIND = "mailing"
TRIAL = "trial"
SPREAD = "mailings.spread"
# As many people a transaction: a worker that stops goes on after them.
STEP = 100
MARK = "TEST"
MARK_EMBARGO = "TEST – SOUS EMBARGO"


def write_mailing(
    holder: Holder,
    round_key: str,
    audience: str,
    subject: str,
    body: str,
    now: datetime,
    *,
    mailing_key: str | None = None,
) -> str:
    """Keep a text, new or that of ``mailing_key``, and return its key; nothing leaves.

    Raises `WordingIsInvalid`, `InputIsInvalid`, `MailingHasLeft`, `DoesNotExist`, or the matrix's refusal.
    """
    with atomic() as session:
        facts = open_round(holder, round_key, Permission.SEND_BULK_MESSAGE, now)
        if audience not in set(Audience):
            raise InputIsInvalid({"audience": N_("Choisissez les destinataires.")})
        title, text = clean_line(subject), clean_text(body).strip() + "\n"
        check_wording(title, text.strip(), PLACES)
        if mailing_key is None:
            row = Mailing(round_id=facts.id, created_at=now, created_by_id=holder.account_id, state="draft")
            session.add(row)
        else:
            row = _held_mailing(facts, mailing_key)
            if row.state != "draft":
                raise MailingHasLeft
        row.audience, row.subject, row.body = audience, title, text
        session.flush()
        write_entry(holder, "write_mailing", "mailing", row.key, now, round_id=facts.id)
        return row.key


def send_mailing(holder: Holder, round_key: str, mailing_key: str, typed: str, now: datetime) -> bool:
    """Let a text leave to whom it reaches now; return whether this call is the one that did.

    However often it is asked, and by however many, each person gets one. Above twenty people the number is typed. Raises
    `NumberIsNotTyped`, `DoesNotExist`, or the matrix's refusal.
    """
    with atomic():
        facts = open_round(holder, round_key, Permission.SEND_BULK_MESSAGE, now)
        row = _held_mailing(facts, mailing_key)
        if row.state != "draft":
            return False
        reach = reach_of(Audience(row.audience), facts.id)
        check_typed(reach, typed)
        row.state, row.sent_at, row.sent_by_id = "sending", now, holder.account_id
        write_entry(
            holder, "send_mailing", "mailing", row.key, now, round_id=facts.id, detail={"count": reach}
        )
        after_commit(enqueue, SPREAD, row.id)
        return True


def spread_waiting(now: datetime) -> int:
    """Go on with every text that is leaving; return how many messages were written."""
    rows = db.session.scalars(select(Mailing.id).where(Mailing.state == "sending").order_by(Mailing.id)).all()
    return sum(each_apart(lambda mailing_id: spread(mailing_id, now), rows))


def spread(mailing_id: int, now: datetime) -> int:
    """Put one message a person in the outbox, a hundred at a time; return how many were new. Safe to run twice and at once."""
    written = 0
    while (step := _spread_some(mailing_id, now)) is not None:
        written += step
        fault_point("mailings.spread")
    return written


def _spread_some(mailing_id: int, now: datetime) -> int | None:
    with atomic():
        row = db.session.scalar(
            select(Mailing)
            .where(Mailing.id == mailing_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        if row is None or row.state != "sending":
            return None
        query = people_query(Audience(row.audience), row.round_id).where(Account.id > row.reached_id)
        people = [Reached(*one) for one in db.session.execute(query.limit(STEP))]
        if not people:
            row.state = "sent"
            return None
        chamber = chamber_of(row.round_id)
        row.reached_id = people[-1].account_id
        return sum(_write_to(row, person, chamber, now) for person in people)


def _write_to(row: Mailing, person: Reached, chamber: str, now: datetime) -> bool:
    key = queue_written(
        KIND,
        person.email,
        row.subject,
        row.body,
        dedupe=f"mailing:{row.key}:{person.account_id}",
        values={"person": person.name, "structure": person.structure, "chamber": chamber},
        now=now,
        account_id=person.account_id,
        round_id=row.round_id,
        object_key=person.object_key,
    )
    return key is not None


def try_mailing(holder: Holder, round_key: str, mailing_key: str, now: datetime) -> str:
    """Send a text to the person who asks, and to nobody else, marked as a trial; return the address."""
    with atomic():
        facts = open_round(holder, round_key, Permission.SEND_BULK_MESSAGE, now)
        row = _held_mailing(facts, mailing_key)
        return _try(holder, facts, row.key, row.subject, row.body, now)


def try_wording(holder: Holder, round_key: str, code: str, now: datetime) -> str:
    """Send the text of a letter to the person who asks, and to nobody else, marked as a trial; return the address.

    The words in braces stay: no file, no name and no result is in it. Raises `DoesNotExist` or the matrix's refusal.
    """
    with atomic():
        facts = open_round(holder, round_key, Permission.SEND_BULK_MESSAGE, now)
        _list, text = editable_text(holder, round_key, code, now)
        return _try(holder, facts, code, text.subject, text.body, now)


def _try(holder: Holder, facts: RoundFacts, what: str, subject: str, body: str, now: datetime) -> str:
    mark = MARK_EMBARGO if facts.phase is Phase.DECIDED else MARK
    queue_written(
        TRIAL,
        holder.email,
        f"{mark} – {subject}",
        f"{mark}\n\n{body}",
        dedupe=f"trial:{facts.key}:{what}:{holder.account_id}:{now.isoformat()}",
        values={"chamber": chamber_of(facts.id)},
        now=now,
        account_id=holder.account_id,
        round_id=facts.id,
    )
    write_entry(holder, "try_message", "round", facts.key, now, round_id=facts.id)
    return holder.email


def _held_mailing(facts: RoundFacts, mailing_key: str) -> Mailing:
    row = db.session.scalar(
        select(Mailing)
        .where(Mailing.key == mailing_key, Mailing.round_id == facts.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise DoesNotExist
    return row
