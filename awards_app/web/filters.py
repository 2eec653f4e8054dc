"""Filters that templates use to say instants, numbers and states in words."""

from flask import Flask

from awards_app.domain.kept_texts import kept_words
from awards_app.web import languages, phrases


def french_number(value: int) -> str:
    """Return an integer with narrow spaces between thousands."""
    return f"{value:,}".replace(",", "\u202f")


def attach(app: Flask) -> None:
    """Make the filters known to templates."""
    app.jinja_env.filters.update(
        instant=languages.instant_in_words,
        closing=languages.closing_in_words,
        day=languages.day_in_words,
        clock_time=languages.time_in_words,
        phase=phrases.phase_name,
        number=french_number,
        kept_words=kept_words,
    )
