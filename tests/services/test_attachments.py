"""Attachments: judged by their content, cleaned, served to whom they are for, their bytes checked."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from awards_app.database import db
from awards_app.domain.candidacies import CandidacyIsSubmitted
from awards_app.domain.holder import Holder
from awards_app.domain.refusals import DoesNotExist, IsNotThePhase
from awards_app.domain.uploads import (
    FileIsDamagedRefusal,
    FileIsEmpty,
    FileIsTooBig,
    FileIsUnreadable,
    FormatIsNotAccepted,
    TooManyFiles,
)
from awards_app.models.candidacies import Attachment
from awards_app.queries.filed_copies import filed_copy
from awards_app.services.admissibility import decide_admissibility
from awards_app.services.attachments import (
    add_attachment,
    forget_orphans,
    read_attachment,
    remove_attachment,
)
from awards_app.services.filings import submit_candidacy, take_back_candidacy
from tests import filing_world as world

Pair = tuple[Holder, str]

MIB = 1024 * 1024
LATER = world.FILING + timedelta(hours=2)


@pytest.fixture
def draft(context: Flask) -> Pair:  # a pair of the world's own types
    world.an_edition()
    return world.a_filer()


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", FileIsEmpty),
        (b"%PDF-" + b"0" * (10 * MIB), FileIsTooBig),
        (b"<html><script>alert(1)</script>", FormatIsNotAccepted),
        (b" " * 900 + b"%PDF-1.7", FormatIsNotAccepted),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", FormatIsNotAccepted),
        (b"PK\x03\x04 docx", FormatIsNotAccepted),
        (b"%PDF-1.7 et rien de plus", FileIsUnreadable),
    ],
)
def test_what_is_refused_leaves_nothing(draft: Pair, content: bytes, refusal: type[Exception]) -> None:
    person, key = draft
    with pytest.raises(refusal):
        add_attachment(person, key, "statutes", "statuts.pdf", content, LATER)
    assert db.session.scalar(select(func.count(Attachment.id))) == 0


def test_a_picture_renamed_pdf_is_not_a_pdf(draft: Pair) -> None:  # as the fixture
    person, key = draft
    with pytest.raises(FormatIsNotAccepted) as refused:
        add_attachment(person, key, "statutes", "statuts.pdf", world.a_photo(), LATER)
    assert str(refused.value) == "Format non accepté. Formats possibles : PDF."


def test_a_single_file_is_replaced_and_five_photos_are_the_most(draft: Pair) -> None:  # as the fixture
    person, key = draft
    add_attachment(person, key, "statutes", "un.pdf", world.a_pdf("un"), LATER)
    add_attachment(person, key, "statutes", "deux.pdf", world.a_pdf("deux"), LATER)
    for colour in ("red", "green", "blue", "black", "white"):
        add_attachment(person, key, "photos", f"{colour}.jpg", world.a_photo(colour), LATER)
    first = add_attachment(person, key, "photos", "encore.jpg", world.a_photo("red"), LATER)
    with pytest.raises(TooManyFiles):
        add_attachment(person, key, "photos", "six.jpg", world.a_photo("yellow"), LATER)
    names = db.session.scalars(
        select(Attachment.file_name).where(Attachment.deleted_at.is_(None)).order_by(Attachment.id)
    ).all()
    assert names == ["deux.pdf", "red.jpg", "green.jpg", "blue.jpg", "black.jpg", "white.jpg"]
    assert db.session.scalar(select(Attachment.key).where(Attachment.file_name == "red.jpg")) == first


def test_administrative_attachments_are_for_the_chamber(draft: Pair) -> None:  # as the fixture
    person, key = draft
    world.fill(person, key)
    submit_candidacy(person, key, LATER)
    keys = dict(db.session.execute(select(Attachment.question_code, Attachment.key)).all())
    coordinator = world.a_coordinator()
    other = world.a_coordinator("Yvon", "11")
    decide_admissibility(coordinator, key, "admissible", "", world.ADMISSIBILITY)
    assert read_attachment(coordinator, key, keys["statutes"], world.ADMISSIBILITY).name == "statutes.bin"
    with pytest.raises(IsNotThePhase):
        read_attachment(coordinator, key, keys["statutes"], LATER)
    with pytest.raises(DoesNotExist):
        read_attachment(other, key, keys["photos"], world.ADMISSIBILITY)
    jury = filed_copy(coordinator, key, world.ADMISSIBILITY, "jury")
    assert [attachment.question for attachment in jury.attachments] == ["photos"]
    assert "CANARI" not in repr(jury)
    assert "camille@exemple.org" not in repr(jury)


def test_the_key_of_one_candidacy_opens_nothing_of_another(draft: Pair) -> None:  # as the fixture
    person, key = draft
    attachment = add_attachment(person, key, "statutes", "s.pdf", world.a_pdf(), LATER)
    other, other_key = world.a_filer("Xavier", 1)
    with pytest.raises(DoesNotExist):
        read_attachment(other, other_key, attachment, LATER)
    with pytest.raises(DoesNotExist):
        read_attachment(other, key, attachment, LATER)


def test_damaged_bytes_are_not_served(draft: Pair, context: Flask) -> None:  # as the fixture
    person, key = draft
    attachment = add_attachment(person, key, "statutes", "s.pdf", world.a_pdf(), LATER)
    stored = db.session.scalar(select(Attachment.storage_key))
    assert stored is not None
    path = Path(context.config["AWARDS_FILES"]) / stored[:2] / stored
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(FileIsDamagedRefusal):
        read_attachment(person, key, attachment, LATER)


def test_a_standing_submission_keeps_what_the_draft_lost(draft: Pair) -> None:  # as the fixture
    person, key = draft
    world.fill(person, key)
    submit_candidacy(person, key, LATER)
    attachment = db.session.scalar(select(Attachment.key).where(Attachment.question_code == "photos"))
    assert attachment is not None
    with pytest.raises(CandidacyIsSubmitted):
        remove_attachment(person, key, attachment, LATER)
    take_back_candidacy(person, key, LATER)
    remove_attachment(person, key, attachment, LATER)
    extra = add_attachment(person, key, "photos", "autre.png", world.a_photo("blue", "PNG"), LATER)
    remove_attachment(person, key, extra, LATER)
    assert db.session.scalar(select(func.count(Attachment.id)).where(Attachment.key == extra)) == 0
    assert forget_orphans(LATER + timedelta(days=2)) == 0
    assert read_attachment(person, key, attachment, LATER).media_type == "image/jpeg"
