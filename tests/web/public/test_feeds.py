"""Open data: only the fields allowed, safe in a spreadsheet, the same bytes until something changes."""

import csv
import io
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import public_world as world

AT = datetime(2024, 11, 4, 17, tzinfo=UTC)
LATER = datetime(2024, 11, 6, 17, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"
FIELDS = [
    "annee", "niveau", "distinction", "prix", "thematique", "region_code", "region", "structure", "siren", "ville",
    "departement", "projet", "resume", "motivation", "dotation_eur", "site", "source", "rectificatif", "page",
]  # fmt: skip


@pytest.fixture
def one(app: Flask) -> str:
    with app.app_context():
        world.the_regions()
        return world.an_honour(
            '=HYPERLINK("x")', published_at=AT, website="javascript:alert(1)", siren="732829320", amount=5000
        )


def test_json_carries_the_fields_allowed_and_the_licence(client: FlaskClient, one: str) -> None:
    body = client.get("/palmares.json").json
    assert list(body) == ["titre", "licence", "licence_adresse", "distinctions"]
    assert body["licence"] == "Licence Ouverte 2.0 (Etalab)"
    assert [list(line) for line in body["distinctions"]] == [FIELDS]
    assert body["distinctions"][0]["site"] is None
    assert body["distinctions"][0]["dotation_eur"] == 5000


def test_csv_opens_in_a_spreadsheet_and_runs_nothing(client: FlaskClient, one: str) -> None:
    answer = client.get("/palmares.csv")
    assert answer.data.startswith(b'\xef\xbb\xbf"annee";')
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert list(rows[0]) == [*FIELDS, "licence"]
    assert rows[0]["structure"] == '\'=HYPERLINK("x")'
    assert (
        answer.headers["Link"] == '<https://www.etalab.gouv.fr/licence-ouverte-open-licence/>; rel="license"'
    )


@pytest.mark.parametrize("start", ["＝1+1", "\u00a0=1", "{=1+1}", '"=1', "@SUM(A1)", "＋1"])
def test_csv_holds_no_hidden_formula(app: Flask, client: FlaskClient, start: str) -> None:
    with app.app_context():
        world.the_regions()
        world.an_honour(start, published_at=AT)
    rows = list(
        csv.DictReader(io.StringIO(client.get("/palmares.csv").data.decode("utf-8-sig")), delimiter=";")
    )
    assert rows[0]["structure"] == f"'{start}"


def test_atom_keeps_the_identifier_of_what_is_retracted(app: Flask, client: FlaskClient) -> None:
    from sqlalchemy import update

    from awards_app.database import atomic
    from awards_app.models.honours import Honour

    with app.app_context():
        world.the_regions()
        world.an_honour("Une", published_at=AT)
    before = ElementTree.fromstring(client.get("/palmares.atom").data).findall(f"{ATOM}entry")
    with app.app_context(), atomic() as session:
        session.execute(update(Honour).values(retracted_at=LATER, erratum="Par erreur."))
    after = ElementTree.fromstring(client.get("/palmares.atom").data).findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}id") for entry in after] == [
        entry.findtext(f"{ATOM}id") for entry in before
    ]
    assert before[0].findtext(f"{ATOM}updated") == "2024-11-04T17:00:00Z"
    assert after[0].findtext(f"{ATOM}updated") == "2024-11-06T17:00:00Z"
    assert after[0].findtext(f"{ATOM}title") == "Distinction retirée : Une · Prix national 2024"
    assert after[0].findtext(f"{ATOM}summary") == "Par erreur."


@pytest.mark.parametrize(
    "path", ["/palmares.atom", "/palmares.json", "/palmares.csv", "/sitemap.xml", "/robots.txt"]
)
def test_what_has_not_changed_is_not_sent_again(client: FlaskClient, one: str, path: str) -> None:
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")
    assert first.headers["Cache-Control"] == "public, max-age=60"


def test_the_feeds_say_when_they_last_changed(client: FlaskClient, one: str) -> None:
    assert client.get("/palmares.json").headers["Last-Modified"] == "Mon, 04 Nov 2024 17:00:00 GMT"


@pytest.mark.parametrize("path", ["/palmares.json", "/palmares.csv", "/palmares/2024/national.json"])
def test_who_asks_by_date_alone_learns_that_a_distinction_was_retracted(
    app: Flask, client: FlaskClient, one: str, path: str
) -> None:
    from sqlalchemy import update

    from awards_app.database import atomic
    from awards_app.models.honours import Honour

    with app.app_context():
        world.an_honour("Autre", published_at=AT)
    first = client.get(path)
    with app.app_context(), atomic() as session:
        session.execute(update(Honour).where(Honour.slug == one).values(retracted_at=LATER))
    again = client.get(path, headers={"If-Modified-Since": first.headers["Last-Modified"]})
    assert (again.status_code, "HYPERLINK" in first.text, "HYPERLINK" in again.text) == (200, True, False)


def test_the_sitemap_names_public_pages_only(app: Flask, client: FlaskClient, one: str) -> None:
    app.config["AWARDS_PUBLIC_URL"] = "https://prix.example"
    root = ElementTree.fromstring(client.get("/sitemap.xml").data)
    found = [node.text for node in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert found[0] == "https://prix.example/"
    assert len(found) == 7 + 18 + 2 + 1 + 1
    assert found[-4:-2] == [
        f"https://prix.example/palmares/{rest}" for rest in ("carte", "2024/dossier-de-presse")
    ]
    assert found[-2:] == ["https://prix.example/palmares/2024", f"https://prix.example/laureats/{one}"]
    assert client.get("/robots.txt").text.endswith("Sitemap: https://prix.example/sitemap.xml\n")


@pytest.mark.parametrize("path", ["/palmares.atom", "/palmares.json", "/palmares.csv", "/sitemap.xml"])
def test_an_empty_palmares_has_feeds(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 200
