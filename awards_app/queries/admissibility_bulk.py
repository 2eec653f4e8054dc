"""What an act on several files would do: the files it takes, those it leaves and why, and a sample."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from awards_app.database import db
from awards_app.domain.admissibility_acts import DraftsCannotFile
from awards_app.domain.admissibility_queue import QueueLine, Stage
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.domain.phases import Phase
from awards_app.domain.refusals import DoesNotExist
from awards_app.domain.words import N_
from awards_app.models.candidacies import Candidacy
from awards_app.models.editions import Theme
from awards_app.queries.access import RoundFacts, open_round
from awards_app.queries.admissibility_queue import round_lines
from awards_app.queries.draft_lines import REST, DraftLine, drafts_in
from awards_app.queries.readers import STAFF

ACTS = ("admissible", "completion")
_WITHDRAWN = N_("candidature retirée")
_CONFLICT = N_("votre structure est candidate dans cette thématique")
_ASKED = N_("un complément est attendu")
_ADMITTED = N_("déjà recevable")
_REFUSED = N_("non recevable, à revoir dossier par dossier")
_RECENT = N_("relancée il y a moins de trois jours")


@dataclass(frozen=True, slots=True)
class BulkPlan:
    """What would be done; ``digest`` names it, so that what is confirmed is what was shown."""

    round: RoundFacts
    act: str
    lines: tuple[QueueLine, ...]
    skipped: tuple[tuple[QueueLine, str], ...]

    @property
    def digest(self) -> str:
        """Return a name for the act, its files and where each stands: what happened to one since changes it."""
        return digest_of(self.act, (f"{line.key}:{line.stage}:{line.answered_at}" for line in self.lines))


@dataclass(frozen=True, slots=True)
class DraftPlan:
    """The drafts whose people would be written to, and those left and why."""

    round: RoundFacts
    lines: tuple[DraftLine, ...]
    skipped: tuple[tuple[DraftLine, str], ...]

    @property
    def digest(self) -> str:
        """Return a name for the act and its drafts."""
        return digest_of("remind", (str(line.candidacy_id) for line in self.lines))


def digest_of(act: str, names: Iterable[str]) -> str:
    """Return a short name for an act on things."""
    return hashlib.sha256("/".join([act, *names]).encode()).hexdigest()[:32]


def bulk_plan(holder: Holder, round_key: str, act: str, keys: Iterable[str], now: datetime) -> BulkPlan:
    """Return what ``act`` would do to these files of a round (three queries).

    One key that is not of a filed candidacy of the round refuses the whole: `DoesNotExist`. Raises the matrix's refusal.
    """
    facts = open_round(holder, round_key, Permission.DECIDE_ADMISSIBILITY, now)
    wanted = list(dict.fromkeys(keys))
    if not facts.subjects & STAFF or act not in ACTS:
        raise DoesNotExist
    lines = {line.key: line for line in round_lines(facts.id, now)}
    if not all(key in lines for key in wanted):
        raise DoesNotExist
    own = _own_themes(holder, facts.id)
    taken, left = [], []
    for line in (lines[key] for key in wanted):
        reason = _reason(line, act, own)
        if reason:
            left.append((line, reason))
        else:
            taken.append(line)
    return BulkPlan(facts, act, tuple(taken), tuple(left))


def _reason(line: QueueLine, act: str, own: frozenset[str]) -> str:
    if line.stage is Stage.WITHDRAWN:
        return _WITHDRAWN
    if line.theme_code in own:
        return _CONFLICT
    if line.stage is Stage.ASKED:
        return _ASKED
    if act != "admissible":
        return ""
    return {Stage.ADMISSIBLE: _ADMITTED, Stage.INADMISSIBLE: _REFUSED}.get(line.stage, "")


def _own_themes(holder: Holder, round_id: int) -> frozenset[str]:
    if not holder.structure_ids:
        return frozenset()
    return frozenset(
        db.session.scalars(
            select(Theme.code)
            .join(Candidacy, Candidacy.theme_id == Theme.id)
            .where(
                Candidacy.round_id == round_id,
                Candidacy.structure_id.in_(holder.structure_ids),
                Candidacy.state.in_(("submitted", "withdrawn")),
            )
        )
    )


def draft_plan(holder: Holder, round_key: str, now: datetime) -> DraftPlan:
    """Return whose drafts would be reminded (six queries).

    Raises `DraftsCannotFile` once the call is not open, or the matrix's refusal.
    """
    if open_round(holder, round_key, Permission.SEND_BULK_MESSAGE, now).phase is not Phase.FILING:
        raise DraftsCannotFile
    found = drafts_in(holder, round_key, now)
    recent = [line for line in found.lines if line.reminded_at and line.reminded_at > now - REST]
    return DraftPlan(
        found.round,
        tuple(line for line in found.lines if line not in recent),
        tuple((line, _RECENT) for line in recent),
    )
