"""What a proposed act bears on, by name: whoever confirms it reads what they confirm."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, String, case, cast, literal, null, select, union_all

from awards_app.database import db
from awards_app.models.accounts import Account, RoleGrant
from awards_app.models.candidacies import Candidacy
from awards_app.models.certificates import Certificate
from awards_app.models.deliberations import Decision
from awards_app.models.editions import Prize
from awards_app.models.juries import Seat
from awards_app.models.structures import Structure

ON_DECISIONS = ("annul_decision", "replace_entry")


@dataclass(frozen=True, slots=True)
class Named:
    """An object of an act: its name, what it is if that says more, its theme where it has one."""

    name: str
    kind: str
    theme_id: int | None


def keys_of(verb: str, object_key: str, arguments: str) -> tuple[str, ...]:
    """Return the keys of what an act bears on: what it changes first, then what takes its place."""
    given = json.loads(arguments)
    replacement = given.get("replacement") or {}
    keys = (given.get("seat"), given.get("candidacy"), object_key, replacement.get("candidacy_key"))
    return tuple(str(key) for key in keys if key)


def named_objects(keys: Iterable[str]) -> Mapping[str, Named]:
    """Return what has a name among ``keys`` (one query, none without keys); keys are unguessable and never shared."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    rows = db.session.execute(union_all(*_queries(wanted)))
    return {row.key: Named(row.name or "", row.kind or "", row.theme_id) for row in rows}


def _queries(keys: list[str]) -> Iterable[Select[*tuple[Any, ...]]]:
    nothing, no_theme = literal(""), cast(null(), Candidacy.theme_id.type)
    yield (
        select(
            Candidacy.key.label("key"),
            Structure.name.label("name"),
            nothing.label("kind"),
            Candidacy.theme_id.label("theme_id"),
        )
        .join(Structure, Structure.id == Candidacy.structure_id)
        .where(Candidacy.key.in_(keys))
    )
    yield (
        select(Decision.key, Structure.name, Prize.name, Decision.theme_id)
        .join(Prize, Prize.id == Decision.prize_id)
        .outerjoin(Candidacy, Candidacy.id == Decision.candidacy_id)
        .outerjoin(Structure, Structure.id == Candidacy.structure_id)
        .where(Decision.key.in_(keys))
    )
    yield (
        select(Seat.key, Account.name, nothing, no_theme)
        .outerjoin(Account, Account.id == Seat.account_id)
        .where(Seat.key.in_(keys))
    )
    yield select(Account.key, Account.name, nothing, no_theme).where(Account.key.in_(keys))
    yield (
        select(RoleGrant.key, Account.name, RoleGrant.role, no_theme)
        .join(Account, Account.id == RoleGrant.account_id)
        .where(RoleGrant.key.in_(keys))
    )
    name = Certificate.content["structure_name"].as_string()
    yield select(
        Certificate.key, case((name.is_(None), ""), else_=cast(name, String)), Certificate.number, no_theme
    ).where(Certificate.key.in_(keys))
