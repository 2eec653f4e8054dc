"""Use case of the chamber: decide whether a submitted candidacy is admissible, with its reason."""

from datetime import datetime
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from awards_app.adapters.public_address import public_address
from awards_app.database import atomic, db
from awards_app.domain.admissibility_acts import FileHasMoved, mark_of
from awards_app.domain.candidacies import checked_reason
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import InputIsInvalid
from awards_app.domain.text import clean_text
from awards_app.domain.words import N_
from awards_app.models.admissibility import CompletionRequest
from awards_app.models.candidacies import AdmissibilityDecision, Candidacy, Filing
from awards_app.models.messages import Message
from awards_app.services.candidacy_locks import Held, hold_candidacy
from awards_app.services.chamber_letters import Person, file_place, responsible_of, write_to
from awards_app.services.completion_rows import check_standing, end_request, open_request_of
from awards_app.services.conflicts import ConflictOfInterest, refuse_conflict
from awards_app.services.journal import write_entry

__all__ = ["KINDS", "ConflictOfInterest", "Notice", "decide_admissibility", "tell_decision"]

KINDS = {"admissible": "admissible", "inadmissible": "not_admissible"}
DECIDED = "décision prise"
Notice = Literal["send", "hold", "none"]


def decide_admissibility(
    holder: Holder,
    key: str,
    verdict: str,
    reason: str,
    now: datetime,
    *,
    notice: Notice = "send",
    seen: str | None = None,
) -> None:
    """Record « admissible » or « inadmissible »; a new decision replaces the former one, which is kept.

    ``seen`` is the mark of the page that the decision was made from (`ExaminedFile.mark`): `FileHasMoved` when something
    happened to the file since. ``notice`` says whether those responsible are told at once, by a message held for reading,
    or not yet. A request for completion that is open ends with the decision. The same decision again changes nothing.
    Raises `ReasonIsMissing`,
    `CandidacyIsWithdrawn`, `CandidacyIsNotSubmitted`, `ConflictOfInterest`, or the matrix's refusal.
    """
    with atomic() as session:
        held = hold_candidacy(holder, key, Permission.DECIDE_ADMISSIBILITY, now)
        check_standing(held.row)
        refuse_conflict(holder, held)
        if verdict not in KINDS:
            raise InputIsInvalid({"verdict": N_("Choisissez une décision.")})
        text = clean_text(reason).strip()
        if verdict == "inadmissible":
            checked_reason(text, text)
        former = _standing(held)
        if former is not None and (former.verdict, former.reason) == (verdict, text):
            return
        running = open_request_of(held.row.id)
        if seen is not None and seen != _mark(held, former, running):
            raise FileHasMoved
        if former is not None:
            _replace(held, former, now)
        decision = _decide(session, holder, held, verdict, text, now, is_told=notice == "send")
        if running is not None:
            end_request(holder, held.row, running, DECIDED, now)
        if notice != "none":
            place = file_place(held.row.id)
            tell_decision(held.row, decision, responsible_of(place.structure_id), now, held=notice == "hold")


def _decide(
    session: Session, holder: Holder, held: Held, verdict: str, text: str, now: datetime, *, is_told: bool
) -> AdmissibilityDecision:
    decision = AdmissibilityDecision(
        candidacy_id=held.row.id,
        verdict=verdict,
        reason=text,
        decided_at=now,
        decided_by_id=holder.account_id,
        notified_at=now if is_told else None,
    )
    session.add(decision)
    session.flush()
    write_entry(
        holder,
        "decide_admissibility",
        "candidacy",
        held.row.key,
        now,
        round_id=held.row.round_id,
        detail={"verdict": verdict, "reason": text},
    )
    return decision


def _standing(held: Held) -> AdmissibilityDecision | None:
    return db.session.scalar(
        select(AdmissibilityDecision).where(
            AdmissibilityDecision.candidacy_id == held.row.id,
            AdmissibilityDecision.replaced_at.is_(None),
        )
    )


def _mark(held: Held, former: AdmissibilityDecision | None, running: CompletionRequest | None) -> str:
    sha256 = db.session.scalar(
        select(Filing.sha256).where(Filing.candidacy_id == held.row.id, Filing.replaced_at.is_(None))
    )
    return mark_of(
        sha256 or "",
        former.verdict if former else "",
        former.reason if former else "",
        former.decided_at if former else None,
        running.key if running else "",
    )


def _replace(held: Held, former: AdmissibilityDecision, now: datetime) -> None:
    """End the decision that stood; its letters that have not left never will."""
    former.replaced_at = now
    db.session.flush()
    db.session.execute(
        update(Message)
        .where(
            Message.object_key == held.row.key,
            Message.kind.in_(KINDS.values()),
            Message.state.in_(("held", "waiting")),
        )
        .values(state="dropped", failure="remplacé par une nouvelle décision")
    )


def tell_decision(
    row: Candidacy, decision: AdmissibilityDecision, people: list[Person], now: datetime, *, held: bool
) -> int:
    """Queue the letters of a decision, one a person, held or not; return how many are new."""
    return write_to(
        people,
        KINDS[decision.verdict],
        file_place(row.id),
        f"admissibility:{decision.id}",
        {"reason": decision.reason, "link": public_address(f"/candidatures/{row.key}")},
        now,
        held=held,
    )
