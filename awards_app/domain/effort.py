"""How long reading takes: what a jury is asked for, in hours, before anybody is invited.

A file takes its minutes of judging (a setting of the edition), the time to read its words, and some minutes for each
attachment. French is read at about 200 words a minute (Trauzettel-Klosinski and Dietz, Investigative Ophthalmology and
Visual Science 53, 2012: 195, with a spread of 26); a word counts six signs, its space included.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil

SIGNS_A_WORD = 6


@dataclass(frozen=True, slots=True)
class Pace:
    """The settings of the edition: minutes of judging a file, words a minute, minutes an attachment."""

    minutes_per_file: int = 10
    words_per_minute: int = 200
    minutes_per_attachment: int = 2


def pace_of(rules: Mapping[str, object]) -> Pace:
    """Return the pace that an edition's rules set; what they leave out, or what makes no sense, is the usual one."""

    def setting(name: str, usual: int, least: int) -> int:
        value = rules.get(name)
        return value if isinstance(value, int) and value >= least else usual

    usual = Pace()
    return Pace(
        setting("judging_minutes_per_file", usual.minutes_per_file, 0),
        setting("reading_words_per_minute", usual.words_per_minute, 1),
        setting("reading_minutes_per_attachment", usual.minutes_per_attachment, 0),
    )


def minutes_of_file(pace: Pace, signs: int, attachments: int) -> int:
    """Return the whole minutes that one file takes one person, rounded up."""
    words = signs / SIGNS_A_WORD
    return ceil(
        pace.minutes_per_file + words / pace.words_per_minute + attachments * pace.minutes_per_attachment
    )


def minutes_each(minutes: Iterable[int], readings: int, jurors: int) -> int:
    """Return the minutes a juror spends when all the files are parted evenly, ``readings`` times each."""
    total = sum(minutes) * min(readings, jurors)
    return ceil(total / jurors) if jurors else 0
