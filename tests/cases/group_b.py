"""B. Secrecy of scores, jurors, conflicts."""

import io

import pikepdf

from tests.cases.context import Context, case, expect, hides, like_missing, says


def secrets_of_scoring(c: Context) -> list[str]:
    return [c.canary(name) for name in ("note", "comment", "mark")]


@case("B5")
def own_sheet_only(c: Context) -> None:
    c.lay("P3")
    juror, seat = c.be("RJ"), c.seat("RJ")
    others = [
        f"{c.canary(name)} {code}"
        for name in ("note", "comment", "mark")
        for code in ("RJ2", "RJ3", "RK", "JP")
    ]
    for page in (
        juror.sheet.list(seat),
        juror.sheet.get(seat, c.candidacy()),
        juror.sheet.own(seat),
        juror.get("/jury"),
    ):
        hides(expect(page, 200, 302), *others)
        assert "moyenne" not in page.text.lower(), page.request.url.path


@case("B6")
def in_the_name_of_a_colleague(c: Context) -> None:
    c.lay("P3")
    juror, main = c.be("RJ"), c.candidacy()
    before = c.be("RJ2").sheet.get(c.seat("RJ2"), main).text.count("checked")
    more = {"juror_id": "3", "user": "RJ2", "seat_key": c.seat("RJ2"), "panel": "1"}
    expect(juror.sheet.save(c.seat("RJ"), main, {"need": 0}, **more), 303, 422)
    assert c.be("RJ2").sheet.get(c.seat("RJ2"), main).text.count("checked") == before
    expect(juror.sheet.list(c.seat("RJ")), 200)
    like_missing(
        lambda s: juror.post(f"/jury/{s}/candidatures/{main}/noter", {"mark-need": "1"}), c.seat("RJ2")
    )


@case("B7")
def nothing_aggregated_while_scoring(c: Context) -> None:
    c.lay("P3")
    says(expect(c.be("JP").distribution(c.seat("JP")), 409), "notation en cours")
    says(expect(c.be("RC").ranking(c.round()), 409), "notation en cours")
    for kind in ("agregats",):
        says(expect(c.be("RC").export(kind, c.round()), 409), "notation en cours")
    expect(c.be("JP").get(f"/jury/{c.seat('JP')}/avancement"), 200)
    expect(c.be("RC").progress(c.round()), 200)
    for page in (c.be("JP").get(f"/jury/{c.seat('JP')}/avancement"), c.be("RC").progress(c.round())):
        hides(page, *secrets_of_scoring(c))


@case("B14")
def generated_papers_name_nobody(c: Context) -> None:
    """Certificates and receipts: information and metadata hold no juror, path or login; nothing is embedded."""
    c.lay("P6")
    number = c.world["certificates"][0]["number"]
    names = [c.world["people"][code]["name"] for code in ("RJ", "RJ2", "RJ3", "JP", "RK")]
    for answer in (c.be("RC").cert.get(number), c.be("CO").receipt(c.candidacy(), pdf=True)):
        content = expect(answer, 200).content
        with pikepdf.open(io.BytesIO(content)) as paper:
            held = " ".join(str(value) for value in paper.docinfo.values())
            held += (
                str(paper.Root.Metadata.read_bytes().decode(errors="replace"))
                if "/Metadata" in paper.Root
                else ""
            )
            assert "/EmbeddedFiles" not in paper.Root.get("/Names", {})
        assert content.count(b"%%EOF") == 1, "an incremental update"
        for word in (*names, "/work", "/tmp", "/home", "localhost", "templates/"):
            assert word not in held, word


@case("B20")
def no_mail_on_a_recused_file(c: Context) -> None:
    c.lay("P5")
    for letter in c.platform.mail.sink(c.world["people"]["RK"]["email"]):
        assert "Les Ateliers du Phare" not in letter["text"] + letter["subject"]


@case("B21")
def recused_after_reading(c: Context) -> None:
    c.lay("P3")
    juror, seat, main = c.be("RJ"), c.seat("RJ"), c.candidacy()
    expect(juror.sheet.get(seat, main), 200)
    expect(juror.panel.declare(seat, main, "recused", "Un proche y travaille."), 303)
    # The next page shows the sentence of what was done; only then are two answers comparable.
    expect(juror.sheet.list(seat), 200)
    like_missing(lambda k: juror.sheet.get(seat, k), main)
    like_missing(lambda a: juror.file.get(main, a, seat=seat), c.attachment())
    assert f"/candidatures/{main}" not in juror.sheet.list(seat).text


@case("B22")
def nothing_is_stored(c: Context) -> None:
    c.lay("P3")
    pages = [
        c.be("CO").draft.get(c.candidacy()),
        c.be("CO").file.get(c.candidacy(), c.attachment()),
        c.be("RJ").sheet.get(c.seat("RJ"), c.candidacy()),
        c.be("RC").get("/coordination"),
        c.be("CX").draft.get(c.candidacy()),
        c.be("CO").get("/compte/arrivee"),
        c.be("RJ").file.get(c.candidacy(), c.attachment(), seat=c.seat("RJ")),
    ]
    for page in pages:
        assert "no-store" in page.headers["Cache-Control"], page.request.url.path
    browser = c.another("CO")
    expect(browser.logout(), 303)
    expect(browser.draft.get(c.candidacy()), 302)


@case("B23")
def shared_caches(c: Context) -> None:
    c.lay("P3")
    for page in (c.be("CO").get("/structure"), c.be("RC").get("/coordination"), c.be("CO").get("/")):
        assert "Cookie" in page.headers["Vary"], page.request.url.path
        kept = page.headers["Cache-Control"]
        assert "no-store" in kept or "private" in kept, f"{page.request.url.path}: {kept}"


@case("B24")
def no_third_party(c: Context) -> None:
    """No page names another host in what a browser loads, and none sends a full Referer outside."""
    import re

    c.lay("P6")
    pages = [
        c.be("PUB").get(path)
        for path in ("/", "/palmares", "/calendrier", "/compte/connexion", "/certificats")
    ]
    pages += [
        c.be("CO").get("/structure"),
        c.be("RC").get("/coordination"),
        c.be("RJ").sheet.list(c.seat("RJ")),
    ]
    for page in pages:
        expect(page, 200)
        assert page.headers["Referrer-Policy"] in ("same-origin", "no-referrer"), page.request.url.path
        loaded = re.findall(
            r'<(?:script|link|img|iframe|source|video|object)[^>]*(?:src|href|srcset)="(https?:)?//([^"/]+)',
            page.text,
        )
        outside = [host for _scheme, host in loaded if host not in c.base_url]
        assert outside == [], f"{page.request.url.path} loads {outside}"
        assert "gravatar" not in page.text.lower()


@case("B26")
def forced_errors(c: Context) -> None:
    c.lay("P1")
    draft, person = c.candidacy("draft"), c.be("CM")
    person.token()
    c.platform.fault("before_commit")
    answer = expect(person.draft.save(draft, "area", "Texte de la panne"), 503)
    hides(answer, "Traceback", "sqlalchemy", "OperationalError", "INSERT", "/work", ".py")
    assert "Retry-After" in answer.headers
    c.platform.fault("before_commit")
    page = expect(person.draft.save_section(draft, "project", area="Texte de la panne"), 503)
    says(page, "réessayez", "Texte de la panne")
    hides(page, "Traceback", "sqlalchemy", "INSERT")
    c.platform.fault("storage.put")
    upload = person.file.put(draft, "photos", "photo.jpg", b"\xff\xd8\xff\xe0" + b"0" * 100, "image/jpeg")
    hides(upload, "Traceback", "FaultWasArmed", "/work", ".py")
    c.platform.fault(None)


@case("B27")
def own_data_holds_no_score(c: Context) -> None:
    for phase in ("P3", "P5"):
        c.lay(phase)
        data = expect(c.be("CO").own_data(), 200)
        names = [c.world["people"][code]["name"] for code in ("RJ", "RJ2", "RJ3", "RK", "JP")]
        hides(data, *secrets_of_scoring(c), *names)


@case("B28")
def no_canary_in_the_source(c: Context) -> None:
    c.lay("P4")
    secrets = [*secrets_of_scoring(c), c.canary("tie"), c.canary("refusal")]
    for code, paths in {
        "CO": (
            "/structure",
            f"/candidatures/{c.candidacy()}",
            f"/candidatures/{c.candidacy()}/relecture",
            "/compte",
        ),
        "CX": ("/structure", f"/candidatures/{c.candidacy('other')}", "/compte"),
        "RX": (f"/jury/{c.seat('RX')}",),
        "PUB": ("/", "/palmares", "/calendrier", "/palmares.json"),
    }.items():
        for path in paths:
            hides(expect(c.be(code).get(path), 200), *secrets)


@case("B29")
def attributed_scores_are_journaled(c: Context) -> None:
    c.lay("P4")
    before = c.platform.digest()["journal_entry"]
    expect(c.be("JP").get(f"/jury/{c.seat('JP')}/attribution"), 200)
    assert c.platform.digest()["journal_entry"] != before, "the reading left no entry"
    for code in ("RJ", "RC", "NS"):
        expect(c.be(code).get(f"/jury/{c.seat('JP')}/attribution"), 403, 404)


@case("B10")
def refusals_tell_nothing_hidden(c: Context) -> None:
    """A juror who asks after a file gets the same, whether a colleague scored it or not, and whether it is recused or not."""
    c.lay("P3")
    juror, seat = c.be("RX"), c.seat("RX")
    answers = {
        (answer.status_code, answer.text)
        for name in ("main", "other", "draft", "refused")
        for answer in (
            juror.get(
                f"/jury/{seat}/candidatures/{c.candidacy(name)}", headers={"Accept": "application/json"}
            ),
        )
    }
    assert len(answers) == 1, answers
