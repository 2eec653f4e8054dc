"""What the launcher needs from the system: a pip, and pango for the PDFs. Standard library only."""

from __future__ import annotations

import ctypes
import glob
import os
import shutil
import subprocess
import sys
from collections.abc import Callable

PANGO_PACKAGES = ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"]
PANGO_LIBRARIES = ["libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz.so.0", "libfontconfig.so.1"]
HOMEBREW = ["/opt/homebrew/lib", "/usr/local/lib"]
CERTIFICATES = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"]
IS_MACOS = os.uname().sysname == "Darwin"
_APT_IS_FRESH: list[bool] = []


def trust_what_the_machine_trusts() -> None:
    """Have uv use the certificates of the machine where it keeps some (a company's proxy may be among them)."""
    if any(os.path.exists(bundle) for bundle in CERTIFICATES):
        os.environ.setdefault("UV_SYSTEM_CERTS", "true")
    os.environ.setdefault("PIP_ROOT_USER_ACTION", "ignore")


def is_root_with_apt() -> bool:
    """Say whether packages of the system can be installed here without asking."""
    return shutil.which("apt-get") is not None and os.geteuid() == 0


def apt_install(packages: list[str], say: Callable[[str], None]) -> bool:
    """Install Debian packages as root; return whether it worked."""
    if not is_root_with_apt():
        return False
    say("Installation par apt : " + " ".join(packages) + "…")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    if not _APT_IS_FRESH:
        _run(["apt-get", "update", "-qq"], quiet)
        _APT_IS_FRESH.append(True)
    return _run(install, quiet)


def python_with_pip() -> list[str] | None:
    """Return the words that call a pip on this machine, or None. uv is a program: any Python's pip may fetch it."""
    for python in (sys.executable, "/usr/bin/python3", shutil.which("python3")):
        if python and os.path.exists(python) and _run([python, "-m", "pip", "--version"]):
            return [python, "-m", "pip"]
    return None


def see_to_pip(say: Callable[[str], None]) -> list[str] | None:
    """Return the words that call a pip, installing one where that can be done, or None."""
    pip = python_with_pip()
    if pip is not None:
        return pip
    carried = _carried_pip()
    if carried is not None:
        return carried
    if apt_install(["python3-pip"], say):
        return python_with_pip()
    return None


def what_to_install_for_pip() -> str:
    """Say which one command gives a pip."""
    if IS_MACOS:
        return "Il manque pip à ce Python. Lancez « brew install uv », puis relancez la même commande."
    return "Il manque pip à ce Python. Lancez « sudo apt-get install -y python3-pip », puis relancez la même commande."


def _carried_pip() -> list[str] | None:
    try:
        import ensurepip
    except ImportError:
        return None
    bundled = os.path.join(os.path.dirname(ensurepip.__file__), "_bundled", "pip-*.whl")
    shared = "/usr/share/python-wheels/pip-*.whl"
    for wheel in sorted(glob.glob(bundled) + glob.glob(shared), reverse=True):
        return [sys.executable, os.path.join(wheel, "pip")]
    return None


def library_paths() -> dict[str, str]:
    """Return the environment that lets Homebrew's libraries be found on macOS; nothing elsewhere."""
    if not IS_MACOS:
        return {}
    known = os.environ.get("DYLD_FALLBACK_LIBRARY_PATH", "")
    return {"DYLD_FALLBACK_LIBRARY_PATH": os.pathsep.join([*HOMEBREW, *([known] if known else ["/usr/lib"])])}


def has_pango() -> bool:
    """Say whether the libraries that draw the PDFs are on this machine."""
    if IS_MACOS:
        return any(glob.glob(os.path.join(folder, "libpango-1.0*.dylib")) for folder in HOMEBREW)
    try:
        for name in PANGO_LIBRARIES:
            ctypes.CDLL(name)
    except OSError:
        return False
    return True


def see_to_pango(say: Callable[[str], None]) -> None:
    """Install pango where that can be done; otherwise say that PDFs are off and what turns them on."""
    if has_pango():
        return
    if apt_install(PANGO_PACKAGES, say) and _found_in_a_new_process():
        return
    remedy = "brew install pango" if IS_MACOS else "sudo apt-get install -y " + " ".join(PANGO_PACKAGES)
    say(
        f"Les PDF sont désactivés : la bibliothèque pango manque. Pour les activer : « {remedy} ». Le reste fonctionne."
    )


def _found_in_a_new_process() -> bool:
    asked = f"import ctypes; [ctypes.CDLL(n) for n in {PANGO_LIBRARIES!r}]"
    return _run([sys.executable, "-c", asked])


def _run(command: list[str], environment: dict[str, str] | None = None) -> bool:
    try:
        return (
            subprocess.call(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            == 0
        )
    except OSError:
        return False
