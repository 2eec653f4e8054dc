"""A candidacy held for writing: its row, and what the person may do with it at this very instant."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from awards_app.database import db
from awards_app.domain.candidacies import CallIsClosed, CandidacyIsDeleted, check_writable
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.domain.phases import Phase
from awards_app.domain.refusals import IsNotThePhase
from awards_app.models.candidacies import Candidacy
from awards_app.models.editions import Round
from awards_app.queries.access import CandidacyFacts, open_candidacy

FILING_ACTS = frozenset(
    {
        Permission.CREATE_CANDIDACY,
        Permission.SAVE_DRAFT,
        Permission.SUBMIT_CANDIDACY,
        Permission.CHANGE_ATTACHMENT,
    }
)


_HELD = (
    select(Candidacy)
    .where(Candidacy.key == bindparam("key"))
    .with_for_update()
    .execution_options(populate_existing=True)
)


@dataclass(frozen=True, slots=True)
class Held:
    """The row, locked until the transaction ends, and the facts of the person who holds it."""

    row: Candidacy
    facts: CandidacyFacts


def hold_candidacy(holder: Holder, key: str, permission: Permission, now: datetime) -> Held:
    """Lock the candidacy, then ask whether ``holder`` may do ``permission`` with it now.

    Raises the matrix's refusal, `CallIsClosed` in its place after the deadline, `CandidacyIsDeleted` for its own people.
    """
    row = db.session.scalar(_HELD, {"key": key})
    if row is not None and row.state == "deleted" and row.structure_id in holder.structure_ids:
        raise CandidacyIsDeleted(key)
    try:
        facts = open_candidacy(holder, key, permission, now)
    except IsNotThePhase:
        if row is not None and permission in FILING_ACTS:
            check_call(row.round_id, now)
        raise
    assert row is not None
    return Held(row, facts)


def hold_draft(holder: Holder, key: str, permission: Permission, now: datetime) -> Held:
    """Lock a candidacy whose answers may change now: a draft, or one that was taken back, before the deadline."""
    held = hold_candidacy(holder, key, permission, now)
    if held.facts.round.phase is not Phase.FILING:
        check_call(held.row.round_id, now)
        raise IsNotThePhase(phase=held.facts.round.phase)
    check_writable(held.row.state, held.row.taken_back_at)
    return held


def check_call(round_id: int, now: datetime) -> None:
    """Return unless the call of the round has closed; raise `CallIsClosed` with its instant."""
    row = db.session.execute(select(Round.closes_at, Round.zone).where(Round.id == round_id)).one()
    if row.closes_at is not None and now >= row.closes_at:
        raise CallIsClosed(row.closes_at, row.zone)
