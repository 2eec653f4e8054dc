"""Logs of one line an event: what somebody sent can neither begin a line of its own nor colour a terminal."""

import logging
import re
import sys
from collections import deque

from flask import Flask

NAME = "awards_app"
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
# The last lines, for the test hooks alone.
KEPT = 2000


class OneLine(logging.Formatter):
    """Writes an event, its traceback included, as one line; control signs are written as Python names them."""

    def format(self, record: logging.LogRecord) -> str:
        return escape_line(super().format(record))


class Kept(logging.Handler):
    """Keeps the last lines in memory."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: deque[str] = deque(maxlen=KEPT)

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


def escape_line(text: str) -> str:
    """Return a text without any control sign: « \\n » for a line break, « \\x1b » for the escape of a terminal."""
    return _CONTROLS.sub(lambda sign: sign[0].encode("unicode_escape").decode("ascii"), text)


def attach(app: Flask) -> None:
    """Write the platform's events to standard error, once a process, and keep the last ones where the hooks are on."""
    # Flask would log the address of a failed request, which may hold somebody's link; the incident is logged anyway.
    app.log_exception = lambda exc_info: None  # type: ignore[method-assign]  # as Flask documents it
    logger = logging.getLogger(NAME)
    formatter = OneLine("%(asctime)s %(levelname)s %(name)s %(message)s")
    # A developer reads traces on several lines.
    developed = app.config["AWARDS_MODE"] == "development"
    if not developed and not any(isinstance(handler.formatter, OneLine) for handler in logger.handlers):
        written = logging.StreamHandler(sys.stderr)
        written.setFormatter(formatter)
        logger.addHandler(written)
    if app.config.get("AWARDS_TEST_HOOKS") and not any(isinstance(one, Kept) for one in logger.handlers):
        kept = Kept()
        kept.setFormatter(formatter)
        logger.addHandler(kept)


def kept_lines() -> list[str]:
    """Return the lines kept for the test hooks, oldest first."""
    return [line for one in logging.getLogger(NAME).handlers if isinstance(one, Kept) for line in one.lines]
