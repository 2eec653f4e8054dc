"""Where a person is still written after their erasure, in words."""

from flask_babel import gettext as _

from awards_app.domain.words import N_

_PLACES = {
    "certificate.content": N_("diplôme d’une autre personne, qui le garde"),
    "honour.structure_name": N_("nom d’une structure au palmarès"),
    "journal_entry.detail": N_("motif écrit au journal, qui ne se réécrit pas"),
    "structure.name": N_("nom d’une structure"),
    "structure.acronym": N_("nom d’une structure"),
    "structure.website": N_("site d’une structure"),
}
_ELSEWHERE = N_("autre texte, où une personne porte le même nom")


def remaining_lines(remaining: dict[str, list[str]]) -> list[tuple[str, str]]:
    """Return what staff can act on: the kind of text, and the numbers of its lines."""
    return [
        (_(_PLACES.get(place, _ELSEWHERE)), f"{place} : {', '.join(keys[:20])}")
        for place, keys in sorted(remaining.items())
    ]
