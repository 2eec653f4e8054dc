"""Says what a proposed act bears on and what it would change, to whoever confirms it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from awards_app.domain.holder import Holder
from awards_app.queries.pending import PendingLine
from awards_app.queries.pending_objects import ON_DECISIONS, Named, keys_of, named_objects
from awards_app.services.confirmations import ACT_LABELS, DESKS
from awards_app.web.staff.roles_routes import role_labels


@dataclass(frozen=True, slots=True)
class PendingWords:
    """A proposal in words: the act, its object, each change, and the desk where it is read back, if there is one."""

    line: PendingLine
    act: str
    object: str
    change: str
    href: str | None


def words_of(holder: Holder, lines: tuple[PendingLine, ...]) -> list[PendingWords]:
    """Return what is said of each proposal (one query)."""
    named = named_objects(
        key for line in lines for key in keys_of(line.verb, line.object_key, line.arguments)
    )
    return [
        PendingWords(
            line,
            _(ACT_LABELS[line.verb]) if line.verb in ACT_LABELS else line.verb,
            _object_of(holder, line, named),
            _change_of(line, named),
            _confirm_href(line),
        )
        for line in lines
    ]


def _object_of(holder: Holder, line: PendingLine, named: Mapping[str, Named]) -> str:
    is_staff_alone = holder.is_national_staff and line.region_code not in holder.coordinated_regions
    if line.verb == "waive_scoresheet" and is_staff_alone and not line.is_mine:
        # How far each juror is: the national staff read counts alone (SCO-6).
        return ""
    keys = keys_of(line.verb, line.object_key, line.arguments)
    if line.verb in ON_DECISIONS:
        keys = (line.object_key,)
    found = [named[key] for key in keys if key in named]
    labels = role_labels()
    return " · ".join(text for one in found for text in (labels.get(one.kind, one.kind), one.name) if text)


def _change_of(line: PendingLine, named: Mapping[str, Named]) -> str:
    """Say in a few words what a proposed act would change, as far as its arguments tell."""
    given = json.loads(line.arguments)
    match line.verb:
        case "shorten_deadline":
            at = datetime.fromisoformat(given["local"])
            return _("Date limite : %(at)s, heure locale", at=f"{at:%d/%m/%Y, %H:%M}")
        case "grant_role":
            return _("Rôle : %(role)s", role=role_labels().get(given.get("role", ""), ""))
        case "revoke_certificate" if given.get("corrected_name"):
            return _said(_("Nom corrigé, pour en établir un autre à sa place"), str(given["corrected_name"]))
        case "replace_entry":
            taker = named.get(str(given["replacement"]["candidacy_key"]))
            return _said(
                _("La région envoie désormais"), taker.name if taker else _("personne : sans finaliste")
            )
        case "annul_decision" if given.get("replacement"):
            names = {key: one.name for key, one in named.items()}
            wanted = given["replacement"]
            return replacement_words(str(wanted["candidacy_key"]), str(wanted["citation"]), names)
    return ""


def replacement_words(candidacy_key: str, citation: str, names: Mapping[str, str]) -> str:
    """Say who takes the place of a published decision, and the citation that would be read."""
    words = _said(
        _("La distinction revient à"), names.get(candidacy_key) or _("personne : retirer seulement")
    )
    return words + (f" · {_said(_('Motivation du jury'), citation)}" if citation else "")


def _said(label: str, value: str) -> str:
    return f"{label}\u00a0: {value}"


def _confirm_href(line: PendingLine) -> str | None:
    """Return the desk where an act is confirmed after reading back, None when a button is enough."""
    desk = DESKS.get(line.verb)
    return f"{url_for('staff.round', round_key=line.round_key)}/{desk}" if desk and line.round_key else None
