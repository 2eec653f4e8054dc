"""What the published honours say of a number, for whoever asks before opening an account."""

from sqlalchemy import bindparam, select

from awards_app.database import db
from awards_app.models.honours import Honour

_YEARS = (
    select(Honour.year)
    .where(
        Honour.siren == bindparam("siren"), Honour.distinction == "laureate", Honour.retracted_at.is_(None)
    )
    .distinct()
    .order_by(Honour.year)
)


def laureate_years_of(siren: str) -> tuple[int, ...]:
    """Return the years in which the structure of a SIREN was a published laureate, in order (one query)."""
    return tuple(db.session.scalars(_YEARS, {"siren": siren}))
