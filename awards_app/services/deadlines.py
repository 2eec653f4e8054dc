"""The closing of the call, moved with a motive (SET-2), and whether a region takes part."""

from datetime import datetime, timedelta

from sqlalchemy import select

from awards_app.database import atomic, db
from awards_app.domain.deadlines import Deadline, resolve
from awards_app.domain.holder import Holder
from awards_app.domain.instants_fr import minute_fr
from awards_app.domain.permissions import Permission, Subject, authorise
from awards_app.domain.phases import PHASE_LABELS, Phase
from awards_app.domain.refusals import DoesNotExist, InputIsInvalid, IsForbidden, IsNotThePhase
from awards_app.domain.text import clean_text
from awards_app.domain.words import N_
from awards_app.models.deadlines import DeadlineChange
from awards_app.models.editions import Edition, Round
from awards_app.queries.access import RoundFacts, find_round
from awards_app.services.agreements import DONE, PENDING, agree
from awards_app.services.deadline_letters import tell_candidates, tell_refused
from awards_app.services.journal import write_entry
from awards_app.services.rounds import catch_up, lock_round, move_round

# How long after its closing a call may still be reopened by whoever may extend it, as long as nothing else began.
REOPENING = timedelta(hours=2)
_SIDES = (Subject.COORDINATOR, Subject.NATIONAL_STAFF)
REASON_LIMIT = 1000


def change_deadline(
    holder: Holder,
    round_key: str,
    local: datetime,
    reason: str,
    now: datetime,
    *,
    fold: int | None = None,
    zone: str | None = None,
) -> str:
    """Move the closing of the call to a local time of the round's zone (or of ``zone``); return « done » or « pending ».

    A later closing is one person's act, within two hours after the closing too. An earlier or a past one needs chamber
    and national staff. Every candidate is written to. Raises the `DeadlineIsInvalid` of an impossible local time,
    `InputIsInvalid`, or the matrix's refusal.
    """
    with atomic():
        facts = find_round(holder, round_key, now)
        if facts is None:
            raise DoesNotExist
        row = lock_round(facts.id)
        reopens = _may_reopen(facts.phase, row.closes_at, now)
        authorise(Permission.EXTEND_DEADLINE, Phase.FILING if reopens else facts.phase, facts.subjects)
        if row.closes_at is None:
            raise IsNotThePhase(phase=PHASE_LABELS[facts.phase])
        words = _reason(reason)
        wanted = resolve(local, zone or row.zone, fold)
        _check(row, wanted, now, reopens=reopens)
        earlier = wanted.closes_at < row.closes_at or wanted.closes_at <= now
        if earlier and _two_persons(row):
            agreed = _agree(holder, facts, row, wanted, words, now)
            if agreed is None:
                return PENDING
            words = agreed
        _move(holder, row, wanted, words, now)
        return DONE


def _agree(
    holder: Holder, facts: RoundFacts, row: Round, wanted: Deadline, reason: str, now: datetime
) -> str | None:
    """Return the reason that two persons agreed on for this very closing, None while the second is awaited."""
    proposed: dict[str, object] = {
        "local": wanted.local.isoformat(timespec="minutes"),
        "fold": wanted.fold,
    }
    if wanted.zone != row.zone:
        proposed["zone"] = wanted.zone
    agreed = agree(
        holder,
        "shorten_deadline",
        row.key,
        _SIDES,
        facts.subjects,
        now,
        round_id=row.id,
        reason=reason,
        arguments=proposed,
        must_match=True,
    )
    return None if agreed is None else str(agreed["reason"])


def check_may_change(holder: Holder, round_key: str, now: datetime) -> None:
    """Return if ``holder`` may move the closing of the call now; raise the refusal that moving it would."""
    facts = find_round(holder, round_key, now)
    if facts is None:
        raise DoesNotExist
    closes_at = db.session.scalar(select(Round.closes_at).where(Round.id == facts.id))
    reopens = _may_reopen(facts.phase, closes_at, now)
    authorise(Permission.EXTEND_DEADLINE, Phase.FILING if reopens else facts.phase, facts.subjects)
    if closes_at is None:
        raise IsNotThePhase(phase=PHASE_LABELS[facts.phase])


def confirm_shortening(
    holder: Holder,
    round_key: str,
    local: str,
    fold: int | None,
    zone: str | None,
    reason: str,
    now: datetime,
) -> str:
    """Confirm an earlier closing that another person proposed; the same rules are asked again."""
    at = datetime.fromisoformat(local)
    return change_deadline(holder, round_key, at, reason, now, fold=fold, zone=zone)


def set_participation(holder: Holder, round_key: str, takes_part: bool, reason: str, now: datetime) -> None:
    """Say before the call opens whether a region takes part in the edition.

    The persons and refusals are those of its deadline. Raises `IsNotThePhase` once the call has opened.
    """
    with atomic():
        facts = find_round(holder, round_key, now)
        if facts is None:
            raise DoesNotExist
        authorise(Permission.EXTEND_DEADLINE, facts.phase, facts.subjects)
        if facts.region_code is None:
            raise IsForbidden
        if facts.phase is not Phase.PREPARATION:
            raise IsNotThePhase(phase=PHASE_LABELS[facts.phase])
        words = _reason(reason)
        row = lock_round(facts.id)
        if row.takes_part == takes_part:
            return
        row.takes_part = takes_part
        row.version += 1
        write_entry(
            holder,
            "set_participation",
            "round",
            row.key,
            now,
            round_id=row.id,
            detail={"takes_part": takes_part, "reason": words},
        )


def _two_persons(row: Round) -> bool:
    rules = db.session.scalar(select(Edition.rules).where(Edition.id == row.edition_id)) or {}
    return bool(rules.get("two_persons", True))


def _may_reopen(phase: Phase, closes_at: datetime | None, now: datetime) -> bool:
    return phase is Phase.ADMISSIBILITY and closes_at is not None and now < closes_at + REOPENING


def _reason(reason: str) -> str:
    words = clean_text(reason).strip()
    if not words:
        raise InputIsInvalid(
            {"reason": N_("Indiquez le motif : il est gardé au journal et dit aux candidats.")}
        )
    if len(words) > REASON_LIMIT:
        raise InputIsInvalid({"reason": N_("Ce motif est trop long : 1 000 signes au plus.")})
    return words


def _check(row: Round, wanted: Deadline, now: datetime, *, reopens: bool) -> None:
    if wanted.closes_at == row.closes_at and wanted.zone == row.zone:
        raise InputIsInvalid({"local": N_("C’est déjà la date limite.")})
    if row.opens_at is not None and wanted.at <= row.opens_at:
        raise InputIsInvalid({"local": N_("La date limite doit suivre l’ouverture de l’appel.")})
    if reopens and wanted.closes_at <= now:
        raise InputIsInvalid({"local": N_("Pour rouvrir l’appel, choisissez une date à venir.")})


def _move(holder: Holder, row: Round, wanted: Deadline, reason: str, now: datetime) -> None:
    catch_up(row, now)
    before, before_zone = row.closes_at, row.zone
    assert before is not None
    detail: dict[str, object] = {
        "before": before.isoformat(),
        "after": wanted.closes_at.isoformat(),
        "local": wanted.local.isoformat(timespec="minutes"),
        "zone": wanted.zone,
        "reason": reason,
    }
    db.session.add(
        DeadlineChange(
            round_id=row.id,
            moved_at=now,
            moved_by_id=holder.account_id or None,
            before_at=before,
            before_zone=before_zone,
            after_at=wanted.closes_at,
            after_zone=wanted.zone,
            reason=reason,
        )
    )
    row.closes_local = wanted.local.isoformat(timespec="minutes")
    row.closes_at, row.zone = wanted.closes_at, wanted.zone
    if row.phase == Phase.ADMISSIBILITY.value:
        move_round(row, "extend_deadline", now, holder, detail=detail)
    else:
        row.version += 1
        write_entry(holder, "extend_deadline", "round", row.key, now, round_id=row.id, detail=detail)
        catch_up(row, now)
    db.session.flush()
    closing = minute_fr(wanted.at, wanted.zone)
    reopened = tell_refused(row, closing, reason, now) if now < wanted.closes_at else set()
    tell_candidates(row, closing, reason, now, reopened)
