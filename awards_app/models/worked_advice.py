"""What the marks of a locked round were found to say, kept so that no page has to work it out."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from awards_app.database import Model
from awards_app.models.types import Instant


class WorkedAdvice(Model):
    """The advice of one snapshot, by theme code. It can be thrown away: the snapshot gives it again."""

    __tablename__ = "worked_advice"

    snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshot.id"), primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    worked_at: Mapped[datetime] = mapped_column(Instant)
