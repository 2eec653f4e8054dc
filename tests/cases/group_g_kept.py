"""G. Files: kept, counted, scanned, checked, sent together."""
# ruff: noqa: B023 - each function made in a loop is called before the loop goes on

import io
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.adapters import nasty
from tests.adapters.clamd import a_scanner
from tests.cases.context import Context, case, expect, hides, like_missing, says
from tests.cases.group_g import is_inert, kept
from tests.cases.server import platform


@contextmanager
def another_platform(**settings: str) -> Iterator[tuple[Context, str]]:
    """A platform of the case's own, whose folder of files it may spoil."""
    with (
        TemporaryDirectory(prefix="awards-files-") as folder,
        platform(AWARDS_FILES=folder, **settings) as url,
    ):
        own = Context(url)
        try:
            yield own, folder
        finally:
            own.close()


@case("G13")
def viruses(c: Context) -> None:
    """On a platform with a scanner; the bytes of the test virus are put together at run time."""
    with a_scanner() as scanner, another_platform(AWARDS_CLAMD_URL=scanner.url) as (own, _folder):
        own.lay("P1")
        person, key = own.be("CO"), own.candidacy()
        expect(person.takeback(key), 303)
        infected = expect(
            person.file.put(key, "logo", "a.png", nasty.a_picture(kind="PNG") + nasty.EICAR), 422
        )
        assert "virus" in infected.json()["message"].lower()
        for content in (nasty.EICAR, nasty.a_zip(a=nasty.EICAR), nasty.an_office_file()):
            expect(person.file.put(key, "statutes", "a.pdf", content), 415)
        scanner.is_silent = True
        photo = nasty.a_picture(colour="teal")
        one = kept(person.file.put(key, "logo", "b.jpg", photo))
        expect(person.submit(key), 303)
        says(person.draft.section(key, "attachments"), "analyse en cours")
        desk = f"/coordination/{own.round()}/recevabilite/{key}"
        says(expect(own.be("RC").get(desk), 200), "analyse en cours")
        says(expect(own.be("RC").get(f"{desk}/pieces/{one}"), 409), "analyse en cours")
        expect(own.be("RC").file.preview(key, one, round_=own.round()), 409)
        scanner.is_silent = False
        expect(own.platform.job.run("attachments.scan_waiting"), 200)
        expect(own.be("RC").get(f"{desk}/pieces/{one}"), 200)
        scanner.signatures[photo] = "Found-Later"
        own.at("2026-09-30T12:00:00+00:00")
        expect(own.platform.job.run("attachments.check"), 200)
        for reader, path in (
            (own.be("RC"), f"{desk}/pieces/{one}"),
            (own.be("CO"), f"/candidatures/{key}/pieces/{one}"),
        ):
            answer = reader.get(path)
            assert answer.status_code in (404, 409), answer.status_code
            assert photo not in answer.content
        letters = [letter for letter in own.platform.mail.sink() if letter["kind"] == "attachment_infected"]
        people = {own.world["people"][code]["email"] for code in ("RC", "CO")}
        assert people <= {letter["recipient"] for letter in letters}
        expect(own.be("CO").receipt(key), 200)


@case("G15")
def twenty_at_once(c: Context) -> None:
    c.lay("P1")
    draft = c.candidacy("draft")
    browsers = [c.another("CO") for _ in range(10)]
    for browser in browsers:
        browser.token()

    def send(number: int) -> int:
        photo = nasty.a_picture((64, 64), "PNG", f"#{number * 11:02x}{255 - number * 11:02x}40")
        return (
            browsers[number % 10].file.put(draft, "photos", f"{number}.png", photo, "image/png").status_code
        )

    with ThreadPoolExecutor(10) as pool:
        statuses = list(pool.map(send, range(20)))
    assert set(statuses) <= {200, 409, 413, 503}, statuses
    page = c.be("CO").draft.section(draft, "attachments").text
    photos = page.split('id="files-photos"')[1].split("</section>")[0].count('class="file-row')
    assert photos == 5, f"{photos} photos of five"
    says(c.be("CO").file.put(draft, "photos", "z.png", nasty.a_picture(kind="PNG", colour="pink")), "maximal")
    report = expect(c.platform.job.run("attachments.check"), 200).json()
    assert report["result"] == 0, "each row has its bytes"
    for browser in browsers:
        browser.close()


@case("G17")
def replaced_while_read(c: Context) -> None:
    c.lay("P1")
    person, key = c.be("CO"), c.candidacy()
    desk, one = f"/coordination/{c.round()}/recevabilite/{key}/pieces", c.attachment()
    whole = expect(c.be("RC").get(f"{desk}/{one}"), 200)
    half = expect(c.be("RC").get(f"{desk}/{one}", headers={"Range": "bytes=0-99"}), 206)
    assert half.content == whole.content[:100]
    expect(person.takeback(key), 303)
    expect(person.file.replace(key, one, "photos", "autre.jpg", nasty.a_picture(colour="olive")), 200)
    rest = {"Range": "bytes=100-", "If-Range": half.headers["etag"]}
    after = expect(c.be("RC").get(f"{desk}/{one}", headers=rest), 206)
    assert half.content + after.content == whole.content, "the version that was filed is read to its end"
    expect(person.submit(key), 303)
    expect(c.be("RC").get(f"{desk}/{one}", headers=rest), 404)
    hides(expect(c.be("RC").get(desk.removesuffix("/pieces")), 200), one)
    mine = f"/candidatures/{key}/pieces/{c.attachment('statutes')}"
    stale = c.be("CO").get(mine, headers={"Range": "bytes=100-", "If-Range": half.headers["etag"]})
    assert expect(stale, 200).content.startswith(b"%PDF-"), "another version is given whole"
    expect(c.be("CO").get(mine, headers={"If-Match": half.headers["etag"]}), 412)


@case("G21")
def cut_connections(c: Context) -> None:
    c.lay("P1")
    person, draft = c.be("CO"), c.candidacy("draft")
    content = nasty.raw_pdf(bytes(range(256)) * 800, b"[]")
    most = len(content) * 6 // 10
    begun = expect(person.file.begin(draft, "statutes", "CANARI-COUPE.pdf", len(content)), 201)
    upload = begun.headers["location"]
    expect(person.file.append(upload, 0, content[:most]), 204)
    hides(person.draft.section(draft, "attachments"), "CANARI-COUPE")
    like_missing(
        lambda key: c.be("CX").http.head(
            f"/candidatures/{draft}/envois/{key}", headers={"Tus-Resumable": "1.0.0"}
        ),
        upload.rsplit("/", 1)[1],
    )
    assert expect(person.file.ask(upload), 200).headers["upload-offset"] == str(most)
    expect(person.file.append(upload, 0, content[:10]), 409)
    done = expect(person.file.append(upload, most, content[most:]), 204)
    says(person.draft.section(draft, "attachments"), "CANARI-COUPE")
    again = expect(person.file.append(upload, len(content), b""), 204)
    assert again.headers["attachment-key"] == done.headers["attachment-key"]
    photo = nasty.a_picture(colour="plum")
    browsers = [c.another("CO") for _ in range(4)]
    for browser in browsers:
        browser.token()
    with ThreadPoolExecutor(4) as pool:
        answers = list(
            pool.map(lambda b: b.file.put(draft, "photos", "p.jpg", photo, "image/jpeg"), browsers)
        )
    assert len({kept(answer) for answer in answers}) == 1
    left = expect(person.file.begin(draft, "photos", "b.jpg", 5_000), 201).headers["location"]
    expect(person.file.append(left, 0, b"\xff" * 3_000), 204)
    before = c.platform.digest()["upload_piece"]
    # The clock of the world is stopped: a day later is told by the sweep of that day.
    tomorrow = later(c, hours=24)
    c.at(tomorrow)
    expect(c.platform.job.run("sweep"), 200)
    assert c.platform.digest()["upload_piece"] != before
    assert c.be("CO").file.ask(left).status_code in (404, 409)
    for browser in browsers:
        browser.close()


def later(c: Context, hours: int) -> str:
    """Return the world's instant moved by some hours, in ISO."""
    now = datetime.fromisoformat(c.world["now"])
    return (now + timedelta(hours=hours)).isoformat()


@case("G22")
def damaged_files(c: Context) -> None:
    """On a platform whose folder of files the case may spoil."""
    with another_platform() as (own, folder):
        own.lay("P2")
        key = own.candidacy()
        paths: dict[bytes, list[Path]] = {}
        for path in Path(folder).rglob("*"):
            if path.is_file():
                paths.setdefault(path.read_bytes(), []).append(path)
        person, desk = own.be("CO"), f"/coordination/{own.round()}/recevabilite/{key}"
        served = {
            q: expect(person.file.get(key, own.attachment(q)), 200).content
            for q in ("photos", "statutes", "accounts")
        }
        others = [
            expect(own.be("CX").file.get(own.candidacy("other"), own.attachment(q, "other")), 200).content
            for q in ("statutes", "accounts")
        ]
        flipped = bytearray(served["photos"])
        flipped[50] ^= 1
        for path in paths[served["photos"]]:
            path.write_bytes(flipped)
        paths[served["statutes"]][0].unlink()
        paths[served["accounts"]][0].write_bytes(served["accounts"][:-20])
        first, second = (paths[content][0] for content in others)
        first.write_bytes(others[1])
        second.write_bytes(others[0])
        for question in served:
            answer = says(expect(person.file.get(key, own.attachment(question)), 409), "fichier endommagé")
            assert served[question][:200] not in answer.content
        says(expect(own.be("RC").get(desk), 200), "pièces jointes")
        for question in ("statutes", "accounts"):
            expect(own.be("CX").file.get(own.candidacy("other"), own.attachment(question, "other")), 409)
        found = expect(own.platform.job.run("attachments.check"), 200).json()["result"]
        assert found >= 5, f"{found} damaged files reported"
        for content, places in paths.items():
            for path in places:
                path.write_bytes(content)
        assert expect(own.platform.job.run("attachments.check"), 200).json()["result"] == 0


@case("G24")
def archives_of_files(c: Context) -> None:
    """Names that meet, order and instants; archives of many entries are in the tests of the services."""
    c.lay("P2")
    for path in (c.candidacy(), None):
        answer = is_inert(expect(c.be("RC").file.bundle(c.round(), path), 200))
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            assert archive.testzip() is None
            entries = archive.infolist()
        names = [entry.filename.casefold() for entry in entries]
        assert len(names) == len(set(names)) >= 3
        assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
        assert {(entry.comment, entry.extra) for entry in entries} == {(b"", b"")}
    for code in ("CX", "RY", "CO"):
        like_missing(lambda k: c.be(code).file.bundle(c.round(), k), c.candidacy())
        like_missing(lambda r: c.be(code).file.bundle(r), c.round())


@case("G28")
def no_room_left(c: Context) -> None:
    c.lay("P1")
    person, draft = c.be("CO"), c.candidacy("draft")
    for point in ("scratch", "storage.put"):
        with c.no_effect():
            expect(c.platform.fault(point), 200)
            answer = expect(
                person.file.put(draft, "photos", "p.jpg", nasty.a_picture(colour="tan"), "image/jpeg"),
                503,
                507,
            )
            assert "éessayez" in answer.json()["message"]
    kept(person.file.put(draft, "photos", "p.jpg", nasty.a_picture(colour="tan"), "image/jpeg"))
    assert expect(c.platform.job.run("attachments.check"), 200).json()["result"] == 0
