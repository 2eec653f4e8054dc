"""C. Embargo and publication: the instant, the read-back, the preview, the mark."""

from tests.adapter import MISSING
from tests.cases.context import Context, case, expect, hides, like_missing, says

SHOP = "Les Ateliers du Phare"


@case("C5")
def preview_of_one_session(c: Context) -> None:
    c.lay("P5")
    for code in ("RC", "NS"):
        mine = c.be(code)
        link = expect(mine.publishing.preview(c.round()), 303).headers["Location"]
        path = "/" + link.split("/", 3)[3] if link.startswith("http") else link
        shown = says(expect(mine.get(path), 200), SHOP, c.canary("citation"))
        assert shown.headers["Cache-Control"] == "no-store"
        missing = f"/apercus/{MISSING}"
        stranger = "NS" if code == "RC" else "RC"
        for other in (c.another(code), c.be(stranger), c.be("JP"), c.be("CO"), c.be("PUB")):
            like_missing(other.get, path, missing)
        like_missing(mine.get, path[:-3], missing)
        mine.logout()
        # The sign-out's own word is shown once, on the next page.
        mine.get("/")
        like_missing(mine.get, path, missing)
        signed = c.world["people"][code]
        expect(mine.login(signed["email"], signed["password"]), 303)
        like_missing(mine.get, path, missing)
    fresh = c.another("RC")
    path = expect(fresh.publishing.preview(c.round()), 303).headers["Location"]
    expect(fresh.get(path), 200)
    c.platform.clock.set("2026-10-06T09:00:00+00:00")
    like_missing(fresh.get, path, f"/apercus/{MISSING}")


@case("C6")
def impossible_instants(c: Context) -> None:
    """Réunion never changes its clocks and is ahead of Paris; Brittany does on the nights of spring and autumn."""
    c.lay("P5")
    staff, key = c.be("RC").publishing, c.round()
    with c.no_effect():
        past = expect(staff.embargo(key, "2026-10-01T18:00"), 422)
        says(past, "01/10/2026", "18:00", "UTC+2", "16:00", "temps universel", 'value="2026-10-01"')
        gap = expect(staff.embargo(key, "2027-03-28T02:30"), 422)
        says(gap, "n’existe pas", "03:30", "UTC+2", "01:30", "UTC+1")
        twice = expect(staff.embargo(key, "2027-10-31T02:30"), 422)
        says(twice, "a lieu deux fois", "UTC+2", "UTC+1", "la première fois", "la seconde fois")
    expect(staff.embargo(key, "2027-10-31T02:30", fold="1"), 303)
    says(staff.get(key), "2 h 30 (heure de Paris)", "dimanche 31 octobre 2027 à 01 h 30 en temps universel")
    c.lay("P2")
    early = expect(c.be("RC").publishing.embargo(c.round(), "2026-09-15T18:00"), 422)
    says(early, "avant la fin de la notation", "15/09/2026", "16:00", "temps universel")
    c.lay("P0")
    for letter in ("A", "N"):
        expect(c.be("NS").publishing.embargo(c.round(letter), "2020-01-01T10:00"), 422)


@case("C9")
def embargo_moved_at_the_last_moment(c: Context) -> None:
    c.lay("P5")
    key = c.round()
    lift = c.be("RC").publishing
    expect(lift.embargo(key, "2026-12-01T18:00"), 303)
    for code in ("RC", "NS"):
        expect(c.be(code).publishing.arm(key), 303)
    c.at("2026-12-01T16:55:00+00:00")
    expect(c.be("RC").publishing.embargo(key, "2026-12-02T18:00"), 303)
    before = c.be("PUB").public.api().text
    c.at("2026-12-01T17:00:05+00:00")
    for _worker in range(2):
        expect(c.platform.job.run("publication.publish_due"), 200)
        expect(c.platform.job.run("sweep"), 200)
    visitor = c.be("PUB")
    expect(visitor.public.list(2026, "bretagne"), 404)
    assert visitor.public.api().text == before
    kinds = {letter["kind"] for letter in c.platform.mail.sink()}
    assert not kinds & {"decision_selected", "decision_not_selected", "certificate_ready"}, kinds
    c.at("2026-12-02T17:00:00+00:00")
    expect(c.platform.job.run("sweep"), 200)
    says(expect(c.be("PUB").public.list(2026, "bretagne"), 200), SHOP)


@case("C18")
def read_back_to_the_letter(c: Context) -> None:
    c.lay("P5")
    chamber, key = c.be("RC").publishing, c.round()
    shown = chamber.names(key)
    says(chamber.get(key), SHOP, "SIREN", "Rennes", "Utilité sociale")
    main = [decision for decision, name in shown.items() if name == SHOP]
    assert main, shown
    # A letter less, a hyphen, another structure's name, nothing at all: near is not the same.
    for wrong in (
        "Les Atelier du Phare",
        "Les Ateliers-du-Phare",
        "Les Ateliers du Fhare",
        "Lés Ateliers du Phare",
        "La Maison commune",
        "",
    ):
        with c.no_effect():
            answer = expect(chamber.arm(key, {**shown, main[0]: wrong}), 422)
            says(answer, "nom")
            if wrong:
                says(answer, wrong.replace("'", "’"))
    with c.no_effect():
        expect(chamber.arm(key, {key_: name for key_, name in shown.items() if key_ != main[0]}), 422)
    loose = {decision: f"  {name.upper()}  ".replace(" ", "  ") for decision, name in shown.items()}
    expect(chamber.arm(key, loose), 303)
    says(c.be("NS").publishing.get(key), "Il manque la relecture d’une autre personne")
    with c.no_effect():
        expect(c.be("NS").publishing.arm(key, {**shown, main[0]: "Les Ateliers du Fhare"}), 422)
    expect(c.be("NS").publishing.arm(key, shown), 303)
    says(c.be("RC").publishing.get(key), "programmée")


@case("C23")
def marked_with_who_and_when(c: Context) -> None:
    c.lay("P5")
    for code in ("RC", "NS"):
        reader = c.be(code)
        account = c.world["people"][code]["email"]
        pages = [reader.preview(c.round()), reader.publishing.get(c.round())]
        expect(reader.publishing.rehearse(c.round()), 303)
        pages.append(reader.publishing.rehearsal(c.round()))
        for page in pages:
            says(expect(page, 200), "Sous embargo", account, "5 octobre 2026")
        number = c.world["certificates"][0]["number"]
        for paper in (
            reader.get(f"/coordination/{c.round()}/proces-verbal.pdf"),
            reader.cert.get(number),
        ):
            words = text_of(expect(paper, 200).content)
            assert "Sous embargo" in words, paper.request.url.path
            assert account in words, paper.request.url.path
            assert "5 octobre 2026" in words, paper.request.url.path
    c.lay("P6")
    page = c.be("PUB").public.list(2026, "bretagne")
    hides(page, "Sous embargo", "embargo-mark")


def text_of(paper: bytes) -> str:
    """Return the words of a PDF, each sign once, spaces collapsed."""
    import pypdfium2

    document = pypdfium2.PdfDocument(paper)
    words = " ".join(page.get_textpage().get_text_range() for page in document)
    return " ".join(words.split())
