"""Who is writing in which section of a draft, for their colleagues to see."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from awards_app.database import Model
from awards_app.models.types import Instant


class Presence(Model):
    """One person in one draft: the section they have open and when they were last there. It says nothing of the past."""

    __tablename__ = "presence"

    candidacy_id: Mapped[int] = mapped_column(ForeignKey("candidacy.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, index=True)
    section_code: Mapped[str] = mapped_column(String(40))
    seen_at: Mapped[datetime] = mapped_column(Instant)
