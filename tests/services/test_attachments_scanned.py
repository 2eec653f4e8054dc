"""The antivirus around attachments: refused at the door, awaited, found later; and the pictures of their pages."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from awards_app.adapters import storage
from awards_app.database import atomic, db
from awards_app.domain.holder import Holder
from awards_app.domain.uploads import (
    FileIsBeingScanned,
    FileIsDamagedRefusal,
    FileIsInfected,
    FileIsQuarantined,
    PreviewIsMissing,
)
from awards_app.models.candidacies import Attachment, Candidacy
from awards_app.models.journal import JournalEntry
from awards_app.models.messages import Message
from awards_app.models.uploads import Preview, PreviewPage, SealedOriginal
from awards_app.queries.attachments import Mark, marks_of
from awards_app.services.attachments import add_attachment, read_attachment, remove_attachment
from awards_app.services.filings import submit_candidacy
from awards_app.services.previews import draw_attachment, draw_waiting, read_picture
from awards_app.services.scans import rescan_old, scan_waiting
from tests import filing_world as world
from tests.adapters import nasty
from tests.adapters.clamd import Scanner, a_scanner

Pair = tuple[Holder, str]
LATER = world.FILING + timedelta(hours=2)


@pytest.fixture
def draft(context: Flask) -> Pair:
    world.an_edition()
    return world.a_filer()


@pytest.fixture
def scanner(context: Flask) -> Iterator[Scanner]:
    with a_scanner() as found:
        context.config["AWARDS_CLAMD_URL"] = found.url
        yield found


def id_of(key: str) -> int:
    found = db.session.scalar(select(Attachment.id).where(Attachment.key == key))
    assert found is not None
    return found


def test_an_infected_file_is_refused_and_leaves_nothing(draft: Pair, scanner: Scanner) -> None:
    person, key = draft
    with pytest.raises(FileIsInfected) as refused:
        add_attachment(person, key, "statutes", "s.pdf", nasty.a_pdf() + nasty.EICAR, LATER)
    assert "virus" in str(refused.value)
    assert (db.session.scalar(select(func.count(Attachment.id))), list(storage.stored())) == (0, [])


def test_a_silent_scanner_lets_people_go_on_and_others_wait(draft: Pair, scanner: Scanner) -> None:
    person, key = draft
    coordinator = world.a_coordinator()
    scanner.is_silent = True
    world.fill(person, key)
    submit_candidacy(person, key, LATER)
    photos = db.session.scalar(select(Attachment.key).where(Attachment.question_code == "photos"))
    assert photos is not None
    assert marks_of(key)[photos] == Mark("waiting", "waiting", 0)
    assert read_attachment(person, key, photos, LATER).media_type == "image/jpeg"
    with pytest.raises(FileIsBeingScanned) as refused:
        read_attachment(coordinator, key, photos, LATER)
    assert "Analyse en cours" in str(refused.value)
    assert (scan_waiting(LATER), draw_attachment(id_of(photos), LATER)) == (0, "waiting")
    scanner.is_silent = False
    waiting = db.session.scalar(select(func.count(Attachment.id)))
    assert scan_waiting(LATER) == waiting
    assert read_attachment(coordinator, key, photos, LATER).media_type == "image/jpeg"


def test_a_file_on_which_the_scanner_chokes_keeps_none_of_the_others_waiting(
    draft: Pair, scanner: Scanner
) -> None:
    person, key = draft
    scanner.is_silent = True
    world.fill(person, key)
    first = db.session.scalars(select(Attachment).order_by(Attachment.id).limit(1)).one()
    scanner.is_silent, scanner.chokes_on = False, storage.get(first.storage_key)

    others = select(func.count(Attachment.id)).where(Attachment.sha256 != first.sha256)
    assert (scan_waiting(LATER), db.session.scalar(others)) == (2, 2)


def test_a_signature_of_later_puts_an_old_file_aside_and_tells_who_must_know(
    draft: Pair, scanner: Scanner
) -> None:
    person, key = draft
    coordinator = world.a_coordinator()
    world.a_coordinator("Yvon", "11")
    world.fill(person, key)
    submit_candidacy(person, key, LATER)
    photos = db.session.scalar(select(Attachment.key).where(Attachment.question_code == "photos"))
    assert photos is not None
    original = storage.get(
        db.session.scalars(
            select(SealedOriginal.storage_key).where(SealedOriginal.attachment_id == id_of(photos))
        ).one()
    )
    scanner.signatures[original] = "Later-Signature"
    assert rescan_old(LATER + timedelta(days=6)) == 0
    assert rescan_old(LATER + timedelta(days=8)) == 1
    assert rescan_old(LATER + timedelta(days=20)) == 0
    for reader in (coordinator, person):
        with pytest.raises(FileIsQuarantined):
            read_attachment(reader, key, photos, LATER)
        with pytest.raises(FileIsQuarantined):
            read_picture(reader, key, photos, 0, LATER)
    told = db.session.execute(
        select(Message.recipient, Message.kind)
        .where(Message.kind == "attachment_infected")
        .order_by(Message.id)
    ).all()
    assert [tuple(row) for row in told] == [
        (person.email, "attachment_infected"),
        (coordinator.email, "attachment_infected"),
    ]
    assert db.session.scalar(select(Candidacy.state)) == "submitted"
    entry = db.session.scalars(select(JournalEntry).where(JournalEntry.act == "quarantine_attachment")).one()
    assert (entry.object_key, entry.detail["finding"]) == (photos, "Later-Signature")


def test_pages_are_drawn_once_and_read_by_who_reads_the_file(draft: Pair) -> None:
    person, key = draft
    pages = add_attachment(person, key, "statutes", "long.pdf", nasty.a_pdf(12), LATER)
    with pytest.raises(PreviewIsMissing):
        read_picture(person, key, pages, 1, LATER)
    assert (draw_attachment(id_of(pages), LATER), draw_attachment(id_of(pages), LATER)) == ("done", "done")
    assert marks_of(key)[pages] == Mark("unscanned", "done", 12)
    numbers = db.session.scalars(select(PreviewPage.number).order_by(PreviewPage.number)).all()
    assert numbers == list(range(11))
    for number in (0, 1, 10, 12):
        assert read_picture(person, key, pages, number, LATER)[8:12] == b"WEBP"
    with pytest.raises(PreviewIsMissing):
        read_picture(person, key, pages, 13, LATER)
    kept = {name for name, _, _ in storage.stored()}
    remove_attachment(person, key, pages, LATER)
    assert (db.session.scalar(select(func.count(Preview.attachment_id))), list(storage.stored())) == (0, [])
    assert len(kept) == 13


def test_a_file_that_cannot_be_drawn_says_so_and_is_still_downloaded(draft: Pair) -> None:
    person, key = draft
    bomb = add_attachment(person, key, "statutes", "bombe.pdf", nasty.a_stream_bomb(), LATER)
    honest = add_attachment(person, key, "photos", "photo.jpg", nasty.a_picture(), LATER)
    assert draw_waiting(LATER + timedelta(minutes=10)) == 2
    marks = marks_of(key)
    assert (marks[bomb].preview, marks[honest].preview) == ("failed", "done")
    assert draw_waiting(LATER + timedelta(days=1)) == 0
    assert read_attachment(person, key, bomb, LATER).media_type == "application/pdf"


def test_a_file_that_ends_its_worker_is_not_asked_for_for_ever(draft: Pair) -> None:
    person, key = draft
    found = id_of(add_attachment(person, key, "photos", "photo.jpg", nasty.a_picture(), LATER))
    with atomic() as session:
        session.get_one(Preview, found).attempts = 3
    assert draw_attachment(found, LATER) == "failed"


def test_a_damaged_picture_is_not_served(draft: Pair) -> None:
    person, key = draft
    photo = add_attachment(person, key, "photos", "photo.jpg", nasty.a_picture(), LATER)
    draw_attachment(id_of(photo), LATER)
    page = db.session.scalars(select(PreviewPage.storage_key).where(PreviewPage.number == 1)).one()
    storage.put_back(page, b"autre chose")
    with pytest.raises(FileIsDamagedRefusal):
        read_picture(person, key, photo, 1, LATER)
