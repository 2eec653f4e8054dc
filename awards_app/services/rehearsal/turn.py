"""One round's jury at work, through the same services as the web: ties, marks, the lock."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from awards_app.database import atomic, db
from awards_app.domain.interests import Verdict
from awards_app.models.candidacies import Candidacy
from awards_app.models.editions import Region, Round
from awards_app.models.juries import Interest, Seat
from awards_app.queries.ballots import ballots_of_round
from awards_app.queries.editions import grid_of
from awards_app.services.juries import declare_interest
from awards_app.services.locking import SheetsAreMissing, lock_scoring
from awards_app.services.rehearsal.company import Company, Jury
from awards_app.services.rehearsal.plan import File, Plan, Wish, plan_round
from awards_app.services.rehearsal.simulation import as_marks
from awards_app.services.scoring import finish_seat, record_scoresheet, waive_scoresheet

WAIVER = "Absence simulée le jour de la notation."


@dataclass(slots=True)
class Turn:
    """A round with its jury; ``staff_id`` is the account that coordinates it."""

    company: Company
    seed: str
    id: int
    key: str
    edition_id: int
    region_code: str | None
    name: str
    staff_id: int
    jury: Jury
    files: list[File]
    plan: Plan
    top_level: int

    @property
    def level(self) -> str:
        """Return « regional » or « national »."""
        return "national" if self.region_code is None else "regional"


def files_of(round_id: int, edition_id: int, region_code: str | None) -> list[File]:
    """Return the files in the running of a round, by structure's name."""
    ballots = ballots_of_round(round_id, edition_id, is_national=region_code is None)
    codes = {theme_id: code for code, theme_id in ballots.theme_ids.items()}
    homes: dict[int, str | None] = {}
    if region_code is None:
        rows = db.session.execute(
            select(Candidacy.id, Round.region_code)
            .join(Round, Round.id == Candidacy.round_id)
            .where(Candidacy.id.in_(ballots.files))
        )
        homes = {row.id: row.region_code for row in rows}
    found = [
        File(
            file.id,
            file.key,
            file.structure,
            file.title,
            codes[file.theme_id],
            file.theme_id,
            homes.get(file.id),
        )
        for file in ballots.files.values()
    ]
    return sorted(found, key=lambda file: (file.name, file.title))


def prepare(
    company: Company,
    seed: str,
    round_key: str,
    staff_id: int,
    jury: Jury,
    wish: Wish,
    *,
    regions: dict[str, str | None] | None = None,
) -> Turn:
    """Return a round ready to be played with its jury."""
    row = db.session.scalars(select(Round).where(Round.key == round_key)).one()
    files = files_of(row.id, row.edition_id, row.region_code)
    level = "national" if row.region_code is None else "regional"
    grids = {file.theme: grid_of(row.edition_id, level, file.theme_id) for file in files}
    criteria = {theme: [one.code for one in grid.criteria] for theme, grid in grids.items()}
    top = max((grid.exact.top_level for grid in grids.values()), default=4)
    own_seed = f"{seed}:{row.region_code or 'national'}"
    plan = plan_round(own_seed, jury, files, criteria, top, wish, regions=regions)
    return Turn(
        company,
        seed,
        row.id,
        round_key,
        row.edition_id,
        row.region_code,
        _name(row.region_code),
        staff_id,
        jury,
        files,
        plan,
        top,
    )


def _name(region_code: str | None) -> str:
    if region_code is None:
        return "Jury national"
    return str(db.session.scalar(select(Region.name).where(Region.code == region_code)))


def declare_ties(turn: Turn, now: datetime) -> int:
    """Let every juror say of each file whether a tie binds them; return how many stood aside.

    Those whom the platform set aside already, a national juror from the files of their region, have nothing to say.
    """
    settled = _set_aside(turn.id)
    for seat in turn.jury.readers:
        holder = turn.company.holder(seat.account_id)
        with atomic():
            for file in turn.files:
                if (seat.seat_key, file.key) in settled:
                    continue
                reason = turn.plan.recusals.get((seat.seat_key, file.key))
                verdict = Verdict.RECUSED if reason else Verdict.NONE
                declare_interest(holder, seat.seat_key, file.key, verdict.value, reason or "", now)
    return len(turn.plan.recusals)


def _set_aside(round_id: int) -> set[tuple[str, str]]:
    rows = db.session.execute(
        select(Seat.key, Candidacy.key)
        .select_from(Interest)
        .join(Seat, Seat.id == Interest.seat_id)
        .join(Candidacy, Candidacy.id == Interest.candidacy_id)
        .where(Seat.round_id == round_id, Interest.verdict == "recused", Interest.replaced_at.is_(None))
    )
    return {(seat_key, candidacy_key) for seat_key, candidacy_key in rows}


def mark(turn: Turn, now: datetime) -> int:
    """Let every juror mark what they read and say when they have finished; return how many sheets were saved."""
    absent = {seat_key for seat_key, _file in turn.plan.absences}
    for seat in turn.jury.readers:
        holder = turn.company.holder(seat.account_id)
        with atomic():
            for sheet in turn.plan.sheets:
                if sheet.seat_key == seat.seat_key:
                    marks = as_marks(sheet.levels, turn.top_level)
                    record_scoresheet(holder, seat.seat_key, sheet.file.key, marks, now)
            if seat.seat_key not in absent:
                finish_seat(holder, seat.seat_key, now)
    return len(turn.plan.sheets)


def lock(turn: Turn, now: datetime) -> tuple[str, bool]:
    """Lock the round; a missing sheet must refuse it first and be waived by two persons.

    Return the snapshot's hash and whether the lock refused as it should.
    """
    chair = turn.company.holder(turn.jury.leader({file.key for file in turn.files}).account_id)
    staff = turn.company.holder(turn.staff_id)
    refused = False
    if turn.plan.absences:
        try:
            lock_scoring(chair, turn.key, now)
        except SheetsAreMissing:
            refused = True
        for seat_key, file in turn.plan.absences:
            leader = turn.company.holder(turn.jury.leader({file.key}).account_id)
            waive_scoresheet(leader, seat_key, file.key, WAIVER, now)
            waive_scoresheet(staff, seat_key, file.key, WAIVER, now)
    return lock_scoring(chair, turn.key, now), refused or not turn.plan.absences
