"""C. Embargo and publication: the whole anonymous crawl at each change of phase, of a region and of the nation."""

import html
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx

from tests.adapter import Adapter
from tests.cases.context import Context, case, expect
from tests.cases.crawling import pages_of
from tests.cases.group_c_blocks import CRITERIA

BEFORE = ("P0", "P1", "P2", "P3", "P4", "P5")
TITLES = {
    "main": "Les Ateliers du Phare",
    "draft": "La Ressourcerie du Port",
    "free": "Le Jardin des Dunes",
    "other": "La Maison commune",
    "foreign": "Le Verger normand",
    "first": "L’Atelier du vélo",
    "second": "L’Énergie du bourg",
    "refused": "Le Comptoir des saisons",
}
SLUGS = {
    "main": "les-ateliers-du-phare",
    "other": "la-maison-commune",
    "first": "l-atelier-du-velo",
    "second": "l-energie-du-bourg",
}
NATIONAL = "CANARI-NATIONAL-77aa"
# Where a crawl starts: what every visitor knows of, what machines ask for, what others guess.
STARTS = (
    "/", "/prix", "/palmares", "/calendrier", "/eligibilite", "/certificats", "/methode", "/mentions-legales",
    "/robots.txt", "/sitemap.xml", "/palmares.atom", "/palmares.json", "/palmares.csv", "/calendrier.ics",
    "/sw.js", "/service-worker.js", "/manifest.webmanifest", "/favicon.ico", "/compte/connexion", "/compte/inscription",
    "/rien-ici", "/palmares?recherche=phare", "/palmares?recherche=bourg&region=bretagne",
)  # fmt: skip
GUESSED = (
    "/palmares/2026", "/palmares/2026/bretagne", "/palmares/2026/national", "/palmares/2026/bretagne.json",
    "/palmares/2026/national.json", "/resultats", "/laureats", "/laureats.json", "/2026", "/palmares/2026.pdf",
    "/guide", "/presse", "/presse/2026.zip", "/certificats/1", "/certificats/ESS-0001-0001-0001-0001",
)  # fmt: skip
LINK = re.compile(
    rb"""(?:href|src|action|content)=["']([^"']+)|<(?:loc|id|uri)>([^<]+)|url\(["']?([^"')]+)"""
)
# Not followed: what is sent rather than read, and the tests' own doors.
LEFT_OUT = ("/langue", "/compte/langue", "/__test__", "/compte/deconnexion", "/demonstration")
LIMIT = 500


def crawl(visitor: Adapter, known: set[str], guessed: tuple[str, ...]) -> Iterator[httpx.Response]:
    """Yield every answer a visitor gets to, statics of ``known`` addresses once for all, and the guessed addresses."""
    waiting = [*STARTS, *guessed]
    seen = set(waiting)
    asked = 0
    while waiting:
        path = waiting.pop(0)
        asked += 1
        assert asked < LIMIT, "the crawl does not end"
        answer = visitor.get(path)
        assert answer.status_code < 500, f"{path}: {answer.status_code}"
        yield answer
        if path in guessed:
            yield visitor.http.head(path)
        for target in targets(answer, visitor.base_url):
            is_static = target.startswith("/static/")
            if target in seen or target in known or target.startswith(LEFT_OUT):
                continue
            seen.add(target)
            if is_static:
                known.add(target)
            waiting.append(target)


def targets(answer: httpx.Response, base_url: str) -> Iterator[str]:
    """Yield the addresses of this site that an answer leads to."""
    places = [answer.headers.get("Location", "")]
    if re.search("html|xml|css|javascript", answer.headers.get("Content-Type", "")):
        places += [
            html.unescape(next(filter(None, found)).decode(errors="replace"))
            for found in LINK.findall(answer.content)
        ]
    here = str(answer.request.url)
    for place in places:
        parts = urlsplit(str(httpx.URL(here).join(place)) if _may_join(place) else "")
        if parts.scheme in ("http", "https") and base_url.endswith(parts.netloc):
            yield parts.path + (f"?{parts.query}" if parts.query else "")


def _may_join(place: str) -> bool:
    return bool(place) and not re.match(r"(?:data|mailto|tel|blob|javascript):|[^/#?:]+[;,= ]", place)


def look(c: Context, known: set[str], secrets: dict[str, str], guessed: tuple[str, ...], when: str) -> int:
    """Crawl as a visitor and fail at the first secret in a body, a header or an address; return how many answers."""
    count = 0
    for answer in crawl(c.be("PUB"), known, guessed):
        count += 1
        held = answer.content.decode(errors="replace") + repr(answer.headers)
        # An address that the crawl itself made up is said again by the page that refuses it.
        asked = str(answer.request.url)
        for name, secret in secrets.items():
            if secret in asked:
                continue
            assert secret not in held, f"{when}: {answer.request.method} {asked} shows {name}"
    return count


def guesses(public: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the addresses others would try: last year's shapes, with the names of candidates."""
    named = [
        f"/laureats/{shape.format(slug)}"
        for name, slug in SLUGS.items()
        if name not in public
        for shape in ("{}", "{}-2026", "2026-{}", "{}-2026-laureate", "{}-2026-regional-title")
    ]
    return (*GUESSED, *named)


def secrets_of(c: Context, public: tuple[str, ...] = (), said: tuple[str, ...] = ()) -> dict[str, str]:
    """Return what a visitor may not read: canaries, names, numbers, addresses, but what is public by now."""
    found = {f"canary {name}": text for name, text in c.world["canaries"].items() if text not in said}
    found |= {f"title of {name}": title for name, title in TITLES.items() if name not in public}
    found |= {f"slug of {name}": slug for name, slug in SLUGS.items() if name not in public}
    found |= {f"address of {code}": person["email"] for code, person in c.world["people"].items()}
    found |= {f"receipt of {name}": number for name, number in c.world["receipts"].items()}
    found |= {f"key of {name}": key for name, key in c.world["candidacies"].items()}
    found |= {f"certificate {place}": one["number"] for place, one in enumerate(c.world["certificates"])}
    return found if NATIONAL in said else found | {"the national citation": NATIONAL}


@case("C1")
def nothing_before_the_lift(c: Context) -> None:
    """Every public answer from P0 to P7, then the nation on its own way: what is not published is nowhere."""
    known: set[str] = set()
    for phase in BEFORE:
        c.lay(phase)
        assert look(c, known, secrets_of(c), guesses(), phase) > 60
    secrets = secrets_of(c)
    own = ("canary citation", "slug of main", "slug of second", "certificate 0", "certificate 1")
    for path, text in pages_of(c.be("CX")):
        for name in own:
            assert secrets[name] not in text, f"P5: {path} shows {name} to another structure"
    score_nation(c)
    look(c, known, secrets_of(c), guesses(), "N4")
    decide_nation(c)
    look(c, known, secrets_of(c), guesses(), "N5")
    c.at("2026-11-04T17:00:00+00:00")
    expect(c.platform.job.run("sweep"), 200)
    nation = ("main",)
    look(c, known, secrets_of(c, nation, (NATIONAL,)), guesses(nation), "N6 while P5")
    shown(c, "/palmares/2026/national", TITLES["main"], NATIONAL)
    expect(c.be("PUB").get("/palmares/2026/bretagne"), 404)
    lift_region(c)
    both = ("main", "second")
    said = (NATIONAL, c.canary("citation"))
    look(c, known, secrets_of(c, both, said), guesses(both), "P6")
    shown(c, "/palmares/2026/bretagne", TITLES["main"], TITLES["second"], c.canary("citation"))
    for letter in ("A", "N"):
        expect(c.be("NS").publishing.archive(c.round(letter)), 303)
    look(c, known, secrets_of(c, both, said), guesses(both), "P7")


def shown(c: Context, path: str, *words: str) -> None:
    """Fail unless a public page says the words: the crawl before would have seen them."""
    page = expect(c.be("PUB").get(path), 200).text.replace("\u202f", " ").replace("\u00a0", " ")
    for word in words:
        assert word in page, f"{path} does not say {word}"


def score_nation(c: Context) -> None:
    """N3 to N4: each national juror scores what they may, the chair locks."""
    for code in ("NJ", "NJ2", "NK", "NP"):
        juror, seat = c.be(code), c.seat(code)
        for level, name in ((3, "main"), (2, "second")):
            page = juror.sheet.get(seat, c.candidacy(name))
            if page.status_code == 404:
                continue
            asked = [one for one in CRITERIA if f'name="mark-{one}"' in page.text]
            expect(juror.sheet.save(seat, c.candidacy(name), dict.fromkeys(asked, level)))
        expect(juror.sheet.done(seat))
    expect(c.be("NP").lock(c.seat("NP")))


def decide_nation(c: Context) -> None:
    """N4 to N5, armed: « main » is the laureate of its theme, the other theme has none."""
    chair, seat, key = c.be("NP"), c.seat("NP"), c.round("N")
    there = {f"seat-{c.seat(code)}": "present" for code in ("NJ", "NJ2", "NK", "NP")}
    expect(chair.post(f"/jury/{seat}/deliberation/presence", there))
    for prize in ("nominee", "laureate"):
        for theme, name in (("us", "main"), ("te", "")):
            given = {"candidacy": "aucune", "reason": "Aucune ne convainc."}
            if name:
                given = {"candidacy": c.candidacy(name), "citation": f"Pour la France. {NATIONAL}"}
            sent = {"prix": prize, "thematique": theme, **given}
            expect(chair.post(f"/jury/{seat}/decisions/proposer", sent), 303)
    written = {"place": "Paris", "held_on": "05/10/2026", "chair": "Nina", "secretary": "Sacha", "notes": ""}
    expect(chair.minutes(seat, **written))
    expect(c.be("NS").confirm(key))
    for code in ("NS", "NS2"):
        expect(c.be(code).publishing.arm(key), 303)


def lift_region(c: Context) -> None:
    """P5 to P6: the region's own embargo lifts at its own instant."""
    for code in ("RC", "NS"):
        expect(c.be(code).publishing.arm(c.round()), 303)
    c.at("2026-11-20T17:00:00+00:00")
    expect(c.platform.job.run("sweep"), 200)
