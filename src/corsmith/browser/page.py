"""The page and the call that its script makes: what the browser starts from."""

from __future__ import annotations

from msgspec import Struct

from corsmith.api.exchange import Headers


class Page(Struct, frozen=True):
    """A document. `origin` is its origin as browsers send it: `https://app.example.com`, or "null" when opaque.

    `local_network` is the user's answer to whether the page may reach private addresses: "granted" or "denied".
    `delivered_by` is the origin of the server where the page's own origin is opaque; mixed content depends on it.
    """

    origin: str
    local_network: str = "granted"
    delivered_by: str | None = None


class PageRequest(Struct, frozen=True):
    """A call as the script writes it, before the browser has normalised anything.

    `credentials`: "omit", "same-origin" or "include"; `mode`: "cors", "no-cors" or "same-origin"; `redirect`:
    "follow", "error" or "manual"; `via`: "fetch", "xhr", or "xhr-upload" (XMLHttpRequest with a listener on its upload
    object); `stream`: the body is a ReadableStream; `keepalive`: the call may outlive the page. XMLHttpRequest knows no
    other mode than "cors" and no other redirect mode than "follow".
    """

    url: str
    method: str = "GET"
    headers: Headers = ()
    credentials: str = "same-origin"
    mode: str = "cors"
    redirect: str = "follow"
    body: bytes | None = None
    via: str = "fetch"
    stream: bool = False
    keepalive: bool = False
