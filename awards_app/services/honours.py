"""The embargo, the two persons who arm a publication, the instant it fires, the archive."""

from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select

from awards_app.database import atomic, db
from awards_app.domain.deadlines import clock_and_offset, resolve
from awards_app.domain.holder import SCHEDULER, Holder
from awards_app.domain.honours import (
    EmbargoIsNotSet,
    EmbargoIsPast,
    EmbargoIsTooEarly,
    PublicationIsBlocked,
    ReadBackIsWrong,
    ReadBackLine,
    check_read_back,
    is_too_late,
)
from awards_app.domain.permissions import Permission, Subject
from awards_app.domain.phases import PHASE_LABELS, Phase
from awards_app.domain.refusals import IsForbidden, IsNotThePhase
from awards_app.models.editions import Edition, Round
from awards_app.models.publication import PublicationRehearsal
from awards_app.queries.deliberations import Desk, desk_of
from awards_app.queries.juries import JuryRoom
from awards_app.queries.publication import read_back_lines
from awards_app.queries.reconciliation import publication_points
from awards_app.services.agreements import DONE, PENDING, agree
from awards_app.services.held_rooms import check_no_conflict, take_room
from awards_app.services.journal import write_entry
from awards_app.services.publication import drop_pending, publish
from awards_app.services.rounds import lock_round, move_round
from awards_app.services.rows_apart import each_apart

__all__ = [
    "DONE",
    "PENDING",
    "EmbargoIsNotSet",
    "PublicationIsBlocked",
    "ReadBackIsWrong",
    "ReadBackLine",
    "archive_round",
    "arm_publication",
    "disarm_publication",
    "publish_due",
    "publish_now",
    "set_embargo",
]

SIDES = (Subject.COORDINATOR, Subject.NATIONAL_STAFF)


def set_embargo(
    holder: Holder, round_key: str, local: datetime, now: datetime, fold: int | None = None
) -> str:
    """Set or move the instant of publication, a local time of the round's zone to the minute.

    A later instant counts at once; an earlier one is « pending » until a second person confirms. Raises `EmbargoIsPast`,
    `EmbargoIsTooEarly`, and the refusals of `domain.deadlines.resolve` on the nights the clocks change.
    """
    with atomic():
        room, row = take_room(holder, round_key, Permission.SET_EMBARGO, now)
        deadline = resolve(local, row.zone, fold)
        words = _readings(deadline.at, row.zone)
        if deadline.at <= now:
            raise EmbargoIsPast({"embargo": EmbargoIsPast.sentence % words}, **words)
        if row.scoring_closes_at is not None and deadline.at <= row.scoring_closes_at:
            raise EmbargoIsTooEarly({"embargo": EmbargoIsTooEarly.sentence % words}, **words)
        if row.embargo_at is not None and deadline.at < row.embargo_at and _two_persons(row):
            arguments: dict[str, object] = {"local": local.isoformat(), "fold": fold}
            agreed = agree(
                holder, "set_embargo", row.key, SIDES, room.round.subjects, now,
                round_id=row.id, arguments=arguments, must_match=True,
            )  # fmt: skip
            if agreed is None:
                return PENDING
            deadline = resolve(datetime.fromisoformat(str(agreed["local"])), row.zone, _fold(agreed["fold"]))
            if deadline.at <= now:
                raise EmbargoIsPast({"embargo": EmbargoIsPast.sentence % words}, **words)
        row.embargo_at = deadline.at.astimezone(UTC)
        row.embargo_local = deadline.local.isoformat(timespec="minutes")
        row.version += 1
        detail = {"at": deadline.at.isoformat(), "local": row.embargo_local, "zone": row.zone}
        write_entry(holder, "set_embargo", "round", row.key, now, round_id=row.id, detail=detail)
        return DONE


def _readings(at: datetime, zone: str) -> dict[str, str]:
    """Return an instant as a refusal says it: in the round's zone, and in universal time."""
    there = at.astimezone(ZoneInfo(zone))
    return {
        "local": f"{there:%d/%m/%Y} {clock_and_offset(there)}",
        "utc": f"{at.astimezone(UTC):%d/%m/%Y %H:%M}",
    }


def _fold(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _two_persons(row: Round) -> bool:
    rules = db.session.scalar(select(Edition.rules).where(Edition.id == row.edition_id)) or {}
    return bool(rules.get("two_persons", True))


def arm_publication(holder: Holder, round_key: str, read_back: Mapping[str, str], now: datetime) -> str:
    """Arm the publication for the embargo's instant; « pending » until the second person has read back too.

    ``read_back`` gives, by decision key, the structure's name as retyped. Raises `EmbargoIsNotSet`, `EmbargoIsPast`,
    `PublicationIsBlocked`, `ReadBackIsWrong`, `InterestConflict`.
    """
    with atomic():
        _room, row, _desk, done = _read_back(holder, round_key, read_back, "arm_publication", now)
        if row.embargo_at is None:
            raise EmbargoIsNotSet
        if row.embargo_at <= now:
            words = _readings(row.embargo_at, row.zone)
            raise EmbargoIsPast({"embargo": EmbargoIsPast.sentence % words}, **words)
        if not done:
            return PENDING
        row.publication_armed_at = now
        row.version += 1
        detail = {"embargo_at": row.embargo_at.isoformat()}
        write_entry(holder, "arm_publication", "round", row.key, now, round_id=row.id, detail=detail)
        return DONE


def publish_now(holder: Holder, round_key: str, read_back: Mapping[str, str], now: datetime) -> str:
    """Lift the embargo at once, with the same two persons and read-back as arming; « pending » or « done »."""
    with atomic():
        _room, row, desk, done = _read_back(holder, round_key, read_back, "publish_now", now)
        if not done:
            return PENDING
        publish(row, desk, holder, now)
        return DONE


def _read_back(
    holder: Holder, round_key: str, read_back: Mapping[str, str], verb: str, now: datetime
) -> tuple[JuryRoom, Round, Desk, bool]:
    room, row = take_room(holder, round_key, Permission.ARM_PUBLICATION, now)
    check_no_conflict(holder, room)
    desk = desk_of(row.id)
    points = publication_points(desk)
    if points:
        raise PublicationIsBlocked(points)
    check_read_back(read_back_lines(desk), read_back)
    if not _two_persons(row):
        return room, row, desk, True
    agreed = agree(holder, verb, row.key, SIDES, room.round.subjects, now, round_id=row.id)
    return room, row, desk, agreed is not None


def disarm_publication(holder: Holder, round_key: str, now: datetime) -> None:
    """Disarm the publication; one person is enough to stop it."""
    with atomic():
        _room, row = take_room(holder, round_key, Permission.ARM_PUBLICATION, now)
        disarm(row, holder, now, "demande")


def disarm(row: Round, holder: Holder, now: datetime, reason: str) -> bool:
    """Disarm a round in the caller's transaction; say whether it was armed or about to be.

    What was rehearsed is forgotten: it is no longer what would be published.
    """
    with atomic() as session:
        session.execute(delete(PublicationRehearsal).where(PublicationRehearsal.round_id == row.id))
        drop_pending(row, now)
        if row.publication_armed_at is None:
            return False
        row.publication_armed_at = None
        row.version += 1
        write_entry(
            holder, "disarm_publication", "round", row.key, now, round_id=row.id, detail={"reason": reason}
        )
        return True


def publish_due(now: datetime) -> list[str]:
    """Publish every armed round whose instant has come, each in its own transaction; return their keys.

    Called again, or by two workers at once, it publishes nothing twice. A round whose reconciliation fails is disarmed; one
    that is more than a day late waits for a person.
    """
    due = db.session.scalars(
        select(Round.id)
        .where(
            Round.phase == Phase.DECIDED.value,
            Round.publication_armed_at.is_not(None),
            Round.embargo_at <= now,
        )
        .order_by(Round.region_code.is_not(None), Round.id)
    ).all()
    db.session.rollback()
    published = each_apart(lambda round_id: publish_if_due(round_id, now), due)
    return [key for key in published if key is not None]


def publish_if_due(round_id: int, now: datetime) -> str | None:
    """Publish one round if it is armed and its instant has come; return its key, or None."""
    with atomic():
        row = lock_round(round_id)
        if (
            row.phase != Phase.DECIDED.value
            or row.publication_armed_at is None
            or row.embargo_at is None
            or row.embargo_at > now
            or is_too_late(row.embargo_at, now)
        ):
            return None
        desk = desk_of(row.id)
        if publication_points(desk):
            disarm(row, SCHEDULER, now, "le rapprochement a échoué")
            return None
        publish(row, desk, SCHEDULER, now)
        return row.key


def archive_round(holder: Holder, round_key: str, now: datetime) -> None:
    """Archive a published round; national staff alone. The clocks of retention start here."""
    with atomic():
        room, row = take_room(holder, round_key, Permission.READ_DECISION, now)
        if Subject.NATIONAL_STAFF not in room.round.subjects:
            raise IsForbidden
        if room.round.phase is not Phase.PUBLISHED:
            raise IsNotThePhase(phase=PHASE_LABELS[room.round.phase])
        move_round(row, "archive_round", now, holder)
