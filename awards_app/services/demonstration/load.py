"""Loading the demonstration, once, in one transaction: everything or nothing."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from flask import current_app
from sqlalchemy import func, select, update

from awards_app.adapters.clock import set_clock
from awards_app.database import atomic, db, settle_statistics
from awards_app.domain.preset import Preset, load_preset
from awards_app.models.accounts import Account
from awards_app.models.candidacies import Candidacy
from awards_app.models.messages import Message
from awards_app.paths import PACKAGE
from awards_app.services.accounts import ensure_account, grant_role
from awards_app.services.demonstration.candidates import Casting
from awards_app.services.demonstration.past import give_laureate, play_past
from awards_app.services.demonstration.present import give_draft, play_present
from awards_app.services.demonstration.scene import (
    COORDINATED,
    OPENS_AT,
    PASSWORD,
    PAST,
    ROLES,
    SECOND,
    SEED,
)
from awards_app.services.demonstration.stage import People
from awards_app.services.editions import make_regions
from awards_app.services.honours_import import import_honours
from awards_app.services.rehearsal.company import Company

BEGINS_AT = datetime(PAST, 1, 10, 9, tzinfo=UTC)
GRANTS = {"national": "national_staff", "auditor": "auditor"}


def is_loaded() -> bool:
    """Say whether the demonstration was loaded already, or the database holds something else."""
    return bool(db.session.scalar(select(func.count()).select_from(Account)))


def load_demonstration(say: Callable[[str], object] = lambda words: None, *, seed: str = SEED) -> None:
    """Load the demonstration into an empty platform and set its clock; do nothing where there are accounts already."""
    if is_loaded():
        return
    started = time.monotonic()
    queue = current_app.config.get("REDIS_URL")
    # Nothing leaves for a worker while loading: what is due is found in the database by the first sweep.
    current_app.config["REDIS_URL"] = ""
    try:
        with atomic():
            _load(say, seed)
    finally:
        current_app.config["REDIS_URL"] = queue
    settle_statistics()
    set_clock(OPENS_AT)
    count = db.session.scalar(select(func.count()).select_from(Candidacy))
    say(f"Démonstration chargée : {count} candidatures, en {time.monotonic() - started:.0f} s.")


def _load(say: Callable[[str], object], seed: str) -> None:
    preset = load_preset(PACKAGE / "presets" / "prix-ess.toml")
    make_regions(preset)
    say("Chargement du palmarès des éditions passées…")
    for name in ("palmares.csv", "editions.csv"):
        import_honours(PACKAGE / "data" / name, preset, BEGINS_AT)
    company, casting = Company(seed), Casting(seed)
    people = _people(preset, company)
    say(f"L’édition {PAST}, jusqu’à ses attestations…")
    past = play_past(preset, company, casting, people)
    give_laureate(past, "53", people.roles["structure"])
    _send_messages()
    say("L’édition en cours, région par région…")
    present = play_present(preset, company, casting, people)
    give_draft(present, "53", people.roles["structure"])
    _send_messages()


def _people(preset: Preset, company: Company) -> People:
    roles = {role.code: ensure_account(role.email, role.name, BEGINS_AT, password=PASSWORD) for role in ROLES}
    for code, granted in GRANTS.items():
        grant_role(None, roles[code], granted, None, BEGINS_AT)
    second = ensure_account(SECOND[0], SECOND[1], BEGINS_AT, password=PASSWORD)
    grant_role(None, second, "national_staff", None, BEGINS_AT)
    coordinators = {}
    for region in preset.regions:
        if region.code in COORDINATED:
            coordinators[region.code] = roles["coordinator"]
            grant_role(None, roles["coordinator"], "coordinator", region.code, BEGINS_AT)
        else:
            name = f"Coordination {region.name}"
            coordinators[region.code] = company.staff(
                f"region-{region.code}@chambre.example", name, "coordinator", region.code, BEGINS_AT
            )
    return People(roles, second, coordinators)


def _send_messages() -> None:
    """Count what was written along the way as sent in its time: the first sweep has only news to send."""
    recent = OPENS_AT.replace(day=OPENS_AT.day - 2)
    db.session.execute(
        update(Message)
        .where(Message.state == "waiting", Message.created_at < recent)
        .values(state="sent", sent_at=Message.created_at)
    )
