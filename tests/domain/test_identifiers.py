"""The identifiers of a structure, normalised or refused."""

import pytest

from awards_app.domain.identifiers import (
    CourtRegisterIsInvalid,
    DigitsAreMiscounted,
    Identifier,
    IdentifierIsInvalid,
    IdentifierKind,
    RnaIsInvalid,
    SirenCheckDigitIsWrong,
    SirenIsInvalid,
    SiretCheckDigitIsWrong,
    SiretIsInvalid,
    court_register,
    recognise,
    register_number,
    rna,
    siren,
    siren_of,
    siret,
)


@pytest.mark.parametrize(
    "text", ["732829320", "732 829 320", "\u00a0732\u202f829\u00a0320 ", "732.829.320", "732-829-320"]
)
def test_a_siren_however_it_is_spaced(text):
    assert siren(text) == "732829320"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "732829321",
        "73282932",
        "7328293200",
        "73282932O",
        "٧٣٢٨٢٩٣٢٠",
        "７３２８２９３２０",
        "abc",
        "732829320x",
    ],
)
def test_what_is_no_siren(text):
    with pytest.raises(SirenIsInvalid):
        siren(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("732 829 320 00074", "73282932000074"),
        ("35600000000048", "35600000000048"),
        ("356 000 000 49837", "35600000049837"),
        ("00000000000000", None),
        ("732 829 320 00079", None),
        ("356 000 000 49838", None),
        ("732829320", None),
        ("", None),
    ],
)
def test_sirets_and_the_establishments_of_la_poste(text, number):
    if number is None:
        with pytest.raises(SiretIsInvalid):
            siret(text)
    else:
        assert siret(text) == number


def test_the_siren_of_a_siret():
    assert siren_of("73282932000074") == "732829320"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("W751234567", "W751234567"),
        (" w 75 1234567", "W751234567"),
        ("W2A1234567", "W2A1234567"),
        ("W9R1234567", "W9R1234567"),
    ],
)
def test_an_rna(text, number):
    assert rna(text) == number


@pytest.mark.parametrize(
    "text", ["", "W75123456", "W7512345678", "X751234567", "W75123456A", "W75123456٧", "751234567"]
)
def test_what_is_no_rna(text):
    with pytest.raises(RnaIsInvalid):
        rna(text)


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("Tribunal de Strasbourg,  volume 91,\nfolio 123", "Tribunal de Strasbourg, volume 91, folio 123"),
        ("Vol. 12 folio 4 – Château Salins", "Vol. 12 folio 4 – Château Salins"),
        ("Sélestat 45/12", "Sélestat 45/12"),
    ],
)
def test_an_entry_of_a_court_register(text, entry):
    assert court_register(text) == entry


@pytest.mark.parametrize("text", ["", "volume 91 folio 123", "Tribunal de Strasbourg", "Metz 1" + "2" * 200])
def test_what_is_no_entry_of_a_court_register(text):
    with pytest.raises(CourtRegisterIsInvalid):
        court_register(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("732 829 320", Identifier(IdentifierKind.SIREN, "732829320")),
        ("732 829 320 00074", Identifier(IdentifierKind.SIRET, "73282932000074")),
        ("w751234567", Identifier(IdentifierKind.RNA, "W751234567")),
        ("Metz, volume 3", Identifier(IdentifierKind.COURT_REGISTER, "Metz, volume 3")),
    ],
)
def test_an_identifier_is_recognised(text, found):
    assert recognise(text) == found


def test_an_identifier_of_no_kind_is_refused():
    with pytest.raises(IdentifierIsInvalid):
        recognise("732829321")


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("732 829 321", SirenCheckDigitIsWrong),
        ("732 829 320 00079", SiretCheckDigitIsWrong),
        ("356 000 000 49838", SiretCheckDigitIsWrong),
        ("732 829 32", DigitsAreMiscounted),
        ("73282932000", DigitsAreMiscounted),
        ("W75123456", RnaIsInvalid),
        ("W2A12345678", RnaIsInvalid),
        ("volume 91, folio 123", CourtRegisterIsInvalid),
        ("Tribunal de Strasbourg", CourtRegisterIsInvalid),
        ("n’importe quoi", IdentifierIsInvalid),
    ],
)
def test_what_is_wrong_is_said_with_an_example(text, refusal):
    with pytest.raises(IdentifierIsInvalid) as refused:
        recognise(text)
    assert type(refused.value) is refusal
    assert any(example in refused.value.sentence for example in ("732 829 320", "W751234567", "folio 123"))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("732 829 320 00074", "732829320"),
        ("732829320", "732829320"),
        ("w9r1234567", "W9R1234567"),
        ("Wissembourg, volume 3, folio 4", ""),
    ],
)
def test_the_number_by_which_the_register_knows(text, number):
    assert register_number(text) == number
