"""How often one address or one account may try what is worth guessing."""

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(key_func=get_remote_address, headers_enabled=False, strategy="moving-window")


def attach(app: Flask) -> None:
    """Count on the queue's server where there is one address for it, in memory otherwise."""
    app.config.setdefault("RATELIMIT_STORAGE_URI", _storage(app.config["REDIS_URL"]))
    app.config.setdefault("RATELIMIT_SWALLOW_ERRORS", True)
    app.config.setdefault("RATELIMIT_IN_MEMORY_FALLBACK_ENABLED", True)
    limiter.init_app(app)


def _storage(url: str) -> str:
    if url.startswith("unix://"):
        return "redis+" + url
    return url or "memory://"
