"""Admissibility, ties and marks in bulk: the rows that the services would write one by one, with their journal."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert, select, update

from awards_app.database import atomic, db
from awards_app.demonstration.texts import comment_for
from awards_app.models.candidacies import AdmissibilityDecision
from awards_app.models.editions import Criterion
from awards_app.models.juries import Interest, Seat
from awards_app.models.scoring import Mark, Scoresheet
from awards_app.models.types import new_key
from awards_app.services.demonstration.filing import Filed
from awards_app.services.demonstration.journal_rows import Act
from awards_app.services.rehearsal.simulation import REASON
from awards_app.services.rehearsal.turn import Turn


def admit(
    filed: Sequence[Filed],
    refused: Mapping[str, str],
    coordinator: tuple[int, str],
    round_id: int,
    begins: datetime,
    ends: datetime,
    ledger: list[Act],
) -> None:
    """Decide on files between two instants; ``refused`` gives the reason by the key of each inadmissible one."""
    account_id, actor = coordinator
    span = int((ends - begins).total_seconds())
    rows, acts = [], []
    for place, one in enumerate(filed):
        at = begins + timedelta(seconds=span * place // max(1, len(filed)))
        reason = refused.get(one.key, "")
        verdict = "inadmissible" if reason else "admissible"
        rows.append(
            {
                "candidacy_id": one.id,
                "verdict": verdict,
                "reason": reason,
                "decided_at": at,
                "decided_by_id": account_id,
                "notified_at": at,
            }
        )
        detail: dict[str, object] = {"verdict": verdict, "reason": reason}
        acts.append(Act(at, "decide_admissibility", actor, "candidacy", one.key, round_id, detail))
    with atomic() as session:
        if rows:
            session.execute(insert(AdmissibilityDecision), rows)
    ledger += acts


def declare(turn: Turn, begins: datetime, ledger: list[Act]) -> None:
    """Let every juror declare on every file, a minute apart, but those that a fact already stands them aside from."""
    seats = _seats(turn)
    aside = _already_aside(turn.id)
    rows, acts = [], []
    for place, seat in enumerate(turn.jury.readers):
        at = begins + timedelta(minutes=7 * place)
        for file in turn.files:
            if (seats[seat.seat_key], file.id) in aside:
                continue
            reason = turn.plan.recusals.get((seat.seat_key, file.key), "")
            verdict = "recused" if reason else "none"
            rows.append(
                {
                    "key": new_key(),
                    "seat_id": seats[seat.seat_key],
                    "candidacy_id": file.id,
                    "verdict": verdict,
                    "reason": reason,
                    "declared_at": at,
                    "declared_by_id": seat.account_id,
                }
            )
            detail: dict[str, object] = {"seat": seat.seat_key, "verdict": verdict}
            actor = turn.company.holder(seat.account_id).key
            acts.append(Act(at, "declare_interest", actor, "candidacy", file.key, turn.id, detail))
    with atomic() as session:
        if rows:
            session.execute(insert(Interest), rows)
    ledger += acts


def _already_aside(round_id: int) -> set[tuple[int, int]]:
    rows = db.session.execute(
        select(Interest.seat_id, Interest.candidacy_id)
        .join(Seat, Seat.id == Interest.seat_id)
        .where(Seat.round_id == round_id, Interest.replaced_at.is_(None))
    )
    return {(row.seat_id, row.candidacy_id) for row in rows}


def mark(
    turn: Turn,
    begins: datetime,
    ledger: list[Act],
    *,
    shares: Sequence[int] = (),
    skipped: frozenset[str] = frozenset(),
) -> int:
    """Write the sheets of the plan; return how many.

    ``shares`` say how much of their files each juror has marked, in hundredths (all of them when not given);
    ``skipped`` are keys of files that nobody has marked yet. Jurors who marked everything have finished.
    """
    seats, criteria = _seats(turn), _criteria(turn)
    sheets: list[dict[str, Any]] = []
    marks: list[tuple[str, dict[str, Any]]] = []
    acts, finished = [], []
    absent = {seat_key for seat_key, _file in turn.plan.absences}
    for place, seat in enumerate(turn.jury.readers):
        own = [sheet for sheet in turn.plan.sheets if sheet.seat_key == seat.seat_key]
        share = shares[place % len(shares)] if shares else 100
        kept = [sheet for sheet in own[: len(own) * share // 100] if sheet.file.key not in skipped]
        actor = turn.company.holder(seat.account_id).key
        for number, sheet in enumerate(kept):
            at = begins + timedelta(minutes=20 * number + 3 * place)
            key = new_key()
            sheets.append(_sheet(key, seats[seat.seat_key], sheet.file.id, turn.id, at))
            marks += [
                (key, row) for row in _marks(turn, seat.name, sheet.file.name, sheet.levels, criteria, at)
            ]
            detail: dict[str, object] = {
                "seat": seat.seat_key,
                "version": 1,
                "criteria": sorted(sheet.levels),
            }
            acts.append(Act(at, "record_scoresheet", actor, "scoresheet", sheet.file.key, turn.id, detail))
        if len(kept) == len(own) and kept and seat.seat_key not in absent:
            at = begins + timedelta(days=6, minutes=place)
            finished.append((seat.seat_key, at))
            acts.append(Act(at, "finish_seat", actor, "seat", seat.seat_key, turn.id))
    _write(turn, sheets, marks, finished)
    ledger += acts
    return len(sheets)


def _sheet(key: str, seat_id: int, candidacy_id: int, round_id: int, at: datetime) -> dict[str, Any]:
    return {
        "key": key,
        "seat_id": seat_id,
        "candidacy_id": candidacy_id,
        "round_id": round_id,
        "created_at": at,
        "saved_at": at,
    }


def _write(
    turn: Turn,
    sheets: list[dict[str, Any]],
    marks: list[tuple[str, dict[str, Any]]],
    finished: list[tuple[str, datetime]],
) -> None:
    with atomic() as session:
        if sheets:
            session.execute(insert(Scoresheet), sheets)
        found = session.execute(select(Scoresheet.key, Scoresheet.id).where(Scoresheet.round_id == turn.id))
        ids = dict(found.all())
        if marks:
            session.execute(insert(Mark), [{**row, "scoresheet_id": ids[key]} for key, row in marks])
        for seat_key, at in finished:
            session.execute(update(Seat).where(Seat.key == seat_key).values(finished_at=at))


def _marks(
    turn: Turn, juror: str, file: str, levels: dict[str, int], criteria: dict[str, int], at: datetime
) -> list[dict[str, Any]]:
    rng = Random(f"words:{turn.seed}:{juror}:{file}")
    rows = []
    for code, level in levels.items():
        says = level in (0, turn.top_level) or rng.randrange(100) < 25
        rows.append(
            {
                "criterion_id": criteria[code],
                "level": level,
                "reason": _words(rng, code, level) if says else "",
                "saved_at": at,
            }
        )
    return rows


def _words(rng: Random, code: str, level: int) -> str:
    try:
        return comment_for(rng, code, level)
    except KeyError:
        return REASON


def _seats(turn: Turn) -> dict[str, int]:
    rows = db.session.execute(select(Seat.key, Seat.id).where(Seat.round_id == turn.id))
    return dict(rows.all())


def _criteria(turn: Turn) -> dict[str, int]:
    rows = db.session.execute(
        select(Criterion.code, Criterion.id).where(
            Criterion.edition_id == turn.edition_id, Criterion.level == turn.level
        )
    )
    return dict(rows.all())
