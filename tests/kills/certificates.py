"""A batch of certificates printed by workers that are killed at random moments; afterwards every one is there once."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from flask import Flask
from sqlalchemy import func, insert, select

from awards_app.adapters import storage
from awards_app.adapters.queue_server import start_embedded_server
from awards_app.database import atomic, db
from awards_app.domain.certificates import new_number
from awards_app.models.accounts import Account
from awards_app.models.candidacies import Candidacy
from awards_app.models.certificate_batches import CertificateBatch, CertificatePrint
from awards_app.models.certificates import Certificate
from awards_app.models.messages import Message
from awards_app.models.structures import Membership, Structure
from awards_app.models.types import new_key
from awards_app.queries.held_messages import held_of_kind
from awards_app.services import certificate_batches, certificate_printing
from awards_app.services.deliveries import deliver_waiting
from awards_app.services.held_messages import release_kind
from awards_app.services.honours import publish_due
from tests.cases.server import settings
from tests.decision_world import LIFT, an_armed_round, responsible
from tests.jury_world import JuryWorld
from tests.kills.processes import Workers
from tests.smtp_server import smtp_server

PATIENCE_SECONDS = 1800.0


@dataclass
class Told:
    """What the run found."""

    count: int
    kills: list[str] = field(default_factory=list)
    seconds: float = 0.0
    states: dict[str, int] = field(default_factory=dict)
    numbers: int = 0
    whole_files: int = 0
    named_files: int = 0
    orphans: int = 0
    letters: dict[str, int] = field(default_factory=dict)
    worker_mib: float = 0.0
    started_mib: float = 0.0
    # The most held in the first third of the run and in the last.
    first_mib: float = 0.0
    last_mib: float = 0.0

    @property
    def per_second(self) -> float:
        """Return how many certificates a second, the stops included."""
        return self.count / self.seconds


def kill_while_printing(
    app: Flask, instance: Path, *, count: int, kills: int, workers: int, seed: int, say: Callable[[str], None]
) -> Told:
    """Print ``count`` certificates by ``workers`` workers, one of them killed ``kills`` times; return what is there."""
    random = Random(seed)
    told = Told(count)
    queue = start_embedded_server(instance)
    app.config["REDIS_URL"] = queue.url
    environment = settings(instance, "http://127.0.0.1:1") | {
        "DATABASE_URL": app.config["DATABASE_URL"],
        "REDIS_URL": queue.url,
        "AWARDS_FILES": str(app.config["AWARDS_FILES"]),
        "AWARDS_TEST_HOOKS": "",
    }
    crew = Workers(environment, workers, instance / "workers.log")
    try:
        with app.app_context():
            world = a_public_batch(count)
            _work(crew, told, kills, random, say)
            _look(told, instance)
            _post(app, world, told)
    finally:
        crew.stop()
        queue.stop()
    held = crew.worker_mib + crew.started_mib
    told.worker_mib, told.started_mib = max(crew.worker_mib), max(crew.started_mib, default=0.0)
    third = max(1, len(crew.started_mib) // 3)
    told.first_mib, told.last_mib = (
        max(crew.started_mib[:third] or held),
        max(crew.started_mib[-third:] or held),
    )
    return told


def _work(crew: Workers, told: Told, kills: int, random: Random, say: Callable[[str], None]) -> None:
    moments = sorted(random.randrange(told.count) for _ in range(kills))
    crew.keep_up()
    started, swept = time.monotonic(), 0.0
    while (waiting := _waiting()) or moments:
        if time.monotonic() - started > PATIENCE_SECONDS:
            raise TimeoutError(f"{waiting} certificates still wait")
        if moments and (told.count - waiting >= moments[0] or not waiting):
            moments.pop(0)
            time.sleep(random.random() / 2)
            told.kills.append(crew.kill_one(random))
            say(f"  {told.count - waiting}/{told.count} : {told.kills[-1]}")
        crew.keep_up()
        crew.watch()
        # What the scheduler does every half minute, more often.
        if time.monotonic() - swept > 1:
            swept = time.monotonic()
            certificate_printing.enqueue_waiting(datetime.now(UTC))
        time.sleep(0.05)
    told.seconds = time.monotonic() - started


def _waiting() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).where(Certificate.state == "waiting")) or 0


def _look(told: Told, instance: Path) -> None:
    db.session.rollback()
    rows = db.session.execute(
        select(Certificate.number, Certificate.state, Certificate.storage_key, Certificate.sha256)
    ).all()
    told.states = dict(Counter(row.state for row in rows))
    told.numbers = len({row.number for row in rows})
    papers = [storage.get(row.storage_key, row.sha256) for row in rows if row.storage_key]
    told.whole_files = sum(
        paper.startswith(b"%PDF") and paper.rstrip().endswith(b"%%EOF") for paper in papers
    )
    named = {row.storage_key for row in rows}
    told.named_files = len(named - {None})
    told.orphans = sum(1 for name, _size, _at in storage.stored() if name not in named)


def _post(app: Flask, world: JuryWorld, told: Told) -> None:
    """Release the letters twice, send them, and count what each person got."""
    holder = world.coordinator
    with smtp_server() as server:
        app.config["AWARDS_MAIL_URL"] = server.url
        app.config["REDIS_URL"] = ""
        digest = held_of_kind(holder, world.round_key, "certificate_ready", LIFT).digest
        for _ in range(2):
            release_kind(holder, world.round_key, "certificate_ready", digest, str(told.count), LIFT)
        while deliver_waiting(LIFT):
            pass
    told.letters = dict(Counter(server.recipients()))


def a_public_batch(count: int) -> JuryWorld:
    """Publish a round, and put ``count`` certificates of as many structures in one batch that waits."""
    world = an_armed_round()
    responsible(world, "Béta")
    publish_due(LIFT)
    with atomic() as session:
        for row in session.scalars(select(Message)):
            row.state = "dropped"
    key = certificate_batches.start_batch(world.coordinator, world.round_key, LIFT)
    with atomic() as session:
        batch_id = session.scalars(select(CertificateBatch.id).where(CertificateBatch.key == key)).one()
        first = session.scalars(
            select(Certificate).where(Certificate.decision_id.is_not(None)).order_by(Certificate.id)
        ).first()
        assert first is not None
        for row in session.scalars(select(Certificate).where(Certificate.id != first.id)):
            session.delete(row)
        for place in range(1, count):
            _one_more(first, batch_id, place)
    ids = certificate_printing.waiting_certificates(world.round_id)
    with atomic():
        certificate_printing.order_printing(ids)
    return world


def _one_more(first: Certificate, batch_id: int, place: int) -> None:
    session = db.session()
    structure_id = _copied(Structure, _structure_of(first), siren=None, siret=None, rna=None)
    candidacy_id = _copied(Candidacy, first.candidacy_id, structure_id=structure_id)
    account_id = session.scalar(select(func.max(Account.id))) + 1
    email = f"personne{place}@structure.exemple"
    session.execute(
        insert(Account).values(
            id=account_id, name=f"Personne {place}", email=email, email_folded=email, created_at=LIFT
        )
    )
    session.add(
        Membership(
            structure_id=structure_id,
            account_id=account_id,
            standing="responsible",
            created_at=LIFT,
            accepted_at=LIFT,
        )
    )
    number = new_number()
    row = Certificate(
        number=number,
        decision_id=None,
        round_id=first.round_id,
        candidacy_id=candidacy_id,
        kind=first.kind,
        content={**first.content, "number": number, "structure_name": f"Structure numéro {place}"},
        ordered_at=first.ordered_at,
    )
    session.add(row)
    session.flush()
    session.add(CertificatePrint(certificate_id=row.id, batch_id=batch_id, interruptions=0))


def _structure_of(certificate: Certificate) -> int:
    return db.session.scalars(
        select(Candidacy.structure_id).where(Candidacy.id == certificate.candidacy_id)
    ).one()


def _copied(model: type, number: int, **changed: object) -> int:
    """Copy a row under a new identifier and key."""
    table = model.__table__
    row = db.session.execute(select(table).where(table.c.id == number)).mappings().one()
    found: int = db.session.scalar(select(func.max(table.c.id))) + 1
    db.session.execute(insert(table).values({**row, **changed, "id": found, "key": new_key()}))
    return found
