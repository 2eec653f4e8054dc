"""Files that come in pieces (tus 1.0) and by the plain form: cut, resumed, refused, counted, served inert."""

import base64
import hashlib
import io
import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from awards_app.adapters import clock, storage
from awards_app.adapters.faults import arm_fault
from awards_app.database import atomic, db
from awards_app.domain.holder import Holder
from awards_app.models.candidacies import Attachment
from awards_app.models.editions import Edition
from awards_app.models.uploads import SealedOriginal, Upload, UploadPiece
from awards_app.services.filings import submit_candidacy
from awards_app.services.storage_check import named_files
from awards_app.services.uploads import expire_uploads
from tests import filing_world as world
from tests.adapters import nasty

NOW = world.FILING + timedelta(hours=2)
TUS = {"Tus-Resumable": "1.0.0"}
Move = Callable[[datetime], None]


@pytest.fixture
def at(app: Flask, tmp_path: Path) -> Move:
    app.config["AWARDS_CLOCK_FILE"] = str(tmp_path / "clock.json")

    def move(instant: datetime) -> None:
        with app.app_context():
            clock.set_clock(instant, frozen=True)

    move(NOW)
    return move


@pytest.fixture
def filer(app: Flask, client: FlaskClient, at: Move) -> tuple[Holder, str]:
    with app.app_context():
        world.an_edition()
        person, key = world.a_filer()
        world.sign_in(client, person, NOW)
    return person, key


def begin(
    client: FlaskClient, key: str, length: int, question: str = "statutes", name: str = "é ’statuts’.pdf"
) -> TestResponse:
    words = {"filename": name, "question": question}
    metadata = ",".join(f"{n} {base64.b64encode(v.encode()).decode()}" for n, v in words.items())
    return client.post(
        f"/candidatures/{key}/envois",
        headers={**TUS, "Upload-Length": str(length), "Upload-Metadata": metadata},
    )


def send(client: FlaskClient, url: str, offset: int, content: bytes, **headers: str) -> TestResponse:
    return client.patch(
        url,
        data=content,
        content_type="application/offset+octet-stream",
        headers={**TUS, "Upload-Offset": str(offset), "Accept": "application/json", **headers},
    )


def stored_and_named(app: Flask) -> tuple[list[tuple[str, int]], list[str]]:
    """Return what the storage holds and what the rows name."""
    with app.app_context():
        return sorted((name, size) for name, size, _ in storage.stored()), sorted(
            one.storage_key for one in named_files()
        )


def test_an_upload_cut_three_times_becomes_one_attachment(
    app: Flask, client: FlaskClient, filer: tuple[Holder, str]
) -> None:
    _person, key = filer
    content = nasty.a_pdf(words=secrets.token_hex(900))
    begun = begin(client, key, len(content))
    url = begun.headers["Location"]
    assert (begun.status_code, begun.headers["Upload-Offset"], begun.headers["Tus-Resumable"]) == (
        201,
        "0",
        "1.0.0",
    )
    assert "GMT" in begun.headers["Upload-Expires"]
    sent = 0
    for size in (100, 200, 300):
        answer = send(client, url, sent, content[sent : sent + size])
        sent += size
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(sent))
        asked = client.head(url, headers=TUS)
        assert (asked.status_code, asked.headers["Upload-Offset"], asked.headers["Upload-Length"]) == (
            200, str(sent), str(len(content)),
        )  # fmt: skip
        assert asked.headers["Cache-Control"] == "no-store"
    section = client.get(f"/candidatures/{key}/rubriques/attachments").get_data(as_text=True)
    assert ("é ’statuts’.pdf" in section, 'class="file-row' in section) == (False, False)
    last = send(client, url, sent, content[sent:])
    assert last.status_code == 204
    attachment = last.headers["Attachment-Key"]
    again = send(client, url, len(content), b"")
    assert (again.status_code, again.headers["Attachment-Key"]) == (204, attachment)
    with app.app_context():
        row = db.session.execute(select(Attachment.file_name, Attachment.key)).one()
        assert tuple(row) == ("é ’statuts’.pdf", attachment)
        assert db.session.scalar(select(func.count(UploadPiece.id))) == 0
    kept, named = stored_and_named(app)
    assert [name for name, _ in kept] == named


def test_the_protocol_says_no_as_it_should(
    app: Flask, client: FlaskClient, filer: tuple[Holder, str]
) -> None:
    _person, key = filer
    content = nasty.a_pdf()
    url = begin(client, key, len(content)).headers["Location"]
    assert send(client, url, 5, content).status_code == 409
    assert send(client, url, 0, content + b"trop").status_code == 413
    assert send(client, url, 0, content[:9], **{"Upload-Checksum": "sha256 bm9u"}).status_code == 460
    digest = base64.b64encode(hashlib.sha256(content[:9]).digest()).decode()
    assert send(client, url, 0, content[:9], **{"Upload-Checksum": f"sha256 {digest}"}).status_code == 204
    assert send(client, url, 9, b"x" * (1024 * 1024 + 1)).status_code == 413
    form = client.patch(url, data={"a": "b"}, headers={**TUS, "Upload-Offset": "9"})
    assert form.status_code == 415
    assert send(client, url, 9, b"x", **{"Tus-Resumable": "0.2.2"}).status_code == 412
    assert send(client, url, 9, b"x", **{"Upload-Offset": "neuf"}).status_code == 400
    offered = client.options(url)
    assert offered.headers["Tus-Extension"] == "creation,checksum,expiration,termination"
    assert begin(client, key, 0).status_code == 422
    assert begin(client, key, 10 * 1024 * 1024).status_code == 201
    assert begin(client, key, 10 * 1024 * 1024 + 1).status_code == 413
    assert begin(client, key, 5, question="inconnue").status_code == 422
    for metadata in ("question é", "question =", "filename 7aA="):
        headers = {**TUS, "Upload-Length": "5", "Upload-Metadata": metadata}
        assert client.post(f"/candidatures/{key}/envois", headers=headers).status_code == 400
    assert client.delete(url, headers=TUS).status_code == 204
    assert client.head(url, headers=TUS).status_code == 404


def test_an_upload_is_nobody_elses(app: Flask, client: FlaskClient, filer: tuple[Holder, str]) -> None:
    _person, key = filer
    url = begin(client, key, 100).headers["Location"]
    with app.app_context():
        stranger, other = world.a_filer("Xavier", 1)
        browser = app.test_client()
        world.sign_in(browser, stranger, NOW)
    mine = begin(browser, other, 100).headers["Location"]
    crossed = f"/candidatures/{key}/envois/{mine.rsplit('/', 1)[1]}"
    for path in (url, url.replace(key, other), crossed):
        assert browser.head(path, headers=TUS).status_code == 404
        assert send(browser, path, 0, b"x").status_code == 404
        assert browser.delete(path, headers=TUS).status_code == 404
    assert app.test_client().head(url, headers=TUS).status_code in (302, 401)
    assert app.test_client().patch(url, headers=TUS).status_code == 401
    assert client.head(url, headers=TUS).headers["Upload-Offset"] == "0"


def test_uploads_on_their_way_are_counted_never_listed_and_expire(
    app: Flask, client: FlaskClient, filer: tuple[Holder, str], at: Move
) -> None:
    _person, key = filer
    with app.app_context(), atomic() as session:
        edition = session.scalars(select(Edition)).one()
        edition.rules = {**edition.rules, "attachments_most_files": 3, "attachments_most_mib": 1}
    first = begin(client, key, 600_000, "photos", "a.jpg")
    assert first.status_code == 201
    assert begin(client, key, 600_000, "photos", "b.jpg").status_code == 413
    send(client, first.headers["Location"], 0, b"x" * 400_000)
    with app.app_context():
        assert db.session.scalar(select(func.count(Attachment.id))) == 0
        assert expire_uploads(NOW + timedelta(hours=23, minutes=59)) == 0
        assert expire_uploads(NOW + timedelta(hours=24)) == 1
        assert (db.session.scalar(select(func.count(Upload.id))), list(storage.stored())) == (0, [])
    assert begin(client, key, 600_000, "photos", "b.jpg").status_code == 201


def test_a_refused_file_is_forgotten_with_its_pieces(
    app: Flask, client: FlaskClient, filer: tuple[Holder, str]
) -> None:
    _person, key = filer
    content = b"<html><script>alert(1)</script></html>"
    url = begin(client, key, len(content)).headers["Location"]
    answer = send(client, url, 0, content)
    assert (answer.status_code, "Format non accepté" in answer.get_json()["message"]) == (415, True)
    assert client.head(url, headers=TUS).status_code == 404
    assert stored_and_named(app) == ([], [])


def test_a_full_disk_keeps_what_was_received(
    app: Flask, client: FlaskClient, filer: tuple[Holder, str]
) -> None:
    _person, key = filer
    app.config["AWARDS_TEST_HOOKS"] = True
    content = nasty.a_pdf()
    url = begin(client, key, len(content)).headers["Location"]
    assert send(client, url, 0, content[:50]).status_code == 204
    with app.app_context():
        arm_fault("storage.put", times=1)
    lost = send(client, url, 50, content[50:100])
    assert (lost.status_code, "Réessayez" in lost.get_json()["message"]) == (503, True)
    with app.app_context():
        arm_fault("scratch", times=1)
    assert send(client, url, 50, content[50:]).status_code == 503
    assert client.head(url, headers=TUS).headers["Upload-Offset"] == str(len(content))
    assert "Attachment-Key" in send(client, url, len(content), b"").headers
    kept, named = stored_and_named(app)
    assert [name for name, _ in kept] == named


def test_a_file_is_read_by_ranges_of_one_version_only(
    app: Flask, client: FlaskClient, filer: tuple[Holder, str]
) -> None:
    _person, key = filer
    sent = {"question": "statutes", "file": (io.BytesIO(nasty.a_pdf(words="un")), "statuts.pdf")}
    path = f"/candidatures/{key}/pieces"
    kept = client.post(path, data=sent, headers={"Accept": "application/json"}).get_json()["kept"][0]
    whole = client.get(f"{path}/{kept}")
    etag = whole.headers["ETag"]
    part = client.get(f"{path}/{kept}", headers={"Range": "bytes=0-10"})
    assert (part.status_code, part.data, part.headers["Content-Range"]) == (
        206, whole.data[:11], f"bytes 0-10/{len(whole.data)}",
    )  # fmt: skip
    other = {"Range": "bytes=0-10", "If-Range": '"autre"'}
    assert client.get(f"{path}/{kept}", headers=other).data == whole.data
    assert client.get(f"{path}/{kept}", headers={"If-Match": '"autre"'}).status_code == 412
    assert client.get(f"{path}/{kept}", headers={"Range": "bytes=999999-"}).status_code == 416
    unchanged = client.get(f"{path}/{kept}", headers={"If-None-Match": etag})
    assert (unchanged.status_code, unchanged.headers["Cache-Control"]) == (304, "no-store")
    head = client.head(f"{path}/{kept}")
    assert (head.data, head.headers["Content-Length"]) == (b"", str(len(whole.data)))
    assert whole.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert (whole.headers["X-Content-Type-Options"], whole.mimetype) == ("nosniff", "application/pdf")
    assert re.match("attachment;", whole.headers["Content-Disposition"])


def test_after_the_submission_nothing_is_sent_nor_taken(
    app: Flask, client: FlaskClient, filer: tuple[Holder, str]
) -> None:
    person, key = filer
    with app.app_context():
        world.fill(person, key)
        url = begin(client, key, 100, "photos", "a.jpg").headers["Location"]
        submit_candidacy(person, key, NOW)
        before = db.session.scalar(select(func.count(SealedOriginal.attachment_id)))
    assert begin(client, key, 100).status_code == 409
    assert send(client, url, 0, b"x").status_code == 409
    with app.app_context():
        assert db.session.scalar(select(func.count(SealedOriginal.attachment_id))) == before
