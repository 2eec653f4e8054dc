"""Five questions before the account: advice from the rules, nothing kept, always a way on."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from awards_app.adapters import clock
from awards_app.database import atomic, db
from awards_app.models.editions import Edition, Round
from awards_app.models.honours import Honour
from tests import filing_world as world

GOOD = {
    "famille": "association",
    "creation": "14/07/2015",
    "departement": "35",
    "laureate": "non",
    "candidature": "non",
    "thematique": "te",
    "numero": "732 829 320",
}


@pytest.fixture(autouse=True)
def edition(app: Flask, tmp_path) -> None:
    app.config["AWARDS_CLOCK_FILE"] = str(tmp_path / "clock.json")
    with app.app_context():
        clock.set_clock(world.FILING, frozen=True)
        world.an_edition()


def answer(client: FlaskClient, **changes: str) -> str:
    found = client.get("/eligibilite/reponse", query_string={**GOOD, **changes})
    assert found.status_code == 200
    return found.get_data(as_text=True).replace("\u202f", " ").replace("\u00a0", " ")


def title(page: str) -> str:
    return re.sub(r"\s+", " ", re.search(r"<h1>(.*?)</h1>", page, re.DOTALL)[1])


def states(page: str) -> list[str]:
    return re.findall(r"</svg>(convient|à vérifier|non précisé)</span>", page)


def test_nothing_stands_in_the_way(client: FlaskClient) -> None:
    page = answer(client)
    assert title(page) == "Votre structure semble éligible ; la CRESS vérifiera"
    assert states(page) == ["convient"] * 6
    assert "c’est la CRESS Bretagne qui examine" in page
    assert "mercredi 30 juin 2027 à 23 h 59, heure de Paris" in page
    assert "Transition écologique</th>" in page
    assert "Utilité sociale</th>" not in page


def test_both_closing_times_overseas(client: FlaskClient) -> None:
    page = answer(client, departement="974", thematique="")
    assert "mercredi 30 juin 2027 à 23 h 59, heure de la région" in page
    assert "mercredi 30 juin 2027 à 21 h 59, heure de Paris" in page
    assert "Utilité sociale</th>" in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"famille": "public_body"}, "Le prix est réservé aux personnes morales de droit privé."),
        ({"creation": "01/07/2025"}, "elle aura 23 mois ; la règle demande 24 mois."),
        ({"laureate": "oui"}, "Les lauréats des 3 dernières éditions ne peuvent pas candidater."),
        ({"candidature": "oui"}, "Rejoignez plutôt vos collègues"),
    ],
)
def test_a_doubt_names_the_rule_and_whom_to_ask(
    client: FlaskClient, changes: dict[str, str], words: str
) -> None:
    page = answer(client, **changes)
    assert title(page) == "Un point est à voir avec la CRESS"
    assert words in page
    assert "Demandez à la CRESS Bretagne : elle seule décide." in page
    assert "Ce n’est pas un refus : vous pouvez continuer." in page
    assert "Ouvrir un compte et continuer" in page


def test_a_mistyped_number_or_date_is_said_and_stops_nobody(client: FlaskClient) -> None:
    page = answer(client, numero="732 829 321", creation="31/02/2015")
    assert title(page) == "Un point est à voir avec la CRESS"
    assert "le dernier ne correspond pas aux autres : vérifiez la saisie" in page
    assert "Saisissez une date sous la forme jj/mm/aaaa" in page
    assert "Ouvrir un compte et continuer" in page
    asked = client.get("/eligibilite", query_string={"numero": "732 829 321"}).get_data(as_text=True)
    assert 'value="732 829 321"' in asked
    assert "le dernier ne correspond pas" in asked


def test_nothing_answered_is_no_eligibility(client: FlaskClient) -> None:
    page = answer(client, **dict.fromkeys(GOOD, ""))
    assert title(page) == "Il manque des réponses pour vous conseiller"
    assert states(page) == ["non précisé"] * 6


def test_the_rules_are_those_of_the_edition(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), atomic() as session:
        row = session.scalars(select(Edition)).one()
        row.rules = {
            **row.rules,
            "minimum_age_months": 6,
            "laureates_excluded_editions": 1,
            "candidacies_per_structure": 2,
        }
        session.scalars(select(Round).where(Round.region_code == "53")).one().takes_part = False
    page = answer(client, creation="01/12/2026", candidature="oui")
    assert states(page) == ["convient", "convient", "à vérifier", "convient", "convient", "convient"]
    assert "Bretagne ne participe pas à cette édition." in page
    assert "4. A-t-elle été lauréate en 2026" in client.get("/eligibilite").get_data(as_text=True)


def test_the_palmares_knows_a_former_laureate(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), atomic() as session:
        session.add(
            Honour(
                slug="x", identity="x", year=2025, level="regional", distinction="laureate", structure_name="X", sort_key="x",
                siren="732829320", published_at=None,
            )
        )  # fmt: skip
    assert "Le palmarès porte ce numéro en 2025." in answer(client)


def test_whether_a_structure_is_here_changes_nothing(app: Flask, client: FlaskClient) -> None:
    before = answer(client)
    with app.app_context():
        world.a_submitted()
    assert answer(client) == before


def test_nothing_is_kept_and_the_way_on_carries_the_answers(app: Flask, client: FlaskClient) -> None:
    page = answer(client)
    assert client.get("/eligibilite/reponse", query_string=GOOD).headers.get("Set-Cookie") is None
    way = re.search(r'href="(/compte/inscription\?suite=[^"]+)"', page)
    assert way is not None
    signing = client.get(way[1]).get_data(as_text=True)
    assert 'name="suite"' in signing
    with app.app_context():
        world.sign_in(client, world.holder(world.a_person("Odile")), world.FILING)
    onward = re.search(r'href="(/structure/nouvelle\?[^"]+)"', answer(client))
    assert onward is not None
    form = client.get(onward[1].replace("&amp;", "&")).get_data(as_text=True)
    assert 'value="732 829 320"' in form
    assert 'value="14/07/2015"' in form
    assert '<option selected value="association">' in form


def test_hostile_answers_are_text(client: FlaskClient) -> None:
    page = answer(
        client, famille="<script>alert(1)</script>", departement="../..", numero='"><img src=x>' * 30
    )
    assert "<script>alert" not in page
    assert "<img src=x>" not in page


def test_without_an_edition_the_page_says_when(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), atomic() as session:
        session.scalars(select(Edition)).one().is_current = False
    for path in ("/eligibilite", "/eligibilite/reponse"):
        assert "La prochaine édition se prépare" in client.get(path).get_data(as_text=True)


def test_it_is_linked_from_the_home_and_the_sign_up(client: FlaskClient) -> None:
    for path in ("/", "/compte/inscription", "/le-prix"):
        assert 'href="/eligibilite"' in client.get(path).get_data(as_text=True)


def test_the_pages_ask_a_counted_number_of_questions(app: Flask, client: FlaskClient) -> None:
    def counted(path: str) -> int:
        asked: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            asked.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            assert client.get(path, query_string=GOOD).status_code == 200
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len([one for one in asked if not one.startswith("BEGIN")])

    assert counted("/eligibilite") == 3
    assert counted("/eligibilite/reponse") == 6


def test_the_closing_day_is_the_one_at_the_clocks_of_the_region(app: Flask, client: FlaskClient) -> None:
    """Martinique closes on 30 June at its clocks, which is 1 July in Paris."""
    assert "Le 30 juin 2027, jour de la clôture" in answer(client, departement="972", creation="01/07/2025")
