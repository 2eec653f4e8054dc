"""The account of a candidate: bands of words, no name of a juror, no mark, no rank; nothing else can be inferred."""

import itertools
import random

import pytest

from awards_app.domain.candidate_accounts import (
    BODY_LIMIT,
    AccountIsInvalid,
    Band,
    Criterion,
    NamesAreFound,
    Outcome,
    band_of,
    basis_of,
    check_account,
    draft,
    jurors_named,
    marks_told,
    shared_texts,
)

WORDS = tuple(f"Niveau {word}." for word in ("absent", "vague", "plausible", "établi", "exemplaire"))
PANEL = ("Jeanne Dupré", "Jean-Marc de La Tour", "Éloïse Ben Amar")
OUTCOME = Outcome(
    "La Cordée", "Le relais", "Utilité sociale", "jury régional (Bretagne)", "Prix de l’ESS 2027", ()
)


def drafted(*given, prizes=()):
    criteria = [Criterion(f"Critère {place}", WORDS, levels) for place, levels in enumerate(given)]
    return draft(
        Outcome(OUTCOME.structure, OUTCOME.title, OUTCOME.theme, OUTCOME.jury, OUTCOME.edition, prizes),
        criteria,
    )


@pytest.mark.parametrize(
    ("given", "band"),
    [
        ((4, 4), Band.UNTOLD),
        ((4, None, 4), Band.UNTOLD),
        ((3, 3, 3), Band.STRONG),
        ((0, 4, 4), Band.STRONG),
        ((2, 3, 3, 3), Band.STRONG),
        ((2, 2, 3, 3), Band.SOUND),
        ((2, 2, 2), Band.SOUND),
        ((1, 2, 2, 2), Band.SOUND),
        ((1, 1, 2, 2), Band.EXPECTED),
        ((0, 0, 4), Band.EXPECTED),
    ],
)
def test_the_band_is_that_of_the_median(given, band):
    assert band_of(given, 4) is band


def test_a_text_says_the_outcome_then_each_criterion():
    text = drafted((4, 4, 4), (2, 2, 2), (0, 1, 1), (4, 4))
    lines = text.replace("\u00a0", " ").split("\n\n")
    assert lines[0] == (
        "Le jury régional (Bretagne) a examiné l’initiative de La Cordée, « Le relais », dans la thématique "
        "Utilité sociale (Prix de l’ESS 2027)."
    )
    assert lines[1] == "Résultat : elle ne fait pas partie des initiatives que le jury distingue cette année."
    assert lines[3:] == [
        "Critère 0 : c’est un point fort. Le jury a lu dans votre dossier : « Niveau établi ».",
        "Critère 1 : le dossier a convaincu en partie. Le jury y a lu : « Niveau plausible ». Pour aller plus loin : « Niveau établi ».",
        "Critère 2 : le jury attendait davantage d’éléments. Une prochaine candidature gagnerait à montrer ceci : « Niveau établi ».",
        "Critère 3 : trop peu de membres du jury ont pu se prononcer pour qu’il en soit rendu compte.",
    ]
    assert "Résultat : Prix régional." in drafted((4, 4, 4), prizes=("Prix régional",)).replace("\u00a0", " ")


def test_two_worlds_whose_bands_are_the_same_give_the_same_text():
    """Marks change, jurors change places, whole levels move: the text does not, so nobody finds them from it."""
    chance = random.Random(21)
    by_bands = {}
    for _world in range(400):
        given = tuple(tuple(chance.randint(0, 4) for _juror in range(4)) for _criterion in range(2))
        bands = tuple(band_of(levels, 4) for levels in given)
        by_bands.setdefault(bands, set()).add((sum(map(sum, given)), drafted(*given)))
    assert len(by_bands) == 9
    for worlds in by_bands.values():
        assert len({text for _total, text in worlds}) == 1
        assert len({total for total, _text in worlds}) > 5


def test_two_files_told_alike_may_rank_either_way():
    lower, higher = ((3, 3, 3, 3), (2, 2, 2, 2)), ((4, 4, 4, 4), (2, 2, 2, 3))
    assert sum(map(sum, lower)) < sum(map(sum, higher))
    assert drafted(*lower) == drafted(*higher)


def test_who_gave_which_level_does_not_show():
    texts = {drafted(levels) for levels in itertools.permutations((0, 2, 3, 4))}
    assert len(texts) == 1
    comments = [{"sheet": key, "text": text} for key, text in (("a", "Bravo"), ("b", "À suivre"))]
    assert shared_texts(comments) == shared_texts(comments[::-1])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Merci à dupre.", ["dupre"]),
        ("Jeanne DUPRÉ l’a dit", ["Jeanne", "DUPRÉ"]),
        ("selon J. D. et JD", ["J. D.", "JD"]),
        ("J. D. a aimé", ["J. D."]),
        ("D.J. aussi", ["D.J."]),
        ("J.-M. T. hésite, JMT non", ["J.-M. T.", "JMT"]),
        ("vu par ÉB, puis EBA", ["ÉB", "EBA"]),
        ("la ferme de l’ESS, en TE et RSE, 100 % locale", []),
        ("le lien est durable, la régie aussi", []),
    ],
)
def test_names_and_initials_are_found(text, found):
    assert jurors_named(text, PANEL) == found


@pytest.mark.parametrize(
    ("text", "juror", "found"),
    [
        ("Ndiaye l’a lu, NDiaye aussi", "Awa N’Diaye", ["Ndiaye", "NDiaye"]),
        ("Legoff et LE GOFF", "Nolwenn Le Goff", ["Legoff", "GOFF"]),
        ("Elhaddad, El-Haddad", "Sylvie El Haddad", ["Elhaddad", "Haddad"]),
        ("vu par Delatour", "Jean-Marc de La Tour", ["Delatour"]),
        ("Jeanmarc hésite", "Jean-Marc de La Tour", ["Jeanmarc"]),
        ("Loeb et Lœb", "Anne Lœb", ["Loeb", "Lœb"]),
        ("Sorensen et Lukasz", "Łukasz Sørensen", ["Sorensen", "Lukasz"]),
        ("Du\u00adpré, Du\u200bpré", "Jeanne Dupré", ["Dupré"]),
        ("selon E S, et É S aussi", "Émile Santoni", ["E S", "É S"]),
        ("jdupre@exemple.fr, jeanne.dupre@exemple.fr", "Jeanne Dupré", ["jdupre", "jeanne", "dupre"]),
        ("la suite et le goût de la tour", "Nolwenn Le Goff", []),
        ("il y a un plan A B C, un besoin", "Émile Santoni", []),
    ],
)
def test_names_are_found_however_they_are_spelt(text, juror, found):
    assert jurors_named(text, [juror]) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("noté 12/20", ["noté 12"]),
        ("12/20, disait-on", ["12/20"]),
        ("une note de 14,5", ["note de 14,5"]),
        ("votre moyenne\u00a0: 3", ["moyenne : 3"]),
        ("classée 3e, au rang 3", ["classée 3", "rang 3"]),
        ("à la 2e place", ["2e place"]),
        ("3 sur 4", ["3 sur 4"]),
        ("née en 2019, 12 emplois, un point fort", []),
        ("classée en 2019 monument du quartier", []),
    ],
)
def test_marks_and_ranks_are_found(text, found):
    assert marks_told(text) == found


def test_a_draft_never_holds_a_mark_a_rank_or_a_juror():
    for given in itertools.product((0, 2, 4), repeat=3):
        text = drafted(given, prizes=("Prix régional",))
        assert (marks_told(text), jurors_named(text, PANEL)) == ([], [])


def test_names_stop_an_account_until_each_is_confirmed():
    body = "Jeanne, de votre équipe, nous a convaincus."
    with pytest.raises(NamesAreFound) as refusal:
        check_account(body, [], PANEL)
    assert refusal.value.names == ("Jeanne",)
    assert check_account(body, [], PANEL, ["Jeanne"]) == ["Jeanne"]
    with pytest.raises(NamesAreFound) as refusal:
        check_account(body, ["Dupré a aimé"], PANEL, ["Jeanne"])
    assert refusal.value.names == ("Jeanne", "Dupré")


@pytest.mark.parametrize("body", ["", " \n", "x" * (BODY_LIMIT + 1), "Vous avez eu 12/20."])
def test_nobody_confirms_an_empty_text_or_a_mark(body):
    with pytest.raises(AccountIsInvalid):
        check_account(body, [], PANEL, ["12/20"])
    with pytest.raises(AccountIsInvalid):
        check_account("Un texte.", ["Je mets 3/4."], PANEL)


def test_what_an_account_tells_of():
    assert basis_of(["a", "b"], "x") == basis_of(["b", "a"], "x")
    assert len({basis_of([], "x"), basis_of(["a"], "x"), basis_of([], "y")}) == 3
