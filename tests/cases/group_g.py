"""G. Files."""

import io
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

import httpx
import pikepdf
from PIL import Image

from tests.adapter import Adapter
from tests.adapters import nasty
from tests.cases.context import Context, case, expect, hides, in_time, says

INERT = {
    "content-security-policy": "default-src 'none'; sandbox",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
}


def kept(answer: httpx.Response) -> str:
    """Return the key of the one attachment that was kept."""
    return str(expect(answer, 200).json()["kept"][0])


def is_inert(answer: httpx.Response) -> httpx.Response:
    """Fail unless a served file can neither run nor stay in the browser."""
    for name, value in INERT.items():
        assert answer.headers[name] == value, f"{name}: {answer.headers[name]}"
    assert answer.headers["content-disposition"].startswith("attachment;")
    return answer


def drawn(c: Context, person: Adapter, draft: str, content: bytes) -> httpx.Response:
    """Send a file, let its pages be drawn where it was taken, and return what its sender was answered."""
    answer = person.file.put(draft, "statutes", "a.pdf", content)
    if answer.status_code == 200:
        draw(c)
    return answer


def draw(c: Context) -> None:
    """Let the worker draw the pages that wait; they are asked for a few minutes after their files."""
    expect(c.platform.job.run("attachments.draw_waiting"), 200)


@contextmanager
def a_listener() -> Iterator[tuple[int, list[str]]]:
    """Listen on loopback; the list tells who came."""
    came: list[str] = []
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.settimeout(0.2)
        ended = threading.Event()

        def listen() -> None:
            while not ended.is_set():
                try:
                    line, who = server.accept()
                except TimeoutError:
                    continue
                came.append(str(who))
                line.close()

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        try:
            yield server.getsockname()[1], came
        finally:
            time.sleep(0.3)
            ended.set()
            thread.join()


@case("G2")
def twisted_names(c: Context) -> None:
    c.lay("P1")
    person, draft = c.be("CO"), c.candidacy()
    expect(person.takeback(draft), 303)
    names = (
        "bilan.pdf.html",
        "bilan.php.jpg",
        ".htaccess",
        "sans-suffixe",
        "CON.jpg",
        "-rf.jpg",
        "../../x.jpg",
    )
    for number, name in enumerate(names):
        one = kept(person.file.put(draft, "logo", name, nasty.a_picture(colour=f"#0000{number:02d}")))
        expect(person.submit(draft), 303)
        served = is_inert(
            expect(c.be("RC").get(f"/coordination/{c.round()}/recevabilite/{draft}/pieces/{one}"), 200)
        )
        told = served.headers["content-disposition"]
        assert "/" not in told.split(";")[1], told
        assert served.headers["content-type"] == "image/jpeg"
        expect(person.file.read(draft, one), 200)
        expect(person.takeback(draft), 303)
    says(person.draft.section(draft, "attachments"), "x.jpg")


@case("G4")
def polyglots(c: Context) -> None:
    c.lay("P1")
    person, draft = c.be("CO"), c.candidacy("draft")
    script = b"<script>fetch('//mal.example/CANARI')</script><?php CANARI ?>"
    gif = b"GIF89a/*CANARI*/=1;alert(1)"
    expect(person.file.put(draft, "photos", "a.gif", gif, "image/gif"), 415)
    expect(person.file.put(draft, "statutes", "a.docx", nasty.an_office_file()), 415)
    expect(person.file.put(draft, "statutes", "a.pdf", script + nasty.a_pdf()), 415)
    for question, name, content in (
        ("statutes", "a.pdf", nasty.an_active_pdf()),
        ("accounts", "b.pdf", nasty.a_pdf() + script),
        ("photos", "c.jpg", nasty.a_picture() + script),
    ):
        one = kept(person.file.put(draft, question, name, content))
        served = hides(is_inert(expect(person.file.get(draft, one), 200)), "CANARI")
        if name.endswith(".pdf"):
            with pikepdf.open(io.BytesIO(served.content)) as document:
                held = b"".join(item.unparse(resolved=True) for item in document.objects)
                assert len(document.attachments) == 0
            for word in (b"/JavaScript", b"/OpenAction", b"/Launch", b"/URI", b"/XFA", b"/EmbeddedFile"):
                assert word not in held, word


@case("G5")
def archives_and_bombs(c: Context) -> None:
    c.lay("P1")
    person, draft = c.be("CO"), c.candidacy("draft")
    inner = nasty.a_zip(bomb=b"\0" * 20_000_000)
    many = nasty.a_zip(**{f"f{n}": b"" for n in range(20_000)})
    climbing = nasty.a_zip(**{"..__..__etc__passwd": b"x"})
    with c.no_effect():
        for content in (
            inner,
            nasty.a_zip(inner=inner),
            many,
            climbing,
            b"\x1f\x8b\x08" + b"\0" * 99,
            nasty.an_office_file(),
        ):
            for name in ("a.zip", "a.docx", "a.pdf"):
                expect(
                    in_time(5, lambda file=(name, content): person.file.put(draft, "statutes", *file)),
                    413,
                    415,
                    422,
                )


@case("G6")
def bombs_of_pixels(c: Context) -> None:
    c.lay("P1")
    person, draft = c.be("CO"), c.candidacy("draft")
    webp = b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
    frames = b"GIF89a" + b"\x50\xc3\x50\xc3\0\0\0" + b"\x2c\0\0\0\0\x01\0\x01\0\0\x02\0" * 10_000
    with c.no_effect():
        for name, content in (
            ("a.png", nasty.a_png_header(50_000, 50_000)),
            ("b.png", nasty.a_png_header(64_000, 1)),
            ("c.png", nasty.a_png_header(1, 64_000)),
            ("d.webp", webp),
            ("e.gif", frames),
            ("f.tiff", b"II*\0" + b"\xff" * 200),
            ("g.avif", b"\0\0\0\x20ftypavif" + b"\xff" * 200),
            ("h.jpg", nasty.a_picture((3000, 3000))[:9000]),
        ):
            file = (name, content, "image/png")
            expect(in_time(5, lambda file=file: person.file.put(draft, "photos", *file)), 415, 422)


@case("G7")
def twisted_pdfs(c: Context) -> None:
    c.lay("P1")
    person, draft = c.be("CO"), c.candidacy("draft")
    whole = nasty.a_pdf()
    taken: list[str] = []
    for content in (
        nasty.a_pdf(2_000),
        nasty.a_looping_pdf(),
        nasty.a_deep_pdf(),
        nasty.an_encrypted_pdf(),
        whole[: whole.rindex(b"xref")],
        nasty.raw_pdf(b"q", b"[]", b"0 0 14400 14400"),
        nasty.a_stream_bomb(),
    ):
        answer = expect(in_time(30, lambda content=content: drawn(c, person, draft, content)), 200, 422)
        if answer.status_code == 200:
            taken = answer.json()["kept"]
            says(expect(person.file.read(draft, taken[0]), 200), "télécharger")
    assert taken, "the last one is kept, without a preview"
    says(expect(person.file.read(draft, taken[0]), 200), "aperçu indisponible")
    expect(person.file.preview(draft, taken[0]), 404)
    one = kept(person.file.put(draft, "accounts", "b.pdf", whole))
    draw(c)
    assert expect(person.file.preview(draft, one), 200).headers["content-type"] == "image/webp"


def raw(
    c: Context, person: Adapter, path: str, headers: dict[str, str], body: bytes, *, cut: bool = False
) -> int:
    """Send bytes as they are and return the status, 0 when the line was closed without a word."""
    where = urlsplit(c.base_url)
    cookies = "; ".join(f"{name}={value}" for name, value in person.http.cookies.items())
    lines = {
        "Host": where.netloc,
        "Cookie": cookies,
        "Accept": "application/json",
        "Connection": "close",
        **headers,
    }
    head = f"POST {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    said = b""
    with socket.create_connection((where.hostname or "", where.port or 80), 120) as line:
        # A server that refuses before the end of what is sent has answered all the same.
        with suppress(ConnectionResetError, BrokenPipeError):
            line.sendall(head.encode() + b"\r\n" + body)
            if cut:
                line.shutdown(socket.SHUT_WR)
        with suppress(ConnectionResetError):
            said = line.recv(200)
    return int(said.split(b" ")[1]) if said.startswith(b"HTTP/") else 0


@case("G12")
def twisted_multiparts(c: Context) -> None:
    c.lay("P1")
    person, path = c.be("CO"), f"/candidatures/{c.candidacy('draft')}/pieces"
    token = person.token()

    def part(name: str, value: bytes, boundary: bytes = b"x") -> bytes:
        return b'--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (
            boundary,
            name.encode(),
            value,
        )

    many = b"".join(part(f"n{n}", b"1") for n in range(2_000)) + b"--x--\r\n"
    field = part("csrf_token", token.encode()) + part("question", b"a" * 2_200_000) + b"--x--\r\n"
    bodies = (
        ("multipart/form-data; boundary=x", many),
        ("multipart/form-data; boundary=x", field),
        ("multipart/form-data", many),
        (f"multipart/form-data; boundary={'b' * 5_000}", part("n", b"1", b"b" * 5_000)),
        ("multipart/form-data; boundary=x", b"--x\r\n" + b"\r" * 20_000_000),
        ("multipart/form-data; boundary=x", part("n", b"1")),
    )
    with c.no_effect():
        for kind, body in bodies:
            headers = {"Content-Type": kind, "Content-Length": str(len(body))}
            status = in_time(3, lambda sent=(headers, body): raw(c, person, path, *sent))
            assert status in (400, 413), f"{kind[:60]}: {status}"
        short = {"Content-Type": "multipart/form-data; boundary=x", "Content-Length": "9000"}
        assert raw(c, person, path, short, part("n", b"1"), cut=True) in (0, 400)


@case("G14")
def honest_long_text(c: Context) -> None:
    c.lay("P1")
    person, draft = c.be("CO"), c.candidacy("draft")
    limit = 2_500
    for unit in ("é", "🌱", "mot\u00a0insé\u00adcable "):
        text = (unit * limit)[:limit].rstrip().ljust(limit, "x")
        saved = expect(person.draft.save(draft, "need", text), 200, 422)
        over = expect(person.draft.save(draft, "need", text + "x" * 20_000), 422, 413)
        assert over.status_code == 413 or "signes" in over.text or saved.status_code == 422
        if saved.status_code == 200:
            page = expect(person.draft.section(draft, "narrative"), 200).text
            assert page.count(unit.strip()[:3]) > 100, "the text is there whole"
    whole = expect(person.draft.save_section(draft, "narrative", action="🌱" * 140_000), 303, 413, 422)
    if whole.status_code == 422:
        assert whole.text.count("🌱") >= 140_000, "what was typed is given back"


@case("G18")
def telling_photos(c: Context) -> None:
    c.lay("P1")
    person, key = c.be("CO"), c.candidacy()
    expect(person.takeback(key), 303)
    one = kept(person.file.put(key, "photos", "CANARI-NOM.jpg", nasty.a_telling_photo()))
    expect(person.submit(key), 303)
    draw(c)
    for reader, options in ((c.be("CO"), {}), (c.be("RC"), {"round_": c.round()})):
        for answer in (
            reader.get(f"/candidatures/{key}/pieces/{one}"),
            reader.file.preview(key, one, **options),
            reader.file.preview(key, one, 0, **options),
        ):
            expect(answer, 200)
            assert b"CANARI" not in answer.content
            with Image.open(io.BytesIO(answer.content)) as image:
                assert image.height > image.width, "it stands upright"
                assert not image.getexif()


@case("G19")
def office_files(c: Context) -> None:
    c.lay("P1")
    person, draft = c.be("CO"), c.candidacy("draft")
    with a_listener() as (_port, came), c.no_effect():
        for name in ("a.docm", "a.xlsm", "a.docx", "a.pdf"):
            for content in (
                nasty.an_office_file(macros=True),
                nasty.an_office_file(),
                b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1ole",
            ):
                answer = expect(person.file.put(draft, "statutes", name, content), 415)
                assert "PDF" in answer.json()["message"]
    assert came == []


@case("G20")
def external_entities(c: Context) -> None:
    c.lay("P1")
    person, draft = c.be("CO"), c.candidacy("draft")
    with a_listener() as (port, came):
        entity = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "http://127.0.0.1:{port}/">]><svg>&f;</svg>'.encode()
        laughs = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">' + b"".join(
            b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10 if n else b"&a;" * 10) for n in range(12)
        )
        for name, content in (
            ("a.svg", entity),
            ("a.gpx", entity),
            ("a.svg", laughs + b"]><l>&a11;</l>"),
            ("a.docx", nasty.a_zip(word__document=entity)),
            ("a.odt", nasty.a_zip(content=entity)),
        ):
            expect(person.file.put(draft, "statutes", name, content), 415)
        out = io.BytesIO()
        Image.new("RGB", (30, 20)).save(out, "JPEG", xmp=entity)
        one = kept(person.file.put(draft, "photos", "a.jpg", out.getvalue()))
        hides(expect(person.file.get(draft, one), 200), "ENTITY")
        draw(c)
    assert came == []


@case("G25")
def text_files(c: Context) -> None:
    """Text is no accepted format: it is refused rather than served."""
    c.lay("P1")
    person, draft = c.be("CO"), c.candidacy("draft")
    words = "<html><script>alert(1)</script>;é"
    with c.no_effect():
        for name, content in (
            ("a.txt", words.encode()),
            ("a.csv", b"=1+1;" + words.encode()),
            ("a.pdf", words.encode("utf-16")),
            ("a.pdf", words.encode("utf-7")),
        ):
            expect(person.file.put(draft, "statutes", name, content, "text/plain"), 415)


@case("G26")
def locked_files(c: Context) -> None:
    c.lay("P1")
    person, draft = c.be("CO"), c.candidacy("draft")
    with c.no_effect():
        locked = expect(person.file.put(draft, "statutes", "a.pdf", nasty.an_encrypted_pdf()), 422)
        assert "mot de passe" in locked.json()["message"]
        expect(person.file.put(draft, "statutes", "a.zip", nasty.a_zip(a=b"x")), 415)


@case("G27")
def pictures_in_text(c: Context) -> None:
    c.lay("P1")
    person, draft = c.be("CO"), c.candidacy("draft")
    with a_listener() as (port, came):
        for text in (
            '<img src="data:image/png;base64,iVBORw0KGgo=">',
            f'<img src="http://127.0.0.1:{port}/a.png">',
            f"![](http://127.0.0.1:{port}/b.png)",
        ):
            expect(person.draft.save(draft, "need", text), 200)
            for page in (person.draft.section(draft, "narrative"), person.draft.review(draft)):
                body = expect(page, 200).text
                assert 'src="data:' not in body
                assert f'src="http://127.0.0.1:{port}' not in body
    assert came == []
