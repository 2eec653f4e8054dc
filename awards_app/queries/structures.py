"""Readings of structures: those of a person, one record, its members; and the second lock of a structure."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from awards_app.database import db
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission, authorise
from awards_app.domain.phases import Phase
from awards_app.domain.refusals import DoesNotExist
from awards_app.domain.subjects import Place, subjects_of
from awards_app.models.accounts import Account
from awards_app.models.editions import Department, Region
from awards_app.models.structures import Membership, Structure


@dataclass(frozen=True, slots=True)
class StructureFacts:
    """A structure that a person may open."""

    id: int
    key: str
    name: str
    region_code: str | None
    is_responsible: bool


@dataclass(frozen=True, slots=True)
class StructureRecord:
    """Every column of a structure, for its own people."""

    id: int
    key: str
    name: str
    acronym: str
    legal_family: str
    legal_form: str
    siren: str | None
    siret: str | None
    rna: str | None
    court_register: str | None
    founded_on: date | None
    address: str
    postcode: str
    city: str
    department: str
    region_code: str | None
    website: str
    is_esus: bool
    network: str
    version: int

    @property
    def identifier(self) -> str:
        """Return the identifier as people know it: SIRET, SIREN, RNA or court register."""
        return self.siret or self.siren or self.rna or self.court_register or ""


@dataclass(frozen=True, slots=True)
class StructureLine:
    """A structure in the list of a person."""

    id: int
    key: str
    name: str
    city: str
    region_code: str | None
    region_name: str | None
    standing: str
    requests: int


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A member, somebody invited, or somebody who asks to join (``state``: member, invited, asking)."""

    key: str
    account_id: int | None
    name: str
    email: str
    standing: str
    state: str
    since: datetime


@dataclass(frozen=True, slots=True)
class DepartmentFacts:
    """A department and the region it is in."""

    code: str
    name: str
    region_code: str
    region_name: str


def open_structure(holder: Holder | None, key: str, permission: Permission) -> StructureFacts:
    """Return the structure if ``holder`` may do ``permission`` (STR-1, STR-2) with it; raise the matrix's refusal.

    These two lines are the same in every phase.
    """
    row = db.session.execute(
        select(Structure.id, Structure.key, Structure.name, Structure.region_code).where(Structure.key == key)
    ).one_or_none()
    place = Place(round_id=0, region_code="", structure_id=row.id if row else 0)
    authorise(permission, Phase.FILING, subjects_of(holder, place))
    if row is None or holder is None:
        raise DoesNotExist
    responsible = any(m.structure_id == row.id and m.is_responsible for m in holder.memberships)
    return StructureFacts(row.id, row.key, row.name, row.region_code, responsible)


_COLUMNS = tuple(getattr(Structure, name) for name in StructureRecord.__slots__)
_RECORD = select(*_COLUMNS).where(Structure.id == bindparam("structure_id"))
_RECORD_OF_KEY = select(*_COLUMNS).where(Structure.key == bindparam("key"))


def structure_record(holder: Holder, key: str) -> StructureRecord:
    """Return the record of a structure of ``holder``; raise `DoesNotExist` for any other (one query)."""
    row = db.session.execute(_RECORD_OF_KEY, {"key": key}).one_or_none()
    place = Place(round_id=0, region_code="", structure_id=row.id if row else 0)
    authorise(Permission.OWN_STRUCTURE, Phase.FILING, subjects_of(holder, place))
    if row is None:
        raise DoesNotExist
    return StructureRecord(*row)


def record_of(structure_id: int) -> StructureRecord:
    """Return the record of a structure whose right was settled by the caller."""
    return StructureRecord(*db.session.execute(_RECORD, {"structure_id": structure_id}).one())


def typed_record(record: StructureRecord) -> dict[str, Any]:
    """Return a record as its own people would type it into the form."""
    names = ("name", "acronym", "legal_family", "legal_form", "address", "postcode", "city", "department")
    typed: dict[str, Any] = {
        name: getattr(record, name) for name in (*names, "website", "network", "is_esus")
    }
    typed["legal_family"] = "" if record.legal_family == "unknown" else record.legal_family
    typed["founded_on"] = f"{record.founded_on:%d/%m/%Y}" if record.founded_on else ""
    typed["region_code"] = record.region_code or ""
    typed |= {name: getattr(record, name) or "" for name in ("siren", "siret", "rna", "court_register")}
    return typed


def structures_of(holder: Holder) -> tuple[StructureLine, ...]:
    """Return the structures ``holder`` is a member of, by name, with the requests that wait for them (one query)."""
    asking = (
        select(func.count(Membership.id))
        .where(
            Membership.structure_id == Structure.id,
            Membership.left_at.is_(None),
            Membership.accepted_at.is_(None),
            Membership.account_id.is_not(None),
        )
        .correlate(Structure)
        .scalar_subquery()
    )
    mine = {m.structure_id: m.is_responsible for m in holder.memberships}
    rows = db.session.execute(
        select(
            Structure.id,
            Structure.key,
            Structure.name,
            Structure.city,
            Structure.region_code,
            Region.name.label("region_name"),
            asking.label("requests"),
        )
        .outerjoin(Region, Region.code == Structure.region_code)
        .where(Structure.id.in_(mine))
        .order_by(Structure.sort_key)
    )
    return tuple(
        StructureLine(
            row.id,
            row.key,
            row.name,
            row.city,
            row.region_code,
            row.region_name,
            "responsible" if mine[row.id] else "member",
            row.requests if mine[row.id] else 0,
        )
        for row in rows
    )


def members_of(holder: Holder, key: str) -> tuple[MemberLine, ...]:
    """Return the people of a structure; only a responsible person sees invitations and requests (two queries)."""
    facts = open_structure(holder, key, Permission.OWN_STRUCTURE)
    query = (
        select(Membership, Account.name, Account.email)
        .outerjoin(Account, Account.id == Membership.account_id)
        .where(Membership.structure_id == facts.id, Membership.left_at.is_(None))
        .order_by(Membership.accepted_at.is_(None), Membership.created_at, Membership.id)
    )
    if not facts.is_responsible:
        query = query.where(Membership.accepted_at.is_not(None))
    found = []
    for row, name, email in db.session.execute(query):
        state = "member" if row.accepted_at else "asking" if row.account_id else "invited"
        address = email if row.account_id else row.invited_email
        found.append(
            MemberLine(
                row.key, row.account_id, name or "", address or "", row.standing, state, row.created_at
            )
        )
    return tuple(found)


def pending_requests_of(holder: Holder) -> int:
    """Return how many requests to join a structure ``holder`` has made and that wait (one query)."""
    return (
        db.session.scalar(
            select(func.count(Membership.id)).where(
                Membership.account_id == holder.account_id,
                Membership.accepted_at.is_(None),
                Membership.left_at.is_(None),
            )
        )
        or 0
    )


def departments() -> tuple[DepartmentFacts, ...]:
    """Return every department with its region, by code (one query)."""
    rows = db.session.execute(
        select(Department.code, Department.name, Department.region_code, Region.name.label("region_name"))
        .join(Region, Region.code == Department.region_code)
        .order_by(Department.code)
    )
    return tuple(DepartmentFacts(*row) for row in rows)
