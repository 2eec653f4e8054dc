"""The lock: scores become a snapshot with its hash, and a ranking; two persons may undo it."""

from datetime import datetime

from sqlalchemy import func, select, update

from awards_app.adapters.queue import enqueue
from awards_app.database import after_commit, atomic, db
from awards_app.domain.holder import Holder
from awards_app.domain.motives import read_motive
from awards_app.domain.permissions import Permission, Subject
from awards_app.domain.phases import PHASE_LABELS, Phase
from awards_app.domain.ranking import REASONS, MarksAreMissing, MissingSheet, Standing, check_lockable, rank
from awards_app.domain.refusals import IsNotThePhase
from awards_app.domain.score_display import show_all
from awards_app.domain.snapshot import take_snapshot
from awards_app.domain.text import sort_key
from awards_app.domain.words import N_
from awards_app.models.editions import Round
from awards_app.models.scoring import Snapshot, StandingRow
from awards_app.queries.ballots import RoundBallots, ballots_of_round
from awards_app.queries.juries import JuryRoom, open_room
from awards_app.services.advice import JOB
from awards_app.services.agreements import DONE, PENDING, agree
from awards_app.services.annulled_rows import void_decisions
from awards_app.services.journal import write_entry
from awards_app.services.rounds import lock_round, move_round


class SheetsAreMissing(MarksAreMissing):
    """The same as `MarksAreMissing`, with what the chair is shown: ``lines`` of (juror, file)."""

    def __init__(self, missing: tuple[MissingSheet, ...], lines: tuple[tuple[str, str], ...]) -> None:
        super().__init__(missing)
        self.lines = lines
        self.errors = {
            f"missing-{place}": f"{juror} : {file}" for place, (juror, file) in enumerate(lines, start=1)
        }


def lock_scoring(holder: Holder, round_key: str | int, now: datetime) -> str:
    """Lock the round and return the snapshot's SHA-256; a second lock returns the first one's.

    The chair alone may. Raises `SheetsAreMissing` while a mark is missing and not waived.
    """
    with atomic():
        room = open_room(holder, round_key, Permission.LOCK_SCORING, now)
        row = lock_round(room.round.id)
        if not _is_chair(room):
            raise IsNotThePhase(phase=PHASE_LABELS[room.round.phase])
        live = _live_snapshot(row.id)
        if Phase(row.phase) is Phase.DELIBERATION and live is not None:
            return live.sha256
        if Phase(row.phase) is not Phase.SCORING:
            raise IsNotThePhase(phase=PHASE_LABELS[Phase(row.phase)])
        ballots = _ballots(row)
        _check(ballots)
        sha256 = _take(row, ballots, now, holder)
        move_round(row, "lock_scoring", now, holder, detail={"sha256": sha256})
        return sha256


def renew_snapshot(holder: Holder, round_id: int, now: datetime, reason: str) -> str:
    """Take the snapshot again after a sheet was set aside in a locked round; the former one is kept and released.

    Joins the caller's transaction, which holds the round.
    """
    with atomic():
        row = lock_round(round_id)
        _release(row.id, now)
        sha256 = _take(row, _ballots(row), now, holder)
        write_entry(
            holder,
            "renew_snapshot",
            "round",
            row.key,
            now,
            round_id=row.id,
            detail={"sha256": sha256, "reason": reason},
        )
        return sha256


def unlock_scoring(holder: Holder, round_key: str | int, reason: str, now: datetime) -> str:
    """Reopen scoring; « pending » until the second person confirms, then « done ».

    Chair and chamber while deliberating, chamber and national staff once decided; decisions are annulled first and
    the former snapshot is kept. Raises `InputIsInvalid` without a reason.
    """
    with atomic():
        room = open_room(holder, round_key, Permission.LOCK_SCORING, now)
        row = lock_round(room.round.id)
        phase = Phase(row.phase)
        if phase not in (Phase.DELIBERATION, Phase.DECIDED):
            raise IsNotThePhase(phase=PHASE_LABELS[room.round.phase])
        words = read_motive(reason, N_("Indiquez le motif de la réouverture."))
        other = Subject.CHAIR if phase is Phase.DELIBERATION else Subject.NATIONAL_STAFF
        agreed = agree(
            holder,
            "unlock_scoring",
            row.key,
            (other, Subject.COORDINATOR),
            room.round.subjects,
            now,
            round_id=row.id,
            reason=words,
        )
        if agreed is None:
            return PENDING
        void_decisions(row, str(agreed["reason"]), now, holder)
        _release(row.id, now)
        move_round(row, "unlock_scoring", now, holder, detail={"reason": agreed["reason"]})
        return DONE


def _is_chair(room: JuryRoom) -> bool:
    return Subject.CHAIR in room.round.subjects


def _ballots(row: Round) -> RoundBallots:
    return ballots_of_round(row.id, row.edition_id, is_national=row.region_code is None)


def _check(ballots: RoundBallots) -> None:
    missing: list[MissingSheet] = []
    for ballot in ballots.by_theme.values():
        try:
            check_lockable(ballot)
        except MarksAreMissing as refusal:
            missing.extend(refusal.missing)
    if missing:
        lines = sorted(
            (ballots.seats[one.juror].name, ballots.files[one.candidacy].structure)  # type: ignore[index]  # keys are ours
            for one in missing
        )
        raise SheetsAreMissing(tuple(missing), tuple(lines))


def _live_snapshot(round_id: int) -> Snapshot | None:
    return db.session.scalar(
        select(Snapshot)
        .where(Snapshot.round_id == round_id, Snapshot.released_at.is_(None))
        .execution_options(populate_existing=True)
    )


def _take(row: Round, ballots: RoundBallots, now: datetime, holder: Holder) -> str:
    taken = take_snapshot(ballots.by_theme, ballots.numbers)
    number = db.session.scalar(select(func.max(Snapshot.number)).where(Snapshot.round_id == row.id)) or 0
    snapshot = Snapshot(
        round_id=row.id,
        number=number + 1,
        content=taken.canonical.decode(),
        sha256=taken.sha256,
        juror_names={ballots.seats[seat].key: name for seat, name in taken.juror_names.items()},  # type: ignore[index]  # keys are ours
        locked_at=now,
        locked_by_id=holder.account_id,
    )
    db.session.add(snapshot)
    db.session.flush()
    for code, ballot in ballots.by_theme.items():
        standings = rank(ballot, order=lambda key: sort_key(ballots.files[key].structure))
        shown = show_all((standing.score for standing in standings), ballot.grid)
        db.session.add_all(
            _standing_row(snapshot.id, ballots.theme_ids[code], standing, text or "")
            for standing, text in zip(standings, shown, strict=True)
        )
    db.session.flush()
    after_commit(enqueue, JOB, snapshot.id)
    return taken.sha256


def _standing_row(snapshot_id: int, theme_id: int, standing: Standing, shown: str) -> StandingRow:
    score = standing.score
    return StandingRow(
        snapshot_id=snapshot_id,
        candidacy_id=standing.candidacy,
        theme_id=theme_id,
        numerator=None if score is None else score.numerator,
        denominator=1 if score is None else score.denominator,
        shown=shown,
        readers=standing.readers,
        rank=standing.rank,
        is_tied=standing.tied,
        note="" if standing.reason is None else REASONS[standing.reason],
    )


def _release(round_id: int, now: datetime) -> None:
    db.session.execute(
        update(Snapshot)
        .where(Snapshot.round_id == round_id, Snapshot.released_at.is_(None))
        .values(released_at=now)
    )
