"""H. Requests that nobody should send: searches, signs, JSON, parameters, logs."""

import unicodedata

import httpx

from tests.cases.context import Context, case, expect, hides, in_time
from tests.cases.crawling import pages_of, word_forms
from tests.hostile_texts import SCRIPTS

URLENCODED = {"Content-Type": "application/x-www-form-urlencoded"}


def found(answer: httpx.Response, *names: str) -> list[bool]:
    """Return which names a page shows."""
    return [name in answer.text for name in names]


@case("H6")
def literal_searches(c: Context) -> None:
    """A search takes its signs as they are, in a moment, whatever they mean to a database or a pattern."""
    c.lay("P2")
    c.platform.fill(["Bois sans signe"])
    expect(
        c.be("CO").structure.edit(c.world["structures"]["main"], name="Cent % de bois_vert \\ compagnie"), 303
    )
    staff, round_ = c.be("RC"), c.round()
    name = "Cent % de bois_vert"
    for words, there in (
        ("%", True), ("_", True), ("\\", True), ("Cent % de", True), ("bois_vert", True), ("cent_%", False), ("b%s", False),
        ("boisXvert", False), ("%%", False), ("mot inconnu", False),
    ):  # fmt: skip
        assert found(expect(staff.search(round_, words), 200), name) == [there], words
    for words in (
        "x" * 10_000,
        "(a+)+$",
        "a" * 5_000 + "!",
        "le la les de",
        '"bois',
        "'",
        "AND OR NOT",
        "bois AND",
        "*",
        "[a-",
        "\u202e",
    ):
        answer = in_time(0.3, lambda words=words: staff.search(round_, words))
        hides(expect(answer, 200, 414), "sqlite", "psycopg")


@case("H13")
def signs_of_every_script(c: Context) -> None:
    """Texts are kept composed, shown and found in both forms; what is no UTF-8 is refused whole."""
    c.lay("P1")
    person, draft = c.be("CM"), c.candidacy("draft")
    for text in (*SCRIPTS, "nom\ufeffavec une marque", "𝕊igne à quatre octets 𐍈", "e" + "\u0301" * 200):
        expect(person.draft.save(draft, "area", text), 200)
        page = expect(person.draft.section(draft, "project"), 200)
        kept = unicodedata.normalize(
            "NFC", text.replace("\u202e", "").replace("\u200b", "").replace("\ufeff", "")
        )
        shown = (
            page.text.replace("\u202e", "").replace("\u200b", "").replace("\ufeff", "").replace("&amp;", "&")
        )
        assert kept in shown, text
    token = person.token().encode()
    with c.no_effect():
        for broken in (b"%FF%FE", b"%ED%A0%80", b"%C0%AF", b"%C3", b"\xff\xfe", b"%F8%88%80%80%80"):
            body = b"csrf_token=" + token + b"&field=area&value=" + broken
            answer = person.http.post(f"/candidatures/{draft}/enregistrer", content=body, headers=URLENCODED)
            expect(answer, 400)
            expect(
                person.http.get(
                    f"/palmares?recherche={broken.decode('latin-1')}".encode("latin-1").decode("latin-1")
                ),
                200,
                400,
            )
    composed = "Énergies d’été"
    c.lay("P2")
    expect(
        c.be("CO").structure.edit(c.world["structures"]["main"], name=unicodedata.normalize("NFD", composed)),
        303,
    )
    for form in ("NFC", "NFD"):
        assert found(
            expect(c.be("RC").search(c.round(), unicodedata.normalize(form, composed)), 200), composed
        ) == [True], form


@case("H15")
def twisted_json(c: Context) -> None:
    c.lay("P3")
    juror, seat, file = c.be("RJ"), c.seat("RJ"), c.candidacy("other")
    with c.no_effect():
        for body in (
            "[]", "null", '"text"', "3", "", "{", '{"mark-need": 3} trailing', '{"mark-need": 3, "mark-need": 1}', "[" * 50_000,
            '{"a":' * 5_000 + "1" + "}" * 5_000, '{"mark-need": NaN}', '{"mark-need": [3]}', '{"mark-need": {"value": 3}}',
            '{"mark-need": 1e999}', '{"mark-need": 3.0}', '{"__proto__": {"mark-need": 3}, "mark-need": "x"}',
        ):  # fmt: skip
            expect(juror.sheet.send_json(seat, file, body), 400, 413, 422)
        path = f"/jury/{seat}/candidatures/{file}/noter"
        for kind in ("text/plain", "application/xml", "multipart/form-data"):
            headers = {"Content-Type": kind, "X-CSRFToken": juror.token(), "Accept": "application/json"}
            answer = juror.http.post(path, content='{"mark-need": "3"}', headers=headers)
            expect(answer, 400)
        draft = c.candidacy("draft")
        headers = {"Content-Type": "application/json", "X-CSRFToken": c.be("CM").token()}
        answer = c.be("CM").http.post(
            f"/candidatures/{draft}/enregistrer", content='{"field": "area"}', headers=headers
        )
        assert 400 <= answer.status_code < 500
    expect(juror.sheet.send_json(seat, file, '{"mark-need": "3"}'), 200, 303)


@case("H16")
def two_values_for_a_name(c: Context) -> None:
    """One rule, everywhere: a name given two values is refused (400), in the address, in the form, or in both."""
    c.lay("P3")
    round_, staff, juror = c.round(), c.be("RC"), c.be("RJ")
    seat, own, other = c.seat("RJ"), c.candidacy("other"), c.candidacy()
    with c.no_effect():
        for path in (
            "/palmares?page=1&page=2", "/coordination/journal?acte=a&acte=b", f"/coordination/{round_}/recevabilite?etat=a&etat=b",
            "/compte/connexion?suite=/compte&suite=//mal.example", f"/jury/{seat}?tri=a&tri=b",
        ):  # fmt: skip
            expect(staff.get(path), 400)
        token = juror.token()
        for query, body in (
            ("", "mark-need=3&mark-need=4"), ("", "mark-need=3&mark-need[]=4"), ("?mark-need=4", "mark-need=3"),
            ("", "private_note=a&private_note=b"), ("?juror_id=1", "juror_id=2&mark-need=3"),
        ):  # fmt: skip
            sent = f"csrf_token={token}&{body}"
            expect(
                juror.http.post(
                    f"/jury/{seat}/candidatures/{own}/noter{query}", content=sent, headers=URLENCODED
                ),
                400,
            )
        body = f"csrf_token={c.be('CM').token()}&structure={c.world['structures']['free']}&structure={c.world['structures']['other']}"
        expect(c.be("CM").http.post("/candidatures/nouvelle", content=body, headers=URLENCODED), 400)
        for person in (c.be("CM"), staff, juror):
            for path, page in list(pages_of(person, limit=25, each=1)):
                for form in word_forms(path, page):
                    values = [(key, value) for key, value in form.values.items() if key != "csrf_token"]
                    values += [("csrf_token", person.token()), (form.words[0], "un"), (form.words[0], "deux")]
                    sent = "&".join(
                        f"{key}={httpx.QueryParams({'v': value})}".replace("=v=", "=")
                        for key, value in values
                    )
                    expect(person.http.post(form.action, content=sent, headers=URLENCODED), 400)
    # Another case is another name, and one that no form has.
    sent = f"csrf_token={token}&mark-need=3&MARK-NEED=4"
    expect(juror.http.post(f"/jury/{seat}/candidatures/{own}/noter", content=sent, headers=URLENCODED), 303)
    assert other


@case("H23")
def one_line_an_event(c: Context) -> None:
    """Breaks, colours and formats in headers, addresses and names: each event of the log stays one line."""
    c.lay("P1")
    hostile = 'Faux\r\n2027-01-01 INFO entrée \x1b[31mforgée\x1b[0m %s %n {"level": "x"}\u2028suite'
    headers = {"User-Agent": "x %s %n {j}", "Referer": "http://x/%0d%0aInjecte"}
    visitor = c.platform.session()
    visitor.login(hostile, hostile)
    visitor.register(hostile, "a@b.fr", hostile)
    visitor.get("/rien%0d%0aINFO%20injecte", headers=headers)
    visitor.get("/palmares?x=%0d%0aINFO", headers=headers)
    person, draft = c.be("CO"), c.candidacy("draft")
    person.draft.save(draft, hostile, hostile)
    person.file.put(draft, "photos", "p\nq.jpg", b"rien", "image/jpeg")
    c.platform.fault("before_commit")
    expect(person.draft.save(draft, "area", hostile), 503, 500)
    c.platform.fault(None)
    c.platform.job.run("sweep")
    lines = c.platform.log()
    assert lines, "nothing was logged"
    for line in lines:
        assert line.isprintable() or all(sign.isprintable() or sign == "\u00a0" for sign in line), repr(line)
        assert not line.startswith(("2027-01-01 INFO", "INFO", "Injecte", "suite")), line
