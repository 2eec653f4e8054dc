"""What a rehearsal leaves in a folder: the palmarès in the columns of the public file, minutes, certificates, the archive."""

import csv
import io
import json
from pathlib import Path
from typing import Any

from sqlalchemy import select

from awards_app.adapters import storage
from awards_app.database import db
from awards_app.domain.honours_lines import HONOURS_HEADERS
from awards_app.models.deliberations import Minutes
from awards_app.models.editions import Region, Round
from awards_app.models.honours import Honour

COLUMNS = {
    "edition_year": "year",
    "organisation": "structure_name",
    "amount_eur": "amount",
}


def palmares(year: int) -> list[dict[str, Any]]:
    """Return the distinctions of a year as the public reads them, in the columns of the public file."""
    rows = db.session.scalars(
        select(Honour)
        .where(Honour.year == year, Honour.retracted_at.is_(None))
        .order_by(Honour.level, Honour.region_code, Honour.theme, Honour.distinction, Honour.sort_key)
    )
    lines = []
    for row in rows:
        line = {name: getattr(row, COLUMNS.get(name, name)) for name in HONOURS_HEADERS}
        lines.append({name: "" if value is None else value for name, value in line.items()})
    return lines


def write_palmares(folder: Path, year: int) -> int:
    """Write palmares.csv and palmares.json, and return how many lines they hold."""
    lines = palmares(year)
    text = io.StringIO()
    writer = csv.DictWriter(text, HONOURS_HEADERS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    (folder / "palmares.csv").write_text(text.getvalue(), encoding="utf-8")
    content = {"edition": year, "honours": lines}
    (folder / "palmares.json").write_text(
        json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )
    return len(lines)


def write_minutes_files(folder: Path, edition_id: int) -> int:
    """Write the minutes of each round as PDF and return how many there are."""
    rows = db.session.execute(
        select(Minutes.storage_key, Region.slug)
        .join(Round, Round.id == Minutes.round_id)
        .outerjoin(Region, Region.code == Round.region_code)
        .where(
            Round.edition_id == edition_id, Minutes.replaced_at.is_(None), Minutes.storage_key.is_not(None)
        )
    ).all()
    target = folder / "minutes"
    target.mkdir(parents=True, exist_ok=True)
    for row in rows:
        (target / f"{row.slug or 'national'}.pdf").write_bytes(storage.get(str(row.storage_key)))
    return len(rows)


def write_certificates(folder: Path, files: list[tuple[str, str, bytes]]) -> int:
    """Write the certificates under their numbers and return how many there are."""
    target = folder / "certificates"
    target.mkdir(parents=True, exist_ok=True)
    for number, _name, content in files:
        (target / f"{number}.pdf").write_bytes(content)
    return len(files)
