"""URLs as browsers read them: absolute, or a Location relative to the URL before (URL Standard, "URL parsing")."""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct

from .hosts import parse_host, parse_opaque_host

_DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443, "ftp": 21}
_BYTE = r"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_FAST = re.compile(
    rf"(https?)://((?:[a-z0-9-]+\.)*[a-z][a-z0-9-]*|{_BYTE}(?:\.{_BYTE}){{3}})(?::([0-9]{{1,5}}))?"
    r"(/[A-Za-z0-9_~/&=+-]*)?(\?[A-Za-z0-9_~/&=+.,:-]*)?"
)
"""Most URLs as they are written: what is to be done to one of these is nothing."""
_MOST = 65535
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_LEADING = "".join(map(chr, range(0x21)))
_DOTS = {".": 1, "%2e": 1, "..": 2, ".%2e": 2, "%2e.": 2, "%2e%2e": 2}


class Url(Struct, frozen=True):
    """A parsed URL. `host` is in its serialised form (None where the scheme has none), `port` None for the default.

    `path` holds the query as well. The fragment is not kept: it is never sent. `origin` is the serialised origin, "null"
    for schemes whose origins are opaque; `text` is the URL as it is asked for, without userinfo.
    """

    scheme: str
    host: str | None
    port: int | None
    path: str
    origin: str
    text: str
    has_userinfo: bool = False

    @property
    def is_http(self) -> bool:
        """Whether the scheme is http or https."""
        return self.scheme in ("http", "https")

    def __str__(self) -> str:
        """Return the URL as it is asked for, without userinfo."""
        return self.text


def _url(scheme: str, host: str | None, port: int | None, path: str, *, userinfo: bool = False) -> Url:
    base = f"{scheme}:" if host is None else f"{scheme}://{host}" + ("" if port is None else f":{port}")
    return Url(scheme, host, port, path, base if scheme in _DEFAULT_PORTS else "null", base + path, userinfo)


@lru_cache(maxsize=1024)
def parse_url(text: str) -> Url | None:
    """Return the URL that `text` names without a base, None when it names none."""
    fast = _FAST.fullmatch(text)
    if fast is not None:
        scheme, host, port, path, query = fast.groups()
        number = int(port) if port else None
        if number is None or number <= _MOST:
            shown = None if number == _DEFAULT_PORTS[scheme] else number
            return _url(scheme, host, shown, (path or "/") + (query or ""))
    return _parse(_trimmed(text), None)


def resolve(base: Url, text: str) -> Url | None:
    """Return the URL that `text` names in a document or response at `base`, None when it names none."""
    return parse_url(text) if _FAST.fullmatch(text) else _parse(_trimmed(text), base)


def _trimmed(text: str) -> str:
    return text.strip(_LEADING).replace("\t", "").replace("\n", "").replace("\r", "").partition("#")[0]


def _parse(text: str, base: Url | None) -> Url | None:
    match = _SCHEME.match(text)
    if match is None:
        return None if base is None else _relative(base, text)
    scheme, rest = match[1].lower(), text[match.end() :]
    if scheme in _DEFAULT_PORTS:
        rest = rest.replace("\\", "/")
        if base is not None and base.scheme == scheme and not rest.startswith("//"):
            return _relative(base, rest)
        return _with_authority(scheme, rest.lstrip("/"))
    if scheme == "file":
        host = re.split(r"[/\\?]", rest[2:], maxsplit=1)[0] if rest.startswith("//") else ""
        return _url(scheme, None, None, rest) if not host or parse_host(host) else None
    if rest.startswith("//"):
        return _with_opaque_host(scheme, rest[2:])
    return _url(scheme, None, None, rest)


def _relative(base: Url, text: str) -> Url | None:
    """Return a URL of the base's scheme, which is http or https wherever a Location is read."""
    path, mark, query = text.partition("?")
    path = path.replace("\\", "/")
    if path.startswith("//"):
        return _with_authority(base.scheme, path.lstrip("/") + mark + query)
    folder, _, old_query = base.path.partition("?")
    if path.startswith("/"):
        whole = path
    elif path:
        whole = folder.rpartition("/")[0] + "/" + path
    else:
        return _url(base.scheme, base.host, base.port, folder + ("?" + (query if mark else old_query)).rstrip("?"))
    return _url(base.scheme, base.host, base.port, _normal(whole) + _escaped(mark + query))


def _with_authority(scheme: str, rest: str) -> Url | None:
    end = re.search(r"[/?]", rest)
    authority, tail = (rest, "") if end is None else (rest[: end.start()], rest[end.start() :])
    userinfo, at, host_port = authority.rpartition("@")
    host_text, port = _split_port(host_port)
    host = parse_host(host_text)
    if not host or port is None:
        return None
    path, mark, query = tail.partition("?")
    number = None if port in ("", str(_DEFAULT_PORTS[scheme])) else int(port)
    return _url(scheme, host, number, _normal(path) + _escaped(mark + query), userinfo=bool(at and userinfo.strip(":")))


def _with_opaque_host(scheme: str, rest: str) -> Url | None:
    end = re.search(r"[/?]", rest)
    authority, path = (rest, "") if end is None else (rest[: end.start()], rest[end.start() :])
    userinfo, _, host_port = authority.rpartition("@")
    host_text, port = _split_port(host_port)
    host = parse_opaque_host(host_text)
    if host is None or port is None or (not host and (userinfo or port)):
        return None
    return _url(scheme, host, int(port) if port else None, path, userinfo=bool(userinfo.strip(":")))


def _split_port(host_port: str) -> tuple[str, str | None]:
    """Return the host's text and the port's digits ("" without one, None where it is no port)."""
    colon = host_port.find(":", host_port.find("]") + 1 if host_port.startswith("[") else 0)
    if colon < 0:
        return host_port, ""
    host, digits = host_port[:colon], host_port[colon + 1 :]
    if digits and not (digits.isascii() and digits.isdigit()):
        return host, None
    number = digits.lstrip("0") or digits[:1]
    return host, number if len(number) < 6 and int(number or "0") <= _MOST else None


def _normal(path: str) -> str:
    """Return an absolute path without dot segments, escaped."""
    out: list[str] = []
    segments = path.replace("\\", "/").split("/")[1:] or [""]
    for at, segment in enumerate(segments):
        dots = _DOTS.get(segment.lower(), 0)
        if dots == 2 and out:
            out.pop()
        if dots and at == len(segments) - 1:
            out.append("")
        if not dots:
            out.append(segment)
    return _escaped("/" + "/".join(out))


def _escaped(text: str) -> str:
    if re.fullmatch(r"[!#-;=?-_a-z|~\[\]{}^]*", text) and not re.search(r"[{}^]", text):
        return text
    return "".join(
        char
        if "!" <= char <= "~" and char not in '"<>`{}^'
        else "".join(f"%{b:02X}" for b in char.encode("utf-8", "replace"))
        for char in text
    )
