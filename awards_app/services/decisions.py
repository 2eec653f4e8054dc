"""The confirmation of a jury's decisions: one person, not the proposer, confirms the whole set."""

from datetime import datetime

from sqlalchemy import select, update

from awards_app.database import atomic, db
from awards_app.domain.deliberations import NATIONAL_ENTRY, DecisionsAreBlocked, Point
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.domain.phases import Phase
from awards_app.domain.words import N_
from awards_app.models.deliberations import Decision
from awards_app.models.honours import NationalEntry
from awards_app.queries.deliberations import DecisionLine, Desk, decided_filings, desk_of
from awards_app.queries.reconciliation import NATIONAL_IS_LOCKED, confirmation_points, national_round_of
from awards_app.queries.theme_absences import absent_themes
from awards_app.services.entries_carried import send_up
from awards_app.services.held_rooms import check_no_conflict, take_room
from awards_app.services.minutes import freeze_minutes
from awards_app.services.rounds import lock_round, move_round

DONE = "done"
THEME_IS_ABSENT = N_(
    "La coordination a dit que la région n’envoie personne en %(theme)s : levez d’abord cette mention."
)


def confirm_decisions(holder: Holder, round_key: str, now: datetime) -> str:
    """Confirm every proposal of the round, freeze the minutes, send the entries up; the round is then decided.

    Raises `InterestConflict` for a member of a candidate structure, `DecisionsAreBlocked` with every point to settle.
    """
    with atomic():
        room, row = take_room(holder, round_key, Permission.CONFIRM_DECISION, now)
        check_no_conflict(holder, room)
        desk = desk_of(row.id)
        points = list(confirmation_points(desk, holder.account_id))
        entries = _entries(desk)
        if not points:
            points = _entry_points(desk, entries)
        if points:
            raise DecisionsAreBlocked(points)
        db.session.execute(
            update(Decision)
            .where(Decision.round_id == row.id, Decision.annulled_at.is_(None))
            .values(confirmed_by_id=holder.account_id, confirmed_at=now)
        )
        if desk.round.region_code is not None:
            _carry(desk, entries, holder, now)
        freeze_minutes(desk_of(row.id), holder, now)
        move_round(row, "confirm_decision", now, holder, detail={"decisions": len(desk.decisions)})
        return DONE


def _entries(desk: Desk) -> dict[int, DecisionLine]:
    return {
        line.candidacy_id: line
        for line in desk.decisions
        if line.candidacy_id is not None and desk.prize(line.prize_id).outcome == NATIONAL_ENTRY
    }


def _entry_points(desk: Desk, entries: dict[int, DecisionLine]) -> list[Point]:
    national = national_round_of(desk.round.edition_id)
    if desk.round.region_code is None:
        return []
    absent = absent_themes(desk.round.id)
    points: list[Point] = [
        (THEME_IS_ABSENT, {"theme": theme.name})
        for theme in desk.themes
        if theme.id in absent and any(line.theme_id == theme.id for line in entries.values())
    ]
    is_locked = national is not None and national[1] >= Phase.DELIBERATION.value
    if is_locked and set(entries) - set(_live_entries(desk)):
        points.append((NATIONAL_IS_LOCKED, {}))
    return points


def _live_entries(desk: Desk) -> dict[int, int]:
    rows = db.session.execute(
        select(NationalEntry.candidacy_id, NationalEntry.id)
        .join(Decision, Decision.id == NationalEntry.decision_id)
        .where(Decision.round_id == desk.round.id, NationalEntry.ended_at.is_(None))
    )
    return {row.candidacy_id: row.id for row in rows}


def _carry(desk: Desk, entries: dict[int, DecisionLine], holder: Holder, now: datetime) -> None:
    """Send the entries up: those already there stay, those no longer decided end."""
    national = national_round_of(desk.round.edition_id)
    if national is None:
        return
    lock_round(national[0])
    live = _live_entries(desk)
    filings = decided_filings(line.id for line in entries.values())
    for candidacy_id, entry_id in live.items():
        entry = db.session.get_one(NationalEntry, entry_id)
        if candidacy_id in entries:
            entry.decision_id = entries[candidacy_id].id
        else:
            entry.ended_at, entry.ended_reason = now, "la région n’a plus retenu cette candidature"
    for candidacy_id, line in entries.items():
        if candidacy_id not in live:
            decision = db.session.get_one(Decision, line.id)
            send_up(national[0], decision, filings[line.id].filing_id, holder, now)
    db.session.flush()
