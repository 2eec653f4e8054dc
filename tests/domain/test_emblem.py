"""The rosette: eighteen petals, one of them gold where a region speaks."""

import pytest

from awards_app.domain.emblem import PETAL_ORDER, emblem_svg, petals


def test_each_region_has_one_petal() -> None:
    assert " ".join(sorted(PETAL_ORDER)) == "01 02 03 04 06 11 24 27 28 32 44 52 53 75 76 84 93 94"


def test_the_petal_of_the_region_is_gold_and_the_others_soft() -> None:
    found = {petal.region_code: (petal.angle, petal.part) for petal in petals("93")}

    assert found == {
        code: (20 * rank, "gold" if code == "93" else "soft") for rank, code in enumerate(PETAL_ORDER)
    }


def test_without_a_region_petals_alternate() -> None:
    assert [petal.part for petal in petals()] == ["deep", "soft"] * 9


def test_an_unknown_region_is_refused() -> None:
    with pytest.raises(ValueError, match="99"):
        petals("99")


def test_the_title_is_escaped() -> None:
    assert emblem_svg("04", "A < B & C").count("<title>A &lt; B &amp; C</title>") == 1
