"""The room of scoring: sheets, « j’ai terminé », opening, the lock and what two persons may excuse."""

from awards_app.services.locking import lock_scoring, renew_snapshot, unlock_scoring
from awards_app.services.scoring.opening import open_scoring
from awards_app.services.scoring.seats import finish_seat, reopen_scoresheet, resume_seat
from awards_app.services.scoring.sheets import (
    SavedSheet,
    finish_scoresheet,
    record_scoresheet,
    set_later,
)
from awards_app.services.scoring.waivers import waive_scoresheet

__all__ = [
    "SavedSheet",
    "finish_scoresheet",
    "finish_seat",
    "lock_scoring",
    "open_scoring",
    "record_scoresheet",
    "renew_snapshot",
    "reopen_scoresheet",
    "resume_seat",
    "set_later",
    "unlock_scoring",
    "waive_scoresheet",
]
