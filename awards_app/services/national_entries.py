"""The runner-up: when an entry falls, one act of the chamber, with its reason, says who is sent up in its place."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from awards_app.database import atomic, db
from awards_app.domain.deliberations import CITATION_LIMIT, NATIONAL_ENTRY
from awards_app.domain.holder import Holder
from awards_app.domain.national import REASON_LIMIT, NotAnEntry
from awards_app.domain.permissions import Permission, Subject
from awards_app.domain.phases import Phase
from awards_app.domain.refusals import DoesNotExist, InputIsInvalid
from awards_app.domain.text import clean_text
from awards_app.domain.words import N_
from awards_app.models.deliberations import Decision
from awards_app.models.editions import Prize, Round
from awards_app.queries.deliberations import desk_of
from awards_app.queries.reconciliation import national_round_of
from awards_app.services.agreements import DONE, PENDING, agree
from awards_app.services.annulled_rows import annul_one, check_national_is_open
from awards_app.services.annulments import check_replacement, correct_published, replacement_of
from awards_app.services.certificates import revoke
from awards_app.services.decision_letters import tell_entry_replaced
from awards_app.services.held_rooms import check_no_conflict, take_room
from awards_app.services.honours import disarm
from awards_app.services.journal import write_entry
from awards_app.services.publication import certificate_of_decision


def replace_entry(
    holder: Holder,
    decision_key: str,
    candidacy_key: str | None,
    reason: str,
    now: datetime,
    *,
    citation: str = "",
) -> str:
    """Send another file up in the place of an entry, or none at all; « pending » until the second person confirms.

    The persons are those who annul a decision (DEC-4): chair and chamber under embargo, where the round stays decided and
    its publication is disarmed; chamber and national staff once published, with an erratum. The former decision and entry
    stay, ended, with the reason. Raises `InputIsInvalid` without a reason, `NotAnEntry`, `DecisionsAreBlocked` once the
    national jury has locked, what a proposal raises, or the matrix's refusal.
    """
    with atomic():
        found = _decision(decision_key)
        room, row = take_room(holder, found.round_key, Permission.ANNUL_DECISION, now)
        if found.theme_id not in {theme.id for theme in room.themes}:
            raise DoesNotExist
        if found.outcome != NATIONAL_ENTRY or found.candidacy_id is None:
            raise NotAnEntry
        words = _reason(reason)
        is_embargoed = room.round.phase is Phase.DECIDED
        if not is_embargoed:
            check_no_conflict(holder, room)
        decision = db.session.get_one(Decision, found.id, populate_existing=True)
        _check(row, decision, candidacy_key, words)
        text = clean_text(citation).strip()[:CITATION_LIMIT]
        agreed = agree(
            holder,
            "replace_entry",
            decision_key,
            (Subject.CHAIR if is_embargoed else Subject.NATIONAL_STAFF, Subject.COORDINATOR),
            room.round.subjects,
            now,
            round_id=row.id,
            reason=words,
            arguments={"replacement": {"candidacy_key": candidacy_key, "citation": text}},
            must_match=True,
        )
        if agreed is None:
            return PENDING
        _do(row, decision, agreed, holder, now, is_embargoed=is_embargoed)
        return DONE


def _check(row: Round, decision: Decision, candidacy_key: str | None, reason: str) -> None:
    desk = desk_of(row.id)
    check_replacement(desk, decision, candidacy_key, reason)
    national = national_round_of(desk.round.edition_id)
    if national is not None:
        check_national_is_open(national[0])


def _do(
    row: Round,
    decision: Decision,
    agreed: dict[str, Any],
    holder: Holder,
    now: datetime,
    *,
    is_embargoed: bool,
) -> None:
    if is_embargoed:
        _replace_under_embargo(row, decision, agreed, holder, now)
    else:
        correct_published(row, decision, agreed, holder, now)
    write_entry(
        holder,
        "replace_entry",
        "decision",
        decision.key,
        now,
        round_id=row.id,
        detail={"by": agreed["replacement"]["candidacy_key"] or "", "reason": str(agreed["reason"])},
    )
    tell_entry_replaced(row.id, decision.key, now)


def confirm_replacement(
    holder: Holder, decision_key: str, replacement: dict[str, str | None], reason: str, now: datetime
) -> str:
    """Confirm a replacement that another person proposed, as it was proposed."""
    return replace_entry(
        holder,
        decision_key,
        replacement["candidacy_key"],
        reason,
        now,
        citation=replacement["citation"] or "",
    )


def _decision(decision_key: str) -> Any:
    found = db.session.execute(
        select(
            Decision.id,
            Decision.theme_id,
            Decision.candidacy_id,
            Round.key.label("round_key"),
            Prize.outcome,
        )
        .join(Round, Round.id == Decision.round_id)
        .join(Prize, Prize.id == Decision.prize_id)
        .where(
            Decision.key == decision_key,
            Decision.annulled_at.is_(None),
            Decision.confirmed_at.is_not(None),
            Round.region_code.is_not(None),
        )
    ).one_or_none()
    if found is None:
        raise DoesNotExist
    return found


def _reason(reason: str) -> str:
    words = clean_text(reason).strip()
    if not words:
        raise InputIsInvalid({"reason": N_("Indiquez le motif : il est gardé avec la décision.")})
    if len(words) > REASON_LIMIT:
        raise InputIsInvalid({"reason": N_("Ce motif est trop long : 1 000 signes au plus.")})
    return words


def _replace_under_embargo(
    row: Round, decision: Decision, agreed: dict[str, Any], holder: Holder, now: datetime
) -> None:
    desk, reason = desk_of(row.id), str(agreed["reason"])
    annul_one(decision, reason, holder, now)
    certificate = certificate_of_decision(decision.id)
    if certificate is not None:
        revoke(certificate, reason, holder, now)
    replacement_of(desk, decision, agreed["replacement"], agreed, holder, now)
    disarm(row, holder, now, reason)
