"""A key that a PKCS#11 module holds, with SoftHSM where the machine and the environment have one (``apt install softhsm2``)."""

import hashlib
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from awards_app.adapters.signing_keys import KeyIsUnusable, make_key, read_credentials

PLACES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
)
MODULE = next((place for place in PLACES if Path(place).exists()), "")
PIN = "4321"
FILL = """
import sys
from pathlib import Path
import pkcs11
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from pkcs11.util.rsa import decode_rsa_private_key
module, pin, path = sys.argv[1:]
content = Path(path).read_bytes()
key = load_pem_private_key(content, None).private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
certificate = x509.load_pem_x509_certificate(content).public_bytes(Encoding.DER)
token = pkcs11.lib(module).get_token(token_label="prix")
with token.open(rw=True, user_pin=pin) as session:
    held = {pkcs11.Attribute.LABEL: "seal", pkcs11.Attribute.ID: b"1", pkcs11.Attribute.TOKEN: True}
    session.create_object(decode_rsa_private_key(key) | held)
    session.create_object(held | {
        pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
        pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
        pkcs11.Attribute.VALUE: certificate,
        pkcs11.Attribute.SUBJECT: b"",
    })
"""
SIGN = """
import hashlib
import sys
from awards_app.adapters.signing import PlatformSeal
from awards_app.adapters.signing_keys import read_credentials
seal = PlatformSeal(read_credentials(sys.argv[1], sys.argv[2]))
sys.stdout.buffer.write(seal.sign(hashlib.sha256(b"a paper").digest()))
"""


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Lay a token with a key and its certificate; return the environment that finds it."""
    pytest.importorskip("pkcs11")
    if not (MODULE and shutil.which("softhsm2-util")):
        pytest.skip("SoftHSM is not on this machine")
    folder = tmp_path_factory.mktemp("module")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\n")
    found = {**os.environ, "SOFTHSM2_CONF": str(folder / "softhsm2.conf")}
    lay = ["softhsm2-util", "--init-token", "--free", "--label", "prix", "--pin", PIN, "--so-pin", "87654321"]
    subprocess.run(lay, env=found, check=True, capture_output=True)
    make_key(folder / "key.pem", "Prix de l’ESS", datetime.now(UTC), is_demonstration=False)
    fill = [sys.executable, "-c", FILL, MODULE, PIN, str(folder / "key.pem")]
    subprocess.run(fill, env=found, check=True, capture_output=True)
    return found | {"KEY": str(folder / "key.pem")}


def test_a_module_signs_what_its_certificate_verifies(token: dict[str, str]) -> None:
    from asn1crypto import cms
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import padding, rsa
    from cryptography.hazmat.primitives.hashes import SHA256

    sign = [sys.executable, "-c", SIGN, f"pkcs11:{MODULE}?token=prix&label=seal", PIN]
    signed = subprocess.run(sign, env=token, check=True, capture_output=True).stdout

    (info,) = cms.ContentInfo.load(signed)["content"]["signer_infos"]
    told = {one["type"].native: one["values"][0].native for one in info["signed_attrs"]}
    assert told["message_digest"] == hashlib.sha256(b"a paper").digest()
    public = x509.load_pem_x509_certificate(Path(token["KEY"]).read_bytes()).public_key()
    assert isinstance(public, rsa.RSAPublicKey)
    attributes = info["signed_attrs"].untag().dump()
    public.verify(info["signature"].native, attributes, padding.PKCS1v15(), SHA256())


@pytest.mark.parametrize(
    ("address", "pin", "fault"),
    [
        ("{module}?token=prix&label=seal", "0000", "PinIncorrect"),
        ("{module}?token=other&label=seal", PIN, "PKCS11Error"),
        ("{module}?token=prix&label=other", PIN, "PKCS11Error"),
        ("/nowhere.so?token=prix&label=seal", PIN, "PKCS11Error"),
        ("{module}", PIN, "KeyError"),
    ],
)
def test_a_module_that_does_not_open_is_a_key_that_cannot_be_used(
    token: dict[str, str], monkeypatch: pytest.MonkeyPatch, address: str, pin: str, fault: str
) -> None:
    monkeypatch.setenv("SOFTHSM2_CONF", token["SOFTHSM2_CONF"])

    with pytest.raises(KeyIsUnusable, match=fault):
        read_credentials("pkcs11:" + address.format(module=MODULE), pin)
