"""A register of our own on this machine, speaking as « API Recherche d’entreprises » does, in good health and in bad."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

# A busy machine may keep the answer of a register in good health longer than the platform waits for one.
PATIENT_SECONDS = 60.0


def a_company(**changes: Any) -> dict[str, Any]:
    """Return one result, in the shape that the register documents (fields we do not read included)."""
    siege = {
        "activite_principale": "94.99Z", "adresse": "9 RUE DU PORT 35000 RENNES", "code_postal": "35000",
        "commune": "35238", "date_creation": "2015-03-15", "date_fermeture": None, "departement": "35",
        "est_siege": True, "etat_administratif": "A", "latitude": "48.11", "libelle_commune": "RENNES",
        "liste_enseignes": None, "longitude": "-1.67", "nom_commercial": None, "region": "53",
        "siret": "73282932000074", "statut_diffusion_etablissement": "O",
    }  # fmt: skip
    complements = {
        "convention_collective_renseignee": False, "est_association": True, "est_ess": True, "est_rge": False,
        "identifiant_association": "W351234567", "est_service_public": False, "est_societe_mission": False,
    }  # fmt: skip
    return {
        "siren": "732829320", "nom_complet": "LES ATELIERS DU PHARE (LAP)", "nom_raison_sociale": "LES ATELIERS DU PHARE",
        "sigle": "LAP", "nombre_etablissements": 1, "nombre_etablissements_ouverts": 1,
        "siege": siege | changes.pop("siege", {}), "activite_principale": "94.99Z", "categorie_entreprise": "PME",
        "date_creation": "2015-03-15", "date_fermeture": None, "etat_administratif": "A", "nature_juridique": "9220",
        "section_activite_principale": "S", "statut_diffusion": "O", "complements": complements | changes.pop("complements", {}),
        **changes,
    }  # fmt: skip


@dataclass
class RegisterServer:
    """A register that answers ``results`` to what bears the number asked for, or as its ``mood`` says.

    Moods: well, slow, dripping, down (500), busy (429), refusing (400), malformed, wrong, huge, endless, redirecting.
    """

    url: str = ""
    mood: str = "well"
    results: list[dict[str, Any]] = field(default_factory=lambda: [a_company()])
    asked: list[str] = field(default_factory=list)
    retry_after: str = "120"
    elsewhere: str = ""
    closed: threading.Event = field(default_factory=threading.Event)


@contextmanager
def register_server(patience: float = PATIENT_SECONDS) -> Iterator[RegisterServer]:
    """Open a register on a free port of this machine; the platform waits ``patience`` seconds for it."""
    state = RegisterServer()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(state))
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        with patch("awards_app.adapters.register.PATIENCE_SECONDS", patience):
            yield state
    finally:
        state.closed.set()
        server.shutdown()
        server.server_close()
        thread.join(5)


def _handler(state: RegisterServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append(self.path)
            try:
                getattr(self, state.mood)()
            except OSError:
                # Whoever asked has hung up.
                return

        def well(self) -> None:
            parts = urlsplit(self.path)
            number = parse_qs(parts.query).get("q", [""])[0]
            if parts.path != "/search" or not number:
                self.answer(400, {"erreur": "Veuillez indiquer au moins un paramètre de recherche."})
                return
            found = [one for one in state.results if number in json.dumps(one)]
            self.answer(
                200,
                {"results": found, "total_results": len(found), "page": 1, "per_page": 5, "total_pages": 1},
            )

        def slow(self) -> None:
            state.closed.wait()

        def dripping(self) -> None:
            self.wfile.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4000\r\n\r\n"
            )
            while not state.closed.wait(0.2):
                self.wfile.write(b" ")
                self.wfile.flush()

        def down(self) -> None:
            self.answer(
                500, {"erreur": "Une erreur inattendue s'est produite. Veuillez réessayer plus tard."}
            )

        def busy(self) -> None:
            self.answer(429, {"erreur": "Trop de requêtes."}, **{"Retry-After": state.retry_after})

        def refusing(self) -> None:
            self.answer(400, {"erreur": "3 caractères minimum pour les termes de la requête"})

        def malformed(self) -> None:
            self.raw(200, b'{"results": [{"siren": "732829320", ')

        def wrong(self) -> None:
            self.answer(200, {"results": [{"siren": 732829320, "siege": []}], "total_results": "un"})

        def huge(self) -> None:
            self.answer(200, {"results": [], "note": "x" * 2_000_000})

        def endless(self) -> None:
            self.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n[")
            while True:
                self.wfile.write(b"1," * 50_000)

        def page(self) -> None:
            self.raw(200, b"<html><body>maintenance</body></html>", kind="text/html")

        def redirecting(self) -> None:
            self.send_response(302)
            self.send_header("Location", state.elsewhere or f"{state.url}/ailleurs")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def answer(self, status: int, body: object, **headers: str) -> None:
            self.raw(status, json.dumps(body, ensure_ascii=False).encode(), **headers)

        def raw(self, status: int, body: bytes, *, kind: str = "application/json", **headers: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Keep quiet."""

    return Handler
