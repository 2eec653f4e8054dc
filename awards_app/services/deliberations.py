"""The deliberation: who is present, how a tie is broken, what the chair proposes. Decisions are confirmed elsewhere."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, update

from awards_app.database import atomic
from awards_app.domain.deliberations import (
    ATTENDANCE,
    CITATION_LIMIT,
    REASON_LIMIT,
    TIE_METHODS,
    CandidacyCannotBeDecided,
    DecisionsAreBlocked,
    InterestConflict,
    NotANominee,
    PlacesAreTaken,
    PrizeIsUnknown,
    ProposalIsConfirmed,
    ReasonIsNeeded,
    Slot,
    TieBreakIsInvalid,
    TieIsOpen,
    check_proposal,
)
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission, authorise
from awards_app.domain.refusals import DoesNotExist, InputIsInvalid
from awards_app.domain.text import clean_text, count_signs
from awards_app.domain.words import N_
from awards_app.models.deliberations import Decision, TieBreak
from awards_app.models.editions import Round
from awards_app.models.juries import Seat
from awards_app.queries.deliberations import Desk, desk_of
from awards_app.queries.juries import JuryRoom
from awards_app.services.annulments import annul_decision, on_candidacy_withdrawn, void_decisions
from awards_app.services.decisions import confirm_decisions
from awards_app.services.held_rooms import take_room
from awards_app.services.journal import write_entry
from awards_app.services.minutes import write_minutes

__all__ = [
    "CandidacyCannotBeDecided",
    "DecisionsAreBlocked",
    "InterestConflict",
    "NotANominee",
    "PlacesAreTaken",
    "PrizeIsUnknown",
    "ProposalIsConfirmed",
    "ReasonIsNeeded",
    "TieBreakIsInvalid",
    "TieIsOpen",
    "annul_decision",
    "break_tie",
    "confirm_decisions",
    "on_candidacy_withdrawn",
    "propose_decision",
    "record_attendance",
    "void_decisions",
    "withdraw_proposal",
    "write_minutes",
]


def record_attendance(holder: Holder, round_key: str, attendance: Mapping[str, str], now: datetime) -> None:
    """Note who of the jury is present, excused or absent, by seat key.

    Raises `InputIsInvalid` for a seat of another jury or a word that is none of the three.
    """
    with atomic() as session:
        room, _row = take_room(holder, round_key, Permission.WRITE_MINUTES, now)
        live = set(
            session.scalars(
                select(Seat.key).where(
                    Seat.round_id == room.round.id, Seat.left_at.is_(None), Seat.accepted_at.is_not(None)
                )
            )
        )
        if not set(attendance) <= live or not set(attendance.values()) <= set(ATTENDANCE):
            raise InputIsInvalid({"attendance": N_("Indiquez la présence de chaque membre du jury.")})
        for key, word in attendance.items():
            session.execute(update(Seat).where(Seat.key == key).values(attendance=word))
        count = sum(word == "present" for word in attendance.values())
        write_entry(
            holder,
            "record_attendance",
            "round",
            round_key,
            now,
            round_id=room.round.id,
            detail={"present": count, "noted": len(attendance)},
        )


def break_tie(
    holder: Holder,
    round_key: str,
    theme_code: str,
    ordered_keys: Sequence[str],
    method: str,
    reason: str,
    now: datetime,
) -> None:
    """Record how equal files are parted: all of them, the one kept first, with the method and the reason.

    A later tie-break of the same files replaces the former one. Raises `TieBreakIsInvalid`.
    """
    with atomic() as session:
        room, row = take_room(holder, round_key, Permission.PROPOSE_DECISION, now)
        desk = desk_of(row.id)
        theme_id = _theme_id(room, desk, theme_code)
        ranks = {
            file.key: file.rank for file in desk.files if file.theme_id == theme_id and not file.withdrawn
        }
        first = ranks.get(ordered_keys[0]) if ordered_keys else None
        equals = sorted(key for key, rank in ranks.items() if rank is not None and rank == first)
        text = _text("reason", reason, REASON_LIMIT)
        if method not in TIE_METHODS or not text or sorted(ordered_keys) != equals or len(equals) < 2:
            raise TieBreakIsInvalid({"reason": TieBreakIsInvalid.sentence})
        session.add(
            TieBreak(
                round_id=row.id,
                theme_id=theme_id,
                snapshot_id=desk.snapshot_id,
                ordered_keys=list(ordered_keys),
                method=method,
                reason=text,
                recorded_by_id=holder.account_id,
                recorded_at=now,
            )
        )
        detail = {"theme": theme_code, "method": method, "order": list(ordered_keys)}
        write_entry(holder, "break_tie", "round", round_key, now, round_id=row.id, detail=detail)


def propose_decision(
    holder: Holder,
    round_key: str,
    *,
    prize_code: str,
    theme_code: str | None,
    candidacy_key: str | None,
    citation: str,
    reason: str,
    now: datetime,
) -> str:
    """Propose that a prize goes to a candidacy, or (no candidacy) to nobody; return the decision's key.

    The same proposal again replaces its citation and reason. Raises `PrizeIsUnknown`, `CandidacyCannotBeDecided`,
    `PlacesAreTaken`, `NotANominee`, `ReasonIsNeeded`, `TieIsOpen`, `InputIsInvalid` for a text over its limit.
    """
    with atomic() as session:
        room, row = take_room(holder, round_key, Permission.PROPOSE_DECISION, now)
        desk = desk_of(row.id)
        slot = _slot(desk, prize_code, theme_code)
        file = next((one for one in desk.files if one.key == candidacy_key), None)
        theme_id = _category(room, desk, slot, file.theme_id if file else None)
        texts = {
            "citation": _text("citation", citation, CITATION_LIMIT),
            "reason": _text("reason", reason, REASON_LIMIT),
        }
        check_proposal(desk.contest(), slot, candidacy_key, texts["reason"])
        prize_id = next(prize.id for prize in desk.prizes if prize.code == prize_code)
        known = next(
            (
                line.id
                for line in desk.decisions
                if (line.prize_id, line.theme_id, line.candidacy_key) == (prize_id, theme_id, candidacy_key)
            ),
            None,
        )
        decision = session.get(Decision, known) if known else None
        if decision is None:
            decision = Decision(
                round_id=row.id,
                prize_id=prize_id,
                theme_id=theme_id,
                candidacy_id=file.id if file else None,
                **texts,
                proposed_by_id=holder.account_id,
                proposed_at=now,
            )
            session.add(decision)
        else:
            decision.citation, decision.reason = texts["citation"], texts["reason"]
            decision.proposed_by_id, decision.proposed_at = holder.account_id, now
        session.flush()
        detail: dict[str, object] = {"prize": prize_code, "theme": theme_code, "candidacy": candidacy_key}
        write_entry(holder, "propose_decision", "decision", decision.key, now, round_id=row.id, detail=detail)
        return decision.key


def withdraw_proposal(holder: Holder, decision_key: str, now: datetime) -> None:
    """Take a proposal back. Raises `ProposalIsConfirmed` for what a second person has confirmed."""
    with atomic() as session:
        found = session.execute(
            select(Decision.id, Decision.theme_id, Round.key.label("round_key"))
            .join(Round, Round.id == Decision.round_id)
            .where(Decision.key == decision_key, Decision.annulled_at.is_(None))
        ).one_or_none()
        if found is None:
            raise DoesNotExist
        room, row = take_room(holder, found.round_key, Permission.PROPOSE_DECISION, now)
        if found.theme_id is not None:
            _open_theme(room, found.theme_id)
        decision = session.get_one(Decision, found.id, populate_existing=True)
        if decision.confirmed_at is not None:
            raise ProposalIsConfirmed
        decision.annulled_at, decision.annulled_reason = now, "proposition retirée"
        write_entry(holder, "withdraw_proposal", "decision", decision_key, now, round_id=row.id)


def _theme_id(room: JuryRoom, desk: Desk, code: str) -> int:
    theme = next((theme for theme in desk.themes if theme.code == code), None)
    if theme is None:
        raise PrizeIsUnknown({"theme": PrizeIsUnknown.sentence})
    return _open_theme(room, theme.id)


def _open_theme(room: JuryRoom, theme_id: int) -> int:
    """Return the theme if the person decides there: whoever stands aside from one file of it does not."""
    authorise(Permission.PROPOSE_DECISION, room.round.phase, room.subjects[theme_id])
    return theme_id


def _slot(desk: Desk, prize_code: str, theme_code: str | None) -> Slot:
    for slot in desk.slots():
        if slot.prize == prize_code and slot.theme in (None, theme_code):
            return slot
    raise PrizeIsUnknown({"prize": PrizeIsUnknown.sentence})


def _category(room: JuryRoom, desk: Desk, slot: Slot, of_file: int | None) -> int | None:
    """Return the theme a decision is recorded in; none for a prize over all of them that is not awarded."""
    if slot.theme is not None:
        return _theme_id(room, desk, slot.theme)
    if of_file is not None:
        return _open_theme(room, of_file)
    for theme in desk.themes:
        _open_theme(room, theme.id)
    return None


def _text(field: str, text: str, limit: int) -> str:
    cleaned = clean_text(text).strip()
    if count_signs(cleaned) > limit:
        raise InputIsInvalid({field: N_("Ce texte est trop long.")})
    return cleaned
