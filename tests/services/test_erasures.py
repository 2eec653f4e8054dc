"""Erasing a person: nothing names them any more, and all that was counted still counts."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text, update

from awards_app.adapters import storage
from awards_app.adapters.faults import FaultWasArmed, arm_fault
from awards_app.database import atomic, db
from awards_app.domain.erasures import (
    ERASED,
    AddressIsNotTheirs,
    ErasureMustWait,
    OwnErasureWaits,
    StructureIsLeftAlone,
)
from awards_app.domain.refusals import DoesNotExist, IsForbidden
from awards_app.domain.snapshot import canonical_bytes, sha256_of
from awards_app.models.accounts import Account, AccountSession
from awards_app.models.candidacies import Answer, Filing
from awards_app.models.certificates import Certificate
from awards_app.models.deliberations import Decision, Minutes
from awards_app.models.editions import Round
from awards_app.models.erasures import Erasure
from awards_app.models.journal import JournalEntry
from awards_app.models.juries import Interest, Seat
from awards_app.models.messages import Message
from awards_app.models.scoring import Mark, Scoresheet, Snapshot, StandingRow
from awards_app.queries.deliberations import desk_of
from awards_app.services.accounts import AccountIsDisabled, holder_for, start_session
from awards_app.services.certificate_holders import due_certificates
from awards_app.services.certificate_kinds import kinds_of
from awards_app.services.erasures import carry_out, erase_person, withdraw_erasure
from awards_app.services.minutes import minutes_paper
from awards_app.services.results import export_results, verify_results
from awards_app.services.worlds import digest_tables
from awards_app.services.worlds.people import NAMES, account_id, address, holder
from tests.adapters.paper_reading import opened, words
from tests.invariants import broken, chain
from tests.world import hooked_app, lay

Database = Callable[[Path], tuple[str, Callable[[], None]]]
PHONE = "06 12 34 56 78"


@pytest.fixture
def app(new_database: Database, tmp_path: Path) -> Iterator[Flask]:
    url, remove = new_database(tmp_path)
    with hooked_app(url, tmp_path) as made:
        yield made
    remove()


def round_of(world: dict[str, Any]) -> int:
    return int(db.session.scalar(select(Round.id).where(Round.key == world["rounds"]["A"])) or 0)


def now_of(world: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(world["now"])


def key_of(code: str) -> str:
    return str(db.session.scalar(select(Account.key).where(Account.id == account_id(code))))


def erase(world: dict[str, Any], code: str, **more: Any) -> str:
    key = key_of(code)
    db.session.rollback()
    erase_person(holder("NS"), key, address(code), now_of(world) + timedelta(hours=1), **more)
    db.session.rollback()
    return key


def written(*traces: str) -> dict[str, list[Any]]:
    """Return every column of every table that holds one of the words, asked of the database itself."""
    found: dict[str, list[Any]] = {}
    db.session.rollback()
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(text(f'SELECT * FROM "{table.name}"')).mappings():
            for name, value in row.items():
                said = json.dumps(value, ensure_ascii=False, default=str).lower()
                said = said.encode().decode("unicode_escape", "ignore") + said
                if any(trace.lower() in said for trace in traces):
                    found.setdefault(f"{table.name}.{name}", []).append(value)
    db.session.rollback()
    return found


def _said(content: bytes) -> str:
    pdf = opened(content)
    drawn = [number for number, page in enumerate(pdf.pages) if "/Font" in page.get("/Resources", {})]
    return "".join(words(pdf, number) for number in drawn)


def files_naming(app: Flask, *traces: str) -> list[str]:
    """Return the stored files (papers by their text) and letters that hold one of the words."""
    found = []
    for key, _size, _at in storage.stored():
        content = storage.get(key)
        said = _said(content) if content.startswith(b"%PDF") else content.decode("utf-8", "ignore")
        if any("".join(trace.split()) in "".join(said.split()) for trace in traces):
            found.append(key)
    folder = Path(app.config["AWARDS_MAILBOX"])
    for file in folder.iterdir() if folder.is_dir() else ():
        if any(trace in file.read_text(encoding="utf-8") for trace in traces):
            found.append(file.name)
    return found


def counted() -> tuple[Any, ...]:
    """Return what a jury counted and decided."""
    marks = select(Mark.scoresheet_id, Mark.criterion_id, Mark.level).order_by(
        Mark.scoresheet_id, Mark.criterion_id
    )
    standings = select(StandingRow.candidacy_id, StandingRow.rank, StandingRow.shown).order_by(
        StandingRow.candidacy_id
    )
    queries = (
        marks,
        standings,
        select(Snapshot.content, Snapshot.sha256),
        select(Decision.key, Decision.citation),
        select(Minutes.sha256),
        select(Filing.receipt, Filing.sha256).order_by(Filing.id),
    )
    found = tuple(tuple(map(tuple, db.session.execute(query))) for query in queries)
    db.session.rollback()
    return found


def name_everywhere(app: Flask, code: str) -> str:
    """Write a person in a frozen copy, a draft, minutes, a comment and a letter; return their name."""
    with atomic() as session:
        account = session.get_one(Account, account_id(code))
        theirs = Filing.submitted_by_id == account.id
        filing = session.scalars(select(Filing).order_by(theirs.desc(), Filing.id)).first()
        assert filing is not None
        frozen = json.loads(filing.content)
        values = {
            "contact_name": account.name.upper(),
            "contact_email": account.email,
            "contact_phone": PHONE,
        }
        for section in frozen["sections"]:
            for answer in section["answers"]:
                if answer["code"] in values:
                    answer["value"] = values[answer["code"]]
        filing.content = canonical_bytes(frozen).decode()
        filing.sha256 = sha256_of(frozen)
        for code_of, value in values.items():
            session.execute(
                update(Answer)
                .where(Answer.candidacy_id == filing.candidacy_id, Answer.question_code == code_of)
                .values(value=value)
            )
        sheet = session.scalars(select(Scoresheet).order_by(Scoresheet.id)).first()
        assert sheet is not None
        sheet.shared_comment = f"Vu avec {account.name.replace(' ', chr(0xA0))}, puis ({account.email})."
        return account.name


@pytest.mark.parametrize(("phase", "code"), [("P6", "RJ"), ("P7", "E1")])
def test_nothing_names_an_erased_person_and_all_that_counted_counts(app, phase, code):
    world = lay(app, phase)
    with app.app_context():
        name = name_everywhere(app, code)
        start_session(account_id(code), now_of(world))
        export_before = export_results(world["year"], now_of(world))
        before = counted()
        assert written(name, address(code)) != {}
        key = erase(world, code, structure_is_told=True)
        assert written(name, name.upper(), address(code), PHONE) == {}
        assert files_naming(app, name, address(code)) == []
        assert counted() == before
        assert broken() == []
        asked = db.session.scalars(select(Erasure)).one()
        assert (asked.waiting, asked.remaining) == ({}, {})
        entry = db.session.scalars(select(JournalEntry).where(JournalEntry.act == "erase_person")).one()
        assert (entry.object_key, entry.detail) == (key, {"redactions": asked.redactions})
        assert [place.split(":")[0] for place in asked.redactions].count("filing") == 1
        db.session.rollback()
        export_after = export_results(world["year"], now_of(world))
        for archive in (export_before, export_after):
            assert verify_results(archive).ok


def test_the_account_is_a_tombstone_that_opens_nothing(app):
    world = lay(app, "P6")
    with app.app_context():
        key = key_of("E3")
        erase(world, "E3", structure_is_told=True)
        account = db.session.scalars(select(Account).where(Account.key == key)).one()
        assert (account.name, account.password_hash, account.email) == (
            ERASED,
            None,
            f"{key}@efface.invalid".lower(),
        )
        assert account.disabled_at is not None
        with pytest.raises(AccountIsDisabled):
            holder_for(account.id)
        assert (
            db.session.scalars(select(AccountSession.id).where(AccountSession.account_id == account.id)).all()
            == []
        )


def test_letters_to_the_person_are_emptied_and_those_that_wait_never_leave(app):
    world = lay(app, "P6")
    with app.app_context():
        with atomic() as session:
            for state, sent in (("waiting", None), ("sent", now_of(world))):
                session.add(
                    Message(
                        kind="notice",
                        recipient=address("RJ").upper(),
                        dedupe=f"test:{state}",
                        subject="À lire",
                        body="Bonjour.",
                        secret_body="https://exemple.fr/jeton",
                        state=state,
                        sent_at=sent,
                        created_at=now_of(world),
                        message_id=f"<{state}@exemple.fr>",
                    )
                )
        erase(world, "RJ")
        kept = db.session.execute(
            select(Message.state, Message.body, Message.secret_body).where(
                Message.message_id.like("%@exemple.fr>")
            )
        )
        assert sorted(tuple(row) for row in kept) == [("dropped", "", None), ("sent", "", None)]


def test_private_words_go_and_marks_and_recusals_stay(app):
    world = lay(app, "P6")
    with app.app_context():
        erase(world, "RK")
        erase(world, "RJ")
        ties = db.session.execute(
            select(Interest.verdict, Interest.reason)
            .join(Seat, Seat.id == Interest.seat_id)
            .where(Seat.key == world["seats"]["RK"], Interest.verdict == "recused")
        ).all()
        assert {tuple(row) for row in ties} == {("recused", "Motif effacé")}
        notes = db.session.scalars(
            select(Scoresheet.private_note)
            .join(Seat, Seat.id == Scoresheet.seat_id)
            .where(Seat.key == world["seats"]["RJ"])
        ).all()
        assert set(notes) == {""}


def test_minutes_are_drawn_again_and_say_whose_fingerprint_they_bear(app):
    world = lay(app, "P6")
    with app.app_context():
        minutes = db.session.scalars(select(Minutes).where(Minutes.frozen_at.is_not(None))).first()
        assert minutes is not None
        original, minutes_id = minutes.sha256, minutes.id
        with atomic() as session:
            session.get_one(Minutes, minutes_id).storage_key = storage.put(b"%PDF-1.7 former")
        former = session.get_one(Minutes, minutes_id).storage_key
        erase(world, "JP")
        kept = db.session.get_one(Minutes, minutes_id)
        assert (kept.sha256, kept.storage_key, storage.exists(str(former))) == (original, None, False)
        assert kept.content["typed"]["chair"] == ERASED
        recorded = db.session.scalars(select(Erasure.redactions)).one()[f"minutes:{kept.key}"]
        assert recorded == {"original": original, "kept": sha256_of(kept.content)}
        _name, paper = minutes_paper(holder("NS"), world["rounds"]["A"], now_of(world))
        said = "".join(_said(paper).split())
        assert "Exemplaireexpurgéle" in said
        assert str(original) in said
        assert "".join(NAMES["JP"].split()) not in said


def test_a_diploma_keeps_who_signed_it_and_staff_are_told(app):
    world = lay(app, "P6")
    with app.app_context():
        erase(world, "JP")
        assert set(db.session.scalars(select(Erasure.remaining)).one()) == {"certificate.content"}
        signed = db.session.scalars(
            select(Certificate.content).where(Certificate.decision_id.is_not(None))
        ).all()
        assert {content["signed_by"] for content in signed} == {NAMES["JP"]}


def test_an_attestation_is_revoked_its_file_goes_and_it_is_not_ordered_again(app):
    world = lay(app, "P6")
    with app.app_context():
        round_id = round_of(world)
        with atomic() as session:
            seat = session.scalars(select(Seat).where(Seat.key == world["seats"]["RJ"])).one()
            session.add(
                Certificate(
                    number="ESS-TEST-0001",
                    round_id=round_id,
                    seat_id=seat.id,
                    kind_code="essai",
                    holder_key=seat.key,
                    kind="attestation",
                    state="issued",
                    content={"structure_name": seat.name, "signed_by": "CRESS"},
                    sha256="0" * 64,
                    storage_key=storage.put(b"Jeanne"),
                    ordered_at=now_of(world),
                )
            )
        file = db.session.scalar(select(Certificate.storage_key).where(Certificate.kind_code == "essai"))
        erase(world, "RJ")
        row = db.session.scalars(select(Certificate).where(Certificate.kind_code == "essai")).one()
        assert (row.state, row.storage_key, row.content["structure_name"]) == ("revoked", None, ERASED)
        assert not storage.exists(str(file))
        desk = desk_of(round_id)
        kinds = [replace(kind, is_given=True) for kind in kinds_of(desk.round.edition_id)]
        due = {one.holder_key for one in due_certificates(desk, kinds)}
        assert {world["seats"][code] in due for code in ("JP", "RJ2")} == {True}
        assert world["seats"]["RJ"] not in due


def test_erasing_twice_changes_nothing(app):
    world = lay(app, "P6")
    with app.app_context():
        erase(world, "RJ")
        before = digest_tables()
        key = db.session.scalars(select(Account.key).join(Erasure, Erasure.account_id == Account.id)).one()
        db.session.rollback()
        erase_person(holder("NS"), key, "", now_of(world))
        carry_out(now_of(world) + timedelta(days=1))
        assert digest_tables() == before


@pytest.mark.parametrize("point", ["erase.rows", "erase.files"])
def test_an_erasure_cut_in_the_middle_ends_the_same(app, point):
    world = lay(app, "P6")
    with app.app_context():
        with atomic() as session:
            row = session.scalars(select(Minutes).where(Minutes.frozen_at.is_not(None))).first()
            assert row is not None
            row.storage_key = former = storage.put(b"former")
        key, before = key_of("RJ"), counted()
        arm_fault(point)
        with pytest.raises(FaultWasArmed):
            erase_person(holder("NS"), key, address("RJ"), now_of(world))
        done = db.session.scalar(select(Erasure.done_at))
        db.session.rollback()
        assert (done is None) == (point == "erase.rows")
        if done is None:
            assert counted() == before
            erase_person(holder("NS"), key, address("RJ"), now_of(world))
        carry_out(now_of(world))
        assert written(NAMES["RJ"], address("RJ")) == {}
        assert (db.session.scalar(select(Erasure.waiting)), storage.exists(former)) == ({}, False)
        assert counted() == before
        assert broken() == []


@pytest.mark.parametrize(("phase", "code"), [("P3", "RJ"), ("P4", "CO"), ("P5", "RC")])
def test_while_a_round_is_judged_it_is_promised_and_done_by_itself_afterwards(app, phase, code):
    world = lay(app, phase)
    with app.app_context():
        key, name = key_of(code), NAMES[code]
        erasure = (holder("NS"), key, address(code), now_of(world))
        for _again in range(2):
            with pytest.raises(ErasureMustWait) as refused:
                erase_person(*erasure, structure_is_told=True)
            assert str(refused.value.values["day"])
        assert carry_out(now_of(world)) == 0
        assert written(name)["account.name"] == [name]
        with atomic() as session:
            session.execute(update(Round).values(phase="P6"))
        assert carry_out(now_of(world)) == 1
        assert written(name).keys() <= {"certificate.content"}
        assert list(chain()) == []


def test_a_promise_can_be_taken_back(app):
    world = lay(app, "P4")
    with app.app_context():
        key = key_of("RJ")
        with pytest.raises(ErasureMustWait):
            erase_person(holder("NS"), key, address("RJ"), now_of(world))
        withdraw_erasure(holder("NS2"), key, now_of(world))
        with pytest.raises(DoesNotExist):
            withdraw_erasure(holder("NS2"), key, now_of(world))
        assert carry_out(now_of(world)) == 0
        assert db.session.scalars(select(Erasure.id)).all() == []


def test_who_may_not_erase_learns_nothing_and_odd_input_changes_nothing(app):
    world = lay(app, "P6")
    with app.app_context():
        key, now, before = key_of("E1"), now_of(world), digest_tables()
        for who, refusal in (
            ("RC", IsForbidden),
            ("AU", IsForbidden),
            ("E1", DoesNotExist),
            ("RJ", DoesNotExist),
        ):
            for asked in (key, "A" * 22):
                with pytest.raises(refusal):
                    erase_person(holder(who), asked, address("E1"), now)
        with pytest.raises(DoesNotExist):
            erase_person(holder("NS"), "A" * 22, address("E1"), now)
        for typed in ("", "e2@structure-e2.example", "\x00", "é" * 5000):
            with pytest.raises(AddressIsNotTheirs):
                erase_person(holder("NS"), key, typed, now)
        with pytest.raises(StructureIsLeftAlone) as alone:
            erase_person(holder("NS"), key, address("E1"), now)
        assert alone.value.values == {"structures": "L’Atelier du vélo"}
        with pytest.raises(OwnErasureWaits):
            erase_person(holder("NS"), key_of("NS"), address("NS"), now)
        assert digest_tables() == before


def test_a_name_that_somebody_else_bears_is_left_in_texts_and_listed(app):
    world = lay(app, "P6")
    with app.app_context():
        name = name_everywhere(app, "RJ")
        with atomic() as session:
            session.get_one(Account, account_id("CX")).name = name.upper()
        erase(world, "RJ")
        remaining = db.session.scalars(select(Erasure.remaining)).one()
        assert db.session.get_one(Account, account_id("CX")).name == name.upper()
        assert written(address("RJ")) == {}
        assert written("Vu avec Jeanne")["scoresheet.shared_comment"] != []
        assert "scoresheet.shared_comment" in remaining
        # The contact of a file is known by their address.
        assert {"filing.content", "answer.value"} & set(remaining) == set()
