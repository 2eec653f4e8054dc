"""What a ballot may do: who votes on it, when, and how it is kept until it is counted."""

import json
from collections.abc import Mapping, Sequence

from awards_app.domain.refusals import InputIsInvalid, Refusal
from awards_app.domain.text import count_signs
from awards_app.domain.voting import (
    BORDA,
    GRADES,
    JUDGEMENT,
    KINDS,
    MOST_OPTIONS,
    Count,
    Paper,
    PaperIsInvalid,
)
from awards_app.domain.words import N_

QUESTION_LIMIT = 300
# Papers under which the count of a secret ballot is never made.
LEAST_SECRET = 3
YES, NO = "for", "against"
# A plain question is answered for or against; abstaining is a blank paper.
PLAIN: dict[str, str] = {YES: N_("pour"), NO: N_("contre")}


class BallotIsInvalid(InputIsInvalid):
    """The ballot lacks its question, its kind or its choices."""

    sentence = N_("Ce vote ne peut pas être préparé : %(why)s")


NO_QUESTION = N_("écrivez la question en 300 signes au plus.")
NO_KIND = N_("choisissez la forme du scrutin.")
NO_CHOICE = N_("faites un choix, ou votez blanc.")
NO_OPTIONS = N_("retenez de deux à douze dossiers du classement, dans une seule thématique.")


class QuorumIsMissing(Refusal):
    """Too few members are present, those who stand aside left out of the count."""

    sentence = N_("Le quorum n’est pas atteint pour ce vote : %(present)s présents sur %(base)s.")


class SecretNeedsMore(Refusal):
    """With so few papers, the count of a secret ballot would say who voted what."""

    sentence = N_("Un scrutin secret demande au moins %(least)s bulletins : préférez la main levée.")


class BallotIsNotOpen(Refusal):
    """The ballot has not opened, or has closed, or was cancelled."""

    sentence = N_("Ce vote n’est pas ouvert.")


class BallotIsOver(Refusal):
    """A ballot that is closed or cancelled stays as it is; a new one replaces it."""

    sentence = N_("Ce vote est terminé. Préparez-en un nouveau s’il faut revoter.")


class FileHasLeft(Refusal):
    """A file of the ballot was withdrawn since it was prepared."""

    sentence = N_("Un dossier de ce vote a été retiré : annulez ce vote et préparez-en un nouveau.")


class VoterStandsAside(Refusal):
    """Somebody whose secret paper is in the box stands aside by now: no paper can be taken out."""

    sentence = N_(
        "Une personne qui a voté se déporte depuis. Son bulletin secret ne peut pas être retiré : annulez ce vote et préparez-en un nouveau."
    )


class AlreadyVoted(Refusal):
    """The member's paper is in the box, and cannot be taken out."""

    sentence = N_("Votre bulletin est déjà dans l’urne : un bulletin secret ne se reprend pas.")


class NotAVoter(Refusal):
    """The person is not noted as present, or does not vote on these files."""

    sentence = N_("Vous ne prenez pas part à ce vote : demandez à la présidence de noter votre présence.")


class ReasonForCancelling(InputIsInvalid):
    """A ballot is cancelled with a reason, that the minutes keep."""

    sentence = N_("Dites pourquoi ce vote est annulé : le procès-verbal le garde.")


def check_ballot(kind: str, question: str, options: Sequence[str]) -> None:
    """Return for a ballot that can be prepared; raise `BallotIsInvalid`."""
    if not question.strip() or count_signs(question) > QUESTION_LIMIT:
        raise BallotIsInvalid({"question": NO_QUESTION}, why=NO_QUESTION)
    if kind not in KINDS:
        raise BallotIsInvalid({"kind": NO_KIND}, why=NO_KIND)
    if not 2 <= len(set(options)) == len(options) <= MOST_OPTIONS:
        raise BallotIsInvalid({"options": NO_OPTIONS}, why=NO_OPTIONS)


def paper_text(paper: Paper) -> str:
    """Return the one text of a paper: equal papers are the same text, and the box sorts them by it."""
    return json.dumps(paper if isinstance(paper, Mapping) else list(paper), sort_keys=True)


def read_paper(text: str) -> Paper:
    """Return the paper of a text."""
    paper: Paper = json.loads(text)
    return paper


def typed_paper(kind: str, options: Sequence[str], typed: Mapping[str, str]) -> Paper:
    """Return the paper that a form holds: « choice », or « place-<option> » (1 first), or « grade-<option> ».

    What is missing or no number is left out, for `check_paper` to refuse. A blank paper is an empty choice: with no
    choice at all nothing was said, and that raises `PaperIsInvalid`.
    """
    if kind == JUDGEMENT:
        grades = {option: typed.get(f"grade-{option}", "") for option in options}
        return {
            option: int(text)
            for option, text in grades.items()
            if text in {str(g) for g in range(len(GRADES))}
        }
    if kind == BORDA:
        places = {option: typed.get(f"place-{option}", "") for option in options}
        known = {str(place) for place in range(1, len(options) + 1)}
        placed = [(int(text), option) for option, text in places.items() if text in known]
        return (
            [option for _place, option in sorted(placed)]
            if len({p for p, _ in placed}) == len(placed)
            else []
        )
    if "choice" not in typed:
        raise PaperIsInvalid(why=NO_CHOICE)
    choice = typed["choice"]
    return [choice] if choice else []


def kept_result(counted: Count) -> dict[str, object]:
    """Return a count as it is kept with the ballot and printed in the minutes."""
    return {
        "papers": counted.papers,
        "blank": counted.blank,
        "lines": [
            {
                "option": line.option,
                "rank": line.rank,
                "tied": line.is_tied,
                "figure": line.figure,
                "spread": list(line.spread),
            }
            for line in counted.lines
        ],
        "first": list(counted.first),
    }
