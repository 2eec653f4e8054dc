"""Names that may be one: what counts is not case, accents, order, legal words; and no near pair is missed by the blocking."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from awards_app.domain.admissibility_duplicates import (
    NEAR,
    Ground,
    Known,
    Pair,
    bare_words,
    identifiers_of,
    likeness,
    pairs_alike,
)

NAMES = st.lists(
    st.sampled_from(["Atelier", "Phare", "Ressourcerie", "Jardin", "Bourg", "Énergie", "Vélo", "Mer"]),
    min_size=1,
    max_size=4,
).map(" ".join)


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("Les Ateliers du Phare", "Atelier du phare", True),
        ("Association Les Étoiles", "LES ETOILES (loi 1901)", True),
        ("La Ressourcerie du Port", "Ressourcerie du Port", True),
        ("Scic L’Énergie du bourg", "Énergie du bourg", True),
        ("La Ressourcerie du Port", "La Ressourcerie du Bourg", False),
        ("Le Jardin des Dunes", "Le Verger normand", False),
        ("Association", "Fondation", False),
        ("", "", False),
        ("…", "…", False),
    ],
)
def test_names_that_could_be_taken_for_each_other(one: str, other: str, near: bool) -> None:
    assert (likeness(one, other) >= NEAR) is near


@given(NAMES, NAMES)
def test_likeness_is_the_same_both_ways(one: str, other: str) -> None:
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 100


@given(NAMES)
def test_case_accents_order_and_legal_words_do_not_count(name: str) -> None:
    assert likeness(name, name) == 100
    changed = " ".join(reversed(f"Association les {name.upper()}".split()))
    assert bare_words(changed) == bare_words(name)
    assert likeness(name, changed) == 100


@settings(max_examples=200)
@given(st.lists(NAMES, max_size=12), st.data())
def test_no_near_pair_is_missed(names: list[str], data: st.DataObject) -> None:
    """A letter changed in one word of a name leaves one of its edges: the pair is still compared."""
    if names:
        name = data.draw(st.sampled_from(names))
        at = data.draw(st.integers(0, len(name) - 1))
        names = [*names, name[:at] + "z" + name[at + 1 :]]
    files = [Known(number, name) for number, name in enumerate(names)]
    brute = {
        (one.id, other.id) for one, other in combinations(files, 2) if likeness(one.name, other.name) >= NEAR
    }
    assert {(pair.first, pair.second) for pair in pairs_alike(files)} == brute


def test_same_number_and_same_contact_are_grounds_of_their_own() -> None:
    siret = identifiers_of(None, "73282932000074", None, None)
    files = [
        Known(3, "La Mer", identifiers_of("732829320", None, "", None), "a@exemple.org"),
        Known(1, "Le Vélo", siret, ""),
        Known(2, "Le Jardin", frozenset(), "a@exemple.org"),
    ]
    assert pairs_alike(files) == [
        Pair(1, 3, (Ground.IDENTIFIER,)),
        Pair(2, 3, (Ground.CONTACT,)),
    ]


def test_a_thousand_files_with_a_common_word_are_not_a_million_pairs() -> None:
    files = [Known(number, f"Jardin {number:04d}x{number * 7919 % 1000:03d}") for number in range(1000)]
    assert all(pair.grounds == (Ground.NAME,) for pair in pairs_alike(files))
