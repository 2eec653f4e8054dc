"""Declaring a tie, or that there is none; the chamber settles doubts; two persons lift a recusal."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from awards_app.database import atomic, db
from awards_app.domain.holder import Holder
from awards_app.domain.interests import (
    REASON_LIMIT,
    OwnRecusalIsNotLifted,
    RecusalNeedsTwoPersons,
    TieNeedsAReason,
    Verdict,
)
from awards_app.domain.permissions import Permission, Subject
from awards_app.domain.phases import Phase
from awards_app.domain.refusals import DoesNotExist, InputIsInvalid, Refusal
from awards_app.domain.text import clean_line
from awards_app.domain.words import N_
from awards_app.models.juries import Interest, Seat
from awards_app.queries.access import CandidacyFacts, open_candidacy
from awards_app.queries.juries import open_seat
from awards_app.services.agreements import DONE, PENDING, agree, key_of
from awards_app.services.journal import write_entry
from awards_app.services.juries.ties import recuse_certain_ties, store_interest
from awards_app.services.locking import renew_snapshot
from awards_app.services.rounds import lock_round

LIFTERS = (Subject.COORDINATOR, Subject.NATIONAL_STAFF)


class CharterIsNotAccepted(Refusal):
    """The charter comes before the declarations."""

    sentence = N_("Acceptez d’abord la charte du jury.")


class NothingToLift(Refusal):
    """There is no recusal on this file."""

    sentence = N_("Aucun déport n’est en vigueur pour ce dossier.")


def declare_interest(
    holder: Holder, seat_key: str, candidacy_key: str, verdict: str, reason: str, now: datetime
) -> str:
    """Declare one's own tie with a file: « none », « recused » or « unsure », and return the verdict recorded.

    A certain fact (F22) stands the juror aside whatever they declare. A recusal takes the file away at once and sets
    the sheet aside. Raises `CharterIsNotAccepted`, `TieNeedsAReason`, or the matrix's refusal.
    """
    with atomic():
        seat = open_seat(holder, seat_key, now)
        row = lock_round(seat.round_id)
        facts = _file(holder, candidacy_key, now, seat.round_id)
        if seat.charter_at is None:
            raise CharterIsNotAccepted
        chosen, words = _checked(verdict, reason)
        held = db.session.get_one(Seat, seat.id)
        if chosen is Verdict.NONE and _stands_aside_by_fact(seat.id, facts.id):
            return Verdict.RECUSED.value
        if chosen is Verdict.NONE and recuse_certain_ties(held, facts.round, now, candidacy_id=facts.id):
            return Verdict.RECUSED.value
        _store(holder, held, facts, chosen, words, now)
        if chosen is not Verdict.NONE and row.phase == Phase.DELIBERATION.value:
            renew_snapshot(holder, row.id, now, N_("Fiche écartée après le verrouillage."))
        return chosen.value


def declare_interests(
    holder: Holder, seat_key: str, lines: Mapping[str, tuple[str, str]], now: datetime
) -> dict[str, str]:
    """Declare several of one's own ties at once, by candidacy key: (verdict, reason); return the verdicts recorded.

    All or none: raises `InputIsInvalid` with « verdict-KEY » or « reason-KEY » for each line that is refused.
    """
    errors = {}
    for key, (verdict, reason) in lines.items():
        try:
            _checked(verdict, reason)
        except InputIsInvalid as refusal:
            errors.update({f"{name}-{key}": words for name, words in refusal.errors.items()})
        except TieNeedsAReason as refusal:
            errors[f"reason-{key}"] = refusal.sentence
    if errors:
        raise InputIsInvalid(errors)
    with atomic():
        return {
            key: declare_interest(holder, seat_key, key, verdict, reason, now)
            for key, (verdict, reason) in lines.items()
        }


def declare_interest_for(
    holder: Holder, seat_key: str, candidacy_key: str, verdict: str, reason: str, now: datetime
) -> None:
    """Declare for a juror, by the chamber: a tie they told of, or the settlement of a doubt.

    Raises `RecusalNeedsTwoPersons` for the end of a recusal, `TieNeedsAReason`, or the matrix's refusal.
    """
    with atomic():
        seat = _live_seat(seat_key)
        row = lock_round(seat.round_id)
        facts = _file(holder, candidacy_key, now, seat.round_id)
        if Subject.COORDINATOR not in facts.subjects or seat.theme_id not in (None, facts.theme_id):
            raise DoesNotExist
        chosen, words = _checked(verdict, reason)
        if chosen is Verdict.NONE and _live_verdict(seat.id, facts.id) == Verdict.RECUSED.value:
            raise RecusalNeedsTwoPersons
        _store(holder, seat, facts, chosen, words, now)
        if chosen is not Verdict.NONE and row.phase == Phase.DELIBERATION.value:
            renew_snapshot(holder, row.id, now, N_("Fiche écartée après le verrouillage."))


def lift_recusal(holder: Holder, seat_key: str, candidacy_key: str, reason: str, now: datetime) -> str:
    """Lift a recusal before the lock (COI-3); « pending » until the second person confirms, then « done ».

    Chamber and national staff; never who declared it. Raises `NothingToLift`, `OwnRecusalIsNotLifted`,
    `InputIsInvalid` without a reason, or the matrix's refusal.
    """
    if not reason.strip():
        raise InputIsInvalid({"reason": N_("Indiquez pourquoi ce déport peut être levé.")})
    with atomic():
        seat = _live_seat(seat_key)
        lock_round(seat.round_id)
        facts = open_candidacy(holder, candidacy_key, Permission.LIFT_RECUSAL, now, round_id=seat.round_id)
        live = db.session.scalar(
            select(Interest).where(
                Interest.seat_id == seat.id,
                Interest.candidacy_id == facts.id,
                Interest.verdict == Verdict.RECUSED.value,
                Interest.replaced_at.is_(None),
            )
        )
        if live is None:
            raise NothingToLift
        if live.declared_by_id == holder.account_id or seat.account_id == holder.account_id:
            raise OwnRecusalIsNotLifted
        agreed = agree(
            holder,
            "lift_recusal",
            key_of(seat_key, candidacy_key),
            LIFTERS,
            facts.subjects,
            now,
            round_id=seat.round_id,
            reason=clean_line(reason),
            arguments={"seat": seat_key, "candidacy": candidacy_key},
        )
        if agreed is None:
            return PENDING
        store_interest(seat.id, facts.id, Verdict.NONE, str(agreed["reason"]), now, holder.account_id)
        _write(holder, "lift_recusal", seat, facts, now, {"reason": agreed["reason"]})
        return DONE


def _file(holder: Holder, candidacy_key: str, now: datetime, round_id: int) -> CandidacyFacts:
    facts = open_candidacy(holder, candidacy_key, Permission.DECLARE_INTEREST, now, round_id=round_id)
    if facts.state != "submitted" or facts.verdict == "inadmissible":
        raise DoesNotExist
    return facts


def _checked(verdict: str, reason: str) -> tuple[Verdict, str]:
    try:
        chosen = Verdict(verdict)
    except ValueError as problem:
        raise InputIsInvalid({"verdict": N_("Choisissez une des trois réponses.")}) from problem
    words = clean_line(reason)
    if chosen is not Verdict.NONE and not words:
        raise TieNeedsAReason
    if len(words) > REASON_LIMIT:
        raise InputIsInvalid({"reason": N_("Ce motif est trop long : 600 signes au plus.")})
    return chosen, words


def _store(
    holder: Holder, seat: Seat, facts: CandidacyFacts, verdict: Verdict, reason: str, now: datetime
) -> None:
    store_interest(seat.id, facts.id, verdict, reason, now, holder.account_id)
    _write(holder, "declare_interest", seat, facts, now, {"verdict": verdict.value})


def _write(
    holder: Holder, act: str, seat: Seat, facts: CandidacyFacts, now: datetime, detail: dict[str, object]
) -> None:
    write_entry(
        holder,
        act,
        "candidacy",
        facts.key,
        now,
        round_id=seat.round_id,
        detail={"seat": seat.key, **detail},
    )


def _live_seat(seat_key: str) -> Seat:
    seat = db.session.scalar(select(Seat).where(Seat.key == seat_key, Seat.left_at.is_(None)))
    if seat is None:
        raise DoesNotExist
    return seat


def _stands_aside_by_fact(seat_id: int, candidacy_id: int) -> bool:
    """Say whether a recusal that nobody declared is in force: only two persons lift it (COI-3)."""
    return (
        db.session.scalar(
            select(Interest.id).where(
                Interest.seat_id == seat_id,
                Interest.candidacy_id == candidacy_id,
                Interest.verdict == Verdict.RECUSED.value,
                Interest.declared_by_id.is_(None),
                Interest.replaced_at.is_(None),
            )
        )
        is not None
    )


def _live_verdict(seat_id: int, candidacy_id: int) -> str | None:
    return db.session.scalar(
        select(Interest.verdict).where(
            Interest.seat_id == seat_id, Interest.candidacy_id == candidacy_id, Interest.replaced_at.is_(None)
        )
    )
