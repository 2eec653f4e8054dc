"""The instant of a request, for routes, which know no adapter."""

from datetime import datetime, timedelta

from flask import Flask, g, request_started

from awards_app.adapters.clock import doubt as the_doubt
from awards_app.adapters.clock import now as the_now

__all__ = ["attach", "the_arrival", "the_doubt", "the_now"]

LONGEST_BODY = timedelta(minutes=10)


def the_arrival() -> datetime:
    """Return when the request began to arrive: what a deadline compares, however long its body took.

    A body that takes more than ten minutes counts from its end.
    """
    ended = the_now()
    began: datetime = g.get("arrival", ended)
    return began if timedelta(0) <= ended - began <= LONGEST_BODY else ended


def attach(app: Flask) -> None:
    """Note the instant before anything of the body is read."""

    @request_started.connect_via(app)
    def note(_sender: Flask, **_: object) -> None:
        g.arrival = the_now()
