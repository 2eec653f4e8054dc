"""A coordinator who is a candidate: somebody else decides in their category."""

from sqlalchemy import select

from awards_app.database import db
from awards_app.domain.holder import Holder
from awards_app.domain.refusals import Refusal
from awards_app.domain.words import N_
from awards_app.models.candidacies import Candidacy
from awards_app.services.candidacy_locks import Held


class ConflictOfInterest(Refusal):
    """The coordinator is a member of a structure that has a candidacy in the category."""

    sentence = N_(
        "Conflit d’intérêts : votre structure a une candidature dans cette thématique. Une autre personne doit décider."
    )


def refuse_conflict(holder: Holder, held: Held) -> None:
    """Return unless a structure of ``holder`` has a candidacy in the round and theme; raise `ConflictOfInterest`."""
    if not holder.structure_ids:
        return
    own = db.session.scalar(
        select(Candidacy.id)
        .where(
            Candidacy.round_id == held.row.round_id,
            Candidacy.structure_id.in_(holder.structure_ids),
            Candidacy.state.in_(("submitted", "withdrawn")),
            Candidacy.theme_id == held.row.theme_id,
        )
        .limit(1)
    )
    if own is not None:
        raise ConflictOfInterest
