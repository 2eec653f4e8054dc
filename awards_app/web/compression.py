"""Text made lighter on its way out: files of the site, and pages that are the same for every visitor.

A page that holds a person's token is never compressed: its length would tell of it what an attacker makes it repeat.
"""

import gzip
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, request, session

SMALLEST = 1024
LARGEST_KEPT = 256 * 1024
LEVEL = 6
PAGE_LEVEL = 4
TYPES = frozenset(
    {
        "text/html",
        "text/css",
        "text/javascript",
        "application/javascript",
        "image/svg+xml",
        "application/json",
        "application/atom+xml",
        "application/xml",
        "text/csv",
    }
)


def attach(app: Flask) -> None:
    """Compress answers to whoever accepts it."""

    @app.after_request
    def compress(response: Response) -> Response:
        if response.mimetype not in TYPES:
            return response
        is_file = request.endpoint == "static"
        # A token of a form lies in the session: an empty one says that the page holds none.
        if not is_file and session:
            return response
        response.headers.add("Vary", "Accept-Encoding")
        if (
            response.status_code != 200
            or "Content-Encoding" in response.headers
            or "Range" in request.headers
            or not request.accept_encodings["gzip"]
        ):
            return response
        content = _file(app) if is_file else _page(response)
        if content is None:
            return response
        etag, _weak = response.get_etag()
        if is_file:
            # The file that would have been sent as it is stays open otherwise.
            response.close()
        response.direct_passthrough = False
        # The file that was to be sent is not read to its end.
        close = getattr(response.response, "close", None)
        if close is not None:
            close()
        response.set_data(content)
        response.headers["Content-Encoding"] = "gzip"
        if etag:
            # The same text in other bytes.
            response.set_etag(etag, weak=True)
        return response


def _file(app: Flask) -> bytes | None:
    asked = request.view_args or {}
    path = Path(app.static_folder or "", "js" if "release" in asked else "", str(asked.get("filename", "")))
    try:
        about = path.stat()
    except OSError:
        return None
    if not SMALLEST <= about.st_size <= LARGEST_KEPT:
        return None
    return _compressed_file(str(path), about.st_mtime_ns, about.st_size)


@lru_cache(maxsize=128)
def _compressed_file(path: str, _changed: int, _size: int) -> bytes:
    return gzip.compress(Path(path).read_bytes(), LEVEL, mtime=0)


def _page(response: Response) -> bytes | None:
    if response.is_streamed or request.method != "GET":
        return None
    content = response.get_data()
    return gzip.compress(content, PAGE_LEVEL, mtime=0) if len(content) >= SMALLEST else None
