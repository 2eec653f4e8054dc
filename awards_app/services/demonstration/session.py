"""A jury found in the middle of its session: who is there, a vote counted, a vote open, a file in discussion."""

from datetime import datetime

from awards_app.domain.permissions import Permission
from awards_app.queries.discussion import discussion_view
from awards_app.queries.voting_views import voting_view
from awards_app.services.deliberations import record_attendance
from awards_app.services.demonstration.stage import Stage
from awards_app.services.discussion import move_discussion, note_discussion
from awards_app.services.voting import close_ballot, open_ballot, prepare_ballot, record_hands

QUESTION = "Faut-il décerner le prix régional dans cette thématique ?"
CHOICE = "Quel dossier la région envoie-t-elle au jury national ?"
NOTE = (
    "Le jury retient la place faite aux habitants dans les décisions, et demande des chiffres sur deux ans."
)


def sit(stage: Stage, code: str | None, now: datetime) -> None:
    """Open the session of a locked round in a theme that its chair leads; nothing when they lead none."""
    turn = stage.turns[code]
    chair = turn.company.holder(turn.jury.leader(set()).account_id)
    record_attendance(chair, turn.key, {seat.seat_key: "present" for seat in turn.jury.seats}, now)
    view = discussion_view(chair, turn.id, now)
    led = [theme for theme in view.desk.themes if view.room.may(Permission.PROPOSE_DECISION, theme.id)]
    lines = [line for line in view.lines if led and line.file.theme_id == led[0].id]
    if len(lines) < 2:
        return

    def prepare(question: str, files: list[str]) -> str:
        return prepare_ballot(
            chair,
            turn.key,
            theme_code=led[0].code,
            kind="hands",
            question=question,
            candidacy_keys=files,
            now=now,
        )

    first = prepare(QUESTION, [])
    open_ballot(chair, first, now)
    _called, present = voting_view(chair, turn.id, now).voters(led[0].id)
    record_hands(chair, first, {seat.key: "for" for seat in present}, now)
    close_ballot(chair, first, now)
    leaders = [line.file.key for line in lines[:2]]
    second = prepare(CHOICE, leaders)
    open_ballot(chair, second, now)
    for line in lines[:2]:
        move_discussion(chair, turn.key, line.file.key, now)
    note_discussion(chair, turn.key, leaders[0], NOTE, now, in_minutes=True)
