"""The board of regions, for the national staff alone: where each stands, whom it sends up, how late it is, who was chased."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, Text, and_, case, func, literal, null, select, union_all
from sqlalchemy import cast as sql_cast

from awards_app.database import db
from awards_app.domain.deliberations import NATIONAL_ENTRY
from awards_app.domain.holder import Holder
from awards_app.domain.national import Absence, late_days
from awards_app.domain.phases import Phase, phase_at
from awards_app.domain.refusals import DoesNotExist
from awards_app.models.accounts import Account, RoleGrant
from awards_app.models.candidacies import AdmissibilityDecision, Candidacy
from awards_app.models.deliberations import Decision
from awards_app.models.editions import Edition, Prize, Region, Round, Theme
from awards_app.models.honours import NationalEntry
from awards_app.models.juries import Seat
from awards_app.models.national import NationalCalendar, RegionChase, ThemeAbsence
from awards_app.models.structures import Structure

# What a region's square of a theme may say; the first four are settled, whatever was awaited.
ENTRY, FLAGGED, UNAWARDED, AWAITED = "entry", "flagged", "unawarded", "awaited"


@dataclass(frozen=True, slots=True)
class ThemeCell:
    """What a region sends up in a theme: a file, nobody and why, or something still awaited."""

    theme_code: str
    theme_name: str
    state: str
    structure: str = ""
    title: str = ""
    reason: str = ""
    at: datetime | None = None

    @property
    def is_settled(self) -> bool:
        """Say whether nothing more is expected of the region in the theme."""
        return self.state not in (AWAITED, FLAGGED)


@dataclass(frozen=True, slots=True)
class RegionLine:
    """A region on the board. ``late`` is in days, 0 when it is on time."""

    id: int
    key: str
    code: str
    name: str
    chamber: str
    zone: str
    phase: Phase
    takes_part: bool
    submitted: int
    admissible: int
    jurors: int
    finished: int
    due_at: datetime | None
    late: int
    contacts: tuple[tuple[str, str], ...]
    chased_at: datetime | None
    chases: int
    cells: tuple[ThemeCell, ...]

    @property
    def is_settled(self) -> bool:
        """Say whether every theme of the region is settled."""
        return all(cell.is_settled for cell in self.cells)


@dataclass(frozen=True, slots=True)
class NationalBoard:
    """The regions of the current edition with what the national round expects of them."""

    year: int
    edition: str
    national_id: int
    national_key: str
    national_phase: Phase
    zone: str
    entries_due_local: str
    entries_due_at: datetime | None
    additions_close_local: str
    additions_close_at: datetime | None
    themes: tuple[tuple[str, str], ...]
    regions: tuple[RegionLine, ...]


@dataclass(frozen=True, slots=True)
class LateRegion:
    """A region as a letter that chases it names it."""

    round_id: int
    round_key: str
    region_code: str
    region_name: str
    edition: str
    zone: str
    due_at: datetime | None
    days: int


def national_board(holder: Holder, now: datetime) -> NationalBoard:
    """Return the board of the current edition (four queries however many regions).

    Only for the national staff: a region knows nothing of the others before they publish. Raises `DoesNotExist`.
    """
    if not holder.is_national_staff:
        raise DoesNotExist
    rows = db.session.execute(_ROUNDS).all()
    national = next((row for row in rows if row.region_code is None), None)
    if national is None:
        raise DoesNotExist
    ids = [row.id for row in rows if row.region_code is not None]
    counts = {(row.kind, row.round_id): (int(row.first), int(row.second)) for row in _counts(ids)}
    sent = {(row.round_id, row.theme_id): row for row in _sent_up(ids)}
    people: dict[int, list[Any]] = {}
    for row in _people(ids):
        people.setdefault(row.round_id, []).append(row)
    themes = {row.theme_id: (row.theme_code, row.theme_name) for row in rows if row.region_code is None}
    lines = {row.id: row for row in rows if row.region_code is not None}
    return NationalBoard(
        year=national.year,
        edition=national.edition,
        national_id=national.id,
        national_key=national.key,
        national_phase=_phase(national, now),
        zone=national.zone,
        entries_due_local=national.entries_due_local or "",
        entries_due_at=national.entries_due_at,
        additions_close_local=national.additions_close_local or "",
        additions_close_at=national.additions_close_at,
        themes=tuple(themes.values()),
        regions=tuple(
            _region(row, national, themes, counts, sent, people.get(row.id, []), now)
            for row in lines.values()
        ),
    )


def late_region(holder: Holder, round_key: str, now: datetime) -> LateRegion:
    """Return a region's lateness as the board has it; raise `DoesNotExist` for anybody but the national staff."""
    if not holder.is_national_staff:
        raise DoesNotExist
    rows = db.session.execute(_rounds_of(Edition.id == _edition_of(round_key))).all()
    national = next((row for row in rows if row.region_code is None), None)
    row = next((row for row in rows if row.key == round_key and row.region_code is not None), None)
    if row is None or national is None:
        raise DoesNotExist
    due_at = _due_at(row, national)
    days = late_days(_phase(row, now), takes_part=row.takes_part, due_at=due_at, now=now, zone=row.zone)
    return LateRegion(row.id, row.key, row.region_code, row.region_name, row.edition, row.zone, due_at, days)


def _edition_of(round_key: str) -> Any:
    return select(Round.edition_id).where(Round.key == round_key).scalar_subquery()


def _rounds_of(where: Any) -> Any:
    """Return the query of the rounds of an edition, a row for each theme."""
    return (
        select(
            Round.id,
            Round.key,
            Round.region_code,
            Round.phase,
            Round.takes_part,
            Round.zone,
            Round.opens_at,
            Round.closes_at,
            Round.scoring_closes_at,
            Edition.year,
            Edition.name.label("edition"),
            Region.name.label("region_name"),
            Region.chamber,
            Theme.id.label("theme_id"),
            Theme.code.label("theme_code"),
            Theme.name.label("theme_name"),
            NationalCalendar.entries_due_local,
            NationalCalendar.entries_due_at,
            NationalCalendar.additions_close_local,
            NationalCalendar.additions_close_at,
        )
        .join(Edition, Edition.id == Round.edition_id)
        .join(Theme, Theme.edition_id == Edition.id)
        .outerjoin(Region, Region.code == Round.region_code)
        .outerjoin(NationalCalendar, NationalCalendar.round_id == Round.id)
        .where(where)
        .order_by(Region.position, Theme.position)
    )


_ROUNDS = _rounds_of(
    Edition.year == select(func.max(Edition.year)).where(Edition.is_current.is_(True)).scalar_subquery()
)


def _phase(row: Any, now: datetime) -> Phase:
    return phase_at(Phase(row.phase), now, row.opens_at, row.closes_at)


def _due_at(row: Any, national: Any) -> datetime | None:
    """Return when a region's decision is expected: as the nation says, else when its own jury was to finish."""
    due: datetime | None = national.entries_due_at or row.scoring_closes_at
    return due


def _region(
    row: Any,
    national: Any,
    themes: dict[int, tuple[str, str]],
    counts: dict[tuple[str, int], tuple[int, int]],
    sent: dict[tuple[int, int], Any],
    people: list[Any],
    now: datetime,
) -> RegionLine:
    phase, due_at = _phase(row, now), _due_at(row, national)
    submitted, admissible = counts.get(("files", row.id), (0, 0))
    jurors, finished = counts.get(("seats", row.id), (0, 0))
    chased = next((one for one in people if one.kind == "chase"), None)
    return RegionLine(
        id=row.id,
        key=row.key,
        code=row.region_code,
        name=row.region_name,
        chamber=row.chamber,
        zone=row.zone,
        phase=phase,
        takes_part=row.takes_part,
        submitted=submitted,
        admissible=admissible,
        jurors=jurors,
        finished=finished,
        due_at=due_at,
        late=late_days(phase, takes_part=row.takes_part, due_at=due_at, now=now, zone=row.zone),
        contacts=tuple((one.name, one.email) for one in people if one.kind == "contact"),
        chased_at=chased.at if chased else None,
        chases=int(chased.number) if chased else 0,
        cells=tuple(
            _cell(row, theme, sent.get((row.id, theme_id)), phase) for theme_id, theme in themes.items()
        ),
    )


def _cell(row: Any, theme: tuple[str, str], found: Any, phase: Phase) -> ThemeCell:
    code, name = theme
    if found is None:
        state = AWAITED if row.takes_part else Absence.NOT_TAKING_PART.value
        return ThemeCell(code, name, state)
    state = found.state
    if state == ENTRY and found.is_withdrawn:
        state = FLAGGED
    # An absence is the chamber's own word, at any time; a decision is told once it is confirmed.
    return ThemeCell(
        code, name, state, found.structure or "", found.title or "", found.reason or "", found.at
    )


def _counts(ids: list[int]) -> Any:
    """How many files were filed and found admissible, how many jurors sit and have finished, by region."""
    submitted = Candidacy.state == "submitted"
    files = (
        select(
            literal("files").label("kind"),
            Candidacy.round_id.label("round_id"),
            func.sum(case((submitted, 1), else_=0)).label("first"),
            func.sum(
                case((and_(submitted, AdmissibilityDecision.verdict == "admissible"), 1), else_=0)
            ).label("second"),
        )
        .outerjoin(
            AdmissibilityDecision,
            (AdmissibilityDecision.candidacy_id == Candidacy.id)
            & AdmissibilityDecision.replaced_at.is_(None),
        )
        .where(Candidacy.round_id.in_(ids))
        .group_by(Candidacy.round_id)
    )
    seats = (
        select(
            literal("seats").label("kind"),
            Seat.round_id.label("round_id"),
            func.count(Seat.id).label("first"),
            func.sum(case((Seat.finished_at.is_not(None), 1), else_=0)).label("second"),
        )
        .where(
            Seat.round_id.in_(ids),
            Seat.left_at.is_(None),
            Seat.accepted_at.is_not(None),
            Seat.function != "secretary",
        )
        .group_by(Seat.round_id)
    )
    return db.session.execute(union_all(files, seats))


def _sent_up(ids: list[int]) -> Any:
    """What each region says of each theme: its confirmed decision, else the absence that its chamber told.

    The rows of absences come first, so that a decision, which only stands where none is, has the last word.
    """
    absences = select(
        ThemeAbsence.round_id.label("round_id"),
        ThemeAbsence.theme_id.label("theme_id"),
        sql_cast(ThemeAbsence.kind, String).label("state"),
        sql_cast(null(), String).label("structure"),
        sql_cast(null(), String).label("title"),
        ThemeAbsence.reason.label("reason"),
        ThemeAbsence.said_at.label("at"),
        literal(0).label("is_withdrawn"),
        literal(0).label("place"),
    ).where(ThemeAbsence.round_id.in_(ids), ThemeAbsence.lifted_at.is_(None))
    decided = (
        select(
            Decision.round_id.label("round_id"),
            Decision.theme_id.label("theme_id"),
            case((Decision.candidacy_id.is_(None), UNAWARDED), else_=ENTRY).label("state"),
            sql_cast(Structure.name, String).label("structure"),
            sql_cast(Candidacy.title, String).label("title"),
            sql_cast(Decision.reason, Text).label("reason"),
            func.coalesce(NationalEntry.received_at, Decision.confirmed_at).label("at"),
            case((Candidacy.state == "withdrawn", 1), else_=0).label("is_withdrawn"),
            literal(1).label("place"),
        )
        .join(Prize, Prize.id == Decision.prize_id)
        .outerjoin(Candidacy, Candidacy.id == Decision.candidacy_id)
        .outerjoin(Structure, Structure.id == Candidacy.structure_id)
        .outerjoin(
            NationalEntry,
            (NationalEntry.decision_id == Decision.id) & NationalEntry.ended_at.is_(None),
        )
        .where(
            Decision.round_id.in_(ids),
            Prize.outcome == NATIONAL_ENTRY,
            Decision.annulled_at.is_(None),
            Decision.confirmed_at.is_not(None),
        )
    )
    both = union_all(absences, decided).subquery()
    return db.session.execute(select(both).order_by(both.c.place, both.c.at))


def _people(ids: list[int]) -> Any:
    """Who coordinates each region, and when it was last chased."""
    contacts = (
        select(
            literal("contact").label("kind"),
            Round.id.label("round_id"),
            Account.name.label("name"),
            Account.email.label("email"),
            sql_cast(null(), RegionChase.chased_at.type).label("at"),
            literal(0).label("number"),
        )
        .join(RoleGrant, RoleGrant.region_code == Round.region_code)
        .join(Account, Account.id == RoleGrant.account_id)
        .where(
            Round.id.in_(ids),
            RoleGrant.role == "coordinator",
            RoleGrant.revoked_at.is_(None),
            Account.disabled_at.is_(None),
        )
        .distinct()
    )
    chases = (
        select(
            literal("chase").label("kind"),
            RegionChase.round_id.label("round_id"),
            sql_cast(null(), String).label("name"),
            sql_cast(null(), String).label("email"),
            func.max(RegionChase.chased_at).label("at"),
            func.count(RegionChase.id).label("number"),
        )
        .where(RegionChase.round_id.in_(ids))
        .group_by(RegionChase.round_id)
    )
    both = union_all(contacts, chases).subquery()
    return db.session.execute(select(both).order_by(both.c.round_id, both.c.name))
