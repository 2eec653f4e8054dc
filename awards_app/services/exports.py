"""Exports of a round: each is a reading that the journal keeps."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice

from awards_app.database import atomic
from awards_app.domain.csv_cells import csv_lines
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.queries.access import open_round
from awards_app.queries.exports import Table, aggregate_table, attributed_table, candidacy_table
from awards_app.services.journal import write_entry
from awards_app.services.results import export_results

LINES_A_PIECE = 500


@dataclass(frozen=True, slots=True)
class Export:
    """What leaves: a file name without any person's name, and its bytes piece by piece."""

    name: str
    pieces: Iterator[bytes]


def export_candidacies(holder: Holder, round_key: str, now: datetime) -> Export:
    """Export the candidacies of a round without any score (EXP-1)."""
    return _table(candidacy_table, "candidatures", "export_candidacies", holder, round_key, now)


def export_aggregates(holder: Holder, round_key: str, now: datetime) -> Export:
    """Export the ranking and the unattributed levels of a locked round (EXP-2)."""
    return _table(aggregate_table, "resultats", "export_aggregates", holder, round_key, now)


def export_attributed(holder: Holder, round_key: str, now: datetime, *, number: int | None = None) -> Export:
    """Export who gave what in a locked round, to its chair or to the auditor (EXP-3); ``number``: a former snapshot."""
    read = partial(attributed_table, number=number)
    name = "notes" if number is None else f"notes-instantane-{number}"
    return _table(read, name, "export_attributed", holder, round_key, now)


def export_sealed(holder: Holder, round_key: str, now: datetime) -> Export:
    """Export the sealed archive of one locked round, to its chair or to the auditor (EXP-3); its seal is journaled."""
    facts = open_round(holder, round_key, Permission.EXPORT_ATTRIBUTED, now)
    data = export_results(facts.year, now, holder, round_id=facts.id)
    return Export(f"archive-{facts.year}-{facts.region_code or 'national'}.zip", iter((data,)))


def _table(
    read: Callable[[Holder, str, datetime], Table],
    name: str,
    act: str,
    holder: Holder,
    round_key: str,
    now: datetime,
) -> Export:
    with atomic():
        table = read(holder, round_key, now)
        facts = table.round
        write_entry(
            holder, act, "round", facts.key, now, round_id=facts.id, detail={"lines": len(table.rows)}
        )
    return Export(
        f"{name}-{facts.year}-{facts.region_code or 'national'}.csv",
        _pieces(csv_lines(table.header, table.rows)),
    )


def _pieces(lines: Iterator[str]) -> Iterator[bytes]:
    """Yield the lines some hundreds at a time: each piece costs the server a write."""
    while piece := "".join(islice(lines, LINES_A_PIECE)):
        yield piece.encode("utf-8")
