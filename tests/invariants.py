"""The invariants of the promises, as questions to the database: each returns what breaks it, nothing when it holds.

Numbers are those of the list in the promises. Used by the state machine after each step, by the test of the whole cycle
at its end, and by whoever wants to check a database: ``broken()`` inside an application context.
"""

import hashlib
import json
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from sqlalchemy import func, select, text

from awards_app.adapters import storage
from awards_app.database import db
from awards_app.domain.chain import ChainEntry, verify_chain
from awards_app.domain.phases import MOVES
from awards_app.models.accounts import Account, AccountSession, RoleGrant
from awards_app.models.admissibility import CompletionAnswer, RegionTransfer
from awards_app.models.candidacies import (
    AdmissibilityDecision,
    Answer,
    Attachment,
    Candidacy,
    Filing,
    IdempotencyKey,
)
from awards_app.models.editions import Criterion, CriterionLevel, CriterionWeight, Edition, Round
from awards_app.models.journal import JournalEntry
from awards_app.models.juries import Interest, Seat
from awards_app.models.scoring import Mark, Scoresheet, Snapshot, StandingRow
from awards_app.models.structures import Membership
from awards_app.queries.ballots import ballots_of_round
from awards_app.services.journal import canonical_entry
from tests import invariants_decided
from tests.invariants_registry import CHECKS, invariant
from tests.invariants_registry import rows_of as _rows

__all__ = ["CHECKS", "broken", "editions", "invariants_decided"]


def broken(only: Iterable[int] | None = None) -> list[str]:
    """Return every sentence that says what breaks an invariant: ``7: a mark is newer than its lock …``."""
    numbers = CHECKS if only is None else only
    found = [f"{number}: {sentence}" for number in numbers for sentence in CHECKS[number]()]
    db.session.rollback()
    return found


@invariant(1)
def receipts() -> Iterable[str]:
    """Each submitted file has one receipt that counts, the hash of its frozen copy, an instant before the deadline.

    A copy that answers a request for completion has the request's own deadline; a file that changed region keeps the one of
    the region where it was filed. A copy from which a person was erased has the hash that the journal recorded then.
    """
    redacted = _redactions()
    live = (
        select(Filing.candidacy_id, func.count())
        .where(Filing.replaced_at.is_(None))
        .group_by(Filing.candidacy_id)
    )
    counts = dict(tuple(row) for row in _rows(live))
    for row in _rows(select(Candidacy.id, Candidacy.key).where(Candidacy.state == "submitted")):
        if counts.get(row.id) != 1:
            yield f"{row.key} has {counts.get(row.id, 0)} receipts that count"
    filed_in = (
        select(func.min(RegionTransfer.from_round_id))
        .where(
            RegionTransfer.candidacy_id == Candidacy.id,
            RegionTransfer.state == "accepted",
            RegionTransfer.settled_at > Filing.submitted_at,
        )
        .correlate(Candidacy, Filing)
        .scalar_subquery()
    )
    query = (
        select(
            Filing.key,
            Filing.receipt,
            Filing.content,
            Filing.sha256,
            Filing.submitted_at,
            func.coalesce(CompletionAnswer.closes_at, Round.closes_at, type_=Round.closes_at.type).label(
                "closes_at"
            ),
            Candidacy.origin,
        )
        .join(Candidacy, Candidacy.id == Filing.candidacy_id)
        .join(Round, Round.id == func.coalesce(filed_in, Candidacy.round_id))
        .outerjoin(CompletionAnswer, CompletionAnswer.filing_id == Filing.id)
    )
    for row in _rows(query):
        found = hashlib.sha256(row.content.encode()).hexdigest()
        recorded = redacted.get(f"filing:{row.key}", {"original": row.sha256, "kept": row.sha256})
        if (row.sha256, found) != (recorded["original"], recorded["kept"]):
            yield f"{row.receipt}: its hash is not that of its copy"
        if not row.origin and row.closes_at is not None and row.submitted_at >= row.closes_at:
            yield f"{row.receipt}: filed after the deadline"


def _redactions() -> dict[str, dict[str, str]]:
    """Return what the journal says of frozen copies that were masked, the last time counting."""
    acts = select(JournalEntry.detail).where(JournalEntry.act == "erase_person").order_by(JournalEntry.seq)
    found: dict[str, dict[str, str]] = {}
    for row in _rows(acts):
        found |= row.detail["redactions"]
    return found


@invariant(2)
def frozen_copies() -> Iterable[str]:
    """No answer changes once submitted, unless the submission was taken back."""
    query = (
        select(Candidacy.key, Answer.question_code)
        .join(Answer, Answer.candidacy_id == Candidacy.id)
        .where(
            Candidacy.state == "submitted",
            Candidacy.taken_back_at.is_(None),
            Answer.saved_at > Candidacy.submitted_at,
        )
    )
    return [f"{row.key}: {row.question_code} changed after submission" for row in _rows(query)]


@invariant(3)
def one_live_candidacy() -> Iterable[str]:
    """A structure has at most one live candidacy in an edition."""
    query = (
        select(Candidacy.structure_id, func.count())
        .where(Candidacy.state.in_(("draft", "submitted")))
        .group_by(Candidacy.edition_id, Candidacy.structure_id)
        .having(func.count() > 1)
    )
    return [f"structure {row[0]} has {row[1]} live candidacies" for row in _rows(query)]


@invariant(4)
def files() -> Iterable[str]:
    """Each attachment row has its bytes, of its size and hash."""
    for row in _rows(
        select(Attachment.key, Attachment.storage_key, Attachment.sha256, Attachment.size).where(
            Attachment.deleted_at.is_(None)
        )
    ):
        try:
            content = storage.get(row.storage_key, row.sha256)
        except storage.FileIsDamaged:
            yield f"{row.key}: bytes missing or changed"
            continue
        if len(content) != row.size:
            yield f"{row.key}: {len(content)} bytes instead of {row.size}"


@invariant(5)
def marks_in_range() -> Iterable[str]:
    """A mark is a level of the scale."""
    tops = (
        select(CriterionLevel.criterion_id, func.max(CriterionLevel.value).label("top"))
        .group_by(CriterionLevel.criterion_id)
        .subquery()
    )
    query = (
        select(Mark.scoresheet_id, Mark.level, tops.c.top)
        .join(tops, tops.c.criterion_id == Mark.criterion_id)
        .where((Mark.level < 0) | (Mark.level > tops.c.top))
    )
    return [f"sheet {row.scoresheet_id}: level {row.level} over {row.top}" for row in _rows(query)]


@invariant(6)
def counted_sheets() -> Iterable[str]:
    """No sheet of a recused, foreign or departed juror, or of a candidate, counts in a ballot."""
    recused = {
        tuple(row)
        for row in _rows(
            select(Interest.seat_id, Interest.candidacy_id).where(
                Interest.verdict == "recused", Interest.replaced_at.is_(None)
            )
        )
    }
    seats = {row.id: row for row in _rows(select(Seat.id, Seat.round_id, Seat.left_at, Seat.accepted_at))}
    for turn in _rows(
        select(Round.id, Round.key, Round.edition_id, Round.region_code).where(
            Round.phase.in_(("P3", "P4", "P5"))
        )
    ):
        ballots = ballots_of_round(turn.id, turn.edition_id, is_national=turn.region_code is None)
        for ballot in ballots.by_theme.values():
            for sheet in ballot.sheets:
                seat = seats[sheet.juror]  # type: ignore[index]  # keys are ours
                counts = not (sheet.recused or sheet.set_aside)
                if not counts:
                    continue
                if (sheet.juror, sheet.candidacy) in recused:
                    yield f"seat {sheet.juror} counts on {sheet.candidacy} although recused"
                if seat.round_id != turn.id or seat.left_at is not None or seat.accepted_at is None:
                    yield f"seat {sheet.juror} counts in a round where it does not sit"


@invariant(7)
def nothing_after_the_lock() -> Iterable[str]:
    """No mark that counts is newer than the lock of its round."""
    query = (
        select(Scoresheet.key, Mark.saved_at, Snapshot.locked_at)
        .join(Scoresheet, Scoresheet.id == Mark.scoresheet_id)
        .join(Snapshot, (Snapshot.round_id == Scoresheet.round_id) & Snapshot.released_at.is_(None))
        .where(Mark.saved_at > Snapshot.locked_at, Scoresheet.set_aside_at.is_(None))
    )
    return [f"sheet {row.key} has a mark after its lock" for row in _rows(query)]


@invariant(8)
def snapshot_hashes() -> Iterable[str]:
    """A snapshot's hash is that of its content."""
    for row in _rows(select(Snapshot.key, Snapshot.content, Snapshot.sha256)):
        if hashlib.sha256(row.content.encode()).hexdigest() != row.sha256:
            yield f"snapshot {row.key}: its hash is not that of its content"


@invariant(9)
def standings_are_exact() -> Iterable[str]:
    """Standings are the exact means of the snapshot's counted sheets, recomputed here without the platform's own code."""
    for taken in _rows(select(Snapshot.id, Snapshot.key, Snapshot.content)):
        means = _means(json.loads(taken.content))
        query = (
            select(
                Filing.receipt,
                StandingRow.numerator,
                StandingRow.denominator,
                StandingRow.rank,
                StandingRow.candidacy_id,
            )
            .join(Filing, Filing.candidacy_id == StandingRow.candidacy_id)
            .where(StandingRow.snapshot_id == taken.id)
        )
        told: dict[int, list[tuple[str, Fraction | None]]] = {}
        for row in _rows(query):
            score = None if row.numerator is None else Fraction(row.numerator, row.denominator)
            told.setdefault(row.candidacy_id, []).append((row.receipt, score))
        for lines in told.values():
            # A file submitted again has several receipts: the snapshot speaks of one of them.
            if not any(means.get(receipt, "absent") == score for receipt, score in lines):
                yield f"snapshot {taken.key}: {lines} is not the mean {[means.get(line[0]) for line in lines]}"


def _means(content: dict[str, Any]) -> dict[str, Fraction | None]:
    means: dict[str, Fraction | None] = {}
    for theme in content["themes"].values():
        weights = {line["code"]: line["weight"] for line in theme["grid"]["criteria"]}
        totals: dict[str, list[int]] = {number: [] for number in theme["candidacies"]}
        for sheet in theme["sheets"]:
            if sheet["state"] == "counted":
                totals[sheet["candidacy"]].append(
                    sum(weights[code] * sheet["levels"][code] for code in weights)
                )
        for number, given in totals.items():
            means[number] = Fraction(sum(given), 100 * len(given)) if given else None
    return means


@invariant(10)
def ranks() -> Iterable[str]:
    """Ranks are 1-2-2-4: one more than the number of better scores in the theme."""
    query = select(
        StandingRow.snapshot_id,
        StandingRow.theme_id,
        StandingRow.numerator,
        StandingRow.denominator,
        StandingRow.rank,
    )
    groups: dict[tuple[int, int], list[tuple[Fraction | None, int | None]]] = {}
    for row in _rows(query):
        score = None if row.numerator is None else Fraction(row.numerator, row.denominator)
        groups.setdefault((row.snapshot_id, row.theme_id), []).append((score, row.rank))
    for where, lines in groups.items():
        scores = [score for score, _rank in lines if score is not None]
        for score, rank in lines:
            right = None if score is None else 1 + sum(other > score for other in scores)
            if rank != right:
                yield f"{where}: rank {rank} instead of {right}"


@invariant(11)
def locked_means_complete() -> Iterable[str]:
    """In a snapshot every juror called has scored, stands aside, or was waived: no line lacks a level."""
    for taken in _rows(select(Snapshot.key, Snapshot.content)):
        for code, theme in json.loads(taken.content)["themes"].items():
            criteria = {line["code"] for line in theme["grid"]["criteria"]}
            for sheet in theme["sheets"]:
                if sheet["state"] == "counted" and (
                    set(sheet["levels"]) != criteria or None in sheet["levels"].values()
                ):
                    yield f"snapshot {taken.key}, {code}: {sheet['juror']} on {sheet['candidacy']} lacks a mark"


@invariant(12)
def weights() -> Iterable[str]:
    """The weights of a grid in a theme sum to 100."""
    query = (
        select(
            Criterion.edition_id, Criterion.level, CriterionWeight.theme_id, func.sum(CriterionWeight.weight)
        )
        .join(Criterion, Criterion.id == CriterionWeight.criterion_id)
        .group_by(Criterion.edition_id, Criterion.level, CriterionWeight.theme_id)
    )
    return [f"{tuple(row)}" for row in _rows(query) if row[3] != 100]


@invariant(21)
def chain() -> Iterable[str]:
    """The journal has no gap and its chain holds."""
    entries = db.session.scalars(
        select(JournalEntry).order_by(JournalEntry.seq).execution_options(populate_existing=True)
    )
    bad = verify_chain(ChainEntry(entry.seq, canonical_entry(entry), entry.hash) for entry in entries)
    if bad is not None:
        yield f"the journal breaks at entry {bad}"


@invariant(22)
def one_entry_a_change() -> Iterable[str]:
    """Each filing, admissibility decision, snapshot and waiver has its entry in the journal, and only one."""
    acts = dict(
        tuple(row)
        for row in _rows(
            select(JournalEntry.act, func.count())
            .where(JournalEntry.outcome == "done")
            .group_by(JournalEntry.act)
        )
    )
    filings = db.session.scalar(
        select(func.count(Filing.id))
        .join(Candidacy, Candidacy.id == Filing.candidacy_id)
        .where(Candidacy.origin == "")
    )
    answers = db.session.scalar(select(func.count(CompletionAnswer.id)))
    completed = db.session.scalar(
        select(func.count(CompletionAnswer.id))
        .join(Filing, Filing.id == CompletionAnswer.filing_id)
        .join(Candidacy, Candidacy.id == Filing.candidacy_id)
        .where(Candidacy.origin == "")
    )
    counted = {
        "submit_candidacy": (filings or 0) - (completed or 0),
        "answer_completion": answers,
        "decide_admissibility": db.session.scalar(select(func.count(AdmissibilityDecision.id))),
        "withdraw_candidacy": db.session.scalar(
            select(func.count(Candidacy.id)).where(Candidacy.state == "withdrawn")
        ),
        "grant_role": db.session.scalar(select(func.count(RoleGrant.id))),
    }
    for act, count in counted.items():
        if acts.get(act, 0) != count:
            yield f"{act}: {acts.get(act, 0)} entries for {count} rows"
    locks = acts.get("lock_scoring", 0) + acts.get("renew_snapshot", 0)
    taken = db.session.scalar(select(func.count(Snapshot.id)))
    if locks != taken:
        yield f"{locks} locks in the journal for {taken} snapshots"


@invariant(23)
def moves() -> Iterable[str]:
    """Rounds moved only by the listed moves, each from where the one before had led."""
    allowed = {(origin.value, act, target.value) for origin, act, target in MOVES}
    where: dict[int, str] = {}
    query = (
        select(JournalEntry.act, JournalEntry.detail, JournalEntry.round_id)
        .where(
            JournalEntry.act.in_({act for _origin, act, _target in MOVES}),
            JournalEntry.object_kind == "round",
        )
        .order_by(JournalEntry.seq)
    )
    for row in _rows(query):
        if "from" not in row.detail:
            continue
        move = (row.detail["from"], row.act, row.detail["to"])
        if move not in allowed:
            yield f"round {row.round_id}: {move} is not a listed move"
        if where.get(row.round_id, move[0]) != move[0]:
            yield f"round {row.round_id}: {move} starts from {where[row.round_id]}"
        where[row.round_id] = move[2]
    phases = dict(tuple(row) for row in _rows(select(Round.id, Round.phase)))
    for round_id, phase in where.items():
        if phases[round_id] != phase:
            yield f"round {round_id} is in {phases[round_id]}, the journal says {phase}"


@invariant(24)
def grants() -> Iterable[str]:
    """Who granted a role had the right to, when they did."""
    query = text(
        "SELECT g.key FROM role_grant g WHERE g.granted_by_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM role_grant r "
        "WHERE r.account_id = g.granted_by_id AND r.granted_at <= g.granted_at "
        "AND (r.revoked_at IS NULL OR r.revoked_at >= g.granted_at) "
        "AND (r.role = 'national_staff' OR (r.role = 'coordinator' AND r.region_code = g.region_code)))"
    )
    return [f"grant {row[0]}: its giver had no right to" for row in db.session.execute(query)]


@invariant(25)
def sessions() -> Iterable[str]:
    """No live session of a closed account."""
    query = (
        select(AccountSession.id)
        .join(Account, Account.id == AccountSession.account_id)
        .where(
            Account.disabled_at.is_not(None),
            AccountSession.ended_at.is_(None),
            AccountSession.created_at > Account.disabled_at,
        )
    )
    return [f"session {row.id} of a closed account" for row in _rows(query)]


@invariant(28)
def recused_means_away() -> Iterable[str]:
    """Nothing of a juror on a file is saved after their recusal on it."""
    query = (
        select(Scoresheet.key)
        .join(
            Interest,
            (Interest.seat_id == Scoresheet.seat_id) & (Interest.candidacy_id == Scoresheet.candidacy_id),
        )
        .where(
            Interest.verdict == "recused",
            Interest.replaced_at.is_(None),
            Scoresheet.saved_at > Interest.declared_at,
        )
    )
    return [f"sheet {row.key} was saved after the recusal" for row in _rows(query)]


@invariant(29)
def jurors_are_not_candidates() -> Iterable[str]:
    """No member of a structure has a sheet that counts in a category where the structure is a candidate."""
    query = (
        select(Scoresheet.key)
        .join(Seat, Seat.id == Scoresheet.seat_id)
        .join(
            Membership,
            (Membership.account_id == Seat.account_id)
            & Membership.left_at.is_(None)
            & Membership.accepted_at.is_not(None),
        )
        .join(
            Candidacy,
            (Candidacy.structure_id == Membership.structure_id) & (Candidacy.id == Scoresheet.candidacy_id),
        )
        .where(Scoresheet.set_aside_at.is_(None), Candidacy.state == "submitted")
    )
    return [f"sheet {row.key} is of a member of the structure" for row in _rows(query)]


@invariant(30)
def idempotency() -> Iterable[str]:
    """A client's key is used once by a person and verb."""
    query = (
        select(IdempotencyKey.account_id, IdempotencyKey.verb, IdempotencyKey.client_key)
        .group_by(IdempotencyKey.account_id, IdempotencyKey.verb, IdempotencyKey.client_key)
        .having(func.count() > 1)
    )
    return [f"{tuple(row)} is there twice" for row in _rows(query)]


def editions() -> int:
    """Return how many editions there are, so that a check of an empty database is not taken for a success."""
    return db.session.scalar(select(func.count(Edition.id))) or 0
