"""Readings of a deliberation: the locked ranking, who is present, ties broken, decisions, minutes."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from awards_app.database import db
from awards_app.models.accounts import Account
from awards_app.models.candidacies import Candidacy, Filing
from awards_app.models.deliberations import Decision, Minutes, TieBreak
from awards_app.models.editions import Edition, Prize, Region, Round, Theme
from awards_app.models.honours import NationalEntry
from awards_app.models.juries import Interest, Seat
from awards_app.models.scoring import Snapshot, StandingRow
from awards_app.models.structures import Structure
from awards_app.queries.desks import (
    DecisionLine,
    Desk,
    DeskRound,
    MinutesLine,
    RankedLine,
    RecusalLine,
    SeatLine,
    TieBreakLine,
)
from awards_app.queries.editions import prizes_of, themes_of
from awards_app.queries.juries import candidate_seats

__all__ = ["DecisionLine", "Desk", "RankedLine", "decided_filings", "decisions_of", "desk_of"]


def desk_of(round_id: int) -> Desk:
    """Return the table of a round, for services and for readings that have settled who asks (twelve queries)."""
    held = _round(round_id)
    snapshot = db.session.execute(
        select(Snapshot.id, Snapshot.sha256).where(
            Snapshot.round_id == round_id, Snapshot.released_at.is_(None)
        )
    ).one_or_none()
    snapshot_id = snapshot.id if snapshot else None
    return Desk(
        round=held,
        themes=themes_of(held.edition_id),
        prizes=prizes_of(held.edition_id, held.level),
        snapshot_id=snapshot_id,
        snapshot_sha256=snapshot.sha256 if snapshot else "",
        files=_files(held, snapshot_id),
        decisions=decisions_of(round_id),
        tie_breaks=_tie_breaks(round_id, snapshot_id),
        seats=_seats(round_id),
        recusals=_recusals(round_id),
        candidates=candidate_seats(round_id, is_national=held.region_code is None),
        minutes=_minutes(round_id),
    )


def _round(round_id: int) -> DeskRound:
    row = db.session.execute(
        select(
            Round.id,
            Round.key,
            Round.edition_id,
            Edition.name,
            Edition.year,
            Round.region_code,
            Region.name.label("region_name"),
            Region.located,
            Region.chamber,
            Round.zone,
            Round.phase,
            Round.embargo_at,
            Round.publication_armed_at,
            Round.locked_at,
            Edition.rules,
        )
        .join(Edition, Edition.id == Round.edition_id)
        .outerjoin(Region, Region.code == Round.region_code)
        .where(Round.id == round_id)
    ).one()
    values = tuple("" if value is None and place in (6, 7, 8) else value for place, value in enumerate(row))
    return DeskRound(*values)  # type: ignore[arg-type]  # the columns are its fields, in order


def _files(held: DeskRound, snapshot_id: int | None) -> tuple[RankedLine, ...]:
    if snapshot_id is None:
        return ()
    query = (
        select(
            Candidacy.id,
            Candidacy.key,
            Filing.receipt,
            Candidacy.title,
            Structure.name,
            Structure.siren,
            Structure.city,
            StandingRow.theme_id,
            StandingRow.rank,
            StandingRow.shown,
            StandingRow.readers,
            StandingRow.is_tied,
            StandingRow.note,
            (Candidacy.state != "submitted").label("withdrawn"),
        )
        .join(Candidacy, Candidacy.id == StandingRow.candidacy_id)
        .join(Structure, Structure.id == Candidacy.structure_id)
        .where(StandingRow.snapshot_id == snapshot_id)
        .order_by(StandingRow.rank.is_(None), StandingRow.rank, Structure.sort_key, Candidacy.key)
    )
    if held.region_code is None:
        entry = (
            select(NationalEntry.candidacy_id, NationalEntry.filing_id)
            .where(NationalEntry.round_id == held.id, NationalEntry.ended_at.is_(None))
            .subquery()
        )
        query = query.outerjoin(entry, entry.c.candidacy_id == Candidacy.id).join(
            Filing,
            or_(
                Filing.id == entry.c.filing_id,
                and_(
                    entry.c.filing_id.is_(None),
                    Filing.candidacy_id == Candidacy.id,
                    Filing.replaced_at.is_(None),
                ),
            ),
        )
    else:
        query = query.join(Filing, (Filing.candidacy_id == Candidacy.id) & Filing.replaced_at.is_(None))
    rows: Iterable[Any] = db.session.execute(query)
    return tuple(RankedLine(*row) for row in rows)


def decisions_of(round_id: int) -> tuple[DecisionLine, ...]:
    """Return the live decisions of a round in the order of prizes, themes and structures (one query)."""
    person = aliased(Account)
    rows: Iterable[Any] = db.session.execute(
        select(
            Decision.id,
            Decision.key,
            Decision.prize_id,
            Decision.theme_id,
            Decision.candidacy_id,
            Candidacy.key,
            Structure.name,
            Structure.siren,
            Structure.city,
            Candidacy.title,
            Candidacy.state,
            Decision.citation,
            Decision.reason,
            Decision.proposed_by_id,
            person.name,
            Decision.proposed_at,
            Decision.confirmed_by_id,
            Decision.confirmed_at,
        )
        .join(Prize, Prize.id == Decision.prize_id)
        .join(person, person.id == Decision.proposed_by_id)
        .outerjoin(Theme, Theme.id == Decision.theme_id)
        .outerjoin(Candidacy, Candidacy.id == Decision.candidacy_id)
        .outerjoin(Structure, Structure.id == Candidacy.structure_id)
        .where(Decision.round_id == round_id, Decision.annulled_at.is_(None))
        .order_by(Prize.position, Theme.position, Structure.sort_key, Decision.id)
    )
    return tuple(
        DecisionLine(  # type: ignore[call-arg]  # the other columns are its fields, in order
            *row[:6],
            row[6] or "",
            row[7],
            row[8] or "",
            row[9] or "",
            row[10] not in (None, "submitted"),
            *row[11:],
        )
        for row in rows
    )


def _tie_breaks(round_id: int, snapshot_id: int | None) -> tuple[TieBreakLine, ...]:
    """Return the tie-breaks on this snapshot, the latest first: it is the one that counts."""
    rows = db.session.execute(
        select(TieBreak.theme_id, TieBreak.ordered_keys, TieBreak.method, TieBreak.reason)
        .where(TieBreak.round_id == round_id, TieBreak.snapshot_id == (snapshot_id or 0))
        .order_by(TieBreak.id.desc())
    )
    return tuple(TieBreakLine(row[0], tuple(row[1]), row[2], row[3]) for row in rows)


def _seats(round_id: int) -> tuple[SeatLine, ...]:
    rows = db.session.execute(
        select(Seat.id, Seat.key, Seat.account_id, Seat.name, Seat.function, Seat.theme_id, Seat.attendance)
        .where(Seat.round_id == round_id, Seat.left_at.is_(None), Seat.accepted_at.is_not(None))
        .order_by(Seat.function != "chair", Seat.function != "deputy", Seat.name, Seat.id)
    )
    return tuple(SeatLine(*row) for row in rows)


def _recusals(round_id: int) -> tuple[RecusalLine, ...]:
    rows = db.session.execute(
        select(Interest.seat_id, Interest.candidacy_id, Interest.reason)
        .join(Seat, Seat.id == Interest.seat_id)
        .where(
            Seat.round_id == round_id,
            Seat.left_at.is_(None),
            Interest.verdict == "recused",
            Interest.replaced_at.is_(None),
        )
        .order_by(Interest.candidacy_id, Seat.name, Seat.id)
    )
    return tuple(RecusalLine(*row) for row in rows)


def _minutes(round_id: int) -> MinutesLine | None:
    row = db.session.execute(
        select(
            Minutes.id,
            Minutes.key,
            Minutes.number,
            Minutes.content,
            Minutes.sha256,
            Minutes.storage_key,
            Minutes.written_at,
            Minutes.frozen_at,
        ).where(Minutes.round_id == round_id, Minutes.replaced_at.is_(None))
    ).one_or_none()
    return MinutesLine(*row) if row else None


def decided_filings(decision_ids: Iterable[int]) -> dict[int, Any]:
    """Return, by decision, the row of the filing that was judged, with its candidacy and structure keys."""
    rows = db.session.execute(
        select(
            Decision.id.label("decision_id"),
            Candidacy.id.label("candidacy_id"),
            Candidacy.key.label("candidacy_key"),
            Candidacy.state,
            Candidacy.structure_id,
            Filing.content,
            Filing.receipt,
            Filing.sha256,
            Filing.submitted_at,
            Filing.number,
            Filing.id.label("filing_id"),
        )
        .join(Candidacy, Candidacy.id == Decision.candidacy_id)
        .outerjoin(
            NationalEntry,
            (NationalEntry.candidacy_id == Candidacy.id)
            & (NationalEntry.round_id == Decision.round_id)
            & NationalEntry.ended_at.is_(None),
        )
        .join(
            Filing,
            or_(
                Filing.id == NationalEntry.filing_id,
                and_(
                    NationalEntry.id.is_(None),
                    Filing.candidacy_id == Candidacy.id,
                    Filing.replaced_at.is_(None),
                ),
            ),
        )
        .where(Decision.id.in_(list(decision_ids)))
    )
    return {row.decision_id: row for row in rows}
