"""How each rule of eligibility is said: what it asks, what we understood, and whom to ask when in doubt."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from awards_app.domain.advice import Finding
from awards_app.domain.eligibility import Line, Rule
from awards_app.web.phrases import chamber_in_a_sentence
from awards_app.web.public.typography import day

# Without these two nothing can be said.
DECIDING = (Rule.FAMILY, Rule.AGE)
LONG_AGE = 48
KINDS = {
    Finding.FINE: ("success", "disc"),
    Finding.DOUBT: ("waiting", "warning"),
    Finding.UNKNOWN: ("neutral", "circle"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """One rule in words: its name, the state in a word, the sentence, and the question to correct."""

    title: str
    state: str
    kind: str
    icon: str
    sentence: str
    field: str


def said_lines(lines: tuple[Line, ...], region: str, chamber: str, unread: Mapping[Rule, str]) -> list[Said]:
    """Return the lines in words; ``region`` and ``chamber`` are blank while no department was given.

    ``unread`` says what is wrong with an answer that could not be read.
    """
    where = {"region": region, "chamber": chamber_in_a_sentence(chamber)}
    return [_said(line, {**line.values, **where, "unread": unread.get(line.rule, "")}) for line in lines]


def headline(lines: tuple[Line, ...], chamber: str) -> tuple[str, str]:
    """Return the answer in a title and a sentence: advice, whatever was answered."""
    doubts = sum(line.finding is Finding.DOUBT for line in lines)
    who = chamber_in_a_sentence(chamber)
    if doubts:
        return (
            ngettext("Un point est à voir avec la CRESS", "%(num)s points sont à voir avec la CRESS", doubts),
            _(
                "Ce n’est pas un refus : vous pouvez continuer. Parlez-en avec %(chamber)s, qui examine chaque dossier et décide.",
                chamber=who,
            ),
        )
    if any(line.rule in DECIDING and line.finding is Finding.UNKNOWN for line in lines):
        return (
            _("Il manque des réponses pour vous conseiller"),
            _(
                "Précisez ce que vous savez. Vous pouvez aussi continuer : %(chamber)s examine chaque dossier et décide.",
                chamber=who,
            ),
        )
    return (
        _("Votre structure semble éligible ; la CRESS vérifiera"),
        _(
            "D’après vos réponses, rien ne s’oppose à une candidature. C’est %(chamber)s qui examine chaque dossier et décide.",
            chamber=who,
        ),
    )


def _months(months: int) -> str:
    """Return an age in words: months while they matter, then years."""
    if months < LONG_AGE:
        return _("%(months)s mois", months=months)
    return _("%(years)s ans", years=months // 12)


def _said(line: Line, values: Mapping[str, Any]) -> Said:
    title, field, say = _RULES[line.rule]
    kind, icon = KINDS[line.finding]
    state = {
        Finding.FINE: _("convient"),
        Finding.DOUBT: _("à vérifier"),
        Finding.UNKNOWN: _("non précisé"),
    }[line.finding]
    return Said(title(), state, kind, icon, say(line.finding, values), field)


def _family(finding: Finding, values: Mapping[str, Any]) -> str:
    match finding:
        case Finding.FINE:
            return _("« %(family)s » fait partie des familles admises cette année.", family=values["family"])
        case Finding.DOUBT:
            said = _("« %(family)s » ne fait pas partie des familles admises.", family=values["family"])
            return f"{said} {values['reason']} {_ask(values)}".replace("  ", " ")
    return _(
        "Le prix s’adresse aux personnes morales de droit privé de l’ESS : associations, coopératives, mutuelles, fondations, sociétés commerciales de l’ESS."
    )


def _age(finding: Finding, values: Mapping[str, Any]) -> str:
    closing = day(values["closing_day"]) if values["closing_day"] else ""
    if values["unread"]:
        return str(values["unread"])
    if finding is Finding.UNKNOWN:
        if closing:
            return _(
                "La règle : %(minimum)s mois d’existence au moins le %(day)s, jour de la clôture.",
                minimum=values["minimum"],
                day=closing,
            )
        return _(
            "La règle : %(minimum)s mois d’existence au moins le jour de la clôture.",
            minimum=values["minimum"],
        )
    if finding is Finding.FINE:
        return _(
            "Le %(day)s, jour de la clôture, elle aura %(age)s ; la règle demande %(minimum)s mois.",
            day=closing,
            age=_months(values["months"]),
            minimum=values["minimum"],
        )
    said = _(
        "Le %(day)s, jour de la clôture, elle aura %(age)s ; la règle demande %(minimum)s mois.",
        day=closing,
        age=_months(values["months"]),
        minimum=values["minimum"],
    )
    return f"{said} {_ask(values)}"


def _region(finding: Finding, values: Mapping[str, Any]) -> str:
    match finding:
        case Finding.FINE:
            return _(
                "%(region)s : c’est %(chamber)s qui examine votre candidature.",
                region=values["region"],
                chamber=values["chamber"],
            )
        case Finding.DOUBT:
            return _(
                "%(region)s ne participe pas à cette édition. %(ask)s",
                region=values["region"],
                ask=_ask(values),
            )
    return _("Le département dit quelle CRESS examine la candidature et à quelle heure l’appel ferme.")


def _laureate(finding: Finding, values: Mapping[str, Any]) -> str:
    rule = ngettext(
        "Les lauréats de la dernière édition ne peuvent pas candidater.",
        "Les lauréats des %(num)s dernières éditions ne peuvent pas candidater.",
        values["editions"],
    )
    match finding:
        case Finding.FINE:
            return _("Elle n’est pas lauréate d’une édition récente.")
        case Finding.DOUBT if values["recent"]:
            years = ", ".join(str(year) for year in values["recent"])
            return " ".join((rule, _("Le palmarès porte ce numéro en %(years)s.", years=years), _ask(values)))
        case Finding.DOUBT:
            return f"{rule} {_ask(values)}"
    return rule


def _one_candidacy(finding: Finding, values: Mapping[str, Any]) -> str:
    rule = ngettext(
        "Une structure dépose une seule candidature par édition, dans une thématique.",
        "Une structure dépose au plus %(num)s candidatures par édition.",
        values["candidacies"],
    )
    match finding:
        case Finding.DOUBT:
            return " ".join(
                (
                    rule,
                    _(
                        "Rejoignez plutôt vos collègues : donnez le numéro de la structure, ses responsables vous ouvriront le dossier."
                    ),
                    _ask(values),
                )
            )
    return rule


def _identifier(finding: Finding, values: Mapping[str, Any]) -> str:
    match finding:
        case Finding.FINE:
            return _("Le numéro est bien formé.")
        case Finding.DOUBT:
            return f"{values['unread']} {_('Vous pouvez aussi continuer et le donner plus tard.')}"
    return _("Un seul suffira : Siren, Siret, RNA, ou inscription au registre du tribunal en Alsace-Moselle.")


def _ask(values: Mapping[str, Any]) -> str:
    return _("Demandez à %(chamber)s : elle seule décide.", chamber=values["chamber"])


_RULES: dict[Rule, tuple[Callable[[], str], str, Callable[[Finding, Mapping[str, Any]], str]]] = {
    Rule.FAMILY: (lambda: _("Famille juridique"), "famille", _family),
    Rule.AGE: (lambda: _("Ancienneté"), "creation", _age),
    Rule.REGION: (lambda: _("Région"), "departement", _region),
    Rule.LAUREATE: (lambda: _("Éditions précédentes"), "laureate", _laureate),
    Rule.ONE_CANDIDACY: (lambda: _("Une seule candidature"), "candidature", _one_candidacy),
    Rule.IDENTIFIER: (lambda: _("Numéro d’identification"), "numero", _identifier),
}
