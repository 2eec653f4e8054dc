"""Links asked for by mail, until a job has answered: known and unknown addresses leave the same row."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from awards_app.database import Model
from awards_app.models.types import Instant


class LinkRequest(Model):
    """Somebody asked for a link to an address; whether it has an account is looked at after the answer has left."""

    __tablename__ = "link_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(320))
    purpose: Mapped[str] = mapped_column(String(30))
    asked_at: Mapped[datetime] = mapped_column(Instant)
