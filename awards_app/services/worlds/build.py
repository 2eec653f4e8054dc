"""Playing a world to a phase, keeping it, laying it back."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import select

from awards_app.adapters.clock import set_clock
from awards_app.database import db
from awards_app.domain.refusals import Refusal
from awards_app.models.accounts import RoleGrant
from awards_app.models.certificates import Certificate
from awards_app.models.deliberations import Decision
from awards_app.models.editions import Round
from awards_app.models.messages import Message
from awards_app.models.structures import Membership, Structure
from awards_app.services.rounds import catch_up_all
from awards_app.services.worlds import filing, judging, national
from awards_app.services.worlds.moments import INSTANTS, PHASES, YEAR, Moment
from awards_app.services.worlds.people import NAMES, PASSWORD, account_id, address, holder
from awards_app.services.worlds.tables import (
    keep,
    kept,
    lay_files,
    read_files,
    read_tables,
    write_tables,
)

__all__ = ["NATIONAL_PHASES", "PASSWORD", "PHASES", "world"]

STEPS: dict[str, tuple[Callable[[Moment], None], ...]] = {
    "P1": (filing.prepare, judging.seat_people, filing.file_candidacies, judging.recuse_beforehand),
    "P2": (filing.decide_all,),
    "P3": (judging.open_the_scoring,),
    "P4": (judging.lock,),
    "P5": (judging.decide, judging.open_national),
    "P6": (judging.publish,),
    "P7": (judging.archive,),
    "N4": (national.lock,),
    "N5": (national.decide,),
    "N6": (national.publish,),
}
# The national round goes its own way from P5 on, where it is in N3; the region stays in P5.
NATIONAL_PHASES = tuple(national.INSTANTS)
BEFORE = dict(zip(PHASES[1:], PHASES, strict=False)) | {"N4": "P5", "N5": "N4", "N6": "N5"}
ALL_INSTANTS = INSTANTS | national.INSTANTS
# Steps that are played before the clock reaches the phase's own instant.
EARLIER: dict[Callable[[Moment], None], str] = {filing.prepare: "P0", judging.seat_people: "P0"}


def world(phase: str) -> dict[str, Any]:
    """Lay the world in ``phase`` over the whole database, set the clock to it, and return who and what is in it.

    Everything that was in the database is lost. Raises ValueError for an unknown phase.
    """
    if phase not in ALL_INSTANTS:
        raise ValueError(f"a world is in one of {', '.join(ALL_INSTANTS)}, not {phase!r}")
    file = _file(phase)
    content = kept(file)
    if content is None:
        content = _play(phase)
        keep(file, content)
    else:
        write_tables(content["tables"])
        lay_files(content["files"])
    moment: Moment = content["moment"]
    set_clock(moment.now, frozen=True)
    _empty_mailbox()
    return {**_described(moment, phase), **_found(moment)}


def _file(phase: str) -> Path:
    return Path(current_app.config["AWARDS_INSTANCE"]) / "worlds" / f"{phase}.pickle"


def _play(phase: str) -> dict[str, Any]:
    """Play from the nearest phase that was kept."""
    if phase == "P0":
        world("P1")
        moment = deepcopy(kept(_file("P1"))["moment"])
        first = INSTANTS["P0"]
        judging.put_before_the_call(moment, first + timedelta(days=44), first + timedelta(days=90))
    elif phase == "P1":
        write_tables({})
        moment = Moment()
        _advance(moment, phase)
    else:
        before = BEFORE[phase]
        world(before)
        moment = deepcopy(kept(_file(before))["moment"])
        _advance(moment, phase)
    tables = read_tables()
    return {"tables": tables, "files": read_files(tables), "moment": moment}


def _advance(moment: Moment, phase: str) -> None:
    for step in STEPS[phase]:
        moment.now = ALL_INSTANTS[EARLIER.get(step, phase)]
        set_clock(moment.now, frozen=True)
        catch_up_all(moment.now)
        try:
            step(moment)
        except Refusal as refusal:
            # A world that a rule refuses is our own mistake, never an answer for a person.
            raise RuntimeError(f"{step.__name__}: {type(refusal).__name__}: {refusal}") from refusal
    moment.now = max(moment.now, ALL_INSTANTS[phase])


def _described(moment: Moment, phase: str) -> dict[str, Any]:
    people = {
        code: {"email": address(code), "name": name, "password": PASSWORD} for code, name in NAMES.items()
    }
    return {**asdict(moment), "now": moment.now.isoformat(), "phase": phase, "year": YEAR, "people": people}


def _found(moment: Moment) -> dict[str, Any]:
    """Return the identifiers that the steps did not keep: memberships, grants, decisions, certificates, accounts."""
    certificates = db.session.execute(select(Certificate.number, Certificate.key)).all()
    people = {account_id(code): code for code in NAMES}
    memberships = db.session.execute(
        select(Membership.key, Membership.account_id)
        .join(Structure, Structure.id == Membership.structure_id)
        .where(Structure.key.in_([moment.structures["main"], moment.structures["other"]]))
    ).all()
    grants = db.session.execute(select(RoleGrant.key, RoleGrant.account_id).order_by(RoleGrant.id)).all()
    messages = (
        select(Message.key)
        .join(Round, Round.id == Message.round_id)
        .where(Round.key == moment.rounds["A"])
        .order_by(Message.id)
        .limit(3)
    )
    return {
        "accounts": {code: holder(code).key for code in NAMES},
        "memberships": {people[row.account_id]: row.key for row in memberships},
        "grants": {people[row.account_id]: row.key for row in grants},
        "decisions": list(db.session.scalars(select(Decision.key).order_by(Decision.id))),
        "certificates": [{"number": row.number, "key": row.key} for row in certificates],
        "messages": list(db.session.scalars(messages)),
    }


def _empty_mailbox() -> None:
    for letter in Path(current_app.config["AWARDS_MAILBOX"]).glob("*.*"):
        letter.unlink(missing_ok=True)
