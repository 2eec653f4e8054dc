"""The chamber's desk of the demonstration: two completions, one of them answered, a demand of another region, a look-alike."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from awards_app.database import db
from awards_app.domain.holder import Holder
from awards_app.models.candidacies import AdmissibilityDecision
from awards_app.queries.completions import requests_of
from awards_app.services.completion_answers import answer_completion
from awards_app.services.completion_threads import write_as_chamber, write_as_structure
from awards_app.services.completions import Asked, ask_completion
from awards_app.services.demonstration.candidates import Candidate
from awards_app.services.demonstration.filing import Filed
from awards_app.services.demonstration.scene import YEAR
from awards_app.services.demonstration.stage import Stage
from awards_app.services.region_transfers import ask_transfer

HOME, NEIGHBOUR = "28", "11"
UNTIL = datetime.fromisoformat(f"{YEAR}-09-20T18:00")
ASKED = (
    "Vos résultats sont présentés sans période ni mode de calcul. Pouvez-vous les préciser en quelques lignes, "
    "pour que le jury puisse les apprécier ?"
)
QUESTION = (
    "Bonjour, pouvons-nous citer les chiffres de notre rapport d’activité, qui sort la semaine prochaine ?"
)
REPLY = "Bonjour, oui : indiquez la date du rapport, cela suffit."
AREA = "Le territoire que vous indiquez couvre deux départements. Lequel est concerné en premier ?"
ANSWER = "Le projet concerne d’abord la Seine-Maritime ; l’Eure suivra l’an prochain."
MOVED = "Le siège de la structure a été transféré à Évreux au printemps."


def with_twin(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates, the second one bearing nearly the name of the first."""
    if len(candidates) < 2:
        return list(candidates)
    first, second, *rest = candidates
    name = f"Association {first.name}"
    return [first, replace(second, columns={**second.columns, "name": name}), *rest]


def ask_completions(stage: Stage, now: datetime) -> None:
    """Ask two structures of the region to complete an answer; one has a question first."""
    coordinator = stage.coordinator(HOME)
    first, second = _undecided(stage, HOME)[:2]
    request = ask_completion(coordinator, first.key, Asked(("results",), ASKED, UNTIL), now)
    ask_completion(coordinator, second.key, Asked(("area",), AREA, UNTIL), now)
    write_as_structure(_person(stage, first), first.key, request, QUESTION, now)
    write_as_chamber(coordinator, first.key, request, REPLY, now)


def answer_one(stage: Stage, now: datetime) -> None:
    """Answer the second request."""
    second = _undecided(stage, HOME)[1]
    request = requests_of(second.id)[0]
    answer_completion(_person(stage, second), second.key, request.key, {"area": ANSWER}, now)


def propose_one(stage: Stage, now: datetime) -> None:
    """Propose a file of the neighbouring region to this one."""
    file = _undecided(stage, NEIGHBOUR)[0]
    ask_transfer(stage.coordinator(NEIGHBOUR), file.key, HOME, MOVED, now)


def _undecided(stage: Stage, code: str) -> list[Filed]:
    """Return the files of a region without a decision that somebody answers for."""
    decided = set(db.session.scalars(select(AdmissibilityDecision.candidacy_id)))
    return [one for one in stage.filed[code] if one.account_id is not None and one.id not in decided]


def _person(stage: Stage, file: Filed) -> Holder:
    assert file.account_id is not None
    return stage.company.holder(file.account_id)
