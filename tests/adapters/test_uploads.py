"""Hostile files: opened in a bounded process, written again inert, refused in words, drawn within bounds."""

import io
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from flask import Flask
from PIL import Image

from awards_app.adapters.file_rooms import in_a_room
from awards_app.adapters.uploads import CannotBeDrawn, cleaned, drawn
from awards_app.domain.refusals import Refusal
from awards_app.domain.uploads import (
    BY_NAME,
    FileIsEncrypted,
    FileIsTooHeavyToRead,
    FileIsUnreadable,
    ImageIsTooLarge,
    StorageIsUnavailable,
)
from tests.adapters import nasty
from tests.cases.context import in_time

PDF, JPEG, PNG, WEBP = (BY_NAME[name] for name in ("pdf", "jpg", "png", "webp"))
MOST_KIB = 260 * 1024


@pytest.fixture(autouse=True)
def instance(tmp_path: Path) -> Iterator[Flask]:
    app = Flask("a bare one")
    app.config.update(AWARDS_INSTANCE=str(tmp_path), AWARDS_FILES=str(tmp_path / "files"))
    with app.app_context():
        yield app


def test_an_active_pdf_is_written_again_without_what_acts() -> None:
    safe = cleaned(nasty.an_active_pdf(), PDF)
    with pikepdf.open(io.BytesIO(safe)) as document:
        text = b"".join(item.unparse(resolved=True) for item in document.objects)
        streams = b"".join(item.read_bytes() for item in document.objects if isinstance(item, pikepdf.Stream))
        assert (len(document.pages), len(document.attachments)) == (1, 0)
    assert b"CANARI" not in safe + text + streams
    for name in (b"/JavaScript", b"/Launch", b"/OpenAction", b"/AA", b"/XFA", b"/EmbeddedFile", b"/URI"):
        assert name not in text


def test_what_follows_a_pdf_or_a_picture_is_left_behind() -> None:
    tail = b"<?php CANARI ?><script>CANARI</script>"
    assert b"CANARI" not in cleaned(nasty.a_pdf() + tail, PDF)
    assert b"CANARI" not in cleaned(nasty.a_picture() + tail, JPEG)


def test_a_photograph_tells_nothing_and_stands_upright() -> None:
    telling = nasty.a_telling_photo()
    assert telling.count(b"CANARI") >= 4
    safe = cleaned(telling, JPEG)
    with Image.open(io.BytesIO(safe)) as image:
        assert image.size == (480, 640)
        assert (
            dict(image.getexif()),
            sorted(set(image.info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}),
        ) == ({}, [])
        red, green, blue = image.convert("RGB").getpixel((400, 100))
        assert red > 200
        assert max(green, blue) < 60
    assert b"CANARI" not in safe


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "JPEG"])
def test_an_honest_picture_keeps_its_format(kind: str) -> None:
    known = {"PNG": PNG, "WEBP": WEBP, "JPEG": JPEG}[kind]
    with Image.open(io.BytesIO(cleaned(nasty.a_picture(kind=kind), known))) as image:
        assert (image.format, image.size) == (kind, (320, 240))


REFUSED = {
    "a password": (nasty.an_encrypted_pdf, PDF, FileIsEncrypted),
    "a cut PDF": (lambda: b"%PDF-1.7 et rien de plus", PDF, FileIsUnreadable),
    "2500 million pixels": (lambda: nasty.a_png_header(50_000, 50_000), PNG, ImageIsTooLarge),
    "a line of pixels": (lambda: nasty.a_png_header(64_000, 1), PNG, ImageIsTooLarge),
    "49 million pixels of nothing": (lambda: nasty.a_png_header(7_000, 7_000), PNG, FileIsUnreadable),
    "a cut JPEG": (lambda: nasty.a_picture((2000, 2000))[:4000], JPEG, FileIsUnreadable),
    "too many pages": (lambda: nasty.a_pdf(1_001), PDF, FileIsUnreadable),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_in_words(name: str) -> None:
    make, kind, refusal = REFUSED[name]
    with pytest.raises(refusal):
        cleaned(make(), kind)


def test_a_pdf_locked_against_changes_only_is_read_and_unlocked() -> None:
    safe = cleaned(nasty.an_encrypted_pdf(password=""), PDF)
    with pikepdf.open(io.BytesIO(safe)) as document:
        assert not document.is_encrypted


@pytest.mark.parametrize(
    "content",
    [
        nasty.a_stream_bomb(),
        nasty.a_looping_pdf(),
        nasty.a_deep_pdf(),
        nasty.raw_pdf(b"q", b"[]", b"0 0 14400 14400"),
    ],
    ids=["bomb", "loop", "deep", "200 inches"],
)
def test_hostile_pdfs_stay_within_their_bounds(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(content)
    for verb, target in (("clean", tmp_path / "target"), ("draw", tmp_path)):
        asked = {
            "verb": verb,
            "source": str(tmp_path / "source"),
            "target": str(target),
            "format": "pdf",
            "first": 1,
            "last": 3,
            "with_thumbnail": True,
        }
        answer = in_time(30, lambda asked=asked: in_a_room(asked))
        assert answer.get("peak_kib", 0) < MOST_KIB
    # The room is alive, and the next file is read.
    assert cleaned(nasty.a_pdf(), PDF).startswith(b"%PDF-")


def test_a_slow_page_ends_without_a_picture() -> None:
    lines = b"0.1 w " + b"".join(
        b"%d %d m %d %d l S " % (n % 600, n * 7 % 700, n * 3 % 600, n * 11 % 700) for n in range(400_000)
    )
    content = nasty.raw_pdf(lines, b"[]")

    def give_up() -> None:
        with pytest.raises(CannotBeDrawn):
            drawn(content, PDF, 1, 1, seconds=2)

    in_time(10, give_up)
    assert drawn(nasty.a_pdf(), PDF, 1, 1)[0] == 1


def test_pages_are_drawn_at_a_reading_width_with_one_thumbnail() -> None:
    pages, pictures = drawn(nasty.a_pdf(12), PDF, 1, 10, with_thumbnail=True)
    assert (pages, sorted(picture.number for picture in pictures)) == (12, list(range(11)))
    assert {picture.width for picture in pictures if picture.number} == {1400}
    assert max(max(p.width, p.height) for p in pictures if not p.number) == 168
    for picture in pictures:
        with Image.open(io.BytesIO(picture.content)) as image:
            assert (image.format, image.size) == ("WEBP", (picture.width, picture.height))


def test_a_page_that_is_not_there_is_not_drawn() -> None:
    with pytest.raises(CannotBeDrawn):
        drawn(nasty.a_pdf(2), PDF, 3, 3)


def test_no_setting_of_the_platform_reaches_the_room(monkeypatch: pytest.MonkeyPatch) -> None:
    from awards_app.adapters import file_rooms

    monkeypatch.setenv("SECRET_KEY", "CANARI-SECRET")
    file_rooms.close_rooms()
    cleaned(nasty.a_pdf(), PDF)
    process = next(room._process for room in file_rooms._all if room._process)
    environment = Path(f"/proc/{process.pid}/environ").read_bytes()
    assert b"CANARI" not in environment
    assert b"SECRET_KEY" not in environment


def test_a_disk_without_room_is_a_refusal_and_leaves_nothing(instance: Flask) -> None:
    scratch = Path(instance.config["AWARDS_INSTANCE"]) / "scratch"
    scratch.write_bytes(b"a file where the folder should be")
    with pytest.raises(StorageIsUnavailable) as refused:
        cleaned(nasty.a_pdf(), PDF)
    assert refused.value.status == 503
    assert "Réessayez" in str(refused.value)


def test_every_refusal_has_a_plain_sentence() -> None:
    for refusal in (FileIsEncrypted, FileIsUnreadable, FileIsTooHeavyToRead):
        assert issubclass(refusal, Refusal)
        assert (refusal.status, refusal.sentence.endswith(".")) == (422, True)
