"""Origins that an API must refuse, made from the page's own origin and from the server's name.

The union of what CORScanner, Corsy, corsair_scan, CorsOne, nuclei's template and ZAP's rule try (their sources), as far as
it differs for a server. Whether a browser can send an origin is decided by the URL Standard: it is one that a URL serialises
to as it stands.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from corsmith.browser.origin import is_loopback, parse_origin
from corsmith.browser.url import parse_url

ATTACKER = "attacker.example"
"""A name that nobody has (RFC 2606)."""
_BETWEEN = "_-~!$&'()*+,;=`{}|^%"
"""Characters that some browsers take, or took, in a host, and at which a sloppy pattern ends."""


class Stranger(Struct, frozen=True):
    """An origin that is to be refused.

    `kind`: "any" (unrelated), "null", "prefix" (begins like the page's own), "suffix" (ends like it), "dot" (a dot that
    matches any character), "http", "port", "subdomain", "trailing-dot", "case", "userinfo", "list". `sendable`: a
    browser can send it.
    """

    kind: str
    origin: str
    sendable: bool = True


def strangers(page: str, server: str) -> tuple[Stranger, ...]:
    """Return the origins to try for a page at `page` whose calls go to `server`, both origins; each once."""
    found = (Stranger("any", f"https://{ATTACKER}"), Stranger("null", "null"), *_like(page), *_like(server))
    kept: dict[str, Stranger] = {}
    for each in found:
        if each.origin not in (page, server):
            kept.setdefault(each.origin, Stranger(each.kind, each.origin, _sendable(each.origin)))
    return tuple(kept.values())


def _sendable(origin: str) -> bool:
    return origin == "null" or parse_origin(origin) is not None


def _like(own: str) -> Iterator[Stranger]:
    """Yield what looks like an origin and is none of its owner's, or none that was meant."""
    url = parse_url(own)
    if url is None or not url.is_http or not url.host:
        return
    scheme, host = url.scheme, url.host
    port = "" if url.port is None else f":{url.port}"
    yield Stranger("prefix", f"{scheme}://{host}.{ATTACKER}{port}")
    yield Stranger("prefix", f"{scheme}://{host}{port}.{ATTACKER}" if port else f"{scheme}://{host}-{ATTACKER}")
    for char in _BETWEEN:
        yield Stranger("prefix", f"{scheme}://{host}{'%60' if char == '%' else char}.{ATTACKER}")
    yield Stranger("userinfo", f"{scheme}://{host}@{ATTACKER}")
    yield Stranger("list", f"{own}, https://{ATTACKER}")
    yield Stranger("list", f"{own} https://{ATTACKER}")
    if scheme == "https":
        yield Stranger("http", f"http://{host}{port}")
    yield Stranger("port", f"{scheme}://{host}:{8443 if url.port != 8443 else 9443}")
    if host[0] == "[" or host.replace(".", "").isdecimal() or is_loopback(host):
        return
    yield Stranger("case", f"{scheme}://{host.upper()}{port}")
    yield Stranger("trailing-dot", f"{scheme}://{host.rstrip('.')}.{port}")
    yield Stranger("subdomain", f"{scheme}://corsmith-probe.{host}{port}")
    labels = host.split(".")
    base = ".".join(labels[-2:])
    yield Stranger("suffix", f"{scheme}://corsmith{base}{port}")
    yield Stranger("suffix", f"{scheme}://{ATTACKER.replace('.', '-')}.corsmith{base}{port}")
    if len(labels) > 2:
        yield Stranger("subdomain", f"{scheme}://corsmith-probe.{base}{port}")
        # The dot before the domain that its owner registered: with another character it is part of a name to register.
        yield Stranger("dot", f"{scheme}://{'.'.join(labels[:-2])}x{base}{port}")
