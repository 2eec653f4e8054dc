"""Reminders of a closing to the people of unfinished drafts: each once, dropped when they come too late."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from awards_app.adapters.public_address import public_address
from awards_app.database import atomic, db
from awards_app.domain.instants_fr import minute_fr
from awards_app.domain.phases import Phase, phase_at
from awards_app.domain.reminders import LONGEST, Reminder, due_reminder
from awards_app.models.accounts import Account
from awards_app.models.candidacies import Candidacy
from awards_app.models.deadlines import ReminderRun
from awards_app.models.editions import Edition, Region, Round
from awards_app.models.messages import Message
from awards_app.models.structures import Membership, Structure
from awards_app.services.messages import queue_message
from awards_app.services.rounds import lock_round
from awards_app.services.rows_apart import each_apart

KIND = "filing_reminder"


def send_due_reminders(now: datetime) -> int:
    """Queue the reminders that are due in each open call; return how many messages. Safe to run twice and at once."""
    closing = db.session.execute(
        select(Round.id, Round.closes_at, Round.zone).where(
            Round.phase.in_((Phase.PREPARATION.value, Phase.FILING.value)),
            Round.closes_at > now,
            Round.closes_at <= now + LONGEST,
        )
    ).all()
    due = {
        (row.id, reminder)
        for row in closing
        if (reminder := due_reminder(row.closes_at, row.zone, now)) is not None
    }
    if not due:
        return 0
    sent = {
        (row.round_id, row.name, row.due_at)
        for row in db.session.execute(
            select(ReminderRun.round_id, ReminderRun.name, ReminderRun.due_at).where(
                ReminderRun.round_id.in_({round_id for round_id, _ in due})
            )
        )
    }
    waiting = [one for one in due if (one[0], one[1].name, one[1].due_at) not in sent]
    by_round = sorted(waiting, key=lambda one: one[0])
    return sum(each_apart(lambda one: _send(*one, now), by_round))


def drop_stale_reminders(now: datetime) -> int:
    """Drop the reminders that still wait for the mail while the call is closed or the file filed; return how many."""
    waiting = db.session.execute(
        select(Message.id, Message.created_at, Candidacy.state, Round.closes_at)
        .join(Candidacy, Candidacy.key == Message.object_key)
        .join(Round, Round.id == Message.round_id)
        .where(Message.state == "waiting", Message.kind == KIND)
    ).all()
    stale = [
        row.id
        for row in waiting
        if row.state != "draft" or row.closes_at <= now or now >= row.created_at + timedelta(days=1)
    ]
    if stale:
        with atomic() as session:
            session.execute(
                update(Message)
                .where(Message.id.in_(stale), Message.state == "waiting")
                .values(state="dropped", failure="rappel périmé")
            )
    return len(stale)


def _was_sent(round_id: int, reminder: Reminder) -> bool:
    return (
        db.session.scalar(
            select(ReminderRun.id).where(
                ReminderRun.round_id == round_id,
                ReminderRun.name == reminder.name,
                ReminderRun.due_at == reminder.due_at,
            )
        )
        is not None
    )


def _send(round_id: int, reminder: Reminder, now: datetime) -> int:
    with atomic() as session:
        row = lock_round(round_id)
        phase = phase_at(Phase(row.phase), now, row.opens_at, row.closes_at)
        # Another scheduler may have been first, or the closing moved, while this one waited for the row.
        if (
            row.closes_at is None
            or phase is not Phase.FILING
            or not row.takes_part
            or _was_sent(row.id, reminder)
        ):
            return 0
        if due_reminder(row.closes_at, row.zone, now) != reminder:
            return 0
        sent = _write(session, row, reminder, now)
        session.add(
            ReminderRun(
                round_id=row.id,
                name=reminder.name,
                closes_at=row.closes_at,
                due_at=reminder.due_at,
                run_at=now,
                messages=sent,
            )
        )
        return sent


def _write(session: Session, row: Round, reminder: Reminder, now: datetime) -> int:
    people = session.execute(
        select(
            Account.id,
            Account.name,
            Account.email,
            Candidacy.key,
            Structure.name.label("structure"),
            Edition.name.label("edition"),
            Region.chamber,
        )
        .join(Membership, Membership.account_id == Account.id)
        .join(Structure, Structure.id == Membership.structure_id)
        .join(Candidacy, Candidacy.structure_id == Structure.id)
        .join(Edition, Edition.id == Candidacy.edition_id)
        .join(Region, Region.code == row.region_code)
        .where(
            Candidacy.round_id == row.id,
            Candidacy.state == "draft",
            # Who began after the reminder was due knows the closing well enough.
            Candidacy.created_at < reminder.due_at,
            Membership.left_at.is_(None),
            Membership.accepted_at.is_not(None),
            Account.disabled_at.is_(None),
        )
        .order_by(Candidacy.id, Account.id)
    ).all()
    assert row.closes_at is not None
    closing = minute_fr(row.closes_at - timedelta(minutes=1), row.zone)
    keys = [
        queue_message(
            KIND,
            person.email,
            dedupe=f"{KIND}:{person.key}:{person.id}:{reminder.name}:{row.closes_at:%Y%m%dT%H%MZ}",
            values={
                "person": person.name,
                "edition": person.edition,
                "structure": person.structure,
                "closing_date": closing,
                "link": public_address(f"/candidatures/{person.key}"),
                "chamber": person.chamber,
            },
            now=now,
            account_id=person.id,
            round_id=row.id,
            object_key=person.key,
        )
        for person in people
    ]
    return sum(key is not None for key in keys)
