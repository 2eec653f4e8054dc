"""Who is called to read a file: everybody in the jury's theme, or those it was given to where it was given."""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select

from awards_app.database import db
from awards_app.models.assignments import Assignment


def is_called(seat_id: Any, candidacy_id: Any, round_id: Any) -> ColumnElement[bool]:
    """Return the condition that a seat is called to read a candidacy in a round, its theme apart.

    A file that was given to nobody is read by all. A file given to people who all left is read by nobody until it is
    given again: nothing moves by itself.
    """
    given = and_(Assignment.round_id == round_id, Assignment.ended_at.is_(None))
    live = and_(Assignment.candidacy_id == candidacy_id, given)
    anybody = exists().where(live)
    mine = exists().where(live, Assignment.seat_id == seat_id)
    # Where a jury was given nothing, asked once rather than of each of its files.
    nothing = ~exists().where(given)
    return or_(nothing, mine, ~anybody)


def given_files(round_id: int) -> dict[int, frozenset[int]]:
    """Return the seats that each file of a round was given to; a file that is missing is read by all (one query)."""
    found: dict[int, set[int]] = {}
    for candidacy_id, seat_id in db.session.execute(
        select(Assignment.candidacy_id, Assignment.seat_id).where(
            Assignment.round_id == round_id, Assignment.ended_at.is_(None)
        )
    ):
        found.setdefault(candidacy_id, set()).add(seat_id)
    return {candidacy_id: frozenset(seats) for candidacy_id, seats in found.items()}
