"""Standing a juror aside where the facts are certain, before anything is read (F22)."""

from datetime import datetime

from sqlalchemy import func, select

from awards_app.database import atomic, db
from awards_app.domain.holder import SCHEDULER
from awards_app.domain.interests import TieKind, Verdict
from awards_app.models.juries import Interest, Seat
from awards_app.models.scoring import Scoresheet
from awards_app.queries.access import RoundFacts
from awards_app.queries.interests import ties_of_seat
from awards_app.services.journal import write_entry
from awards_app.services.juries.tie_notices import notice_certain_ties


def recuse_certain_ties(
    seat: Seat, facts: RoundFacts, now: datetime, *, candidacy_id: int | None = None
) -> int:
    """Record a recusal for each file a certain fact ties the seat to; return how many.

    Not where a tie is declared already, nor where the chamber settled the file: only the juror's own « none » yields.
    A national juror stands aside from the files of their own region by default, certain of nothing else. Two persons may
    lift it, with a reason. The chair and the chamber are told. Joins the caller's transaction. The entry's actor is the scheduler: nobody declared it.
    """
    with atomic() as session:
        declared = set(
            session.scalars(
                select(Interest.candidacy_id).where(
                    Interest.seat_id == seat.id,
                    Interest.replaced_at.is_(None),
                    (Interest.verdict != Verdict.NONE.value)
                    | (func.coalesce(Interest.declared_by_id, 0) != (seat.account_id or 0)),
                )
            )
        )
        recused = 0
        for file in ties_of_seat(seat.id, facts.id, is_national=facts.region_code is None):
            certain = [tie for tie in file.ties if tie.is_certain or tie.kind is TieKind.SAME_REGION]
            if not certain or file.candidacy_id in declared or candidacy_id not in (None, file.candidacy_id):
                continue
            store_interest(seat.id, file.candidacy_id, Verdict.RECUSED, certain[0].sentence, now, None)
            write_entry(
                SCHEDULER,
                "recuse_juror",
                "candidacy",
                file.key,
                now,
                round_id=facts.id,
                detail={"seat": seat.key, "tie": certain[0].kind.value},
            )
            recused += 1
        if recused:
            notice_certain_ties(seat, facts, now)
        return recused


def store_interest(
    seat_id: int, candidacy_id: int, verdict: Verdict, reason: str, now: datetime, account_id: int | None
) -> None:
    """Replace what was declared of a file by a seat; the former row is kept. A sheet is set aside, or taken back."""
    live = db.session.scalar(
        select(Interest)
        .where(
            Interest.seat_id == seat_id,
            Interest.candidacy_id == candidacy_id,
            Interest.replaced_at.is_(None),
        )
        .with_for_update()
    )
    if live is not None:
        live.replaced_at = now
        db.session.flush()
    db.session.add(
        Interest(
            seat_id=seat_id,
            candidacy_id=candidacy_id,
            verdict=verdict.value,
            reason=reason,
            declared_at=now,
            declared_by_id=account_id,
        )
    )
    sheet = db.session.scalar(
        select(Scoresheet)
        .where(Scoresheet.seat_id == seat_id, Scoresheet.candidacy_id == candidacy_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if sheet is not None:
        aside = verdict is not Verdict.NONE
        sheet.set_aside_at = now if aside else None
        sheet.set_aside_reason = reason if aside else ""
    db.session.flush()
