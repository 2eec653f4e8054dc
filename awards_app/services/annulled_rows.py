"""The low half of an annulment: a decision that no longer stands, a round that takes back what it had done."""

from datetime import datetime

from sqlalchemy import select

from awards_app.database import atomic, db
from awards_app.domain.deliberations import DecisionsAreBlocked
from awards_app.domain.holder import Holder
from awards_app.domain.phases import Phase
from awards_app.models.certificates import Certificate
from awards_app.models.deliberations import Decision
from awards_app.models.editions import Round
from awards_app.models.honours import NationalEntry
from awards_app.queries.reconciliation import NATIONAL_IS_LOCKED
from awards_app.services.certificates import revoke
from awards_app.services.correction_letters import drop_notices
from awards_app.services.honours import disarm
from awards_app.services.journal import write_entry
from awards_app.services.minutes import reopen_minutes
from awards_app.services.rounds import lock_round


def annul_one(decision: Decision, reason: str, holder: Holder, now: datetime) -> None:
    """Annul a decision and end the entry it made; joins the caller's transaction. Raises `DecisionsAreBlocked`."""
    decision.annulled_at, decision.annulled_reason = now, reason
    db.session.flush()
    entry = db.session.scalar(
        select(NationalEntry).where(
            NationalEntry.decision_id == decision.id, NationalEntry.ended_at.is_(None)
        )
    )
    if entry is not None:
        check_national_is_open(entry.round_id)
        entry.ended_at, entry.ended_reason = now, reason
    write_entry(
        holder,
        "annul_decision",
        "decision",
        decision.key,
        now,
        round_id=decision.round_id,
        detail={"reason": reason},
    )


def check_national_is_open(round_id: int) -> None:
    """Hold the national round and return if its jury has not locked; raise `DecisionsAreBlocked`."""
    if lock_round(round_id).phase >= Phase.DELIBERATION.value:
        raise DecisionsAreBlocked([(NATIONAL_IS_LOCKED, {})])


def clear_round(row: Round, reason: str, holder: Holder, now: datetime) -> None:
    """Disarm the publication of a round, revoke its certificates, open its minutes again."""
    disarm(row, holder, now, reason)
    drop_notices(row.id, "décision annulée")
    for certificate in db.session.scalars(
        select(Certificate).where(Certificate.round_id == row.id, Certificate.state != "revoked")
    ):
        revoke(certificate, reason, holder, now)
    reopen_minutes(row.id, holder, now)


def void_decisions(row: Round, reason: str, now: datetime, holder: Holder) -> None:
    """Annul every live decision of a round that is unlocked; joins the caller's transaction, which holds the row.

    Entries sent up end; the minutes that were frozen stay readable, replaced. Raises `DecisionsAreBlocked` when the
    national jury has locked with one of the entries.
    """
    with atomic() as session:
        live = session.scalars(
            select(Decision).where(Decision.round_id == row.id, Decision.annulled_at.is_(None))
        ).all()
        for decision in live:
            annul_one(decision, reason, holder, now)
        clear_round(row, reason, holder, now)
