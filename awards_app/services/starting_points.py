"""Use case of a draft that begins with the answers of the structure's last file."""

from datetime import datetime

from awards_app.database import atomic
from awards_app.domain.holder import Holder
from awards_app.domain.starting_points import NoEarlierFile
from awards_app.queries.starting_points import starting_point_of
from awards_app.services.answer_rows import hold_open_draft, stored_answers, write_answer
from awards_app.services.journal import write_entry


def copy_earlier_answers(holder: Holder, key: str, now: datetime) -> int:
    """Copy what the structure's last file may give to the empty answers of a draft; return how many were copied.

    Nothing that is written is replaced; attachments and the theme are chosen again each year. Raises `NoEarlierFile`
    and as `save_answer`.
    """
    with atomic():
        held = hold_open_draft(holder, key, now)
        start = starting_point_of(holder, key, now).start
        if start is None:
            raise NoEarlierFile
        codes = [answer.code for answer in start.carried.taken]
        stored = stored_answers(held.facts.id, codes)
        for answer in start.carried.taken:
            write_answer(holder, held, answer.code, answer.value, stored.get(answer.code), now)
        write_entry(
            holder,
            "copy_earlier_answers",
            "candidacy",
            key,
            now,
            round_id=held.facts.own_round_id,
            detail={"from": start.key, "answers": len(codes)},
        )
        return len(codes)
