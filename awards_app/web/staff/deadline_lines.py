"""What the desk of a closing says: how often it was moved, and who came too late."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from awards_app.queries.deadlines import ChangeLine, LateLine
from awards_app.web.languages import closing_in_words, instant_in_words


@dataclass(frozen=True, slots=True)
class Late:
    """Somebody refused after a closing, in words."""

    structure: str
    person: str
    act: str
    when: str
    told: str | None


def change_lines(changes: tuple[ChangeLine, ...]) -> list[tuple[str, str, str]]:
    """Return each move as (from and to, by whom and when, motive)."""
    return [
        (
            _(
                "%(before)s, puis %(after)s",
                before=closing_in_words(change.before_at, change.before_zone),
                after=closing_in_words(change.after_at, change.after_zone),
            ),
            _(
                "%(who)s, %(when)s",
                who=change.by or _("Une personne à la machine"),
                when=instant_in_words(change.moved_at, change.after_zone),
            ),
            change.reason,
        )
        for change in changes
    ]


def late_lines(lines: tuple[LateLine, ...], zone: str) -> list[Late]:
    """Return who came too late, in words, in the round's own time."""
    return [
        Late(
            line.structure,
            line.person,
            _act(line.verb),
            _when(line.first_at, line.last_at, zone),
            instant_in_words(line.told_at, zone) if line.told_at else None,
        )
        for line in lines
    ]


def _act(verb: str) -> str:
    return {
        "submit": _("Déposer"),
        "open_draft": _("Commencer une candidature"),
        "take_back": _("Reprendre une candidature déposée"),
        "attach": _("Joindre une pièce"),
        "detach": _("Retirer une pièce"),
        "delete": _("Supprimer le brouillon"),
        "restore": _("Restaurer le brouillon"),
        "withdraw": _("Retirer la candidature"),
    }.get(verb, _("Enregistrer une réponse"))


def _when(first: datetime, last: datetime, zone: str) -> str:
    if last == first:
        return instant_in_words(first, zone)
    return _(
        "de %(first)s à %(last)s",
        first=instant_in_words(first, zone),
        last=instant_in_words(last, zone),
    )
