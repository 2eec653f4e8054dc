"""C. Embargo and publication."""

import re

from tests.cases.context import Context, case, expect, hides, like_missing, says

PUBLIC = (
    "/",
    "/palmares",
    "/palmares/2026",
    "/calendrier",
    "/regions/bretagne",
    "/sitemap.xml",
    "/robots.txt",
    "/palmares.atom",
    "/palmares.json",
    "/palmares.csv",
    "/rien",
)
LAUREATE = "Les Ateliers du Phare"
SLUG = "les-ateliers-du-phare"


@case("C2")
def guessed_addresses(c: Context) -> None:
    c.lay("P5")
    visitor = c.be("PUB")
    for slug in (SLUG, f"2026-{SLUG}", f"{SLUG}-2026", f"2026-bretagne-{SLUG}", f"bretagne-2026-{SLUG}"):
        like_missing(lambda s: visitor.public.laureate(s), slug, "une-structure-inconnue-2026")
        assert visitor.http.head(f"/laureats/{slug}").status_code == 404
    for path in ("/resultats", "/laureats.json", "/certificats/1", "/certificats/ESS-0001"):
        expect(visitor.get(path), 404, 200)
    for candidate in (SLUG, "la-maison-commune"):
        like_missing(lambda s: visitor.public.laureate(s), f"2026-{candidate}", "2026-personne-ici")


@case("C7")
def published_once(c: Context) -> None:
    c.lay("P5")
    key = c.round()
    for code in ("RC", "NS"):
        expect(c.be(code).publishing.arm(key), 303)
    # Three days without a scheduler: nothing happens by itself any more, and the page says why.
    c.at("2026-11-23T17:00:01+00:00")
    for _worker in range(2):
        expect(c.platform.job.run("publication.publish_due"), 200)
        expect(c.platform.job.run("sweep"), 200)
    expect(c.be("PUB").public.list(2026, "bretagne"), 404)
    says(c.be("RC").publishing.get(key), "plus d’un jour", "une personne doit le décider")
    # An hour before the lift the machine's clock jumps past it: the guard does not believe it, and nothing leaves.
    c.at("2026-11-20T16:00:00+00:00")
    expect(c.platform.job.run("sweep"), 200)
    expect(c.platform.clock.set("2026-11-20T18:00:00+00:00", announced=False), 200)
    for _worker in range(2):
        expect(c.platform.job.run("publication.publish_due"), 200)
        expect(c.platform.job.run("sweep"), 200)
    expect(c.be("PUB").public.list(2026, "bretagne"), 404)
    says(expect(c.be("RC").get("/coordination"), 200), "saut de 120 minutes")
    c.at("2026-11-20T17:00:00+00:00")
    for _worker in range(3):
        expect(c.platform.job.run("publication.publish_due"), 200)
        expect(c.platform.job.run("sweep"), 200)
    once = {name: value for name, value in c.platform.digest().items() if name != "message"}
    expect(c.platform.job.run("publication.publish_due"), 200)
    again = {name: value for name, value in c.platform.digest().items() if name != "message"}
    assert once == again, [name for name in once if once[name] != again[name]]
    feed = c.be("PUB").public.feed().text
    entries = feed.split("<entry>")[1:]
    assert len(entries) == len({entry.split("<id>")[1].split("</id>")[0] for entry in entries}) == 4
    assert c.be("AU").audit.read().text.count('">publie le palmarès</td>') == 1
    letters = c.be("RC").mail.list(key).text
    assert len(re.findall(r'<th scope="row"><a[^>]*>Votre initiative est distinguée', letters)) == 2


@case("C10")
def no_mail_before_the_lift(c: Context) -> None:
    c.lay("P5")
    expect(c.platform.job.run("sweep"), 200)
    kinds = {letter["kind"] for letter in c.platform.mail.sink()}
    assert not kinds & {"decision_selected", "decision_not_selected", "certificate_ready"}, kinds
    for letter in c.platform.mail.sink():
        hides_in = letter["subject"] + letter["text"]
        assert c.canary("citation") not in hides_in


@case("C13")
def certificate_under_embargo(c: Context) -> None:
    c.lay("P5")
    number = c.world["certificates"][0]["number"]
    unknown = number[:-4] + ("AAAA" if number[-4:] != "AAAA" else "BBBB")
    visitor = c.be("PUB")
    mine, none = visitor.cert.verify(number), visitor.cert.verify(unknown)
    assert mine.status_code == none.status_code
    assert mine.text.replace(number, "") == none.text.replace(unknown, ""), "the page tells a live number"
    like_missing(c.be("CO").cert.get, number, unknown)
    expect(c.be("RC").cert.get(number), 200)
    c.lay("P6")
    says(
        expect(c.be("PUB").cert.verify(c.world["certificates"][0]["number"]), 200),
        c.world["certificates"][0]["number"],
    )


@case("C14")
def one_region_alone(c: Context) -> None:
    """Brittany publishes: its honours are everywhere, and no surface says or counts anything of Normandy or the nation."""
    c.lay("P5")
    quiet = {path: c.be("PUB").get(path).text for path in ("/palmares/2026", "/palmares.csv")}
    assert LAUREATE not in "".join(quiet.values())
    counted = numbers_of(c, "/regions/normandie")
    c.lay("P6")
    visitor = c.be("PUB")
    for path in (*PUBLIC, "/palmares/carte", "/palmares/2026/dossier-de-presse", "/regions/normandie"):
        page = visitor.get(path)
        hides(page, "Le Verger normand", "La Maison commune", "/palmares/2026/normandie", "/2026/national")
        # What the nation received from the region that published is the nation's until it publishes itself.
        assert "finaliste nationa" not in page.text.lower(), path
    for missing in ("normandie", "national"):
        for rest in ("", "/comment", "/dossier-de-presse.zip"):
            expect(visitor.get(f"/palmares/2026/{missing}{rest}"), 404)
    published = {"Les Ateliers du Phare", "L’Énergie du bourg"}
    lines = expect(visitor.public.api("json"), 200).json()["distinctions"]
    assert {(line["structure"], line["niveau"], line["region_code"]) for line in lines} == {
        (name, "regional", c.world["regions"]["A"]) for name in published
    }
    table = expect(visitor.public.api("csv"), 200).text.splitlines()[1:]
    assert len(table) == len(lines)
    assert all(';"regional";' in line for line in table), "a line of the table is of another level"
    pages = {line["page"].rsplit("/", 1)[1] for line in lines}
    named = set(re.findall(r"/laureats/([^<\"]+)<", visitor.public.sitemap().text))
    fed = set(re.findall(r"<id>[^<]*/laureats/([^<]+)</id>", visitor.public.feed().text))
    assert (named, fed) == (pages, pages)
    # The counters of the neighbour are what they were under embargo.
    assert numbers_of(c, "/regions/normandie") == counted
    shown = says(expect(visitor.get("/palmares/carte"), 200), "Normandie : aucune distinction")
    counts = re.findall(r"<title>([^<]*?)\W+(\d+)\W+distinctions?</title>", shown.text)
    assert [name for name, _number in counts] == ["Bretagne"], "another region counts"


def numbers_of(c: Context, path: str) -> list[str]:
    """Return the numbers that a page shows, in order."""
    words = re.sub(r"<(script|style|svg)\b.*?</\1>|<[^>]+>", " ", c.be("PUB").get(path).text, flags=re.DOTALL)
    return re.findall(r"\d+", words)


@case("C15")
def sent_up_under_embargo(c: Context) -> None:
    c.lay("P5")
    national = c.be("NJ")
    page = expect(national.sheet.get(c.seat("NJ"), c.candidacy()), 200)
    says(page, "embargo")
    like_missing(lambda k: c.be("RX").sheet.get(c.seat("RX"), k), c.candidacy())
    expect(c.be("RY").get(f"/coordination/{c.round()}/decisions"), 404)
    expect(c.be("RY").get(f"/coordination/{c.round('N')}"), 404)
    for code in ("RC", "RY", "RX", "RJ", "JP", "CO"):
        like_missing(lambda path, who=code: c.be(who).get(f"/coordination/{path}"), "national", "nationaux")
        expect(c.be(code).get("/coordination/national.csv"), 404)
    like_missing(lambda key: c.be("RY").get(f"/coordination/{key}/national"), c.round())
    like_missing(lambda key: c.be("CO").get(f"/candidatures/{key}/national"), c.candidacy())
    says(expect(c.be("NJ").sheet.get(c.seat("NJ"), c.candidacy()), 200), "copie figée")


@case("C22")
def public_counts_do_not_move(c: Context) -> None:
    c.lay("P4")
    c.at("2026-10-05T09:00:00+00:00")
    before = {path: c.be("PUB").get(path).text for path in PUBLIC}
    c.lay("P5")
    c.at("2026-10-05T09:00:00+00:00")
    after = {path: c.be("PUB").get(path).text for path in PUBLIC}
    changed = [path for path in PUBLIC if before[path] != after[path]]
    assert changed == [], changed


@case("C24")
def open_data_fields(c: Context) -> None:
    c.lay("P6")
    for form in ("json", "csv"):
        answer = expect(c.be("PUB").public.api(form), 200)
        hides(
            answer,
            "contact@",
            "02 99 00 00 01",
            "250000",
            "storage",
            "/files/",
            c.candidacy(),
            c.world["people"]["CO"]["email"],
        )
        says(answer, LAUREATE)
