"""Rules of the chamber's desk: why a request, an answer, a transfer or a bulk act is refused."""

import hashlib
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from awards_app.domain.instants_fr import minute_fr
from awards_app.domain.phases import Phase
from awards_app.domain.refusals import InputIsInvalid, Refusal
from awards_app.domain.words import N_

MESSAGE_LIMIT = 3000
REASON_LIMIT = 1000
# Above this many files or letters, the person types the number.
TYPED_ABOVE = 20
TRANSFER_PHASES = (Phase.FILING, Phase.ADMISSIBILITY)


def last_minute_fr(closes_at: datetime, zone: str) -> str:
    """Return the last open minute of a deadline in French words, with its zone."""
    return minute_fr(closes_at - timedelta(microseconds=1), zone)


class CompletionRuns(Refusal):
    """One request at a time."""

    sentence = N_("Une demande de complément est déjà en cours pour cette candidature.")


class CompletionIsOver(Refusal):
    """The instant of the request has passed; it is named."""

    sentence = N_(
        "Le délai de ce complément est clos depuis le %(closing)s. Ce que vous aviez préparé est conservé ; "
        "vous pouvez écrire à la chambre dans le fil de la demande."
    )

    def __init__(self, closes_at: datetime, zone: str) -> None:
        super().__init__(closing=last_minute_fr(closes_at, zone))
        self.closes_at = closes_at
        self.zone = zone


class CompletionIsAnswered(Refusal):
    """A request is answered once; the instant of the answer is named."""

    sentence = N_(
        "Vous avez déjà répondu à cette demande, le %(answered)s. Une demande reçoit une seule réponse."
    )

    def __init__(self, answered_at: datetime, zone: str) -> None:
        super().__init__(answered=minute_fr(answered_at, zone))


class CompletionIsCancelled(Refusal):
    """The chamber ended the request."""

    sentence = N_("La chambre a mis fin à cette demande de complément.")


class CompletionIsNotOpen(Refusal):
    """Only an open request is moved or ended."""

    sentence = N_("Cette demande de complément n’est plus en cours.")


class CompletionIsOpen(Refusal):
    """Only a request that is over is opened again."""

    sentence = N_("Cette demande de complément est encore en cours.")


class FieldIsNotListed(Refusal):
    """The answer holds a question that the request does not list."""

    sentence = N_(
        "Cette demande ne porte pas sur « %(field)s » : seules les réponses demandées peuvent changer."
    )
    status = 422


class PreparedMeanwhile(Refusal):
    """Somebody prepared other texts since the page was opened; ``mine`` holds what was typed there, ``met`` where two people met."""

    sentence = N_("Cette réponse a été modifiée entre-temps. Les deux textes sont conservés ci-dessous.")

    def __init__(self, mine: Mapping[str, str], met: Collection[str]) -> None:
        super().__init__()
        self.mine = mine
        self.met = met


class TransferIsNotPossible(Refusal):
    """The file cannot change region any more."""

    sentence = N_(
        "Une candidature change de région tant que l’appel ou la recevabilité est en cours dans les deux régions, "
        "et avant toute décision ou notation."
    )


class TransferWaits(Refusal):
    """One demand at a time."""

    sentence = N_("Une demande de changement de région attend déjà une réponse pour cette candidature.")


class TransferIsSettled(Refusal):
    """The demand was accepted, declined or withdrawn."""

    sentence = N_("Cette demande de changement de région n’attend plus de réponse.")


class NumberIsNotTyped(Refusal):
    """Above a number of files the person types it."""

    sentence = N_("Pour confirmer, saisissez le nombre %(number)s.")
    status = 422
    field = "number"


class SelectionHasChanged(Refusal):
    """What the preview showed is not what would be done now."""

    sentence = N_("La liste a changé depuis l’aperçu. Relisez-la avant de confirmer.")


class FileHasMoved(Refusal):
    """Something happened to the file since the page was opened: another decision, an answer, a request."""

    sentence = N_(
        "Ce dossier a changé depuis que vous l’avez ouvert. Relisez-le : votre décision est gardée dans cette page, "
        "elle n’est pas enregistrée."
    )


class DraftsCannotFile(Refusal):
    """A draft is worth a reminder as long as it can be filed."""

    sentence = N_("L’appel est clos : un brouillon ne peut plus être déposé, il n’y a personne à relancer.")


def mark_of(sha256: str, verdict: str, reason: str, decided_at: datetime | None, request: str) -> str:
    """Return a short name for where a file stands: its copy, the decision that holds, the ``request`` that is open.

    A page carries it, so that nobody decides over what they have not read.
    """
    at = decided_at.isoformat() if decided_at else ""
    return hashlib.sha256("\0".join((sha256, verdict, reason, at, request)).encode()).hexdigest()[:32]


def check_open(
    state: str, closes_at: datetime, zone: str, answered_at: datetime | None, now: datetime
) -> None:
    """Return while a request takes an answer; raise the refusal that says why it does not."""
    if state == "cancelled":
        raise CompletionIsCancelled
    if state == "answered" and answered_at is not None:
        raise CompletionIsAnswered(answered_at, zone)
    if now >= closes_at:
        raise CompletionIsOver(closes_at, zone)


def check_listed(sent: Collection[str], listed: Collection[str], known: Collection[str]) -> None:
    """Return if all that was sent of the form is listed; raise `FieldIsNotListed` for the first that is not."""
    for name in sent:
        if name in known and name not in listed:
            raise FieldIsNotListed(field=name)


def check_typed(count: int, typed: str) -> None:
    """Return if ``count`` is small or was typed; raise `NumberIsNotTyped`."""
    if count > TYPED_ABOVE and typed.strip() != str(count):
        raise NumberIsNotTyped(number=count)


def checked_words(field: str, text: str, limit: int, missing: str) -> str:
    """Return a text within its limit; raise `InputIsInvalid` for ``field`` when it says nothing or too much."""
    words = text.strip()
    if not words:
        raise InputIsInvalid({field: missing})
    if len(words) > limit:
        raise InputIsInvalid({field: N_("Ce texte est trop long.")})
    return words


def check_instant(closes_at: datetime, now: datetime) -> None:
    """Return if a request's instant is to come; raise `InputIsInvalid`."""
    if closes_at <= now:
        raise InputIsInvalid({"day": N_("Choisissez une date à venir.")})
