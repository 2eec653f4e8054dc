"""F. What is set aside, annulled, withdrawn or recomputed."""

import io
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from tests.cases.context import Context, case, expect, hides, says
from tests.cases.group_e import at_once
from tests.cases.group_f import CRITERIA
from tests.cases.group_f_ranking import TITLES, ranking, rows

RECOMPUTE = Path(__file__).parents[1] / "independent" / "recompute.py"


def scores(page: httpx.Response) -> dict[str, str]:
    """Return the score shown of each file of the first table."""
    found = {}
    for line in rows(page):
        name = next(name for name, title in TITLES.items() if title in line)
        found[name] = re.findall(r"\d+,\d\d", line)[0]
    return found


@case("F21")
def set_aside_after_scoring(c: Context) -> None:
    """RJ stands aside from a file already scored, RJ2 from the one sheet missing, RJ3 leaves: the lock then holds."""
    c.lay("P3")
    chair = c.be("JP")
    says(expect(chair.lock(c.seat("JP")), 409), TITLES["first"])
    for code, name in (("RJ", "other"), ("RJ2", "first")):
        expect(c.be(code).panel.declare(c.seat(code), c.candidacy(name), "recused", "Un proche."), 303)
    expect(c.be("RC").panel.remove(c.round(), c.seat("RJ3"), "Démission."), 303)
    expect(chair.lock(c.seat("JP")), 303)
    # Levels left: 4, 3, 4; then 3, 1, 2; then 1, 0, 1; in quarters of a hundred.
    left = {"main": "91,67", "other": "50,00", "first": "16,67"}
    for page in (ranking(c), expect(c.be("AU").get(f"/coordination/{c.round()}/classement"), 200)):
        assert scores(page) == left
        noted = [re.findall(r"\d fiches? écartées?", line) for line in rows(page)]
        assert noted == [["1 fiche écartée"], ["2 fiches écartées"], ["1 fiche écartée"]], noted
    own = expect(c.be("RJ2").get(f"/jury/{c.seat('RJ2')}/classement"), 200, 404)
    for page in (ranking(c, "RC"), own):
        assert re.findall(r"\d fiches? écartées?", page.text) == [], page.url
    kept = says(expect(c.be("AU").export("notes", c.round()), 200), "écartée").text
    assert kept.count(f'"{TITLES["other"]}"') == 5 * len(CRITERIA)


def invited(c: Context, name: str, email: str) -> str:
    """Have the chamber invite somebody, who accepts by the link and signs the charter; return the seat."""
    expect(c.be("RC").panel.add(c.round(), name, email), 303)
    person = c.platform.session()
    letters = [letter for letter in c.platform.mail.sink() if letter["recipient"].lower() == email.lower()]
    expect(person.accept(c.platform.mail.link(letters[-1]["recipient"], "jury_invitation")), 303)
    seat = person.get("/jury", follow_redirects=True).url.path.split("/")[2]
    expect(person.panel.charter(seat), 303)
    return seat


def found_ties(c: Context, name: str) -> list[tuple[str, str]]:
    """Return (structure, reason) of each recusal that facts made for a juror, as the auditor reads them."""
    page = expect(c.be("AU").get(f"/coordination/{c.round()}/liens/registre.csv"), 200).text
    lines = [line.strip('"').split('";"') for line in page.lstrip("\ufeff").splitlines()]
    return sorted((line[1], line[4]) for line in lines if line[0] == name and line[5] == "constaté")


@case("F22")
def certain_ties(c: Context) -> None:
    """A mail domain that is the structure's own, through case, sub-domain and alias; a past membership; never webmail."""
    c.lay("P2")
    responsible, structure = c.be("CO"), c.world["structures"]["main"]
    expect(responsible.invite(structure, "zora.quint@gmail.com"), 303)
    zora = c.platform.session()
    expect(zora.accept(c.platform.mail.link("zora.quint@gmail.com", "structure_invitation")), 303)
    for name in ("main", "draft", "free"):
        page = responsible.structure.members(c.world["structures"][name]).text
        for key in set(re.findall(r"/membres/([\w-]{22})/retirer", page)):
            if c.world["people"]["CM"]["name"] in _around(page, key):
                expect(responsible.structure.member_remove(c.world["structures"][name], key), 303)
    former = c.world["people"]["CM"]["email"]
    domain = "Adresse de courriel du même domaine que la structure."
    mailbox = "Adresse de courriel d’une personne de la structure candidate."
    people = {
        "Ada Pareil": ("ada@structure-co.example", domain),
        "Bob Majuscule": ("BOB@Structure-CO.Example", domain),
        "Cléo Dessous": ("cleo+prix@lettres.structure-co.example", domain),
        "Dan Alias": ("Zora.Quint+jury@gmail.com", mailbox),
        "Camille Membre": (former, "Ancien membre de la structure candidate."),
        "Éva Libre": ("eva@gmail.com", ""),
        "Flo Orange": ("flo@orange.fr", ""),
    }
    for name, (email, reason) in people.items():
        seat = invited(c, name, email)
        wanted = [(TITLES["main"], reason)] if reason else []
        assert found_ties(c, name) == wanted, name
        told = [
            letter["recipient"]
            for letter in c.platform.mail.sink()
            if letter["kind"] == "certain_tie" and name in letter["text"]
        ]
        both = [c.world["people"][code]["email"] for code in ("JP", "RC")]
        assert sorted(told) == (sorted(both) if reason else []), name
        for letter in c.platform.mail.sink():
            assert letter["kind"] != "certain_tie" or TITLES["main"] not in letter["text"]
        assert seat


def _around(page: str, key: str) -> str:
    """Return what a page says just before the form of a member."""
    place = page.index(f"/membres/{key}/retirer")
    return page[max(0, place - 1500) : place]


@case("F27")
def reopened_after_the_decision(c: Context) -> None:
    """Once decided, the chamber and the nation reopen: every decision is annulled first, what was locked is kept.

    The matrix (RND-2) gives it to RC and NS in P5, no longer to the chair.
    """
    c.lay("P5")
    chair, seat, round_ = c.be("JP"), c.seat("JP"), c.round()
    auditor, again = c.be("AU"), {"reason": "Une erreur de saisie."}
    minutes = expect(auditor.get(f"/coordination/{round_}/proces-verbal.pdf"), 200)
    number = re.findall(r'filename="([\w-]+)\.pdf"', minutes.headers["Content-Disposition"])[0]
    notes = expect(auditor.export("notes", round_), 200).text
    seal = sealed_scores(auditor.export("archive", round_))
    with c.no_effect():
        expect(chair.post(f"/jury/{seat}/deverrouiller", again), 409)
    expect(c.be("RC").post(f"/coordination/{round_}/deverrouiller", again), 303)
    expect(auditor.get(f"/coordination/{round_}/decisions"), 200)
    expect(c.be("NS").post(f"/coordination/{round_}/deverrouiller", again), 303)
    expect(auditor.get(f"/coordination/{round_}/decisions"), 409)
    annulled = expect(auditor.audit.read(acte="annul_decision"), 200).text.split("<tbody", 1)[1]
    assert annulled.count(again["reason"]) == 4, "each decision is annulled by an entry of its own"
    expect(chair.post(f"/jury/{seat}/termine", {"reprendre": "1"}), 303)
    expect(chair.sheet.save(seat, c.candidacy("other"), dict.fromkeys(CRITERIA, 4)), 303)
    expect(chair.lock(seat), 303)
    assert sealed_scores(auditor.export("archive", round_)) != seal
    assert expect(auditor.export("notes", round_), 200).text != notes
    assert expect(auditor.export("notes", round_, instantane="1"), 200).text == notes
    expect(auditor.export("notes", round_, instantane="9"), 404)
    former = expect(auditor.get(f"/coordination/{round_}/proces-verbal.pdf", params={"numero": number}), 200)
    assert former.content.startswith(b"%PDF")
    assert number in former.headers["Content-Disposition"]
    listed = expect(auditor.audit.read(acte="lock_scoring"), 200)
    assert seal in listed.text


def sealed_scores(archive: httpx.Response) -> str:
    """Return the hash of the scores that an archive holds."""
    with zipfile.ZipFile(io.BytesIO(expect(archive, 200).content)) as envelope:
        content = json.loads(envelope.read("archive.json"))
    found: str = content["rounds"][0]["snapshot_sha256"]
    return found


@case("F29")
def laureate_withdraws_under_embargo(c: Context) -> None:
    """The decision is flagged, the publication disarmed, the panel told; nobody is put in the place."""
    c.lay("P5")
    round_, main = c.round(), c.candidacy()
    for code in ("RC", "NS"):
        expect(c.be(code).publishing.arm(round_), 303)
    before = _laureates(c)
    c.platform.mail.sink()
    known = len(c.platform.mail.sink())
    expect(c.be("CO").withdraw(main, "Nous cessons notre activité."), 303)
    letters = c.platform.mail.sink()[known:]
    told = {letter["recipient"] for letter in letters}
    wanted = {c.world["people"][code]["email"] for code in ("RJ", "RJ2", "RJ3", "JP", "RC")}
    assert wanted <= told, f"not told: {sorted(wanted - told)}"
    # RK stands aside from this file: nothing tells them what was decided in its theme.
    assert c.world["people"]["RK"]["email"] not in told
    for page in (
        c.be("JP").get(f"/jury/{c.seat('JP')}/decisions"),
        c.be("RC").get(f"/coordination/{round_}/decisions"),
    ):
        says(expect(page, 200), "retirée")
    assert _laureates(c) == before
    c.at("2026-12-24T12:00:00+00:00")
    expect(c.platform.job.run("sweep"), 200)
    hides(expect(c.be("PUB").get("/palmares"), 200), TITLES["main"], TITLES["other"])


def _laureates(c: Context) -> list[str]:
    page = expect(c.be("RC").get(f"/coordination/{c.round()}/decisions"), 200)
    return sorted(title for title in TITLES.values() for _ in range(page.text.count(title)))


@case("F16")
def many_sheets_at_once(c: Context) -> None:
    """Four jurors, twelve browsers, 60 saves, each tried again when refused for a while: the last of each is there."""
    c.lay("P3")
    files = ("main", "other", "first")
    codes = ("RJ", "RJ3", "JP", "RJ2")
    browsers = {(code, name): c.another(code) for code in codes for name in files}
    for one in browsers.values():
        one.token()
    places = list(browsers)

    def save(place: int) -> list[int]:
        code, name = places[place]
        statuses = []
        for turn in range(5):
            levels = dict.fromkeys(CRITERIA, (place + turn) % 3 + 1)
            for _attempt in range(5):
                answer = browsers[code, name].sheet.save(c.seat(code), c.candidacy(name), levels)
                if answer.status_code == 303:
                    break
            statuses.append(answer.status_code)
        return statuses

    done: list[Any] = at_once(len(places), save)
    assert done == [[303] * 5] * len(places)
    for place, (code, name) in enumerate(places):
        page = expect(c.be(code).sheet.get(c.seat(code), c.candidacy(name)), 200).text
        last = (place + 4) % 3 + 1
        kept = set(re.findall(r'name="mark-[\w]+" id="[\w-]+" value="(\d)" checked', page))
        assert kept == {str(last)}, (code, name, kept)


@case("F30")
def recomputed_by_others(c: Context) -> None:
    """The sealed export agrees with a script that shares no code; a score, a weight or a juror changed is located."""
    c.lay("P4")
    sealed = expect(c.be("AU").export("archive", c.round()), 200).content
    code, said = recompute(sealed)
    assert (code, said[:4]) == (0, "yes "), said
    for change, named in ((_one_score, "score"), (_one_weight, "grid"), (_one_juror_less, "juror")):
        code, said = recompute(altered(sealed, change))
        assert code == 1, f"{named}: {said}"
        assert "not the line that was sealed" in said.splitlines()[0], said


def recompute(content: bytes) -> tuple[int, str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive.zip"
        path.write_bytes(content)
        done = subprocess.run(
            [sys.executable, "-I", str(RECOMPUTE), str(path)], capture_output=True, text=True, check=False
        )
    return done.returncode, done.stdout.strip()


def altered(sealed: bytes, change: Callable[[dict[str, Any]], None]) -> bytes:
    """Return the archive with its content changed and its manifest left."""
    with zipfile.ZipFile(io.BytesIO(sealed)) as envelope:
        content, manifest = json.loads(envelope.read("archive.json")), envelope.read("manifest.json")
    change(content)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as envelope:
        envelope.writestr("archive.json", json.dumps(content, ensure_ascii=False, separators=(",", ":")))
        envelope.writestr("manifest.json", manifest)
    return held.getvalue()


def _one_score(content: dict[str, Any]) -> None:
    levels = _first_theme(content)["sheets"][0]["levels"]
    levels["need"] = 4 - levels["need"] if levels["need"] != 2 else 3


def _one_weight(content: dict[str, Any]) -> None:
    _first_theme(content)["grid"]["criteria"][0]["weight"] += 1


def _one_juror_less(content: dict[str, Any]) -> None:
    sheets = _first_theme(content)["sheets"]
    gone = sheets[-1]["juror"]
    sheets[:] = [sheet for sheet in sheets if sheet["juror"] != gone]


def _first_theme(content: dict[str, Any]) -> dict[str, Any]:
    turn = next(turn for turn in content["rounds"] if turn["scores"]["themes"])
    themes: dict[str, dict[str, Any]] = turn["scores"]["themes"]
    return next(theme for _name, theme in sorted(themes.items()) if theme["sheets"])
