"""A missing sheet that does not block the lock: agreed by the chair and the chamber, with a reason (RNK-2)."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from awards_app.database import atomic, db
from awards_app.domain.holder import Holder
from awards_app.domain.motives import read_motive
from awards_app.domain.permissions import Permission, Subject
from awards_app.domain.refusals import DoesNotExist, Refusal
from awards_app.domain.words import N_
from awards_app.models.juries import Seat
from awards_app.models.scoring import Waiver
from awards_app.queries.access import open_candidacy
from awards_app.queries.called import is_called
from awards_app.services.agreements import DONE, PENDING, agree, key_of
from awards_app.services.journal import write_entry
from awards_app.services.rounds import lock_round

SIDES = (Subject.CHAIR, Subject.COORDINATOR)


class SheetIsWaived(Refusal):
    """The sheet was waived already."""

    sentence = N_("Cette fiche est déjà dispensée.")


def waive_scoresheet(holder: Holder, seat_key: str, candidacy_key: str, reason: str, now: datetime) -> str:
    """Excuse a juror's missing sheet; return « pending » until the other of chair and chamber confirms, then « done ».

    A juror who completes the sheet all the same is counted. Raises `InputIsInvalid` without a reason.
    """
    with atomic() as session:
        seat = session.execute(
            select(Seat.id, Seat.round_id, Seat.theme_id).where(Seat.key == seat_key, Seat.left_at.is_(None))
        ).one_or_none()
        if seat is None:
            raise DoesNotExist
        lock_round(seat.round_id)
        facts = open_candidacy(
            holder, candidacy_key, Permission.WAIVE_SCORESHEET, now, round_id=seat.round_id
        )
        if not facts.is_in_contest or seat.theme_id not in (None, facts.theme_id):
            raise DoesNotExist
        if not db.session.scalar(select(is_called(seat.id, facts.id, seat.round_id))):
            raise DoesNotExist
        if db.session.scalar(
            select(Waiver.id).where(Waiver.seat_id == seat.id, Waiver.candidacy_id == facts.id)
        ):
            raise SheetIsWaived
        agreed = agree(
            holder,
            "waive_scoresheet",
            key_of(seat_key, candidacy_key),
            SIDES,
            facts.subjects,
            now,
            round_id=seat.round_id,
            reason=read_motive(reason, N_("Indiquez le motif de la dispense.")),
            arguments={"seat": seat_key, "candidacy": candidacy_key},
        )
        if agreed is None:
            return PENDING
        _waive(holder, seat.id, facts.id, agreed, now)
        write_entry(
            holder,
            "waive_scoresheet",
            "scoresheet",
            candidacy_key,
            now,
            round_id=seat.round_id,
            detail={"seat": seat_key, "reason": agreed["reason"]},
        )
        return DONE


def _waive(
    holder: Holder, seat_id: int, candidacy_id: int, agreed: Mapping[str, object], now: datetime
) -> None:
    db.session.add(
        Waiver(
            seat_id=seat_id,
            candidacy_id=candidacy_id,
            reason=str(agreed["reason"]),
            proposed_by_id=agreed["proposed_by_id"],
            confirmed_by_id=holder.account_id,
            confirmed_at=now,
        )
    )
    db.session.flush()
