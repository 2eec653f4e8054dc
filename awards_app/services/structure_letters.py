"""Letters to somebody who named a structure: their demand is kept, then accepted or not."""

from datetime import datetime

from sqlalchemy import select

from awards_app.adapters.public_address import public_address
from awards_app.database import db
from awards_app.domain.holder import Holder
from awards_app.models.accounts import Account
from awards_app.queries.structures import StructureFacts
from awards_app.services.messages import queue_message


def confirm_request(holder: Holder, typed_name: str, number: str, now: datetime) -> None:
    """Confirm that a demand is kept, in the same words whether the structure is new or known."""
    _write(
        "structure_requested",
        holder.account_id,
        f"structure_requested:{holder.key}:{number[:14]}:{now.isoformat()}",
        {"structure": typed_name, "link": public_address("/structure")},
        now,
    )


def tell_claimant(
    account_id: int, membership_key: str, structure: StructureFacts, accepted: bool, now: datetime
) -> None:
    """Tell whoever asked to join what was answered; the name of the structure only once they are one of its people."""
    kind = "membership_accepted" if accepted else "membership_declined"
    values = {"structure": structure.name, "link": public_address("/structure")} if accepted else {}
    _write(kind, account_id, f"{kind}:{membership_key}", values, now, structure.key if accepted else "")


def _write(
    kind: str, account_id: int, dedupe: str, values: dict[str, str], now: datetime, object_key: str = ""
) -> None:
    row = db.session.execute(select(Account.name, Account.email).where(Account.id == account_id)).one()
    queue_message(
        kind,
        row.email,
        dedupe=dedupe,
        values={"person": row.name, **values},
        now=now,
        account_id=account_id,
        object_key=object_key,
    )
