"""The page and the call that its script makes: what the browser starts from."""

from __future__ import annotations

from dataclasses import dataclass

from corsmith.api.exchange import Headers


@dataclass(frozen=True, slots=True)
class Page:
    """A document. `origin` is its origin as text (`https://app.example.com`), "null" for an opaque one.

    `local_network` says how the user answered the browser's question whether the page may reach private addresses:
    "granted" or "denied".
    """

    origin: str
    local_network: str = "granted"


@dataclass(frozen=True, slots=True)
class PageRequest:
    """A call as the script writes it, before the browser has normalised anything.

    `credentials`: "omit", "same-origin" or "include"; `mode`: "cors", "no-cors" or "same-origin"; `redirect`:
    "follow", "error" or "manual"; `via`: "fetch", "xhr", or "xhr-upload" (XMLHttpRequest with a listener on its upload
    object); `body_kind`: "text", or "stream" for a ReadableStream.
    """

    url: str
    method: str = "GET"
    headers: Headers = ()
    credentials: str = "same-origin"
    mode: str = "cors"
    body: bytes | None = None
    redirect: str = "follow"
    via: str = "fetch"
    body_kind: str = "text"
