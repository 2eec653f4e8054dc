"""Candidacies filed in bulk: structures, the people responsible, drafts and frozen copies, with their journal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert, select

from awards_app.database import atomic, db
from awards_app.domain.addresses import fold_address
from awards_app.domain.text import sort_key
from awards_app.models.accounts import Account
from awards_app.models.candidacies import Answer, Candidacy
from awards_app.models.editions import Theme
from awards_app.models.structures import Membership, Structure
from awards_app.models.types import new_key
from awards_app.services.demonstration.candidates import Candidate
from awards_app.services.demonstration.journal_rows import Act
from awards_app.services.filings import freeze
from awards_app.services.frozen_content import Ground, ground_of

BLANK: dict[str, Any] = {
    "acronym": "", "legal_form": "", "siren": None, "siret": None, "rna": None, "court_register": None,
    "founded_on": None, "address": "", "postcode": "", "website": "", "is_esus": False, "network": "",
}  # fmt: skip
ORIGIN = "palmarès publié, jeu de démonstration"


@dataclass(frozen=True, slots=True)
class Filed:
    """A candidacy that was written: ``account_id`` is the person responsible, None for a real organisation."""

    key: str
    id: int
    name: str
    structure_id: int
    account_id: int | None
    is_real: bool
    at: datetime
    city: str


def file_candidacies(
    candidates: Sequence[Candidate],
    *,
    edition_id: int,
    round_id: int,
    opens_at: datetime,
    until: datetime,
    submitted: bool,
    seed: str,
    ledger: list[Act],
) -> list[Filed]:
    """Write candidacies between two instants, submitted with their receipt or left as drafts.

    What the journal owes goes into ``ledger``, for the caller to write in the order of time.
    """
    instants = _instants(f"filing:{seed}:{round_id}:{submitted}", len(candidates), opens_at, until)
    structures = _structures(candidates, opens_at)
    accounts = _accounts(candidates, structures, opens_at)
    with atomic() as session:
        themes = dict(
            session.execute(select(Theme.code, Theme.id).where(Theme.edition_id == edition_id)).all()
        )
        rows: list[dict[str, Any]] = [
            {
                "key": new_key(),
                "edition_id": edition_id,
                "round_id": round_id,
                "structure_id": structures[one.name],
                "theme_id": themes[one.theme],
                "title": one.title[:300],
                "created_at": at - timedelta(minutes=50),
                "created_by_id": accounts.get(one.name, (None, ""))[0],
                "touched_at": at,
                "origin": ORIGIN if one.is_real else "",
            }
            for one, at in zip(candidates, instants, strict=True)
        ]
        if rows:
            session.execute(insert(Candidacy), rows)
        ids = _ids(Candidacy, [row["key"] for row in rows])
        _answers(candidates, [ids[row["key"]] for row in rows], instants)
        filed = _filed(rows, ids, candidates, instants)
        receipts = _freeze(filed, ground_of(edition_id, round_id)) if submitted else {}
        actors = {one.name: accounts[one.name][1] for one in candidates if one.name in accounts}
        ledger += _acts(filed, actors, round_id, receipts)
        return filed


def _instants(seed: str, count: int, opens_at: datetime, until: datetime) -> list[datetime]:
    """Return when each candidacy was filed, in order."""
    rng = Random(seed)
    span = int((until - opens_at).total_seconds())
    return sorted(opens_at + timedelta(seconds=rng.randrange(3600, span)) for _place in range(count))


def _filed(
    rows: Sequence[dict[str, Any]],
    ids: dict[str, int],
    candidates: Sequence[Candidate],
    instants: Sequence[datetime],
) -> list[Filed]:
    return [
        Filed(
            row["key"],
            ids[row["key"]],
            one.name,
            row["structure_id"],
            row["created_by_id"],
            one.is_real,
            at,
            str(one.columns["city"]),
        )
        for row, one, at in zip(rows, candidates, instants, strict=True)
    ]


def _structures(candidates: Sequence[Candidate], at: datetime) -> dict[str, int]:
    keys = {one.name: new_key() for one in candidates}
    rows = [
        {
            **BLANK,
            **one.columns,
            "key": keys[one.name],
            "sort_key": sort_key(one.name)[:300],
            "created_at": at,
        }
        for one in candidates
    ]
    if rows:
        db.session.execute(insert(Structure), rows)
    ids = _ids(Structure, list(keys.values()))
    return {name: ids[key] for name, key in keys.items()}


def _accounts(
    candidates: Sequence[Candidate], structures: dict[str, int], at: datetime
) -> dict[str, tuple[int, str]]:
    """Make the person responsible for each structure; return their account and its key by the structure's name."""
    people = {one.name: (new_key(), *one.account) for one in candidates if one.account}
    if not people:
        return {}
    db.session.execute(
        insert(Account),
        [
            {
                "key": key,
                "name": name,
                "email": email,
                "email_folded": fold_address(email),
                "created_at": at,
                "confirmed_at": at,
            }
            for key, email, name in people.values()
        ],
    )
    ids = _ids(Account, [key for key, _email, _name in people.values()])
    db.session.execute(
        insert(Membership),
        [
            {
                "key": new_key(),
                "structure_id": structures[structure],
                "account_id": ids[person[0]],
                "standing": "responsible",
                "created_at": at,
                "accepted_at": at,
            }
            for structure, person in people.items()
        ],
    )
    return {structure: (ids[person[0]], person[0]) for structure, person in people.items()}


def _answers(candidates: Sequence[Candidate], ids: Sequence[int], instants: Sequence[datetime]) -> None:
    rows = [
        {"candidacy_id": candidacy_id, "question_code": code, "value": value, "saved_at": at}
        for one, candidacy_id, at in zip(candidates, ids, instants, strict=True)
        for code, value in one.answers.items()
    ]
    if rows:
        db.session.execute(insert(Answer), rows)


def _freeze(filed: Sequence[Filed], ground: Ground) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for one in filed:
        row = db.session.get_one(Candidacy, one.id)
        receipt = freeze(db.session(), row, one.at, submitted_by_id=one.account_id, ground=ground)
        found[one.key] = {"receipt": receipt.number, "sha256": receipt.sha256}
    return found


def _acts(
    filed: Sequence[Filed], actors: dict[str, str], round_id: int, receipts: dict[str, dict[str, object]]
) -> list[Act]:
    acts = []
    for one in filed:
        actor = actors.get(one.name)
        if actor is None:
            # Nobody filed for a real organisation: its file is received, as one that comes outside of the platform.
            detail: dict[str, object] = {
                "reason": ORIGIN,
                "receipt": receipts.get(one.key, {}).get("receipt", ""),
            }
            acts.append(Act(one.at, "receive_candidacy", "scheduler", "candidacy", one.key, round_id, detail))
            continue
        made = one.at - timedelta(minutes=50)
        acts.append(Act(made, "create_candidacy", actor, "candidacy", one.key, round_id))
        if one.key in receipts:
            acts.append(
                Act(one.at, "submit_candidacy", actor, "candidacy", one.key, round_id, receipts[one.key])
            )
    return acts


def _ids(model: Any, keys: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(keys), 400):
        part = keys[start : start + 400]
        found |= dict(db.session.execute(select(model.key, model.id).where(model.key.in_(part))).all())
    return found
