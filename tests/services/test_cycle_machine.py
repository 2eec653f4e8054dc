"""People act in any order, with and without the right to: whatever is accepted was allowed, and every invariant holds.

The oracle of rights is the published matrix read from its file, with who each person is written down here; it shares no
code with the platform's own answer.
"""

import csv
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from awards_app.database import db
from awards_app.domain.phases import Phase, phase_at
from awards_app.domain.refusals import Refusal
from awards_app.domain.scoring import MarkInput
from awards_app.models.deliberations import Decision
from awards_app.models.editions import Prize, Round
from awards_app.models.honours import NationalEntry
from awards_app.services import (
    admissibility,
    candidacies,
    certificates,
    deliberations,
    filings,
    honours,
    juries,
    national_board,
    scoring,
    worlds,
)
from awards_app.services.national_entries import replace_entry
from awards_app.services.rounds import catch_up_all
from awards_app.services.worlds.judging import criteria, structure_names
from awards_app.services.worlds.people import holder
from tests.invariants import broken
from tests.world import hooked_app

MATRIX = Path(__file__).parents[1] / "data" / "permission_matrix.csv"
with MATRIX.open(encoding="utf-8", newline="") as lines:
    ALLOWED = {
        (row["id"], row["phase"], row["subject"])
        for row in csv.DictReader(lines)
        if row["expected"] == "allow"
    }

OWNERS = {
    "main": "CO",
    "draft": "CO",
    "other": "CX",
    "foreign": "FX",
    "first": "E1",
    "second": "E2",
    "refused": "E3",
}
WITH_MEMBER = ("main", "draft")
PANEL = ("RJ", "RJ2", "RJ3", "RK", "JP")
NATIONAL = ("NJ", "NJ2", "NK", "NP")
PEOPLE = ("CM", "CO", "CX", *PANEL, "RX", "RC", "RY", *NATIONAL, "NS", "NS2", "AU", "E1")
FILES = st.sampled_from(sorted(OWNERS))
JUDGED = st.sampled_from(["main", "other", "first", "second"])
WHO = st.one_of(st.none(), st.sampled_from(PEOPLE))
TURNS = st.sampled_from(["A", "A", "A", "N"])
SIMPLE = {"NS": {"NS"}, "NS2": {"NS"}, "AU": {"AU"}}


def subjects(person: str, file: str | None, turn: str) -> set[str]:
    """Say who a person is for a file (None: for the round itself) seen from round A or N."""
    if person in SIMPLE:
        return {*SIMPLE[person], "RC"} if turn == "N" else SIMPLE[person]
    if person in ("RC", "RY"):
        region = "B" if file == "foreign" else "A"
        same = turn == "A" and (person == "RC") == (region == "A")
        return {"RC" if same else "RY"}
    if person in PANEL or person == "RX":
        panel = "B" if person == "RX" else "A"
        here = turn == "A" and panel == ("B" if file == "foreign" else "A")
        return {"JP" if person == "JP" else "RJ"} if here else {"RX"}
    if person in NATIONAL:
        if turn == "N":
            return {"JP" if person == "NP" else "RJ"}
        return {"NP" if person == "NP" else "NJ"}
    if file is not None and OWNERS[file] == person:
        return {"CO"}
    return {"CM"} if person == "CM" and file in WITH_MEMBER else {"CX"}


def stray_entries() -> list[str]:
    """Return the live entries that no confirmed decision in force made, or that share a region and a theme."""
    rows = db.session.execute(
        select(
            NationalEntry.key,
            NationalEntry.theme_id,
            NationalEntry.candidacy_id,
            Decision.candidacy_id.label("decided"),
            Decision.round_id,
            Decision.confirmed_at,
            Decision.annulled_at,
        )
        .join(Decision, Decision.id == NationalEntry.decision_id)
        .where(NationalEntry.ended_at.is_(None))
        .order_by(NationalEntry.id)
    ).all()
    db.session.rollback()
    places = Counter((row.round_id, row.theme_id) for row in rows)
    return [
        row.key
        for row in rows
        if row.candidacy_id != row.decided
        or row.annulled_at is not None
        or places[row.round_id, row.theme_id] > 1
    ]


ACTS: dict[str, dict[str, st.SearchStrategy[Any]]] = {}


def act_of(**drawn: st.SearchStrategy[Any]) -> Callable[[Any], Any]:
    """Make a method one of the acts to choose from, with what its arguments are drawn from."""

    def keep(method: Any) -> Any:
        ACTS[method.__name__] = drawn
        return method

    return keep


class Cycle(RuleBasedStateMachine):
    """One small edition: two regions and the nation, two themes, nine jurors, seven files."""

    start: ClassVar[str] = "P1"
    reached: ClassVar[set[str]] = set()
    accepted: ClassVar[set[str]] = set()

    @initialize()
    def lay(self) -> None:
        self.world: dict[str, Any] = worlds.world(self.start)
        self.now = datetime.fromisoformat(self.world["now"])
        self.steps = 0

    def phase(self, turn: str) -> str:
        row = db.session.execute(
            select(Round.phase, Round.opens_at, Round.closes_at).where(
                Round.key == self.world["rounds"][turn]
            )
        ).one()
        db.session.rollback()
        return phase_at(Phase(row.phase), self.now, row.opens_at, row.closes_at).value

    def act(
        self, permission: str, person: str, file: str | None, turn: str, verb: Any, *words: Any, **named: Any
    ) -> Any:
        """Let a person act; an accepted act must be allowed by the matrix in the phase it began in."""
        self.now += timedelta(seconds=1)
        # A file of the neighbouring region follows its own round.
        where = "B" if file == "foreign" and turn == "A" else turn
        phase = self.phase(where)
        try:
            result = verb(holder(person), *words, now=self.now, **named)
        except Refusal:
            return None
        finally:
            db.session.rollback()
        entitled = any((permission, phase, one) in ALLOWED for one in subjects(person, file, turn))
        assert entitled, f"{person} did {permission} on {file or turn} in {phase}"
        self.accepted.add(permission)
        self.reached.add(self.phase("A"))
        return result

    def key(self, file: str) -> str:
        return str(self.world["candidacies"][file])

    def seat(self, person: str) -> str:
        return str(self.world["seats"].get(person, self.world["seats"]["RJ"]))

    @act_of(hours=st.sampled_from([1, 6, 30, 24 * 12]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        catch_up_all(self.now)
        honours.publish_due(self.now)

    @act_of(file=FILES, who=WHO, words=st.sampled_from(["Nos vélos", "Notre four", ""]))
    def save(self, file: str, who: str | None, words: str) -> None:
        self.act(
            "CAN-4",
            who or OWNERS[file],
            file,
            "A",
            candidacies.save_answer,
            self.key(file),
            "need",
            words,
            None,
        )

    @act_of(file=FILES, who=WHO)
    def submit(self, file: str, who: str | None) -> None:
        self.act("CAN-5", who or OWNERS[file], file, "A", filings.submit_candidacy, self.key(file))

    @act_of(file=FILES, who=WHO)
    def take_back(self, file: str, who: str | None) -> None:
        self.act("CAN-5", who or OWNERS[file], file, "A", filings.take_back_candidacy, self.key(file))

    @act_of(file=FILES, who=WHO)
    def withdraw(self, file: str, who: str | None) -> None:
        if who is None and file == "main":
            return
        self.act(
            "CAN-6",
            who or OWNERS[file],
            file,
            "A",
            candidacies.withdraw_candidacy,
            self.key(file),
            "Nous partons.",
        )

    @act_of(file=FILES, who=WHO, verdict=st.sampled_from(["admissible", "admissible", "inadmissible"]))
    def find_admissible(self, file: str, who: str | None, verdict: str) -> None:
        chamber = "RY" if file == "foreign" else "RC"
        self.act(
            "ELI-1",
            who or chamber,
            file,
            "A",
            admissibility.decide_admissibility,
            self.key(file),
            verdict,
            "Motif.",
        )

    @act_of(
        file=JUDGED,
        juror=st.sampled_from(PANEL + NATIONAL),
        verdict=st.sampled_from(["none", "none", "recused", "unsure"]),
    )
    def declare(self, file: str, juror: str, verdict: str) -> None:
        turn = "N" if juror in NATIONAL else "A"
        self.act(
            "COI-1",
            juror,
            file,
            turn,
            juries.declare_interest,
            self.seat(juror),
            self.key(file),
            verdict,
            "Un lien.",
        )

    @act_of(turn=TURNS, who=WHO)
    def open_scoring(self, turn: str, who: str | None) -> None:
        self.now += timedelta(seconds=1)
        before, person = self.phase(turn), who or ("NS" if turn == "N" else "RC")
        try:
            scoring.open_scoring(holder(person), self.world["rounds"][turn], self.now)
        except Refusal:
            return
        # The national round has no call: it opens from its preparation too.
        phase = "P2" if turn == "N" and before == "P0" else before
        assert any(("RND-1", phase, one) in ALLOWED for one in subjects(person, None, turn)), (person, before)

    def give(self, juror: str, seat: str, file: str, level: int) -> Any:
        turn = "N" if juror in NATIONAL else "A"
        marks = {
            code: MarkInput(level, False, "") for code in criteria("national" if turn == "N" else "regional")
        }
        return self.act("SCO-1", juror, file, turn, scoring.record_scoresheet, seat, self.key(file), marks)

    @act_of(file=JUDGED, juror=st.sampled_from(PANEL + NATIONAL), level=st.integers(0, 4), other=WHO)
    def score(self, file: str, juror: str, level: int, other: str | None) -> None:
        if other is not None and other not in PANEL + NATIONAL:
            with pytest.raises(Refusal):
                scoring.record_scoresheet(holder(other), self.seat(juror), self.key(file), {}, self.now)
            db.session.rollback()
            return
        self.give(juror, self.seat(juror), file, level)

    @act_of(turn=TURNS, shift=st.integers(0, 3))
    def score_everything(self, turn: str, shift: int) -> None:
        for place, juror in enumerate(NATIONAL if turn == "N" else PANEL):
            for file in ("main", "second") if turn == "N" else ("main", "other", "first", "second"):
                self.give(juror, self.seat(juror), file, (place + shift + len(file)) % 5)

    @act_of(juror=st.sampled_from(PANEL), file=JUDGED, who=st.sampled_from(["JP", "RC", "NS", "RJ"]))
    def waive(self, juror: str, file: str, who: str) -> None:
        self.act(
            "RNK-2", who, file, "A", scoring.waive_scoresheet, self.seat(juror), self.key(file), "Absence."
        )

    @act_of(juror=st.sampled_from(["RJ2", "RJ3", "NJ2"]), who=WHO)
    def remove_juror(self, juror: str, who: str | None) -> None:
        turn = "N" if juror in NATIONAL else "A"
        person = who or ("NS" if turn == "N" else "RC")
        self.now += timedelta(seconds=1)
        try:
            juries.remove_juror(holder(person), self.seat(juror), "Empêchement.", self.now)
        except Refusal:
            return
        assert subjects(person, None, turn) & {"RC", "NS"}, person

    @act_of(turn=TURNS, who=WHO)
    def lock(self, turn: str, who: str | None) -> None:
        chair = "NP" if turn == "N" else "JP"
        self.act("RND-2", who or chair, None, turn, scoring.lock_scoring, self.world["rounds"][turn])

    @act_of(who=st.sampled_from(["JP", "RC", "NS", "NS2", "RJ", "RY"]))
    def unlock(self, who: str) -> None:
        self.act("RND-2", who, None, "A", scoring.unlock_scoring, self.world["rounds"]["A"], "Une erreur.")

    @act_of(
        file=JUDGED, who=WHO, prize=st.sampled_from(["national_entry", "regional_title", "regional_special"])
    )
    def propose(self, file: str, who: str | None, prize: str) -> None:
        theme = None if prize == "regional_special" else ("te" if file == "second" else "us")
        self.act(
            "DEC-1",
            who or "JP",
            None,
            "A",
            deliberations.propose_decision,
            self.world["rounds"]["A"],
            prize_code=prize,
            theme_code=theme,
            candidacy_key=self.key(file),
            citation="Belle idée.",
            reason="Débat du jury.",
        )

    @act_of(present=st.booleans(), who=WHO)
    def write_minutes(self, present: bool, who: str | None) -> None:
        chair, key = who or "JP", self.world["rounds"]["A"]
        attendance = {self.seat(juror): "present" if present else "absent" for juror in PANEL}
        content = {
            "place": "Rennes",
            "held_on": "20/09/2026",
            "chair": "P",
            "secretary": "S",
            "notes": "",
            "votes": [],
        }
        self.act("DEL-1", chair, None, "A", deliberations.record_attendance, key, attendance)
        self.act("DEL-1", chair, None, "A", deliberations.write_minutes, key, content)

    @act_of(who=WHO)
    def confirm(self, who: str | None) -> None:
        self.act("DEC-2", who or "RC", None, "A", deliberations.confirm_decisions, self.world["rounds"]["A"])

    @act_of(who=st.sampled_from(["JP", "RC", "NS", "RJ", "CO"]), place=st.integers(0, 3))
    def annul(self, who: str, place: int) -> None:
        found = db.session.scalars(
            select(Decision.key).where(Decision.annulled_at.is_(None)).order_by(Decision.id)
        ).all()
        db.session.rollback()
        if found:
            key = found[place % len(found)]
            self.act("DEC-4", who, None, "A", deliberations.annul_decision, key, "Une erreur de nom.")

    @act_of(
        file=st.sampled_from(["other", "first", "second", None]),
        who=st.sampled_from(["RC", "NS", "NS2", "JP", "RJ", "RY"]),
        place=st.integers(0, 1),
    )
    def send_another_up(self, file: str | None, who: str, place: int) -> None:
        """One act of two persons in the place of an entry; a withdrawal alone brings nobody."""
        found = db.session.scalars(
            select(Decision.key)
            .join(Prize, Prize.id == Decision.prize_id)
            .where(Decision.annulled_at.is_(None), Prize.outcome == "national_entry")
            .order_by(Decision.id)
        ).all()
        db.session.rollback()
        if found:
            key = self.key(file) if file else None
            self.act(
                "DEC-4",
                who,
                None,
                "A",
                replace_entry,
                found[place % len(found)],
                key,
                "Un retrait sous embargo.",
            )

    @act_of(who=WHO)
    def withdraw_what_was_sent_up(self, who: str | None) -> None:
        """The structure of a file sent up leaves: its entry stays until the chamber acts, and no other appears."""
        before = self.entries()
        self.act(
            "CAN-6",
            who or "CO",
            "main",
            "A",
            candidacies.withdraw_candidacy,
            self.key("main"),
            "Nous partons.",
        )
        assert self.entries() == before

    def entries(self) -> list[tuple[int, bool]]:
        rows = db.session.execute(
            select(NationalEntry.candidacy_id, NationalEntry.ended_at).order_by(NationalEntry.id)
        ).all()
        db.session.rollback()
        return [(row.candidacy_id, row.ended_at is None) for row in rows]

    @act_of(
        who=WHO, theme=st.sampled_from(["us", "te"]), kind=st.sampled_from(["no_finalist", "not_taking_part"])
    )
    def send_nobody_up(self, who: str | None, theme: str, kind: str) -> None:
        self.act(
            "PUB-1",
            who or "RC",
            None,
            "A",
            national_board.set_absence,
            self.world["rounds"]["A"],
            theme,
            kind,
            "Aucun dossier ne s’est détaché.",
        )

    @act_of(who=st.sampled_from(["RC", "NS", "NS2", "JP", "RY"]), wrong=st.booleans())
    def arm(self, who: str, wrong: bool) -> None:
        key = self.world["rounds"]["A"]
        typed = {decision: "Autre nom" if wrong else name for decision, name in structure_names(key).items()}
        db.session.rollback()
        self.act("PUB-2", who, None, "A", honours.arm_publication, key, typed)

    @act_of(who=WHO)
    def order_certificates(self, who: str | None) -> None:
        self.act("CER-1", who or "RC", None, "A", certificates.order_certificates, self.world["rounds"]["A"])

    @rule(data=st.data())
    def somebody_acts(self, data: st.DataObject) -> None:
        """One rule for all acts: rules of their own would be switched off in most walks."""
        name = data.draw(st.sampled_from(sorted(ACTS)))
        getattr(self, name)(**{word: data.draw(drawn, label=word) for word, drawn in ACTS[name].items()})

    @invariant()
    def everything_holds(self) -> None:
        if not hasattr(self, "world"):
            return
        self.steps += 1
        if self.steps % 8 == 0:
            assert broken() == []
            assert stray_entries() == []

    def teardown(self) -> None:
        if hasattr(self, "world"):
            db.session.rollback()
            assert broken() == []
            assert stray_entries() == []


# A walk that never gets anywhere proves nothing: how many kinds of acts must have been accepted from each start.
STARTS = {"P1": 3, "P2": 3, "P3": 5, "P4": 4, "P5": 5}


@pytest.mark.slow
@pytest.mark.parametrize("start", STARTS)
def test_whatever_people_do_the_promises_hold(app: Flask, tmp_path: Path, start: str) -> None:
    bounded = settings(
        max_examples=8,
        stateful_step_count=25,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )

    class FromHere(Cycle):
        reached: ClassVar[set[str]] = set()
        accepted: ClassVar[set[str]] = set()

    FromHere.start = start
    with hooked_app(app.config["DATABASE_URL"], tmp_path) as hooked, hooked.app_context():
        run_state_machine_as_test(FromHere, settings=bounded)
    assert start in FromHere.reached
    assert len(FromHere.accepted) >= STARTS[start], FromHere.accepted
