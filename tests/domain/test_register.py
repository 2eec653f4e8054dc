"""What the register answers, read without trusting it."""

from datetime import date

import pytest

from awards_app.domain.register import AnswerIsMalformed, as_json, from_json, offers, read_answer
from tests.register_server import a_company


def answer(*companies: object) -> dict[str, object]:
    return {
        "results": list(companies),
        "total_results": len(companies),
        "page": 1,
        "per_page": 5,
        "total_pages": 1,
    }


def facts_of(**changes: object):
    found = read_answer(answer(a_company(**changes)), "732829320")
    assert found is not None
    return found


def test_what_it_says_is_read_and_set_for_people() -> None:
    found = facts_of()
    assert (found.siren, found.siret, found.rna) == ("732829320", "73282932000074", "W351234567")
    assert (found.name, found.acronym) == ("LES ATELIERS DU PHARE", "LAP")
    assert (found.address, found.postcode, found.city) == ("9 rue du Port", "35000", "Rennes")
    assert (found.department, found.region_code) == ("35", "53")
    assert (found.form_code, found.founded_on) == ("9220", date(2015, 3, 15))
    assert (found.is_open, found.is_association, found.is_ess) == (True, True, True)
    assert from_json(as_json(found)) == found


def test_only_the_result_that_bears_the_number_counts() -> None:
    other = a_company(siren="552100554", complements={"identifiant_association": None})
    assert read_answer(answer(other), "732829320") is None
    assert read_answer(answer(), "732829320") is None
    found = read_answer(answer(other, a_company()), "W351234567")
    assert found is not None
    assert found.siren == "732829320"


@pytest.mark.parametrize(
    "wrong",
    [
        None, [], "x", 3, {}, {"results": None}, {"results": {}}, {"results": [3]}, {"results": [{}]},
        {"results": [{"siren": 732829320}]}, {"results": [a_company(siege={}) | {"siege": "x"}]},
        {"results": [a_company() | {"complements": []}]}, {"results": [a_company(nom_raison_sociale=["x"])]},
        {"erreur": "Veuillez indiquer au moins un paramètre de recherche."},
    ],
)  # fmt: skip
def test_another_shape_is_no_answer(wrong: object) -> None:
    with pytest.raises(AnswerIsMalformed):
        read_answer(wrong, "732829320")


def test_hidden_and_hostile_values_are_blank_or_clean() -> None:
    found = facts_of(
        nom_raison_sociale="LES\u202e ATELIERS\u0000", nom_complet="Les\n\u202eAteliers\t du phare",
        sigle="[NON-DIFFUSIBLE]", date_creation="1900-01-01", nature_juridique="92<b>", etat_administratif="X",
        siege={"adresse": "[NON-DIFFUSIBLE]", "code_postal": "3500a", "siret": "1", "departement": "../", "region": None,
               "libelle_commune": "x" * 5000},
        complements={"identifiant_association": "W1", "est_ess": "oui", "est_association": 1},
    )  # fmt: skip
    assert found.name == "Les Ateliers du phare"
    blank = (found.acronym, found.address, found.postcode, found.city, found.department, found.region_code)
    assert blank == ("",) * 6
    assert (found.siret, found.rna, found.form_code, found.founded_on, found.is_open) == (
        "",
        "",
        "",
        None,
        None,
    )
    assert (found.is_ess, found.is_association) == (False, False)


def test_each_field_is_offered_beside_what_stands() -> None:
    offered = offers(
        facts_of(), {"name": "Les Ateliers du phare", "city": "Rennes", "acronym": "", "postcode": "29000"}
    )
    assert [(one.field, one.said, one.differs) for one in offered] == [
        ("name", "LES ATELIERS DU PHARE", False), ("acronym", "LAP", False), ("legal_family", "association", False),
        ("founded_on", "15/03/2015", False), ("address", "9 rue du Port", False), ("postcode", "35000", True),
    ]  # fmt: skip


def test_a_scop_run_as_a_sas_is_offered_no_family() -> None:
    scop = facts_of(nature_juridique="5710", complements={"est_association": False, "est_ess": True})
    assert "legal_family" not in {one.field for one in offers(scop, {})}
