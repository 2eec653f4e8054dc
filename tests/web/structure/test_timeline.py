"""The steps of a candidacy in words, where the calendar is not the usual one."""

from dataclasses import replace
from datetime import UTC, datetime

from flask import Flask

from awards_app.domain.phases import Phase
from awards_app.queries.candidacies import RoundCalendar
from awards_app.web.structure.timeline import _jury_step

CALENDAR = RoundCalendar(
    region_name="Bretagne",
    located="en Bretagne",
    chamber="CRESS Bretagne",
    zone="Europe/Paris",
    opens_at=datetime(2027, 5, 1, 10, tzinfo=UTC),
    closes_at=datetime(2027, 7, 1, 22, tzinfo=UTC),
    scoring_closes_at=datetime(2027, 9, 30, 22, tzinfo=UTC),
    embargo_at=None,
    published_at=None,
    phase=Phase.FILING,
)


def test_a_jury_whose_date_the_extended_call_has_passed_says_none(app: Flask) -> None:
    extended = replace(CALENDAR, closes_at=CALENDAR.scoring_closes_at)
    with app.test_request_context():
        assert _jury_step(Phase.FILING, CALENDAR) == (
            "Jury régional",
            "jusqu’au jeudi 30 septembre 2027 à 23\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}59 (heure de Paris)",
            "next",
            None,
        )
        assert _jury_step(Phase.FILING, extended) == ("Jury régional", "", "next", None)
