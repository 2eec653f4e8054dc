"""The statements of a save, put together once in a process: that costs more than running them."""

from functools import cache
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.dialects import postgresql, sqlite

from awards_app.models.scoring import Mark, Scoresheet

_SHEETS = Scoresheet.metadata.tables[Scoresheet.__tablename__]
_MARKS = Mark.metadata.tables[Mark.__tablename__]
_WRITTEN = ("level", "cannot_judge", "reason", "version", "saved_at")


@cache
def touch_sheet(texts: tuple[str, ...]) -> Any:
    """Return the update of a sheet and of its ``texts``: « sheet_id », « saved_at » and each text are its values."""
    return (
        update(_SHEETS)
        .where(_SHEETS.c.id == bindparam("sheet_id"))
        .values(
            version=_SHEETS.c.version + 1,
            is_later=False,
            saved_at=bindparam("saved_at"),
            **{name: bindparam(name) for name in texts},
        )
        .returning(_SHEETS.c.id, _SHEETS.c.version)
    )


@cache
def write_mark(dialect: str) -> Any:
    """Return the insertion of a mark, or its replacement where there is one; its values are the columns."""
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = insert(_MARKS)
    return statement.on_conflict_do_update(
        index_elements=[_MARKS.c.scoresheet_id, _MARKS.c.criterion_id],
        set_={name: statement.excluded[name] for name in _WRITTEN},
    )
