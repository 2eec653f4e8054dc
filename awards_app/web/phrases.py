"""Names a state for people. Sentences of the lower floors become the page's language here."""

from flask_babel import gettext as _

from awards_app.domain.phases import PHASE_LABELS, Phase, phase_label
from awards_app.domain.refusals import Refusal
from awards_app.domain.said import Said


def sentence_of(words: Refusal | str) -> str:
    """Return a refusal's sentence, or a marked sentence, in the page's language with its values in place."""
    if isinstance(words, Said):
        text = _(words.sentence)
        given = {name: sentence_of(v) if isinstance(v, Said) else v for name, v in words.values.items()}
        return text % given if given else text
    if isinstance(words, Refusal):
        values = {
            name: _(value) if isinstance(value, str) and value in _LABELS else value
            for name, value in words.values.items()
        }
        text = _(words.sentence)
        return text % values if values else text
    return _(words)


def sentences_of(refusal: Refusal) -> str:
    """Return what a refusal says of each field, or of each point, in one text; its own sentence where it names none."""
    found = [sentence_of(words) for words in getattr(refusal, "errors", {}).values()]
    return " ".join(dict.fromkeys(found)) or sentence_of(refusal)


_LABELS = frozenset(PHASE_LABELS.values())


def phase_name(phase: Phase | str, *, is_national: bool = False) -> str:
    """Return the phase's name in the page's language."""
    return _(phase_label(Phase(phase), is_national=is_national))


def chamber_in_a_sentence(chamber: str) -> str:
    """Return the chamber as a sentence names it: « la CRESS Bretagne »."""
    if not chamber:
        return _("la CRESS de votre région")
    return _("la %(chamber)s", chamber=chamber) if chamber.startswith("CRESS") else chamber
