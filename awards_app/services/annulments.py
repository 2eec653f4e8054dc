"""Annulled decisions: back to the deliberation while under embargo, an erratum once published."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update

from awards_app.database import atomic, db
from awards_app.domain.deliberations import CITATION_LIMIT, NATIONAL_ENTRY, check_proposal
from awards_app.domain.holder import SCHEDULER, Holder
from awards_app.domain.motives import read_motive
from awards_app.domain.permissions import Permission, Subject
from awards_app.domain.phases import Phase
from awards_app.domain.refusals import DoesNotExist, InputIsInvalid
from awards_app.domain.text import clean_text, count_signs
from awards_app.domain.words import N_
from awards_app.models.certificates import Certificate
from awards_app.models.deliberations import Decision
from awards_app.models.editions import Round
from awards_app.queries.deliberations import Desk, decided_filings, desk_of
from awards_app.queries.reconciliation import national_round_of
from awards_app.services.agreements import DONE, PENDING, agree
from awards_app.services.annulled_rows import annul_one, check_national_is_open, clear_round, void_decisions
from awards_app.services.certificates import lead_to, order_missing, revoke
from awards_app.services.correction_letters import tell_correction
from awards_app.services.decision_letters import tell_decision_flagged
from awards_app.services.entries_carried import send_up
from awards_app.services.held_rooms import check_no_conflict, take_room
from awards_app.services.honours import disarm
from awards_app.services.journal import write_entry
from awards_app.services.publication import (
    certificate_of_decision,
    honour_of_decision,
    rewritten_desk,
    write_honour,
)
from awards_app.services.published_corrections import correct_words, note_of, settle_amounts
from awards_app.services.rounds import lock_round, move_round

__all__ = [
    "annul_decision",
    "check_replacement",
    "correct_published",
    "on_candidacy_withdrawn",
    "replacement_of",
    "void_decisions",
]


def annul_decision(
    holder: Holder,
    decision_key: str,
    reason: str,
    now: datetime,
    *,
    replacement: Mapping[str, str | None] | None = None,
) -> str:
    """Annul a confirmed decision; « pending » until the second person confirms, then « done ».

    Under embargo (chair and chamber) the round deliberates again and every other decision is a proposal once more. Once
    published (chamber and national staff) the honour is retracted with an erratum, its certificate revoked, and
    ``replacement`` (candidacy_key, citation) published at once: both persons name the same, or `AnotherProposalWaits`.
    Raises `InputIsInvalid` without a reason.
    """
    with atomic():
        found = db.session.execute(
            select(Decision.id, Decision.theme_id, Round.key)
            .join(Round, Round.id == Decision.round_id)
            .where(Decision.key == decision_key, Decision.annulled_at.is_(None))
        ).one_or_none()
        if found is None:
            raise DoesNotExist
        room, row = take_room(holder, found.key, Permission.ANNUL_DECISION, now)
        if found.theme_id is not None and found.theme_id not in {theme.id for theme in room.themes}:
            raise DoesNotExist
        words = read_motive(reason, N_("Indiquez le motif de l’annulation."))
        is_embargoed = room.round.phase is Phase.DECIDED
        if not is_embargoed:
            check_no_conflict(holder, room)
            if replacement is not None:
                # What nobody could confirm is refused to who proposes it.
                held = db.session.get_one(Decision, found.id)
                check_replacement(desk_of(row.id), held, replacement.get("candidacy_key"), words)
        first = Subject.CHAIR if is_embargoed else Subject.NATIONAL_STAFF
        agreed = agree(
            holder,
            "annul_decision",
            decision_key,
            (first, Subject.COORDINATOR),
            room.round.subjects,
            now,
            round_id=row.id,
            reason=words,
            arguments={"replacement": _cleaned(replacement) if replacement else None},
            must_match=True,
        )
        if agreed is None:
            return PENDING
        decision = db.session.get_one(Decision, found.id, populate_existing=True)
        if is_embargoed:
            _reopen(row, decision, str(agreed["reason"]), holder, now)
        else:
            correct_published(row, decision, agreed, holder, now)
        return DONE


def confirm_annulment(
    holder: Holder,
    decision_key: str,
    replacement: Mapping[str, str | None] | None,
    reason: str,
    now: datetime,
) -> str:
    """Confirm an annulment that another person proposed, as it was proposed."""
    return annul_decision(holder, decision_key, reason, now, replacement=replacement)


def _cleaned(replacement: Mapping[str, str | None]) -> dict[str, str | None]:
    citation = clean_text(replacement.get("citation") or "").strip()
    if count_signs(citation) > CITATION_LIMIT:
        raise InputIsInvalid({"citation": N_("Ce texte est trop long.")})
    return {"candidacy_key": replacement.get("candidacy_key"), "citation": citation}


def _reopen(row: Round, decision: Decision, reason: str, holder: Holder, now: datetime) -> None:
    annul_one(decision, reason, holder, now)
    db.session.execute(
        update(Decision)
        .where(Decision.round_id == row.id, Decision.annulled_at.is_(None))
        .values(confirmed_by_id=None, confirmed_at=None)
    )
    clear_round(row, reason, holder, now)
    move_round(row, "annul_decision", now, holder, detail={"decision": decision.key})


def correct_published(
    row: Round, decision: Decision, agreed: Mapping[str, object], holder: Holder, now: datetime
) -> None:
    """Annul a published decision as two persons agreed, with an erratum and the replacement they name, if any.

    Words put right for the same structure are put right on its page, which keeps its address, its photo and its place.
    """
    reason = str(agreed["reason"])
    desk = desk_of(row.id)
    annul_one(decision, reason, holder, now)
    replacement = agreed.get("replacement")
    note = note_of(reason, row.zone, now)
    annulled = next(line for line in desk.decisions if line.id == decision.id)
    is_same = isinstance(replacement, Mapping) and replacement.get("candidacy_key") == annulled.candidacy_key
    honour = honour_of_decision(decision.id)
    if honour is not None and not is_same:
        honour.retracted_at, honour.erratum = now, note
    old = certificate_of_decision(decision.id)
    old_id = old.id if old is not None and old.sha256 is not None else None
    if old is not None:
        revoke(old, reason, holder, now)
    if not isinstance(replacement, Mapping):
        settle_amounts(rewritten_desk(row.id), note, now)
        tell_correction(desk, annulled, None, reason, now)
        return
    new = replacement_of(desk, decision, replacement, agreed, holder, now)
    new_desk = rewritten_desk(row.id)
    line = next(one for one in new_desk.decisions if one.id == new.id)
    if is_same and honour is not None:
        correct_words(honour, new, note, now)
    elif new.candidacy_id is not None:
        write_honour(new_desk, line, decided_filings([new.id])[new.id].content, now, erratum=note)
    settle_amounts(new_desk, note, now)
    tell_correction(desk, annulled, line, reason, now)
    order_missing(row, now, holder)
    if old_id is not None and is_same:
        newer = certificate_of_decision(new.id)
        held = db.session.get(Certificate, old_id)
        if newer is not None and held is not None:
            lead_to(held.id, newer.id)
            newer.content = newer.content | {"structure_name": held.content["structure_name"]}
    write_entry(
        holder,
        "publish_correction",
        "decision",
        new.key,
        now,
        round_id=row.id,
        detail={"replaces": decision.key},
    )


def replacement_of(
    desk: Desk,
    decision: Decision,
    replacement: Mapping[str, str | None],
    agreed: Mapping[str, object],
    holder: Holder,
    now: datetime,
) -> Decision:
    """Write the decision that takes the annulled one's place; both persons of the annulment answer for it.

    ``desk`` is the table before the annulment. No « candidacy_key » says that nobody is distinguished any more. A file
    that is sent up becomes the region's entry at once; raises as a proposal does, or `DecisionsAreBlocked` when the
    national jury has locked.
    """
    key = replacement.get("candidacy_key")
    prize = desk.prize(decision.prize_id)
    check_replacement(desk, decision, key, str(agreed["reason"]))
    file = next((one for one in desk.files if one.key == key), None)
    new = Decision(
        round_id=decision.round_id,
        prize_id=decision.prize_id,
        theme_id=file.theme_id if file else decision.theme_id,
        candidacy_id=file.id if file else None,
        citation=str(replacement.get("citation") or "").strip(),
        reason=str(agreed["reason"]),
        proposed_by_id=int(str(agreed["proposed_by_id"])),
        proposed_at=now,
        confirmed_by_id=holder.account_id,
        confirmed_at=now,
    )
    db.session.add(new)
    db.session.flush()
    national = national_round_of(desk.round.edition_id)
    if prize.outcome == NATIONAL_ENTRY and file is not None and national is not None:
        check_national_is_open(national[0])
        send_up(national[0], new, decided_filings([new.id])[new.id].filing_id, holder, now)
    return new


def check_replacement(desk: Desk, decision: Decision, key: str | None, reason: str) -> None:
    """Return if ``key`` may take the place of a decision, as it would be proposed were that decision not there."""
    prize = desk.prize(decision.prize_id)
    contest = desk.contest()
    held = next(line for line in desk.decisions if line.id == decision.id)
    contest.given = tuple(
        one for one in contest.given if not (one.prize == prize.code and one.file == held.candidacy_key)
    )
    theme = desk.theme(decision.theme_id)
    slot = next(
        slot
        for slot in desk.slots()
        if slot.prize == prize.code and slot.theme in (None, theme.code if theme else None)
    )
    check_proposal(contest, slot, key, reason)


def on_candidacy_withdrawn(candidacy_id: int, now: datetime, holder: Holder | None = None) -> int:
    """Flag the decisions on a candidacy that was just withdrawn; return in how many rounds.

    Nothing is promoted in its place: the publication is disarmed, the panel is told and decides. Joins the withdrawal's
    transaction.
    """
    with atomic() as session:
        rows = session.execute(
            select(Decision.round_id, Decision.key)
            .where(Decision.candidacy_id == candidacy_id, Decision.annulled_at.is_(None))
            .order_by(Decision.round_id)
        ).all()
        concerned: dict[int, list[str]] = {}
        for row in rows:
            concerned.setdefault(row.round_id, []).append(row.key)
        for round_id, keys in concerned.items():
            held = lock_round(round_id)
            if held.phase not in (Phase.DELIBERATION.value, Phase.DECIDED.value):
                continue
            disarm(held, holder or SCHEDULER, now, "candidature retirée")
            tell_decision_flagged(round_id, candidacy_id, now)
            for key in keys:
                write_entry(
                    holder or SCHEDULER,
                    "flag_decision",
                    "decision",
                    key,
                    now,
                    round_id=round_id,
                    detail={"reason": "candidature retirée"},
                )
        return len(concerned)
