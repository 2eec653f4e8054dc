"""Rows that the clock makes due are done one by one: one that fails keeps none of the others."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from awards_app.database import db

Row = TypeVar("Row")
Done = TypeVar("Done")
# A database that is down fails every row alike: after so many in a row, the rest waits for the next turn.
MOST_DOWN = 3


def each_apart(act: Callable[[Row], Done], rows: Iterable[Row]) -> list[Done]:
    """Do ``act`` to every row, which opens its own transaction; return what each gave.

    A row that fails is rolled back, and the others are done all the same. Raises its error at the end, or an
    ExceptionGroup when several failed.
    """
    done: list[Done] = []
    failed: list[Exception] = []
    down = 0
    for row in rows:
        try:
            done.append(act(row))
            down = 0
        except Exception as error:
            db.session.rollback()
            failed.append(error)
            down = down + 1 if isinstance(error, OperationalError | PoolTimeout) else 0
            if down == MOST_DOWN:
                break
    if len(failed) == 1:
        raise failed[0]
    if failed:
        raise ExceptionGroup(f"{len(failed)} rows failed, {len(done)} were done", failed)
    return done
