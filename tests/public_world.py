"""A small public world: an edition at a still clock, and distinctions as a publication would have written them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask, has_app_context
from sqlalchemy import event, select

from awards_app.adapters.clock import set_clock
from awards_app.database import atomic, db
from awards_app.domain.text import slugify, sort_key
from awards_app.models.editions import Round
from awards_app.models.honours import EditionRecord, Honour
from awards_app.services.editions import create_edition, make_regions
from tests.filing_world import the_preset

YEAR = 2027
BEFORE = datetime(2027, 3, 1, 9, tzinfo=UTC)
DURING = datetime(2027, 6, 1, 9, tzinfo=UTC)
AFTER = datetime(2027, 10, 1, 9, tzinfo=UTC)


def still_clock(app: Flask, at: datetime) -> None:
    """Stop the clock of ``app`` at an instant."""
    app.config["AWARDS_CLOCK_FILE"] = str(Path(app.config["AWARDS_INSTANCE"]) / "clock.json")
    with app.app_context():
        set_clock(at, frozen=True)


def an_edition() -> int:
    return create_edition(the_preset(), YEAR, BEFORE)


def the_regions() -> None:
    make_regions(the_preset())


def put_in_phase(phase: str, region: str | None = "53") -> str:
    """Put a round in a phase, as its own services would have; return its key."""
    same = Round.region_code.is_(None) if region is None else Round.region_code == region
    with atomic() as session:
        row = session.scalars(select(Round).where(same)).one()
        row.phase = phase
        if phase in ("P6", "P7"):
            row.published_at = AFTER
        return row.key


def an_honour(name: str = "Les Étoiles", year: int = 2024, **changes: object) -> str:
    """Publish a distinction and return its slug."""
    values: dict[str, object] = {
        "slug": slugify(
            f"{name} {year} {changes.get('region_code', 'national')} {changes.get('distinction', '')}"
        ),
        "level": "national",
        "distinction": "laureate",
        "theme": "Utilité sociale",
        "region_code": "53",
        **changes,
    }
    with atomic() as session:
        honour = Honour(
            identity=str(values["slug"]),
            year=year,
            structure_name=name,
            sort_key=sort_key(name),
            **values,
        )
        session.add(honour)
        session.flush()
        return honour.slug


def a_record(year: int = 2024, **values: object) -> None:
    """Put the figures of an edition on record."""
    with atomic() as session:
        session.add(EditionRecord(year=year, **values))


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """Count the statements sent to the database, transaction words left out."""
    found: list[str] = []

    def sent(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")):
            found.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", sent)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", sent)
        if has_app_context():
            db.session.rollback()
