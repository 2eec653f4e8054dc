"""What anybody may read of the editions: the figures on record, with how many distinctions are published."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, func, select, union

from awards_app.database import read
from awards_app.models.honours import EditionRecord
from awards_app.models.public_pages import Guide, MethodAccount
from awards_app.queries.honour_counts import highest


@dataclass(frozen=True, slots=True)
class RecordLine:
    """What is known of an edition, with the number of distinctions published for it, and whether a guide of it was asked
    for and its national results are explained."""

    year: int
    number: int | None
    ceremony_on: date | None
    ceremony_place: str
    candidacies: int | None
    national_entries: int | None
    note: str
    source_urls: tuple[str, ...]
    honours: int
    has_guide: bool
    is_explained: bool


_SHOWN = highest()
# Named twice below, worked out once.
_PUBLISHED = select(_SHOWN.c.year, func.count().label("honours")).group_by(_SHOWN.c.year).cte("published")
_YEARS = union(select(EditionRecord.year), select(_PUBLISHED.c.year)).subquery()
_RECORDS = (
    select(
        _YEARS.c.year,
        EditionRecord.number,
        EditionRecord.ceremony_on,
        func.coalesce(EditionRecord.ceremony_place, "").label("ceremony_place"),
        EditionRecord.candidacies,
        EditionRecord.national_entries,
        func.coalesce(EditionRecord.note, "").label("note"),
        EditionRecord.source_urls,
        func.coalesce(_PUBLISHED.c.honours, 0).label("honours"),
        exists().where(Guide.year == _YEARS.c.year).label("has_guide"),
        exists()
        .where(MethodAccount.year == _YEARS.c.year, MethodAccount.place == "national")
        .label("is_explained"),
    )
    .select_from(_YEARS)
    .outerjoin(EditionRecord, EditionRecord.year == _YEARS.c.year)
    .outerjoin(_PUBLISHED, _PUBLISHED.c.year == _YEARS.c.year)
    .order_by(_YEARS.c.year.desc())
)


def records() -> tuple[RecordLine, ...]:
    """Return the editions that have a record or a published distinction, latest first (one query)."""
    return tuple(
        RecordLine(
            year=row.year,
            number=row.number,
            ceremony_on=row.ceremony_on,
            ceremony_place=row.ceremony_place,
            candidacies=row.candidacies,
            national_entries=row.national_entries,
            note=row.note,
            source_urls=tuple(row.source_urls or ()),
            honours=row.honours,
            has_guide=bool(row.has_guide),
            is_explained=bool(row.is_explained),
        )
        for row in read(_RECORDS)
    )
