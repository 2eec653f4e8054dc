"""Who is called to read a file: everybody in the jury's theme, or those it was given to where it was given."""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_

from awards_app.models.assignments import Assignment


def is_called(seat_id: Any, candidacy_id: Any, round_id: Any) -> ColumnElement[bool]:
    """Return the condition that a seat is called to read a candidacy in a round, its theme apart.

    A file that was given to nobody is read by all. A file given to people who all left is read by nobody until it is
    given again: nothing moves by itself.
    """
    live = and_(
        Assignment.candidacy_id == candidacy_id,
        Assignment.round_id == round_id,
        Assignment.ended_at.is_(None),
    )
    anybody = exists().where(live)
    mine = exists().where(live, Assignment.seat_id == seat_id)
    return or_(mine, ~anybody)
