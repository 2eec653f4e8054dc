"""What the national staff and the chambers write on the board of regions: what is expected, who is absent, who is chased."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from awards_app.adapters.public_address import public_address
from awards_app.database import atomic, db
from awards_app.domain.deadlines import resolve
from awards_app.domain.deliberations import NATIONAL_ENTRY
from awards_app.domain.holder import Holder
from awards_app.domain.instants_fr import minute_fr
from awards_app.domain.national import (
    REASON_LIMIT,
    Absence,
    ChasedToday,
    EntryIsHeld,
    NobodyToChase,
    NothingIsLate,
)
from awards_app.domain.permissions import Permission, Subject, authorise
from awards_app.domain.refusals import DoesNotExist, InputIsInvalid, IsForbidden
from awards_app.domain.text import clean_text
from awards_app.domain.words import N_
from awards_app.models.deliberations import Decision
from awards_app.models.editions import Prize, Theme
from awards_app.models.national import NationalCalendar, RegionChase, ThemeAbsence
from awards_app.queries.access import RoundFacts, find_round
from awards_app.queries.national_board import LateRegion, late_region
from awards_app.services.chamber_letters import coordinators_of
from awards_app.services.journal import write_entry
from awards_app.services.messages import queue_message
from awards_app.services.rounds import lock_round

CHASE = "region_chase"


def set_calendar(
    holder: Holder,
    national_key: str,
    entries_due: datetime | None,
    additions_close: datetime | None,
    now: datetime,
) -> None:
    """Say when the regions' decisions are expected and until when candidates may add: local times of the national zone.

    None leaves no such instant. Raises `InputIsInvalid` for a time that the clocks skip, or the matrix's refusal.
    """
    with atomic() as session:
        facts = _round(holder, national_key, Permission.SET_EMBARGO, now)
        if facts.region_code is not None:
            raise DoesNotExist
        lock_round(facts.id)
        row = session.get(NationalCalendar, facts.id)
        if row is None:
            row = NationalCalendar(round_id=facts.id, set_at=now, set_by_id=holder.account_id)
            session.add(row)
        row.entries_due_local, row.entries_due_at = _instant(entries_due, facts.zone)
        row.additions_close_local, row.additions_close_at = _instant(additions_close, facts.zone)
        row.set_at, row.set_by_id = now, holder.account_id
        write_entry(
            holder,
            "set_national_calendar",
            "round",
            facts.key,
            now,
            round_id=facts.id,
            detail={
                "entries_due": row.entries_due_local or "",
                "additions_close": row.additions_close_local or "",
                "zone": facts.zone,
            },
        )


def _instant(local: datetime | None, zone: str) -> tuple[str | None, datetime | None]:
    if local is None:
        return None, None
    deadline = resolve(local, zone, 0)
    # The minute that is shown is still open to its end.
    return deadline.local.isoformat(timespec="minutes"), deadline.closes_at.astimezone(UTC)


def set_absence(
    holder: Holder, round_key: str, theme_code: str, kind: str, reason: str, now: datetime
) -> None:
    """Say that a region sends nobody up in a theme, and why: « no_finalist » or « not_taking_part ».

    By the chamber or the national staff, until publication. Said again, it replaces what was said. Raises
    `EntryIsHeld` while a file is decided there, `InputIsInvalid`, or the matrix's refusal.
    """
    with atomic() as session:
        facts, theme_id = _theme(holder, round_key, theme_code, now)
        words = clean_text(reason).strip()
        if not words or len(words) > REASON_LIMIT:
            raise InputIsInvalid({"reason": N_("Indiquez le motif, en 1 000 signes au plus.")})
        try:
            chosen = Absence(kind)
        except ValueError as problem:
            raise InputIsInvalid({"kind": N_("Choisissez une des deux réponses.")}) from problem
        lock_round(facts.id)
        held = session.scalar(
            select(Decision.id)
            .join(Prize, Prize.id == Decision.prize_id)
            .where(
                Decision.round_id == facts.id,
                Decision.theme_id == theme_id,
                Decision.candidacy_id.is_not(None),
                Decision.annulled_at.is_(None),
                Prize.outcome == NATIONAL_ENTRY,
            )
        )
        if held is not None:
            raise EntryIsHeld
        former = _live_absence(facts.id, theme_id)
        if former is not None:
            if (former.kind, former.reason) == (chosen.value, words):
                return
            former.lifted_at, former.lifted_by_id = now, holder.account_id
            session.flush()
        session.add(
            ThemeAbsence(
                round_id=facts.id,
                theme_id=theme_id,
                kind=chosen.value,
                reason=words,
                said_at=now,
                said_by_id=holder.account_id,
            )
        )
        detail: dict[str, object] = {"theme": theme_code, "kind": chosen.value, "reason": words}
        write_entry(holder, "set_absence", "round", facts.key, now, round_id=facts.id, detail=detail)


def lift_absence(holder: Holder, round_key: str, theme_code: str, now: datetime) -> None:
    """Take back that a region sends nobody up in a theme; what was said is kept. Nothing to take back changes nothing."""
    with atomic():
        facts, theme_id = _theme(holder, round_key, theme_code, now)
        lock_round(facts.id)
        former = _live_absence(facts.id, theme_id)
        if former is None:
            return
        former.lifted_at, former.lifted_by_id = now, holder.account_id
        detail: dict[str, object] = {"theme": theme_code}
        write_entry(holder, "lift_absence", "round", facts.key, now, round_id=facts.id, detail=detail)


def chase_region(holder: Holder, round_key: str, now: datetime) -> int:
    """Put a letter to each coordinator of a late region in its outbox, held until read; return how many.

    By the national staff, once a day. Raises `NothingIsLate`, `ChasedToday`, `NobodyToChase`, or the matrix's refusal.
    """
    with atomic() as session:
        facts = _round(holder, round_key, Permission.SEND_BULK_MESSAGE, now)
        if facts.region_code is None:
            raise DoesNotExist
        if Subject.NATIONAL_STAFF not in facts.subjects:
            raise IsForbidden
        lock_round(facts.id)
        late = late_region(holder, round_key, now)
        if not late.days:
            raise NothingIsLate
        last = session.scalar(select(func.max(RegionChase.chased_at)).where(RegionChase.round_id == facts.id))
        if last is not None and now - last < timedelta(hours=20):
            raise ChasedToday
        letters = _write(late, now)
        if not letters:
            raise NobodyToChase
        session.add(
            RegionChase(
                round_id=facts.id,
                chased_at=now,
                chased_by_id=holder.account_id,
                late_days=late.days,
                letters=letters,
            )
        )
        detail: dict[str, object] = {"letters": letters, "late_days": late.days}
        write_entry(holder, "chase_region", "round", facts.key, now, round_id=facts.id, detail=detail)
        return letters


def _write(late: LateRegion, now: datetime) -> int:
    due = minute_fr(late.due_at - timedelta(minutes=1), late.zone) if late.due_at else ""
    return sum(
        queue_message(
            CHASE,
            person.email,
            dedupe=f"{CHASE}:{late.round_key}:{person.key}:{now.isoformat()}",
            values={
                "person": person.name,
                "edition": late.edition,
                "region_name": late.region_name,
                "closing_date": due,
                "chamber": "ESS France",
                "link": public_address(f"/coordination/{late.round_key}"),
            },
            now=now,
            account_id=person.id,
            round_id=late.round_id,
            object_key=late.round_key,
            held=True,
        )
        is not None
        for person in coordinators_of(late.region_code)
    )


def _round(holder: Holder, key: str, permission: Permission, now: datetime) -> RoundFacts:
    facts = find_round(holder, key, now)
    if facts is None:
        raise DoesNotExist
    authorise(permission, facts.phase, facts.subjects)
    return facts


def _theme(holder: Holder, round_key: str, theme_code: str, now: datetime) -> tuple[RoundFacts, int]:
    # The matrix has no line for it: who may move the embargo of a region answers for its calendar until it publishes.
    facts = _round(holder, round_key, Permission.SET_EMBARGO, now)
    theme_id = db.session.scalar(
        select(Theme.id).where(Theme.edition_id == facts.edition_id, Theme.code == theme_code)
    )
    if theme_id is None or facts.region_code is None:
        raise DoesNotExist
    return facts, theme_id


def _live_absence(round_id: int, theme_id: int) -> ThemeAbsence | None:
    return db.session.scalar(
        select(ThemeAbsence)
        .where(
            ThemeAbsence.round_id == round_id,
            ThemeAbsence.theme_id == theme_id,
            ThemeAbsence.lifted_at.is_(None),
        )
        .with_for_update()
    )
