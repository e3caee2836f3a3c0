"""Origins as a policy spells them: read, judged, and matched against what a browser sends.

A browser serialises an origin as `scheme://host` or `scheme://host:port`, lower case, in punycode, without the scheme's
default port and never with a path (HTML Standard, "ASCII serialization of an origin"). An entry that differs from that
by one byte matches nothing, so every difference is a problem here.
"""

from lambda_cors.names import HOST_CHARACTERS, PUBLIC_SUFFIXES, SCHEME_CHARACTERS, SHARED_BY_AWS
from lambda_cors.problems import Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

DEFAULT_PORTS: "Final" = {"http": "80", "https": "443"}
OPAQUE_SCHEMES: "Final" = frozenset(("about", "blob", "data", "file", "javascript"))
LONGEST: "Final" = 320


class Pattern:
    """An entry with a wildcard: any sub-domain of one or more labels, any port, or both."""

    __slots__ = ("any_port", "end", "start", "subdomains")

    def __init__(self, start: str, end: str, *, subdomains: bool, any_port: bool) -> None:
        self.start = start  # "https://"
        self.end = end  # ".example.com", or the whole origin where only the port is open
        self.subdomains = subdomains
        self.any_port = any_port

    def matches(self, origin: str) -> bool:
        if self.any_port:
            head, _, port = origin.rpartition(":")
            if _is_port(port):
                origin = head
        if not self.subdomains:
            return origin == self.end
        if not (origin.startswith(self.start) and origin.endswith(self.end)):
            return False
        labels = origin[len(self.start) : -len(self.end)]
        return HOST_CHARACTERS.issuperset(labels) and "" not in labels.split(".")


def is_loopback(host: str) -> bool:
    """Whether the host is this machine, whatever the resolver says (Secure Contexts, "potentially trustworthy")."""
    if host in ("localhost", "[::1]") or host.endswith(".localhost"):
        return True
    return host.startswith("127.") and _is_ipv4(host)


def is_public_suffix(host: str) -> bool:
    """Whether strangers can own sub-domains of the host, as far as the short list here knows."""
    return "." not in host or host in PUBLIC_SUFFIXES or any(f".{host}".endswith(f".{top}") for top in SHARED_BY_AWS)


def _is_port(text: str) -> bool:
    return text.isdecimal() and text.isascii() and text[0] != "0" and len(text) < 6 and int(text) < 65536


def _is_ipv4(host: str) -> bool:
    parts = host.split(".")
    return len(parts) == 4 and all(p.isdecimal() and p.isascii() and str(int(p)) == p and int(p) < 256 for p in parts)


def _is_ipv6(host: str) -> bool:
    from ipaddress import IPv6Address

    try:
        return str(IPv6Address(host[1:-1])) == host[1:-1] and host.endswith("]") and "%" not in host
    except ValueError:
        return False


def _is_host(host: str) -> bool:
    if host.startswith("["):
        return _is_ipv6(host)
    labels = host.split(".")
    if len(host) > 253 or not HOST_CHARACTERS.issuperset(host) or not all(0 < len(label) < 64 for label in labels):
        return False
    return not labels[-1].isdecimal() or _is_ipv4(host)


def read_origin(
    value: object, *, credentials: bool, insecure: bool, public_suffixes: bool
) -> "tuple[Pattern | None, tuple[Problem, ...]]":
    """The pattern an entry stands for (None: it is exact), and everything that is wrong with it.

    `insecure` and `public_suffixes` are the policy's two `dangerously_…` arguments.
    """
    found: list[Problem] = []

    def problem(code: str, why: str, fix: str) -> None:
        found.append(Problem(code, "origins", value, why, fix))

    if not isinstance(value, str):
        problem("origin-not-a-string", "is not a string", "write an origin such as 'https://app.example.com'")
        return None, tuple(found)
    text = value.strip(" \t\r\n'\"")
    if text != value:
        problem("origin-quoted", "has blanks or quotes around the origin", f"write {text!r}")
    if text.lower() == "null":
        problem("origin-null", "is the origin of every sandboxed page, so anybody can send it", "remove it")
        return None, tuple(found)
    if not text:
        problem("origin-empty", "holds no origin", "remove it, or name the page's origin")
        return None, tuple(found)
    if any(c in text for c in ", ;\t\r\n"):
        parts = [p for p in text.replace(";", ",").replace(",", " ").split() if p]
        problem("origin-list", "holds several origins in one string", f"write {', '.join(map(repr, parts))}")
        return None, tuple(found)

    scheme, separator, rest = text.partition("://")
    if not separator:
        host = text.lstrip("/").partition("/")[0].lower()
        problem("origin-scheme-missing", "has no scheme, and browsers always send one", f"write 'https://{host}'")
        return None, tuple(found)
    cut = min((i for i in map(rest.find, "/?#\\") if i >= 0), default=len(rest))
    authority, path = rest[:cut], rest[cut:]
    userinfo, _, authority = authority.rpartition("@")
    host, colon, port = authority, "", ""
    if authority[authority.rfind("]") + 1 :].count(":"):
        host, colon, port = authority.rpartition(":")

    right = _ascii(host)
    plain = scheme.lower()
    wanted = f"{plain}://{right}"
    if colon and port and port != DEFAULT_PORTS.get(plain):
        wanted += f":{port}"
    fix = f"write {wanted!r}"

    if path == "/":
        problem("origin-trailing-slash", "ends in a slash, which browsers never send", fix)
    elif path:
        problem("origin-path", "has a path, which browsers never send", fix)
    if userinfo:
        problem("origin-userinfo", "has a user name, which browsers never send", fix)
    if not host.isascii():
        problem("origin-idn", "is not in the punycode that browsers send", fix)
    if scheme != plain or (host.isascii() and host != host.lower()):
        problem("origin-upper-case", "has capitals, which browsers never send", fix)
    if plain in OPAQUE_SCHEMES:
        problem("origin-opaque", "belongs to pages whose origin browsers send as null", "serve the page over https")
        return None, tuple(found)
    if not plain or not plain[0].isalpha() or not SCHEME_CHARACTERS.issuperset(plain):
        problem("origin-malformed", "has no valid scheme", "write an origin such as 'https://app.example.com'")
        return None, tuple(found)
    if colon and port != "*":
        if port == DEFAULT_PORTS.get(plain):
            problem("origin-default-port", "names the scheme's default port, which browsers leave out", fix)
        elif not _is_port(port):
            problem("origin-port", "has no valid port", "write a number from 1 to 65535, or ':*' for any port")

    subdomains = right.startswith("*.")
    base = right[2:] if subdomains else right
    if "*" in base:
        problem(
            "origin-wildcard-place",
            "has a wildcard where none has a meaning",
            "write 'https://*.example.com', a port of ':*', or '*' alone",
        )
        return None, tuple(found)
    if not _is_host(base) or (subdomains and (base.startswith("[") or _is_ipv4(base))):
        problem("origin-malformed", "has no valid host", "write an origin such as 'https://app.example.com'")
        return None, tuple(found)
    if plain == "http" and credentials and not insecure and not is_loopback(base):
        problem(
            "origin-insecure",
            "lets whoever can touch the network read with the user's credentials",
            f"write {'https' + wanted[4:]!r}",
        )
    if subdomains and not public_suffixes and is_public_suffix(base) and not is_loopback(base):
        problem("origin-public-suffix", "covers sub-domains that strangers can own", "name the hosts that are yours")
    if found or not (subdomains or port == "*"):
        return None, tuple(found)
    start = f"{plain}://"
    return (
        Pattern(start, f".{base}" if subdomains else start + base, subdomains=subdomains, any_port=port == "*"),
        (),
    )


def _ascii(host: str) -> str:
    lower = host.lower()
    if lower.isascii():
        return lower
    try:
        return ".".join(label.encode("idna").decode() if not label.isascii() else label for label in lower.split("."))
    except UnicodeError:
        return lower
