"""What an earlier file gives to a new draft: the answers to questions that are still asked in the same way."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from awards_app.domain.form_answers import Question
from awards_app.domain.refusals import Refusal
from awards_app.domain.words import N_

GONE = N_("la question n’est plus posée")
OTHER_KIND = N_("la question attend maintenant une autre forme de réponse")
OTHER_CHOICES = N_("les choix proposés ont changé")
ALREADY = N_("vous y avez déjà répondu cette année")
_CHOICES = ("single_choice", "multiple_choice")


class NoEarlierFile(Refusal):
    """The structure has no file in an earlier edition."""

    sentence = N_("Votre structure n’a pas de dossier dans une édition précédente.")


@dataclass(frozen=True, slots=True)
class Earlier:
    """An answer of an earlier file, with its question as it was asked then (kind and label are "" when it is unknown)."""

    code: str
    label: str
    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Carried:
    """What may be taken, and what is left with its reason."""

    taken: tuple[Earlier, ...]
    left: tuple[tuple[Earlier, str], ...]


def carried_over(
    earlier: Iterable[Earlier], asked: Mapping[str, Question], present: Mapping[str, str]
) -> Carried:
    """Return which answers of an earlier file a draft may take: same question, same kind, nothing written there yet."""
    taken, left = [], []
    for answer in earlier:
        reason = _reason(answer, asked.get(answer.code), present)
        if reason is None:
            taken.append(answer)
        else:
            left.append((answer, reason))
    return Carried(tuple(taken), tuple(left))


def _reason(answer: Earlier, question: Question | None, present: Mapping[str, str]) -> str | None:
    if question is None:
        return GONE
    if present.get(answer.code, "").strip():
        return ALREADY
    if question.kind != answer.kind:
        return OTHER_KIND
    known = {code for code, _label in question.choices}
    if question.kind in _CHOICES and not set(answer.value.split(",")) <= known:
        return OTHER_CHOICES
    return None
