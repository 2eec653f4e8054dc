"""Brings the files of past editions and honours into what the public reads. Importing a file again changes nothing."""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from awards_app.adapters.tables import read_table
from awards_app.database import atomic, db
from awards_app.domain.holder import SCHEDULER, Holder
from awards_app.domain.honours_lines import (
    EditionLine,
    HonourLine,
    honour_key,
    read_editions,
    read_honours,
    recognise_headers,
)
from awards_app.domain.import_report import ImportReport
from awards_app.domain.preset import Preset
from awards_app.domain.snapshot import sha256_of
from awards_app.domain.text import slugify, sort_key
from awards_app.models.editions import Region
from awards_app.models.honours import EditionRecord, Honour
from awards_app.services.editions import make_regions
from awards_app.services.journal import write_entry

SLUG_LENGTH = 150
TEXT_COLUMNS = (
    "city", "department", "project_title", "summary", "source_url",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TakenLine:
    """What became of a line that was taken: ``outcome`` is « added », « changed » or « unchanged »."""

    line: int
    what: str
    outcome: str


@dataclass(frozen=True, slots=True)
class HonoursImport:
    """What an import of honours or editions did: ``kind`` is « honours » or « editions »; the three counts add up to taken."""

    kind: str
    report: ImportReport
    lines: tuple[TakenLine, ...]

    @property
    def added(self) -> int:
        """Return how many lines were new."""
        return self._count("added")

    @property
    def changed(self) -> int:
        """Return how many lines changed what was known."""
        return self._count("changed")

    @property
    def unchanged(self) -> int:
        """Return how many lines were already there as they are."""
        return self._count("unchanged")

    def _count(self, outcome: str) -> int:
        return sum(line.outcome == outcome for line in self.lines)

    def as_json(self) -> dict[str, object]:
        """Return the report with what it changed."""
        return {
            **self.report.as_json(),
            "kind": self.kind,
            "added": self.added,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "lines": [asdict(line) for line in self.lines],
        }


def import_honours(path: Path, preset: Preset, now: datetime, *, holder: Holder = SCHEDULER) -> HonoursImport:
    """Import a palmarès or a list of editions, told apart by its headers.

    Raises `TableIsUnreadable` and `HonoursFileIsUnknown` (nothing is changed). Refused lines are in the report.
    """
    table = read_table(path)
    kind = recognise_headers(table.headers)
    with atomic():
        make_regions(preset)
        if kind == "honours":
            regions = {row.code: row.name for row in db.session.execute(select(Region.code, Region.name))}
            honours, report = read_honours(table.headers, table.rows, regions)
            lines = _write_honours(honours)
        else:
            editions, report = read_editions(table.headers, table.rows)
            lines = _write_editions(editions)
        done = HonoursImport(kind, report, tuple(lines))
        if done.added or done.changed:
            write_entry(
                holder,
                f"import_{kind}",
                "import",
                hashlib.sha256(path.read_bytes()).hexdigest()[:32],
                now,
                detail={"file": path.name[:120], "added": done.added, "changed": done.changed},
            )
    return done


def identity_of(line: HonourLine) -> str:
    """Return the fingerprint by which a distinction is the same one at a second import."""
    return hashlib.sha256("\x1f".join(honour_key(line)).encode()).hexdigest()


def _write_honours(lines: Iterable[HonourLine]) -> list[TakenLine]:
    known = {row.identity: row for row in db.session.scalars(select(Honour))}
    slugs = {row.slug for row in known.values()}
    taken = []
    for line in lines:
        columns = _honour_columns(line)
        row = known.get(identity_of(line))
        if row is None:
            db.session.add(Honour(identity=identity_of(line), slug=_slug(line, slugs), **columns))
            outcome = "added"
        elif _differs(row, columns):
            for name, value in columns.items():
                setattr(row, name, value)
            outcome = "changed"
        else:
            outcome = "unchanged"
        taken.append(TakenLine(line.line, f"{line.structure_name}, {line.edition_year}", outcome))
    db.session.flush()
    return taken


def _honour_columns(line: HonourLine) -> dict[str, Any]:
    return {
        "year": line.edition_year,
        "level": line.level,
        "distinction": line.distinction,
        "theme": line.theme or "",
        "region_code": line.region_code,
        "structure_name": line.structure_name,
        "sort_key": sort_key(line.structure_name)[:300],
        "legal_family": line.legal_family or "unknown",
        "amount": line.amount_eur,
        **{name: getattr(line, name) or "" for name in TEXT_COLUMNS},
    }


def _slug(line: HonourLine, taken: set[str]) -> str:
    base = slugify(f"{line.structure_name} {line.edition_year}", SLUG_LENGTH) or str(line.edition_year)
    # The same structure may be named by its region and by the nation the same year.
    further = f"{base}-{line.region_code or 'national'}" if line.level == "regional" else base
    slug, number = further, 1
    while slug in taken:
        number += 1
        slug = f"{further}-{number}"
    taken.add(slug)
    return slug


def _write_editions(lines: Iterable[EditionLine]) -> list[TakenLine]:
    known = {row.year: row for row in db.session.scalars(select(EditionRecord))}
    taken = []
    for line in lines:
        columns = _edition_columns(line)
        row = known.get(line.edition_year)
        if row is None:
            db.session.add(EditionRecord(year=line.edition_year, **columns))
            outcome = "added"
        elif row.line_sha256 != columns["line_sha256"]:
            for name, value in columns.items():
                setattr(row, name, value)
            outcome = "changed"
        else:
            outcome = "unchanged"
        taken.append(TakenLine(line.line, str(line.edition_year), outcome))
    db.session.flush()
    return taken


def _edition_columns(line: EditionLine) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "number": line.number,
        "call_opens_on": line.call_opens,
        "call_closes_on": line.call_closes,
        "ceremony_on": line.ceremony_date,
        "ceremony_place": line.ceremony_place or "",
        "candidacies": line.candidacies,
        "national_entries": line.national_entries,
        "themes": list(line.themes),
        "national_amount": line.national_amount_eur,
        "regional_amount": line.regional_amount_eur,
        "note": line.note or "",
        "source_urls": list(line.source_urls),
    }
    plain = {name: str(value) if name.endswith("_on") and value else value for name, value in columns.items()}
    return {**columns, "line_sha256": sha256_of(plain)}


def _differs(row: Honour, columns: dict[str, Any]) -> bool:
    return any(getattr(row, name) != value for name, value in columns.items())
