"""Signs with the platform's certificate: PAdES-B-B, or PAdES-B-T where a timestamp server is set (ETSI EN 319 142-1).

The key is read once: pyHanko reads and checks it again at each signature, which takes longer than signing.
"""

import asyncio
import hashlib
import os
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any
from urllib.request import HTTPRedirectHandler, Request, build_opener

from flask import current_app

from awards_app.adapters.clock import now
from awards_app.adapters.signing_keys import (
    PKCS11,
    Credentials,
    KeyIsUnusable,
    is_demonstration,
    make_key,
    read_credentials,
)

DEMONSTRATION_NAME = "Prix de l’ESS (démonstration)"
DEMONSTRATION_KEY = "signing/demonstration.pem"
_SIGNATURE_AND_ATTRIBUTES = 2048
_TIMESTAMP = 10240
_TIMESTAMP_SECONDS = 10.0
_MOST_ANSWER_BYTES = 64 * 1024


class TimestampIsRefused(OSError):
    """The timestamp server did not answer, or answered something else."""


class PlatformSeal:
    """The platform's own signature: see `awards_app.adapters.pdf.signature.Seal`."""

    def __init__(self, credentials: Credentials, timestamps: str = "") -> None:
        from cryptography.hazmat.primitives.serialization import Encoding

        self._credentials = credentials
        self._timestamps = timestamps
        self.der = credentials.certificate.public_bytes(Encoding.DER)
        self.pem = credentials.certificate.public_bytes(Encoding.PEM).decode("ascii")
        self.fingerprint = hashlib.sha256(self.der).hexdigest()
        self._is_demonstration = is_demonstration(credentials.certificate)
        self._name = str(credentials.certificate.subject.rfc4514_string())

    @property
    def name(self) -> str:
        """Return whom the certificate names."""
        return self._name

    @property
    def is_demonstration(self) -> bool:
        """Say whether it is worth nothing."""
        return self._is_demonstration

    @property
    def room(self) -> int:
        """Return the most bytes that a signature takes."""
        others = sum(len(_der(other)) for other in self._credentials.others)
        return _SIGNATURE_AND_ATTRIBUTES + len(self.der) + others + (_TIMESTAMP if self._timestamps else 0)

    def sign(self, digest: bytes) -> bytes:
        """Return the CMS signature of a SHA-256; the same digest and key give the same bytes where no time is stamped.

        Raises `TimestampIsRefused`, or what the module that holds the key raises.
        """
        asked = self._signer.async_sign(
            digest, "sha256", use_pades=True, timestamper=self._timestamper if self._timestamps else None
        )
        return bytes(asyncio.run(asked).dump())

    @cached_property
    def _signer(self) -> Any:
        from asn1crypto import x509
        from pyhanko.sign.signers.pdf_cms import Signer
        from pyhanko_certvalidator.registry import SimpleCertificateStore

        if self._credentials.signer is not None:
            return self._credentials.signer
        key = self._credentials.key

        class KeptKeySigner(Signer):
            """Signs with a key that was read before."""

            async def async_sign_raw(
                self, data: bytes, digest_algorithm: str, dry_run: bool = False
            ) -> bytes:
                return _raw(key, data)

        others = [x509.Certificate.load(_der(other)) for other in self._credentials.others]
        return KeptKeySigner(
            signing_cert=x509.Certificate.load(self.der),
            cert_registry=SimpleCertificateStore.from_certs(others),
        )

    @cached_property
    def _timestamper(self) -> Any:
        from asn1crypto import tsp
        from pyhanko.sign.timestamps import TimeStamper

        address = self._timestamps

        class HttpTimeStamper(TimeStamper):
            """Asks by RFC 3161 over HTTP, with the standard library; follows no redirect."""

            async def async_request_tsa_response(self, req: Any) -> Any:
                return tsp.TimeStampResp.load(_posted(address, req.dump()))

        return HttpTimeStamper()


def platform_seal() -> PlatformSeal | None:
    """Return what signs on this instance, None where nothing does.

    A demonstration, a development instance or one with the test hooks makes a key of its own, worth nothing, unless one is
    set. Raises `KeyIsUnusable`.
    """
    config = current_app.config
    address = str(config.get("AWARDS_SIGNING_KEY") or "")
    if not address:
        if config["AWARDS_MODE"] not in ("demo", "development") and not config.get("AWARDS_TEST_HOOKS"):
            return None
        path = Path(config["AWARDS_INSTANCE"]) / DEMONSTRATION_KEY
        if not path.exists():
            make_key(path, DEMONSTRATION_NAME, now())
        address = str(path)
    passphrase = str(config.get("AWARDS_SIGNING_PASSPHRASE") or "")
    timestamps = str(config.get("AWARDS_TIMESTAMP_URL") or "")
    return _opened(address, passphrase, timestamps, _changed(address))


def _changed(address: str) -> int:
    """Return when a key's file last changed: one that was replaced is read anew."""
    if address.startswith(PKCS11):
        return 0
    try:
        return os.stat(address).st_mtime_ns
    except OSError as fault:
        raise KeyIsUnusable(f"AWARDS_SIGNING_KEY: {type(fault).__name__}") from fault


@lru_cache(maxsize=2)
def _opened(address: str, passphrase: str, timestamps: str, _changed_at: int) -> PlatformSeal:
    return PlatformSeal(read_credentials(address, passphrase), timestamps)


def _raw(key: Any, data: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
    from cryptography.hazmat.primitives.hashes import SHA256

    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), SHA256())
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(data, ec.ECDSA(SHA256()))
    raise KeyIsUnusable("AWARDS_SIGNING_KEY: neither RSA nor ECDSA")


def _der(certificate: Any) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return bytes(certificate.public_bytes(Encoding.DER))


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_arguments: Any) -> None:
        return None


def _posted(address: str, content: bytes) -> bytes:
    request = Request(address, content, {"Content-Type": "application/timestamp-query"}, method="POST")
    try:
        with build_opener(_NoRedirect).open(request, timeout=_TIMESTAMP_SECONDS) as answer:
            if answer.headers.get_content_type() != "application/timestamp-reply":
                raise TimestampIsRefused("another kind of answer")
            return bytes(answer.read(_MOST_ANSWER_BYTES))
    except OSError as fault:
        raise TimestampIsRefused(type(fault).__name__) from fault
