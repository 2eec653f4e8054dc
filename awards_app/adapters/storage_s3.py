"""Files on an S3 server: the five requests we make, signed by Signature Version 4, with the standard library.

The algorithm is the one published as « AWS Signature Version 4 for API requests »; the tests put it before a real server.
"""

import hashlib
import hmac
import http.client
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import parse_qs, quote, unquote, urlsplit
from xml.etree import ElementTree

PATIENCE_SECONDS = 20.0
EMPTY = hashlib.sha256(b"").hexdigest()


class S3Fault(OSError):
    """The server did not do what it was asked."""


class S3Storage:
    """Files in a bucket: ``https://ACCESS:SECRET@host[:port]/bucket[/prefix]?region=REGION``."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or not parts.path.strip("/"):
            raise ValueError("AWARDS_S3_URL: https://ACCESS:SECRET@host/bucket?region=REGION")
        bucket, _, prefix = parts.path.strip("/").partition("/")
        self._secure = parts.scheme == "https"
        self._host = parts.hostname + (f":{parts.port}" if parts.port else "")
        self._access, self._secret = unquote(parts.username or ""), unquote(parts.password or "")
        self._bucket, self._prefix = bucket, f"{prefix}/" if prefix else ""
        self._region = (parse_qs(parts.query).get("region") or ["us-east-1"])[0]

    def put(self, key: str, content: bytes) -> None:
        """Keep ``content``; the server answers once it is whole."""
        self._ask("PUT", key, content, wanted=(200,))

    def get(self, key: str) -> bytes | None:
        """Return the bytes, None if there are none."""
        status, body = self._ask("GET", key, wanted=(200, 404))
        return body if status == 200 else None

    def delete(self, key: str) -> None:
        """Forget the bytes, if any."""
        self._ask("DELETE", key, wanted=(200, 204, 404))

    def exists(self, key: str) -> bool:
        """Say whether there are bytes."""
        return self._ask("HEAD", key, wanted=(200, 404))[0] == 200

    def url(self, key: str) -> str:
        """Return the name of the object."""
        return f"s3://{self._bucket}/{self._prefix}{key}"

    def stored(self) -> Iterator[tuple[str, int, float]]:
        """Yield each object under the prefix with its size and time."""
        following = ""
        while True:
            query = {"list-type": "2", "prefix": self._prefix}
            if following:
                query["continuation-token"] = following
            _, body = self._ask("GET", "", query=query, wanted=(200,))
            # The server is ours: its list is read by the standard parser.
            tree = ElementTree.fromstring(body)
            space = tree.tag.partition("}")[0] + "}" if tree.tag.startswith("{") else ""
            for item in tree.iter(f"{space}Contents"):
                name = (item.findtext(f"{space}Key") or "").removeprefix(self._prefix)
                changed = datetime.fromisoformat(
                    (item.findtext(f"{space}LastModified") or "").replace("Z", "+00:00")
                )
                yield name, int(item.findtext(f"{space}Size") or 0), changed.timestamp()
            following = tree.findtext(f"{space}NextContinuationToken") or ""
            if not following:
                return

    def _ask(
        self,
        method: str,
        key: str,
        content: bytes = b"",
        *,
        query: dict[str, str] | None = None,
        wanted: tuple[int, ...],
    ) -> tuple[int, bytes]:
        path = quote(f"/{self._bucket}/{self._prefix}{key}" if key else f"/{self._bucket}/")
        asked = "&".join(
            f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in sorted((query or {}).items())
        )
        headers = self._signed(method, path, asked, content, datetime.now(UTC))
        kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
        server = kind(self._host, timeout=PATIENCE_SECONDS)
        try:
            server.request(method, path + (f"?{asked}" if asked else ""), content or None, headers)
            answer = server.getresponse()
            body = answer.read()
        except http.client.HTTPException as fault:
            raise S3Fault(f"{method} {self.url(key)}: {fault}") from fault
        finally:
            server.close()
        if answer.status not in wanted:
            raise S3Fault(f"{method} {self.url(key)}: {answer.status}")
        return answer.status, body

    def _signed(self, method: str, path: str, query: str, content: bytes, now: datetime) -> dict[str, str]:
        day, instant = f"{now:%Y%m%d}", f"{now:%Y%m%dT%H%M%SZ}"
        body = hashlib.sha256(content).hexdigest() if content else EMPTY
        headers = {"host": self._host, "x-amz-content-sha256": body, "x-amz-date": instant}
        names = ";".join(sorted(headers))
        lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
        canonical = "\n".join((method, path, query, lines, names, body))
        scope = f"{day}/{self._region}/s3/aws4_request"
        to_sign = "\n".join(
            ("AWS4-HMAC-SHA256", instant, scope, hashlib.sha256(canonical.encode()).hexdigest())
        )
        signing = f"AWS4{self._secret}".encode()
        for word in (day, self._region, "s3", "aws4_request"):
            signing = hmac.digest(signing, word.encode(), "sha256")
        signature = hmac.digest(signing, to_sign.encode(), "sha256").hex()
        headers["authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={self._access}/{scope}, SignedHeaders={names}, Signature={signature}"
        )
        return headers
