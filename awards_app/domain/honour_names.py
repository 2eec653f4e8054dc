"""What distinctions are called when they have no name of their own, and which of today's themes an older one is."""

from awards_app.domain.text import sort_key
from awards_app.domain.words import N_

DISTINCTION_NAMES = {
    ("national", "laureate"): N_("Prix national"),
    ("regional", "laureate"): N_("Prix régional"),
    ("national", "nominee"): N_("Nomination nationale"),
    ("regional", "nominee"): N_("Nomination régionale"),
    ("national", "selected"): N_("Sélection nationale"),
    ("regional", "selected"): N_("Sélection régionale"),
    ("national", "favourite"): N_("Coup de cœur national"),
    ("regional", "favourite"): N_("Coup de cœur régional"),
    ("national", "public_vote"): N_("Prix du public"),
    ("regional", "public_vote"): N_("Prix du public"),
    ("national", "special"): N_("Mention spéciale"),
    ("regional", "special"): N_("Mention spéciale"),
}
# Themes of past editions keep their own names; those of today's two have a colour and a sign.
THEME_CODES = {"utilite sociale": "us", "transition ecologique": "te"}


def distinction_name(level: str, distinction: str) -> str:
    """Return what a distinction without a name of its own is called, in French."""
    return DISTINCTION_NAMES[(level, distinction)]


def theme_code_of(code: str, name: str) -> str:
    """Return the code of a theme, found by its name when a past edition gives no code; « » when it is neither of today's."""
    return code or THEME_CODES.get(sort_key(name), "")
