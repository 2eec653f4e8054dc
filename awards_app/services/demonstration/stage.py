"""An edition of the demonstration on its way: its rounds, the people who run it, what was filed, the juries at work."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select, update

from awards_app.database import atomic, db
from awards_app.domain.deadlines import resolve
from awards_app.domain.holder import Holder
from awards_app.models.editions import Department, Round
from awards_app.services.demonstration.candidates import Casting
from awards_app.services.demonstration.filing import Filed
from awards_app.services.demonstration.journal_rows import Act, write_acts
from awards_app.services.rehearsal.company import Company
from awards_app.services.rehearsal.turn import Turn


@dataclass(frozen=True, slots=True)
class Place:
    """A round as the load needs it."""

    id: int
    key: str
    opens_at: datetime | None
    closes_at: datetime | None


@dataclass(slots=True)
class People:
    """Accounts by the code of their role, the second person of the national staff, coordinators by region."""

    roles: dict[str, int]
    second: int
    coordinators: dict[str, int]


@dataclass(slots=True)
class Stage:
    """One edition being played; what happens is a list of (instant, act) run in the order of time."""

    edition_id: int
    year: int
    company: Company
    casting: Casting
    people: People
    rounds: dict[str | None, Place] = field(default_factory=dict)
    filed: dict[str, list[Filed]] = field(default_factory=dict)
    young: dict[str, list[Filed]] = field(default_factory=dict)
    cities: dict[str, str] = field(default_factory=dict)
    turns: dict[str | None, Turn] = field(default_factory=dict)
    ledger: list[Act] = field(default_factory=list)
    _events: list[tuple[datetime, int, Callable[[datetime], object]]] = field(default_factory=list)

    @property
    def seed(self) -> str:
        """Return the seed of this edition."""
        return f"{self.casting.seed}:{self.year}"

    def at(self, instant: datetime, act: Callable[[datetime], object]) -> None:
        """Plan ``act`` for an instant."""
        self._events.append((instant, len(self._events), act))

    def run(self, until: datetime) -> None:
        """Do all that is planned up to an instant, in order; the journal of bulk rows follows each act."""
        due = sorted((event for event in self._events if event[0] <= until), key=lambda event: event[:2])
        for instant, _place, act in due:
            self.keep_journal(instant)
            act(instant)
        self._events = [event for event in self._events if event not in due]
        write_acts(self.ledger)
        self.ledger.clear()

    def keep_journal(self, instant: datetime) -> None:
        """Write the bulk entries up to an instant; later ones wait for their turn."""
        write_acts(act for act in self.ledger if act.at <= instant)
        self.ledger = [act for act in self.ledger if act.at > instant]

    def coordinator(self, code: str | None) -> Holder:
        """Return who coordinates a region; the national staff for the national round."""
        account = self.people.roles["national"] if code is None else self.people.coordinators[code]
        return self.company.holder(account)

    def coordinator_id(self, code: str | None) -> int:
        """Return the account of who coordinates a region."""
        return self.coordinator(code).account_id

    def read_rounds(self) -> None:
        """Read the rounds again after their calendar changed."""
        rows = db.session.execute(
            select(Round.region_code, Round.id, Round.key, Round.opens_at, Round.closes_at).where(
                Round.edition_id == self.edition_id
            )
        )
        self.rounds = {row.region_code: Place(row.id, row.key, row.opens_at, row.closes_at) for row in rows}


def set_calendar(round_id: int, zone: str, **moments: str) -> None:
    """Give a round its own calendar: ``opens``, ``closes``, ``scoring_closes``, ``embargo`` as local readings."""
    values: dict[str, object] = {}
    for name, local in moments.items():
        deadline = resolve(datetime.fromisoformat(local), zone)
        last_minute = name in ("closes", "scoring_closes")
        values[f"{name}_local"] = local
        values[f"{name}_at"] = deadline.at + timedelta(minutes=1) if last_minute else deadline.at
    with atomic() as session:
        session.execute(update(Round).where(Round.id == round_id).values(**values))


def departments() -> dict[str, str]:
    """Return the codes of the departments by name."""
    rows = db.session.execute(select(Department.name, Department.code))
    return dict(rows.all())
