"""The register is asked with reserve: one host, two seconds, little to read, nothing followed."""

from collections.abc import Iterator

import pytest
from flask import Flask

from awards_app.adapters.register import (
    PATIENCE_SECONDS,
    AddressIsUnsafe,
    RegisterIsSilent,
    ask_register,
    checked_address,
    register_is_on,
)
from awards_app.domain.register import read_answer
from tests.register_server import RegisterServer, register_server

pytestmark = pytest.mark.either


@pytest.fixture
def register(context: Flask) -> Iterator[RegisterServer]:
    """A register of our own, configured in the app."""
    with register_server() as server:
        context.config["AWARDS_REGISTER_URL"] = server.url
        yield server


def test_a_register_in_good_health_is_read(register: RegisterServer) -> None:
    facts = read_answer(ask_register("732829320"), "732829320")
    assert facts is not None
    assert (facts.name, facts.city, facts.siret) == ("LES ATELIERS DU PHARE", "Rennes", "73282932000074")
    assert register.asked == [
        "/search?q=732829320&page=1&per_page=5&minimal=true&include=siege%2Ccomplements"
    ]


@pytest.mark.parametrize("mood", ["down", "refusing", "malformed", "huge", "endless", "page"])
def test_a_register_in_bad_health_is_silent(register: RegisterServer, mood: str) -> None:
    register.mood = mood
    with pytest.raises(RegisterIsSilent) as silent:
        ask_register("732829320")
    assert silent.value.retry_after is None


@pytest.mark.parametrize("mood", ["slow", "dripping"])
def test_nobody_waits_longer_than_the_patience(context: Flask, mood: str) -> None:
    """Neither of these registers ever ends: whoever waited for it would stay."""
    with register_server(PATIENCE_SECONDS) as register:
        context.config["AWARDS_REGISTER_URL"] = register.url
        register.mood = mood
        with pytest.raises(RegisterIsSilent, match="too slow"):
            ask_register("732829320")
    assert PATIENCE_SECONDS == 2.0


@pytest.mark.parametrize(("said", "wish"), [("120", 120), ("99999", 900), ("demain", None), ("-3", None)])
def test_its_wish_to_be_left_alone_is_heard_within_reason(
    register: RegisterServer, said: str, wish: int | None
) -> None:
    register.mood, register.retry_after = "busy", said
    with pytest.raises(RegisterIsSilent) as silent:
        ask_register("732829320")
    assert silent.value.retry_after == wish


def test_no_redirect_is_followed(register: RegisterServer) -> None:
    register.mood = "redirecting"
    with register_server() as trap:
        register.elsewhere = f"{trap.url}/search?q=732829320"
        with pytest.raises(RegisterIsSilent):
            ask_register("732829320")
        assert trap.asked == []
    assert len(register.asked) == 1


def test_what_is_typed_cannot_change_the_question(register: RegisterServer) -> None:
    ask_register("732829320&include=dirigeants#x\r\nX-Other: 1")
    assert register.asked == [
        "/search?q=732829320%26include%3Ddirigeants%23x%0D%0AX-Other%3A+1&page=1&per_page=5"
        "&minimal=true&include=siege%2Ccomplements"
    ]


def test_nobody_listens(context: Flask) -> None:
    with register_server() as gone:
        context.config["AWARDS_REGISTER_URL"] = gone.url
    with pytest.raises(RegisterIsSilent):
        ask_register("732829320")


@pytest.mark.parametrize(
    "address",
    [
        "http://recherche-entreprises.api.gouv.fr", "http://169.254.169.254", "file:///etc/passwd", "gopher://127.0.0.1",
        "https://", "https://a:b@registre.example", "https://registre.example/?q=1", "registre.example", "http://localhost",
    ],
)  # fmt: skip
def test_an_address_that_is_not_safe(address: str) -> None:
    with pytest.raises(AddressIsUnsafe):
        checked_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "https://recherche-entreprises.api.gouv.fr",
        "https://registre.example:8443/api",
        "http://127.0.0.1:9",
        "http://[::1]:9",
    ],
)
def test_an_address_that_is_safe(address: str) -> None:
    assert checked_address(address).hostname


def test_it_is_off_by_default(context: Flask) -> None:
    assert register_is_on() is False
