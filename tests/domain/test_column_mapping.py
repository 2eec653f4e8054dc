"""Headers as form tools write them, and the mapping a person corrects and keeps."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awards_app.domain.column_headers import FIELD_LABELS, FIELDS, HONOURS_COLUMNS
from awards_app.domain.column_mapping import Ambiguity, Mapping, MappingIsInvalid, propose_mapping


def field_of(header: str) -> str | None:
    return propose_mapping([header]).mapping.columns[header]


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Nom de la structure", "structure_name"),
        ("RAISON SOCIALE", "structure_name"),
        ("Organisme", "structure_name"),
        ("Dénomination", "structure_name"),
        ("Quel est le nom de votre structure ? *", "structure_name"),
        ("Thème", "theme"),
        ("Catégorie du prix", "theme"),
        ("Dans quelle catégorie concourez-vous ?", "theme"),
        ("Région", "region_code"),
        ("Région d’implantation du siège", "region_code"),
        ("Département", "department"),
        ("N° de département", "department"),
        ("Code postal", "postcode"),
        ("SIRET", "siret"),
        ("N° SIRET (14 chiffres)", "siret"),
        ("SIREN ou SIRET", "siret"),
        ("N° RNA", "rna"),
        ("Intitulé du projet", "project_title"),
        ("Titre de votre projet *", "project_title"),
        ("Résumé", "summary"),
        ("Courriel", "contact_email"),
        ("Adresse e-mail", "contact_email"),
        ("Adresse mail de la personne à contacter", "contact_email"),
        ("Nom et prénom du contact", "contact_name"),
        ("Date de création", "created_on"),
        ("Quelle est la date de création de votre structure ?", "created_on"),
        ("Nombre de salarié·e·s", "employees"),
        ("Nombre de salarié(e)s", "employees"),
        ("Budget annuel (en €)", "budget"),
        ("Budget du projet", None),
        ("Êtes-vous une association ?", None),
        ("Votre structure est-elle dans une région rurale ?", None),
        ("Horodateur", None),
        ("Commentaires", None),
    ],
)
def test_headers_are_recognised_as_people_write_them(header, name):
    assert field_of(header) == name


def test_every_label_is_its_own_header():
    assert {name: field_of(label) for name, label, _ in FIELDS} == {name: name for name in FIELD_LABELS}


def test_the_columns_of_the_honours_need_no_mapping():
    proposal = propose_mapping(HONOURS_COLUMNS)
    assert proposal.mapping.columns == HONOURS_COLUMNS
    assert proposal.left_aside == ("edition_year", "level", "distinction", "amount_eur", "source_url")
    assert (proposal.ambiguous, proposal.unknown) == ((), ())


def test_a_better_header_wins_and_the_other_is_told():
    proposal = propose_mapping(["Nom", "Prénom", "Nom de la structure"])
    assert proposal.mapping.columns == {"Nom": None, "Prénom": None, "Nom de la structure": "structure_name"}
    assert (proposal.left_aside, proposal.unknown) == (("Nom",), ("Prénom",))


def test_a_draw_is_reported_and_maps_nothing():
    proposal = propose_mapping(["Courriel", "Organisme", "E-mail"])
    assert proposal.mapping.columns == {"Courriel": None, "Organisme": "structure_name", "E-mail": None}
    assert proposal.ambiguous == (Ambiguity(("Courriel", "E-mail"), ("contact_email",)),)


def test_a_question_of_the_form_is_found_by_its_words():
    proposal = propose_mapping(
        ["De quel besoin etes-vous partis ? *"], {"need": "De quel besoin êtes-vous partis ?"}
    )
    assert proposal.mapping.columns == {"De quel besoin etes-vous partis ? *": "narrative:need"}


def test_a_mapping_is_kept_as_json_and_read_back():
    mapping = Mapping({"Nom": "structure_name", "Vu": None, "Besoin": "narrative:need"})
    assert json.loads(mapping.to_json()) == {
        "version": 1,
        "columns": {"Nom": "structure_name", "Vu": None, "Besoin": "narrative:need"},
    }
    assert Mapping.from_json(mapping.to_json()) == mapping


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "Le fichier de correspondance n’est pas du JSON."),
        ("[]", "Le fichier de correspondance doit contenir « version » (1) et « columns »."),
        (
            '{"version": 2, "columns": {}}',
            "Le fichier de correspondance doit contenir « version » (1) et « columns ».",
        ),
        ('{"version": 1, "columns": {"a": 3}}', "La colonne « a » est mal renseignée : un champ, ou null."),
        (
            '{"version": 1, "columns": {"a": "nom"}}',
            "La colonne « a » est associée à « nom », qui n’existe pas.",
        ),
        (
            '{"version": 1, "columns": {"a": "siret", "b": "siret"}}',
            "Les colonnes « a » et « b » désignent la même information (SIRET) : gardez-en une.",
        ),
    ],
)
def test_a_mapping_that_does_not_hold_is_refused_in_words(text, sentence):
    with pytest.raises(MappingIsInvalid) as caught:
        Mapping.from_json(text)
    assert str(caught.value) == sentence


def test_a_mapping_must_fit_the_table():
    mapping = Mapping({"Nom": "structure_name", "Ville": "city"})
    assert mapping.cover(["Ville", "Nom", "Autre"]).columns == {
        "Ville": "city",
        "Nom": "structure_name",
        "Autre": None,
    }
    for headers, sentence in (
        (["Nom"], "La colonne « Ville » n’est pas dans ce fichier."),
        (["Ville"], "La colonne « Nom » n’est pas dans ce fichier."),
    ):
        with pytest.raises(MappingIsInvalid) as caught:
            mapping.cover(headers)
        assert str(caught.value) == sentence


@given(st.lists(st.text(max_size=30), unique=True, max_size=8))
def test_any_headers_give_a_mapping_that_holds(headers):
    proposal = propose_mapping(headers)
    assert list(proposal.mapping.columns) == headers
    assert Mapping.from_json(proposal.mapping.to_json()) == proposal.mapping
