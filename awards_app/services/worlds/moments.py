"""When and where a world plays: its regions, and one instant for each phase."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

YEAR = 2026
REGIONS = {"A": "53", "B": "28"}
PHASES = ("P0", "P1", "P2", "P3", "P4", "P5", "P6", "P7")
# Instants of the preset's calendar: the call runs from 15 May to 30 June, publication comes in November.
INSTANTS = {
    "P0": datetime(YEAR, 4, 1, 9, 0, tzinfo=UTC),
    "P1": datetime(YEAR, 6, 10, 9, 0, tzinfo=UTC),
    "P2": datetime(YEAR, 7, 6, 9, 0, tzinfo=UTC),
    "P3": datetime(YEAR, 9, 2, 9, 0, tzinfo=UTC),
    "P4": datetime(YEAR, 9, 20, 9, 0, tzinfo=UTC),
    "P5": datetime(YEAR, 10, 5, 9, 0, tzinfo=UTC),
    "P6": datetime(YEAR, 11, 10, 9, 0, tzinfo=UTC),
    "P7": datetime(YEAR, 12, 20, 9, 0, tzinfo=UTC),
}


@dataclass(slots=True)
class Moment:
    """A world on its way: the instant it stands at and the identifiers found so far."""

    now: datetime = INSTANTS["P0"]
    regions: dict[str, str] = field(default_factory=lambda: dict(REGIONS))
    rounds: dict[str, str] = field(default_factory=dict)
    structures: dict[str, str] = field(default_factory=dict)
    candidacies: dict[str, str] = field(default_factory=dict)
    attachments: dict[str, str] = field(default_factory=dict)
    seats: dict[str, str] = field(default_factory=dict)
    receipts: dict[str, str] = field(default_factory=dict)
    ballots: list[str] = field(default_factory=list)
    addenda: list[str] = field(default_factory=list)
    completions: dict[str, str] = field(default_factory=dict)
    canaries: dict[str, str] = field(default_factory=dict)
