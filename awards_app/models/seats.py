"""The personal link of a juror: a page with one button, for as long as the jury's duty lasts."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from awards_app.database import Model
from awards_app.models.types import KEY, Instant, new_key


class SeatPass(Model):
    """A link that opens a juror's session by a button: the hash of 256 random bits, bound to one seat and address."""

    __tablename__ = "seat_pass"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True, default=new_key)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    email_folded: Mapped[str] = mapped_column(String(320))
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    last_used_at: Mapped[datetime | None] = mapped_column(Instant)
    uses: Mapped[int] = mapped_column(default=0)
