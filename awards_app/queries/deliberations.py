"""Readings of a deliberation: the locked ranking, who is present, ties broken, decisions, minutes."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ScalarSelect, Select, and_, bindparam, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from awards_app.database import db
from awards_app.models.accounts import Account
from awards_app.models.candidacies import Candidacy, Filing
from awards_app.models.deliberations import Decision, Minutes, TieBreak
from awards_app.models.discussion import Discussion
from awards_app.models.editions import Edition, Prize, Region, Round, Theme
from awards_app.models.honours import NationalEntry
from awards_app.models.juries import Interest, Seat
from awards_app.models.scoring import Snapshot, StandingRow
from awards_app.models.structures import Structure
from awards_app.models.voting import Ballot, BallotVoter
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
from awards_app.queries.editions import ThemeFacts, prizes_of, themes_of
from awards_app.queries.juries import candidate_seats

__all__ = ["DecisionLine", "Desk", "RankedLine", "decided_filings", "decisions_of", "desk_of"]


def desk_of(round_id: int, themes: tuple[ThemeFacts, ...] | None = None, *, with_prizes: bool = True) -> Desk:
    """Return the table of a round, for services and for readings that have settled who asks (seven queries).

    ``themes`` are those of its edition, given by who has read them; one more query otherwise. Without prizes, it has no
    decisions either, and takes two queries fewer.
    """
    rows = db.session.execute(_HEAD, {"round_id": round_id}).all()
    row = rows[0]
    values = tuple(
        "" if value is None and place in (6, 7, 8) else value for place, value in enumerate(row[:15])
    )
    held = DeskRound(*values)  # type: ignore[arg-type]  # the columns are its fields, in order
    seats, recusals = _seats(round_id)
    return Desk(
        round=held,
        themes=themes or themes_of(held.edition_id),
        prizes=prizes_of(held.edition_id, held.level) if with_prizes else (),
        snapshot_id=row.snapshot_id,
        snapshot_sha256=row.snapshot_sha256 or "",
        files=_files(held, row.snapshot_id),
        decisions=decisions_of(round_id) if with_prizes else (),
        # The latest first: it is the one that counts.
        tie_breaks=tuple(
            TieBreakLine(line.tied_theme_id, tuple(line.ordered_keys), line.method, line.reason)
            for line in rows
            if line.tied_theme_id is not None
        ),
        seats=seats,
        recusals=recusals,
        candidates=candidate_seats(round_id, is_national=held.region_code is None),
        minutes=MinutesLine(*row[-len(_MINUTES) :]) if row.minutes_id is not None else None,
        absences=row.absences or {},
        vote_under_way=(row.vote_number, row.vote_question) if row.vote_number else None,
    )


_MINUTES = (
    Minutes.id.label("minutes_id"),
    Minutes.key.label("minutes_key"),
    Minutes.number,
    Minutes.content,
    Minutes.sha256,
    Minutes.storage_key,
    Minutes.written_at,
    Minutes.frozen_at,
)


def _under_way(column: InstrumentedAttribute[Any]) -> ScalarSelect[Any]:
    """Return a value of the first ballot of the round that is open and in which somebody voted."""
    return (
        select(column)
        .where(
            Ballot.round_id == Round.id,
            Ballot.opened_at.is_not(None),
            Ballot.closed_at.is_(None),
            Ballot.cancelled_at.is_(None),
            select(BallotVoter.seat_id).where(BallotVoter.ballot_id == Ballot.id).exists(),
        )
        .order_by(Ballot.number)
        .limit(1)
        .correlate(Round)
        .scalar_subquery()
    )


# The round with its live snapshot and its live minutes, a row for each tie-break on that snapshot.
_HEAD: Select[*tuple[Any, ...]] = (
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
        Snapshot.id.label("snapshot_id"),
        Snapshot.sha256.label("snapshot_sha256"),
        TieBreak.theme_id.label("tied_theme_id"),
        TieBreak.ordered_keys,
        TieBreak.method,
        TieBreak.reason,
        Discussion.absences,
        _under_way(Ballot.number).label("vote_number"),
        _under_way(Ballot.question).label("vote_question"),
        *_MINUTES,
    )
    .join(Edition, Edition.id == Round.edition_id)
    .outerjoin(Region, Region.code == Round.region_code)
    .outerjoin(Snapshot, (Snapshot.round_id == Round.id) & Snapshot.released_at.is_(None))
    .outerjoin(TieBreak, (TieBreak.round_id == Round.id) & (TieBreak.snapshot_id == Snapshot.id))
    .outerjoin(Minutes, (Minutes.round_id == Round.id) & Minutes.replaced_at.is_(None))
    .outerjoin(Discussion, Discussion.round_id == Round.id)
    .where(Round.id == bindparam("round_id"))
    .order_by(TieBreak.id.desc())
)


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


_SEATS = (
    select(
        Seat.id,
        Seat.key,
        Seat.account_id,
        Seat.name,
        Seat.function,
        Seat.theme_id,
        Seat.attendance,
        Seat.accepted_at,
        Interest.candidacy_id,
        Interest.reason,
    )
    .outerjoin(
        Interest,
        (Interest.seat_id == Seat.id) & (Interest.verdict == "recused") & Interest.replaced_at.is_(None),
    )
    .where(Seat.round_id == bindparam("round_id"), Seat.left_at.is_(None))
    .order_by(Seat.function != "chair", Seat.function != "deputy", Seat.name, Seat.id, Interest.candidacy_id)
)


def _seats(round_id: int) -> tuple[tuple[SeatLine, ...], tuple[RecusalLine, ...]]:
    """Return the accepted seats, and who of the live ones stands aside from which file."""
    rows = db.session.execute(_SEATS, {"round_id": round_id}).all()
    seats = {row.id: SeatLine(*row[:7]) for row in rows if row.accepted_at is not None}
    aside = sorted(
        (row for row in rows if row.candidacy_id is not None),
        key=lambda row: (row.candidacy_id, row.name, row.id),
    )
    return tuple(seats.values()), tuple(RecusalLine(row.id, row.candidacy_id, row.reason) for row in aside)


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
