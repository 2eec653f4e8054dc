"""What the tests of the chamber's desk share: a region with filed candidacies, a neighbour, letters that left."""

import html
import re
from datetime import datetime, timedelta

from flask.testing import FlaskClient
from sqlalchemy import select

from awards_app.database import db
from awards_app.domain.holder import Holder
from awards_app.models.editions import Round
from awards_app.models.messages import Message
from awards_app.services.completions import Asked, ask_completion
from tests import filing_world as world

NOW = world.ADMISSIBILITY


def local(words: str) -> datetime:
    """Return a local time as a form gives it: no zone, to the minute."""
    return datetime.fromisoformat(words)


UNTIL = local("2027-07-20T18:00")
# The first instant that is too late, in UTC: Paris is two hours ahead in July.
CLOSES = datetime(2027, 7, 20, 16, 1, tzinfo=NOW.tzinfo)


def round_key(region: str = "53") -> str:
    key = db.session.scalar(select(Round.key).where(Round.region_code == region))
    assert key is not None
    return key


def asked(*fields: str, message: str = "Précisez, s’il vous plaît.") -> Asked:
    return Asked(fields or ("area",), message, UNTIL)


def a_request(coordinator: Holder, key: str, *fields: str, now: datetime = NOW) -> str:
    return ask_completion(coordinator, key, asked(*fields), now)


def letters(*kinds: str) -> list[tuple[str, str, str]]:
    """Return kind, state and recipient of the letters of these kinds, in order."""
    rows = db.session.execute(
        select(Message.kind, Message.state, Message.recipient)
        .where(Message.kind.in_(kinds))
        .order_by(Message.id)
    )
    return [tuple(row) for row in rows]


def text_of(client: FlaskClient, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, response.get_data(as_text=True)[:2000]
    return str(response.get_data(as_text=True))


def words_of(page: str) -> str:
    """Return the text of a page on one line, with ordinary spaces."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).replace("\u00a0", " ").split())


LATER = NOW + timedelta(hours=1)
