"""Says what waits in a round and what comes next."""

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from awards_app.domain.coordination import Step, Waiting, due_step, waiting_of
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission, Subject, is_allowed
from awards_app.domain.phases import Phase
from awards_app.domain.subjects import Place, subjects_of
from awards_app.queries.staff import StaffRound
from awards_app.services.deadlines import REOPENING
from awards_app.web.languages import PARIS, closing_in_words, instant_in_words

_PLACES = {
    Waiting.UNDECIDED: "recevabilite",
    Waiting.ANSWERED_COMPLETIONS: "recevabilite?etat=answered",
    Waiting.THREADS: "recevabilite",
    Waiting.TRANSFERS_IN: "recevabilite/transferts",
    Waiting.TRANSFERS_OUT: "recevabilite/transferts",
    Waiting.UNSURE_INTERESTS: "liens",
    Waiting.ABSENT_JURORS: "jury",
    Waiting.SILENT_JURORS: "avancement",
    Waiting.THIN_FILES: "jury",
    Waiting.HELD_MESSAGES: "messages",
    Waiting.FAILED_MESSAGES: "messages",
    Waiting.FAILED_CERTIFICATES: "certificats",
}
_STEP_PLACES = {
    Step.COMPOSE_JURY: "jury",
    Step.OPEN_SCORING: "avancement",
    Step.CLOSE_SCORING: "avancement",
    Step.CONFIRM_DECISIONS: "decisions",
    Step.ARM_PUBLICATION: "publication",
    Step.ORDER_CERTIFICATES: "certificats",
}

_STEP_PERMISSIONS = {
    Step.COMPOSE_JURY: Permission.COMPOSE_JURY,
    Step.OPEN_SCORING: Permission.OPEN_SCORING,
    Step.CLOSE_SCORING: Permission.READ_PROGRESS,
    Step.CONFIRM_DECISIONS: Permission.CONFIRM_DECISION,
    Step.ARM_PUBLICATION: Permission.ARM_PUBLICATION,
    Step.ORDER_CERTIFICATES: Permission.DOWNLOAD_CERTIFICATE,
}

# One line of « ce qui vous attend », as the component takes it: number, sentence, address, action.
WaitingLine = tuple[int, str, str, str]


@dataclass(frozen=True, slots=True)
class DueStep:
    """The step a round waits for: what to do, where, and the button's words."""

    sentence: str
    href: str
    action: str


def round_name(line: StaffRound) -> str:
    """Return the region's name, or « jury national »."""
    return line.region_name or _("Jury national")


def round_located(line: StaffRound) -> str:
    """Return the region with its preposition, « en Normandie », or « pour le jury national »."""
    return line.region_located or _("pour le jury national")


def place(line: StaffRound, desk: str) -> str:
    """Return the address of a desk of the round."""
    return f"{url_for('staff.round', round_key=line.key)}/{desk}"


def waiting_lines(rounds: tuple[StaffRound, ...]) -> list[WaitingLine]:
    """Return what waits in all the rounds, line by line."""
    named = len(rounds) > 1
    found = []
    for line in rounds:
        for kind, number in waiting_of(line.phase, line.counts):
            sentence, action = _waiting_words(kind, number)
            if named:
                sentence = f"{sentence}, {round_located(line)}"
            found.append((number, sentence, place(line, _PLACES[kind]), action))
    return found


def _waiting_words(kind: Waiting, n: int) -> tuple[str, str]:
    """Return what follows the number, which stands before it in large figures, and the button's words."""
    match kind:
        case Waiting.UNDECIDED:
            return ngettext("candidature à examiner", "candidatures à examiner", n), _("Examiner")
        case Waiting.ANSWERED_COMPLETIONS:
            return ngettext("complément reçu à lire", "compléments reçus à lire", n), _("Lire")
        case Waiting.THREADS:
            words = ngettext("message d’une structure sans réponse", "messages de structures sans réponse", n)
            return words, _("Répondre")
        case Waiting.TRANSFERS_IN:
            words = ngettext(
                "candidature proposée par une autre région", "candidatures proposées par d’autres régions", n
            )
            return words, _("Répondre")
        case Waiting.TRANSFERS_OUT:
            words = ngettext(
                "candidature proposée à une autre région, sans réponse",
                "candidatures proposées à d’autres régions, sans réponse",
                n,
            )
            return words, _("Voir")
        case Waiting.UNSURE_INTERESTS:
            return ngettext("lien d’intérêt à trancher", "liens d’intérêts à trancher", n), _("Trancher")
        case Waiting.ABSENT_JURORS:
            words = ngettext("invitation au jury sans réponse", "invitations au jury sans réponse", n)
            return words, _("Relancer")
        case Waiting.SILENT_JURORS:
            words = ngettext(
                "membre du jury n’a encore rien noté", "membres du jury n’ont encore rien noté", n
            )
            return words, _("Voir l’avancement")
        case Waiting.THIN_FILES:
            words = ngettext("candidature qui manque de lectures", "candidatures qui manquent de lectures", n)
            return words, _("Compléter le jury")
        case Waiting.HELD_MESSAGES:
            words = ngettext("message à relire avant son départ", "messages à relire avant leur départ", n)
            return words, _("Relire")
        case Waiting.FAILED_MESSAGES:
            return ngettext("message qui n’a pas pu partir", "messages qui n’ont pas pu partir", n), _("Voir")
        case Waiting.FAILED_CERTIFICATES:
            return ngettext("certificat à reprendre", "certificats à reprendre", n), _("Reprendre")


def step_of(line: StaffRound, holder: Holder, now: datetime) -> DueStep | None:
    """Return the step that the round waits for, None when it does not wait for this person."""
    if not line.takes_part:
        return None
    step = due_step(
        line.phase,
        line.counts,
        now,
        scoring_closes_at=line.scoring_closes_at,
        armed=line.armed,
    )
    if step is None or not is_allowed(_STEP_PERMISSIONS[step], line.phase, subjects_in(line, holder)):
        return None
    sentence, action = _step_words(step)
    return DueStep(sentence, place(line, _STEP_PLACES[step]), action)


def _step_words(step: Step) -> tuple[str, str]:
    match step:
        case Step.COMPOSE_JURY:
            return _("Le jury reste à composer."), _("Composer le jury")
        case Step.OPEN_SCORING:
            return _("Tout est prêt pour ouvrir la notation."), _("Ouvrir la notation")
        case Step.CLOSE_SCORING:
            return _("La date de fin de notation est passée : la présidence peut verrouiller."), _(
                "Voir l’avancement"
            )
        case Step.CONFIRM_DECISIONS:
            return _("Le jury a proposé ses décisions : elles attendent votre confirmation."), _(
                "Lire les décisions"
            )
        case Step.ARM_PUBLICATION:
            return _("Les décisions sont confirmées : la publication reste à programmer."), _(
                "Préparer la publication"
            )
        case Step.ORDER_CERTIFICATES:
            return _("Les résultats sont publiés : les certificats restent à établir."), _(
                "Établir les certificats"
            )


@dataclass(frozen=True, slots=True)
class DeadlineLine:
    """The next instant of a round, in its own zone and in Paris when that differs."""

    label: str
    local: str
    paris: str | None
    kind: str


def deadline_of(line: StaffRound, now: datetime) -> DeadlineLine | None:
    """Return the next instant that counts for the round, None when there is none ahead."""
    if line.phase is Phase.PREPARATION and line.opens_at:
        return _deadline(_("L’appel ouvre"), line.opens_at, line.zone, now, closes=False)
    if line.phase is Phase.FILING and line.closes_at:
        return _deadline(_("L’appel ferme"), line.closes_at, line.zone, now)
    if line.phase in (Phase.PREPARATION, Phase.ADMISSIBILITY, Phase.SCORING) and line.scoring_closes_at:
        return _deadline(_("Notation jusqu’au"), line.scoring_closes_at, line.zone, now)
    if line.phase in (Phase.DELIBERATION, Phase.DECIDED) and line.embargo_at:
        return _deadline(_("Embargo jusqu’au"), line.embargo_at, line.zone, now, closes=False)
    return None


def _deadline(label: str, at: datetime, zone: str, now: datetime, *, closes: bool = True) -> DeadlineLine:
    words = closing_in_words if closes else instant_in_words
    days = (at - now).days
    kind = "past" if at <= now else "soon" if days < 7 else "future"
    return DeadlineLine(label, words(at, zone), None if zone == PARIS else bare_words(words(at, PARIS)), kind)


def bare_words(words: str) -> str:
    """Return an instant's words without their own parentheses: the component adds a pair."""
    return words.replace(" (", ", ").removesuffix(")")


def subjects_in(line: StaffRound, holder: Holder) -> frozenset[Subject]:
    """Return which subjects of the matrix the person is in the round."""
    return subjects_of(holder, Place(line.id, line.region_code))


def acts_on(line: StaffRound, holder: Holder) -> bool:
    """Say whether the person coordinates the round, rather than only reads it."""
    return holder.is_national_staff or line.region_code in holder.coordinated_regions


def closing_of(line: StaffRound) -> DeadlineLine | None:
    """Return the present closing of the round's call, None when it has none."""
    if line.closes_at is None:
        return None
    local = closing_in_words(line.closes_at, line.zone)
    paris = None if line.zone == PARIS else bare_words(closing_in_words(line.closes_at, PARIS))
    return DeadlineLine(_("Date limite actuelle"), local, paris, "future")


def may_move_deadline(line: StaffRound, now: datetime) -> bool:
    """Say whether the page offers to move the closing of the call; the service settles it."""
    if line.closes_at is None:
        return False
    if line.phase in (Phase.PREPARATION, Phase.FILING):
        return True
    return line.phase is Phase.ADMISSIBILITY and now < line.closes_at + REOPENING
