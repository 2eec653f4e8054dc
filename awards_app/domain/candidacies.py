"""Rules of a candidacy: what its states allow, and how each refusal is said."""

from datetime import datetime
from zoneinfo import ZoneInfo

from awards_app.domain.holder import Holder
from awards_app.domain.refusals import InputIsInvalid, Refusal
from awards_app.domain.words import N_

RESTORE_DAYS = 30
# Answers that are also columns of the candidacy.
THEME = "theme"
TITLE = "title"


class CallIsClosed(Refusal):
    """The deadline has passed. ``closes_at`` is the first closed instant, ``zone`` the region's."""

    sentence = N_("L’appel est clos depuis le %(closing)s. Ce que vous aviez enregistré est conservé.")

    def __init__(self, closes_at: datetime, zone: str) -> None:
        local = closes_at.astimezone(ZoneInfo(zone))
        super().__init__(closing=f"{local:%d/%m/%Y %H:%M} ({zone})")
        self.closes_at = closes_at
        self.zone = zone


class CandidacyExists(Refusal):
    """The structure already has a live candidacy in this edition; ``key`` leads to it."""

    sentence = N_("Votre structure a déjà une candidature en cours pour cette édition.")

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key


class JurorCannotFile(Refusal):
    """A juror of the category cannot file in it."""

    sentence = N_(
        "Vous siégez au jury de cette thématique dans cette région : vous ne pouvez pas y préparer de candidature."
    )


class RegionDoesNotTakePart(Refusal):
    """The structure's region has no round in this edition."""

    sentence = N_("La région de votre structure ne participe pas à cette édition.")


class StructureHasNoRegion(Refusal):
    """The region could not be told from the address."""

    sentence = N_("Indiquez d’abord la région de votre structure.")


class NoEditionIsOpen(Refusal):
    """There is no current edition."""

    sentence = N_("Aucune édition n’est ouverte pour le moment.")


class CandidacyIsDeleted(Refusal):
    """The draft was deleted and can be restored for a while; ``key`` leads to the restoring page."""

    sentence = N_("Ce brouillon a été supprimé. Vous pouvez le restaurer pendant 30 jours.")
    status = 410

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key


class CandidacyIsSubmitted(Refusal):
    """A submitted candidacy is changed only after it is taken back."""

    sentence = N_("Cette candidature est déposée. Pour la modifier, reprenez-la d’abord.")


class CandidacyIsNotSubmitted(Refusal):
    """The act needs a submitted candidacy."""

    sentence = N_("Cette candidature n’est pas déposée.")


class CandidacyIsWithdrawn(Refusal):
    """The candidacy was withdrawn."""

    sentence = N_("Cette candidature a été retirée.")


class CandidacyIsIncomplete(InputIsInvalid):
    """Required answers are missing or not valid; ``errors`` maps each question to its sentence."""

    sentence = N_("Certaines réponses sont à compléter avant de déposer.")


class OnlyResponsibleSubmits(Refusal):
    """A member writes; a responsible person submits."""

    sentence = N_("Seule une personne responsable de la structure peut déposer la candidature.")
    status = 403


class ReasonIsMissing(Refusal):
    """The act needs its reason."""

    sentence = N_("Indiquez le motif.")
    status = 422
    field = "reason"


class AnswerHasChanged(Refusal):
    """Somebody saved another text since this one was opened; both texts travel with the refusal."""

    sentence = N_("Cette réponse a été modifiée entre-temps. Les deux textes sont conservés ci-dessous.")

    def __init__(self, field: str, yours: str, theirs: str, version: int) -> None:
        super().__init__()
        self.code = field
        self.yours = yours
        self.theirs = theirs
        self.version = version


class KeyIsReused(Refusal):
    """A client's key came back with other values."""

    sentence = N_("Cette demande a déjà été faite avec un autre contenu. Rechargez la page.")


class QuestionIsUnknown(Refusal):
    """The form has no such question for this candidacy."""

    sentence = N_("Cette question ne fait pas partie du formulaire de cette candidature.")
    status = 422


def check_writable(state: str, taken_back_at: datetime | None) -> None:
    """Return if answers may be changed; raise `CandidacyIsSubmitted` or `CandidacyIsWithdrawn` otherwise."""
    if state == "withdrawn":
        raise CandidacyIsWithdrawn
    if state == "submitted" and taken_back_at is None:
        raise CandidacyIsSubmitted


def check_is_not_juror(holder: Holder, round_id: int, theme_id: int | None) -> None:
    """Return unless ``holder`` judges this category; a theme not chosen yet meets only seats in every theme."""
    for seat in holder.seats:
        if seat.round_id == round_id and seat.theme_id in (None, theme_id):
            raise JurorCannotFile


def checked_reason(reason: str, text: str) -> str:
    """Return ``text`` if it says something; raise `ReasonIsMissing` (``reason`` is what was typed)."""
    if not reason.strip():
        raise ReasonIsMissing
    return text
