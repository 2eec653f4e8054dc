"""The platform's key and certificate: read from a file, held by a PKCS#11 module, or made for a demonstration.

pyHanko and cryptography are imported inside the functions: a web process that signs nothing does not pay for them.
"""

import os
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

DEMONSTRATION = "Démonstration sans valeur"
RSA_BITS = 3072
YEARS = 10
PKCS11 = "pkcs11:"


class KeyIsUnusable(OSError):
    """The setting names a key that cannot be read; the message says why, without any secret."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """A certificate with what signs for it: a private key of ``cryptography``, or a signer of pyHanko's PKCS#11."""

    certificate: Any
    others: tuple[Any, ...]
    key: Any = None
    signer: Any = None


def read_credentials(address: str, passphrase: str) -> Credentials:
    """Return the credentials that a setting names: a PKCS#12 or PEM file, or ``pkcs11:/module.so?token=…&label=…``.

    Raises `KeyIsUnusable`.
    """
    try:
        if address.startswith(PKCS11):
            return _from_module(address, passphrase)
        content = Path(address).read_bytes()
        secret = passphrase.encode() or None
        return _from_pem(content, secret) if b"-----BEGIN" in content else _from_pkcs12(content, secret)
    except (OSError, ValueError, TypeError, LookupError, ImportError, RuntimeError) as fault:
        # A module's own faults (its PIN, its token) are RuntimeErrors.
        raise KeyIsUnusable(f"AWARDS_SIGNING_KEY: {type(fault).__name__}") from fault


def _from_pem(content: bytes, secret: bytes | None) -> Credentials:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    certificate, *others = x509.load_pem_x509_certificates(content)
    return Credentials(certificate, tuple(others), load_pem_private_key(content, secret))


def _from_pkcs12(content: bytes, secret: bytes | None) -> Credentials:
    from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates

    key, certificate, others = load_key_and_certificates(content, secret)
    if key is None or certificate is None:
        raise ValueError("no key, or no certificate")
    return Credentials(certificate, tuple(others), key)


def _from_module(address: str, pin: str) -> Credentials:
    from cryptography import x509
    from pyhanko.config.pkcs11 import TokenCriteria
    from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session

    parts = urlsplit(address)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    token = TokenCriteria(label=asked["token"])
    session = open_pkcs11_session(unquote(parts.path), token_criteria=token, user_pin=pin or None)
    signer = PKCS11Signer(session, cert_label=asked["label"], key_label=asked.get("key", asked["label"]))
    if signer.signing_cert is None:
        raise LookupError("no certificate under this label")
    return Credentials(x509.load_der_x509_certificate(signer.signing_cert.dump()), (), signer=signer)


def make_key(path: Path, name: str, now: datetime, *, is_demonstration: bool = True) -> None:
    """Make a key with a certificate of its own, and keep both in one PEM file that only its owner reads.

    Of two processes that make it at once, the first one's stays. A demonstration's certificate says that it is one.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from cryptography.x509.oid import NameOID

    key = rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)
    words = [x509.NameAttribute(NameOID.COMMON_NAME, name)]
    if is_demonstration:
        words.append(x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, DEMONSTRATION))
    subject = x509.Name(words)
    usage = {
        "digital_signature": True,
        "content_commitment": True,
        **dict.fromkeys(
            ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign"), False
        ),
        "encipher_only": False,
        "decipher_only": False,
    }
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .sign(key, hashes.SHA256())
    )
    content = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    _keep(path, content + certificate.public_bytes(Encoding.PEM))


def _keep(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, and never over one that is there."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def is_demonstration(certificate: Any) -> bool:
    """Say whether a certificate was made for a demonstration, and says so."""
    from cryptography.x509.oid import NameOID

    units = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
    return any(unit.value == DEMONSTRATION for unit in units)


def fingerprints(content: bytes) -> list[str]:
    """Return the SHA-256 of each certificate of a PEM file. Raises `ValueError`."""
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256

    return [one.fingerprint(SHA256()).hex() for one in x509.load_pem_x509_certificates(content)]
