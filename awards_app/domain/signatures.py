"""Signing minutes: by whom, after proving again who they are. It is a simple signature and is called nothing more."""

from datetime import datetime, timedelta

from awards_app.domain.refusals import InputIsInvalid, Refusal
from awards_app.domain.words import N_

CHAIR, SECRETARY = "chair", "secretary"
ROLES: dict[str, str] = {CHAIR: N_("Présidence du jury"), SECRETARY: N_("Secrétariat du jury")}
# A session this young was opened a moment ago by a password or a link: it proves as much as typing a password now.
FRESH = timedelta(minutes=10)
ADDENDUM_LIMIT = 4000


class MinutesAreNotFrozen(Refusal):
    """Minutes are signed once a second person has confirmed the decisions."""

    sentence = N_("Le procès-verbal se signe une fois les décisions confirmées.")


class AlreadySigned(Refusal):
    """The role has its signature."""

    sentence = N_("Ce procès-verbal porte déjà cette signature.")


class NotASignatory(Refusal):
    """The person is neither the chair nor the secretary of this jury."""

    sentence = N_("Seuls la présidence et le secrétariat du jury signent le procès-verbal.")
    status = 403


class ProofIsNeeded(InputIsInvalid):
    """The password is not the person's, or their session is not fresh."""

    sentence = N_(
        "Redites qui vous êtes : saisissez votre mot de passe, ou rouvrez un lien de connexion et signez dans les dix minutes."
    )


class AddendumIsEmpty(InputIsInvalid):
    """An addendum says what it corrects."""

    sentence = N_("Dites ce que l’additif corrige, en 4 000 signes au plus.")


def is_fresh(opened_at: datetime | None, now: datetime) -> bool:
    """Say whether a session was opened so lately that it proves who signs."""
    return opened_at is not None and timedelta(0) <= now - opened_at <= FRESH
