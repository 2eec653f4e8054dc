"""Production refuses to start with an unsafe setting, and answers the hosts that are its own."""

from pathlib import Path
from typing import Any

import pytest

from awards_app.app import SettingIsUnsafe, create_app
from tests.conftest import close_app

HOME = "https://prix.example"


def production(folder: Path, **changed: Any) -> dict[str, Any]:
    return {
        "AWARDS_MODE": "production",
        "SECRET_KEY": "a key of a production, longer than thirty-two characters",
        "DATABASE_URL": f"sqlite:///{folder / 'awards.sqlite'}",
        "AWARDS_INSTANCE": str(folder),
        "AWARDS_PUBLIC_URL": HOME,
        "AWARDS_HOSTS": "prix.example",
        "AWARDS_SQLITE_SYNCHRONOUS": "FULL",
        "AWARDS_TEST_HOOKS": False,
        "DEBUG": False,
        "REDIS_URL": "",
        **changed,
    }


@pytest.mark.parametrize(
    "changed",
    [
        {"SECRET_KEY": ""},
        {"SECRET_KEY": None},
        {"SECRET_KEY": "development-only-key"},
        {"SECRET_KEY": "x" * 31},
        {"SECRET_KEY": " " * 40},
        {"DEBUG": True},
        {"TESTING": True},
        {"AWARDS_TEST_HOOKS": True},
        {"WTF_CSRF_ENABLED": False},
        {"AWARDS_HOSTS": ""},
        {"AWARDS_HOSTS": " , "},
        {"AWARDS_HOSTS": "*"},
        {"AWARDS_HOSTS": "prix.example,*"},
        {"AWARDS_PUBLIC_URL": ""},
        {"AWARDS_PUBLIC_URL": "http://prix.example"},
        {"AWARDS_PUBLIC_URL": "prix.example"},
        {"AWARDS_PUBLIC_URL": "https://"},
        {"DATABASE_URL": ""},
        {"AWARDS_SQLITE_SYNCHRONOUS": "NORMAL"},
        {"AWARDS_MODE": "prod"},
    ],
)
def test_an_unsafe_setting_stops_production(tmp_path: Path, changed: dict[str, Any]) -> None:
    with pytest.raises(SettingIsUnsafe, match=next(iter(changed))):
        create_app(production(tmp_path, **changed))


@pytest.mark.parametrize("hosts", ["prix.example", "127.0.0.1,prix.example", "localhost.prix.example"])
def test_nobody_is_served_without_limits_in_production(tmp_path: Path, hosts: str) -> None:
    with pytest.raises(SettingIsUnsafe, match="AWARDS_RATE_LIMITS"):
        create_app(production(tmp_path, AWARDS_HOSTS=hosts, RATELIMIT_ENABLED=False))


def test_a_load_test_on_this_machine_may_go_without_limits(tmp_path: Path) -> None:
    close_app(create_app(production(tmp_path, AWARDS_HOSTS="127.0.0.1,localhost", RATELIMIT_ENABLED=False)))


def test_a_host_that_is_not_ours_is_refused_without_a_breakdown(tmp_path: Path) -> None:
    app = create_app(production(tmp_path))
    client = app.test_client()
    try:
        for accept in ("text/html", "application/json"):
            for path in ("/compte/connexion", "/rien"):
                answer = client.get(path, base_url="https://mal.example", headers={"Accept": accept})
                assert answer.status_code == 400
                assert "mal.example" not in answer.get_data(as_text=True)
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
        cookie = client.get("/compte/connexion", base_url=HOME).headers["Set-Cookie"]
    finally:
        close_app(app)
    assert cookie.split("=")[0] == "__Host-prix"
    assert [part for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax") if part not in cookie] == []
