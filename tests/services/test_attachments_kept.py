"""What is stored and its rows: quotas under parallel sends, one file once, the check, the backup, the archive."""

import io
import os
import shutil
import time
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from awards_app.adapters import storage
from awards_app.database import atomic, db
from awards_app.domain.holder import Holder
from awards_app.domain.refusals import DoesNotExist
from awards_app.domain.uploads import QuotaIsReached, TooManyFiles, unique_path
from awards_app.models.candidacies import Attachment
from awards_app.models.editions import Edition, FormQuestion, Round
from awards_app.models.uploads import StorageCheck
from awards_app.services.attachments import add_attachment, read_attachment
from awards_app.services.bundles import Member, bundle_of_candidacy, bundle_of_round, zipped
from awards_app.services.filings import submit_candidacy
from awards_app.services.storage_check import check_storage, named_files, restore_files
from tests import filing_world as world
from tests.adapters import nasty
from tests.services.at_once import at_once

Pair = tuple[Holder, str]
LATER = world.FILING + timedelta(hours=2)


@pytest.fixture
def draft(context: Flask) -> Pair:
    world.an_edition()
    return world.a_filer()


def path_of(app: Flask, key: str) -> Path:
    return Path(app.config["AWARDS_FILES"]) / key[:2] / key


def bytes_named() -> tuple[list[str], list[str]]:
    return sorted(name for name, _, _ in storage.stored()), sorted(one.storage_key for one in named_files())


def test_twenty_at_once_never_exceed_the_quota(draft: Pair, context: Flask) -> None:
    person, key = draft
    with atomic() as session:
        edition = session.scalars(select(Edition)).one()
        edition.rules = {**edition.rules, "attachments_most_files": 4}
        session.scalars(select(FormQuestion).where(FormQuestion.code == "photos")).one().max_count = 50
    colours = iter([(n * 12, 255 - n * 12, n) for n in range(20)])

    def send() -> str:
        photo = io.BytesIO()
        from PIL import Image

        Image.new("RGB", (40, 40), next(colours)).save(photo, "PNG")
        return add_attachment(person, key, "photos", "photo.png", photo.getvalue(), LATER)

    results = at_once(context, 20, send)
    kept = [result for result in results if isinstance(result, str)]
    assert (len(kept), len(set(kept))) == (4, 4)
    assert {type(result) for result in results if not isinstance(result, str)} == {QuotaIsReached}
    db.session.rollback()
    assert db.session.scalar(select(func.count(Attachment.id))) == 4
    on_disk, named = bytes_named()
    assert on_disk == named


def test_the_same_file_sent_twice_at_once_is_one(draft: Pair, context: Flask) -> None:
    person, key = draft
    content = nasty.a_picture()
    results = at_once(context, 4, lambda: add_attachment(person, key, "photos", "p.jpg", content, LATER))
    assert len(set(results)) == 1
    db.session.rollback()
    on_disk, named = bytes_named()
    assert (on_disk, len(named)) == (named, 2)


def test_replacing_by_heavier_ones_stays_within_the_bytes(draft: Pair) -> None:
    person, key = draft
    with atomic() as session:
        edition = session.scalars(select(Edition)).one()
        edition.rules = {**edition.rules, "attachments_most_mib": 1}
    noise = [nasty.raw_pdf(os.urandom(size), b"[]") for size in (400_000, 700_000, 900_000, 1_200_000)]
    for content in noise[:3]:
        add_attachment(person, key, "statutes", "s.pdf", content, LATER)
    with pytest.raises(QuotaIsReached) as refused:
        add_attachment(person, key, "statutes", "s.pdf", noise[3], LATER)
    assert "30 fichiers et 1 Mio" in str(refused.value)
    with pytest.raises(QuotaIsReached):
        add_attachment(person, key, "accounts", "c.pdf", noise[0], LATER)
    assert db.session.scalar(select(func.count(Attachment.id))) == 1
    on_disk, named = bytes_named()
    assert on_disk == named


def test_the_check_names_every_damage_with_its_owner_and_the_backup_mends_it(
    draft: Pair, context: Flask, tmp_path: Path
) -> None:
    person, key = draft
    world.fill(person, key)
    for colour in ("green", "blue", "black"):
        add_attachment(person, key, "photos", f"{colour}.jpg", world.a_photo(colour), LATER)
    assert check_storage(LATER).problems == ()
    backup = tmp_path / "backup"
    shutil.copytree(context.config["AWARDS_FILES"], backup)
    stored = db.session.scalars(select(Attachment.storage_key).order_by(Attachment.id)).all()
    flipped, deleted, cut, one, other = stored[:5]
    content = bytearray(path_of(context, flipped).read_bytes())
    content[40] ^= 1
    path_of(context, flipped).write_bytes(content)
    path_of(context, deleted).unlink()
    path_of(context, cut).write_bytes(path_of(context, cut).read_bytes()[:-9])
    first, second = path_of(context, one).read_bytes(), path_of(context, other).read_bytes()
    path_of(context, one).write_bytes(second)
    path_of(context, other).write_bytes(first)
    report = check_storage(LATER + timedelta(days=1))
    found = {problem.storage_key: (problem.kind, problem.table) for problem in report.problems}
    assert found == {
        flipped: ("altered", "attachment"),
        deleted: ("missing", "attachment"),
        cut: ("truncated", "attachment"),
        one: ("swapped", "attachment"),
        other: ("swapped", "attachment"),
    }
    assert {problem.owner for problem in report.problems} == {f"candidature {key}, Les Étoiles 0"}
    kept = db.session.scalars(select(StorageCheck.problems).order_by(StorageCheck.id.desc())).first()
    assert kept is not None
    assert len(kept) == 5
    assert restore_files(backup) == (5, 5)
    assert check_storage(LATER + timedelta(days=2)).problems == ()


def test_bytes_without_a_row_are_forgotten_after_a_day(draft: Pair, context: Flask) -> None:
    person, key = draft
    photo = add_attachment(person, key, "photos", "p.jpg", nasty.a_picture(), LATER)
    orphan, fresh = storage.put(b"orphan"), storage.put(b"fresh")
    half = path_of(context, orphan).with_suffix(".part")
    half.write_bytes(b"half")
    for path in (path_of(context, orphan), half):
        os.utime(path, (time.time() - 25 * 3600,) * 2)
    assert check_storage(LATER).forgotten == 2
    assert (storage.exists(orphan), half.exists(), storage.exists(fresh)) == (False, False, True)
    assert read_attachment(person, key, photo, LATER).media_type == "image/jpeg"


def test_the_archive_of_a_candidacy_tells_nothing_but_its_files(draft: Pair) -> None:
    person, key = draft
    world.fill(person, key)
    for colour in ("green", "blue"):
        add_attachment(person, key, "photos", "Été.JPG", world.a_photo(colour), LATER)
    submit_candidacy(person, key, LATER)
    round_key = db.session.scalar(select(Round.key).where(Round.region_code == "53"))
    assert round_key is not None
    coordinator, other = world.a_coordinator(), world.a_coordinator("Yvon", "11")
    for act in (bundle_of_candidacy, lambda h, r, k, n: bundle_of_round(h, r, n)):
        with pytest.raises(DoesNotExist):
            act(other, round_key, key, world.ADMISSIBILITY)
    early = _names(bundle_of_candidacy(coordinator, round_key, key, LATER).pieces)
    late = _names(bundle_of_round(coordinator, round_key, world.ADMISSIBILITY).pieces)
    folder = late[0].filename.split("/")[0]
    assert folder.startswith("Les Étoiles 0 - ")
    names = [entry.filename.removeprefix(f"{folder}/") for entry in late]
    assert [name for name in names if name.startswith("photos")] == [
        "photos/photos.jpg", "photos/Été.jpg", "photos/Été (2).jpg",
    ]  # fmt: skip
    assert sorted({name.split("/")[0] for name in names}) == ["accounts", "photos", "statutes"]
    assert {entry.filename.split("/")[1] for entry in early} == {"photos"}
    assert {(entry.date_time, entry.comment, entry.extra) for entry in late} == {
        ((1980, 1, 1, 0, 0, 0), b"", b"")
    }


def _names(pieces: object) -> list[zipfile.ZipInfo]:
    with zipfile.ZipFile(io.BytesIO(b"".join(pieces))) as archive:  # type: ignore[call-overload]  # an iterator of bytes
        assert archive.testzip() is None
        return archive.infolist()


def test_an_archive_of_more_entries_than_a_plain_zip_counts_opens_and_is_never_whole_in_memory(
    context: Flask,
) -> None:
    key = storage.put(b"x")
    count = 66_000
    members = (Member(f"d/{number}", key, "", "clean") for number in range(count))
    digest = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
    pieces = zipped(Member(one.path, one.storage_key, digest, "clean") for one in members)
    largest, whole = 0, io.BytesIO()
    for number, piece in enumerate(pieces):
        largest = max(largest, len(piece)) if number < count else largest
        whole.write(piece)
    with zipfile.ZipFile(whole) as archive:
        assert len(archive.infolist()) == count
    assert largest < 1_000


def test_a_damaged_or_held_back_file_is_named_in_the_archive(context: Flask) -> None:
    key = storage.put(b"x")
    members = [Member("a/virus.pdf", key, "", "infected"), Member("a/abime.pdf", key, "0" * 64, "clean")]
    with zipfile.ZipFile(io.BytesIO(b"".join(zipped(members)))) as archive:
        said = archive.read("fichiers-absents.txt").decode()
    assert said.splitlines() == ["a/virus.pdf : retenu par l’antivirus", "a/abime.pdf : fichier endommagé"]


def test_no_two_paths_meet_where_case_and_accents_do_not_count() -> None:
    taken: set[str] = set()
    given = [("Été", "a.pdf"), ("ete", "A.pdf"), ("E\u0301te\u0301", "a.pdf"), ("../..", "..\\x/y"), ("", "")]
    assert [unique_path(parts, taken) for parts in given] == [
        "Été/a.pdf", "ete/A (2).pdf", "Été/a (3).pdf", "sans nom/x y", "sans nom/sans nom",
    ]  # fmt: skip


def test_a_question_takes_no_more_than_its_files(draft: Pair) -> None:
    person, key = draft
    for colour in ("red", "green", "blue", "black", "white"):
        add_attachment(person, key, "photos", "p.jpg", world.a_photo(colour), LATER)
    with pytest.raises(TooManyFiles):
        add_attachment(person, key, "photos", "p.jpg", world.a_photo("yellow"), LATER)
