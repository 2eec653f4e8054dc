"""Around a palmarès: photos, cards, machine-read data, the map, the method, the press kit, the guide's page."""

import csv
import gzip
import io
import json
import re
import zipfile
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from awards_app.adapters import storage
from awards_app.database import atomic
from awards_app.models.editions import Round
from awards_app.models.honours import Honour
from awards_app.models.public_pages import Guide, HonourPhoto, HonourPicture, MethodAccount
from awards_app.services.accounts import ensure_account
from awards_app.services.attachment_bytes import sha256_of_bytes
from awards_app.services.guides import changed_guides
from awards_app.services.honours import publish_due
from awards_app.services.worlds.papers import picture
from tests import public_world as world
from tests.checked_client import CheckedClient
from tests.decision_world import LIFT, an_armed_round

AT = datetime(2024, 11, 4, 17, tzinfo=UTC)
CANARY = "CANARI-secret"
KIT_HEADS = [
    "annee", "niveau", "prix", "thematique", "region", "structure", "ville", "departement", "projet", "motivation",
    "resume", "site", "page", "rectificatif", "photo", "photo_credit", "photo_droits", "photo_description",
]  # fmt: skip


def a_photo(slug: str) -> str:
    """Give a published distinction a photo, as its service writes it; return its key."""
    content = picture()
    with atomic() as session:
        photo = HonourPhoto(
            honour_id=session.scalars(select(Honour.id).where(Honour.slug == slug)).one(),
            alternative="Un atelier <clair>",
            credit="Jeanne Martin",
            rights="Reproduction autorisée",
            chosen_by_id=ensure_account("photo@ess.example", "Camille", AT),
            chosen_at=AT,
        )
        session.add(photo)
        session.flush()
        for width in (480, 960, 1600):
            session.add(
                HonourPicture(
                    photo_id=photo.id,
                    width=width,
                    drawn_width=480,
                    drawn_height=360,
                    size=len(content),
                    sha256=sha256_of_bytes(content),
                    storage_key=storage.put(content),
                )
            )
        return photo.key


@pytest.fixture
def slug(app: Flask) -> str:
    with app.app_context():
        world.the_regions()
        return world.an_honour(
            "Les Étoiles</script>",
            published_at=AT,
            siren="732829320",
            city="Rennes",
            citation="Pour un lieu partagé.",
            website="https://etoiles.example/",
        )


def data_of(page: str) -> dict[str, object]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    read: dict[str, object] = json.loads(found.group(1))
    return read


def test_machines_read_the_laureate_and_no_name_ends_the_block(client: FlaskClient, slug: str) -> None:
    page = client.get(f"/laureats/{slug}").text
    data = data_of(page)
    about = data["about"]
    assert about == {
        "@type": "Organization",
        "name": "Les Étoiles</script>",
        "award": "Prix national 2024, Prix de l’Économie sociale et solidaire",
        "url": "https://etoiles.example/",
        "identifier": {"@type": "PropertyValue", "propertyID": "SIREN", "value": "732829320"},
        "address": {
            "@type": "PostalAddress",
            "addressLocality": "Rennes",
            "addressRegion": "Bretagne",
            "addressCountry": "FR",
        },
    }
    assert sorted(data) == [
        "@context", "@id", "@type", "about", "breadcrumb", "datePublished", "description", "inLanguage", "isPartOf",
        "name", "url",
    ]  # fmt: skip
    assert page.count("<script") == 2


def test_a_photo_is_shown_with_its_words_and_served_inert(app: Flask, client: FlaskClient, slug: str) -> None:
    with app.app_context():
        key = a_photo(slug)
    page = client.get(f"/laureats/{slug}").text
    assert 'alt="Un atelier &lt;clair&gt;"' in page
    assert "Jeanne Martin. Reproduction autorisée" in page
    assert data_of(page)["primaryImageOfPage"]["creditText"] == "Jeanne Martin"

    answer = client.get(f"/laureats/{slug}/photo/{key}-960.jpg")
    assert answer.mimetype == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    again = client.get(
        f"/laureats/{slug}/photo/{key}-960.jpg", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304
    for wrong in (f"{key}-961.jpg", f"{'A' * 22}-960.jpg"):
        assert client.get(f"/laureats/{slug}/photo/{wrong}").status_code == 404


def test_a_shared_link_shows_a_card_of_its_own(client: FlaskClient, slug: str) -> None:
    page = client.get(f"/laureats/{slug}").text
    found = re.search(r'property="og:image" content="[^"]*?(/laureats/[^"]+)"', page)
    assert found is not None
    card = client.get(found.group(1))
    assert (card.status_code, card.mimetype) == (200, "image/png")
    assert card.data.startswith(b"\x89PNG")
    assert client.get("/laureats/personne/carte.png").status_code == 404


def test_the_kit_holds_published_lines_alone(app: Flask, client: FlaskClient, slug: str) -> None:
    with app.app_context():
        a_photo(slug)
        world.an_honour("Retirée", retracted_at=AT, citation=CANARY)
        world.an_honour("Une autre année", 2023)
    answer = client.get("/palmares/2024/dossier-de-presse.zip")
    assert answer.mimetype == "application/zip"
    assert answer.data == client.get("/palmares/2024/dossier-de-presse.zip").data
    with zipfile.ZipFile(io.BytesIO(answer.data)) as kit:
        assert kit.namelist() == [
            "lisez-moi.txt",
            "palmares-2024.csv",
            f"textes/{slug}.txt",
            f"photos/{slug}.jpg",
        ]
        table = kit.read("palmares-2024.csv").decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(table), delimiter=";"))
        assert list(rows[0]) == KIT_HEADS
        assert [row["structure"] for row in rows] == ["Les Étoiles</script>"]
        assert rows[0]["photo_credit"] == "Jeanne Martin"
        notice = kit.read("lisez-moi.txt").decode()
        assert "Licence Ouverte 2.0" in notice
        assert "Jeanne Martin" in notice
        assert CANARY not in "".join(kit.read(name).decode("latin-1") for name in kit.namelist())
    assert client.get("/palmares/2022/dossier-de-presse.zip").status_code == 404
    assert client.get("/palmares/2024/dossier-de-presse").status_code == 200
    national = client.get("/palmares/2024/national/dossier-de-presse.zip")
    assert national.status_code == 200


def test_a_correction_makes_another_kit(app: Flask, client: FlaskClient, slug: str) -> None:
    first = client.get("/palmares/2024/dossier-de-presse.zip")
    with app.app_context(), atomic() as session:
        session.scalars(select(Honour).where(Honour.slug == slug)).one().citation = "Autres mots."
    second = client.get("/palmares/2024/dossier-de-presse.zip")
    assert first.headers["ETag"] != second.headers["ETag"]
    with zipfile.ZipFile(io.BytesIO(second.data)) as kit:
        assert "Autres mots." in kit.read(f"textes/{slug}.txt").decode()


def test_the_map_and_the_palmares_count_what_their_lists_show(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        world.the_regions()
        for distinction in ("selected", "laureate"):
            world.an_honour("Deux fois", level="regional", distinction=distinction)
        world.an_honour("Nationale", region_code="94")
        world.an_honour("Retirée", retracted_at=AT)
        world.an_honour("Plus ancienne", 2019)
    with world.counted(app) as sent:
        page = client.get("/palmares/carte?annee=2024").text
    assert len(sent) == 3
    counts = re.findall(r'aria-label="(Bretagne|Corse|Normandie)[^"]*?: ([^"]+)"', page)
    assert counts == [
        ("Bretagne", "1 distinction"),
        ("Corse", "1 distinction"),
        ("Normandie", "aucune distinction"),
    ]
    assert len(re.findall(r"honour-name", client.get("/palmares/2024?region=bretagne").text)) == 1
    figures = re.search(
        r'id="edition-2024".*?<span class="num">(\d+)</span>', client.get("/palmares").text, re.DOTALL
    )
    assert figures is not None
    assert figures.group(1) == "2"
    assert client.get("/palmares/carte?annee=1999").status_code == 200


def test_how_it_was_decided_is_there_once_published(app: Flask, client: FlaskClient, slug: str) -> None:
    assert client.get("/palmares/2024/national/comment").status_code == 404
    content = {
        "edition": "Prix de l’ESS 2024", "chamber": "ESS France", "quorum": "Quorum.", "ties": "Départage.",
        "grids": [{"theme": "Utilité sociale", "criteria": [["Besoin", 100]]}],
        "examined": 27, "members": 9, "present": 8, "recusals": 2,
        "panel": [
            {"name": "Bo", "function": "juror", "college": "Coopératives"},
            {"name": "Zoé", "function": "chair", "college": ""},
        ],
        "minutes": {"number": "PV-2024-NAT-1", "sha256": "a" * 64},
    }  # fmt: skip
    with app.app_context(), atomic() as session:
        session.add(MethodAccount(year=2024, place="national", content=content, published_at=AT))
    with world.counted(app) as sent:
        page = client.get("/palmares/2024/national/comment").text
    assert len(sent) <= 6
    assert "a" * 64 in page
    assert page.index("Zoé") < page.index("Bo<")
    content["panel"] = None
    with app.app_context(), atomic() as session:
        session.scalars(select(MethodAccount)).one().content = dict(content)
    assert "ne publie pas la composition" in client.get("/palmares/2024/national/comment").text


def test_a_guide_to_come_says_so_and_none_does_not_exist(app: Flask, client: FlaskClient, slug: str) -> None:
    assert client.get("/palmares/2024/guide").status_code == 404
    assert client.get("/palmares/2024/guide.pdf").status_code == 404
    with app.app_context(), atomic() as session:
        session.add(Guide(year=2024, state="making", step=1, steps=4, asked_at=AT))
    page = client.get("/palmares/2024/guide")
    assert page.status_code == 200
    assert "en préparation" in page.text
    assert "Étape 2 sur 4" in page.text
    assert client.get("/palmares/2024/guide.pdf").status_code == 503


def test_what_is_compressed_is_the_same_text(client: CheckedClient, slug: str) -> None:
    client.checks_html = False
    plain = client.get("/palmares")
    light = client.get("/palmares", headers={"Accept-Encoding": "gzip"})
    assert light.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(light.data) == plain.data
    refused = client.get("/palmares", headers={"Accept-Encoding": "gzip;q=0, identity"})
    assert ("Content-Encoding" in refused.headers, refused.data) == (False, plain.data)
    style = client.get("/static/css/base.css", headers={"Accept-Encoding": "gzip"})
    again = client.get(
        "/static/css/base.css", headers={"Accept-Encoding": "gzip", "If-None-Match": style.headers["ETag"]}
    )
    again.close()
    assert (style.headers["Content-Encoding"], again.status_code) == ("gzip", 304)
    assert (
        "Content-Encoding" not in client.get("/compte/connexion", headers={"Accept-Encoding": "gzip"}).headers
    )


def test_the_sitemap_names_what_stands_around_a_palmares_once_it_is_published(
    app: Flask, client: FlaskClient
) -> None:
    words = ("carte", "dossier-de-presse", "guide", "comment")

    def listed() -> list[str]:
        paths = re.findall(r"<loc>[a-z]+://[^/]+(/palmares/[^<]*)</loc>", client.get("/sitemap.xml").text)
        return [path for path in paths if path.rsplit("/", 1)[-1] in words]

    with app.app_context():
        edition = an_armed_round()
    assert listed() == []
    with app.app_context():
        publish_due(LIFT)
    region = ["/palmares/carte", "/palmares/2027/dossier-de-presse"]
    assert listed() == [*region, "/palmares/2027/bretagne/comment"]
    with app.app_context(), atomic() as session:
        # As the nation's publication writes it.
        national = session.scalars(
            select(Round).where(Round.edition_id == edition.edition_id, Round.region_code.is_(None))
        ).one()
        national.phase = "P6"
        session.add(MethodAccount(year=2027, place="national", content={}, published_at=LIFT))
    with app.app_context():
        changed_guides(LIFT)
    assert listed() == [
        *region,
        "/palmares/2027/guide",
        "/palmares/2027/bretagne/comment",
        "/palmares/2027/national/comment",
    ]
    for path in listed()[:-1]:
        assert (path, client.get(path).status_code) == (path, 200)
