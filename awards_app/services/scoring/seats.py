"""« J’ai terminé », taken back until the lock; a final sheet that the chair reopens."""

from datetime import datetime

from sqlalchemy import select, update

from awards_app.database import atomic, db
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.domain.phases import PHASE_LABELS, Phase
from awards_app.domain.refusals import DoesNotExist, InputIsInvalid, IsNotThePhase, Refusal
from awards_app.domain.scoring import FilesAreLeftOpen, ScoringIsLocked, SheetState
from awards_app.domain.words import N_
from awards_app.models.candidacies import Candidacy
from awards_app.models.editions import Round
from awards_app.models.juries import Seat
from awards_app.models.scoring import Scoresheet
from awards_app.queries.access import open_candidacy
from awards_app.queries.juries import SeatFacts, open_seat
from awards_app.queries.scoring import files_of_seat
from awards_app.services.journal import write_entry


class SheetIsNotFinal(Refusal):
    """Only a final sheet is reopened."""

    sentence = N_("Cette fiche n’est pas définitive : rien n’est à rouvrir.")


def finish_seat(holder: Holder, seat_key: str, now: datetime) -> None:
    """Say « j’ai terminé »; raises `FilesAreLeftOpen` while a file is not fully marked."""
    with atomic():
        seat = _own_scoring_seat(holder, seat_key, now)
        if seat.finished_at is not None:
            return
        left = [line for line in files_of_seat(holder, seat) if line.state is not SheetState.DONE]
        if left:
            raise FilesAreLeftOpen(count=len(left))
        _set_finished(holder, seat, "finish_seat", now, now)


def resume_seat(holder: Holder, seat_key: str, now: datetime) -> None:
    """Take « j’ai terminé » back, until the lock."""
    with atomic():
        seat = _own_scoring_seat(holder, seat_key, now)
        if seat.finished_at is not None:
            _set_finished(holder, seat, "resume_seat", now, None)


def reopen_scoresheet(holder: Holder, seat_key: str, candidacy_key: str, reason: str, now: datetime) -> None:
    """Reopen a juror's final sheet, by the chair, with a reason.

    Raises `SheetIsNotFinal`, `InputIsInvalid` without a reason, or the matrix's refusal.
    """
    if not reason.strip():
        raise InputIsInvalid({"reason": N_("Indiquez le motif de la réouverture.")})
    with atomic():
        row = db.session.execute(
            select(Seat.id, Seat.round_id, Scoresheet.id.label("sheet_id"), Scoresheet.final_at)
            .select_from(Seat)
            .join(Candidacy, Candidacy.key == candidacy_key)
            .outerjoin(
                Scoresheet, (Scoresheet.seat_id == Seat.id) & (Scoresheet.candidacy_id == Candidacy.id)
            )
            .where(Seat.key == seat_key, Seat.left_at.is_(None))
        ).one_or_none()
        if row is None:
            raise DoesNotExist
        open_candidacy(holder, candidacy_key, Permission.REOPEN_SCORESHEET, now, round_id=row.round_id)
        if row.final_at is None:
            raise SheetIsNotFinal
        db.session.execute(update(Scoresheet).where(Scoresheet.id == row.sheet_id).values(final_at=None))
        db.session.execute(update(Seat).where(Seat.id == row.id).values(finished_at=None))
        write_entry(
            holder,
            "reopen_scoresheet",
            "scoresheet",
            candidacy_key,
            now,
            round_id=row.round_id,
            detail={"seat": seat_key, "reason": reason.strip()},
        )


def _own_scoring_seat(holder: Holder, seat_key: str, now: datetime) -> SeatFacts:
    seat = open_seat(holder, seat_key, now)
    db.session.execute(select(Round.id).where(Round.id == seat.round_id).with_for_update(read=True))
    seat = open_seat(holder, seat_key, now)
    if seat.phase > Phase.SCORING:
        raise ScoringIsLocked
    if seat.phase is not Phase.SCORING:
        raise IsNotThePhase(phase=PHASE_LABELS[seat.phase])
    if not seat.scores:
        raise DoesNotExist
    return seat


def _set_finished(
    holder: Holder, seat: SeatFacts, act: str, now: datetime, finished_at: datetime | None
) -> None:
    db.session.execute(update(Seat).where(Seat.id == seat.id).values(finished_at=finished_at))
    write_entry(holder, act, "seat", seat.key, now, round_id=seat.round_id)
