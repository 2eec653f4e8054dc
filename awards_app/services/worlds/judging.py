"""The second half of a world: juries, scores, the lock, decisions, publication."""

from datetime import datetime

from sqlalchemy import select, update

from awards_app.database import atomic, db
from awards_app.domain.scoring import MarkInput
from awards_app.models.candidacies import Candidacy
from awards_app.models.certificates import Certificate
from awards_app.models.deliberations import Decision
from awards_app.models.editions import Criterion, Edition, Round
from awards_app.models.juries import Interest, Seat
from awards_app.models.structures import Structure
from awards_app.services import (
    certificate_printing,
    certificates,
    deliberations,
    honours,
    juries,
    scoring,
    signatures,
    voting,
)
from awards_app.services.worlds.filing import TITLES
from awards_app.services.worlds.moments import INSTANTS, YEAR, Moment
from awards_app.services.worlds.people import NAMES, account_id, address, holder

SEATS: dict[str, tuple[str, str, str]] = {
    "RJ": ("A", "juror", "RC"),
    "RJ2": ("A", "juror", "RC"),
    "RJ3": ("A", "juror", "RC"),
    "RK": ("A", "juror", "RC"),
    "JP": ("A", "chair", "RC"),
    "RX": ("B", "juror", "RY"),
    "NJ": ("N", "juror", "NS"),
    "NJ2": ("N", "juror", "NS"),
    "NK": ("N", "juror", "NS"),
    "NP": ("N", "chair", "NS"),
}
PANEL = ("RJ", "RJ2", "RJ3", "RK", "JP")
NATIONAL = ("NJ", "NJ2", "NK", "NP")
JUDGED = ("main", "other", "first", "second")
# Levels by juror then by file, so that no two files have the same score and « main » leads its theme.
LEVELS = {"main": (4, 3, 4, 4), "other": (2, 3, 2, 1), "first": (1, 2, 1, 0), "second": (3, 3, 2, 3)}


def seat_people(moment: Moment) -> None:
    """Invite the jurors of both juries and of the neighbour, who accept and sign the charter."""
    for code, (letter, function, inviter) in SEATS.items():
        key = juries.invite_juror(
            holder(inviter),
            moment.rounds[letter],
            email=address(code),
            name=NAMES[code],
            function=function,
            theme_code="us" if code == "RK" else None,
            college="association",
            now=moment.now,
        )
        moment.seats[code] = key
        juries.accept_seat(account_id(code), key, moment.now)
        juries.accept_charter(holder(code), key, moment.now)


def recuse_beforehand(moment: Moment) -> None:
    """Write the tie of RK with the main file: before the files are open to jurors, no page does it."""
    moment.canaries["tie"] = "CANARI-LIEN-90be"
    with atomic() as session:
        seat_id = session.scalars(select(Seat.id).where(Seat.key == moment.seats["RK"])).one()
        candidacy_id = session.scalars(
            select(Candidacy.id).where(Candidacy.key == moment.candidacies["main"])
        ).one()
        session.add(
            Interest(
                seat_id=seat_id,
                candidacy_id=candidacy_id,
                verdict="recused",
                reason=f"J’y ai travaillé. {moment.canaries['tie']}",
                declared_at=moment.now,
                declared_by_id=account_id("RK"),
            )
        )


def open_the_scoring(moment: Moment) -> None:
    """P3: ties are settled and the scoring opens; every sheet is written but one of RJ2's."""
    moment.canaries |= {
        "note": "CANARI-NOTE-PRIVEE-3d10",
        "comment": "CANARI-COMMENTAIRE-88aa",
        "mark": "CANARI-RAISON-17ef",
    }
    for code in PANEL:
        for name in JUDGED:
            if judges(code, name):
                juries.declare_interest(
                    holder(code), moment.seats[code], moment.candidacies[name], "none", "", moment.now
                )
    scoring.open_scoring(holder("RC"), moment.rounds["A"], moment.now)
    for code in PANEL:
        for name in JUDGED:
            if judges(code, name) and (code, name) != ("RJ2", "first"):
                write_sheet(moment, code, name)


def judges(code: str, name: str) -> bool:
    """Say whether a juror of the panel is to score a file: RK sits in one theme only, and stands aside from one file."""
    return code != "RK" or name in ("other", "first")


def write_sheet(moment: Moment, code: str, name: str, level: str = "regional") -> None:
    """Record a whole sheet of one juror on one file."""
    place = (*PANEL, *NATIONAL).index(code) % 4
    base = LEVELS[name][place]
    marks = {
        criterion: MarkInput(base, False, f"{TITLES[name]} : {moment.canaries['mark']} {code}")
        for criterion in criteria(level)
    }
    scoring.record_scoresheet(
        holder(code),
        moment.seats[code],
        moment.candidacies[name],
        marks,
        moment.now,
        private_note=f"{moment.canaries['note']} {code}",
        shared_comment=f"{moment.canaries['comment']} {code}",
    )


def criteria(level: str) -> list[str]:
    """Return the criteria of a grid, in its order."""
    return list(
        db.session.scalars(
            select(Criterion.code)
            .join(Edition)
            .where(Edition.year == YEAR, Criterion.level == level)
            .order_by(Criterion.position)
        )
    )


def lock(moment: Moment) -> None:
    """P4: the last sheet is written, each juror is done, the chair locks."""
    write_sheet(moment, "RJ2", "first")
    for code in PANEL:
        scoring.finish_seat(holder(code), moment.seats[code], moment.now)
    chair, key = holder("JP"), moment.rounds["A"]
    scoring.lock_scoring(chair, key, moment.now)
    deliberations.record_attendance(chair, key, {moment.seats[code]: "present" for code in PANEL}, moment.now)
    ballot = voting.prepare_ballot(
        chair,
        key,
        theme_code="us",
        kind="hands",
        question="Qui reçoit le prix régional ?",
        candidacy_keys=[],
        now=moment.now,
    )
    voting.open_ballot(chair, ballot, moment.now)
    moment.ballots.append(ballot)


def decide(moment: Moment) -> None:
    """P5: the chair proposes and writes the minutes, the chamber confirms; the national jury starts to score."""
    moment.canaries["citation"] = "CANARI-CITATION-c4d1"
    chair, key = holder("JP"), moment.rounds["A"]
    for theme, name in (("us", "main"), ("te", "second")):
        for prize in ("national_entry", "regional_title"):
            deliberations.propose_decision(
                chair,
                key,
                prize_code=prize,
                theme_code=theme,
                candidacy_key=moment.candidacies[name],
                citation=f"Pour un lieu partagé. {moment.canaries['citation']}",
                reason="",
                now=moment.now,
            )
    content = {
        "place": "Rennes",
        "held_on": "20/09/2026",
        "chair": NAMES["JP"],
        "secretary": NAMES["RC"],
        "notes": "Le jury a délibéré.",
        "votes": [],
    }
    deliberations.write_minutes(chair, key, content, moment.now)
    deliberations.confirm_decisions(holder("RC"), key, moment.now)
    moment.addenda.append(signatures.add_to_minutes(chair, key, "Lire : Rennes.", moment.now))
    certificates.order_certificates(holder("RC"), key, moment.now)
    certificate_printing.issue_certificates(db.session.scalars(select(Certificate.id)).all(), moment.now)


def open_national(moment: Moment) -> None:
    """N3: the national jurors declare their ties (NK stands aside from the main file) and the scoring opens."""
    for code in NATIONAL:
        for name in ("main", "second"):
            aside = (code, name) == ("NK", "main")
            juries.declare_interest(
                holder(code),
                moment.seats[code],
                moment.candidacies[name],
                "recused" if aside else "none",
                "J’y ai travaillé." if aside else "",
                moment.now,
            )
    scoring.open_scoring(holder("NS"), moment.rounds["N"], moment.now)


def publish(moment: Moment) -> None:
    """P6: the embargo is lifted by the clock, after two persons armed it."""
    key = moment.rounds["A"]
    read_back = structure_names(key)
    for code in ("RC", "NS"):
        honours.arm_publication(holder(code), key, read_back, moment.now)
    embargo = db.session.scalars(select(Round.embargo_at).where(Round.key == key)).one()
    assert embargo is not None
    moment.now = embargo
    honours.publish_due(moment.now)


def structure_names(round_key: str) -> dict[str, str]:
    """Return the name to retype for each live decision of a round, by the decision's key."""
    rows = db.session.execute(
        select(Decision.key, Structure.name)
        .join(Round, Round.id == Decision.round_id)
        .join(Candidacy, Candidacy.id == Decision.candidacy_id)
        .join(Structure, Structure.id == Candidacy.structure_id)
        .where(Round.key == round_key, Decision.annulled_at.is_(None))
    )
    return {row.key: row.name for row in rows}


def archive(moment: Moment) -> None:
    """P7."""
    honours.archive_round(holder("NS"), moment.rounds["A"], moment.now)


def put_before_the_call(moment: Moment, opens_at: datetime, closes_at: datetime) -> None:
    """P0 with files: the opening of the call is put off, as if it had been announced too early."""
    with atomic() as session:
        session.execute(
            update(Round)
            .where(Round.key.in_(moment.rounds.values()))
            .values(phase="P0", opens_at=opens_at, closes_at=closes_at)
        )
    moment.now = INSTANTS["P0"]
