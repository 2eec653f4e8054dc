"""Giving files to readers: asking for a plan, adding or taking away by hand, giving all to all again."""

import secrets
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, update

from awards_app.adapters.queue import enqueue
from awards_app.database import after_commit, atomic, db
from awards_app.domain.assignment import (
    AT_ONCE,
    MOST_READERS,
    MOST_SPREAD,
    AssignmentsOnlyGrow,
    LastReaders,
    LinkWouldBreak,
    PairIsClosed,
    groups,
)
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.domain.phases import Phase
from awards_app.domain.refusals import DoesNotExist, InputIsInvalid, Refusal
from awards_app.domain.words import N_
from awards_app.models.assignments import Assignment, AssignmentPlan
from awards_app.models.juries import Seat
from awards_app.queries.access import RoundFacts, open_round
from awards_app.queries.assignments import Assignments, FileToGive, ReaderSeat, ThemeToGive, read_assignments
from awards_app.services.assignment_plans import work_out
from awards_app.services.journal import write_entry
from awards_app.services.rounds import lock_round

JOB = "assignments.work_out"


class NothingToGive(Refusal):
    """There is no admissible file yet, or nobody has accepted a seat."""

    sentence = N_("Il faut des dossiers recevables et des personnes qui ont accepté leur place au jury.")
    status = 409


class EverybodyReadsIt(Refusal):
    """A file that was given to nobody is read by all: there is nothing to add."""

    sentence = N_("Tout le jury lit déjà ce dossier.")
    status = 409


class Room(NamedTuple):
    """A round held for composing, with all that is given in it."""

    facts: RoundFacts
    state: Assignments


def ask_assignment(
    holder: Holder,
    round_key: str,
    theme_code: str,
    *,
    readers: int,
    most: int | None = None,
    spread: int = 1,
    from_scratch: bool = False,
    now: datetime,
) -> str:
    """Ask who reads what in a theme, and return the plan's key; a small one is worked out at once.

    Readings that were given stay, unless ``from_scratch``, which is refused once scoring is open. Raises
    `InputIsInvalid`, `NothingToGive`, `AssignmentsOnlyGrow`, or the matrix's refusal.
    """
    with atomic():
        room = _open(holder, round_key, now)
        theme = _theme(room, theme_code)
        _check_demands(readers, most, spread)
        is_scoring = room.facts.phase is Phase.SCORING
        if is_scoring and (from_scratch or not room.state.is_parted(theme.id)):
            raise AssignmentsOnlyGrow
        if not room.state.seats_of(theme.id):
            raise NothingToGive
        plan = _new_plan(holder, room, theme, readers, most, spread, now, from_scratch=from_scratch)
        is_big = len(room.state.files_of(theme.id)) * len(room.state.seats_of(theme.id)) > AT_ONCE
        if is_big:
            after_commit(enqueue, JOB, plan.id)
        key, plan_id = plan.key, plan.id
    if not is_big:
        work_out(plan_id, now)
    return key


def _new_plan(
    holder: Holder,
    room: Room,
    theme: ThemeToGive,
    readers: int,
    most: int | None,
    spread: int,
    now: datetime,
    *,
    from_scratch: bool,
) -> AssignmentPlan:
    plan = AssignmentPlan(
        round_id=room.facts.id,
        theme_id=theme.id,
        state="waiting",
        readers=readers,
        most=most,
        spread=spread,
        from_scratch=from_scratch,
        seed=secrets.token_hex(8),
        asked_at=now,
        asked_by_id=holder.account_id,
        outcome={},
    )
    db.session.add(plan)
    db.session.flush()
    write_entry(
        holder,
        "ask_assignment",
        "round",
        room.facts.key,
        now,
        round_id=room.facts.id,
        detail={"theme": theme.code, "readers": readers, "plan": plan.key, "seed": plan.seed},
    )
    return plan


def add_reader(holder: Holder, round_key: str, seat_key: str, candidacy_key: str, now: datetime) -> None:
    """Give one more person a file, by hand; a second time changes nothing.

    A person who had finished has one more file to mark. Raises `PairIsClosed`, `EverybodyReadsIt`, or the matrix's
    refusal.
    """
    with atomic() as session:
        room = _open(holder, round_key, now)
        file, seat = _pair(room, seat_key, candidacy_key)
        if file.key not in room.state.parted:
            raise EverybodyReadsIt
        if (file.key, seat.key) in room.state.closed:
            raise PairIsClosed
        if (file.key, seat.key) in room.state.given:
            return
        session.add(
            Assignment(
                round_id=room.facts.id,
                seat_id=seat.id,
                candidacy_id=file.id,
                origin="hand",
                given_at=now,
                given_by_id=holder.account_id,
            )
        )
        session.execute(update(Seat).where(Seat.id == seat.id).values(finished_at=None))
        _write(holder, "add_reader", room, file, seat, now)


def remove_reader(holder: Holder, round_key: str, seat_key: str, candidacy_key: str, now: datetime) -> None:
    """Take a file back from a person, by hand, before scoring opens; a second time changes nothing.

    Raises `AssignmentsOnlyGrow`, `LastReaders`, `LinkWouldBreak`, or the matrix's refusal.
    """
    with atomic():
        room = _open(holder, round_key, now)
        file, seat = _pair(room, seat_key, candidacy_key)
        if room.facts.phase is Phase.SCORING:
            raise AssignmentsOnlyGrow
        given = room.state.given_in(file.theme_id)
        if (file.key, seat.key) not in given:
            return
        left = given - {(file.key, seat.key)}
        if not any(one == file.key for one, _seat in left):
            raise LastReaders
        everybody = [one.key for one in room.state.seats_of(file.theme_id)]
        if len(groups(everybody, left)) > len(groups(everybody, given)):
            raise LinkWouldBreak
        _end(room, now, seat_id=seat.id, candidacy_ids=[file.id])
        _write(holder, "remove_reader", room, file, seat, now)


def give_to_all(holder: Holder, round_key: str, theme_code: str, now: datetime) -> None:
    """Let everybody read every file of a theme again: only additions, so that scoring may be open."""
    with atomic() as session:
        room = _open(holder, round_key, now)
        theme = _theme(room, theme_code)
        if not room.state.is_parted(theme.id):
            return
        _end(room, now, candidacy_ids=[file.id for file in room.state.files_of(theme.id)])
        session.execute(
            delete(AssignmentPlan).where(
                AssignmentPlan.round_id == room.facts.id,
                AssignmentPlan.theme_id == theme.id,
                AssignmentPlan.state == "waiting",
            )
        )
        if room.facts.phase is Phase.SCORING:
            session.execute(
                update(Seat)
                .where(Seat.id.in_([seat.id for seat in room.state.seats_of(theme.id)]))
                .values(finished_at=None)
            )
        write_entry(
            holder,
            "give_to_all",
            "round",
            room.facts.key,
            now,
            round_id=room.facts.id,
            detail={"theme": theme.code},
        )


def _open(holder: Holder, round_key: str, now: datetime) -> Room:
    facts = open_round(holder, round_key, Permission.COMPOSE_JURY, now)
    lock_round(facts.id)
    facts = open_round(holder, round_key, Permission.COMPOSE_JURY, now)
    return Room(facts, read_assignments(facts.id, facts.edition_id, is_national=facts.region_code is None))


def _theme(room: Room, code: str) -> ThemeToGive:
    if not room.state.files:
        raise NothingToGive
    found = next((theme for theme in room.state.themes if theme.code == code), None)
    if found is None:
        raise InputIsInvalid({"theme": N_("Choisissez une thématique de la liste.")})
    return found


def _pair(room: Room, seat_key: str, candidacy_key: str) -> tuple[FileToGive, ReaderSeat]:
    if not room.state.files:
        raise NothingToGive
    file = next((one for one in room.state.files if one.key == candidacy_key), None)
    seat = next((one for one in room.state.seats if one.key == seat_key), None)
    if file is None or seat is None:
        raise DoesNotExist
    return file, seat


def _check_demands(readers: int, most: int | None, spread: int) -> None:
    errors = {}
    if not 1 <= readers <= MOST_READERS:
        errors["readers"] = N_("Indiquez un nombre de lectures de 1 à 30.")
    if most is not None and most < 1:
        errors["most"] = N_("Indiquez un nombre de dossiers d’au moins 1, ou laissez vide.")
    if not 1 <= spread <= MOST_SPREAD:
        errors["spread"] = N_("Indiquez un écart d’au moins 1 dossier.")
    if errors:
        raise InputIsInvalid(errors)


def _end(room: Room, now: datetime, *, candidacy_ids: list[int], seat_id: int | None = None) -> None:
    ending = update(Assignment).where(
        Assignment.round_id == room.facts.id,
        Assignment.candidacy_id.in_(candidacy_ids),
        Assignment.ended_at.is_(None),
    )
    if seat_id is not None:
        ending = ending.where(Assignment.seat_id == seat_id)
    db.session.execute(ending.values(ended_at=now))


def _write(holder: Holder, act: str, room: Room, file: FileToGive, seat: ReaderSeat, now: datetime) -> None:
    write_entry(
        holder,
        act,
        "candidacy",
        file.key,
        now,
        round_id=room.facts.id,
        detail={"seat": seat.key},
    )
