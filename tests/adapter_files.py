"""The verbs of attachments (sent whole or in pieces, read, taken away) and of requests for completion."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import httpx

from tests.adapter_verbs import JSON, Verbs

TUS = {"Tus-Resumable": "1.0.0", **JSON}


class FileVerbs(Verbs):
    """Attachments of a candidacy."""

    def put(
        self, candidacy: str, question: str, name: str, content: bytes, media_type: str = "application/pdf"
    ) -> httpx.Response:
        """Send one file for a question. 200 ``{"kept": [key]}``; 413, 415, 422 with a message."""
        files = {"file": (name, content, media_type)}
        return self.adapter.post(
            f"/candidatures/{candidacy}/pieces", {"question": question}, files=files, headers=JSON
        )

    def get(
        self, candidacy: str, attachment: str, *, seat: str | None = None, **options: Any
    ) -> httpx.Response:
        """Download an attachment as its own people, or as the juror of ``seat``."""
        base = f"/candidatures/{candidacy}" if seat is None else f"/jury/{seat}/candidatures/{candidacy}"
        return self.adapter.get(f"{base}/pieces/{attachment}", **options)

    def delete(self, candidacy: str, attachment: str) -> httpx.Response:
        """Take an attachment from the draft."""
        return self.adapter.post(f"/candidatures/{candidacy}/pieces/{attachment}/supprimer")

    def preview(
        self,
        candidacy: str,
        attachment: str,
        number: int = 1,
        *,
        seat: str | None = None,
        round_: str | None = None,
        **options: Any,
    ) -> httpx.Response:
        """The picture of a page (0: the thumbnail) as its own people, the juror of ``seat`` or the desk of ``round_``."""
        return self.adapter.get(f"{_files(candidacy, seat, round_)}/{attachment}/pages/{number}", **options)

    def read(
        self,
        candidacy: str,
        attachment: str,
        *,
        seat: str | None = None,
        round_: str | None = None,
        **options: Any,
    ) -> httpx.Response:
        """The page that shows an attachment, to the same people."""
        return self.adapter.get(f"{_files(candidacy, seat, round_)}/{attachment}/lire", **options)

    def bundle(self, round_: str, candidacy: str | None = None, **options: Any) -> httpx.Response:
        """All files of a candidacy, or of a round, as one ZIP."""
        desk = f"/coordination/{round_}"
        path = f"{desk}/pieces.zip" if candidacy is None else f"{desk}/recevabilite/{candidacy}/pieces.zip"
        return self.adapter.get(path, **options)

    def replace(
        self, candidacy: str, attachment: str, question: str, name: str, content: bytes
    ) -> httpx.Response:
        """Replace an attachment: delete it, then send another; the answer of the first that is refused."""
        taken = self.delete(candidacy, attachment)
        return taken if taken.status_code != 303 else self.put(candidacy, question, name, content)

    def begin(self, candidacy: str, question: str, name: str, length: int) -> httpx.Response:
        """Begin an upload in pieces (tus). 201 with its ``Location``."""
        words = {"filename": name, "question": question}
        metadata = ",".join(f"{n} {b64encode(v.encode()).decode()}" for n, v in words.items())
        headers = {
            "Upload-Length": str(length),
            "Upload-Metadata": metadata,
            "X-CSRFToken": self.adapter.token(),
        }
        return self.adapter.http.post(f"/candidatures/{candidacy}/envois", headers=TUS | headers)

    def append(self, upload: str, offset: int, content: bytes) -> httpx.Response:
        """Send the piece that follows ``offset``. 204; the last one gives ``Attachment-Key``. 409 elsewhere."""
        headers = {
            "Upload-Offset": str(offset),
            "Content-Type": "application/offset+octet-stream",
            "X-CSRFToken": self.adapter.token(),
        }
        return self.adapter.http.patch(upload, content=content, headers=TUS | headers)

    def ask(self, upload: str) -> httpx.Response:
        """Ask how far an upload is: ``Upload-Offset``."""
        return self.adapter.http.head(upload, headers=TUS)


def _files(candidacy: str, seat: str | None, round_: str | None) -> str:
    if seat is not None:
        return f"/jury/{seat}/candidatures/{candidacy}/pieces"
    if round_ is not None:
        return f"/coordination/{round_}/recevabilite/{candidacy}/pieces"
    return f"/candidatures/{candidacy}/pieces"


class CompletionVerbs(Verbs):
    """Requests for completion, by the chamber and by the structure."""

    def ask(
        self, round_: str, candidacy: str, fields: list[str], until: str, message: str = "Précisez."
    ) -> httpx.Response:
        """Ask for the listed fields until a local time (« 2026-07-20T18:00 »). 303 to the file; 409 while one runs; 422."""
        day, _, hour = until.partition("T")
        data = {"champ": fields, "message": message, "day": day, "hour": hour, "notice": "send"}
        return self.adapter.post(f"/coordination/{round_}/recevabilite/{candidacy}/complement", data)

    def read(self, candidacy: str, request: str) -> httpx.Response:
        """Read a request as the structure's people."""
        return self.adapter.get(f"/candidatures/{candidacy}/complement/{request}")

    def answer(self, candidacy: str, request: str, **values: str) -> httpx.Response:
        """Answer a request. 303; 409 once answered or after its instant; 422 for a field that is not listed."""
        return self.adapter.post(f"/candidatures/{candidacy}/complement/{request}", values)

    def prepare(self, candidacy: str, request: str, field: str, value: str) -> httpx.Response:
        """Keep one answer on the side, as it is typed."""
        data = {"field": field, "value": value, "version": ""}
        return self.adapter.post(
            f"/candidatures/{candidacy}/complement/{request}/enregistrer", data, headers=JSON
        )

    def several(self, round_: str, act: str, candidacies: list[str], **more: Any) -> httpx.Response:
        """Do an act on several candidacies at once (« admissible »), without its preview."""
        data = {"acte": act, "cle": candidacies, **more}
        return self.adapter.post(f"/coordination/{round_}/recevabilite/lot/confirmer", data)

    def preview(self, round_: str, act: str, candidacies: list[str]) -> httpx.Response:
        """Read what an act on several candidacies would do."""
        data = {"acte": act, "cle": candidacies}
        return self.adapter.post(f"/coordination/{round_}/recevabilite/lot", data)
