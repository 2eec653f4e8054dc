"""Publication: which honour a decision makes, when it may appear, and what its read-back asks."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from awards_app.domain.deliberations import Point
from awards_app.domain.refusals import InputIsInvalid, Refusal
from awards_app.domain.text import near_name, same_name
from awards_app.domain.words import N_

# A publication that is this late waits for a person: something stopped that nobody has looked at yet.
LATEST = timedelta(hours=24)
DISTINCTIONS: dict[str, str] = {
    "title": "laureate",
    "laureate": "laureate",
    "nominee": "nominee",
    "special": "special",
    "national_entry": "selected",
    # An endowment adds its amount to the honour of its structure, and stands alone where there is none.
    "endowment": "special",
}


class PublicationIsBlocked(Refusal):
    """The round cannot be published; ``points`` lists every reason."""

    sentence = N_("La publication est bloquée. Points à régler : %(count)s.")

    def __init__(self, points: tuple[Point, ...]) -> None:
        super().__init__(count=len(points))
        self.points = tuple(sentence % values if values else sentence for sentence, values in points)
        self.errors = {f"point-{place}": text for place, text in enumerate(self.points, start=1)}


class ReadBackIsWrong(InputIsInvalid):
    """A name typed for read-back is not the name of the structure that is decided."""

    sentence = N_(
        "La relecture ne correspond pas : retapez le nom de chaque structure tel qu’il est affiché."
    )


NOT_THE_NAME = N_("Ce n’est pas le nom de la structure.")
NEAR_THE_NAME = N_(
    "Ce nom ressemble à celui de la structure, mais n’est pas le sien. Vérifiez lettre par lettre."
)


class EmbargoIsPast(InputIsInvalid):
    """The instant chosen is over."""

    sentence = N_(
        "Cet instant est passé : %(local)s, soit %(utc)s en temps universel. Choisissez un instant à venir."
    )


class EmbargoIsTooEarly(InputIsInvalid):
    """The instant chosen comes before the jury has given its marks."""

    sentence = N_("Le %(local)s (%(utc)s en temps universel) vient avant la fin de la notation.")


class EmbargoIsNotSet(Refusal):
    """There is no instant to arm the publication for."""

    sentence = N_("Fixez d’abord l’instant de levée de l’embargo.")


@dataclass(frozen=True, slots=True)
class ReadBackLine:
    """What a candidacy receives, to read back: what the screen shows, and the name to retype.

    ``key`` is that of its first decision; ``prizes`` names every distinction, ``citations`` the words they bear.
    """

    key: str
    name: str
    siren: str | None
    city: str
    theme: str
    prizes: tuple[str, ...]
    citations: tuple[str, ...]


def check_read_back(lines: tuple[ReadBackLine, ...], typed: Mapping[str, str]) -> None:
    """Raise `ReadBackIsWrong` unless the name of every line was retyped: NFC, any case, spaces collapsed."""
    errors = {}
    for line in lines:
        given = typed.get(line.key, "")
        if same_name(given, line.name):
            continue
        errors[line.key] = NEAR_THE_NAME if near_name(given, line.name) else NOT_THE_NAME
    if errors:
        raise ReadBackIsWrong(errors)


def identity_of(decision_key: str) -> str:
    """Return what makes an honour the same one at a second publication."""
    return hashlib.sha256(f"decision/{decision_key}".encode()).hexdigest()


def is_too_late(embargo_at: datetime, now: datetime) -> bool:
    """Say whether a publication is so late that a person must decide."""
    return now - embargo_at > LATEST
