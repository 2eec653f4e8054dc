"""The one writer of a round's phase."""

from datetime import datetime

from sqlalchemy import select

from awards_app.database import atomic, db
from awards_app.domain.holder import SCHEDULER, Holder
from awards_app.domain.phases import Phase, next_phase, phase_at
from awards_app.domain.refusals import DoesNotExist
from awards_app.models.editions import Round
from awards_app.services.journal import write_entry
from awards_app.services.pending import expire_of_round
from awards_app.services.rows_apart import each_apart

# Which instant a move leaves on the round; a move back clears what it takes back.
_STAMPS: dict[str, tuple[str | None, tuple[str, ...]]] = {
    "open_scoring": ("scoring_opened_at", ()),
    "lock_scoring": ("locked_at", ()),
    "unlock_scoring": (None, ("locked_at", "decided_at", "publication_armed_at")),
    "confirm_decision": ("decided_at", ()),
    "annul_decision": (None, ("decided_at", "publication_armed_at")),
    "publish_honours": ("published_at", ()),
    "archive_round": ("archived_at", ()),
}


def lock_round(round_id: int) -> Round:
    """Return the round's row, held until the transaction ends so that writers take turns.

    Raises `DoesNotExist`.
    """
    row = db.session.scalar(
        select(Round).where(Round.id == round_id).with_for_update().execution_options(populate_existing=True)
    )
    if row is None:
        raise DoesNotExist
    return row


def catch_up(round_row: Round, now: datetime) -> Phase:
    """Store and journal what the clock alone has done (the call opened or closed); return the phase that counts."""
    target = phase_at(Phase(round_row.phase), now, round_row.opens_at, round_row.closes_at)
    while round_row.phase != target.value:
        act = "open_call" if round_row.phase == Phase.PREPARATION.value else "close_call"
        move_round(round_row, act, now, SCHEDULER)
    return target


def move_round(
    round_row: Round,
    act: str,
    now: datetime,
    holder: Holder,
    *,
    detail: dict[str, object] | None = None,
) -> Phase:
    """Move the round by ``act`` and write the journal's entry of the move; return the new phase.

    Raises `MoveIsNotAllowed`. The caller has authorised the act and holds the row.
    """
    with atomic():
        if act not in ("open_call", "close_call"):
            catch_up(round_row, now)
        origin = Phase(round_row.phase)
        target = next_phase(origin, act)
        expire_of_round(round_row.id, now)
        round_row.phase = target.value
        round_row.version += 1
        stamp, cleared = _STAMPS.get(act, (None, ()))
        if stamp:
            setattr(round_row, stamp, now)
        for name in cleared:
            setattr(round_row, name, None)
        write_entry(
            holder,
            act,
            "round",
            round_row.key,
            now,
            round_id=round_row.id,
            detail={"from": origin.value, "to": target.value, **(detail or {})},
        )
        return target


def catch_up_all(now: datetime) -> int:
    """Let every round whose call opened or closed by the clock catch up; return how many moved."""
    waiting = db.session.scalars(
        select(Round.id).where(
            ((Round.phase == "P0") & (Round.opens_at <= now))
            | ((Round.phase == "P1") & (Round.closes_at <= now))
        )
    ).all()
    return len(each_apart(lambda round_id: _catch_up_one(round_id, now), waiting))


def _catch_up_one(round_id: int, now: datetime) -> None:
    with atomic():
        catch_up(lock_round(round_id), now)
