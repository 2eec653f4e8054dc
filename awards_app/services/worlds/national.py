"""The national round on its own way, while the region is decided and under its own embargo: N4, N5, N6."""

from datetime import UTC, datetime

from sqlalchemy import select

from awards_app.database import db
from awards_app.models.certificates import Certificate
from awards_app.models.editions import Round
from awards_app.services import (
    certificate_printing,
    certificates,
    deliberations,
    honours,
    scoring,
    signatures,
    voting,
)
from awards_app.services.worlds.judging import NATIONAL, structure_names, write_sheet
from awards_app.services.worlds.moments import YEAR, Moment
from awards_app.services.worlds.people import NAMES, holder

INSTANTS = {
    "N4": datetime(YEAR, 10, 12, 9, 0, tzinfo=UTC),
    "N5": datetime(YEAR, 10, 19, 9, 0, tzinfo=UTC),
    "N6": datetime(YEAR, 11, 4, 17, 0, tzinfo=UTC),
}
SENT_UP = ("main", "second")


def lock(moment: Moment) -> None:
    """N4: each national juror scores what they do not stand aside from, the chair locks and opens a ballot."""
    chair, key = holder("NP"), moment.rounds["N"]
    for code in NATIONAL:
        for name in SENT_UP:
            if (code, name) != ("NK", "main"):
                write_sheet(moment, code, name, "national")
        scoring.finish_seat(holder(code), moment.seats[code], moment.now)
    scoring.lock_scoring(chair, key, moment.now)
    there = {moment.seats[code]: "present" for code in NATIONAL}
    deliberations.record_attendance(chair, key, there, moment.now)
    ballot = voting.prepare_ballot(
        chair,
        key,
        theme_code="us",
        kind="hands",
        question="Qui reçoit le prix national ?",
        candidacy_keys=[],
        now=moment.now,
    )
    voting.open_ballot(chair, ballot, moment.now)
    moment.ballots.insert(0, ballot)


def decide(moment: Moment) -> None:
    """N5: « main » is the laureate of its theme and nobody of the other; two of the national staff arm the publication."""
    moment.canaries["national"] = "CANARI-NATIONAL-77aa"
    chair, key = holder("NP"), moment.rounds["N"]
    for prize in ("nominee", "laureate"):
        for theme, name in (("us", "main"), ("te", None)):
            deliberations.propose_decision(
                chair,
                key,
                prize_code=prize,
                theme_code=theme,
                candidacy_key=moment.candidacies[name] if name else None,
                citation=f"Pour la France. {moment.canaries['national']}" if name else "",
                reason="" if name else "Aucun dossier ne convainc.",
                now=moment.now,
            )
    content = {
        "place": "Paris",
        "held_on": "19/10/2026",
        "chair": NAMES["NP"],
        "secretary": NAMES["NS"],
        "notes": "Le jury national a délibéré.",
        "votes": [],
    }
    deliberations.write_minutes(chair, key, content, moment.now)
    deliberations.confirm_decisions(holder("NS"), key, moment.now)
    moment.addenda.insert(0, signatures.add_to_minutes(chair, key, "Lire : Paris.", moment.now))
    certificates.order_certificates(holder("NS"), key, moment.now)
    ordered = select(Certificate.id).where(Certificate.storage_key.is_(None))
    certificate_printing.issue_certificates(db.session.scalars(ordered).all(), moment.now)


def publish(moment: Moment) -> None:
    """N6: the nation's embargo lifts before the region's, after two of the national staff armed it."""
    key = moment.rounds["N"]
    embargo = db.session.scalars(select(Round.embargo_at).where(Round.key == key)).one()
    assert embargo is not None
    for code in ("NS", "NS2"):
        honours.arm_publication(holder(code), key, structure_names(key), INSTANTS["N5"])
    moment.now = embargo
    honours.publish_due(moment.now)
