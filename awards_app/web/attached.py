"""An attachment on its way out: inert whatever it holds."""

from urllib.parse import quote

from flask import Response

from awards_app.services.attachments import ServedFile


def attached_file(served: ServedFile) -> Response:
    """Return the file to download: the type read from its content, never sniffed, never run, never kept."""
    response = Response(served.content, mimetype=served.media_type)
    plain = served.name.encode("ascii", "ignore").decode().replace('"', "").replace("\\", "") or "piece"
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(served.name)}"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
