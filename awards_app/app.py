"""The roof: makes the application and is the only module that knows every floor."""

import logging
import sys
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from awards_app.database import db, start_database
from awards_app.paths import MIGRATIONS, PACKAGE, ROOT, TEMPLATES
from awards_app.web.site import Page, Site

MODES = ("development", "demo", "testing", "production")
DEFAULT_KEY = "development-only-key"
# Names by which a machine calls itself alone: whoever else asks is answered 400.
OWN_HOSTS = {"127.0.0.1", "localhost", "[::1]", ""}


class SettingIsUnsafe(SystemExit):
    """A setting that production refuses; the sentence names it.

    The process ends with code 3, by which a worker tells gunicorn to stop rather than to start it again.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(3)
        self.sentence = sentence
        print(sentence, file=sys.stderr)

    def __str__(self) -> str:
        return self.sentence


def create_app(config: dict[str, Any] | None = None) -> Flask:
    """Return the application, with settings from `config.py`, then ``config`` over them.

    Raises `SettingIsUnsafe` in production when a secret is missing or a setting is not safe.
    """
    app = Site(
        "awards_app",
        root_path=str(PACKAGE),
        template_folder=str(TEMPLATES),
        static_folder=str(PACKAGE / "static"),
        static_url_path="/static",
    )
    app.add_url_rule("/static/js/<release>/<filename>", endpoint="static")
    app.config.from_pyfile(str(ROOT / "config.py"))
    app.config.update(config or {})
    refuse_unsafe_settings(app.config)
    _settle_instance(app)
    import_module("awards_app.adapters.log_lines").attach(app)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.template_class = Page
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if app.config["AWARDS_PROXIES"]:
        hops = app.config["AWARDS_PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # as Flask documents it
    start_database(app)
    app.extensions["migrate"] = _LateMigrations(app)
    import_module("awards_app.models")
    import_module("awards_app.web").start_web(app)
    import_module("awards_app.adapters.queue").start_queue(app)
    return app


def refuse_unsafe_settings(config: Any) -> None:
    """Raise `SettingIsUnsafe` naming the first setting that production must not run with."""
    if config.get("AWARDS_REGISTER_URL"):
        _refuse_unsafe_register(config["AWARDS_REGISTER_URL"])
    mode = config["AWARDS_MODE"]
    if mode not in MODES:
        raise SettingIsUnsafe(f"AWARDS_MODE vaut « {mode} » ; il doit être l’un de : {', '.join(MODES)}.")
    if mode != "production":
        return
    key = config["SECRET_KEY"]
    if not key or key == DEFAULT_KEY or len(key.strip()) < 32:
        raise SettingIsUnsafe("SECRET_KEY manque, est celle par défaut, ou compte moins de 32 signes.")
    if config.get("DEBUG"):
        raise SettingIsUnsafe("FLASK_DEBUG doit être éteint en production.")
    for name in ("TESTING", "AWARDS_TEST_HOOKS"):
        if config.get(name):
            raise SettingIsUnsafe(f"{name} ne peut pas être allumé en production.")
    if not config.get("WTF_CSRF_ENABLED", True):
        raise SettingIsUnsafe("WTF_CSRF_ENABLED doit rester allumé en production.")
    for name in ("AWARDS_PUBLIC_URL", "AWARDS_HOSTS", "DATABASE_URL"):
        if not str(config.get(name) or "").strip(" ,"):
            raise SettingIsUnsafe(f"{name} doit être donné en production.")
    if "*" in config["AWARDS_HOSTS"]:
        raise SettingIsUnsafe("AWARDS_HOSTS ne peut pas tout accepter en production.")
    hosts = {host.strip() for host in config["AWARDS_HOSTS"].split(",")}
    if not config.get("RATELIMIT_ENABLED", True) and not hosts <= OWN_HOSTS:
        raise SettingIsUnsafe(
            "AWARDS_RATE_LIMITS ne peut pas être éteint en production, sauf pour 127.0.0.1."
        )
    address = urlsplit(config["AWARDS_PUBLIC_URL"])
    if address.scheme != "https" or not address.hostname:
        raise SettingIsUnsafe("AWARDS_PUBLIC_URL doit commencer par https:// et nommer un hôte.")
    sqlite = config["DATABASE_URL"].startswith("sqlite")
    if sqlite and config["AWARDS_SQLITE_SYNCHRONOUS"].upper() != "FULL":
        raise SettingIsUnsafe("AWARDS_SQLITE_SYNCHRONOUS doit valoir FULL en production.")


def _refuse_unsafe_register(address: str) -> None:
    register = import_module("awards_app.adapters.register")
    try:
        register.checked_address(address)
    except ValueError as unsafe:
        raise SettingIsUnsafe(
            "AWARDS_REGISTER_URL doit commencer par https:// et nommer un hôte."
        ) from unsafe


def _settle_instance(app: Flask) -> None:
    config = app.config
    instance = Path(config["AWARDS_INSTANCE"]).expanduser().resolve()
    instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    config["AWARDS_INSTANCE"] = str(instance)
    config["AWARDS_FILES"] = config["AWARDS_FILES"] or str(instance / "files")
    config["AWARDS_MAILBOX"] = str(instance / "mailbox")
    url = config["DATABASE_URL"] or f"sqlite:///{instance / 'awards.sqlite3'}"
    if url.startswith(("postgres://", "postgresql://")):
        url = "postgresql+psycopg://" + url.split("://", 1)[1]
    config["SQLALCHEMY_DATABASE_URI"] = url
    production = config["AWARDS_MODE"] == "production"
    options = dict(config.get("SQLALCHEMY_ENGINE_OPTIONS") or {})
    # An error of the database is logged with its statement, never with what people typed.
    options.setdefault("hide_parameters", True)
    if url.startswith("postgresql"):
        options.setdefault("connect_args", {"options": "-c jit=off", "connect_timeout": 5})
        # Readings need no transaction: it would cost two round trips, and its end every prepared statement.
        options.setdefault("isolation_level", "AUTOCOMMIT")
    config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    movable = config["AWARDS_MODE"] == "demo" or config["AWARDS_TEST_HOOKS"]
    config["AWARDS_CLOCK_FILE"] = str(instance / "clock.json") if movable and not production else ""
    config.setdefault("SESSION_COOKIE_HTTPONLY", True)
    config.update(
        SESSION_COOKIE_NAME="__Host-prix" if production else "prix",
        SESSION_COOKIE_SECURE=production,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        # A section whose long answers are all full, of signs that take twelve bytes in a form: 20 × 20 000 × 12.
        MAX_FORM_MEMORY_SIZE=8 * 1024 * 1024,
        MAX_FORM_PARTS=500,
        SEND_FILE_MAX_AGE_DEFAULT=3600,
        TEMPLATES_AUTO_RELOAD=config["AWARDS_MODE"] == "development",
    )
    logging.getLogger("awards_app").setLevel(logging.INFO)


class _LateMigrations:
    """Stands for Flask-Migrate until it is first asked for: its eleven MiB serve commands, not the web."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def __getattr__(self, name: str) -> Any:
        from flask_migrate import Migrate

        # Puts itself in the place of this object.
        Migrate(self.app, db, directory=str(MIGRATIONS), render_as_batch=True, compare_type=True)
        return getattr(self.app.extensions["migrate"], name)
