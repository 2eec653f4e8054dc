"""Where each check of an invariant is kept by its number."""

from collections.abc import Callable, Iterable
from typing import Any

from awards_app.database import db

Check = Callable[[], Iterable[str]]
CHECKS: dict[int, Check] = {}
BEFORE_PUBLICATION = ("P0", "P1", "P2", "P3", "P4", "P5")


def invariant(number: int) -> Callable[[Check], Check]:
    """Give a check its number."""

    def keep(check: Check) -> Check:
        CHECKS[number] = check
        return check

    return keep


def rows_of(query: Any) -> Any:
    """Return the rows of a query as the database has them now."""
    return db.session.execute(query.execution_options(populate_existing=True)).all()
