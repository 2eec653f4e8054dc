"""Readings of moves between regions: what a chamber was asked, what it asks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from awards_app.database import db
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import DoesNotExist
from awards_app.models.accounts import Account
from awards_app.models.admissibility import RegionTransfer
from awards_app.models.candidacies import Candidacy
from awards_app.models.editions import Department, Region, Round, Theme
from awards_app.models.structures import Structure
from awards_app.queries.access import RoundFacts, open_round
from awards_app.queries.readers import READERS


@dataclass(frozen=True, slots=True)
class TransferLine:
    """A demand between two chambers: of the file, its structure, seat and theme; no text.

    ``comes_in`` for the chamber that is asked; ``candidacy_key`` is known where the file is.
    """

    key: str
    candidacy_key: str
    structure_name: str
    city: str
    department: str
    theme_name: str
    from_name: str
    to_name: str
    chamber: str
    reason: str
    state: str
    asked_at: datetime
    asked_by: str
    is_mine: bool
    settled_at: datetime | None
    settled_reason: str
    comes_in: bool


@dataclass(frozen=True, slots=True)
class TransferList:
    """The demands of a round, those that wait first."""

    round: RoundFacts
    lines: tuple[TransferLine, ...]

    def line(self, key: str) -> TransferLine | None:
        """Return one of them, or None."""
        return next((one for one in self.lines if one.key == key), None)


def transfers_of(holder: Holder, round_key: str, now: datetime) -> TransferList:
    """Return the demands that a round made or received (two queries). Raises `DoesNotExist` or the matrix's refusal."""
    facts = open_round(holder, round_key, Permission.READ_CANDIDACY, now)
    if not facts.subjects & READERS:
        raise DoesNotExist
    rows = db.session.execute(_transfers(facts.id))
    return TransferList(facts, tuple(_line(row, facts, holder) for row in rows))


def _line(row: Any, facts: RoundFacts, holder: Holder) -> TransferLine:
    comes_in = row.to_round_id == facts.id
    here = row.round_id == facts.id
    return TransferLine(
        key=row.key,
        candidacy_key=row.candidacy_key if here else "",
        structure_name=row.name,
        city=row.city,
        department=row.department,
        theme_name=row.theme_name or "",
        from_name=row.from_name,
        to_name=row.to_name,
        chamber=row.from_chamber if comes_in else row.to_chamber,
        reason=row.reason,
        state=row.state,
        asked_at=row.asked_at,
        asked_by="" if comes_in else row.asked_by,
        is_mine=row.asked_by_id == holder.account_id,
        settled_at=row.settled_at,
        settled_reason=row.settled_reason,
        comes_in=comes_in,
    )


def _transfers(round_id: int) -> Any:
    source, target = aliased(Round), aliased(Round)
    source_region, target_region = aliased(Region), aliased(Region)
    return (
        select(
            RegionTransfer.key,
            RegionTransfer.to_round_id,
            RegionTransfer.reason,
            RegionTransfer.state,
            RegionTransfer.asked_at,
            RegionTransfer.asked_by_id,
            RegionTransfer.settled_at,
            RegionTransfer.settled_reason,
            Candidacy.key.label("candidacy_key"),
            Candidacy.round_id,
            Structure.name,
            Structure.city,
            func.coalesce(Department.name, Structure.department).label("department"),
            Theme.name.label("theme_name"),
            source_region.name.label("from_name"),
            source_region.chamber.label("from_chamber"),
            target_region.name.label("to_name"),
            target_region.chamber.label("to_chamber"),
            Account.name.label("asked_by"),
        )
        .join(Candidacy, Candidacy.id == RegionTransfer.candidacy_id)
        .join(Structure, Structure.id == Candidacy.structure_id)
        .outerjoin(Department, Department.code == Structure.department)
        .outerjoin(Theme, Theme.id == Candidacy.theme_id)
        .join(source, source.id == RegionTransfer.from_round_id)
        .join(target, target.id == RegionTransfer.to_round_id)
        .join(source_region, source_region.code == source.region_code)
        .join(target_region, target_region.code == target.region_code)
        .join(Account, Account.id == RegionTransfer.asked_by_id)
        .where(or_(RegionTransfer.from_round_id == round_id, RegionTransfer.to_round_id == round_id))
        .order_by(RegionTransfer.state != "asked", RegionTransfer.asked_at.desc(), RegionTransfer.id.desc())
    )
