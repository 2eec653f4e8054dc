"""Tells a structure that its certificate is ready, once it is printed and the results are public."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from awards_app.adapters.public_address import public_address
from awards_app.database import atomic, db
from awards_app.domain.phases import Phase
from awards_app.models.candidacies import Candidacy
from awards_app.models.certificates import Certificate
from awards_app.models.editions import Region, Round
from awards_app.queries.responsible_people import people_responsible
from awards_app.services.messages import queue_message

PUBLIC_PHASES = (Phase.PUBLISHED.value, Phase.ARCHIVED.value)


def tell_ready(round_id: int, now: datetime, *, certificate_ids: Collection[int] | None = None) -> int:
    """Queue, held, the message of each printed certificate of a public round, or of some; return how many were new.

    Joins the caller's transaction, which holds the round: printing and publication wait for each other there, and
    whichever comes last tells. A person is told once of a number.
    """
    with atomic():
        wanted = [Certificate.round_id == round_id, Certificate.state == "issued"]
        if certificate_ids is not None:
            wanted.append(Certificate.id.in_(certificate_ids))
        rows = db.session.execute(
            select(
                Certificate.number,
                Certificate.candidacy_id,
                Certificate.content,
                Candidacy.key.label("candidacy_key"),
                Region.chamber,
            )
            .join(Round, Round.id == Certificate.round_id)
            .join(Candidacy, Candidacy.id == Certificate.candidacy_id)
            .outerjoin(Region, Region.code == Round.region_code)
            .where(*wanted, Round.phase.in_(PUBLIC_PHASES))
            .order_by(Certificate.id)
        ).all()
        people = people_responsible({row.candidacy_id for row in rows}) if rows else {}
        told = 0
        for row in rows:
            for account_id, email, name in people.get(row.candidacy_id, ()):
                key = queue_message(
                    "certificate_ready",
                    email,
                    dedupe=f"certificate_ready:{row.number}:{account_id}",
                    values={
                        "person": name,
                        "structure": row.content["structure_name"],
                        "prize": row.content["distinction"],
                        "edition": row.content["edition_label"],
                        "certificate_number": row.number,
                        "link": public_address(f"/certificats/{row.number}/telecharger"),
                        "chamber": row.chamber or "ESS France",
                    },
                    now=now,
                    account_id=account_id,
                    round_id=round_id,
                    object_key=row.candidacy_key,
                    held=True,
                )
                told += key is not None
        return told
