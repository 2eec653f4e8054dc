"""Who holds which role, as staff read it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from awards_app.database import db
from awards_app.domain.holder import Holder
from awards_app.domain.refusals import DoesNotExist, IsForbidden
from awards_app.models.accounts import Account, RoleGrant
from awards_app.models.editions import Region


@dataclass(frozen=True, slots=True)
class GrantLine:
    """A live role of a person."""

    key: str
    name: str
    email: str
    role: str
    region_code: str | None
    region_name: str
    granted_at: datetime
    is_own: bool


def grants_seen_by(holder: Holder) -> tuple[GrantLine, ...]:
    """Return the live roles in the holder's scope: all for the national staff, a coordinator's own regions.

    Raises `IsForbidden` for the auditor, `DoesNotExist` for anybody else.
    """
    if not holder.is_national_staff and not holder.coordinated_regions:
        raise IsForbidden if holder.is_auditor else DoesNotExist
    query = (
        select(RoleGrant, Account.name, Account.email, Region.name)
        .join(Account, Account.id == RoleGrant.account_id)
        .outerjoin(Region, Region.code == RoleGrant.region_code)
        .where(RoleGrant.revoked_at.is_(None))
        .order_by(RoleGrant.role.desc(), Region.position, Account.name)
    )
    if not holder.is_national_staff:
        query = query.where(RoleGrant.region_code.in_(holder.coordinated_regions))
    return tuple(
        GrantLine(
            grant.key,
            name,
            email,
            grant.role,
            grant.region_code,
            region or "",
            grant.granted_at,
            grant.account_id == holder.account_id,
        )
        for grant, name, email, region in db.session.execute(query)
    )
