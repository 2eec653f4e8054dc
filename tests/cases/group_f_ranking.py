"""F, continued: what a ranking is made of, over HTTP."""

import random
import re

import httpx

from tests.cases.context import Context, case, expect, hides, says
from tests.cases.group_f import CRITERIA

# Golden data of trust.md 4.F, a level down (the grid goes from 0 to 4): three files, four jurors, R stands aside.
WEIGHTS = {"need": 40, "social_impact": 30, "ecological_impact": 20, "governance": 10}
GOLDEN = {
    "main": ("4410", "R", "3333", "3234"),  # Béta, 59/15 less 1
    "other": ("3333", "3333", "3332", "2222"),  # Gamma, 149/40 less 1
    "first": ("3333", "3332", "2222", "3333"),  # Epsilon, 149/40 less 1
}
PANEL = ("JP", "RK", "RJ", "RJ2")
TITLES = {"main": "Les Ateliers du Phare", "other": "La Maison commune", "first": "L’Atelier du vélo"}


def ranking(c: Context, code: str = "JP") -> httpx.Response:
    if code == "JP":
        return expect(c.be(code).get(f"/jury/{c.seat('JP')}/classement"), 200)
    return expect(c.be(code).get(f"/coordination/{c.round()}/classement"), 200)


def advice(c: Context) -> httpx.Response:
    return expect(c.be("JP").get(f"/jury/{c.seat('JP')}/avis"), 200)


def mark(c: Context, code: str, name: str, levels: dict[str, int]) -> None:
    reasons = {f"mark-{criterion}-reason": "Parce que." for criterion in levels}
    expect(c.be(code).sheet.save(c.seat(code), c.candidacy(name), levels, **reasons), 303)


def golden_round(c: Context) -> None:
    """Bring the world to the golden data: its weights, its four jurors, its notes, then the lock."""
    c.lay("P2")
    weights = {f"{theme}-{code}": str(WEIGHTS.get(code, 0)) for theme in ("us", "te") for code in CRITERIA}
    expect(c.be("NS").settings.criteria(2026, "regional", **weights), 303)
    expect(c.be("RC").panel.remove(c.round(), c.seat("RJ3")), 303)
    for code in PANEL:
        for name in (*GOLDEN, "second"):
            if (code, name) not in (("RK", "main"), ("RK", "second")):
                expect(c.be(code).panel.declare(c.seat(code), c.candidacy(name), "none"), 303)
    expect(c.be("RC").open_scoring(c.round()), 303)
    for name, notes in GOLDEN.items():
        for code, word in zip(PANEL, notes, strict=True):
            if word != "R":
                mark(
                    c,
                    code,
                    name,
                    {criterion: int(sign) for criterion, sign in zip(WEIGHTS, word, strict=True)},
                )
    for code in ("JP", "RJ", "RJ2"):
        mark(c, code, "second", dict.fromkeys(WEIGHTS, 2))
    expect(c.be("JP").lock(c.seat("JP")), 303)


def rows(page: httpx.Response) -> list[str]:
    """Return the text of each line of the first table of a ranking."""
    table = page.text.split("<tbody>", 1)[1].split("</tbody>", 1)[0]
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)) for row in table.split("</tr>")[:-1]]


@case("F5")
def golden_data(c: Context) -> None:
    golden_round(c)
    for code in ("JP", "RC"):
        lines = rows(ranking(c, code))
        assert [name for line in lines[:1] for name in TITLES.values() if name in line] == [TITLES["main"]]
        assert [next(iter(re.findall(r"\d\d,\d\d", line))) for line in lines] == ["73,33", "68,13", "68,13"]
        assert [re.findall(r"\b(\d) ex æquo", line) for line in lines] == [[], ["2"], ["2"]]


@case("F10")
def halves_go_up_and_only_when_shown(c: Context) -> None:
    golden_round(c)
    page = ranking(c)
    says(page, "68,13")
    hides(page, "68,12", "68.13")


@case("F8")
def inside_a_tie(c: Context) -> None:
    golden_round(c)
    for code in ("JP", "RC"):
        page = ranking(c, code).text
        assert len(re.findall(r'<td class="rank"[^>]* rowspan="2"><strong>2 ex æquo</strong>', page)) == 1
    # Equal files come in an order of their own, the same for everybody and each time.
    assert rows(ranking(c)) == rows(ranking(c))


@case("F6")
def whatever_the_order_of_saving(c: Context) -> None:
    seals = []
    for seed in (1, 2):
        c.lay("P3")
        orders = [
            (code, name)
            for code in ("RJ", "RJ2", "RJ3", "JP")
            for name in ("main", "other", "first", "second")
        ]
        random.Random(seed).shuffle(orders)
        for code, name in orders:
            level = (len(code) + len(name)) % 3 + 1
            for again in (level - 1, level) if seed == 2 else (level,):
                mark(c, code, name, dict.fromkeys(CRITERIA, again))
        expect(c.be("RJ").sheet.final(c.seat("RJ"), c.candidacy("other")), 303)
        data = {"seat": c.seat("RJ"), "candidacy": c.candidacy("other"), "reason": "Une note à revoir."}
        expect(c.be("JP").post(f"/jury/{c.seat('JP')}/rouvrir", data), 303)
        mark(c, "RJ", "other", dict.fromkeys(CRITERIA, 2))
        expect(c.be("JP").lock(c.seat("JP")), 303)
        page = ranking(c)
        seals.append((re.findall(r"\b[0-9a-f]{64}\b", page.text)[0], rows(page)))
    assert seals[0] == seals[1]


@case("F9")
def a_tie_across_the_cut(c: Context) -> None:
    c.lay("P3")
    for code in ("RJ", "RJ2", "RJ3", "RK", "JP"):
        for name in ("main", "other", "first"):
            if (code, name) != ("RK", "main"):
                mark(c, code, name, dict.fromkeys(CRITERIA, 2))
    chair, seat = c.be("JP"), c.seat("JP")
    expect(chair.lock(seat), 303)
    says(ranking(c), "à égalité")
    path = f"/jury/{seat}/decisions/proposer?prix=national_entry&thematique=us"
    proposal = {"candidacy": c.candidacy("other"), "citation": "Pour un lieu partagé.", "reason": ""}
    expect(chair.post(path, proposal), 409)
    order = {f"place-{n}": c.candidacy(name) for n, name in enumerate(("other", "main", "first"), 1)}
    tie = {"theme": "us", "method": "vote", **order}
    expect(chair.post(f"/jury/{seat}/deliberation/departage", tie), 422)
    tie["reason"] = "Deux voix contre une à main levée."
    expect(chair.post(f"/jury/{seat}/deliberation/departage", tie), 303)
    expect(chair.post(path, proposal), 303)
    people = c.world["people"]
    written = {"place": "Rennes", "held_on": "20/09/2026", "notes": "Le jury a délibéré."}
    expect(chair.minutes(seat, chair=people["JP"]["name"], secretary=people["RC"]["name"], **written), 303)
    says(expect(chair.get(f"/jury/{seat}/deliberation"), 200), "Deux voix contre une à main levée.")


@case("F13")
def moved_to_another_jury(c: Context) -> None:
    c.lay("P3")
    who = c.world["people"]["RJ3"]
    before = c.seat("RJ3")
    expect(c.be("RC").panel.remove(c.round(), before, "Change de région."), 303)
    expect(c.be("RY").panel.add(c.round("B"), who["name"], who["email"]), 303, 409)
    expect(c.be("RJ3").sheet.save(before, c.candidacy("other"), {"need": 4}), 404)
    mark(c, "RJ2", "first", dict.fromkeys(CRITERIA, 2))
    expect(c.be("JP").lock(c.seat("JP")), 303)
    page = ranking(c)
    says(page, "1 fiche écartée")
    for line in rows(page):
        assert not any(name in line for name in ("Le Verger normand",)), line
    hides(ranking(c, "RC"), "fiche écartée")


@case("F14")
def juries_that_say_nothing(c: Context) -> None:
    c.lay("P3")
    for code in ("RJ", "RJ2", "RJ3", "RK", "JP"):
        for name in ("main", "other", "first"):
            if (code, name) != ("RK", "main"):
                mark(c, code, name, dict.fromkeys(CRITERIA, 3))
    for code in ("RJ", "RJ2", "RJ3"):
        expect(c.be(code).panel.declare(c.seat(code), c.candidacy("second"), "recused", "Un proche."), 303)
    expect(c.be("JP").lock(c.seat("JP")), 303)
    for page in (ranking(c), advice(c), ranking(c, "RC")):
        assert not re.search(r"\b(nan|NaN|None)\b", page.text), page.url
    says(ranking(c), "1 ex æquo")
    says(advice(c), "Toutes les notes sont égales", "Un seul dossier est noté")
    c.lay("P3")
    mark(c, "RJ2", "first", dict.fromkeys(CRITERIA, 3))
    for code in ("RJ", "RJ2", "RJ3"):
        expect(c.be(code).panel.declare(c.seat(code), c.candidacy("second"), "recused", "Un proche."), 303)
    data = {
        "seat": c.seat("JP"),
        "candidacy": c.candidacy("second"),
        "verdict": "unsure",
        "reason": "Un doute.",
    }
    expect(c.be("RC").post(f"/coordination/{c.round()}/liens", data), 303)
    expect(c.be("JP").lock(c.seat("JP")), 303, 409)
