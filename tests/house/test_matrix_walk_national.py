"""Every route about the national round answers every subject as the matrix says, while its regions wait to be published."""

import pytest

from tests.house.national_walk import NationalWalk


@pytest.mark.either
@pytest.mark.slow
@pytest.mark.parametrize("world", ["P5", "N4", "N5", "N6"])
def test_every_route_of_the_nation_answers_as_the_matrix_says(walking_app, world: str) -> None:  # type: ignore[no-untyped-def]  # a fixture
    assert list(NationalWalk(walking_app, world).problems()) == []
