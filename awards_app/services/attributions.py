"""Reading who gave what: the chair and the auditor may, and each reading is kept in the journal (B29)."""

from datetime import datetime

from awards_app.database import atomic
from awards_app.domain.holder import Holder
from awards_app.queries.juries import JuryRoom
from awards_app.queries.ranking import AttributedSheet, attributed_sheets
from awards_app.services.journal import write_entry


def read_attributed_scores(
    holder: Holder, round_key: str | int, now: datetime
) -> tuple[JuryRoom, dict[str, list[AttributedSheet]]]:
    """Return the attributed sheets by theme, and write that they were read. Raises the matrix's refusal (SCO-4)."""
    with atomic():
        room, sheets = attributed_sheets(holder, round_key, now)
        write_entry(
            holder,
            "read_attributed_scores",
            "round",
            room.round.key,
            now,
            round_id=room.round.id,
            detail={"themes": [theme.code for theme in room.themes]},
        )
        return room, sheets
