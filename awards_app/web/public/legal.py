"""The settings of an edition that the legal pages and the rules quote, in words."""

from typing import Any

from flask_babel import gettext as _

from awards_app.domain.words import N_
from awards_app.queries.editions import PrizeFacts
from awards_app.web.public.typography import euros

COUNTED_FROM = {
    "call_closes": N_("après la clôture de l’appel"),
    "edition_end": N_("après la fin de l’édition"),
    "payment": N_("après le versement"),
    "last_sign_in": N_("sans connexion"),
}
# The proposed durations, said when no edition has set its own.
DEFAULT_RETENTIONS: tuple[dict[str, Any], ...] = (
    {
        "label": N_("Brouillon jamais déposé"),
        "counted_from": "call_closes",
        "months": 3,
        "then": N_("Il est supprimé."),
    },
    {
        "label": N_("Candidature non retenue"),
        "counted_from": "edition_end",
        "months": 24,
        "then": N_("Elle est anonymisée : seules des statistiques demeurent."),
    },
    {
        "label": N_("Candidature lauréate"),
        "counted_from": "edition_end",
        "months": 60,
        "then": N_("Le dossier est supprimé ; la page publique demeure, sans les contacts."),
    },
    {
        "label": N_("Notes et commentaires des jurys"),
        "counted_from": "edition_end",
        "months": 24,
        "then": N_("Ils sont supprimés ; la synthèse demeure dans le procès-verbal."),
    },
    {
        "label": N_("Procès-verbal"),
        "counted_from": "edition_end",
        "months": None,
        "then": N_("Il est conservé."),
    },
    {
        "label": N_("Coordonnées bancaires d’un lauréat"),
        "counted_from": "payment",
        "months": 0,
        "then": N_("Elles sont supprimées dès le versement."),
    },
    {
        "label": N_("Compte sans connexion"),
        "counted_from": "last_sign_in",
        "months": 24,
        "then": N_("Il est supprimé, après un message d’avertissement."),
    },
)


def retention_lines(rules: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return what is kept, how long, and what then happens, from the edition's settings."""
    return [
        (_(row["label"]), _duration(row["months"], row["counted_from"]), _(row["then"]))
        for row in rules.get("retentions") or DEFAULT_RETENTIONS
    ]


def _duration(months: int | None, counted_from: str) -> str:
    if months is None:
        return _("Sans limite")
    if months == 0:
        return _("Jusqu’au versement") if counted_from == "payment" else _("Aucune")
    whole, rest = divmod(months, 12)
    if rest:
        length = _("%(months)s mois", months=months)
    else:
        length = _("1 an") if whole == 1 else _("%(years)s ans", years=whole)
    start = COUNTED_FROM.get(counted_from)
    return f"{length} {_(start)}" if start else length


def admitted_families(rules: dict[str, Any]) -> list[str]:
    """Return the legal families that may apply, as the edition names them."""
    return [family["label"] for family in rules.get("legal_families", ()) if family["accepted"]]


def prizes_in_words(prizes: tuple[PrizeFacts, ...]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return, for each level, the prizes given to structures with what they bring in words."""
    found = []
    for level, title in (("regional", _("Dans chaque région")), ("national", _("Au niveau national"))):
        given = [
            (prize.name, _brought(prize))
            for prize in prizes
            if prize.level == level and prize.outcome in ("title", "endowment", "laureate", "special")
        ]
        if given:
            found.append((title, given))
    return found


def _brought(prize: PrizeFacts) -> str:
    endowments = ", ".join(filter(None, (_endowment(*line) for line in prize.endowments)))
    if endowments:
        return endowments
    if prize.outcome == "special":
        return _("facultatif, sans dotation")
    return _("un titre par thématique") if prize.per_theme else _("un titre pour la région")


def _endowment(amount: int | None, currency: str, kind: str, _funder: str, note: str) -> str:
    if amount is None or kind != "cash":
        return note[:1].lower() + note[1:].rstrip(".")
    return euros(amount) if currency == "EUR" else f"{amount} {currency}"
