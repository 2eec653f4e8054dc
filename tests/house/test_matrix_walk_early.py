"""Every route answers every subject as the matrix says: from preparation to scoring."""

import pytest

from tests.house.matrix_walk import Walk


@pytest.mark.either
@pytest.mark.slow
@pytest.mark.parametrize("phase", ["P0", "P1", "P2", "P3"])
def test_every_route_answers_as_the_matrix_says(walking_app, phase: str) -> None:  # type: ignore[no-untyped-def]  # a fixture
    assert list(Walk(walking_app, phase).problems()) == []
