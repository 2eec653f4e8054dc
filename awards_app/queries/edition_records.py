"""What anybody may read of the editions: the figures on record, with how many distinctions are published."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from awards_app.database import db
from awards_app.models.honours import EditionRecord, Honour


@dataclass(frozen=True, slots=True)
class RecordLine:
    """What is known of an edition, with the number of distinctions published for it."""

    year: int
    number: int | None
    ceremony_on: date | None
    ceremony_place: str
    candidacies: int | None
    national_entries: int | None
    note: str
    source_urls: tuple[str, ...]
    honours: int


def records() -> tuple[RecordLine, ...]:
    """Return the editions that have a record or a published distinction, latest first (two queries)."""
    counts: dict[int, int] = {}
    for year, number in db.session.execute(
        select(Honour.year, func.count(Honour.id)).where(Honour.retracted_at.is_(None)).group_by(Honour.year)
    ):
        counts[year] = number
    found = {
        year: RecordLine(year, None, None, "", None, None, "", (), number) for year, number in counts.items()
    }
    for row in db.session.execute(
        select(
            EditionRecord.year,
            EditionRecord.number,
            EditionRecord.ceremony_on,
            EditionRecord.ceremony_place,
            EditionRecord.candidacies,
            EditionRecord.national_entries,
            EditionRecord.note,
            EditionRecord.source_urls,
        )
    ):
        found[row.year] = RecordLine(
            year=row.year,
            number=row.number,
            ceremony_on=row.ceremony_on,
            ceremony_place=row.ceremony_place,
            candidacies=row.candidacies,
            national_entries=row.national_entries,
            note=row.note,
            source_urls=tuple(row.source_urls or ()),
            honours=counts.get(row.year, 0),
        )
    return tuple(found[year] for year in sorted(found, reverse=True))
