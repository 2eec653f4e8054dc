"""C. Embargo and publication: laureates told, the correction on every surface."""

import re

from tests.adapter_forms import comparable
from tests.cases.context import Context, case, expect, hides, like_missing, says

SHOP, HOUSE, ENERGY = "Les Ateliers du Phare", "La Maison commune", "L’Énergie du bourg"
REASON = "Deux noms ont été inversés."
NUMBER = re.compile(r"ESS(?:-[0-9A-Z]{4})+")


@case("C12")
def laureates_told(c: Context) -> None:
    c.lay("P5")
    key, main, other = c.round(), c.candidacy(), c.candidacy("other")
    silent = c.lay("P5") and pages_of(c, "CO", main)
    for code in ("RC", "NS"):
        with c.no_effect():
            says(expect(c.be(code).publishing.tell(key), 409), "ne prévoit pas")
    with c.no_effect():
        for code in ("RC", "CO", "AU"):
            expect(c.be(code).publishing.allow_telling(2026), 404)
    expect(c.be("NS").publishing.allow_telling(2026), 303)
    assert pages_of(c, "CO", main) == silent, "the setting alone shows"
    rival = pages_of(c, "CX", other)
    expect(c.be("RC").publishing.tell(key), 303)
    expect(c.be("RC").publishing.tell(key), 303)
    letters = [one for one in c.platform.mail.sink() if one["kind"] == "embargo_notice"]
    wanted = sorted(c.world["people"][code]["email"] for code in ("CO", "E2"))
    assert sorted(letter["recipient"] for letter in letters) == wanted, letters
    for letter in letters:
        for secret in (SHOP, ENERGY, c.canary("citation"), "Prix"):
            assert secret not in (letter["subject"] + letter["text"]).replace("Prix de l’ESS", ""), secret
    # Who was not told sees the world as it was; a member who is not responsible and a stranger learn nothing.
    assert pages_of(c, "CX", other) == rival
    for code in ("CM", "CX", "FX", "RJ", "RY", "JP"):
        like_missing(c.be(code).publishing.told, main)
        like_missing(c.be(code).publishing.accept, main)
    like_missing(c.be("CX").publishing.told, other)
    own = c.be("CO").publishing
    asked = says(expect(own.told(main), 200), "embargo", "20 novembre 2026")
    hides(asked, c.canary("citation"), "regional_title")
    with c.no_effect():
        hides(expect(own.accept(main, accepted=False), 422), c.canary("citation"))
    expect(own.accept(main), 303)
    told = says(
        expect(own.told(main), 200), c.canary("citation"), "Sous embargo", c.world["people"]["CO"]["email"]
    )
    hides(told, ENERGY, HOUSE, "rang", "ex æquo", "3,75")
    like_missing(own.told, c.candidacy("second"))
    annulled_again(c, main)


def annulled_again(c: Context, main: str) -> None:
    """Once the decision is annulled, what was told is no more."""
    decision = next(key for key, name in c.be("RC").publishing.names(c.round()).items() if name == SHOP)
    says(expect(c.be("CO").publishing.told(main), 200), "Sous embargo")
    chair = c.be("JP")
    expect(chair.post(f"/jury/{c.seat('JP')}/decisions/{decision}/annuler", {"reason": REASON}), 303)
    expect(c.be("RC").publishing.annul(c.round(), decision, REASON), 303)
    like_missing(c.be("CO").publishing.told, main)


def pages_of(c: Context, code: str, candidacy: str) -> list[str]:
    """Return what a member sees of their own, and of the public pages, without what changes by itself."""
    person = c.be(code)
    paths = (
        "/structure",
        f"/candidatures/{candidacy}",
        f"/candidatures/{candidacy}/accuse",
        "/",
        "/palmares",
    )
    return [comparable(expect(person.get(path), 200).text) for path in paths]


@case("C19")
def wrong_laureate(c: Context) -> None:
    """Every surface changes in the transaction of the correction: no clock moves in this case."""
    c.lay("P6")
    key, staff = c.round(), c.be("RC")
    numbers = {one["number"] for one in c.world["certificates"]}
    old = next(number for number in numbers if SHOP in c.be("PUB").cert.verify(number).text)
    page = laureate_of(c, SHOP)
    decision = regional_title(c)
    sent = {"candidacy": c.candidacy("other"), "citation": "Pour une maison ouverte."}
    expect(staff.publishing.annul(key, decision, REASON, **sent), 303)
    expect(c.be("PUB").get(page), 200)
    expect(c.be("NS").publishing.annul(key, decision, REASON, **sent), 303)
    visitor = c.be("PUB")
    says(expect(visitor.get(page), 410), "Rectificatif", REASON)
    says(expect(visitor.get(laureate_of(c, HOUSE)), 200), "Rectificatif", REASON, "Pour une maison ouverte.")
    listed = says(expect(visitor.public.list(2026, "bretagne"), 200), HOUSE)
    assert page not in listed.text
    for form in ("json", "csv"):
        open_data = says(expect(visitor.public.api(form), 200), HOUSE, "Pour une maison ouverte.", REASON)
        assert page not in open_data.text
    assert page not in expect(visitor.public.sitemap(), 200).text
    says(expect(visitor.cert.verify(old), 200), "révoqué")
    journal = c.be("AU").audit.read().text
    assert journal.count("annule une décision") >= 1
    assert journal.count("publie une correction") >= 1
    outbox = expect(staff.mail.list(key), 200).text
    rows = re.findall(
        r'<th scope="row"><a[^>]*>Rectificatif au palmarès[^<]*</a></th>\s*<td[^>]*>([^<]*)', outbox
    )
    assert sorted(rows) == sorted(c.world["people"][code]["email"] for code in ("CO", "CX")), rows


@case("C20")
def what_was_kept_of_it(c: Context) -> None:
    c.lay("P6")
    page, visitor = laureate_of(c, SHOP), c.be("PUB")
    was = entries(c)
    kept = visitor.public.api("json")
    decision = regional_title(c)
    for code in ("RC", "NS"):
        expect(c.be(code).publishing.annul(c.round(), decision, REASON), 303)
    for method in (visitor.get, visitor.http.head):
        expect(method(page), 410)
    says(visitor.get(page), "Rectificatif", REASON)
    now = entries(c)
    assert set(was) == set(now), "an identifier came or went"
    changed = [one for one in was if was[one] != now[one]]
    assert len(changed) == 1, changed
    assert changed[0].endswith(page), changed
    assert "Distinction retirée" in now[changed[0]]
    assert REASON in now[changed[0]]
    again = visitor.get("/palmares.json", headers={"If-None-Match": kept.headers["ETag"]})
    assert again.status_code == 200, "the kept copy still passes for fresh"
    assert page not in again.text


def entries(c: Context) -> dict[str, str]:
    """Return the entries of the feed by identifier."""
    feed = expect(c.be("PUB").public.feed(), 200).text
    found = re.findall(r"<entry>(.*?)</entry>", feed, re.DOTALL)
    return {re.findall(r"<id>(.*?)</id>", one)[0]: one for one in found}


def regional_title(c: Context) -> str:
    """Return the decision that gave the regional prize to the main file, as the chamber's page names it."""
    page = expect(c.be("RC").publishing.decisions(c.round()), 200).text
    cards = re.findall(r"<h2[^>]*>([^<]*)</h2>(.*?)(?=<h2|\Z)", page, re.DOTALL)
    for title, card in cards:
        found = re.search(r"/decisions/([^/\"]+)/annuler", card)
        if found and "rix" in title and SHOP in card.split("<select")[0]:
            return found.group(1)
    raise LookupError("no regional prize on the page")


def laureate_of(c: Context, name: str) -> str:
    """Return the address of the page of the regional laureate of that name."""
    page = expect(c.be("PUB").public.list(2026, "bretagne"), 200).text
    block = page[page.index(f'class="ceremony-name">{name}') :]
    return str(re.search(r'href="(/laureats/[^"]+)"', block).group(1))  # type: ignore[union-attr]  # the page has it
