"""Where files are kept: whole or not at all, on a disk and on a real S3 server; and the antivirus's own protocol."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError, URLError

import pytest
from flask import Flask

from awards_app.adapters import antivirus, storage
from awards_app.adapters.storage_s3 import S3Fault, S3Storage
from tests.adapters.clamd import a_scanner
from tests.adapters.nasty import EICAR

WEED = shutil.which("weed", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
CONFIG = """{"identities": [{"name": "prix", "credentials": [{"accessKey": "prix", "secretKey": "un secret/à encoder"}],
"actions": ["Admin", "Read", "List", "Tagging", "Write"]}]}"""


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Flask]:
    app = Flask("a bare one")
    app.config.update(AWARDS_INSTANCE=str(tmp_path), AWARDS_FILES=str(tmp_path / "files"))
    with app.app_context():
        yield app


@pytest.fixture(scope="module")
def s3_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if WEED is None:
        pytest.skip("the S3 server of the tests is not installed (group s3)")
    folder = tmp_path_factory.mktemp("s3")
    (folder / "config.json").write_text(CONFIG, encoding="utf-8")
    ports = [_free() for _ in range(4)]
    words = [
        "server",
        f"-dir={folder}",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        "-s3",
        f"-s3.config={folder / 'config.json'}",
    ]
    words += [
        f"-master.port={ports[0]}",
        f"-volume.port={ports[1]}",
        f"-filer.port={ports[2]}",
        f"-s3.port={ports[3]}",
    ]
    words += ["-volume.max=8", "-master.volumeSizeLimitMB=64"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([WEED, *words], stdout=log, stderr=log, cwd=folder)
    url = f"http://prix:un%20secret%2F%C3%A0%20encoder@127.0.0.1:{ports[3]}/fichiers/prix?region=fr-par"
    try:
        _wait(f"http://127.0.0.1:{ports[3]}/", process, folder / "log")
        _make_bucket(url)
        yield url
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _free() -> int:
    # The server adds ten thousand to each port for its inner talk.
    for _ in range(50):
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            port = int(listener.getsockname()[1])
        if port < 55_000:
            return port
    raise RuntimeError("no low port is free")


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except HTTPError as answered:
            answered.close()
            return
        except (URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(log.read_text(errors="replace")[-2000:])


def _make_bucket(url: str) -> None:
    made = S3Storage(url)
    for _ in range(100):
        try:
            made._ask("PUT", "", wanted=(200, 409))
            made.put("probe", b"x")
            made.delete("probe")
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the bucket could not be made")


@pytest.fixture(params=["disk", "s3"])
def kept(request: pytest.FixtureRequest, bare: Flask) -> Flask:
    if request.param == "s3":
        bare.config["AWARDS_S3_URL"] = request.getfixturevalue("s3_url")
    return bare


def test_what_is_put_is_got_listed_and_forgotten(kept: Flask) -> None:
    content = os.urandom(70_000)
    key = storage.put(content)
    assert (storage.get(key), storage.exists(key)) == (content, True)
    assert storage.open_file(key).read() == content
    assert [(name, size) for name, size, _ in storage.stored()] == [(key, 70_000)]
    assert key in storage.url(key)
    storage.delete(key)
    storage.delete(key)
    assert (storage.exists(key), list(storage.stored())) == (False, [])
    with pytest.raises(storage.FileIsDamaged):
        storage.get(key)


def test_another_hash_is_a_damaged_file(kept: Flask) -> None:
    key = storage.put(b"un contenu")
    with pytest.raises(storage.FileIsDamaged):
        storage.get(key, "0" * 64)
    storage.put_back(key, b"un autre")
    assert storage.get(key) == b"un autre"
    storage.delete(key)


def test_no_key_leads_out_of_the_storage(kept: Flask) -> None:
    for key in ("", "../config", "a/b", "é", "A"):
        with pytest.raises(storage.FileIsDamaged):
            storage.get(key)


def test_a_wrong_secret_keeps_nothing(bare: Flask, s3_url: str) -> None:
    with pytest.raises(S3Fault):
        S3Storage(s3_url.replace("secret", "autre")).put("cle", b"x")
    assert S3Storage(s3_url).get("cle") is None


def test_a_server_that_is_away_is_an_error_of_the_machine() -> None:
    with pytest.raises(OSError):
        S3Storage(f"http://a:b@127.0.0.1:{_free()}/fichiers").put("cle", b"x")


def test_a_cut_write_leaves_nothing_under_the_key(bare: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "no room")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError):
        storage.put(b"x" * 1000)
    monkeypatch.undo()
    assert [path for path in Path(bare.config["AWARDS_FILES"]).rglob("*") if path.is_file()] == []


def test_the_scanner_says_clean_or_infected_of_files_of_any_length(bare: Flask) -> None:
    with a_scanner() as scanner:
        bare.config["AWARDS_CLAMD_URL"] = scanner.url
        assert not antivirus.scan(b"x" * 300_000).is_infected
        assert antivirus.scan(b"y" * 100_000 + EICAR) == antivirus.Verdict("Eicar-Signature")
        assert scanner.read == [300_000, 100_000 + len(EICAR)]


def test_a_scanner_that_does_not_answer_is_silent(bare: Flask) -> None:
    bare.config["AWARDS_CLAMD_URL"] = f"tcp://127.0.0.1:{_free()}"
    with pytest.raises(antivirus.ScannerIsSilent):
        antivirus.scan(b"x")
    with a_scanner() as scanner:
        bare.config["AWARDS_CLAMD_URL"] = scanner.url
        scanner.is_silent = True
        with pytest.raises(antivirus.ScannerIsSilent):
            antivirus.scan(b"x")
    bare.config["AWARDS_CLAMD_URL"] = "unix:///nowhere"
    with pytest.raises(antivirus.ScannerIsSilent):
        antivirus.scan(b"x")
