"""Use cases of a candidacy as a whole: create, withdraw, delete and restore."""

from datetime import datetime, timedelta

from sqlalchemy import select

from awards_app.database import atomic, db
from awards_app.domain.candidacies import (
    RESTORE_DAYS,
    CandidacyExists,
    CandidacyIsDeleted,
    CandidacyIsNotSubmitted,
    CandidacyIsSubmitted,
    CandidacyIsWithdrawn,
    NoEditionIsOpen,
    RegionDoesNotTakePart,
    StructureHasNoRegion,
    check_is_not_juror,
    checked_reason,
)
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import DoesNotExist, IsNotThePhase
from awards_app.domain.text import clean_text
from awards_app.models.candidacies import Candidacy
from awards_app.models.structures import Structure
from awards_app.queries.access import open_round
from awards_app.queries.editions import current_edition, edition_of_year, round_of_region
from awards_app.services.annulments import on_candidacy_withdrawn
from awards_app.services.answers import save_answer, save_section
from awards_app.services.attachments import add_attachment, remove_attachment
from awards_app.services.candidacy_locks import check_call, hold_candidacy
from awards_app.services.filings import submit_candidacy, take_back_candidacy
from awards_app.services.journal import write_entry

__all__ = [
    "add_attachment",
    "create_candidacy",
    "delete_draft",
    "remove_attachment",
    "restore_draft",
    "save_answer",
    "save_section",
    "submit_candidacy",
    "take_back_candidacy",
    "withdraw_candidacy",
]


def create_candidacy(
    holder: Holder, structure_key: str, now: datetime, *, edition_year: int | None = None
) -> str:
    """Open a draft for a structure of ``holder`` in the current edition (or that of a year); return its key.

    Raises `CandidacyExists` (with the key of the live one), `JurorCannotFile`, `CallIsClosed`, `RegionDoesNotTakePart`,
    `StructureHasNoRegion`, `NoEditionIsOpen`, `DoesNotExist`.
    """
    with atomic() as session:
        structure = session.scalar(select(Structure).where(Structure.key == structure_key).with_for_update())
        if structure is None or structure.id not in holder.structure_ids:
            raise DoesNotExist
        edition = current_edition() if edition_year is None else edition_of_year(edition_year)
        if edition is None:
            raise NoEditionIsOpen
        if structure.region_code is None:
            raise StructureHasNoRegion
        line = round_of_region(edition.id, structure.region_code, now)
        if line is None or not line.takes_part:
            raise RegionDoesNotTakePart
        try:
            open_round(holder, line.key, Permission.CREATE_CANDIDACY, now)
        except IsNotThePhase:
            check_call(line.id, now)
            raise
        live = session.scalar(
            select(Candidacy.key).where(
                Candidacy.edition_id == edition.id,
                Candidacy.structure_id == structure.id,
                Candidacy.state.in_(("draft", "submitted")),
            )
        )
        if live is not None:
            raise CandidacyExists(live)
        check_is_not_juror(holder, line.id, None)
        row = Candidacy(
            edition_id=edition.id,
            round_id=line.id,
            structure_id=structure.id,
            created_at=now,
            created_by_id=holder.account_id,
            touched_at=now,
        )
        session.add(row)
        session.flush()
        write_entry(holder, "create_candidacy", "candidacy", row.key, now, round_id=line.id)
        return row.key


def withdraw_candidacy(holder: Holder, key: str, reason: str, now: datetime) -> None:
    """Withdraw a submitted candidacy, with its reason; what was filed is kept and marked.

    A publication armed on a round with this candidacy is disarmed. Raises `ReasonIsMissing`, `CandidacyIsNotSubmitted`,
    `CandidacyIsWithdrawn`, or the matrix's refusal.
    """
    with atomic():
        held = hold_candidacy(holder, key, Permission.WITHDRAW_CANDIDACY, now)
        if held.row.state == "withdrawn":
            raise CandidacyIsWithdrawn
        if held.row.state != "submitted":
            raise CandidacyIsNotSubmitted
        held.row.withdrawal_reason = checked_reason(reason, clean_text(reason))
        held.row.state = "withdrawn"
        held.row.withdrawn_at = now
        held.row.taken_back_at = None
        db.session.flush()
        on_candidacy_withdrawn(held.row.id, now, holder)
        write_entry(
            holder,
            "withdraw_candidacy",
            "candidacy",
            key,
            now,
            round_id=held.row.round_id,
            detail={"reason": held.row.withdrawal_reason, "phase": held.facts.round.phase.value},
        )


def delete_draft(holder: Holder, key: str, now: datetime) -> None:
    """Delete a draft that was never submitted; it can be restored for 30 days.

    Raises `CandidacyIsSubmitted` for anything but a draft.
    """
    with atomic():
        held = hold_candidacy(holder, key, Permission.SAVE_DRAFT, now)
        if held.row.state != "draft":
            raise CandidacyIsSubmitted
        held.row.state = "deleted"
        held.row.touched_at = now
        write_entry(holder, "delete_draft", "candidacy", key, now, round_id=held.row.round_id)


def restore_draft(holder: Holder, key: str, now: datetime) -> None:
    """Bring a deleted draft back, within 30 days and while the structure has no other.

    Raises `CandidacyExists`, `CandidacyIsDeleted` when too late, `DoesNotExist` for anybody else's.
    """
    with atomic() as session:
        row = session.scalar(select(Candidacy).where(Candidacy.key == key).with_for_update())
        if row is None or row.structure_id not in holder.structure_ids:
            raise DoesNotExist
        if row.state != "deleted":
            return
        if now > row.touched_at + timedelta(days=RESTORE_DAYS):
            raise CandidacyIsDeleted(key)
        session.scalar(select(Structure.id).where(Structure.id == row.structure_id).with_for_update())
        live = session.scalar(
            select(Candidacy.key).where(
                Candidacy.edition_id == row.edition_id,
                Candidacy.structure_id == row.structure_id,
                Candidacy.state.in_(("draft", "submitted")),
            )
        )
        if live is not None:
            raise CandidacyExists(live)
        row.state = "draft"
        row.touched_at = now
        write_entry(holder, "restore_draft", "candidacy", key, now, round_id=row.round_id)
