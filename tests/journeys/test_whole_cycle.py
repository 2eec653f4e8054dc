"""One person a role, from sign-up to a verified certificate, in a real browser on a real server."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from awards_app.services.worlds.papers import answers, pdf, picture
from tests.adapter import Adapter
from tests.cases.server import platform as started
from tests.chromium import launched
from tests.journeys.people import Person

NAME = "La Fabrique du Marais"
CANARY = "UNE-PHRASE-RARE-9ac1"
PHRASE = "le hérisson compte les étoiles"
ANSWERS = answers(NAME, "us", CANARY)
# Neither the lowest nor the highest level: those ask for a reason.
LEVELS = {
    "need": 3,
    "social_impact": 3,
    "ecological_impact": 2,
    "governance": 3,
    "territory": 3,
    "economic_model": 2,
    "innovation": 3,
    "reach": 3,
}


@pytest.fixture(scope="module")
def platform() -> Iterator[Adapter]:
    """A real server in the filing months, with a neighbouring candidacy, staff and a national jury."""
    with started() as url:
        adapter = Adapter(url)
        yield adapter
        adapter.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as played:
        opened = launched(played)
        yield opened
        opened.close()


class Journey:
    """The cycle step by step; each step is what one person does."""

    def __init__(self, platform: Adapter, browser: Browser) -> None:
        self.platform = platform
        self.browser = browser
        self.found: dict[str, list[str]] = {}
        self.people: list[Person] = []
        self.world: dict[str, Any] = platform.seed("P1")
        self.round = self.world["rounds"]["B"]
        self.national = self.world["rounds"]["N"]

    def person(self, name: str) -> Person:
        """Return a new person; one of the world signs in."""
        one = Person(self.browser, self.platform, name, self.found)
        self.people.append(one)
        if name in self.world["people"]:
            one.sign_in(self.world["people"][name]["email"], self.world["people"][name]["password"])
        return one

    def at(self, instant: str) -> None:
        """Move the clock, let what it makes due be done, and have everybody sign in again when needed."""
        assert self.platform.clock.set(instant).status_code == 200
        assert self.platform.job.run("sweep").status_code == 200

    def registers(self) -> Person:
        one = self.person("Solène Marais")
        one.open("/compte/inscription")
        one.fill(
            {"name": "Solène Marais", "email": "solene@fabrique.example", "password": PHRASE}, "/inscription"
        )
        one.press("/inscription")
        one.open(self.platform.mail.link("solene@fabrique.example", "account_confirmation"))
        one.press("/confirmer/" + one.page.url.rsplit("/", 1)[1])
        return one

    def files_a_candidacy(self, one: Person) -> str:
        one.open("/structure/nouvelle")
        one.fill(
            {
                "name": NAME,
                "legal_family": "association",
                "identifier": "W761234567",
                "founded_on": "15/03/2015",
                "address": "2 quai du Marais",
                "postcode": "76000",
                "city": "Rouen",
            },
            "",
        )
        one.press()
        one.look()
        one.open("/candidatures/nouvelle")
        one.page.locator('form[action$="/candidatures/nouvelle"], main form[method="post"]').last.evaluate(
            "one => one.submit()"
        )
        one.page.wait_for_url(re.compile(r"/candidatures/[A-Za-z0-9_-]{22}$"))
        key = one.page.url.rsplit("/", 1)[1]
        one.look()
        for section in ("contact", "size", "project", "narrative", "theme", "theme", "undertakings"):
            one.open(f"/candidatures/{key}/rubriques/{section}")
            one.fill(ANSWERS)
            one.press()
        one.open(f"/candidatures/{key}/rubriques/attachments")
        one.attach("statutes", "statuts.pdf", pdf("Statuts"), "application/pdf")
        one.open(f"/candidatures/{key}/rubriques/attachments", look=False)
        one.attach("accounts", "comptes.pdf", pdf("Comptes"), "application/pdf")
        one.open(f"/candidatures/{key}/rubriques/attachments", look=False)
        one.attach("photos", "photo.jpg", picture(), "image/jpeg")
        one.open(f"/candidatures/{key}/rubriques/attachments")
        one.fill(ANSWERS)
        one.press()
        return key

    def submits(self, one: Person, key: str) -> None:
        assert CANARY in one.open(f"/candidatures/{key}/relecture")
        said = one.press("/deposer")
        one.look()
        receipt = self.platform.mail.sink("solene@fabrique.example")[-1]
        assert receipt["kind"] == "receipt"
        assert NAME in said or "reçu" in said.lower() or "accusé" in said.lower()

    def admits(self, chamber: Person, keys: list[str]) -> None:
        for key in keys:
            chamber.open(f"/coordination/{self.round}/recevabilite/{key}")
            chamber.fill({"verdict": "admissible"}, f"/recevabilite/{key}")
            chamber.press(f"/recevabilite/{key}")

    def invites(self, chamber: Person, name: str, function: str) -> Person:
        email = f"{name.split()[0].lower()}@jury-normand.example"
        chamber.open(f"/coordination/{self.round}/jury")
        chamber.fill({"name": name, "email": email, "function": function}, "/jury")
        chamber.press("/jury")
        one = self.person(name)
        one.open(self.platform.mail.link(email, "jury_invitation"))
        one.press("/invitations/" + one.page.url.rsplit("/", 1)[1])
        return one

    def seat_of(self, one: Person) -> str:
        one.open("/jury", look=False)
        found = re.search(r"/jury/([A-Za-z0-9_-]{22})", one.page.url + one.page.content())
        assert found is not None
        return found.group(1)

    def prepares(self, one: Person, seat: str, keys: list[str]) -> None:
        """Accept the charter, then declare no tie."""
        one.open(f"/jury/{seat}/charte")
        if one.page.locator('form[action$="/charte"] [name="accepted"], main form [name="accepted"]').count():
            one.fill({"accepted": "y"})
            one.press()
        one.open(f"/jury/{seat}/liens")
        one.fill({f"verdict-{key}": "none" for key in keys}, "/liens")
        one.press("/liens")

    def scores(self, one: Person, seat: str, files: dict[str, int]) -> None:
        for key, less in files.items():
            one.open(f"/jury/{seat}/candidatures/{key}")
            marks = {f"mark-{code}": str(max(level - less, 1)) for code, level in LEVELS.items()}
            one.fill(marks, "/noter")
            one.press("/noter")
        one.open(f"/jury/{seat}/mes-notes")
        one.press("/termine")

    def locks_and_decides(
        self, chair: Person, seat: str, seats: list[str], proposals: list[tuple[str, str]]
    ) -> None:
        chair.open(f"/jury/{seat}/avancement")
        chair.press("/verrouiller")
        chair.look()
        chair.open(f"/jury/{seat}/deliberation")
        chair.fill({f"seat-{one}": "present" for one in seats}, "/presence")
        chair.press("/presence")
        for prize, key in proposals:
            chair.open(f"/jury/{seat}/decisions/proposer?prix={prize}&thematique=us")
            chair.fill(
                {"candidacy": key, "citation": "Pour un marais vivant et partagé.", "reason": ""}, "/proposer"
            )
            chair.press("/proposer")
        chair.open(f"/jury/{seat}/proces-verbal")
        minutes = {
            "place": "Rouen",
            "held_on": "20/09/2026",
            "chair": "La présidence",
            "secretary": "La chambre",
            "notes": "Débat.",
        }
        chair.fill(minutes, "/proces-verbal")
        chair.press("/proces-verbal")
        chair.open(f"/jury/{seat}/decisions")

    def publishes(self, round_: str, first: Person, second: Person) -> None:
        """Two persons retype the name of each structure decided."""
        for one in (first, second):
            one.open(f"/coordination/{round_}/publication")
            fields = one.page.locator('form[action$="/armer"] input[name^="name-"]')
            for place in range(fields.count()):
                fields.nth(place).fill(NAME)
            one.press("/armer")
            one.look()


@pytest.mark.browser
@pytest.mark.slow
def test_from_sign_up_to_a_verified_certificate(platform: Adapter, browser: Browser) -> None:
    j = Journey(platform, browser)
    structure = j.registers()
    key = j.files_a_candidacy(structure)
    j.submits(structure, key)
    other = j.world["candidacies"]["foreign"]

    j.at("2026-07-06T09:00:00+00:00")
    chamber = j.person("RY")
    j.admits(chamber, [key, other])
    chair = j.invites(chamber, "Colette Rouen", "chair")
    juror = j.invites(chamber, "Basile Caen", "juror")
    neighbour = j.person("RX")
    panel = [(one, j.seat_of(one)) for one in (chair, juror, neighbour)]
    for one, seat in panel:
        j.prepares(one, seat, [key, other])

    j.at("2026-07-10T09:00:00+00:00")
    chamber.open(f"/coordination/{j.round}/avancement")
    chamber.press("/ouvrir-notation")
    for one, seat in panel:
        j.scores(one, seat, {key: 0, other: 2})
    j.locks_and_decides(
        chair, panel[0][1], [seat for _one, seat in panel], [("national_entry", key), ("regional_title", key)]
    )
    chamber.open(f"/coordination/{j.round}/decisions")
    chamber.press("/confirmer")

    staff, second = j.person("NS"), j.person("NS2")
    nation = [(j.person(code), j.world["seats"][code]) for code in ("NP", "NJ", "NJ2", "NK")]
    for one, seat in nation:
        j.prepares(one, seat, [key])
    staff.open(f"/coordination/{j.national}/avancement")
    staff.press("/ouvrir-notation")
    for one, seat in nation:
        j.scores(one, seat, {key: 0})
    j.locks_and_decides(
        nation[0][0], nation[0][1], [seat for _one, seat in nation], [("nominee", key), ("laureate", key)]
    )
    staff.open(f"/coordination/{j.national}/decisions")
    staff.press("/confirmer")

    visitor = j.person("une visiteuse")
    for path in ("/", "/palmares", "/calendrier"):
        assert NAME not in visitor.open(path)
    j.publishes(j.national, staff, second)
    j.publishes(j.round, chamber, staff)
    j.at("2026-11-21T09:00:00+00:00")
    assert NAME in visitor.open("/palmares/2026")
    assert NAME in visitor.open("/palmares/2026/normandie")

    number = certificate_of(j)
    structure.sign_in("solene@fabrique.example", PHRASE)
    content = structure.context.request.get(f"/certificats/{number}/telecharger")
    assert content.status == 200
    assert content.body().startswith(b"%PDF")
    said = visitor.open(f"/certificats/{number}")
    assert NAME in said
    assert number in said
    unknown = visitor.page.goto("/certificats/ESS-0000-0000-0000-0000")
    assert unknown is not None
    assert unknown.status == 404
    visitor.look()

    outside = sorted({address for one in j.people for address in one.outside})
    assert outside == []
    grave = {page: problems for page, problems in j.found.items() if problems}
    assert grave == {}
    assert len(j.found) >= 25, sorted(j.found)


def certificate_of(j: Journey) -> str:
    """Have the certificates ordered and issued by the worker's job; return the number of the structure's own."""
    chamber = j.person("RY")
    chamber.open(f"/coordination/{j.round}/certificats/commander")
    if chamber.page.locator('form[action$="/commander"]').count():
        chamber.press("/commander")
    assert j.platform.job.run("certificates.issue_waiting").status_code == 200
    chamber.open(f"/coordination/{j.round}/certificats")
    found = re.search(r"ESS-[A-Z0-9]{4}(?:-[A-Z0-9]{4}){3}", chamber.page.content())
    assert found is not None
    return found.group(0)
