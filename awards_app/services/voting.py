"""Use cases of a ballot: prepared, opened, voted on, closed with its count, or cancelled with a reason."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, func, insert, select

from awards_app.database import atomic, db
from awards_app.domain.ballots import (
    LEAST_SECRET,
    PLAIN,
    AlreadyVoted,
    BallotIsInvalid,
    BallotIsNotOpen,
    BallotIsOver,
    FileHasLeft,
    NotAVoter,
    QuorumIsMissing,
    ReasonForCancelling,
    SecretNeedsMore,
    VoterStandsAside,
    check_ballot,
    kept_result,
    paper_text,
    read_paper,
)
from awards_app.domain.deliberations import quorum_of
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission, Subject, authorise
from awards_app.domain.refusals import DoesNotExist
from awards_app.domain.text import clean_line, clean_text
from awards_app.domain.voting import HANDS, SECRET_KINDS, Paper, check_paper, count
from awards_app.models.editions import Round
from awards_app.models.voting import Ballot, BallotVoter
from awards_app.queries.deliberations import desk_of
from awards_app.queries.desks import Desk
from awards_app.queries.juries import JuryRoom
from awards_app.queries.voting import own_seat, voters_of
from awards_app.services.agreements import DONE, PENDING, agree
from awards_app.services.held_rooms import take_room
from awards_app.services.journal import write_entry

_VOTERS = BallotVoter.metadata.tables[BallotVoter.__tablename__]


def prepare_ballot(
    holder: Holder,
    round_key: str,
    *,
    theme_code: str,
    kind: str,
    question: str,
    candidacy_keys: Sequence[str],
    now: datetime,
) -> str:
    """Prepare a ballot on files of a theme (two or more), or on a plain question (none); return its key.

    Its kind and its choices are fixed from here on. Raises `BallotIsInvalid`.
    """
    with atomic() as session:
        room, row = take_room(holder, round_key, Permission.PROPOSE_DECISION, now)
        desk = desk_of(row.id)
        theme = next((theme for theme in desk.themes if theme.code == theme_code), None)
        if theme is None:
            raise BallotIsInvalid
        authorise(Permission.PROPOSE_DECISION, room.round.phase, room.subjects[theme.id])
        files = {
            file.key: file.structure
            for file in desk.files
            if file.theme_id == theme.id and not file.withdrawn and file.key in candidacy_keys
        }
        options = (
            [{"code": key, "label": files.get(key, "")} for key in candidacy_keys]
            if candidacy_keys
            else [{"code": code, "label": label} for code, label in PLAIN.items()]
        )
        text = clean_line(question)
        known = list(files) if candidacy_keys else list(PLAIN)
        check_ballot(kind, text, known if set(known) == {one["code"] for one in options} else [])
        number = session.scalar(select(func.count()).where(Ballot.round_id == row.id)) or 0
        ballot = Ballot(
            round_id=row.id,
            theme_id=theme.id,
            number=number + 1,
            kind=kind,
            question=text,
            options=options,
            tie_rule=str(desk.round.rules.get("tie_rule_text", "")),
            prepared_by_id=holder.account_id,
            prepared_at=now,
        )
        session.add(ballot)
        session.flush()
        _journal(holder, "prepare_ballot", ballot, row, now, kind=kind, options=len(options))
        return ballot.key


def open_ballot(holder: Holder, ballot_key: str, now: datetime) -> None:
    """Open a prepared ballot to the members present. Raises `QuorumIsMissing`, `SecretNeedsMore`, `BallotIsOver`, `FileHasLeft`."""
    with atomic():
        _room, row, desk, ballot = _take(holder, ballot_key, Permission.PROPOSE_DECISION, now)
        if ballot.closed_at is not None or ballot.cancelled_at is not None:
            raise BallotIsOver
        if ballot.opened_at is not None:
            return
        _check_files(ballot, desk)
        called, present = voters_of(desk, ballot.theme_id)
        quorum = quorum_of({s.id for s in called}, {s.id for s in present}, (), desk.share)
        if not quorum.is_reached:
            raise QuorumIsMissing(present=quorum.present, base=quorum.base)
        if ballot.kind in SECRET_KINDS and quorum.present < LEAST_SECRET:
            raise SecretNeedsMore(least=LEAST_SECRET)
        ballot.opened_at, ballot.base, ballot.present = now, quorum.base, quorum.present
        _journal(holder, "open_ballot", ballot, row, now, base=quorum.base, present=quorum.present)


def cast_ballot(holder: Holder, ballot_key: str, paper: Paper, now: datetime) -> None:
    """Put the person's own paper in the box; by show of hands, it may be changed until the close.

    Raises `BallotIsNotOpen`, `NotAVoter`, `AlreadyVoted`, `PaperIsInvalid`.
    """
    with atomic():
        _room, row, desk, ballot = _take(holder, ballot_key, Permission.READ_RANKING, now)
        _check_open(ballot)
        seat = own_seat(holder, desk, ballot.theme_id)
        if seat is None:
            raise NotAVoter
        check_paper(ballot.kind, _codes(ballot), paper)
        if ballot.kind == HANDS:
            _show(ballot, seat.id, paper)
        else:
            _put(ballot, seat.id, paper)
        _journal(holder, "cast_ballot", ballot, row, now)


def record_hands(holder: Holder, ballot_key: str, hands: Mapping[str, str], now: datetime) -> None:
    """Note the hands that the chair sees raised, by seat key (empty: none raised). Raises as `cast_ballot`."""
    with atomic():
        _room, row, desk, ballot = _take(holder, ballot_key, Permission.PROPOSE_DECISION, now)
        _check_open(ballot)
        _called, present = voters_of(desk, ballot.theme_id)
        seats = {seat.key: seat.id for seat in present}
        if ballot.kind != HANDS or not set(hands) <= set(seats):
            raise NotAVoter
        for seat_key, choice in hands.items():
            paper = [choice] if choice else []
            check_paper(HANDS, _codes(ballot), paper)
            _show(ballot, seats[seat_key], paper)
        _journal(holder, "record_hands", ballot, row, now, hands=len(hands))


def close_ballot(holder: Holder, ballot_key: str, now: datetime) -> dict[str, object]:
    """Close an open ballot, count it, and keep the count alone of a secret one; return the count. Twice is once.

    Whoever stands aside since they raised a hand is not counted; a secret paper of theirs cannot be found again, so that
    the ballot is to be cancelled. Who came or went while it was open is in the number of those present.
    Raises `BallotIsNotOpen`, `SecretNeedsMore`, `VoterStandsAside`.
    """
    with atomic() as session:
        _room, row, desk, ballot = _take(holder, ballot_key, Permission.PROPOSE_DECISION, now)
        if ballot.closed_at is not None and ballot.result is not None:
            return ballot.result
        _check_open(ballot)
        called, present = voters_of(desk, ballot.theme_id)
        voted = _set_aside(ballot, {seat.id for seat in called})
        ballot.base, ballot.present = len(called), len(voted | {seat.id for seat in present})
        if ballot.kind in SECRET_KINDS:
            papers = [read_paper(text) for text in ballot.box]
            if len(papers) < LEAST_SECRET:
                raise SecretNeedsMore(least=LEAST_SECRET)
        else:
            shown = session.scalars(select(BallotVoter.shown).where(BallotVoter.ballot_id == ballot.id))
            papers = [[choice] if choice else [] for choice in shown]
        ballot.result = kept_result(count(ballot.kind, _codes(ballot), papers))
        ballot.closed_at, ballot.box = now, []
        _journal(holder, "close_ballot", ballot, row, now, papers=len(papers))
        return ballot.result


def cancel_ballot(holder: Holder, ballot_key: str, reason: str, now: datetime) -> str:
    """Cancel a ballot; return « done », or « pending » for a counted one, that a second person must agree to cancel.

    Its question and the reason stay for the minutes. The chair cancels alone what is not counted; the chair and the
    coordination together what is. Raises `ReasonForCancelling`, `BallotIsOver`.
    """
    with atomic():
        room, row, _desk, ballot = _take(holder, ballot_key, Permission.READ_RANKING, now)
        if ballot.closed_at is None:
            authorise(Permission.PROPOSE_DECISION, room.round.phase, room.subjects[ballot.theme_id])
        text = clean_text(reason).strip()
        if not text:
            raise ReasonForCancelling({"reason": ReasonForCancelling.sentence})
        if ballot.cancelled_at is not None:
            raise BallotIsOver
        if ballot.closed_at is not None:
            agreed = agree(
                holder,
                "cancel_ballot",
                ballot_key,
                (Subject.CHAIR, Subject.COORDINATOR),
                room.subjects[ballot.theme_id],
                now,
                round_id=row.id,
                reason=text,
            )
            if agreed is None:
                return PENDING
            text = str(agreed["reason"])
        ballot.cancelled_at, ballot.cancelled_reason, ballot.box = now, text, []
        _journal(holder, "cancel_ballot", ballot, row, now)
        return DONE


def _take(
    holder: Holder, ballot_key: str, permission: Permission, now: datetime
) -> tuple[JuryRoom, Round, Desk, Ballot]:
    """Return the ballot, held for writing, with its room and table, for who may do ``permission`` in its theme."""
    known = db.session.execute(
        select(Ballot.id, Round.key).join(Round, Round.id == Ballot.round_id).where(Ballot.key == ballot_key)
    ).one_or_none()
    if known is None:
        raise DoesNotExist
    room, row = take_room(holder, known.key, permission, now)
    ballot = db.session.scalars(
        select(Ballot)
        .where(Ballot.id == known.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if ballot.theme_id not in {theme.id for theme in room.themes}:
        raise DoesNotExist
    authorise(permission, room.round.phase, room.subjects[ballot.theme_id])
    return room, row, desk_of(row.id), ballot


def _check_open(ballot: Ballot) -> None:
    if ballot.opened_at is None or ballot.closed_at is not None or ballot.cancelled_at is not None:
        raise BallotIsNotOpen


def _check_files(ballot: Ballot, desk: Desk) -> None:
    left = {file.key for file in desk.files if not file.withdrawn}
    codes = set(_codes(ballot))
    if not codes <= left and codes != set(PLAIN):
        raise FileHasLeft


def _codes(ballot: Ballot) -> list[str]:
    return [option["code"] for option in ballot.options]


def _set_aside(ballot: Ballot, called: set[int]) -> set[int]:
    """Take out the hands of those who stand aside by now, and return the seats whose paper counts."""
    voted = set(db.session.scalars(select(BallotVoter.seat_id).where(BallotVoter.ballot_id == ballot.id)))
    if voted - called:
        if ballot.kind in SECRET_KINDS:
            raise VoterStandsAside
        db.session.execute(
            delete(BallotVoter).where(
                BallotVoter.ballot_id == ballot.id, BallotVoter.seat_id.in_(voted - called)
            )
        )
    return voted & called


def _put(ballot: Ballot, seat_id: int, paper: Paper) -> None:
    """Note the voter, and write the sorted box again: the ballot's row is held, so that votes take turns."""
    if db.session.get(BallotVoter, (ballot.id, seat_id)) is not None:
        raise AlreadyVoted
    db.session.execute(insert(_VOTERS), {"ballot_id": ballot.id, "seat_id": seat_id, "shown": None})
    ballot.box = sorted([*ballot.box, paper_text(paper)])


def _show(ballot: Ballot, seat_id: int, paper: Paper) -> None:
    choice = next(iter(paper), "")
    known = db.session.get(BallotVoter, (ballot.id, seat_id))
    if known is None:
        db.session.add(BallotVoter(ballot_id=ballot.id, seat_id=seat_id, shown=choice))
    else:
        known.shown = choice
    db.session.flush()


def _journal(holder: Holder, act: str, ballot: Ballot, row: Round, now: datetime, **detail: object) -> None:
    db.session.flush()
    write_entry(holder, act, "ballot", ballot.key, now, round_id=row.id, detail=detail)
