"""Every route answers every subject as the matrix says: from deliberation to archive."""

import pytest

from tests.house.matrix_walk import Walk


@pytest.mark.either
@pytest.mark.slow
@pytest.mark.parametrize("phase", ["P4", "P5", "P6", "P7"])
def test_every_route_answers_as_the_matrix_says(walking_app, phase: str) -> None:  # type: ignore[no-untyped-def]  # a fixture
    assert list(Walk(walking_app, phase).problems()) == []
