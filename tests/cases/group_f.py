"""F. Scores, locks, ranking, decisions."""

from tests.cases.context import Context, case, expect, hides, in_time, like_missing, says
from tests.cases.group_e import at_once


@case("F1")
def impossible_levels(c: Context) -> None:
    c.lay("P3")
    juror, seat, main = c.be("RJ"), c.seat("RJ"), c.candidacy("other")
    for value in (
        "-1",
        "5",
        "1e309",
        "1" + "0" * 400,
        " ",
        "abc",
        "5 points",
        "null",
        "true",
        "[5]",
        '{"v":5}',
        "4.5",
        "٣",
    ):
        with c.no_effect():
            answer = expect(juror.sheet.save(seat, main, {"need": value, "governance": value}), 422)
        assert "mark-need" in answer.text, value
    typed = juror.sheet.save(seat, main, {"need": "9"}, **{"mark-need-reason": "Texte à garder"})
    says(expect(typed, 422), "Texte à garder")


@case("F3")
def impossible_json(c: Context) -> None:
    c.lay("P3")
    juror, seat, main = c.be("RJ"), c.seat("RJ"), c.candidacy()
    bodies = [
        '{"mark-need": NaN}',
        '{"mark-need": 1, "mark-need": 2}',
        "[" * 10000 + "]" * 10000,
        '{"mark-need": ' + "9" * 1_000_000 + "}",
        "[1]",
        "{",
    ]
    for body in bodies:
        answer = in_time(3, lambda body=body: juror.sheet.send_json(seat, main, body))
        assert answer.status_code in (400, 413, 422), f"{body[:30]}: {answer.status_code}"


@case("F4")
def locking_with_a_sheet_missing(c: Context) -> None:
    c.lay("P3")
    chair, seat = c.be("JP"), c.seat("JP")
    refused = expect(chair.lock(seat), 409)
    says(refused, c.world["people"]["RJ2"]["name"], "L’Atelier du vélo")
    data = {"seat": c.seat("RJ2"), "candidacy": c.candidacy("first"), "reason": "Absence."}
    expect(chair.post(f"/jury/{seat}/dispenser", data), 303, 202)
    expect(chair.lock(seat), 409)
    expect(c.be("RC").post(f"/coordination/{c.round()}/dispenser", data), 303, 202)
    expect(chair.lock(seat), 303)
    says(expect(chair.distribution(seat), 200), "L’Atelier du vélo")


@case("F15")
def two_tabs_of_a_sheet(c: Context) -> None:
    c.lay("P3")
    juror, seat, file = c.be("RJ"), c.seat("RJ"), c.candidacy("other")
    first = expect(juror.sheet.save_one(seat, file, "mark-need", "1"), 200).json()["version"]
    expect(juror.sheet.save_one(seat, file, "mark-need", "2", first), 200)
    stale = expect(c.another("RJ").sheet.save_one(seat, file, "mark-need", "3", first), 409).json()
    assert (stale["yours"], stale["theirs"]) == ("3", "2"), stale


@case("F18")
def locked_twice(c: Context) -> None:
    c.lay("P3")
    expect(c.be("RJ2").sheet.save(c.seat("RJ2"), c.candidacy("first"), dict.fromkeys(CRITERIA, 2)), 303)
    browsers = [c.another("JP") for _ in range(4)]
    for one in browsers:
        one.token()
    answers = at_once(4, lambda n: browsers[n].post(f"/jury/{c.seat('JP')}/verrouiller"))
    assert {answer.status_code for answer in answers} <= {303, 200, 409}, [
        answer.status_code for answer in answers
    ]
    assert 303 in {answer.status_code for answer in answers}


CRITERIA = (
    "need",
    "social_impact",
    "ecological_impact",
    "governance",
    "territory",
    "economic_model",
    "innovation",
)


@case("F20")
def stale_form_after_recusal(c: Context) -> None:
    c.lay("P3")
    juror, seat, main = c.be("RJ"), c.seat("RJ"), c.candidacy()
    expect(juror.panel.declare(seat, main, "recused", "Un proche y travaille."), 303)
    refused = expect(
        juror.sheet.save(seat, main, {"need": 4}, **{"mark-need-reason": "Ma phrase tapée"}), 404
    )
    says(refused, "Ma phrase tapée")


@case("F23")
def a_file_never_assigned(c: Context) -> None:
    c.lay("P3")
    juror, seat = c.be("RJ"), c.seat("RJ")
    for name in ("foreign", "draft", "refused"):
        like_missing(lambda k: juror.sheet.save(seat, k, {"need": 1}), c.candidacy(name))
        like_missing(lambda k: juror.sheet.get(seat, k), c.candidacy(name))
    c.lay("P2")
    chamber, page = c.be("RC"), f"/coordination/{c.round()}/repartition"
    asked = {"theme": "us", "readers": "1", "spread": "2"}
    expect(chamber.post(f"{page}/calculer", asked), 303)
    expect(chamber.post(f"/coordination/{c.round()}/ouvrir-notation"), 303)
    for code in ("RJ", "RJ2", "RJ3"):
        closed_to(c, code, f"{page}/ajouter")


def closed_to(c: Context, code: str, adding: str) -> None:
    """Hold a juror to the files they were given: the others of the theme are not there, nor can they give them."""
    juror, seat = c.be(code), c.seat(code)
    for name in ("other", "first"):
        expect(juror.panel.declare(seat, c.candidacy(name), "none"), 303)
    mine = expect(juror.sheet.list(seat), 200).text
    for key in (c.candidacy(name) for name in ("other", "first") if c.candidacy(name) not in mine):
        like_missing(lambda k: juror.sheet.save(seat, k, {"need": 1}), key)
        like_missing(lambda k: juror.sheet.get(seat, k), key)
        expect(juror.post(adding, {"seat": seat, "candidacy": key}), 403)


@case("F24")
def put_aside(c: Context) -> None:
    c.lay("P3")
    juror, seat = c.be("RJ2"), c.seat("RJ2")
    expect(juror.sheet.later(seat, c.candidacy("first")), 303)
    page = expect(c.another("RJ2").sheet.list(seat), 200)
    assert f"/candidatures/{c.candidacy('first')}" in page.text
    says(page, "plus tard")


@case("F25")
def after_ones_own_final(c: Context) -> None:
    c.lay("P3")
    juror, seat, file = c.be("RJ"), c.seat("RJ"), c.candidacy("other")
    expect(juror.sheet.final(seat, file), 303)
    expect(juror.sheet.save(seat, file, {"need": 1}), 409)
    data = {"seat": seat, "candidacy": file, "reason": "Une note à corriger."}
    expect(c.be("JP").post(f"/jury/{c.seat('JP')}/rouvrir", data), 303)
    expect(juror.sheet.save(seat, file, {"need": 1}), 303)
    expect(c.be("RJ3").post(f"/jury/{c.seat('RJ3')}/rouvrir", data), 404)


@case("F26")
def after_the_lock(c: Context) -> None:
    c.lay("P4")
    juror, seat, file = c.be("RJ"), c.seat("RJ"), c.candidacy("other")
    with c.no_effect():
        answer = juror.sheet.save(seat, file, {"need": 0}, **{"mark-need-reason": "Trop tard mais tapé"})
        says(expect(answer, 409), "Trop tard mais tapé")
        expect(juror.sheet.save_one(seat, file, "mark-need", "0"), 409)
        expect(juror.sheet.final(seat, file), 409)


@case("F11")
def impossible_weights(c: Context) -> None:
    c.lay("P1")
    expect(c.be("NS").get("/coordination/editions/2026/grille/regional"), 200)
    for value in ("99", "-1", "33.33", "1000", ""):
        with c.no_effect():
            expect(c.be("NS").settings.criteria(2026, "regional", **{"us-need": value}), 422)


@case("F12")
def grid_after_the_first_score(c: Context) -> None:
    c.lay("P3")
    with c.no_effect():
        expect(c.be("NS").settings.criteria(2026, "regional"), 409)


@case("F28")
def impossible_decisions(c: Context) -> None:
    c.lay("P4")
    chair, seat = c.be("JP"), c.seat("JP")
    path = f"/jury/{seat}/decisions/proposer?prix=national_entry&thematique=us"
    for name in ("refused", "foreign", "second", "draft"):
        expect(chair.post(path, {"candidacy": c.candidacy(name), "citation": "x", "reason": "x"}), 422)
    expect(chair.post(path, {"candidacy": "inconnue", "citation": "x", "reason": "x"}), 422)


@case("F33")
def no_way_to_import_a_ranking(c: Context) -> None:
    c.lay("P4")
    for path in (f"/jury/{c.seat('JP')}/classement", f"/coordination/{c.round()}/classement"):
        for code in ("JP", "RC"):
            page = c.be(code).get(path)
            if page.status_code == 200:
                assert 'type="file"' not in page.text, path
        expect(c.be("JP").post(path, {"rang": "1"}), 404, 405)


@case("F31")
def national_jurors_see_no_regional_score(c: Context) -> None:
    c.lay("P5")
    for code in ("NJ", "NP"):
        for page in (c.be(code).sheet.list(c.seat(code)), c.be(code).sheet.get(c.seat(code), c.candidacy())):
            hides(
                expect(page, 200),
                c.canary("mark"),
                c.canary("comment"),
                c.canary("note"),
                c.world["people"]["RJ"]["name"],
            )
        expect(c.be(code).get(f"/jury/{c.seat('JP')}/classement"), 404)
