"""Use case of the chamber: decide whether a submitted candidacy is admissible, with its reason."""

from datetime import datetime
from typing import Literal

from sqlalchemy import select, update

from awards_app.adapters.public_address import public_address
from awards_app.database import atomic, db
from awards_app.domain.candidacies import (
    CandidacyIsNotSubmitted,
    CandidacyIsWithdrawn,
    checked_reason,
)
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import InputIsInvalid, Refusal
from awards_app.domain.text import clean_text
from awards_app.domain.words import N_
from awards_app.models.accounts import Account
from awards_app.models.candidacies import AdmissibilityDecision, Candidacy
from awards_app.models.editions import Region, Round
from awards_app.models.messages import Message
from awards_app.models.structures import Membership, Structure
from awards_app.services.candidacy_locks import Held, hold_candidacy
from awards_app.services.journal import write_entry
from awards_app.services.messages import queue_message

KINDS = {"admissible": "admissible", "inadmissible": "not_admissible"}
Notice = Literal["send", "hold", "none"]


class ConflictOfInterest(Refusal):
    """The coordinator is a member of a structure that has a candidacy in the category."""

    sentence = N_(
        "Conflit d’intérêts : votre structure a une candidature dans cette thématique. Une autre personne doit décider."
    )


def decide_admissibility(
    holder: Holder,
    key: str,
    verdict: str,
    reason: str,
    now: datetime,
    *,
    notice: Notice = "send",
) -> None:
    """Record « admissible » or « inadmissible »; a new decision replaces the former one.

    ``notice`` says whether those responsible are told at once, by a message held for reading, or not yet. The same
    decision again changes nothing. Raises `ReasonIsMissing`, `CandidacyIsWithdrawn`, `CandidacyIsNotSubmitted`,
    `ConflictOfInterest`, or the matrix's refusal.
    """
    with atomic() as session:
        held = hold_candidacy(holder, key, Permission.DECIDE_ADMISSIBILITY, now)
        if held.row.state == "withdrawn":
            raise CandidacyIsWithdrawn
        if held.row.state != "submitted":
            raise CandidacyIsNotSubmitted
        _refuse_conflict(holder, held)
        if verdict not in KINDS:
            raise InputIsInvalid({"verdict": N_("Choisissez une décision.")})
        text = clean_text(reason).strip()
        if verdict == "inadmissible":
            checked_reason(text, text)
        former = session.scalar(
            select(AdmissibilityDecision).where(
                AdmissibilityDecision.candidacy_id == held.row.id,
                AdmissibilityDecision.replaced_at.is_(None),
            )
        )
        if former is not None:
            if (former.verdict, former.reason) == (verdict, text):
                return
            _replace(former, key, now)
        decision = AdmissibilityDecision(
            candidacy_id=held.row.id,
            verdict=verdict,
            reason=text,
            decided_at=now,
            decided_by_id=holder.account_id,
            notified_at=now if notice == "send" else None,
        )
        session.add(decision)
        session.flush()
        write_entry(
            holder,
            "decide_admissibility",
            "candidacy",
            key,
            now,
            round_id=held.row.round_id,
            detail={"verdict": verdict, "reason": text},
        )
        if notice != "none":
            _tell(held, decision, now, is_held=notice == "hold")


def _replace(former: AdmissibilityDecision, key: str, now: datetime) -> None:
    former.replaced_at = now
    db.session.flush()
    db.session.execute(
        update(Message)
        .where(
            Message.object_key == key,
            Message.kind.in_(KINDS.values()),
            Message.state.in_(("held", "waiting")),
        )
        .values(state="dropped", failure="remplacé par une nouvelle décision")
    )


def _refuse_conflict(holder: Holder, held: Held) -> None:
    if not holder.structure_ids:
        return
    own = db.session.scalar(
        select(Candidacy.id)
        .where(
            Candidacy.round_id == held.row.round_id,
            Candidacy.structure_id.in_(holder.structure_ids),
            Candidacy.state.in_(("submitted", "withdrawn")),
            Candidacy.theme_id == held.row.theme_id,
        )
        .limit(1)
    )
    if own is not None:
        raise ConflictOfInterest


def _tell(held: Held, decision: AdmissibilityDecision, now: datetime, *, is_held: bool) -> None:
    place = db.session.execute(
        select(Region.chamber, Structure.name)
        .select_from(Candidacy)
        .join(Round, Round.id == Candidacy.round_id)
        .join(Region, Region.code == Round.region_code)
        .join(Structure, Structure.id == Candidacy.structure_id)
        .where(Candidacy.id == held.row.id)
    ).one()
    people = db.session.execute(
        select(Account.id, Account.key, Account.name, Account.email)
        .join(Membership, Membership.account_id == Account.id)
        .where(
            Membership.structure_id == held.row.structure_id,
            Membership.standing == "responsible",
            Membership.accepted_at.is_not(None),
            Membership.left_at.is_(None),
            Account.disabled_at.is_(None),
        )
        .order_by(Account.id)
    ).all()
    for person in people:
        queue_message(
            KINDS[decision.verdict],
            person.email,
            dedupe=f"admissibility:{decision.id}:{person.key}",
            values={
                "person": person.name,
                "structure": place.name,
                "title": held.row.title,
                "reason": decision.reason,
                "link": public_address(f"/candidatures/{held.row.key}"),
                "chamber": place.chamber,
            },
            now=now,
            account_id=person.id,
            round_id=held.row.round_id,
            object_key=held.row.key,
            held=is_held,
        )
