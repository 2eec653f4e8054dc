"""A. Object access."""
# ruff: noqa: B023 - each function made in a loop is called before the loop goes on

import re

import httpx

from tests.adapter import MISSING, parse_ids
from tests.cases.context import Context, case, expect, hides, like_missing, says
from tests.cases.group_e import membership_of

STRANGERS = ("CX", "RX", "RY", "NJ")


@case("A1")
def strangers_on_a_candidacy(c: Context) -> None:
    for phase in ("P1", "P4", "P6"):
        c.lay(phase)
        key, stranger = c.candidacy(), c.be("CX")
        with c.no_effect():
            for verb in (
                stranger.draft.get,
                stranger.draft.review,
                stranger.receipt,
                lambda k: stranger.draft.section(k, "project"),
                lambda k: stranger.draft.save(k, "area", "Pris"),
                stranger.submit,
                stranger.takeback,
                stranger.draft.delete,
                stranger.draft.restore,
                stranger.withdraw,
            ):
                like_missing(verb, key)


@case("A2")
def strangers_on_an_attachment(c: Context) -> None:
    """The original, its page, a page image, the thumbnail, the archive, the receipt; with a range, by HEAD, with an ETag."""
    c.lay("P3")
    expect(c.platform.job.run("attachments.draw_waiting"), 200)
    key = c.candidacy()
    for code in ("CX", "RX", "RY", "RK", "NJ"):
        person = c.be(code)
        seat = c.world["seats"].get(code, c.seat("RJ"))
        for question in ("photos", "statutes", "accounts"):
            one = c.attachment(question)
            for options in ({}, {"headers": {"Range": "bytes=0-10"}}, {"headers": {"If-None-Match": '"x"'}}):
                like_missing(lambda a, o=options: person.file.get(key, a, **o), one)
                like_missing(lambda a, o=options: person.file.get(key, a, seat=seat, **o), one)
            desk = c.round()
            for options in ({}, {"seat": seat}, {"round_": desk}):
                for number in (0, 1):
                    like_missing(lambda a, o=options, n=number: person.file.preview(key, a, n, **o), one)
                like_missing(lambda a, o=options: person.file.read(key, a, **o), one)
            head = person.http.head(f"/candidatures/{key}/pieces/{one}")
            assert head.status_code == 404
        like_missing(lambda k: person.file.bundle(c.round(), k), key)
        like_missing(lambda k: person.receipt(k, pdf=True), key)


@case("A4")
def mismatched_paths(c: Context) -> None:
    c.lay("P1")
    person = c.be("CO")
    own, foreign = c.candidacy(), c.candidacy("other")
    like_missing(lambda a: person.file.get(own, a), c.attachment("photos", "other"))
    like_missing(lambda k: person.file.get(k, c.attachment()), foreign)
    like_missing(lambda a: person.file.get(own, a), c.attachment("photos", "draft"))


@case("A6")
def jurors_and_administrative_files(c: Context) -> None:
    c.lay("P3")
    for code in ("RJ", "JP"):
        person, seat = c.be(code), c.seat(code)
        page = expect(person.sheet.get(seat, c.candidacy()), 200)
        hides(page, "statuts.pdf", "comptes.pdf", c.attachment("statutes"), c.attachment("accounts"))
        for question in ("statutes", "accounts"):
            one = c.attachment(question)
            like_missing(lambda a: person.file.get(c.candidacy(), a, seat=seat), one)
            like_missing(lambda a: person.file.preview(c.candidacy(), a, seat=seat), one)
            like_missing(lambda a: person.file.read(c.candidacy(), a, seat=seat), one)
        says(page, "1 pièce")
        like_missing(lambda k: person.file.bundle(c.round(), k), c.candidacy())
        expect(person.file.get(c.candidacy(), c.attachment("photos"), seat=seat), 200)


@case("A7")
def recused(c: Context) -> None:
    c.lay("P3")
    person, seat, main = c.be("RK"), c.seat("RK"), c.candidacy()
    like_missing(lambda k: person.sheet.get(seat, k), main)
    like_missing(lambda a: person.file.get(main, a, seat=seat), c.attachment())
    like_missing(lambda k: person.sheet.save(seat, k, {"need": 1}), main)
    for page in (
        person.sheet.list(seat),
        person.sheet.get(seat, c.candidacy("other")),
        person.sheet.own(seat),
    ):
        text = expect(page, 200).text
        assert f"/candidatures/{main}" not in text, f"{page.request.url.path} links to the file"


@case("A8")
def neighbouring_chamber(c: Context) -> None:
    c.lay("P2")
    person, round_, key = c.be("RY"), c.round(), c.candidacy()
    with c.no_effect():
        like_missing(lambda k: person.get(f"/coordination/{round_}/recevabilite/{k}"), key)
        data = {"verdict": "inadmissible", "reason": "Non."}
        like_missing(lambda k: person.post(f"/coordination/{round_}/recevabilite/{k}", data), key)
        like_missing(lambda r: person.export("candidatures", r), round_)
        for answer in (
            person.settings.deadline(round_, "2026-08-01T12:00"),
            person.get(f"/coordination/{round_}"),
        ):
            expect(answer, 403, 404)


@case("A9")
def twisted_identifiers(c: Context) -> None:
    c.lay("P3")
    person = c.be("CO")
    twisted = [
        c.attachment(),
        c.seat("RJ"),
        c.round(),
        "-1",
        "0",
        str(2**63),
        "1" + "0" * 400,
        "null",
        "%00",
        " ",
        "../x",
    ]
    twisted += [
        c.candidacy().upper(),
        c.candidacy() + "%20",
        "%20" + c.candidacy(),
        "é",
        "%ff",
        c.candidacy()[:-1],
    ]
    for value in twisted:
        for path in (
            f"/candidatures/{value}",
            f"/candidatures/{c.candidacy()}/pieces/{value}",
            f"/structure/{value}",
        ):
            if path.endswith(c.attachment()):
                continue
            answer = person.get(path)
            assert answer.status_code in (400, 404, 308, 405, 414), f"{path[:60]}: {answer.status_code}"


@case("A10")
def unguessable_identifiers(c: Context) -> None:
    c.lay("P1")
    keys = [
        *c.world["candidacies"].values(),
        *c.world["structures"].values(),
        *c.world["attachments"].values(),
    ]
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{22}", key) for key in keys)
    assert len({key[:6] for key in keys}) == len(keys), "identifiers look alike"
    last = c.candidacy()[:-1]
    for sign in "ABCDEFGHIJ":
        if last + sign != c.candidacy():
            expect(c.be("CO").draft.get(last + sign), 404)


@case("A11")
def one_foreign_file_among_several(c: Context) -> None:
    """Nine files of the region and one of another: the preview, the act and the release of letters do nothing at all."""
    c.lay("P2")
    person, round_ = c.be("RC"), c.round()
    own = [c.candidacy(name) for name in ("main", "other", "first", "second", "refused")]
    with c.no_effect():
        for foreign in (c.candidacy("foreign"), c.candidacy("draft")):
            for do in (person.complement.preview, person.complement.several):
                for act in ("admissible", "completion"):
                    like_missing(
                        lambda key, do=do, act=act: do(round_, act, [*own, key]),
                        foreign,
                    )
        letters = {"cle": [c.world["messages"][0], MISSING]}
        expect(person.post(f"/coordination/{round_}/recevabilite/avis", letters), 404)
    page = says(expect(person.complement.preview(round_, "completion", own), 200), "Rien n’est encore fait")
    digest = re.search(r'name="empreinte" value="(\w+)"', page.text)
    assert digest is not None
    asked = {"champ": "area", "message": "Précisez.", "day": "2026-07-10", "hour": "12:00"}
    expect(person.complement.several(round_, "completion", own, empreinte=digest.group(1), **asked), 303)


@case("A14")
def files_out_of_the_running(c: Context) -> None:
    c.lay("P3")
    juror, seat = c.be("RJ"), c.seat("RJ")
    expect(juror.sheet.get(seat, c.candidacy("other")), 200)
    expect(c.be("CX").withdraw(c.candidacy("other")), 303)
    like_missing(lambda k: juror.sheet.get(seat, k), c.candidacy("other"))
    like_missing(lambda k: juror.sheet.get(seat, k), c.candidacy("refused"))
    says(expect(c.be("CX").draft.get(c.candidacy("other")), 200), "retirée")


@case("A15")
def removed_member(c: Context) -> None:
    c.lay("P1")
    person, draft = c.be("CM"), c.candidacy("draft")
    expect(person.draft.save(draft, "area", "Accepté"), 200)
    person.token()
    membership = membership_of(c, "draft")
    expect(c.be("CO").structure.member_remove(c.world["structures"]["draft"], membership), 303)
    expect(person.draft.save(draft, "area", "Refusé"), 404)
    like_missing(person.draft.get, draft)
    like_missing(lambda a: person.file.get(draft, a), c.attachment("photos", "draft"))
    says(c.be("CO").draft.section(draft, "project"), "Accepté")


@case("A16")
def removed_juror(c: Context) -> None:
    c.lay("P3")
    person, seat = c.be("RJ2"), c.seat("RJ2")
    expect(person.sheet.get(seat, c.candidacy()), 200)
    expect(c.be("RC").panel.remove(c.round(), seat), 303)
    refused = person.post(
        f"/jury/{seat}/candidatures/{c.candidacy()}/noter",
        {"mark-need": "3", "mark-need-reason": "Ma raison tapée"},
    )
    says(expect(refused, 404), "Ma raison tapée")
    like_missing(lambda k: person.sheet.get(seat, k), c.candidacy())


@case("A17")
def downgraded_coordinator(c: Context) -> None:
    c.lay("P2")
    person = c.be("RC")
    expect(person.get(f"/coordination/{c.round()}"), 200)
    expect(c.be("NS").post(f"/coordination/roles/{c.world['grants']['RC']}/retirer"), 303, 202)
    expect(person.get(f"/coordination/{c.round()}"), 404)
    expect(person.export("candidatures", c.round()), 404)
    expect(person.get(f"/coordination/{c.round()}/recevabilite/{c.candidacy()}"), 404)


@case("A18")
def safe_methods_change_nothing(c: Context) -> None:
    c.lay("P1")
    person, key = c.be("CO"), c.candidacy()
    paths = [
        f"/candidatures/{key}/{verb}"
        for verb in ("deposer", "reprendre", "enregistrer", "suppression", "pieces")
    ]
    paths += ["/compte/deconnexion", "/compte/sessions/fermer"]
    with c.no_effect():
        for path in paths:
            expect(person.get(path), 405)
            assert person.http.head(path).status_code == 405
            override = person.http.get(
                path, headers={"X-HTTP-Method-Override": "POST"}, params={"_method": "POST"}
            )
            expect(override, 405)
            assert person.http.request("TRACE", path).status_code in (405, 501)
            assert person.http.options(path).status_code in (200, 204, 405)


@case("A19")
def twisted_paths(c: Context) -> None:
    c.lay("P1")
    stranger, key = c.be("CX"), c.candidacy()
    base = f"/candidatures/{key}"
    forms = [
        base + "/",
        "/" + base,
        base.replace("/cand", "/./cand"),
        base + "%2e%2e",
        base + ";x",
        base.upper(),
        base + ".json",
    ]
    forms += [base.replace("/", "%2f"), "/structure/..%2f" + base[1:], "//candidatures//" + key]
    for path in forms:
        answer = stranger.get(path)
        assert answer.status_code in (301, 302, 308, 400, 404), f"{path}: {answer.status_code}"
        if answer.status_code in (301, 308):
            target = answer.headers["Location"]
            expect(stranger.get(httpx.URL(target).raw_path.decode()), 404, 308)


@case("A20")
def leftovers_of_frameworks(c: Context) -> None:
    c.lay("P1")
    for path in (
        "/media/",
        "/uploads/",
        "/static/../config.py",
        "/static/%2e%2e/config.py",
        "/.git/HEAD",
        "/.env",
        "/console",
        "/metrics",
        "/debug",
        "/admin",
        "/backup.zip",
        "/awards.sqlite3",
        "/instance/awards.sqlite3",
        "/static/",
    ):
        answer = expect(c.be("PUB").get(path), 404)
        for word in ("SECRET_KEY", "Werkzeug", "Traceback", "Index of"):
            assert word not in answer.text, f"{path} shows {word}"


@case("A22")
def links_of_staff_replayed(c: Context) -> None:
    """What NS, RC and JP see linked, asked by those who hold nothing there: only public pages answer.

    The whole matrix is walked inside the process by the tests of the house; this is the same from outside.
    """
    c.lay("P4")
    links: set[str] = set()
    starts = {
        "NS": f"/coordination/{c.round()}",
        "RC": f"/coordination/{c.round()}",
        "JP": f"/jury/{c.seat('JP')}",
    }
    for code, start in starts.items():
        page = expect(c.be(code).get(start), 200)
        found = {
            link.split("#")[0] for link in re.findall(r'href="(/(?:coordination|jury)[^"]*)"', page.text)
        }
        for link in sorted(found)[:12]:
            second = c.be(code).get(link)
            found |= {
                one.split("#")[0] for one in re.findall(r'href="(/(?:coordination|jury)[^"]*)"', second.text)
            }
        links |= found
    assert len(links) >= 8, links
    for link in links:
        # Lists of one's own, and rounds where one of them sits, are not this round's.
        if c.round() not in link and c.seat("JP") not in link:
            continue
        expect(c.be("PUB").get(link), 302)
        for code in ("CX", "CO", "RX"):
            expect(c.be(code).get(link), 403, 404)


@case("A26")
def two_roles(c: Context) -> None:
    """A juror of region B becomes a member of a structure of region A: each page opens for its own role only."""
    c.lay("P3")
    email = c.world["people"]["RX"]["email"]
    expect(c.be("CX").structure.member_add(c.world["structures"]["other"], email), 303)
    person = c.be("RX")
    expect(person.accept(c.platform.mail.link(email, "structure_invitation")), 303)
    expect(person.draft.get(c.candidacy("other")), 200)
    for seat in (c.seat("RX"), c.seat("RJ")):
        like_missing(lambda k, s=seat: person.sheet.get(s, k), c.candidacy("other"))
    like_missing(person.draft.get, c.candidacy())


@case("A21")
def no_field_beyond_the_page(c: Context) -> None:
    """The juror's pages never hold contacts, whatever is asked for (page or JSON)."""
    c.lay("P3")
    juror, seat = c.be("RJ"), c.seat("RJ")
    path = f"/jury/{seat}/candidatures/{c.candidacy()}"
    for headers in ({}, {"Accept": "application/json"}):
        answer = juror.get(path, headers=headers)
        expect(answer, 200, 406)
        hides(answer, "contact@contact-structure.example", "02 99 00 00 01", c.world["people"]["CO"]["email"])
    assert c.attachment("statutes") not in parse_ids(juror.get(path))
    assert MISSING not in parse_ids(juror.get(path))
