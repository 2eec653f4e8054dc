"""Makes the environment of the platform, then runs inside it. Standard library only, parsed by Python 3.8 and newer.

The locked set of the command is installed by uv into ``.venv``; a mark in it says which set, so that a second start does
nothing. No index address is ever given: uv and pip follow the settings of the machine.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import Any, NoReturn

from awards_app import _system

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OLDEST = (3, 11)
MARK = "awards-installed.json"
CANNOT = 2


def say(sentence: str) -> None:
    """Say on the error channel what is being done, so that ``--json`` stays clean."""
    print("· " + sentence, file=sys.stderr, flush=True)


def stop(sentence: str) -> NoReturn:
    """Leave with a sentence that says what to do, and without a traceback."""
    print(sentence, file=sys.stderr, flush=True)
    sys.exit(CANNOT)


def enter(arguments: list[str]) -> None:
    """Return inside an environment that holds what the command needs, re-executing in it when necessary."""
    if os.environ.get("AWARDS_BOOTSTRAP", "").lower() in ("off", "0", "non"):
        return
    if sys.version_info < OLDEST:
        stop(_too_old())
    command = next((word for word in arguments if not word.startswith("-")), "")
    folder = environment_folder()
    # The bench measures beside a floor and a PostgreSQL that only the test set brings.
    group = "test" if command in ("test", "bench") else "app"
    try:
        if not is_ready(folder, group):
            _make(folder, group)
    except KeyboardInterrupt:
        stop("\nInterrompu. Relancez la même commande : l’environnement sera repris proprement.")
    except OSError as error:
        stop(
            f"L’environnement n’a pas pu être préparé ({error}). Libérez de la place ou changez de dossier avec AWARDS_ENV_DIR."
        )
    if os.path.realpath(sys.prefix) == os.path.realpath(folder) and _is_this_python(folder):
        return
    if command in ("demo", "test"):
        _system.see_to_pango(say)
    os.environ.update(_system.library_paths())
    python = os.path.join(folder, "bin", "python")
    os.environ["PYTHONPATH"] = os.pathsep.join([ROOT] + [p for p in [os.environ.get("PYTHONPATH")] if p])
    os.execv(python, [python, "-m", "awards_app", *arguments])


def environment_folder() -> str:
    """Return where the environment is: ``AWARDS_ENV_DIR``, else ``.venv`` beside the package."""
    return os.path.abspath(
        os.path.expanduser(os.environ.get("AWARDS_ENV_DIR") or os.path.join(ROOT, ".venv"))
    )


def lock_of(group: str) -> str:
    """Return the file of the locked set ``app`` or ``test`` (which contains the first)."""
    return os.path.join(ROOT, "requirements", group + ".lock")


def is_ready(folder: str, group: str) -> bool:
    """Say whether the environment holds the locked set of ``group`` as it is today, complete."""
    mark = _read_mark(folder)
    return (
        mark is not None
        and (mark["group"] == group or mark["group"] == "test")
        and mark["lock"] == _hash(lock_of(mark["group"]))
        and os.path.exists(os.path.join(folder, "bin", "python"))
        and os.path.isdir(mark["packages"])
        and set(mark["content"]) <= set(os.listdir(mark["packages"]))
    )


def _make(folder: str, group: str) -> None:
    with _alone(folder):
        if is_ready(folder, group):
            return
        _system.trust_what_the_machine_trusts()
        mark = _read_mark(folder)
        if mark is not None and mark["group"] == "test":
            group = "test"
        uv = _find_uv(folder)
        whole = mark is not None and set(mark["content"]) <= set(_listed(mark["packages"])) and _runs(folder)
        if not whole:
            _make_empty(uv, folder)
        with contextlib.suppress(FileNotFoundError):
            os.remove(os.path.join(folder, MARK))
        say(
            f"Installation des bibliothèques ({'application et tests' if group == 'test' else 'application'}), versions verrouillées…"
        )
        _install(uv, folder, group)
        _write_mark(folder, group)


def _make_empty(uv: str, folder: str) -> None:
    if os.path.isdir(folder) and os.listdir(folder):
        if not os.path.exists(os.path.join(folder, "pyvenv.cfg")) and folder != os.path.join(ROOT, ".venv"):
            stop(
                f"Le dossier {folder} (AWARDS_ENV_DIR) n’est pas vide et n’est pas un environnement Python : choisissez-en un autre."
            )
        say(f"L’environnement {folder} est incomplet : il est refait.")
        shutil.rmtree(folder)
    say(f"Création de l’environnement {folder}…")
    base = getattr(sys, "_base_executable", None) or sys.executable
    if subprocess.call([uv, "venv", "--quiet", "--no-project", "--python", base, folder]) != 0:
        stop(f"L’environnement {folder} n’a pas pu être créé : lisez le message de uv ci-dessus.")


def _install(uv: str, folder: str, group: str) -> None:
    python = os.path.join(folder, "bin", "python")
    lock = lock_of(group)
    if (
        subprocess.call(
            [uv, "pip", "sync", "--quiet", "--require-hashes", "--python", python, lock], cwd=ROOT
        )
        == 0
    ):
        return
    pip = _system.python_with_pip()
    if pip is not None:
        say("uv n’a pas abouti : nouvel essai avec pip, qui suit sa propre configuration…")
        command = [*pip, "--python", python, "install", "--quiet", "--require-hashes", "-r", lock]
        if subprocess.call(command, cwd=ROOT) == 0:
            return
    stop(
        "Les bibliothèques n’ont pas pu être installées : vérifiez la connexion au registre Python, puis relancez la même commande."
    )


def _find_uv(folder: str) -> str:
    tools = _tools_folder(folder)
    private = os.path.join(tools, "uv", "bin", "uv")
    home = os.path.expanduser("~")
    for candidate in (
        private,
        shutil.which("uv"),
        os.path.join(home, ".local", "bin", "uv"),
        os.path.join(home, ".cargo", "bin", "uv"),
    ):
        if candidate and os.access(candidate, os.X_OK) and _answers([candidate, "--version"]):
            return candidate
    pip = _system.see_to_pip(say)
    if pip is None:
        stop(_system.what_to_install_for_pip())
    say("Installation de uv dans un dossier privé…")
    target = os.path.join(tools, "uv")
    shutil.rmtree(target, ignore_errors=True)
    command = [
        *pip,
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-warn-script-location",
        "--require-hashes",
    ]
    lock = os.path.join(ROOT, "requirements", "uv.lock")
    if subprocess.call([*command, "--target", target, "-r", lock]) != 0 or not os.access(private, os.X_OK):
        stop(
            "uv n’a pas pu être installé : vérifiez la connexion au registre Python, puis relancez la même commande."
        )
    return private


def _tools_folder(folder: str) -> str:
    return os.path.join(os.path.dirname(folder), ".awards-tools")


@contextlib.contextmanager
def _alone(folder: str) -> Iterator[None]:
    import fcntl

    tools = _tools_folder(folder)
    os.makedirs(tools, exist_ok=True)
    with open(os.path.join(tools, "lock"), "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("Une autre commande prépare l’environnement : attente…")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _read_mark(folder: str) -> dict[str, Any] | None:
    try:
        with open(os.path.join(folder, MARK), encoding="utf-8") as file:
            mark = json.load(file)
        return mark if {"group", "lock", "packages", "content"} <= set(mark) else None
    except (OSError, ValueError):
        return None


def _write_mark(folder: str, group: str) -> None:
    library = os.path.join(folder, "lib")
    version = next(name for name in sorted(os.listdir(library)) if name.startswith("python3"))
    packages = os.path.join(library, version, "site-packages")
    content = sorted(name for name in os.listdir(packages) if name != "__pycache__")
    mark = {"group": group, "lock": _hash(lock_of(group)), "packages": packages, "content": content}
    unfinished = os.path.join(folder, MARK + ".new")
    with open(unfinished, "w", encoding="utf-8") as file:
        json.dump(mark, file, indent=1)
    os.replace(unfinished, os.path.join(folder, MARK))


def _listed(packages: str) -> list[str]:
    return os.listdir(packages) if os.path.isdir(packages) else []


def _hash(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def _runs(folder: str) -> bool:
    return _answers(
        [os.path.join(folder, "bin", "python"), "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
    )


def _is_this_python(folder: str) -> bool:
    name = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    return os.path.isdir(os.path.join(folder, "lib", name))


def _answers(command: list[str]) -> bool:
    try:
        return subprocess.call(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def _too_old() -> str:
    found = f"{sys.version_info[0]}.{sys.version_info[1]}"
    newer = next((name for name in ("python3.13", "python3.12", "python3.11") if shutil.which(name)), None)
    advice = (
        f"relancez avec « {newer} -m awards_app »"
        if newer
        else "installez Python 3.11 ou plus récent, puis relancez la même commande"
    )
    return f"Python {found} est trop ancien pour la plateforme, qui demande 3.11 ou plus récent : {advice}."
