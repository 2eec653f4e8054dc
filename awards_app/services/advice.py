"""The advice beside a locked ranking: worked out once after the lock by a worker and kept; read by the pages."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from awards_app.adapters.estimating import work_out_here, work_out_themes
from awards_app.adapters.queue import enqueue
from awards_app.database import atomic, db
from awards_app.domain.estimated import Severity, as_data
from awards_app.domain.holder import Holder
from awards_app.models.editions import Round
from awards_app.models.scoring import Snapshot
from awards_app.models.worked_advice import WorkedAdvice
from awards_app.queries import estimates
from awards_app.queries.estimates import AdvicePage, ThemeAdvice, places_of
from awards_app.queries.juries import JuryRoom
from awards_app.queries.ranking import AttributedSheet, Ranking

JOB = "advice.work_out"


def advice_of(holder: Holder, round_key: str | int, now: datetime) -> AdvicePage:
    """Return the advice of a locked round in the themes ``holder`` may read. Raises the matrix's refusal."""
    return estimates.advice_of(holder, round_key, now, work_out_themes)


def advice_beside(ranking: Ranking) -> dict[str, ThemeAdvice]:
    """Return the advice by theme code beside a ranking that was read."""
    return estimates.advice_beside(ranking, work_out_themes)


def severities_of(
    room: JuryRoom, sheets: Mapping[str, list[AttributedSheet]]
) -> dict[str, tuple[Severity, ...]]:
    """Return, by theme code, how severe each juror is, by name, for who was given the attributed sheets (SCO-4)."""
    return estimates.severities_of(room, sheets, work_out_themes)


def work_out(snapshot_id: int, now: datetime) -> None:
    """Work out the advice of a snapshot and keep it; twice is once, and a snapshot that is gone has none."""
    row = db.session.execute(
        select(Snapshot.content, Round.edition_id, Round.region_code, WorkedAdvice.snapshot_id.label("kept"))
        .join(Round, Round.id == Snapshot.round_id)
        .outerjoin(WorkedAdvice, WorkedAdvice.snapshot_id == Snapshot.id)
        .where(Snapshot.id == snapshot_id)
    ).first()
    if row is None or row.kept is not None:
        return
    level = "national" if row.region_code is None else "regional"
    places = db.session.scalar(select(places_of(row.edition_id, level)))
    # Nothing is held open while it calculates.
    db.session.rollback()
    found = work_out_here(json.loads(row.content)["themes"], places or 1)
    with atomic() as session:
        live = session.scalar(select(Snapshot.id).where(Snapshot.id == snapshot_id).with_for_update())
        if live is None or session.get(WorkedAdvice, snapshot_id) is not None:
            return
        session.add(
            WorkedAdvice(
                snapshot_id=snapshot_id,
                content={code: as_data(line) for code, line in found.items()},
                worked_at=now,
            )
        )


def enqueue_waiting(now: datetime) -> int:
    """Ask the queue for the advice of the live snapshots that have none yet; return how many."""
    waiting = db.session.scalars(
        select(Snapshot.id)
        .outerjoin(WorkedAdvice, WorkedAdvice.snapshot_id == Snapshot.id)
        .where(Snapshot.released_at.is_(None), WorkedAdvice.snapshot_id.is_(None))
        .order_by(Snapshot.id)
        .limit(100)
    ).all()
    for snapshot_id in waiting:
        enqueue(JOB, snapshot_id)
    return len(waiting)
