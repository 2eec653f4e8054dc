"""Asking for a link by mail: the answer comes first, and takes as long whether the address is known or not."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from awards_app.adapters.queue import enqueue
from awards_app.database import after_commit, atomic, db
from awards_app.domain.addresses import clean_address
from awards_app.models.accounts import LinkPurpose
from awards_app.models.link_requests import LinkRequest
from awards_app.services.rows_apart import each_apart
from awards_app.services.sign_in import ask_link

ANSWER = "links.answer"
LONGEST_WAIT = timedelta(minutes=30)


def request_link(email: str, purpose: LinkPurpose, now: datetime) -> None:
    """Keep that a link is asked for; a job looks for the account and writes. Raises the refusals of an address."""
    address = clean_address(email)
    with atomic() as session:
        asked = LinkRequest(email=address, purpose=purpose.value, asked_at=now)
        session.add(asked)
        session.flush()
        after_commit(enqueue, ANSWER, asked.id)


def answer_request(request_id: int, now: datetime) -> bool:
    """Write to whoever asked, if there is somebody, and forget the request; return whether it still waited."""
    with atomic() as session:
        asked = session.execute(
            select(LinkRequest.email, LinkRequest.purpose, LinkRequest.asked_at).where(
                LinkRequest.id == request_id
            )
        ).one_or_none()
        taken = session.execute(delete(LinkRequest).where(LinkRequest.id == request_id)).rowcount  # type: ignore[attr-defined]  # a DELETE's result has it
        if asked is None or not taken:
            return False
        # A link lives from when it was asked for: one that would be dead on arrival is not written.
        if now - asked.asked_at < LONGEST_WAIT:
            ask_link(asked.email, LinkPurpose(asked.purpose), asked.asked_at)
        return True


def answer_waiting(now: datetime, limit: int = 200) -> int:
    """Answer the requests that the queue did not take, oldest first; return how many."""
    waiting = db.session.scalars(select(LinkRequest.id).order_by(LinkRequest.id).limit(limit)).all()
    return sum(each_apart(lambda request_id: answer_request(request_id, now), waiting))
