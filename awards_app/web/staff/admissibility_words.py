"""The words of the chamber's desk: states, advice of the machine, grounds of a likeness, wordings with their places filled."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from awards_app.domain.admissibility_duplicates import Ground
from awards_app.domain.admissibility_queue import Wanted
from awards_app.domain.advice import Advice, Finding
from awards_app.queries.admissibility_files import ExaminedFile, RuleLine
from awards_app.web.languages import closing_in_words, day_in_words

# The filters as the address of the list names them.
NAMES = {
    "stage": "etat",
    "theme": "thematique",
    "department": "departement",
    "search": "recherche",
    "order": "tri",
}
FLAGS = {"without_files": "sans-piece", "looks_alike": "doublon"}
PUT_BACK = {"structure"}


def state_labels() -> dict[str, tuple[str, str]]:
    """Return the words and the tag kind of each stage of a file."""
    return {
        "waiting": (_("à examiner"), "waiting"),
        "asked": (_("en attente de complément"), "info"),
        "lapsed": (_("complément non reçu"), "danger"),
        "answered": (_("complément reçu"), "waiting"),
        "admissible": (_("recevable"), "success"),
        "inadmissible": (_("non recevable"), "danger"),
        "withdrawn": (_("retirée"), "neutral"),
    }


def request_labels() -> dict[str, tuple[str, str]]:
    """Return the words and the tag kind of where a request for completion stands."""
    return {
        "open": (_("en cours"), "info"),
        "lapsed": (_("délai passé"), "danger"),
        "answered": (_("répondu"), "success"),
        "cancelled": (_("terminée"), "neutral"),
    }


def finding_labels() -> tuple[tuple[str, str], ...]:
    """Return what a person may find of a rule, in order."""
    return (
        ("met", _("conforme")),
        ("doubt", _("à revoir")),
        ("unmet", _("non conforme")),
        ("", _("pas encore vu")),
    )


def filters_in(wanted: Wanted, **changes: str | bool) -> dict[str, Any]:
    """Return the filters as the parameters of an address, the usual ones left out."""
    found: dict[str, Any] = {}
    for name, word in NAMES.items():
        value = changes.get(name, getattr(wanted, name))
        if value and value not in PUT_BACK:
            found[word] = str(value)
    for name, word in FLAGS.items():
        if changes.get(name, getattr(wanted, name)):
            found[word] = "1"
    return found


def sort_of(wanted: Wanted, name: str, round_key: str) -> tuple[str, str]:
    """Return the address that sorts by a column, and how it is sorted now."""
    state = {name: "ascending", f"-{name}": "descending"}.get(wanted.order, "none")
    order = f"-{name}" if state == "ascending" else name
    return url_for("admissibility.queue", round_key=round_key, **filters_in(wanted, order=order)), state


def ground_words(grounds: tuple[Ground, ...]) -> str:
    """Return why two files look alike."""
    words = {
        Ground.IDENTIFIER: _("même identifiant"),
        Ground.NAME: _("nom très proche"),
        Ground.CONTACT: _("même adresse de contact"),
    }
    return ", ".join(words[ground] for ground in grounds)


@dataclass(frozen=True, slots=True)
class CheckLine:
    """A rule as the desk shows it: what the machine found (word, tag kind, sentence), what the chamber did."""

    rule: RuleLine
    advice: tuple[str, str, str] | None


def checklist(found: ExaminedFile) -> list[CheckLine]:
    """Return each rule of the edition beside the machine's advice and the chamber's own finding."""
    words = {
        Finding.FINE: (_("conforme"), "success"),
        Finding.DOUBT: (_("à vérifier"), "danger"),
        Finding.UNKNOWN: (_("non vérifiable"), "waiting"),
    }
    return [
        CheckLine(
            rule,
            (*words[advice.finding], advice_words(advice))
            if (advice := found.advice.get(rule.code)) is not None
            else None,
        )
        for rule in found.rules
    ]


def advice_words(advice: Advice) -> str:
    """Return what the machine noticed, in words; a person decides."""
    if advice.finding is Finding.UNKNOWN:
        return _("La machine ne peut pas le dire.")
    fine, values = advice.finding is Finding.FINE, dict(advice.values)
    match advice.check:
        case "minimum_age":
            return _("%(months)s mois le jour de la clôture, pour %(minimum)s demandés", **values)
        case "former_laureate":
            return _("aucun prix récent à ce nom") if fine else _("prix reçu : %(years)s", **values)
        case "one_candidacy":
            return _("aucune autre candidature") if fine else _("autres candidatures : %(others)s", **values)
        case "complete":
            return _("rien ne manque") if fine else _("réponses manquantes : %(missing)s", **values)
        case "statutes" | "accounts":
            return _("fichier joint") if fine else _("aucun fichier")
        case "ess_structure":
            return _("famille juridique acceptée") if fine else _("famille juridique à vérifier")
        case "legal_person":
            return _("numéro valide") if fine else _("aucun numéro")
        case _:
            return _("concordant") if fine else _("discordant")


def reasons_of(found: ExaminedFile) -> list[tuple[str, str, str]]:
    """Return the edition's wordings (code, title, text), what is known put in their places."""
    known = {
        "minimum_age_months": str(found.edition_rules.get("minimum_age_months", "")),
        "laureates_excluded_editions": str(found.edition_rules.get("laureates_excluded_editions", "")),
        "closing_date": day_in_words(found.closing_day, found.facts.round.zone),
        "candidacy_number": found.copy.receipt,
        "correction_deadline": _("à la date indiquée"),
    }
    return [(one.code, one.title, _filled(one.text, known)) for one in found.reasons]


def start_from(found: ExaminedFile, code: str | None, typed: str) -> str | None:
    """Return the text that starts from the wording of a code, None when there is none; what was typed stays before it."""
    texts = {one: text for one, _title, text in reasons_of(found)}
    if code not in texts:
        return None
    kept = typed.replace("\r\n", "\n").strip()
    if not kept or kept in {text.strip() for text in texts.values()}:
        return texts[code]
    return f"{kept}\n\n{texts[code]}"


def _filled(text: str, known: Mapping[str, str]) -> str:
    for name, value in known.items():
        text = text.replace("{" + name + "}", value)
    return text


def count_words(number: int) -> str:
    """Return how many candidacies a list holds."""
    return ngettext("%(num)s candidature", "%(num)s candidatures", number)


def until_words(found: ExaminedFile) -> str:
    """Return until when the open request of a file may be answered, empty when there is none."""
    running = next((one for one in found.requests if one.state == "open"), None)
    return closing_in_words(running.closes_at, running.zone) if running else ""
