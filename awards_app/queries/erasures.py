"""Readings around the erasure of a person: who they are, what they hold, which rounds make it wait, where they are written."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, ColumnElement, String, Table, Text, cast, func, or_, select
from sqlalchemy.orm import aliased

from awards_app.database import Model, db
from awards_app.domain.addresses import fold_address
from awards_app.domain.erasures import NOWHERE, Traces
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission, Subject, authorise
from awards_app.domain.phases import Phase
from awards_app.domain.refusals import DoesNotExist
from awards_app.domain.text import sort_key
from awards_app.models.accounts import Account, RoleGrant
from awards_app.models.candidacies import Candidacy, Filing
from awards_app.models.editions import Region, Round
from awards_app.models.erasures import Erasure
from awards_app.models.honours import NationalEntry
from awards_app.models.juries import Seat
from awards_app.models.structures import Membership, Structure

JUDGED = (Phase.SCORING.value, Phase.DELIBERATION.value, Phase.DECIDED.value)
MOST_FOUND = 30


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """A person of the search."""

    key: str
    name: str
    email: str
    is_erased: bool


@dataclass(frozen=True, slots=True)
class JudgedRound:
    """A round that is being judged and in which the person takes part."""

    key: str
    region_name: str | None
    embargo_at: datetime | None


@dataclass(frozen=True, slots=True)
class PersonToErase:
    """What the page says of a person before they are erased, and of what was done afterwards."""

    key: str
    name: str
    email: str
    is_own: bool
    roles: int
    seats: int
    filings: int
    structures: tuple[str, ...]
    left_alone: tuple[str, ...]
    judged: tuple[JudgedRound, ...]
    promised_for: datetime | None
    done_at: datetime | None
    masked: int
    remaining: dict[str, list[str]]


def may_erase(holder: Holder) -> None:
    """Return for the national staff; raise the matrix's refusal for anybody else, whoever the person is."""
    subjects = set()
    if holder.is_national_staff:
        subjects.add(Subject.NATIONAL_STAFF)
    if holder.is_auditor:
        subjects.add(Subject.AUDITOR)
    if holder.coordinated_regions:
        subjects.add(Subject.COORDINATOR)
    authorise(Permission.ERASE_PERSON, Phase.ARCHIVED, frozenset(subjects))


def find_people(holder: Holder, words: str) -> tuple[FoundPerson, ...]:
    """Return the people whose name or address holds ``words``, thirty at most (one query).

    Raises `DoesNotExist` for anybody but the national staff: nobody else has such a page.
    """
    if not holder.is_national_staff:
        raise DoesNotExist
    wanted = sort_key(words.strip())
    if not wanted:
        return ()
    rows = db.session.execute(
        select(Account.key, Account.name, Account.email, Erasure.done_at)
        .outerjoin(Erasure, Erasure.account_id == Account.id)
        .order_by(Account.name, Account.id)
    )
    found = (
        FoundPerson(row.key, row.name, row.email, row.done_at is not None)
        for row in rows
        if wanted in sort_key(row.name) or wanted in sort_key(row.email)
    )
    return tuple(line for line, _ in zip(found, range(MOST_FOUND), strict=False))


def person_to_erase(holder: Holder, account_key: str) -> PersonToErase:
    """Return what is known of a person before their erasure (nine queries). Raises the matrix's refusal, `DoesNotExist`."""
    may_erase(holder)
    account = db.session.scalar(select(Account).where(Account.key == account_key))
    if account is None:
        raise DoesNotExist
    asked = db.session.scalar(select(Erasure).where(Erasure.account_id == account.id))

    def count(column: ColumnElement[Any], *where: ColumnElement[bool]) -> int:
        return db.session.scalar(select(func.count(column)).where(*where)) or 0

    return PersonToErase(
        key=account.key,
        name=account.name,
        email="" if asked is not None and asked.done_at else account.email,
        is_own=account.id == holder.account_id,
        roles=count(RoleGrant.id, RoleGrant.account_id == account.id, RoleGrant.revoked_at.is_(None)),  # type: ignore[arg-type]  # a column's attribute
        seats=count(Seat.id, Seat.account_id == account.id),  # type: ignore[arg-type]  # as above
        filings=count(Filing.id, Filing.submitted_by_id == account.id),  # type: ignore[arg-type]  # as above
        structures=_structures(account.id),
        left_alone=structures_left_alone(account.id),
        judged=judged_rounds(account.id),
        promised_for=asked.promised_for if asked else None,
        done_at=asked.done_at if asked else None,
        masked=len(asked.redactions) if asked else 0,
        remaining=asked.remaining if asked else {},
    )


def _structures(account_id: int) -> tuple[str, ...]:
    return tuple(
        db.session.scalars(
            select(Structure.name)
            .join(Membership, Membership.structure_id == Structure.id)
            .where(Membership.account_id == account_id, Membership.left_at.is_(None))
            .order_by(Structure.sort_key)
        )
    )


def structures_left_alone(account_id: int) -> tuple[str, ...]:
    """Return the names of the structures for which nobody else is responsible."""
    other = aliased(Membership)
    somebody_else = (
        select(other.id)
        .where(
            other.structure_id == Membership.structure_id,
            other.standing == "responsible",
            other.left_at.is_(None),
            other.accepted_at.is_not(None),
            other.account_id != account_id,
        )
        .exists()
    )
    return tuple(
        db.session.scalars(
            select(Structure.name)
            .join(Membership, Membership.structure_id == Structure.id)
            .where(
                Membership.account_id == account_id,
                Membership.standing == "responsible",
                Membership.left_at.is_(None),
                ~somebody_else,
            )
            .order_by(Structure.sort_key)
        )
    )


def judged_rounds(account_id: int) -> tuple[JudgedRound, ...]:
    """Return the rounds being judged in which a person sits, has a file, or holds the desk (one query)."""
    own = select(Membership.structure_id).where(
        Membership.account_id == account_id, Membership.left_at.is_(None)
    )
    filed = select(Filing.candidacy_id).where(Filing.submitted_by_id == account_id)
    files = (
        select(Candidacy.id)
        .where(Candidacy.state == "submitted", or_(Candidacy.structure_id.in_(own), Candidacy.id.in_(filed)))
        .scalar_subquery()
    )
    desks = select(func.coalesce(RoleGrant.region_code, "")).where(
        RoleGrant.account_id == account_id, RoleGrant.revoked_at.is_(None)
    )
    rows = db.session.execute(
        select(Round.key, Region.name, Round.embargo_at)
        .outerjoin(Region, Region.code == Round.region_code)
        .where(
            Round.phase.in_(JUDGED),
            or_(
                Round.id.in_(
                    select(Seat.round_id).where(Seat.account_id == account_id, Seat.left_at.is_(None))
                ),
                Round.id.in_(select(Candidacy.round_id).where(Candidacy.id.in_(files))),
                Round.id.in_(
                    select(NationalEntry.round_id).where(
                        NationalEntry.candidacy_id.in_(files), NationalEntry.ended_at.is_(None)
                    )
                ),
                func.coalesce(Round.region_code, "").in_(desks),
            ),
        )
        .order_by(Round.id)
    )
    return tuple(JudgedRound(*row) for row in rows)


def traces_of(account: Account) -> Traces:
    """Return what a person is written as: by themselves, on their seats, in the invitations they took."""
    seats = db.session.execute(
        select(Seat.name, Seat.invited_email).where(Seat.account_id == account.id)
    ).all()
    invited = db.session.scalars(
        select(Membership.invited_email).where(
            Membership.account_id == account.id, Membership.invited_email.is_not(None)
        )
    ).all()
    names = frozenset({account.name, *(row.name for row in seats)})
    addresses = {account.email, *(row.invited_email for row in seats), *(one for one in invited if one)}
    kept = frozenset(one for one in addresses if not one.endswith(NOWHERE))
    return Traces(names, kept, is_shared=_is_shared(account.id, names))


def _is_shared(account_id: int, names: frozenset[str]) -> bool:
    own = {sort_key(name) for name in names}
    others = select(Account.name).where(Account.id != account_id)
    seats = select(Seat.name).where(
        Seat.account_id.is_distinct_from(account_id), Seat.account_id.is_not(None)
    )
    return any(sort_key(name) in own for query in (others, seats) for name in db.session.scalars(query))


def is_theirs(address: str | None, traces: Traces) -> bool:
    """Say whether an address is one of the person's."""
    return address is not None and fold_address(address) in {fold_address(one) for one in traces.addresses}


def text_columns(table: Table) -> list[Column[Any]]:
    """Return the columns of a table that hold what somebody typed: no key, no reference, nothing unique."""
    return [
        column
        for column in table.columns
        if isinstance(column.type, String | JSON)
        and not column.primary_key
        and not column.foreign_keys
        and not column.unique
        and not column.name.endswith(("sha256", "_hash", "_key", "_code"))
    ]


def rows_holding(table: Table, columns: list[Column[Any]], traces: Traces) -> Iterator[Any]:
    """Yield the rows of a table (its primary key, then ``columns``) in which the person is written."""
    pieces = [
        func.lower(cast(column, Text)).contains(run, autoescape=True)
        for column in columns
        for run in traces.searched
    ]
    if not pieces:
        return
    query = select(*table.primary_key.columns, *columns).where(or_(*pieces))
    keys = len(table.primary_key.columns)
    for row in db.session.execute(query).all():
        if any(traces.masked_value(value) != value for value in row[keys:]):
            yield row


def tables() -> list[Table]:
    """Return every table there is."""
    return [table for table in Model.metadata.sorted_tables if table.name != Erasure.__tablename__]
