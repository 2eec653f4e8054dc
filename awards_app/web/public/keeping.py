"""How long a visitor, or what stands between, may keep a public page."""

from flask import Response, current_app, request, session

KEPT_SECONDS = 60


def let_visitors_keep(response: Response) -> Response:
    """Let a page be kept a minute when nobody is signed in, nothing was chosen and the clock is the real one."""
    kept = response.status_code in (200, 304) and request.method in ("GET", "HEAD")
    if kept and not session and current_app.config["AWARDS_MODE"] != "demo":
        response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
        response.headers.add("Vary", "Accept-Language")
    return response
