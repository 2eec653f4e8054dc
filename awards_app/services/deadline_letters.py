"""Whom a moved closing is told: who was refused in between, and everybody responsible for a file of the round."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from awards_app.adapters.public_address import public_address
from awards_app.database import atomic, db
from awards_app.models.accounts import Account
from awards_app.models.candidacies import Candidacy
from awards_app.models.deadlines import LateAttempt
from awards_app.models.editions import Edition, Region, Round
from awards_app.models.structures import Membership, Structure
from awards_app.services.messages import queue_message


def tell_refused(row: Round, closing: str, reason: str, now: datetime) -> set[tuple[int, int]]:
    """Write once to each person refused since the call closed; return their (account, structure).

    Joins the caller's transaction, which holds the round.
    """
    with atomic() as session:
        edition, chamber = session.execute(
            select(Edition.name, Region.chamber)
            .join(Region, Region.code == row.region_code)
            .where(Edition.id == row.edition_id)
        ).one()
        refused = session.execute(
            select(LateAttempt, Account.name, Account.email, Structure.name, Structure.key, Candidacy.key)
            .join(Account, Account.id == LateAttempt.account_id)
            .join(Structure, Structure.id == LateAttempt.structure_id)
            .outerjoin(Candidacy, Candidacy.id == LateAttempt.candidacy_id)
            .where(
                LateAttempt.round_id == row.id, LateAttempt.told_at.is_(None), Account.disabled_at.is_(None)
            )
            .order_by(LateAttempt.id)
        ).all()
        for attempt, person, email, structure, structure_key, candidacy_key in refused:
            attempt.told_at = now
            path = f"/candidatures/{candidacy_key or f'nouvelle?structure={structure_key}'}"
            queue_message(
                "call_reopened",
                email,
                dedupe=f"call_reopened:{row.key}:{row.version}:{attempt.id}",
                values={
                    "person": person,
                    "edition": edition,
                    "structure": structure,
                    "closing_date": closing,
                    "reason": reason,
                    "link": public_address(path),
                    "chamber": chamber,
                },
                now=now,
                account_id=attempt.account_id,
                round_id=row.id,
                object_key=candidacy_key or "",
            )
        return {(attempt.account_id, attempt.structure_id) for attempt, *_ in refused}


def tell_candidates(
    row: Round, closing: str, reason: str, now: datetime, already: set[tuple[int, int]]
) -> None:
    """Write once to each person responsible for a file of the round that is begun or filed.

    ``already`` are the (account, structure) that were just written to for another reason.
    """
    facts = db.session.execute(
        select(Edition.name, Region.chamber)
        .join(Region, Region.code == row.region_code)
        .where(Edition.id == row.edition_id)
    ).one()
    for person in _responsible_people(row.id):
        if (person.id, person.structure_id) in already:
            continue
        queue_message(
            "deadline_changed",
            person.email,
            dedupe=f"deadline_changed:{row.key}:{row.version}:{person.key}:{person.id}",
            values={
                "person": person.name,
                "edition": facts.name,
                "structure": person.structure,
                "title": person.title,
                "closing_date": closing,
                "reason": reason,
                "chamber": facts.chamber,
            },
            now=now,
            account_id=person.id,
            round_id=row.id,
            object_key=person.key,
        )


def _responsible_people(round_id: int) -> Sequence[Any]:
    """Return who is responsible for each file of the round that is begun or filed."""
    return db.session.execute(
        select(
            Account.id,
            Account.name,
            Account.email,
            Candidacy.key,
            Candidacy.title,
            Structure.name.label("structure"),
            Structure.id.label("structure_id"),
        )
        .join(Membership, Membership.account_id == Account.id)
        .join(Candidacy, Candidacy.structure_id == Membership.structure_id)
        .join(Structure, Structure.id == Candidacy.structure_id)
        .where(
            Candidacy.round_id == round_id,
            Candidacy.state.in_(("draft", "submitted")),
            Membership.left_at.is_(None),
            Membership.accepted_at.is_not(None),
            Membership.standing == "responsible",
        )
        .order_by(Account.id)
    ).all()
