"""The themes in which a region said that it sends nobody up."""

from sqlalchemy import select

from awards_app.database import db
from awards_app.models.national import ThemeAbsence


def absent_themes(round_id: int) -> frozenset[int]:
    """Return the themes of a region's round that its chamber said to be without a finalist, or not taken part in."""
    return frozenset(
        db.session.scalars(
            select(ThemeAbsence.theme_id).where(
                ThemeAbsence.round_id == round_id, ThemeAbsence.lifted_at.is_(None)
            )
        )
    )
