"""How a rule says no: an exception with a sentence for a person."""

from awards_app.domain.words import N_


class Refusal(Exception):
    """A rule said no.

    ``sentence`` is the French sentence shown to the person, with ``%(name)s`` places that the keyword
    arguments fill; ``status`` is the HTTP status that says the same to a machine. ``field`` names the form
    field the refusal belongs to, when there is one.
    """

    sentence: str = N_("Cette action n’est pas possible.")
    status: int = 409
    field: str | None = None

    def __init__(self, **values: object) -> None:
        super().__init__(self.sentence)
        self.values = values

    def __str__(self) -> str:
        return self.sentence % self.values if self.values else self.sentence


class DoesNotExist(Refusal):
    """The thing asked for does not exist, or not for this person: the two are the same answer."""

    sentence = N_("Cette page n’existe pas, ou ne vous est pas ouverte.")
    status = 404


class IsForbidden(Refusal):
    """The person legitimately sees the thing but may not do this with it."""

    sentence = N_("Votre rôle ne permet pas cette action.")
    status = 403


class IsNotThePhase(Refusal):
    """The person may do this, but in another phase of the round."""

    sentence = N_("Cette action n’est pas possible maintenant : phase « %(phase)s ».")
    status = 409


class SignInIsNeeded(Refusal):
    """Nobody is signed in."""

    sentence = N_("Connectez-vous pour continuer.")
    status = 401


class InputIsInvalid(Refusal):
    """The values are well formed but refused; ``errors`` maps a field to its sentence."""

    sentence = N_("Certaines réponses sont à corriger.")
    status = 422

    def __init__(self, errors: dict[str, str] | None = None, **values: object) -> None:
        super().__init__(**values)
        self.errors = errors or {}
