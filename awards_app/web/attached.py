"""An attachment on its way out: inert whatever it holds, whole or by ranges; and what a page needs to show its pages."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from flask import Response, request, stream_with_context

from awards_app.queries.attachments import PAGES_BEFOREHAND, Mark
from awards_app.services.attachments import ServedFile

NO_MARK = Mark("unscanned", "none", 0)


@dataclass(frozen=True, slots=True)
class Reading:
    """How one audience reads attachments in the page: what is known of each, and its own addresses.

    ``href`` downloads, ``picture`` is the image of a page (0: the thumbnail), ``reader`` the page that shows the pages
    from a number on.
    """

    marks: Mapping[str, Mark]
    href: Callable[[str], str]
    picture: Callable[[str, int], str]
    reader: Callable[[str, int], str]

    @property
    def known(self) -> tuple[tuple[str, Mark], ...]:
        """Return what is known of all, for whoever keeps what was drawn of it."""
        return tuple(sorted(self.marks.items()))

    def mark(self, key: str) -> Mark:
        """Return what is known of an attachment."""
        return self.marks.get(key, NO_MARK)


def shown_pages(pages: int, first: int) -> range:
    """Return the numbers of the pages shown together from ``first`` on."""
    return range(first, min(first + PAGES_BEFOREHAND, pages + 1))


def attached_file(served: ServedFile) -> Response:
    """Return the file to download: the type read from its content, never sniffed, never run, never kept.

    Ranges are answered under the file's hash: whoever holds part of another file gets this one whole (`If-Range`), or 412.
    """
    response = Response(served.content, mimetype=served.media_type)
    response.headers["Content-Disposition"] = disposition(served.name)
    response.set_etag(served.sha256)
    _inert(response)
    response.make_conditional(request, accept_ranges=True, complete_length=len(served.content))
    return response


def attached_picture(content: bytes) -> Response:
    """Return the picture of a page, made by the platform: shown in the page, never kept."""
    response = Response(content, mimetype="image/webp")
    response.headers["Content-Disposition"] = "inline"
    _inert(response)
    return response


def attached_bundle(name: str, pieces: Iterator[bytes]) -> Response:
    """Return an archive piece by piece, as it is made."""
    response = Response(stream_with_context(pieces), mimetype="application/zip")
    response.headers["Content-Disposition"] = disposition(name)
    _inert(response)
    return response


def disposition(name: str) -> str:
    """Return the header that makes a browser save a file under ``name``."""
    plain = name.encode("ascii", "ignore").decode().replace('"', "").replace("\\", "") or "piece"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"


def _inert(response: Response) -> None:
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
