"""Headers on every answer: a strict policy for content, no cache for what a person alone may read."""

from flask import Flask, Response, request

from awards_app.web.people import the_holder

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'; "
    "worker-src 'self'"
)


def attach(app: Flask) -> None:
    """Add the headers to each answer, and refuse hosts that are not ours."""
    allowed = {host.strip() for host in app.config["AWARDS_HOSTS"].split(",") if host.strip()}
    if allowed:
        app.config["TRUSTED_HOSTS"] = sorted(allowed)
    secure = app.config["AWARDS_MODE"] == "production"

    @app.after_request
    def protect(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", POLICY)
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        if secure:
            headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if request.endpoint != "static":
            if "Cache-Control" not in headers or the_holder() is not None:
                headers["Cache-Control"] = "no-store"
            headers.add("Vary", "Cookie")
        return response
