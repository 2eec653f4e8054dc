"""Batches of certificates: one press, exact counts, a pause, a printing that cannot be done, a worker that is gone."""

import io
import os
import zipfile
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from awards_app.adapters import storage
from awards_app.adapters.pdf.child import PrintingFailed, printed_apart
from awards_app.database import atomic, db
from awards_app.domain.certificates import new_number
from awards_app.models.certificate_batches import CertificateBatch, CertificatePrint
from awards_app.models.certificates import Certificate
from awards_app.queries.certificate_batches import batch_of
from awards_app.services import certificate_batches, certificate_printing
from awards_app.services.certificates import batch_file
from tests.decision_world import DELIBERATION, a_decided_round
from tests.jury_world import JuryWorld
from tests.services.at_once import at_once

LATER = DELIBERATION + timedelta(minutes=10)


def a_batch(world: JuryWorld, count: int) -> str:
    """Start a batch of ``count`` certificates: that of the title, and its text again for no decision."""
    key = certificate_batches.start_batch(world.coordinator, world.round_key, DELIBERATION)
    assert key is not None
    with atomic() as session:
        batch_id = session.scalars(select(CertificateBatch.id).where(CertificateBatch.key == key)).one()
        first = session.scalars(select(Certificate)).one()
        for _ in range(count - 1):
            number = new_number()
            row = Certificate(
                number=number,
                decision_id=None,
                round_id=first.round_id,
                candidacy_id=first.candidacy_id,
                kind=first.kind,
                content={**first.content, "number": number},
                ordered_at=first.ordered_at,
            )
            session.add(row)
            session.flush()
            session.add(CertificatePrint(certificate_id=row.id, batch_id=batch_id, interruptions=0))
    return key


def counts(world: JuryWorld, key: str) -> tuple[int, int, int, int]:
    db.session.rollback()
    found = batch_of(world.coordinator, world.round_key, key, DELIBERATION).counts
    return found.waiting, found.in_hand, found.issued, found.failed


def work() -> None:
    """Do what a worker does with what the queue would give it."""
    for ids in certificate_printing.batches(certificate_printing.waiting_certificates()):
        certificate_printing.issue_certificates(ids, DELIBERATION)


def test_pressed_again_and_by_several_it_is_one_batch(app: Flask) -> None:
    with app.app_context():
        world = a_decided_round()
        assert certificate_batches.lacking_of(world.round_id) == (("Diplôme régional", 1),)
        holder = world.coordinator

    keys = at_once(app, 3, lambda: certificate_batches.start_batch(holder, world.round_key, DELIBERATION))

    with app.app_context():
        assert len(set(keys)) == 1
        assert certificate_batches.lacking_of(world.round_id) == ()
        assert counts(world, str(keys[0])) == (1, 0, 0, 0)


def test_counts_are_exact_and_the_archive_holds_what_they_say(context: Flask) -> None:
    world = a_decided_round()
    key = a_batch(world, 3)
    assert counts(world, key) == (3, 0, 0, 0)
    work()
    assert counts(world, key) == (0, 0, 3, 0)
    pieces = b"".join(batch_file(world.coordinator, world.round_key, DELIBERATION))
    assert len(zipfile.ZipFile(io.BytesIO(pieces)).namelist()) == 3


def test_a_pause_keeps_the_workers_away_until_it_ends(context: Flask) -> None:
    world = a_decided_round()
    key = a_batch(world, 2)
    for _ in range(2):
        certificate_batches.pause_batch(world.coordinator, world.round_key, key, DELIBERATION)
    work()
    assert counts(world, key) == (2, 0, 0, 0)
    assert certificate_printing.enqueue_waiting(DELIBERATION) == 0
    certificate_batches.resume_batch(world.coordinator, world.round_key, key, DELIBERATION)
    work()
    assert counts(world, key) == (0, 0, 2, 0)


def poison(world: JuryWorld, kind: str) -> str:
    """Arm the printing of the last certificate to crash each time; return its number."""
    from awards_app.adapters import faults

    number = db.session.scalars(select(Certificate.number).order_by(Certificate.id.desc()).limit(1)).one()
    faults.arm_fault(f"certificates.print.{number}", kind, times=99)
    return number


@pytest.fixture
def with_faults(context: Flask) -> Flask:
    context.config["AWARDS_TEST_HOOKS"] = True
    return context


def test_one_that_crashes_its_printer_leaves_the_others_done_and_says_why(with_faults: Flask) -> None:
    from awards_app.adapters import faults

    world = a_decided_round()
    key = a_batch(world, 4)
    number = poison(world, "kill")
    for _ in range(4):
        work()
    found = batch_of(world.coordinator, world.round_key, key, DELIBERATION)
    assert (found.counts.issued, found.counts.failed) == (3, 1)
    assert [(one.number, one.reason, one.attempts) for one in found.failures] == [(number, "crash", 3)]

    faults.disarm_faults()
    assert certificate_batches.retry_batch(world.coordinator, world.round_key, key, DELIBERATION) == 1
    work()
    assert counts(world, key) == (0, 0, 4, 0)
    assert certificate_batches.retry_batch(world.coordinator, world.round_key, key, DELIBERATION) == 0


@pytest.mark.either
@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: [bytes(10 * 2**30)], "memory"),
        (lambda: [os.kill(os.getpid(), 11)], "crash"),
        (lambda: [int("x")], "ValueError"),
    ],
    ids=["ten gigabytes", "a fault in a library", "a fault of ours"],
)
def test_what_a_printing_may_not_do(make, reason: str) -> None:
    with pytest.raises(PrintingFailed) as failure:
        printed_apart(make, seconds=60)
    assert failure.value.reason == reason


@pytest.mark.either
def test_a_printing_that_never_ends_is_ended() -> None:
    def spin() -> list[bytes]:
        while True:
            pass

    with pytest.raises(PrintingFailed) as failure:
        printed_apart(spin, seconds=1)
    assert failure.value.reason in ("time", "crash")


@pytest.mark.either
def test_what_is_printed_apart_comes_back_whole() -> None:
    papers = [os.urandom(3_000_000), b"", b"%PDF"]
    assert printed_apart(lambda: papers, seconds=60) == papers


def test_what_a_gone_process_had_in_hand_is_taken_again_at_once(context: Flask) -> None:
    world = a_decided_round()
    key = a_batch(world, 2)
    child = os.fork()
    if child == 0:
        os._exit(0)
    from awards_app.adapters import processes

    name = processes._name(child)
    os.waitpid(child, 0)
    with atomic() as session:
        session.execute(update(CertificatePrint).values(claimed_by=name, claimed_until=LATER))
    assert counts(world, key) == (0, 2, 0, 0)
    assert certificate_printing.enqueue_waiting(DELIBERATION) == 2
    work()
    assert counts(world, key) == (0, 0, 2, 0)


def test_what_another_has_in_hand_is_left_to_it_until_it_is_late(context: Flask) -> None:
    world = a_decided_round()
    key = a_batch(world, 2)
    with atomic() as session:
        session.execute(update(CertificatePrint).values(claimed_by="another/boot/1/1", claimed_until=LATER))
    work()
    assert counts(world, key) == (0, 2, 0, 0)
    assert certificate_printing.enqueue_waiting(DELIBERATION) == 0
    assert certificate_printing.enqueue_waiting(LATER) == 2


def test_a_file_kept_by_a_worker_that_stopped_before_saying_so_is_reached_by_nobody(
    with_faults: Flask,
) -> None:
    from awards_app.adapters import faults

    world = a_decided_round()
    key = a_batch(world, 1)
    faults.arm_fault("certificates.keep")
    with pytest.raises(OSError, match="keep"):
        work()
    assert len(list(storage.stored())) == 1
    assert list(db.session.scalars(select(Certificate.storage_key))) == [None]
    with atomic() as session:
        session.execute(update(CertificatePrint).values(claimed_until=DELIBERATION))
    work()
    assert counts(world, key) == (0, 0, 1, 0)
