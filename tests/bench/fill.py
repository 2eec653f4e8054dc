"""Fills a database with the edition that is measured: one region's round, its files, jurors, scoresheets and ranking."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert, select, update

from awards_app.database import atomic, db
from awards_app.domain.preset import load_preset
from awards_app.domain.text import slugify, sort_key
from awards_app.models.accounts import Account
from awards_app.models.candidacies import AdmissibilityDecision, Candidacy, Filing
from awards_app.models.editions import Criterion, CriterionWeight, Round, Theme
from awards_app.models.honours import EditionRecord, Honour
from awards_app.models.juries import Interest, Seat
from awards_app.models.scoring import Mark, Scoresheet, Snapshot
from awards_app.models.structures import Structure
from awards_app.paths import PRESETS
from awards_app.queries.accounts import holder_of_account
from awards_app.queries.ballots import ballots_of_round
from awards_app.services import advice, locking
from awards_app.services.accounts import ensure_account, grant_role, start_session
from awards_app.services.candidacies import create_candidacy, save_answer
from awards_app.services.editions import create_edition
from awards_app.services.structures import create_structure
from tests.bench.filings import filing_rows
from tests.bench.words import InventedFile, invented_files

REGION = "84"
FORM_REGION = "53"
JURORS = 60
READERS = 5
# Of how many files the measured juror reads one: the jurors take the files in turn.
_STEPS = {5: 12, 8: 15}
# Three marks a sheet, as the platforms this one is compared with were measured.
WEIGHTS = {"need": 40, "social_impact": 30, "governance": 30}
TOP = 4


@dataclass
class Filled:
    """The keys, and the session tokens of people, that the jobs need."""

    year: int
    round_id: int
    round_key: str
    region_slug: str
    seat_key: str
    chair_seat_key: str
    candidacy_keys: tuple[str, ...]
    form_key: str = ""
    tokens: dict[str, str] = field(default_factory=dict)


def fill(files: int, now: datetime, readers: int = READERS) -> Filled:
    """Fill the current app's empty, migrated database with ``files`` candidacies and return what the jobs need.

    The advice is worked out at the end, as a worker does after a lock.
    """
    year = now.year + 1
    before = now - timedelta(days=60)
    people = {
        role: ensure_account(f"{role}@exemple.org", role.title(), before)
        for role in ("coordinator", "candidate")
    }
    with atomic():
        edition_id = create_edition(load_preset(PRESETS / "prix-ess.toml"), year, before)
        grant_role(None, people["coordinator"], "coordinator", REGION, before)
        _three_criteria(edition_id)
        round_row = _settle_rounds(edition_id, now)
        invented = invented_files(files, year)
        candidacies = _write_files(round_row, edition_id, invented, people["coordinator"], before)
        seats, accounts = _write_jury(round_row.id, before)
        _write_sheets(round_row, edition_id, candidacies, seats, before, readers)
        _take_snapshot(round_row, seats, candidacies, people["coordinator"], now, readers)
        _write_honours(invented, year, before)
        found = Filled(
            year=year,
            round_id=round_row.id,
            round_key=round_row.key,
            region_slug="auvergne-rhone-alpes",
            seat_key=seats[0].key,
            chair_seat_key=seats[-1].key,
            # Those that the measured juror has a sheet on.
            candidacy_keys=tuple(row.key for row in candidacies[:: _STEPS[readers]]),
        )
    for snapshot_id in db.session.scalars(select(Snapshot.id)).all():
        advice.work_out(snapshot_id, now)
    people |= {"juror": accounts[0], "chair": accounts[-1]}
    found.form_key = _write_draft(people["candidate"], invented[0], now)
    found.tokens = {role: start_session(account_id, now) for role, account_id in people.items()}
    return found


def _three_criteria(edition_id: int) -> None:
    criteria = {
        row.code: row.id
        for row in db.session.execute(
            select(Criterion.code, Criterion.id).where(
                Criterion.edition_id == edition_id, Criterion.level == "regional"
            )
        )
    }
    for code, criterion_id in criteria.items():
        db.session.execute(
            update(CriterionWeight)
            .where(CriterionWeight.criterion_id == criterion_id)
            .values(weight=WEIGHTS.get(code, 0))
        )


def _settle_rounds(edition_id: int, now: datetime) -> Round:
    """Put the measured round in scoring and the round of the form in its filing months; return the first."""
    for row in db.session.scalars(select(Round).where(Round.edition_id == edition_id)):
        row.opens_at = now - timedelta(days=90)
        row.closes_at = (
            now + timedelta(days=30) if row.region_code == FORM_REGION else now - timedelta(days=50)
        )
        row.scoring_closes_at = now + timedelta(days=30)
        row.embargo_at = now + timedelta(days=60)
        row.phase = "P1" if row.region_code == FORM_REGION else "P2"
    measured = db.session.scalars(
        select(Round).where(Round.edition_id == edition_id, Round.region_code == REGION)
    ).one()
    measured.phase = "P3"
    measured.scoring_opened_at = now - timedelta(days=20)
    db.session.flush()
    return measured


def _write_files(
    round_row: Round, edition_id: int, invented: list[InventedFile], coordinator_id: int, at: datetime
) -> list[Candidacy]:
    themes = {
        row.code: row.id
        for row in db.session.execute(select(Theme.code, Theme.id).where(Theme.edition_id == edition_id))
    }
    structures = [_structure(one, at) for one in invented]
    db.session.add_all(structures)
    db.session.flush()
    candidacies = [
        Candidacy(
            edition_id=edition_id,
            round_id=round_row.id,
            structure_id=structure.id,
            theme_id=themes[one.structure.theme],
            title=one.title,
            state="submitted",
            created_at=at,
            touched_at=at,
            submitted_at=at,
        )
        for one, structure in zip(invented, structures, strict=True)
    ]
    db.session.add_all(candidacies)
    db.session.flush()
    db.session.execute(insert(Filing), filing_rows(edition_id, candidacies, invented, at))
    db.session.execute(
        insert(AdmissibilityDecision),
        [
            {
                "candidacy_id": row.id,
                "verdict": "admissible",
                "decided_at": at,
                "decided_by_id": coordinator_id,
            }
            for row in candidacies
        ],
    )
    return candidacies


def _structure(one: InventedFile, at: datetime) -> Structure:
    made = one.structure
    return Structure(
        name=one.name,
        sort_key=sort_key(one.name),
        acronym=made.acronym,
        legal_family=made.family,
        legal_form=made.legal_form,
        siren=None if one.repeat else made.siren,
        rna=None if one.repeat else made.rna,
        founded_on=made.created_on,
        address=made.address,
        postcode=made.postal_code,
        city=made.city,
        department=made.department_code,
        region_code=REGION,
        website=made.website,
        is_esus=made.esus,
        network=made.network,
        created_at=at,
    )


def _write_jury(round_id: int, at: datetime) -> tuple[list[Seat], list[int]]:
    accounts = [
        Account(
            name=f"Jurée {number}",
            email=f"juree{number}@jury.exemple",
            email_folded=f"juree{number}@jury.exemple",
            created_at=at,
            confirmed_at=at,
        )
        for number in range(JURORS)
    ]
    db.session.add_all(accounts)
    db.session.flush()
    seats = [
        Seat(
            round_id=round_id,
            account_id=account.id,
            function="chair" if number == JURORS - 1 else "juror",
            name=account.name,
            invited_email=account.email,
            invited_at=at,
            accepted_at=at,
            charter_at=at,
        )
        for number, account in enumerate(accounts)
    ]
    db.session.add_all(seats)
    db.session.flush()
    return seats, [account.id for account in accounts]


def _write_sheets(
    round_row: Round,
    edition_id: int,
    candidacies: list[Candidacy],
    seats: list[Seat],
    at: datetime,
    readers: int,
) -> None:
    """Give each file its readers in turn, and the measured juror a declaration on every file."""
    rng = Random(readers)
    criteria = _criteria(edition_id)
    readings = [
        (seats[(place * readers + turn) % JURORS].id, row.id)
        for place, row in enumerate(candidacies)
        for turn in range(readers)
    ]
    declared = dict.fromkeys([*readings, *((seats[0].id, row.id) for row in candidacies)])
    db.session.execute(
        insert(Interest),
        [
            {"seat_id": seat, "candidacy_id": file, "verdict": "none", "declared_at": at}
            for seat, file in declared
        ],
    )
    db.session.execute(
        insert(Scoresheet),
        [
            {
                "seat_id": seat,
                "candidacy_id": file,
                "round_id": round_row.id,
                "created_at": at,
                "saved_at": at,
            }
            for seat, file in readings
        ],
    )
    sheets = db.session.scalars(select(Scoresheet.id).order_by(Scoresheet.id)).all()
    db.session.execute(insert(Mark), list(_marks(rng, sheets, criteria, at)))


def _criteria(edition_id: int) -> list[int]:
    return list(
        db.session.scalars(
            select(Criterion.id).where(
                Criterion.edition_id == edition_id, Criterion.level == "regional", Criterion.code.in_(WEIGHTS)
            )
        )
    )


def _marks(rng: Random, sheets: Iterable[int], criteria: list[int], at: datetime) -> Iterable[dict[str, Any]]:
    for sheet in sheets:
        for criterion in criteria:
            level = rng.randint(0, TOP)
            reason = "Des chiffres à l’appui, sur deux ans." if level in (0, TOP) else ""
            yield {
                "scoresheet_id": sheet,
                "criterion_id": criterion,
                "level": level,
                "reason": reason,
                "saved_at": at,
            }


def _take_snapshot(
    round_row: Round,
    seats: list[Seat],
    candidacies: list[Candidacy],
    coordinator_id: int,
    now: datetime,
    readers: int,
) -> None:
    """Lock the round's scores with the readers of each file as its panel, through the lock's own code."""
    ballots = ballots_of_round(round_row.id, round_row.edition_id, is_national=False)
    panels = {
        row.id: frozenset(seats[(place * readers + turn) % JURORS].id for turn in range(readers))
        for place, row in enumerate(candidacies)
    }
    by_theme = {
        code: replace(ballot, panel={file: panels[file] for file in ballot.panel})  # type: ignore[index]  # keys are ours
        for code, ballot in ballots.by_theme.items()
    }
    holder = holder_of_account(coordinator_id)
    assert holder is not None
    locking._take(round_row, replace(ballots, by_theme=by_theme), now, holder)


def _write_honours(invented: list[InventedFile], year: int, at: datetime) -> None:
    published = year - 1
    db.session.add(EditionRecord(year=published, number=published - 2014, candidacies=len(invented)))
    db.session.flush()
    db.session.execute(
        insert(Honour),
        [
            {
                "slug": f"{slugify(one.name)[:120]}-{published}-{number}",
                "identity": f"{number:064d}",
                "year": published,
                "level": "regional",
                "distinction": "laureate" if number % 5 == 0 else "nominee",
                "prize_name": "Prix régional",
                "theme": "Utilité sociale" if one.structure.theme == "us" else "Transition écologique",
                "theme_code": one.structure.theme,
                "region_code": one.structure.region_code,
                "structure_name": one.name,
                "sort_key": sort_key(one.name),
                "legal_family": one.structure.family,
                "city": one.structure.city,
                "project_title": one.title,
                "summary": one.answers["summary"],
                "citation": one.answers["pitch"],
                "published_at": at,
            }
            for number, one in enumerate(invented)
        ],
    )


def _write_draft(account_id: int, one: InventedFile, now: datetime) -> str:
    """Return the key of a draft with every text answered, in a region whose call is open."""
    holder = holder_of_account(account_id)
    assert holder is not None
    values: dict[str, object] = {
        "name": "Les Étoiles du banc",
        "legal_family": "association",
        "identifier": "732829320",
        "founded_on": date(2015, 7, 14).strftime("%d/%m/%Y"),
        "postcode": "35000",
        "city": "Rennes",
        "address": "1 rue des Étoiles",
    }
    structure_key = create_structure(holder, values, now)
    holder = holder_of_account(account_id)
    assert holder is not None
    key = create_candidacy(holder, structure_key, now)
    for code, value in one.answers.items():
        save_answer(holder, key, code, value, None, now)
    return key


def set_phase(round_id: int, phase: str) -> None:
    """Put the measured round in the phase that a job needs."""
    with atomic() as session:
        row = session.get_one(Round, round_id, populate_existing=True)
        row.phase = phase
        row.locked_at = datetime.now(UTC) if phase >= "P4" else None
