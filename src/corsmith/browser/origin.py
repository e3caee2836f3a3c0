"""Origins: parsed from URLs, serialised, compared (HTML Standard, "origin"; Fetch, "serializing a request origin")."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_URL = re.compile(
    r"([A-Za-z][A-Za-z0-9+.\-]*):[/\\]*(?:([^/?#\\@]*)@)?(\[[0-9A-Fa-f:.]+\]|[^/?#\\:]*)(?::([0-9]*))?(?=[/?#\\]|$)"
)
_DEFAULTS = {"http": 80, "https": 443}
_LOOPBACK = re.compile(r"localhost|.+\.localhost|127(?:\.[0-9]{1,3}){3}|\[::1\]")
_PRIVATE = re.compile(
    r"10(?:\.[0-9]+){3}|192\.168(?:\.[0-9]+){2}|172\.(?:1[6-9]|2[0-9]|3[01])(?:\.[0-9]+){2}|169\.254(?:\.[0-9]+){2}|.+\.local"
    r"|\[f[cd][0-9a-f:]*\]|\[fe80:[0-9a-f:]*\]"
)


@dataclass(frozen=True, slots=True)
class Origin:
    """A tuple origin: scheme and host in lower case, the port as a number. An opaque origin is None elsewhere."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        """Return the serialised origin, without a default port."""
        if _DEFAULTS.get(self.scheme) == self.port:
            return f"{self.scheme}://{self.host}"
        return f"{self.scheme}://{self.host}:{self.port}"

    @property
    def loopback(self) -> bool:
        """Whether the host is this machine by its name or address: potentially trustworthy even over http."""
        return _LOOPBACK.fullmatch(self.host) is not None

    @property
    def private(self) -> bool:
        """Whether the host is an address of a local network, or ends in `.local`."""
        return _PRIVATE.fullmatch(self.host) is not None


@dataclass(frozen=True, slots=True)
class Url:
    """What CORS needs of a URL: its scheme, its origin (None for schemes other than http and https), userinfo or not."""

    scheme: str
    origin: Origin | None
    has_credentials: bool


@lru_cache(maxsize=4096)
def parse_url(text: str) -> Url | None:
    """Return what CORS needs of an absolute URL, None where it is none or its host or port is bad."""
    match = _URL.match(text)
    if match is None:
        return None
    scheme = match[1].lower()
    if scheme not in _DEFAULTS:
        return Url(scheme, None, has_credentials=False)
    host, port = match[3].lower(), match[4]
    if not host or not _valid_host(host):
        return None
    number = int(port) if port else _DEFAULTS[scheme]
    if number > 65535:
        return None
    return Url(scheme, Origin(scheme, _ascii(host), number), has_credentials=match[2] is not None)


def parse_origin(text: str) -> Origin | None:
    """Return the origin that `text` serialises; None for `null` and for what is no serialised origin."""
    url = parse_url(text)
    origin = url.origin if url is not None else None
    return origin if origin is not None and str(origin) == text else None


_BAD_HOST = re.compile(r"[\x00-\x20#%/:<>?@\[\\\]^|\x7f]")


def _valid_host(host: str) -> bool:
    return host.startswith("[") or _BAD_HOST.search(host) is None


def _ascii(host: str) -> str:
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return host


_CONTROLS = "".join(map(chr, range(0x21)))
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")


def looks_like_url(text: str) -> bool:
    """Say whether Chromium takes an Access-Control-Allow-Origin value for a URL, which decides its message (measured)."""
    try:
        text = text.strip(_CONTROLS).encode("latin-1").decode()
    except UnicodeError:
        return False
    if _SCHEME.match(text) is None:
        return False
    url = parse_url(text)
    if url is not None:
        return url.origin is not None or text.split(":", 1)[1] != ""
    return text.split(":", 1)[0].lower() not in (*_DEFAULTS, "ws", "wss", "ftp")
