"""Which texts of an answer are kept once another has taken their place, so that a history stays short and useful."""

from datetime import timedelta

from awards_app.domain.refusals import Refusal
from awards_app.domain.text import count_signs
from awards_app.domain.words import N_

REPLACED = "replaced"
SET_ASIDE = "set_aside"
# A text that nobody touched for this long was finished, at least for a while.
SETTLED_AFTER = timedelta(minutes=10)
# Below this, losing half of a text is ordinary typing.
LONG_ENOUGH = 200
MOST_KEPT = 20


class VersionIsGone(Refusal):
    """The text of the history that was asked for is not there any more."""

    sentence = N_("Ce texte n’est plus dans l’historique : seuls les plus récents sont conservés.")
    status = 410


def is_worth_keeping(former: str, new: str, *, same_person: bool, age: timedelta) -> bool:
    """Say whether ``former`` is worth a line of the history when ``new`` takes its place, ``age`` after it was saved.

    A person typing replaces their own text each second: that is one text. It is kept when somebody else wrote it, when it
    had been left alone for ten minutes, or when half of a long text disappears at once.
    """
    if not former.strip() or former == new:
        return False
    if not same_person or age >= SETTLED_AFTER:
        return True
    length = count_signs(former)
    return length >= LONG_ENOUGH and count_signs(new) * 2 < length
