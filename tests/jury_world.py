"""A small world for the jury's rooms: a round in scoring, its files and its jurors, written as plain rows."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache

from flask.testing import FlaskClient
from sqlalchemy import select, update

from awards_app.database import atomic, db
from awards_app.domain.holder import Holder
from awards_app.domain.preset import Preset, load_preset
from awards_app.domain.scoring import MarkInput
from awards_app.domain.text import sort_key
from awards_app.models.candidacies import AdmissibilityDecision, Candidacy, Filing
from awards_app.models.editions import (
    Criterion,
    CriterionLevel,
    CriterionWeight,
    Edition,
    Round,
    Theme,
)
from awards_app.models.juries import Interest, Seat
from awards_app.models.structures import Membership, Structure
from awards_app.paths import PRESETS
from awards_app.queries.accounts import holder_of_account
from awards_app.services.accounts import ensure_account, grant_role, start_session
from awards_app.services.editions import create_edition
from awards_app.services.scoring import record_scoresheet

YEAR = 2027
BEFORE = datetime(2027, 3, 1, 9, tzinfo=UTC)
SCORING = datetime(2027, 9, 6, 9, tzinfo=UTC)
REGION = "53"
GOLDEN_WEIGHTS = {"a": 40, "b": 30, "c": 20, "d": 10}


@lru_cache(maxsize=1)
def the_preset() -> Preset:
    return load_preset(PRESETS / "prix-ess.toml")


@dataclass
class JuryWorld:
    """Keys and holders of what was made."""

    edition_id: int
    round_id: int
    round_key: str
    themes: dict[str, int]
    coordinator_id: int = 0
    files: dict[str, str] = field(default_factory=dict)
    seats: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, int] = field(default_factory=dict)

    def holder(self, name: str) -> Holder:
        """Return a person as they are now."""
        return person(self.accounts[name])

    @property
    def coordinator(self) -> Holder:
        """Return the coordinator as they are now."""
        return person(self.coordinator_id)

    def candidacy_id(self, name: str) -> int:
        """Return the identifier of a file."""
        found = db.session.scalar(select(Candidacy.id).where(Candidacy.key == self.files[name]))
        assert found is not None
        return found


def person(account_id: int) -> Holder:
    found = holder_of_account(account_id)
    assert found is not None
    return found


def a_round(phase: str = "P3", *, golden: bool = False) -> JuryWorld:
    """Make an edition with one region's round in ``phase``, and its coordinator."""
    edition_id = create_edition(the_preset(), YEAR, BEFORE)
    with atomic() as session:
        row = session.scalars(
            select(Round).where(Round.edition_id == edition_id, Round.region_code == REGION)
        ).one()
        row.phase = phase
        themes = dict(session.execute(select(Theme.code, Theme.id)).all())
        world = JuryWorld(edition_id, row.id, row.key, themes)
    if golden:
        golden_grid(world)
    world.coordinator_id = ensure_account("coralie@cress.exemple", "Coralie", BEFORE)
    grant_role(None, world.coordinator_id, "coordinator", REGION, BEFORE)
    return world


def golden_grid(world: JuryWorld) -> None:
    """Replace the regional grid by the golden one: four criteria, levels 0 to 5."""
    with atomic() as session:
        old = select(Criterion.id).where(
            Criterion.edition_id == world.edition_id, Criterion.level == "regional"
        )
        session.execute(update(CriterionWeight).where(CriterionWeight.criterion_id.in_(old)).values(weight=0))
        for position, (code, weight) in enumerate(GOLDEN_WEIGHTS.items()):
            row = Criterion(
                edition_id=world.edition_id, level="regional", code=code, name=code.upper(), position=position
            )
            session.add(row)
            session.flush()
            for theme_id in world.themes.values():
                session.add(CriterionWeight(criterion_id=row.id, theme_id=theme_id, weight=weight))
            for value in range(6):
                session.add(CriterionLevel(criterion_id=row.id, value=value, words=f"niveau {value}"))
        edition = session.get_one(Edition, world.edition_id)
        rules = dict(edition.rules)
        rules["grids"] = {**rules["grids"], "regional": {"top_level": 5, "shown_out_of": 5}}
        edition.rules = rules


def add_file(
    world: JuryWorld,
    name: str,
    theme: str = "us",
    *,
    verdict: str = "admissible",
    website: str = "",
    state: str = "submitted",
) -> str:
    """File a candidacy that the chamber found admissible, and return its key."""
    number = len(world.files) + 1
    with atomic() as session:
        structure = Structure(
            name=f"Structure {name}",
            sort_key=sort_key(f"Structure {name}"),
            city="Rennes",
            website=website,
            region_code=REGION,
            created_at=BEFORE,
        )
        session.add(structure)
        session.flush()
        candidacy = Candidacy(
            edition_id=world.edition_id,
            round_id=world.round_id,
            structure_id=structure.id,
            theme_id=world.themes[theme],
            title=f"Projet {name}",
            state=state,
            created_at=BEFORE,
            touched_at=BEFORE,
            submitted_at=BEFORE,
        )
        session.add(candidacy)
        session.flush()
        session.add(
            Filing(
                candidacy_id=candidacy.id,
                number=1,
                receipt=f"{REGION}-{number:03d}",
                content=json.dumps(frozen(name, theme)),
                sha256="0" * 64,
                submitted_at=BEFORE,
            )
        )
        if verdict:
            session.add(
                AdmissibilityDecision(
                    candidacy_id=candidacy.id,
                    verdict=verdict,
                    reason="" if verdict == "admissible" else "trop jeune",
                    decided_at=BEFORE,
                    decided_by_id=world.coordinator_id,
                )
            )
        world.files[name] = candidacy.key
    return world.files[name]


def frozen(name: str, theme: str) -> dict[str, object]:
    """Return the frozen content of a filing, as small as its readers allow."""
    answers = [
        {
            "code": code,
            "label": label,
            "kind": "long_text",
            "value": f"{label} de {name}. " * 12,
            "audience": "jury",
            "criterion": criterion,
            "choices": [],
        }
        for code, label, criterion in (
            ("summary", "Le résumé", None),
            ("need", "Le besoin", "need"),
            ("impact", "Les résultats", "social_impact"),
            ("governance", "La gouvernance", "governance"),
        )
    ]
    return {
        "format": 1,
        "edition": {"year": YEAR, "name": f"Prix de l’ESS {YEAR}"},
        "theme": {"code": theme, "name": {"us": "Utilité Sociale", "te": "Transition Écologique"}[theme]},
        "region": {"code": REGION, "name": "Bretagne"},
        "title": f"Projet {name}",
        "structure": {
            "name": f"Structure {name}",
            "city": "Rennes",
            "siren": "732829320",
            "siret": "73282932000074",
            "postcode": "35000",
            "address": "1 rue CANARI-ADRESSE",
            "founded_on": "2015-07-14",
        },
        "sections": [{"code": "narrative", "title": "Le projet", "answers": answers}],
        "attachments": [],
    }


def add_seat(
    world: JuryWorld, name: str, function: str = "juror", *, theme: str | None = None, email: str = ""
) -> Holder:
    """Seat a person who has accepted and signed the charter; return them as they are then."""
    address = email or f"{name.lower()}@jury-{name.lower()}.exemple"
    account_id = ensure_account(address, name, BEFORE)
    with atomic() as session:
        seat = Seat(
            round_id=world.round_id,
            theme_id=world.themes[theme] if theme else None,
            account_id=account_id,
            function=function,
            name=name,
            invited_email=address,
            invited_at=BEFORE,
            accepted_at=BEFORE,
            charter_at=BEFORE,
        )
        session.add(seat)
        session.flush()
        world.seats[name] = seat.key
    world.accounts[name] = account_id
    return person(account_id)


def declare(world: JuryWorld, juror: str, file: str, verdict: str = "none") -> None:
    """Write a declaration as a row."""
    with atomic() as session:
        session.add(
            Interest(
                seat_id=session.scalars(select(Seat.id).where(Seat.key == world.seats[juror])).one(),
                candidacy_id=world.candidacy_id(file),
                verdict=verdict,
                reason="" if verdict == "none" else "lien",
                declared_at=BEFORE,
                declared_by_id=world.accounts[juror],
            )
        )


def declare_all(world: JuryWorld) -> None:
    """Everybody declares no tie with anything."""
    for juror in world.seats:
        for file in world.files:
            declare(world, juror, file)


def add_member(world: JuryWorld, name: str, file: str, *, left: bool = False) -> None:
    """Make a person a member of the structure of a file."""
    with atomic() as session:
        structure_id = session.scalars(
            select(Candidacy.structure_id).where(Candidacy.key == world.files[file])
        ).one()
        session.add(
            Membership(
                structure_id=structure_id,
                account_id=world.accounts[name],
                standing="member",
                created_at=BEFORE,
                accepted_at=BEFORE,
                left_at=BEFORE if left else None,
            )
        )


def give(world: JuryWorld, juror: str, file: str, notes: str, now: datetime = SCORING) -> None:
    """Save a whole sheet from a word, one digit a criterion of the golden grid."""
    marks = {
        code: MarkInput(int(sign), reason="parce que")
        for code, sign in zip(GOLDEN_WEIGHTS, notes, strict=True)
    }
    record_scoresheet(world.holder(juror), world.seats[juror], world.files[file], marks, now)


def golden_world() -> JuryWorld:
    """The golden data of trust.md 4.F, saved through the services: J1 is the chair, J2 stands aside from Béta."""
    notes = {
        "Béta": ("5521", "R", "4444", "4345"),
        "Alpha": ("4352", "5443", "3344", "4433"),
        "Gamma": ("4444", "4444", "4443", "3333"),
        "Epsilon": ("4444", "4443", "3333", "4444"),
        "Delta": ("2555", "5225", "5522", "2353"),
    }
    world = a_round(golden=True)
    for name in ("J1", "J2", "J3", "J4"):
        add_seat(world, name, "chair" if name == "J1" else "juror")
    for file in notes:
        add_file(world, file)
    for file, row in notes.items():
        for juror, word in zip(world.seats, row, strict=True):
            declare(world, juror, file, "recused" if word == "R" else "none")
            if word != "R":
                give(world, juror, file, word)
    return world


def sign_in(client: FlaskClient, account_id: int, now: datetime = SCORING) -> FlaskClient:
    """Give the client the session of an account."""
    token = start_session(account_id, now)
    with client.session_transaction() as session:
        session["_user_id"] = token
        session["_fresh"] = True
    return client
