"""The reason that a person gives for an act that two persons answer for, as it is kept."""

from awards_app.domain.refusals import InputIsInvalid
from awards_app.domain.text import clean_text, count_signs
from awards_app.domain.words import N_

MOTIVE_LIMIT = 1000


def read_motive(typed: str, missing: str) -> str:
    """Return a reason as it is kept; 1 to 1 000 signs.

    Raises `InputIsInvalid` on « reason », with the sentence ``missing`` when nothing was typed, and `TextIsInvalid`.
    """
    words = clean_text(typed).strip()
    if not words:
        raise InputIsInvalid({"reason": missing})
    if count_signs(words) > MOTIVE_LIMIT:
        raise InputIsInvalid({"reason": N_("Ce motif est trop long : 1 000 signes au plus.")})
    return words
