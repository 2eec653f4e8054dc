"""The values a preset is made of. Every sentence in them is French, for people to read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from awards_app.domain.preset.form import CheckItem, Message, Placeholder, Question, Reason, Section


@dataclass(frozen=True, slots=True)
class Department:
    """A French department: its official code (kept as text) and its name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Region:
    """A region with its COG code, the words that place it in a sentence and its chamber."""

    code: str
    name: str
    located: str
    belonging: str
    chamber: str
    zone: str
    departments: tuple[Department, ...]


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme of the edition; `colour` is a key of the design system, not a colour value."""

    code: str
    name: str
    summary: str
    description: str
    colour: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A date of the calendar, the same each year: `at` is month, day and local time (`06-30T23:59`).

    `zone` is an IANA name, or `region` when each region counts in its own time.
    """

    code: str
    label: str
    at: str
    zone: str

    def local(self, year: int) -> datetime:
        """The local date-time of that year, without zone. Raises ValueError for a day the year lacks."""
        return datetime.fromisoformat(f"{year:04d}-{self.at}")

    def zone_for(self, region_zone: str) -> str:
        """The IANA zone that counts for a region whose own zone is given."""
        return region_zone if self.zone == "region" else self.zone

    def instant(self, year: int, region_zone: str) -> datetime:
        """The UTC-aware instant of that year for a region whose own zone is given."""
        zone = ZoneInfo(self.zone_for(region_zone))
        return self.local(year).replace(tzinfo=zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Rules:
    """The settings of the edition that decide who may apply and how juries work."""

    minimum_age_months: int
    laureates_excluded_editions: int
    candidacies_per_structure: int
    region_of: str
    two_persons: bool
    minimum_readers: int
    national_entries_per_theme: int
    nominees_per_theme: int
    laureates_per_theme: int
    quorum_numerator: int
    quorum_denominator: int
    quorum_text: str
    ballot: str
    tie_rule: str
    tie_rule_text: str
    chair_casting_vote: bool
    laureates_told_under_embargo: bool
    public_vote: bool
    rules_version: str
    # What reading a file takes: see awards_app/domain/effort.py.
    judging_minutes_per_file: int = 10
    reading_words_per_minute: int = 200
    reading_minutes_per_attachment: int = 2


@dataclass(frozen=True, slots=True)
class Retention:
    """How long a kind of data is kept, in words and in months after `counted_from`."""

    code: str
    label: str
    counted_from: str
    months: int | None
    then: str


@dataclass(frozen=True, slots=True)
class LegalForm:
    """A legal form, a choice inside its family."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class LegalFamily:
    """A legal family, accepted or refused; a refused one says why in `reason`."""

    code: str
    label: str
    accepted: bool
    reason: str = ""
    forms: tuple[LegalForm, ...] = ()


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion with the question put to the juror and the words of each level, from 0 up."""

    code: str
    name: str
    question: str
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid: the weight of each criterion in each theme, `weights[theme][criterion]`, sum 100."""

    code: str
    level: str
    name: str
    official: bool
    note: str
    top_level: int
    shown_out_of: int
    weights: Mapping[str, Mapping[str, int]]

    @property
    def criteria(self) -> tuple[str, ...]:
        """The codes of its criteria, in the order they are shown."""
        return tuple(next(iter(self.weights.values())))


@dataclass(frozen=True, slots=True)
class Endowment:
    """A line of endowment, in cash (`amount` in whole units of `currency`) or in kind."""

    label: str
    kind: str
    amount: int | None = None
    currency: str = "EUR"
    funder: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Prize:
    """What a jury may give: how many places, in each theme or once, and with which endowments."""

    code: str
    level: str
    name: str
    outcome: str
    places: int
    per_theme: bool
    required: bool = False
    official: bool = False
    note: str = ""
    endowments: tuple[Endowment, ...] = ()


@dataclass(frozen=True, slots=True)
class CertificateKind:
    """A paper: who gets it (`basis`), from which phase, its design and its texts; `is_given` when orders include it."""

    code: str
    label: str
    basis: str
    design: str
    from_phase: str
    issuer_line: str
    distinction: str
    body: str = ""
    is_given: bool = True


@dataclass(frozen=True, slots=True)
class Preset:
    """A whole edition as data."""

    code: str
    name: str
    regions: tuple[Region, ...]
    themes: tuple[Theme, ...]
    calendar: tuple[Moment, ...]
    rules: Rules
    retentions: tuple[Retention, ...]
    legal_families: tuple[LegalFamily, ...]
    criteria: tuple[Criterion, ...]
    grids: tuple[Grid, ...]
    prizes: tuple[Prize, ...]
    sections: tuple[Section, ...]
    questions: tuple[Question, ...]
    checklist: tuple[CheckItem, ...]
    reasons: tuple[Reason, ...]
    placeholders: tuple[Placeholder, ...]
    messages: tuple[Message, ...]
    certificates: tuple[CertificateKind, ...]

    def criteria_of(self, grid: Grid) -> tuple[Criterion, ...]:
        """The criteria of a grid with their words, in the order they are shown."""
        by_code = {criterion.code: criterion for criterion in self.criteria}
        return tuple(by_code[code] for code in grid.criteria)

    def questions_for(self, theme: str) -> tuple[Question, ...]:
        """The questions put to a candidacy of that theme, in order."""
        return tuple(q for q in self.questions if q.theme in (None, theme))
