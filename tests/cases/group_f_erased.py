"""F, continued: a juror who scored and a member who filed are erased, and nothing of the result moves."""

import io
import zipfile
from typing import Any

import httpx

from tests.cases.context import Context, case, expect, hides, says
from tests.cases.group_f_closing import recompute, sealed_scores
from tests.cases.group_f_ranking import rows

PEOPLE = "/coordination/personnes"


def found(c: Context, code: str) -> str:
    """Return the key of a person of the world, found by name as the national staff do."""
    page = expect(c.be("NS").get(PEOPLE, params={"q": c.world["people"][code]["name"].upper()}), 200)
    links = [part.split('"')[0] for part in page.text.split(f'href="{PEOPLE}/')[1:]]
    assert len(links) == 1, links
    return links[0]


def erase(c: Context, key: str, email: str, **more: Any) -> httpx.Response:
    return c.be("NS").post(f"{PEOPLE}/{key}", {"email": email, **more})


def pages(c: Context, member: str) -> list[httpx.Response]:
    """Return what the nation, the chamber, the auditor and the public read that named the two."""
    round_ = c.round()
    desk = [f"/coordination/{round_}/{name}" for name in ("decisions", "jury", "classement")]
    answers = [
        c.be("NS").get(path) for path in (*desk, "/coordination/journal", PEOPLE, "/coordination/roles")
    ]
    answers.append(c.be("NS").get(f"/coordination/{round_}/candidatures/{member}"))
    answers += [c.be("PUB").get(path) for path in ("/", "/palmares", "/regions/bretagne")]
    return [expect(answer, 200, 404, 409) for answer in answers]


@case("F32")
def erased_after_the_publication(c: Context) -> None:
    """RJ, who scored, and E1, who filed: the ranking, its hash, the journal's chain and the archives stay; no name does."""
    for phase in ("P6", "P7"):
        c.lay(phase)
        auditor, round_ = c.be("AU"), c.round()
        archive = expect(auditor.export("archive", round_), 200)
        lines, seal = rows(_ranking(c)), sealed_scores(archive)
        people = {code: c.world["people"][code] for code in ("RJ", "E1")}
        keys = {code: found(c, code) for code in people}
        for code, key in keys.items():
            page = expect(c.be("NS").get(f"{PEOPLE}/{key}"), 200)
            says(page, "Ce qui disparaît", "Ce qui reste, et pourquoi", people[code]["name"])
            with c.no_effect():
                for typed in ("", "autre@exemple.fr", "x" * 400):
                    expect(erase(c, key, typed), 422)
        with c.no_effect():
            says(expect(erase(c, keys["E1"], people["E1"]["email"]), 409), "seule responsable")
            for code in ("RC", "AU", "JP", "CO", "PUB"):
                expect(
                    c.be(code).post(f"{PEOPLE}/{keys['RJ']}", {"email": people["RJ"]["email"]}), 401, 403, 404
                )
        for code, key in keys.items():
            expect(erase(c, key, people[code]["email"].upper(), told="y"), 303)
            says(expect(c.be("NS").get(f"{PEOPLE}/{key}"), 200), "Personne effacée", "Effacée le")
        for code, person in people.items():
            refused = c.platform.session().login(person["email"], person["password"])
            assert refused.status_code != 303, code
            for page in pages(c, c.candidacy("first")):
                hides(page, person["name"], person["email"])
            for letter in c.platform.mail.sink():
                assert person["name"] not in letter["text"] + letter["recipient"]
                assert person["email"] not in letter["text"] + letter["recipient"].lower()
        assert rows(_ranking(c)) == lines
        after = expect(auditor.export("archive", round_), 200)
        assert sealed_scores(after) == seal
        for sealed in (archive.content, after.content):
            code_, said = recompute(sealed)
            assert (code_, said[:4]) == (0, "yes "), said
        assert not _names(after.content, people), "the archive names them"
        says(expect(c.be("AU").get("/coordination/journal/verification"), 200), "Le journal est intact")


def _ranking(c: Context) -> httpx.Response:
    return expect(c.be("AU").get(f"/coordination/{c.round()}/classement"), 200)


def _names(archive: bytes, people: dict[str, dict[str, str]]) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(archive)) as envelope:
        said = "".join(envelope.read(name).decode() for name in envelope.namelist())
    return [person["name"] for person in people.values() if person["name"] in said]
