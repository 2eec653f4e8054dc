"""A national juror who stands aside in one theme reads the other, and of the first nothing before it is public."""

import pytest

from tests.house.national_walk import NationalWalk

TITLE = "Les Ateliers du Phare"
# Pages that say to a juror from which file they stand aside: their own declaration, never what became of it.
OWN_TIES = {
    "jury.seat",
    "jury.interests",
    "jury_offline.at_hand",
    "staff_interests.export",
    "staff_interests.register",
    "staff_juries.interests",
}


@pytest.mark.either
@pytest.mark.slow
@pytest.mark.parametrize("world", ["N4", "N5"])
def test_who_stands_aside_reads_nothing_of_the_file(walking_app, world: str) -> None:  # type: ignore[no-untyped-def]  # a fixture
    walk = NationalWalk(walking_app, world)
    secrets = {walk.world["canaries"].get("national", TITLE), TITLE, walk.world["candidacies"]["main"]}

    shown = {
        (endpoint, secret)
        for endpoint, text in walk.pages("NK")
        for secret in secrets
        if secret in text and endpoint not in OWN_TIES
    }

    assert shown == set()
    # The same pages say it to a juror who does not stand aside, or the search proves nothing.
    assert {TITLE} <= {secret for _, text in walk.pages("NJ") for secret in secrets if secret in text}
