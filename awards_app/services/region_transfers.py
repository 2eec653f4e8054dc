"""Use cases of two chambers: one asks the other to take a filed candidacy, the other accepts or declines."""

from datetime import datetime

from sqlalchemy import exists, select

from awards_app.adapters.public_address import public_address
from awards_app.database import atomic, db
from awards_app.domain.admissibility_acts import (
    REASON_LIMIT,
    TRANSFER_PHASES,
    TransferIsNotPossible,
    TransferIsSettled,
    TransferWaits,
    checked_words,
)
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.domain.phases import Phase, phase_at
from awards_app.domain.refusals import DoesNotExist, InputIsInvalid
from awards_app.domain.text import clean_text
from awards_app.domain.words import N_
from awards_app.models.admissibility import RegionTransfer
from awards_app.models.candidacies import AdmissibilityDecision, Candidacy
from awards_app.models.deliberations import Decision
from awards_app.models.editions import Region, Round
from awards_app.models.scoring import Scoresheet
from awards_app.queries.access import RoundFacts, open_round
from awards_app.services.candidacy_locks import hold_candidacy
from awards_app.services.chamber_letters import (
    FilePlace,
    Person,
    coordinators_of,
    file_place,
    responsible_of,
    write_to,
)
from awards_app.services.completion_rows import CHAMBER, check_standing
from awards_app.services.conflicts import refuse_conflict
from awards_app.services.journal import write_entry
from awards_app.services.pending import ActAwaitsAnotherPerson
from awards_app.services.rounds import lock_round

# The matrix has no line for a move between regions: who may know what is being filed in a region, while it may still
# be filed or examined, may propose or take a file (chamber and national staff, in filing and admissibility).
_PERMISSION = Permission.KNOW_DRAFTS


def ask_transfer(holder: Holder, key: str, region_code: str, reason: str, now: datetime) -> str:
    """Ask the chamber of another region to take a filed candidacy; return the demand's key. Nothing moves yet.

    Raises `TransferIsNotPossible`, `TransferWaits`, `InputIsInvalid`, `ConflictOfInterest`, or the matrix's refusal.
    """
    with atomic() as session:
        held = hold_candidacy(holder, key, _PERMISSION, now)
        if not held.facts.subjects & CHAMBER or held.row.state == "draft":
            raise DoesNotExist
        check_standing(held.row)
        refuse_conflict(holder, held)
        words = _reason(reason, N_("Dites à l’autre chambre pourquoi cette candidature la concerne."))
        target = session.scalar(
            select(Round).where(Round.edition_id == held.row.edition_id, Round.region_code == region_code)
        )
        if target is None or target.id == held.row.round_id or not target.takes_part:
            raise InputIsInvalid({"region": N_("Choisissez une autre région, qui participe à l’édition.")})
        _check_possible(held.row, now)
        _check_phase(target, now)
        if _asked(held.row.id) is not None:
            raise TransferWaits
        row = RegionTransfer(
            candidacy_id=held.row.id,
            from_round_id=held.row.round_id,
            to_round_id=target.id,
            reason=words,
            asked_at=now,
            asked_by_id=holder.account_id,
        )
        session.add(row)
        session.flush()
        detail = {"transfer": row.key, "region": region_code, "reason": words}
        for round_id in (row.from_round_id, row.to_round_id):
            write_entry(holder, "ask_transfer", "candidacy", key, now, round_id=round_id, detail=detail)
        place = file_place(held.row.id)
        link = public_address(f"/coordination/{target.key}/recevabilite/transferts/{row.key}")
        _write(coordinators_of(region_code), "transfer_asked", place, row, now, words, link, target.id)
        return row.key


def withdraw_transfer(holder: Holder, round_key: str, transfer_key: str, now: datetime) -> None:
    """Take back a demand of the round that waits. Raises `TransferIsSettled`."""
    with atomic():
        row = _held(transfer_key)
        if _side(holder, row.from_round_id, now).key != round_key:
            raise DoesNotExist
        _check_asked(row)
        candidacy = _file(row)
        _settle(row, "withdrawn", "", holder, now)
        _note_both(holder, "withdraw_transfer", candidacy.key, row, now)


def decline_transfer(holder: Holder, round_key: str, transfer_key: str, reason: str, now: datetime) -> None:
    """Decline to take a file, with the reason the other chamber reads. Raises `TransferIsSettled`."""
    with atomic():
        row = _held(transfer_key)
        facts = _receiving(holder, round_key, row, now)
        _check_asked(row)
        words = _reason(reason, N_("Dites à l’autre chambre pourquoi la candidature reste dans sa région."))
        candidacy = _file(row)
        _settle(row, "declined", words, holder, now)
        _note_both(holder, "decline_transfer", candidacy.key, row, now)
        place = file_place(candidacy.id)
        link = public_address(f"/coordination/{place.round_key}/recevabilite/{place.key}")
        _write(
            coordinators_of(place.region_code),
            "transfer_declined",
            place,
            row,
            now,
            words,
            link,
            row.from_round_id,
            other=_chamber(facts.id),
        )


def accept_transfer(holder: Holder, round_key: str, transfer_key: str, now: datetime) -> str:
    """Take a file: it is of the accepting region from now on; return its key. The structure and the other chamber are told.

    Who asked cannot accept. Raises `TransferIsSettled`, `TransferIsNotPossible`, `ActAwaitsAnotherPerson`, or the
    matrix's refusal.
    """
    with atomic():
        row = _held(transfer_key)
        facts = _receiving(holder, round_key, row, now)
        _check_asked(row)
        if row.asked_by_id == holder.account_id:
            raise ActAwaitsAnotherPerson
        for round_id in sorted((row.from_round_id, row.to_round_id)):
            _check_phase(lock_round(round_id), now)
        candidacy = _file(row)
        check_standing(candidacy)
        _check_possible(candidacy, now)
        former = file_place(candidacy.id)
        candidacy.round_id = row.to_round_id
        _settle(row, "accepted", "", holder, now)
        db.session.flush()
        _note_both(holder, "accept_transfer", candidacy.key, row, now)
        place = file_place(candidacy.id)
        link = public_address(f"/candidatures/{place.key}")
        _write(responsible_of(place.structure_id), "region_changed", place, row, now, row.reason, link)
        link = public_address(f"/coordination/{former.round_key}/recevabilite")
        _write(
            coordinators_of(former.region_code),
            "transfer_accepted",
            former,
            row,
            now,
            "",
            link,
            former.round_id,
            other=_chamber(facts.id),
        )
        return candidacy.key


def _held(transfer_key: str) -> RegionTransfer:
    """Return a demand with its candidacy locked first, as every act on the candidacy does."""
    candidacy_id = db.session.scalar(
        select(RegionTransfer.candidacy_id).where(RegionTransfer.key == transfer_key)
    )
    if candidacy_id is None:
        raise DoesNotExist
    db.session.scalar(
        select(Candidacy)
        .where(Candidacy.id == candidacy_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(
        select(RegionTransfer)
        .where(RegionTransfer.key == transfer_key)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _receiving(holder: Holder, round_key: str, row: RegionTransfer, now: datetime) -> RoundFacts:
    facts = _side(holder, row.to_round_id, now)
    if facts.key != round_key:
        raise DoesNotExist
    return facts


def _side(holder: Holder, round_id: int, now: datetime) -> RoundFacts:
    key = db.session.scalars(select(Round.key).where(Round.id == round_id)).one()
    facts = open_round(holder, key, _PERMISSION, now)
    if not facts.subjects & CHAMBER:
        raise DoesNotExist
    return facts


def _check_asked(row: RegionTransfer) -> None:
    if row.state != "asked":
        raise TransferIsSettled


def _asked(candidacy_id: int) -> RegionTransfer | None:
    return db.session.scalar(
        select(RegionTransfer).where(
            RegionTransfer.candidacy_id == candidacy_id, RegionTransfer.state == "asked"
        )
    )


def _file(row: RegionTransfer) -> Candidacy:
    return db.session.get_one(Candidacy, row.candidacy_id)


def _check_phase(row: Round, now: datetime) -> None:
    if phase_at(Phase(row.phase), now, row.opens_at, row.closes_at) not in TRANSFER_PHASES:
        raise TransferIsNotPossible


def _check_possible(row: Candidacy, now: datetime) -> None:
    """Refuse a file on which something was decided or noted: that stays where it was."""
    decided = exists().where(
        AdmissibilityDecision.candidacy_id == row.id, AdmissibilityDecision.replaced_at.is_(None)
    )
    noted = exists().where(Scoresheet.candidacy_id == row.id)
    proposed = exists().where(Decision.candidacy_id == row.id)
    if db.session.scalar(select(decided | noted | proposed)):
        raise TransferIsNotPossible
    _check_phase(db.session.get_one(Round, row.round_id), now)


def _settle(row: RegionTransfer, state: str, reason: str, holder: Holder, now: datetime) -> None:
    row.state, row.settled_reason = state, reason
    row.settled_at, row.settled_by_id = now, holder.account_id


def _note_both(holder: Holder, act: str, key: str, row: RegionTransfer, now: datetime) -> None:
    detail: dict[str, object] = {"transfer": row.key}
    if row.settled_reason:
        detail["reason"] = row.settled_reason
    for round_id in (row.from_round_id, row.to_round_id):
        write_entry(holder, act, "candidacy", key, now, round_id=round_id, detail=detail)


def _reason(reason: str, missing: str) -> str:
    return checked_words("reason", clean_text(reason), REASON_LIMIT, missing)


def _chamber(round_id: int) -> str:
    return db.session.scalars(
        select(Region.chamber).join(Round, Round.region_code == Region.code).where(Round.id == round_id)
    ).one()


def _write(
    people: list[Person],
    kind: str,
    place: FilePlace,
    row: RegionTransfer,
    now: datetime,
    reason: str,
    link: str,
    round_id: int | None = None,
    *,
    other: str = "",
) -> None:
    values = {"reason": reason, "link": link, "other_chamber": other or place.chamber}
    write_to(people, kind, place, f"{kind}:{row.key}", values, now, round_id=round_id)
