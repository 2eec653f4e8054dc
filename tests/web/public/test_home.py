"""The home, the calendar and the regions: what they say of the call, and what they never say."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import public_world as world

PAGES = (
    "/",
    "/calendrier",
    "/regions/bretagne",
    "/palmares",
    "/palmares.atom",
    "/palmares.json",
    "/sitemap.xml",
)


def headline(page: str) -> str:
    found = re.search(r'opening-headline">(.*?)<', page)
    assert found is not None
    return found[1]


def test_an_empty_platform_has_a_home(client: FlaskClient) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert headline(answer.text) == "Le prochain appel à candidatures se prépare"
    assert "/candidatures/nouvelle" not in answer.text


@pytest.mark.parametrize(
    ("at", "words", "may_file"),
    [
        (world.BEFORE, "L’appel à candidatures 2027 ouvrira bientôt", False),
        (world.DURING, "L’appel à candidatures 2027 est ouvert", True),
        (world.AFTER, "L’appel à candidatures 2027 est clos", False),
    ],
)
def test_the_home_says_where_the_call_stands(app: Flask, client: FlaskClient, at, words, may_file) -> None:
    with app.app_context():
        world.an_edition()
    world.still_clock(app, at)
    page = client.get("/").text
    assert headline(page) == words
    assert ("/candidatures/nouvelle" in page) is may_file


def test_nothing_public_changes_between_the_closing_and_the_announcement(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        world.an_edition()
    world.still_clock(app, world.AFTER)
    seen = set()
    for phase in ("P2", "P3", "P4", "P5"):
        with app.app_context():
            world.put_in_phase(phase)
            world.put_in_phase(phase, None)
        seen.add(tuple(client.get(page).data for page in PAGES))
    assert len(seen) == 1
    with app.app_context():
        world.put_in_phase("P6", None)
    assert headline(client.get("/").text) == "Les lauréats 2027 sont annoncés"


def test_the_calendar_gives_both_clocks_overseas(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        world.an_edition()
    world.still_clock(app, world.DURING)
    page = re.sub(r"\s+", " ", client.get("/calendrier").text)
    cells = re.findall(r'<th scope="row">Guadeloupe</th>((?: <td[^>]*>[^<]*</td>)+)', page)
    assert re.findall(r">([^<]*)</td>", cells[0]) == [
        "samedi 15 mai à 9 h",
        "mercredi 30 juin à 23 h 59",
        "jeudi 1er juillet à 5 h 59",
    ]
    assert "Du 15 mai au 30 juin 2027" in page


def test_a_region_shows_its_own_honours_only(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        world.an_edition()
        world.an_honour("Bretonne", level="regional")
        world.an_honour("Corse", level="regional", region_code="94")
    page = client.get("/regions/bretagne").text
    assert re.findall(r'honour-name"><a [^>]*>([^<]+)', page) == ["Bretonne"]
    assert client.get("/regions/atlantide").status_code == 404


@pytest.mark.parametrize(
    ("path", "number"), [("/", 5), ("/calendrier", 2), ("/regions/bretagne", 4), ("/le-prix", 4)]
)
@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow(app: Flask, client: FlaskClient, path: str, number: int, rows: int) -> None:
    with app.app_context():
        world.an_edition()
        for row in range(rows):
            world.an_honour(f"Structure {row}")
    client.get(path)
    with world.counted(app) as sent:
        assert client.get(path).status_code == 200
    assert len(sent) == number


@pytest.mark.parametrize("path", ["/mentions-legales", "/accessibilite", "/donnees-personnelles", "/le-prix"])
def test_standing_pages_need_no_edition(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 200


def test_the_privacy_page_reads_the_durations_of_the_edition(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        world.an_edition()
    page = client.get("/donnees-personnelles").text
    durations = re.findall(r'data-label="Durée">([^<]+)<', page)
    assert durations == [
        "3 mois après la clôture de l’appel",
        "2 ans après la fin de l’édition",
        "5 ans après la fin de l’édition",
        "2 ans après la fin de l’édition",
        "Sans limite",
        "Jusqu’au versement",
        "2 ans sans connexion",
    ]


def test_visitors_may_keep_a_page_a_minute_and_people_signed_in_may_not(
    app: Flask, client: FlaskClient
) -> None:
    from tests.filing_world import a_person, holder, sign_in

    assert client.get("/").headers["Cache-Control"] == "public, max-age=60"
    with app.app_context():
        person = holder(a_person("Claude"))
        sign_in(client, person, world.BEFORE)
    world.still_clock(app, world.BEFORE)
    assert client.get("/").headers["Cache-Control"] == "no-store"
