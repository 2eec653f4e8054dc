"""H, of structures and accounts: names that look like links, addresses of sites, French formats, look-alike addresses."""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.adapter import Adapter
from tests.cases.context import Context, case, expect, says

PHRASE = "la marée monte sous le phare"
LINKLIKE = ("<a href=//mal.example>Cliquez</a>", "www.mal.example/connexion", "[ici](http://mal.example)")
# What the common readers of mails turn into a link.
AUTOLINKED = re.compile(r"(?:[a-z][a-z0-9+-]*:[^\s\u200b])|(?:\w[.。．｡]\w)", re.IGNORECASE)


def newcomer(c: Context, name: str, email: str) -> Adapter:
    """Return the browser of somebody new who has confirmed their address."""
    person = c.platform.session()
    expect(person.register(name, email, PHRASE), 303)
    expect(person.verify(c.platform.mail.link(email, "account_confirmation")), 303)
    return person


def a_structure(**changes: str) -> dict[str, str]:
    return {
        "name": "La Maison du Large",
        "legal_family": "association",
        "identifier": "W351234567",
        "founded_on": "01/01/2015",
        "address": "1 rue Neuve",
        "postcode": "35000",
        "city": "Rennes",
        **changes,
    }


def keys_of_structures(person: Adapter) -> list[str]:
    """Return the structures on a person's home."""
    found = re.findall(r"/structure/([A-Za-z0-9_-]{22})(?![\w-])", person.get("/structure").text)
    return list(dict.fromkeys(found))


@case("H10")
def names_that_look_like_links(c: Context) -> None:
    c.lay("P1")
    for number, name in enumerate(LINKLIKE):
        sender, victim = f"pirate{number}@neuve.example", f"victime{number}@neuve.example"
        person = newcomer(c, name, sender)
        expect(person.structure.create(**a_structure(name=name, identifier=f"W35123456{number}")), 303)
        (key,) = keys_of_structures(person)
        expect(person.structure.member_add(key, victim), 303)
        for recipient in (sender, victim):
            letters = c.platform.mail.sink(recipient)
            assert letters
            for letter in letters:
                _nothing_to_follow(c, letter)
        (letter,) = c.platform.mail.sink(victim)
        assert name in letter["text"].replace("\u200b", "")
        assert name in letter["subject"].replace("\u200b", "")


def _nothing_to_follow(c: Context, letter: dict[str, str]) -> None:
    own = re.sub(rf"{re.escape(c.base_url)}/\S*", "", f"{letter['subject']}\n{letter['text']}")
    found = AUTOLINKED.search(own)
    assert found is None, f"{letter['kind']}: « {found and found.group(0)} » would be a link"
    targets = re.findall(r"""<a\s[^>]*href=["']?([^"'>\s]*)""", letter["html"])
    assert all(target.startswith(c.base_url) for target in targets), targets
    assert "<a href=//" not in letter["html"]


@contextmanager
def listener() -> Iterator[tuple[int, list[bytes]]]:
    """Listen on a free port of this machine; what knocks is kept."""
    hits: list[bytes] = []

    class Knock(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            hits.append(self.request.recv(200))

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Knock) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server.server_address[1], hits
        finally:
            server.shutdown()
            thread.join(5)


@case("H20")
def addresses_are_never_opened(c: Context) -> None:
    """Every field of an address, from typing to the receipt and to the public pages: nobody knocks."""
    c.lay("P1")
    hosts = (
        "127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0177.0.0.1", "127.1", "localtest.me",
    )  # fmt: skip
    with listener() as (port, hits):
        addresses = [f"http://{host}:{port}/x" for host in hosts]
        addresses += [f"gopher://127.0.0.1:{port}/x", "file:///etc/passwd", "http://169.254.169.254/latest"]
        structure, draft = c.world["structures"]["draft"], c.candidacy("draft")
        for address in addresses:
            expect(c.be("CO").structure.edit(structure, website=address), 303, 422)
            expect(c.be("CO").draft.save(draft, "video", address), 200, 422)
            expect(c.be("CO").structure.get(structure), 200)
            expect(c.be("CO").draft.review(draft), 200)
        main = c.candidacy()
        expect(c.be("CO").takeback(main), 303)
        expect(c.be("CO").draft.save(main, "video", f"http://localtest.me:{port}/video"), 200)
        expect(c.be("CO").submit(main), 303)
        expect(c.be("CO").receipt(main, pdf=True), 200)
        expect(c.be("RC").get(f"/coordination/{c.round()}/recevabilite/{main}"), 200)
        assert hits == [], f"{len(hits)} knocks: {hits[:1]}"


@case("H24")
def french_formats(c: Context) -> None:
    """Identifiers and postcodes in the record, telephones and amounts in the file: normalised, or refused with an example."""
    c.lay("P1")
    key = c.world["structures"]["free"]
    owner = c.be("CO")

    def kept(field: str, typed: str) -> str:
        expect(owner.structure.edit(key, **{field: typed}), 303)
        page = expect(owner.structure.get(key), 200).text
        return page.split(f'name="{field}"')[1].split('value="')[1].split('"')[0]

    for typed, normal in (
        ("356 000 000 49837", "35600000049837"), ("35600000000048", "35600000000048"),
        ("732\u00a0829\u202f320", "732829320"), ("w9r1234567", "W9R1234567"), ("W2A1234567", "W2A1234567"),
        ("Tribunal de Strasbourg,  volume 91, folio 123", "Tribunal de Strasbourg, volume 91, folio 123"),
    ):  # fmt: skip
        assert kept("identifier", typed) == normal
    for typed in (
        "732829321",
        "356 000 000 49838",
        "73282932",
        "W75123456",
        "７３２８２９３２０",
        "Strasbourg",
    ):
        refused = expect(owner.structure.edit(key, identifier=typed), 422)
        says(refused, "exemple" if "exemple" in refused.text else "732 829 320")
        assert typed in refused.text
    for typed, region in (
        ("20000", "Corse"),
        ("20200", "Corse"),
        ("97400", "La Réunion"),
        ("97 600", "Mayotte"),
    ):
        expect(owner.structure.edit(key, postcode=typed, department="", region_code=""), 303)
        says(expect(owner.get("/structure"), 200), f"· {region}")
    for typed in ("2A004", "SW1A 1AA", "1000", "3500", "350000", "٣٥٠٠٠"):
        says(expect(owner.structure.edit(key, postcode=typed), 422), "par exemple", typed)
    for typed in ("98800", "98000", "97133", "97500"):
        says(
            expect(owner.structure.edit(key, postcode=typed, department="", region_code=""), 422),
            "choisissez-la dans la liste",
        )
        expect(owner.structure.edit(key, postcode=typed, department="", region_code="53"), 303)
    _answers(c, "contact", "contact_phone", "Saisissez un numéro de téléphone",
             good=("06 12 34 56 78", "+262 262 12 34 56", "0590 12 34 56", "+33 (0)6 12 34 56 78"),
             bad=("06 12 34", "12", "06 12 34 56 78 90"))  # fmt: skip
    _answers(c, "size", "budget_total", "Saisissez un montant",
             good=("1 234,56", "1\u00a0234,56", "1\u202f234,56", "1.234,56"), bad=("1,234.56", "1.234", "mille"))  # fmt: skip
    _answers(c, "size", "full_time_equivalents", "Saisissez un nombre avec une virgule",
             good=("9,5", "1 234,56", "1\u00a0234,56", "1.234,56", "12.5"), bad=("1,234.56", "1.234", "9,567", "1 2345", "٣"))  # fmt: skip


def _answers(
    c: Context, section: str, field: str, sentence: str, *, good: tuple[str, ...], bad: tuple[str, ...]
) -> None:
    draft, person = c.candidacy("draft"), c.be("CO")
    path = f"/candidatures/{draft}/rubriques/{section}?verifier=1"
    for typed in (*good, *bad):
        expect(person.draft.save(draft, field, typed), 200, 422)
        page = expect(person.get(path), 200).text.replace("\u202f", " ").replace("\u00a0", " ")
        assert (sentence in page) is (typed in bad), f"{field}: {typed}"


@case("H26")
def look_alike_addresses(c: Context) -> None:
    """Look-alikes are other people; an address in capitals is the same one, and mail goes to it as it was stored."""
    c.lay("P1")
    real = "mike@neuve.example"
    newcomer(c, "Mike", real)
    others = (
        "mıke@neuve.example",
        "ｍｉｋｅ@neuve.example",
        "mike+a@neuve.example",
        "m.ike@neuve.example",
        "mike@ｎｅｕｖｅ.example",
    )
    before = len(c.platform.mail.sink(real))
    visitor = c.platform.session()
    for address in others:
        expect(visitor.register("Un autre", address, PHRASE), 303, 422)
        expect(visitor.reset_ask(address), 303, 422)
        expect(visitor.link_ask(address), 303, 422)
    letters = c.platform.mail.sink()
    assert len([one for one in letters if one["recipient"] == real]) == before
    assert {one["recipient"] for one in letters if one["recipient"].endswith("neuve.example")} <= {
        real,
        *others,
    }
    expect(visitor.reset_ask("MIKE@NEUVE.example"), 303)
    expect(visitor.register("Un autre", "Mike@Neuve.Example", PHRASE), 303)
    after = c.platform.mail.sink(real)
    assert sorted(one["kind"] for one in after[before:]) == ["address_already_known", "password_reset"]
    assert expect(c.platform.session().login(real, PHRASE), 303)
