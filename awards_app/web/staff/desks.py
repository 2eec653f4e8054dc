"""Says which desks of a round a person finds open, and which exports, as the permission matrix has it."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission, is_allowed
from awards_app.domain.phases import Phase
from awards_app.queries.staff import StaffRound
from awards_app.web.staff.desk import acts_on, place, subjects_in


@dataclass(frozen=True, slots=True)
class Desk:
    """One desk of a round: its name, its address, what it is for, and a number where one helps."""

    title: str
    href: str
    note: str
    number: int | None = None


# From when a desk is of use; the matrix may open it before.
_SINCE = {
    "recevabilite": Phase.FILING,
    "liens": Phase.ADMISSIBILITY,
    "avancement": Phase.ADMISSIBILITY,
    "decisions": Phase.DELIBERATION,
    "publication": Phase.DECIDED,
    "certificats": Phase.DECIDED,
}
_READ_ONLY = ("jury", "liens", "classement", "decisions")


def desks_of(line: StaffRound, holder: Holder) -> list[Desk]:
    """Return the desks that are of use in the round's phase and open to the person."""
    acts, subjects = acts_on(line, holder), subjects_in(line, holder)
    found = [item for item in _desks(line, acts=acts) if acts or item[0] in _READ_ONLY]
    if line.is_national:
        found = [item for item in found if item[0] != "recevabilite"]
    return [
        Desk(title, _address(line, name), note, number)
        for name, title, note, number in found
        if line.phase >= _SINCE.get(name, Phase.PREPARATION)
        and is_allowed(_door(name, line.phase), line.phase, subjects)
    ]


def _address(line: StaffRound, name: str) -> str:
    """Return where a desk is; the national round's page of the regions is the board of all of them."""
    if name == "national" and line.is_national:
        return url_for("staff_national.board")
    return place(line, name)


def _desks(line: StaffRound, *, acts: bool) -> list[tuple[str, str, str, int | None]]:
    counts = line.counts
    jury = _("Inviter, remplacer, nommer la présidence.") if acts else _("Qui siège, et à quel titre.")
    decisions = _("Ce que le jury propose, et votre confirmation.") if acts else _("Ce que le jury a décidé.")
    progress = (
        _("Ouvrir la notation quand tout est prêt.")
        if line.phase is Phase.ADMISSIBILITY
        else _("Qui a terminé, et ce qui manque.")
    )
    return [
        (
            "recevabilite",
            _("Recevabilité"),
            _("Décider de chaque candidature, avec son motif."),
            counts.submitted or None,
        ),
        ("jury", _("Jury"), jury, counts.seats or None),
        ("liens", _("Liens d’intérêts"), _("Ce qui a été déclaré, et ce qui reste à voir."), None),
        ("avancement", _("Avancement"), progress, None),
        ("classement", _("Classement"), _("L’ordre exact, une fois les notes verrouillées."), None),
        ("decisions", _("Décisions"), decisions, counts.proposals or None),
        (
            "national",
            _("Les régions") if line.is_national else _("Vers le jury national"),
            _("Ce que chaque région envoie, et qui est en retard.")
            if line.is_national
            else _("Qui la région envoie dans chaque thématique."),
            counts.entries or None,
        ),
        ("publication", _("Publication"), _("Embargo, aperçu, programmation à deux personnes."), None),
        ("certificats", _("Certificats"), _("Établir, suivre, révoquer."), counts.certificates or None),
        (
            "messages",
            _("Messages"),
            _("Ce qui est parti, ce qui attend d’être relu."),
            counts.held_messages or None,
        ),
        ("formulations", _("Formulations"), _("Les textes des messages que vous envoyez."), None),
    ]


def _door(name: str, phase: Phase) -> Permission:
    """Return what the desk's page asks for in this phase: some pages change what they are for as the round goes."""
    match name:
        case "jury":
            early = phase <= Phase.FILING
            return Permission.COMPOSE_JURY if early else Permission.READ_JURY
        case "avancement":
            return Permission.OPEN_SCORING if phase is Phase.ADMISSIBILITY else Permission.READ_PROGRESS
        case "decisions":
            early = phase is Phase.DELIBERATION
            return Permission.READ_RANKING if early else Permission.READ_DECISION
        case "publication":
            return Permission.SET_EMBARGO if phase <= Phase.DECIDED else Permission.DOWNLOAD_CERTIFICATE
    return {
        "recevabilite": Permission.READ_CANDIDACY,
        "liens": Permission.READ_INTEREST,
        "classement": Permission.READ_RANKING,
        "certificats": Permission.DOWNLOAD_CERTIFICATE,
        "messages": Permission.READ_MESSAGES,
        "national": Permission.READ_MESSAGES,
        "formulations": Permission.CHANGE_WORDING,
    }[name]


def exports_of(line: StaffRound, holder: Holder) -> list[tuple[str, str]]:
    """Return the exports that the person may ask for in the round's phase: label and address."""
    subjects = subjects_in(line, holder)
    labels = (
        ("candidatures", Permission.EXPORT_CANDIDACIES, _("Candidatures du tour, sans note (CSV)")),
        ("agregats", Permission.EXPORT_AGGREGATES, _("Résultats agrégés, sans nom de juré (CSV)")),
        ("notes", Permission.EXPORT_ATTRIBUTED, _("Notes attribuées (CSV)")),
        ("archive", Permission.EXPORT_ATTRIBUTED, _("Archive scellée, à recalculer ailleurs (ZIP)")),
    )
    return [
        (label, f"{url_for('staff.round', round_key=line.key)}/exports/{kind}")
        for kind, permission, label in labels
        if is_allowed(permission, line.phase, subjects)
    ]
