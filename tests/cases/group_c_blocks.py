"""C. Embargo and publication: what blocks a confirmation and a publication, each reason by its name."""

from typing import Any

from tests.adapter import Adapter
from tests.cases.context import Context, case, expect, says

CRITERIA = (
    "need", "social_impact", "ecological_impact", "governance", "territory", "economic_model", "innovation", "reach",
)  # fmt: skip
REGIONAL = ("need", "social_impact", "governance", "territory")


def criteria_of(c: Context, code: str, candidacy: str) -> list[str]:
    """Return the criteria that a juror's sheet asks for."""
    page = expect(c.be(code).sheet.get(c.seat(code), candidacy), 200).text
    return [one for one in CRITERIA if f'name="mark-{one}"' in page]


def score(c: Context, code: str, name: str, level: int) -> None:
    """Save one level everywhere on a juror's sheet."""
    key = c.candidacy(name)
    marks = dict.fromkeys(criteria_of(c, code, key), level)
    assert marks, f"the sheet of {code} asks for nothing"
    expect(c.be(code).sheet.save(c.seat(code), key, marks))


def propose(chair: Adapter, seat: str, prize: str, candidacy: str, **more: Any) -> Any:
    """Propose who receives a regional prize of the theme « us »."""
    sent = {"prix": prize, "thematique": "us", "candidacy": candidacy, "citation": "Un lieu partagé.", **more}
    return chair.post(f"/jury/{seat}/decisions/proposer", sent)


@case("C17")
def everything_that_blocks(c: Context) -> None:
    """A missing score blocks the lock; then a tie, no reason, no minutes, no attendance, the proposer who confirms."""
    c.lay("P3")
    key, seat = c.round(), c.seat("JP")
    for code in ("RJ", "RJ2", "RJ3", "JP"):
        score(c, code, "main", 4)
    for code in ("RJ", "RJ2", "RJ3", "RK", "JP"):
        score(c, code, "other", 4)
    with c.no_effect():
        says(expect(c.be("JP").lock(seat), 409), "manquantes")
    score(c, "RJ2", "first", 1)
    for code in ("RJ", "RJ2", "RJ3", "RK", "JP"):
        expect(c.be(code).sheet.done(c.seat(code)))
    expect(c.be("JP").lock(seat))
    c.at("2026-09-20T09:00:00+00:00")
    with c.no_effect():
        says(
            expect(propose(c.be("JP"), seat, "regional_title", c.candidacy("main")), 409),
            "départag",
        )
        passed = propose(c.be("JP"), seat, "regional_title", c.candidacy("first"))
        says(expect(passed, 422), "motif", "Un lieu partagé.")
    first = propose(c.be("JP"), seat, "regional_title", c.candidacy("first"), reason="Un choix du jury.")
    expect(first, 303)
    points = expect(c.be("RC").confirm(key), 409)
    says(
        points,
        "des ex æquo à la limite des places ne sont pas départagés",
        "Le procès-verbal n’est pas rédigé",
        "La présence de",
        "rien n’est proposé, pas même « non décerné »",
    )
    for act in (c.be("RC").publishing.arm, c.be("RC").publishing.lift):
        expect(act(key), 409)
    own_proposal(c, key)


def own_proposal(c: Context, key: str) -> None:
    """The chair, made a coordinator by two persons, may not confirm what they proposed."""
    role = {
        "email": c.world["people"]["JP"]["email"],
        "role": "coordinator",
        "region": c.world["regions"]["A"],
    }
    for code in ("RC", "NS"):
        expect(c.be(code).post("/coordination/roles", role), 303)
    with c.no_effect():
        says(expect(c.another("JP").confirm(key), 409), "une autre personne doit confirmer")
