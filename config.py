"""Settings of the platform, each read from one environment variable. Nothing in the package imports this file.

``AWARDS_MODE`` is one of ``development`` (default), ``demo``, ``testing`` and ``production``. In production every secret
must be given, and the platform refuses to start otherwise (`awards_app.app.refuse_unsafe_settings`).
"""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent


def _flag(name: str, default: bool = False) -> bool:
    return os.environ.get(name, "1" if default else "").strip().lower() in {"1", "true", "yes", "oui", "on"}


# How the platform runs: development, demo, testing or production.
AWARDS_MODE = os.environ.get("AWARDS_MODE", "development")
# The folder of database, queue, files and mailbox when nothing else is said.
AWARDS_INSTANCE = os.environ.get("AWARDS_INSTANCE", str(ROOT / "instance"))
# Signs sessions and forms. Required in production: at least 32 characters, not the default.
SECRET_KEY = os.environ.get("SECRET_KEY", "development-only-key")
# The database: sqlite:///… (default, under the instance folder) or postgresql+psycopg://…
DATABASE_URL = os.environ.get("DATABASE_URL", "")
# The queue's server: redis://… or unix://…; empty uses the embedded one under the instance folder.
REDIS_URL = os.environ.get("REDIS_URL", "")
# Where files are kept; empty means AWARDS_INSTANCE/files.
AWARDS_FILES = os.environ.get("AWARDS_FILES", "")
# An S3 server for the files instead of the folder: https://ACCESS:SECRET@host/bucket?region=fr-par; empty keeps the folder.
AWARDS_S3_URL = os.environ.get("AWARDS_S3_URL", "")
# The antivirus: tcp://host:3310 or unix:///run/clamav/clamd.ctl (clamd); empty scans nothing.
AWARDS_CLAMD_URL = os.environ.get("AWARDS_CLAMD_URL", "")
# The public address used in mails, QR codes and feeds; never taken from a request. Required in production.
AWARDS_PUBLIC_URL = os.environ.get("AWARDS_PUBLIC_URL", "")
# How mail leaves: smtp://user:password@host:port, smtps://…, or empty for the mailbox folder under the instance.
AWARDS_MAIL_URL = os.environ.get("AWARDS_MAIL_URL", "")
# The sender of every mail.
AWARDS_MAIL_FROM = os.environ.get("AWARDS_MAIL_FROM", "Prix de l’ESS <ne-pas-repondre@prix-ess.example>")
# The key that signs certificates: a PKCS#12 or PEM file, or pkcs11:/path/module.so?token=…&label=…; empty signs nothing
# in production and in tests, and with a key that is worth nothing elsewhere.
AWARDS_SIGNING_KEY = os.environ.get("AWARDS_SIGNING_KEY", "")
# The passphrase of that file, or the PIN of that module.
AWARDS_SIGNING_PASSPHRASE = os.environ.get("AWARDS_SIGNING_PASSPHRASE", "")
# A timestamp server (RFC 3161) that dates each signature: https://… ; empty dates none.
AWARDS_TIMESTAMP_URL = os.environ.get("AWARDS_TIMESTAMP_URL", "")
# The public register to ask of a structure (https://recherche-entreprises.api.gouv.fr); empty asks none.
AWARDS_REGISTER_URL = os.environ.get("AWARDS_REGISTER_URL", "")
# Number of reverse proxies in front whose X-Forwarded-* headers are trusted. 0 trusts none.
AWARDS_PROXIES = int(os.environ.get("AWARDS_PROXIES", "0"))
# Hosts the platform answers to, separated by commas; empty accepts any (not in production).
AWARDS_HOSTS = os.environ.get("AWARDS_HOSTS", "")
# Opens the test hooks (clock, mail sink, jobs, faults, seed) at /__test__; refused in production.
AWARDS_TEST_HOOKS = _flag("AWARDS_TEST_HOOKS")
# Flask's debug mode; refused in production.
DEBUG = _flag("FLASK_DEBUG")
# The largest request body, in bytes (attachments included).
MAX_CONTENT_LENGTH = int(os.environ.get("AWARDS_MAX_REQUEST_BYTES", str(26 * 1024 * 1024)))
# Days a session lives without use.
AWARDS_SESSION_DAYS = int(os.environ.get("AWARDS_SESSION_DAYS", "14"))
# SQLite's synchronous level: FULL (each acknowledged write survives a power cut) or NORMAL.
AWARDS_SQLITE_SYNCHRONOUS = os.environ.get("AWARDS_SQLITE_SYNCHRONOUS", "FULL")
# Limits on sign-in attempts and other sensitive requests; off only in load tests.
RATELIMIT_ENABLED = _flag("AWARDS_RATE_LIMITS", default=True)
