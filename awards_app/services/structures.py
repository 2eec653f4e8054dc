"""Use cases of a structure: register it, change its record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

from awards_app.database import atomic, db
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.domain.structures import StructureIsKnown, structure_columns
from awards_app.domain.text import sort_key
from awards_app.models.candidacies import Candidacy
from awards_app.models.editions import Department, Region, Round
from awards_app.models.structures import Membership, Structure
from awards_app.queries.structures import open_structure
from awards_app.services.journal import write_entry
from awards_app.services.memberships import (
    accept_invitation,
    ask_to_join,
    invite_member,
    remove_member,
    settle_request,
)

__all__ = [
    "accept_invitation",
    "create_structure",
    "edit_structure",
    "invite_member",
    "register_structure",
    "remove_member",
    "settle_request",
]


@dataclass(frozen=True, slots=True)
class Registration:
    """What registering led to: ``key`` of a new structure, or None when a request went to those responsible."""

    key: str | None


def register_structure(holder: Holder, values: Mapping[str, Any], now: datetime) -> Registration:
    """Create the structure, or ask to join it when its identifier is known; nothing of a known one is shown.

    Raises `InputIsInvalid` with one sentence a field.
    """
    try:
        return _register(holder, values, now)
    except StructureIsKnown:
        # Somebody registered the same identifier in between: it is known now.
        return _register(holder, values, now)


def _register(holder: Holder, values: Mapping[str, Any], now: datetime) -> Registration:
    with atomic():
        columns = _columns(values, now)
        known = _same_identifier(columns)
        if known is None:
            return Registration(_create(holder, columns, now))
        ask_to_join(holder, known, now)
        return Registration(None)


def create_structure(
    holder: Holder, values: Mapping[str, Any], now: datetime, *, incomplete: bool = False
) -> str:
    """Create a structure of which ``holder`` is responsible, and return its key.

    ``incomplete`` accepts a record of which only the name is sure (imports). Raises `InputIsInvalid`, or
    `StructureIsKnown` when the identifier is that of another structure.
    """
    with atomic():
        columns = _columns(values, now, incomplete=incomplete)
        if _same_identifier(columns) is not None:
            raise StructureIsKnown
        return _create(holder, columns, now)


def edit_structure(holder: Holder, key: str, values: Mapping[str, Any], now: datetime) -> None:
    """Change the record; a draft follows the structure into its new region.

    What was submitted keeps its frozen copy. Raises `InputIsInvalid`, `StructureIsKnown`, `DoesNotExist`.
    """
    with atomic() as session:
        row = session.scalar(select(Structure).where(Structure.key == key).with_for_update())
        facts = open_structure(holder, key, Permission.OWN_STRUCTURE)
        assert row is not None
        columns = _columns(values, now)
        known = _same_identifier(columns)
        if known is not None and known != row.id:
            raise StructureIsKnown
        moved = columns["region_code"] != row.region_code
        for name, value in columns.items():
            setattr(row, name, value)
        row.sort_key = sort_key(row.name)[:300]
        row.version += 1
        if moved:
            _move_drafts(facts.id, row.region_code)
        write_entry(holder, "edit_structure", "structure", key, now)


def _columns(values: Mapping[str, Any], now: datetime, *, incomplete: bool = False) -> dict[str, Any]:
    regions = frozenset(db.session.scalars(select(Region.code)))
    rows = db.session.execute(select(Department.code, Department.region_code))
    departments = {row.code: row.region_code for row in rows}
    return structure_columns(values, regions, departments, now.date(), incomplete=incomplete)


def _same_identifier(columns: Mapping[str, Any]) -> int | None:
    same = [
        getattr(Structure, name) == columns[name]
        for name in ("siren", "rna", "court_register")
        if columns[name]
    ]
    return db.session.scalar(select(Structure.id).where(or_(*same)).limit(1)) if same else None


def _create(holder: Holder, columns: dict[str, Any], now: datetime) -> str:
    with atomic() as session:
        row = Structure(**columns, sort_key=sort_key(columns["name"])[:300], created_at=now)
        session.add(row)
        try:
            session.flush()
        except IntegrityError as twice:
            # Two people registered the same identifier at once: the second is told, and asks again.
            raise StructureIsKnown from twice
        session.add(
            Membership(
                structure_id=row.id,
                account_id=holder.account_id,
                standing="responsible",
                created_at=now,
                accepted_at=now,
            )
        )
        session.flush()
        write_entry(holder, "create_structure", "structure", row.key, now)
        return row.key


def _move_drafts(structure_id: int, region_code: str | None) -> None:
    drafts = db.session.scalars(
        select(Candidacy).where(Candidacy.structure_id == structure_id, Candidacy.state == "draft")
    )
    for draft in drafts:
        target = db.session.scalar(
            select(Round.id).where(
                Round.edition_id == draft.edition_id,
                Round.region_code == region_code,
                Round.takes_part.is_(True),
            )
        )
        if target is not None:
            draft.round_id = target
