"""What a jury tells each candidate: edited and approved by the chair, told once its round is published."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from awards_app.adapters.public_address import public_address
from awards_app.database import atomic, db
from awards_app.domain.candidate_accounts import (
    AccountHasChanged,
    AccountIsInvalid,
    NamesAreFound,
    check_account,
)
from awards_app.domain.holder import Holder
from awards_app.domain.phases import Phase
from awards_app.domain.snapshot import sha256_of
from awards_app.domain.text import clean_text
from awards_app.models.candidacies import Candidacy
from awards_app.models.candidate_accounts import CandidateAccount
from awards_app.models.editions import Edition, Region, Round
from awards_app.models.messages import Message
from awards_app.models.structures import Structure
from awards_app.queries.candidate_accounts import (
    TOLD,
    AccountLine,
    OpenAccount,
    accounts_desk,
    open_account,
    open_accounts,
)
from awards_app.queries.responsible_people import people_responsible
from awards_app.services.journal import write_entry
from awards_app.services.messages import queue_message
from awards_app.services.recipients import ACCOUNT_READY, TAKEN_BACK
from awards_app.services.rounds import lock_round
from awards_app.services.rows_apart import each_apart


@dataclass(frozen=True, slots=True)
class Blocked:
    """An account that could not be approved with the others: what was found in it."""

    line: AccountLine
    found: tuple[str, ...]


def save_account(
    holder: Holder,
    seat_key: str,
    candidacy_key: str,
    body: str,
    shared: Collection[str],
    version: int,
    now: datetime,
) -> int:
    """Keep what the chair wrote and return its version; nobody else reads it, and an approved text is no longer.

    ``shared`` are the keys of the sheets whose comment the jury agreed to share. Raises `AccountHasChanged`, or the
    refusals of `accounts_desk`.
    """
    with atomic():
        opened = _hold(holder, seat_key, candidacy_key, now)
        row = _write(holder, opened, body, shared, version, now)
        row.approved_at = row.approved_by_id = None
        _note(holder, "save_candidate_account", opened, row, now)
        return row.version


def approve_account(
    holder: Holder,
    seat_key: str,
    candidacy_key: str,
    body: str,
    shared: Collection[str],
    version: int,
    now: datetime,
    *,
    confirmed: Collection[str] = (),
) -> None:
    """Approve an account as it stands on the chair's screen; its candidate reads it once the round is published.

    ``confirmed`` are the names found that the chair saw and says to be nobody's of the jury. Raises `AccountIsInvalid`,
    `NamesAreFound`, `AccountHasChanged`, or the refusals of `accounts_desk`.
    """
    with atomic():
        opened = _hold(holder, seat_key, candidacy_key, now)
        texts = [one.text for one in opened.comments if one.sheet in shared]
        names = check_account(clean_text(body), texts, opened.jurors, confirmed)
        row = _write(holder, opened, body, shared, version, now)
        _approve(holder, opened, row, names, now)
        _tell([row], now)


def approve_all(holder: Holder, seat_key: str, now: datetime) -> tuple[int, list[Blocked]]:
    """Approve every account that waits; return how many were, and those that a name, a mark or a rank keeps back."""
    with atomic():
        desk = accounts_desk(holder, seat_key, now)
        lock_round(desk.room.round.id)
        desk = accounts_desk(holder, seat_key, now)
        waiting = [line for line in desk.lines if line.state != "approved"]
        approved, blocked = [], []
        for opened in open_accounts(desk, waiting):
            # What the jury decides now is not what a stale text says: its chair reads it first.
            if opened.line.state == "stale":
                blocked.append(Blocked(opened.line, ()))
                continue
            shared = [one.sheet for one in opened.comments if one.chosen]
            texts = [one.text for one in opened.comments if one.chosen]
            try:
                names = check_account(opened.body, texts, opened.jurors, opened.line.account.confirmed)
            except NamesAreFound as refusal:
                blocked.append(Blocked(opened.line, refusal.names))
                continue
            except AccountIsInvalid as refusal:
                blocked.append(Blocked(opened.line, (str(refusal.values.get("found", "")),)))
                continue
            row = _write(holder, opened, opened.body, shared, opened.version, now)
            _approve(holder, opened, row, names, now)
            approved.append(row)
        _tell(approved, now)
        return len(approved), blocked


def tell_accounts(now: datetime) -> int:
    """Put in the outbox the letters of accounts approved before their round was published; return how many accounts."""
    waiting = db.session.scalars(
        select(CandidateAccount.id)
        .join(Round, Round.id == CandidateAccount.round_id)
        .where(*_is_to_be_told())
        .order_by(CandidateAccount.id)
    ).all()
    return sum(each_apart(lambda account_id: _tell_one(account_id, now), waiting))


def _tell_one(account_id: int, now: datetime) -> int:
    with atomic() as session:
        rows = session.scalars(
            select(CandidateAccount)
            .join(Round, Round.id == CandidateAccount.round_id)
            .where(CandidateAccount.id == account_id, *_is_to_be_told())
            .with_for_update(of=CandidateAccount)
            .execution_options(populate_existing=True)
        ).all()
        return _tell(rows, now)


def _is_to_be_told() -> tuple[ColumnElement[bool], ...]:
    return (
        CandidateAccount.approved_at.is_not(None),
        CandidateAccount.told_at.is_(None),
        Round.phase.in_(TOLD),
    )


def _hold(holder: Holder, seat_key: str, candidacy_key: str, now: datetime) -> OpenAccount:
    """Return an account with its round held: what is read is what is written upon."""
    lock_round(accounts_desk(holder, seat_key, now).room.round.id)
    return open_account(holder, seat_key, candidacy_key, now)


def _write(
    holder: Holder, opened: OpenAccount, body: str, shared: Collection[str], version: int, now: datetime
) -> CandidateAccount:
    if version != opened.version:
        raise AccountHasChanged
    line = opened.line
    row = db.session.get(CandidateAccount, line.account.id) if line.account.id else None
    if row is None:
        row = CandidateAccount(
            round_id=opened.desk.room.round.id, candidacy_id=line.candidacy_id, version=0, confirmed=[]
        )
        db.session.add(row)
    row.body = clean_text(body).strip()
    row.shared = [
        {"sheet": one.sheet, "text": one.text} for one in opened.comments if one.sheet in set(shared)
    ]
    row.basis = line.basis
    row.version += 1
    row.saved_at, row.saved_by_id = now, holder.account_id
    db.session.flush()
    return row


def _approve(
    holder: Holder, opened: OpenAccount, row: CandidateAccount, names: Sequence[str], now: datetime
) -> None:
    row.confirmed = list(names)
    row.approved_at, row.approved_by_id = now, holder.account_id
    _note(holder, "approve_candidate_account", opened, row, now)


def _note(holder: Holder, act: str, opened: OpenAccount, row: CandidateAccount, now: datetime) -> None:
    write_entry(
        holder,
        act,
        "candidacy",
        opened.line.candidacy_key,
        now,
        round_id=row.round_id,
        # Neither the text nor the names: the journal is read by more people than the chair.
        detail={
            "sha256": sha256_of({"body": row.body, "shared": row.shared}),
            "shared": len(row.shared),
            "confirmed": len(row.confirmed),
        },
    )


def _tell(rows: Sequence[CandidateAccount], now: datetime) -> int:
    """Put one letter a responsible person in the outbox, held until somebody has read it; nothing before publication.

    Once told, only those whose letter was dropped because the account had been taken back are written to again.
    """
    if not rows:
        return 0
    facts = _addressed(rows)
    dropped = _taken_back([one.key for one in facts.values()])
    people = people_responsible([row.candidacy_id for row in rows])
    told = 0
    for row in rows:
        one = facts[row.round_id, row.candidacy_id]
        if Phase(one.phase).value not in TOLD:
            continue
        is_first, row.told_at = row.told_at is None, row.told_at or now
        told += is_first
        for account_id, email, name in people.get(row.candidacy_id, ()):
            before = dropped.get((row.round_id, one.key, account_id), 0)
            if not is_first and not before:
                continue
            queue_message(
                ACCOUNT_READY,
                email,
                dedupe=f"account:{one.round_key}:{one.key}:{account_id}" + (f":{before}" if before else ""),
                values={
                    "person": name,
                    "structure": one.structure,
                    "title": one.title,
                    "edition": one.edition,
                    "link": public_address(f"/candidatures/{one.key}/compte-rendu"),
                    "chamber": one.chamber or "ESS France",
                },
                now=now,
                account_id=account_id,
                round_id=row.round_id,
                object_key=one.key,
                held=True,
            )
    return told


def _taken_back(candidacy_keys: Sequence[str]) -> dict[tuple[int | None, str, int | None], int]:
    """Return how many letters were dropped since their account was taken back, by round, candidacy and person."""
    rows = db.session.execute(
        select(Message.round_id, Message.object_key, Message.account_id, func.count(Message.id))
        .where(
            Message.kind == ACCOUNT_READY,
            Message.object_key.in_(candidacy_keys),
            Message.state == "dropped",
            Message.failure == TAKEN_BACK,
        )
        .group_by(Message.round_id, Message.object_key, Message.account_id)
    )
    return {(round_id, key, account_id): count for round_id, key, account_id, count in rows}


def _addressed(rows: Sequence[CandidateAccount]) -> dict[tuple[int, int], Any]:
    """Return what the letters of accounts say, by round and candidacy."""
    return {
        (row.round_id, row.candidacy_id): row
        for row in db.session.execute(
            select(
                CandidateAccount.round_id,
                CandidateAccount.candidacy_id,
                Round.key.label("round_key"),
                Round.phase,
                Edition.name.label("edition"),
                Region.chamber,
                Candidacy.key,
                Candidacy.title,
                Structure.name.label("structure"),
            )
            .join(Round, Round.id == CandidateAccount.round_id)
            .join(Edition, Edition.id == Round.edition_id)
            .join(Candidacy, Candidacy.id == CandidateAccount.candidacy_id)
            .join(Structure, Structure.id == Candidacy.structure_id)
            .outerjoin(Region, Region.code == Round.region_code)
            .where(CandidateAccount.id.in_([row.id for row in rows]))
        )
    }
