"""Verbs from the decision to the public: embargo, read-back, rehearsal, correction, laureates told."""

from __future__ import annotations

import html
import re
from typing import Any

import httpx

from tests.adapter_verbs import Verbs

# A card of the read-back: the structure's name as it is shown, then the field where it is typed again.
LINE = re.compile(r"<h3[^>]*>([^<]*)</h3>(?:(?!<h3).)*?name=\"name-([^\"]+)\"", re.DOTALL)


class PublicationVerbs(Verbs):
    """A round's publication, as its chamber and the national staff conduct it."""

    def _home(self, round_: str) -> str:
        return f"/coordination/{round_}/publication"

    def get(self, round_: str) -> httpx.Response:
        """Read the page: the embargo, what blocks, what is to be read back."""
        return self.adapter.get(self._home(round_))

    def names(self, round_: str) -> dict[str, str]:
        """Return the names to retype, by decision, as the page shows them."""
        page = self.get(round_).text
        return {key: html.unescape(name).strip() for name, key in LINE.findall(page)}

    def embargo(self, round_: str, local: str, **more: str) -> httpx.Response:
        """Set the instant (local time ``YYYY-MM-DDTHH:MM``; ``fold`` « 0 » or « 1 »). 303 done or waiting; 422."""
        day, _, hour = local.partition("T")
        return self.adapter.post(f"{self._home(round_)}/embargo", {"day": day, "hour": hour, **more})

    def arm(self, round_: str, names: dict[str, str] | None = None) -> httpx.Response:
        """Arm, every name retyped (as shown when none is given). 303 done or waiting; 422 wrong name; 409 blocked."""
        return self._read_back(round_, "armer", names)

    def lift(self, round_: str, names: dict[str, str] | None = None) -> httpx.Response:
        """Publish now, every name retyped."""
        return self._read_back(round_, "publier", names)

    def _read_back(self, round_: str, verb: str, names: dict[str, str] | None) -> httpx.Response:
        typed = self.names(round_) if names is None else names
        data = {f"name-{key}": name for key, name in typed.items()}
        return self.adapter.post(f"{self._home(round_)}/{verb}", data)

    def disarm(self, round_: str) -> httpx.Response:
        """Stop what was armed; one person is enough."""
        return self.adapter.post(f"{self._home(round_)}/desarmer")

    def archive(self, round_: str) -> httpx.Response:
        """Archive a published round."""
        return self.adapter.post(f"{self._home(round_)}/archiver")

    def preview(self, round_: str) -> httpx.Response:
        """Ask for a link to the preview. 303 to it; it opens in this session alone."""
        return self.adapter.get(f"{self._home(round_)}/apercu")

    def rehearse(self, round_: str) -> httpx.Response:
        """Rehearse the publication. 303 to what it would make; 409 with what blocks."""
        return self.adapter.post(f"{self._home(round_)}/repetition")

    def rehearsal(self, round_: str) -> httpx.Response:
        """Read what the rehearsal made."""
        return self.adapter.get(f"{self._home(round_)}/repetition")

    def erase_rehearsal(self, round_: str) -> httpx.Response:
        """Erase what is kept of it."""
        return self.adapter.post(f"{self._home(round_)}/repetition/effacer")

    def allow_telling(self, year: int, tells: bool = True) -> httpx.Response:
        """Say whether laureates of the edition may be told under embargo."""
        return self.adapter.post(
            f"/coordination/editions/{year}/laureats-prevenus", {"tells": "y" if tells else "n"}
        )

    def tell(self, round_: str) -> httpx.Response:
        """Tell the laureates of a decided round that something waits."""
        return self.adapter.post(f"{self._home(round_)}/prevenir")

    def told(self, candidacy: str) -> httpx.Response:
        """Read, as a laureate, what is under embargo."""
        return self.adapter.get(f"/candidatures/{candidacy}/embargo")

    def accept(self, candidacy: str, accepted: bool = True) -> httpx.Response:
        """Accept the embargo."""
        return self.adapter.post(f"/candidatures/{candidacy}/embargo", {"accepted": "y"} if accepted else {})

    def decisions(self, round_: str) -> httpx.Response:
        """Read the decisions as the chamber does."""
        return self.adapter.get(f"/coordination/{round_}/decisions")

    def annul(self, round_: str, decision: str, reason: str, **replacement: Any) -> httpx.Response:
        """Annul a decision, or correct it (``candidacy``, ``citation``); a second person does the same to confirm."""
        page = f"/coordination/{round_}/decisions"
        return self.adapter.post(f"{page}/{decision}/annuler", {"reason": reason, **replacement})
