"""The palmarès: what is published is found, what is not does not exist."""

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import public_world as world
from tests.filing_world import a_coordinator, a_person, holder, sign_in

AT = datetime(2024, 11, 4, 17, tzinfo=UTC)


def names(page: str) -> list[str]:
    return re.findall(r'(?:honour-name|class="name)"[^>]*>(?:<a [^>]*>)?([^<]+)', page)


def test_years_stand_latest_first_and_blanks_stay_blank(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        world.the_regions()
        world.a_record(2015, number=1, candidacies=400)
        world.an_honour("Nouvelle", 2024)
        world.an_honour("Ancienne", 2019, region_code=None, theme="")
    page = client.get("/palmares").text
    assert re.findall(r'id="edition-(\d+)"', page) == ["2024", "2019", "2015"]
    assert "None" not in page
    assert "None" not in client.get("/palmares/2019").text
    assert "400" in client.get("/palmares/2015").text
    assert client.get("/palmares/2014").status_code == 404


def test_filters_are_in_the_address(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        world.the_regions()
        world.an_honour("L’Étoile d’Œuvre")
        world.an_honour("Le Lac", region_code="94", theme="Transition écologique")
    assert names(client.get("/palmares?recherche=etoile+OEUVRE").text) == ["L’Étoile d’Œuvre"]
    assert names(client.get("/palmares?region=corse").text) == ["Le Lac"]
    assert names(client.get("/palmares/2024?thematique=transition-ecologique").text) == ["Le Lac"]
    assert names(client.get("/palmares?recherche=%25").text) == []
    assert "Aucune distinction ne correspond" in client.get("/palmares?recherche=rien").text


def test_fifty_a_page(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        world.the_regions()
        for number in range(51):
            world.an_honour(f"Structure {number:02d}", distinction="selected", level="regional")
    first, second = (
        client.get("/palmares?recherche=structure"),
        client.get("/palmares?recherche=structure&page=2"),
    )
    assert names(first.text) == [f"Structure {number:02d}" for number in range(50)]
    assert names(second.text) == ["Structure 50"]
    assert client.get("/palmares?recherche=structure&page=-7").status_code == 200
    assert len(client.get("/palmares/2024").data) < 100_000


def test_a_full_year_weighs_less_than_a_hundred_kilobytes(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        world.the_regions()
        regions = (
            "84",
            "27",
            "53",
            "24",
            "94",
            "44",
            "01",
            "03",
            "32",
            "11",
            "04",
            "02",
            "06",
            "28",
            "75",
            "76",
            "52",
            "93",
        )
        for number in range(6):
            world.an_honour(f"Nationale {number}", summary="mot " * 150)
        for code in regions:
            world.an_honour(f"Une {code}", level="regional", region_code=code)
            world.an_honour(f"Deux {code}", level="regional", region_code=code)
    assert len(client.get("/palmares/2024").data) < 100_000
    assert len(client.get("/").data) < 100_000


def test_unpublished_honours_do_not_exist_for_visitors(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        world.an_edition()
    world.still_clock(app, world.AFTER)
    nowhere = client.get("/palmares/2027/atlantide")
    for phase in ("P2", "P4", "P5"):
        with app.app_context():
            world.put_in_phase(phase)
        for path in (
            "/palmares/2027/bretagne",
            "/palmares/2027/national",
            "/palmares/2027",
            "/palmares/2027/bretagne.json",
        ):
            answer = client.get(path)
            assert (answer.status_code, len(answer.data) > 0) == (404, True)
        assert client.get("/palmares/2027/bretagne").text.replace("bretagne", "atlantide") == nowhere.text
    with app.app_context():
        world.put_in_phase("P6")
    assert client.get("/palmares/2027/bretagne").status_code == 200
    assert client.get("/palmares/2027/bretagne.json").json["distinctions"] == []


def test_those_who_decide_are_told_to_wait(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        world.an_edition()
        world.put_in_phase("P5")
        coordinator = a_coordinator("Coralie", "53")
        sign_in(client, coordinator, world.AFTER)
    world.still_clock(app, world.AFTER)
    assert client.get("/palmares/2027/bretagne").status_code == 409
    assert client.get("/palmares/2027/bretagne.json").status_code == 409
    assert client.get("/palmares/2027/corse").status_code == 404
    with app.app_context():
        sign_in(client, holder(a_person("Camille")), world.AFTER)
    assert client.get("/palmares/2027/bretagne").status_code == 404


def test_a_laureate_has_a_page(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        world.the_regions()
        slug = world.an_honour(
            "L'Atelier <b>nu</b>",
            citation="Un travail patient.",
            amount=5000,
            website="javascript:alert(1)",
            source_url="https://www.exemple.org/prix",
            erratum="Nom corrigé.",
        )
        world.an_honour("L'Atelier <b>nu</b>", 2020, distinction="nominee")
    page = client.get(f"/laureats/{slug}").text
    assert '<h1 class="ceremony-name">L’Atelier &lt;b&gt;nu&lt;/b&gt;</h1>' in page
    assert "javascript:" not in page
    assert "5\u202f000\u00a0euros" in page
    assert re.findall(r'<a href="(https://www[^"]+)" rel="([^"]+)"', page) == [
        ("https://www.exemple.org/prix", "noopener noreferrer external")
    ]
    assert "Nom corrigé." in page
    assert re.findall(r'<meta property="og:title" content="([^"]+)"', page) == [
        "L’Atelier &lt;b&gt;nu&lt;/b&gt;, Prix national 2024"
    ]
    assert names(page) == ["L’Atelier &lt;b&gt;nu&lt;/b&gt;"]
    assert client.get("/laureats/personne").status_code == 404


def test_a_past_laureate_shows_its_summary_as_one(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        world.the_regions()
        slug = world.an_honour("Ancienne", summary="Elle répare des vélos.")
    page = client.get(f"/laureats/{slug}").text
    assert page.count("Résumé") == 1
    assert "<blockquote>" not in page


def test_a_retracted_honour_is_gone_and_says_why(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        world.the_regions()
        slug = world.an_honour(
            "Nom Retiré", erratum="Attribuée par erreur.", published_at=AT, retracted_at=AT
        )
        world.an_honour("Autre")
    answer = client.get(f"/laureats/{slug}")
    assert answer.status_code == 410
    assert "Attribuée par erreur." in answer.text
    for path in ("/", "/palmares", "/palmares/2024", "/palmares.json", "/palmares.csv", "/sitemap.xml"):
        text = client.get(path).text
        assert "Nom Retiré" not in text
        assert slug not in text


@pytest.mark.parametrize(
    ("path", "number"),
    [
        ("/palmares", 3),
        ("/palmares/2024", 2),
        ("/palmares?recherche=structure", 2),
        ("/palmares/2024?recherche=structure", 2),
        ("/palmares/2024/national", 3),
        ("/laureats/structure-0-2024-national", 4),
    ],
)
@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow(app: Flask, client: FlaskClient, path: str, number: int, rows: int) -> None:
    with app.app_context():
        world.the_regions()
        for row in range(rows):
            world.an_honour(f"Structure {row}")
    with world.counted(app) as sent:
        assert client.get(path).status_code == 200
    assert len(sent) == number


def test_a_structure_is_named_once_a_jury_at_its_highest_distinction(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        world.the_regions()
        for distinction in ("selected", "laureate", "nominee"):
            world.an_honour("La Ruche", 2025, distinction=distinction)
        slug = world.an_honour("La Ruche", 2025, level="regional")
        world.an_honour("La Fabrique", 2025, distinction="nominee")
    year = client.get("/palmares/2025").text
    assert re.findall(r"<h3[^>]*>(?:<a [^>]*>)?([^<]+)", year) == ["La Ruche", "La Fabrique", "La Ruche"]
    assert names(client.get("/palmares?recherche=ruche").text) == ["La Ruche", "La Ruche"]
    assert names(client.get(f"/laureats/{slug}").text).count("La Ruche") == 1
