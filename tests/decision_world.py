"""A round that deliberates: the golden ranking locked, a chair, a coordinator, two national staff, filed copies."""

import json
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update

from awards_app.database import atomic, db
from awards_app.models.candidacies import Candidacy, Filing
from awards_app.models.deliberations import Decision
from awards_app.models.editions import Prize, Region, Round
from awards_app.models.structures import Membership, Structure
from awards_app.services.accounts import ensure_account, grant_role
from awards_app.services.deliberations import (
    confirm_decisions,
    propose_decision,
    record_attendance,
    write_minutes,
)
from awards_app.services.honours import arm_publication, set_embargo
from awards_app.services.locking import lock_scoring
from tests.jury_world import BEFORE, REGION, SCORING, JuryWorld, golden_world

DELIBERATION = SCORING + timedelta(days=10)
EMBARGO = datetime.fromisoformat("2027-11-26T18:00")
LIFT = datetime(2027, 11, 26, 17, 0, tzinfo=UTC)
MINUTES = {"place": "Rennes", "held_on": "16/09/2027", "chair": "J1", "secretary": "Coralie", "notes": ""}
CANARY = "CANARI-7f3a"


def a_locked_round() -> JuryWorld:
    """Lock the golden world; Béta 1, Alpha 2, Epsilon and Gamma 3 ex æquo, Delta 5."""
    world = golden_world()
    for code in ("NS1", "NS2"):
        world.accounts[code] = ensure_account(f"{code.lower()}@ess-france.exemple", code, BEFORE)
        grant_role(None, world.accounts[code], "national_staff", None, BEFORE)
    fill_filings(world)
    lock_scoring(world.holder("J1"), world.round_key, SCORING)
    return world


def fill_filings(world: JuryWorld) -> None:
    """Give each filing a frozen copy that can be read."""
    with atomic() as session:
        rows = session.execute(
            select(Filing, Candidacy, Structure)
            .join(Candidacy, Candidacy.id == Filing.candidacy_id)
            .join(Structure, Structure.id == Candidacy.structure_id)
        ).all()
        region = session.scalars(select(Region.name).where(Region.code == REGION)).one()
        for filing, candidacy, structure in rows:
            answer = {"code": "summary", "value": f"Résumé de {candidacy.title}.", "audience": "public"}
            filing.content = json.dumps(
                {
                    "structure": {
                        "name": structure.name,
                        "siren": structure.siren,
                        "city": structure.city,
                        "department": "35",
                        "legal_family": "association",
                        "website": "",
                    },
                    "title": candidacy.title,
                    "region": {"code": REGION, "name": region},
                    "sections": [{"answers": [answer]}],
                }
            )


def be_present(world: JuryWorld, *absent: str) -> None:
    words = {key: "excused" if name in absent else "present" for name, key in world.seats.items()}
    record_attendance(world.holder("J1"), world.round_key, words, DELIBERATION)


def propose(world: JuryWorld, prize: str, file: str | None, *, reason: str = "", by: str = "J1") -> str:
    return propose_decision(
        world.holder(by),
        world.round_key,
        prize_code=prize,
        theme_code="us",
        candidacy_key=world.files[file] if file else None,
        citation=f"Pour {file}. {CANARY}",
        reason=reason,
        now=DELIBERATION,
    )


def places(world: JuryWorld, prize: str, count: int) -> None:
    with atomic() as session:
        session.execute(
            update(Prize)
            .where(Prize.edition_id == world.edition_id, Prize.code == prize)
            .values(places=count)
        )


def a_decided_round() -> JuryWorld:
    """Béta has the title and goes up, confirmed by the coordinator."""
    world = a_locked_round()
    be_present(world)
    for prize in ("national_entry", "regional_title", "regional_endowment"):
        propose(world, prize, "Béta")
    write_minutes(world.holder("J1"), world.round_key, MINUTES, DELIBERATION)
    confirm_decisions(world.coordinator, world.round_key, DELIBERATION)
    return world


def read_back(world: JuryWorld) -> dict[str, str]:
    rows = db.session.execute(
        select(Decision.key, Structure.name)
        .join(Candidacy, Candidacy.id == Decision.candidacy_id)
        .join(Structure, Structure.id == Candidacy.structure_id)
        .where(Decision.round_id == world.round_id, Decision.annulled_at.is_(None))
    )
    return {row.key: row.name for row in rows}


def an_armed_round() -> JuryWorld:
    """Armed by two persons for the embargo's instant."""
    world = a_decided_round()
    set_embargo(world.coordinator, world.round_key, EMBARGO, DELIBERATION)
    assert arm_publication(world.coordinator, world.round_key, read_back(world), DELIBERATION) == "pending"
    assert arm_publication(world.holder("NS1"), world.round_key, read_back(world), DELIBERATION) == "done"
    return world


def round_of(world: JuryWorld) -> Round:
    db.session.rollback()
    return db.session.get_one(Round, world.round_id, populate_existing=True)


def responsible(world: JuryWorld, file: str) -> int:
    """Give a structure a responsible person; return the account."""
    account_id = ensure_account(f"{len(file)}{file[0].lower()}@structure.exemple", f"Resp {file}", BEFORE)
    with atomic() as session:
        structure_id = session.scalars(
            select(Candidacy.structure_id).where(Candidacy.key == world.files[file])
        ).one()
        session.add(
            Membership(
                structure_id=structure_id,
                account_id=account_id,
                standing="responsible",
                created_at=BEFORE,
                accepted_at=BEFORE,
            )
        )
    return account_id
