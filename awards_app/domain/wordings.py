"""Texts that staff write with words in braces: which are allowed, and how they are replaced."""

import hashlib
import re
from collections.abc import Collection, Mapping

from awards_app.domain.refusals import InputIsInvalid, Refusal
from awards_app.domain.words import N_

PLACE = re.compile(r"\{([a-z_]+)\}")
# What other template languages would read; none of it is one of ours.
FOREIGN = re.compile(r"\{\{|\}\}|\{%|%\}|\$\{|#\{|%\(|<%")
SUBJECT_LIMIT = 200
BODY_LIMIT = 6000


def places_in(text: str) -> frozenset[str]:
    """Return the words in braces of a text."""
    return frozenset(PLACE.findall(text))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Replace the words in braces that have a value, once: what a value holds is never read again."""
    return PLACE.sub(lambda found: values.get(found[1], found[0]), text)


def foreign_places(text: str, allowed: Collection[str]) -> list[str]:
    """Return what a text holds that is no placeholder of the list: unknown words, stray braces, other languages."""
    found = [match[0] for match in FOREIGN.finditer(text)]
    rest = PLACE.sub(lambda match: "" if match[1] in allowed else match[0], text)
    found += [match[0] for match in re.finditer(r"\{[^{}\n]{0,60}\}?|\}", rest)]
    return list(dict.fromkeys(found))


class WordingIsInvalid(InputIsInvalid):
    """The text is empty, too long, or holds something that is no placeholder of its list."""


class WordingHasChanged(Refusal):
    """Somebody else wrote the text since the page was opened."""

    sentence = N_("Une autre personne a modifié ce texte entre-temps : comparez, puis enregistrez.")


def wording_mark(subject: str, body: str) -> str:
    """Return a short name for a text as it stands, which its page carries."""
    return hashlib.sha256(f"{subject}\0{body}".encode()).hexdigest()[:32]


def check_wording(subject: str, body: str, allowed: Collection[str]) -> None:
    """Return if a message's text may be kept; raise `WordingIsInvalid` with a sentence by field."""
    errors = {}
    for name, text, limit in (("subject", subject, SUBJECT_LIMIT), ("body", body, BODY_LIMIT)):
        if not text.strip():
            errors[name] = N_("Ce texte est attendu.")
        elif len(text) > limit:
            errors[name] = N_("Ce texte est trop long.")
        elif foreign_places(text, allowed):
            errors[name] = N_(
                "Seuls les mots entre accolades de la liste sont acceptés. Retirez les autres, et toute accolade seule."
            )
    if errors:
        raise WordingIsInvalid(errors)
