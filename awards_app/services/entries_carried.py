"""The row of a file sent up: the frozen copy that was judged, with its region's decision and its theme."""

from datetime import datetime

from sqlalchemy import select

from awards_app.database import db
from awards_app.domain.holder import Holder
from awards_app.domain.phases import Phase
from awards_app.models.candidacies import Filing
from awards_app.models.deliberations import Decision
from awards_app.models.editions import Edition, Round
from awards_app.models.honours import NationalEntry
from awards_app.models.juries import Seat
from awards_app.queries.access import RoundFacts
from awards_app.services.journal import write_entry
from awards_app.services.juries.ties import recuse_certain_ties


def send_up(national_id: int, decision: Decision, filing_id: int, holder: Holder, now: datetime) -> str:
    """Write the entry of a confirmed decision, and stand its own region's jurors aside; return its key.

    Joins the caller's transaction, which holds the national round.
    """
    assert decision.candidacy_id is not None
    assert decision.theme_id is not None
    entry = NationalEntry(
        round_id=national_id,
        candidacy_id=decision.candidacy_id,
        decision_id=decision.id,
        theme_id=decision.theme_id,
        filing_id=filing_id,
        received_at=now,
    )
    db.session.add(entry)
    db.session.flush()
    sha256 = db.session.scalar(select(Filing.sha256).where(Filing.id == filing_id))
    write_entry(
        holder,
        "receive_entry",
        "national_entry",
        entry.key,
        now,
        round_id=national_id,
        detail={"decision": decision.key, "sha256": sha256 or ""},
    )
    _stand_aside(national_id, decision.candidacy_id, now)
    return entry.key


def _stand_aside(national_id: int, candidacy_id: int, now: datetime) -> None:
    facts = _facts(national_id)
    seats = db.session.scalars(
        select(Seat)
        .where(Seat.round_id == national_id, Seat.accepted_at.is_not(None), Seat.left_at.is_(None))
        .order_by(Seat.id)
    ).all()
    for seat in seats:
        recuse_certain_ties(seat, facts, now, candidacy_id=candidacy_id)


def _facts(national_id: int) -> RoundFacts:
    row = db.session.execute(
        select(Round, Edition.year)
        .join(Edition, Edition.id == Round.edition_id)
        .where(Round.id == national_id)
    ).one()
    held = row.Round
    return RoundFacts(
        id=held.id,
        key=held.key,
        edition_id=held.edition_id,
        year=row.year,
        region_code=held.region_code,
        region_name=None,
        zone=held.zone,
        phase=Phase(held.phase),
        takes_part=held.takes_part,
        subjects=frozenset(),
    )
