"""Use cases of a structure: register it, change its record."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

from awards_app.database import atomic, db
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.domain.register import offers
from awards_app.domain.structures import (
    IDENTIFIERS,
    RecordHasChanged,
    StructureIsKnown,
    structure_columns,
    with_kept_identifiers,
)
from awards_app.domain.text import sort_key
from awards_app.models.candidacies import Candidacy
from awards_app.models.editions import Department, Region, Round
from awards_app.models.structures import Membership, Structure
from awards_app.queries.register import latest_of
from awards_app.queries.structures import open_structure, structure_record, typed_record
from awards_app.services.journal import write_entry
from awards_app.services.memberships import (
    accept_invitation,
    ask_to_join,
    invite_member,
    remove_member,
    settle_request,
)
from awards_app.services.register import asked_number, read_later
from awards_app.services.structure_letters import confirm_request

__all__ = [
    "accept_invitation",
    "create_structure",
    "edit_structure",
    "invite_member",
    "register_structure",
    "remove_member",
    "settle_request",
    "take_from_register",
]


def register_structure(holder: Holder, values: Mapping[str, Any], now: datetime) -> None:
    """Create the structure, or ask those responsible to be let in when its number is known.

    Whoever asks is answered the same, by the page and by a letter, so that a number tells nothing of who is here. Raises
    `InputIsInvalid` with one sentence a field.
    """
    try:
        _register(holder, values, now)
    except StructureIsKnown:
        # Somebody registered the same number in between: it is known now.
        _register(holder, values, now)


def _register(holder: Holder, values: Mapping[str, Any], now: datetime) -> None:
    with atomic():
        columns = _columns(values, now)
        known = _same_identifier(columns)
        if known is None:
            _create(holder, columns, now)
        else:
            ask_to_join(holder, known, now)
        confirm_request(holder, columns["name"], asked_number(columns), now)


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


def edit_structure(
    holder: Holder,
    key: str,
    values: Mapping[str, Any],
    now: datetime,
    *,
    version: int | None = None,
    incomplete: bool = False,
) -> None:
    """Change the record; a draft follows the structure into its new region.

    ``version`` is the one the person read: when somebody saved in between, nothing is written. ``incomplete`` lets fields lack. What was submitted keeps its
    frozen copy. Raises `InputIsInvalid`, `StructureIsKnown`, `RecordHasChanged`, `DoesNotExist`.
    """
    with atomic() as session:
        row = session.scalar(
            select(Structure)
            .where(Structure.key == key)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        facts = open_structure(holder, key, Permission.OWN_STRUCTURE)
        assert row is not None
        columns = _columns(values, now, incomplete=incomplete)
        if values.get("identifier"):
            columns = with_kept_identifiers(columns, {name: getattr(row, name) for name in IDENTIFIERS})
        theirs = {name: getattr(row, name) for name, value in columns.items() if getattr(row, name) != value}
        if not theirs:
            return
        if version is not None and version != row.version:
            raise RecordHasChanged(theirs, row.version)
        known = _same_identifier(columns, but=row.id)
        if known is not None:
            raise StructureIsKnown
        moved = columns["region_code"] != row.region_code
        for name, value in columns.items():
            setattr(row, name, value)
        row.sort_key = sort_key(row.name)[:300]
        row.version += 1
        if moved:
            _move_drafts(facts.id, row.region_code)
        write_entry(holder, "edit_structure", "structure", key, now, detail={"fields": sorted(theirs)})


def take_from_register(
    holder: Holder, key: str, fields: Collection[str], now: datetime, *, version: int | None = None
) -> int:
    """Write into the record the ``fields`` that the person confirmed of what the register last said; return how many.

    Raises as `edit_structure`.
    """
    record = structure_record(holder, key)
    reading = latest_of(record.id)
    if reading is None or reading.facts is None:
        return 0
    taken = {
        offer.field: offer.said
        for offer in offers(reading.facts, typed_record(record))
        if offer.field in fields
    }
    if taken:
        edit_structure(
            holder, key, _with_territory(typed_record(record), taken), now, version=version, incomplete=True
        )
    return len(taken)


def _with_territory(record: dict[str, Any], taken: Mapping[str, str]) -> dict[str, Any]:
    """Return the record with what was taken; a new postcode is asked again for its department and region."""
    if "postcode" in taken and taken["postcode"] != record["postcode"]:
        record = {**record, "department": "", "region_code": ""}
    return {**record, **taken}


def _columns(values: Mapping[str, Any], now: datetime, *, incomplete: bool = False) -> dict[str, Any]:
    regions = frozenset(db.session.scalars(select(Region.code)))
    rows = db.session.execute(select(Department.code, Department.region_code))
    departments = {row.code: row.region_code for row in rows}
    return structure_columns(values, regions, departments, now.date(), incomplete=incomplete)


def _same_identifier(columns: Mapping[str, Any], *, but: int = 0) -> int | None:
    same = [
        getattr(Structure, name) == columns[name]
        for name in ("siren", "rna", "court_register")
        if columns[name]
    ]
    return (
        db.session.scalar(select(Structure.id).where(or_(*same), Structure.id != but).limit(1))
        if same
        else None
    )


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
        read_later(row.id)
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
