"""Origins as a policy spells them: judged, and matched against what a browser sends.

A browser writes an origin as `scheme://host[:port]`: lower case, punycode, no default port, no path (HTML Standard,
"ASCII serialization of an origin"). An entry that differs by one byte matches nothing, so each difference is a problem.
"""

from lambda_cors.policy import Problem
from lambda_cors.responses import ALPHANUMERIC

HOST = frozenset(ALPHANUMERIC + "-_.")
SCHEME = frozenset(ALPHANUMERIC + "+-.")
DEFAULT_PORTS = {"http": "80", "https": "443"}
OPAQUE_SCHEMES = ("about", "blob", "data", "file", "javascript")
# Where the callers of Lambda functions live, and any stranger may too. One-label suffixes need no list.
PUBLIC_SUFFIXES = (
    " amplifyapp.com cloudfront.net elasticbeanstalk.com awsapprunner.com github.io gitlab.io vercel.app now.sh"
    " netlify.app pages.dev workers.dev web.app firebaseapp.com run.app appspot.com herokuapp.com onrender.com"
    " azurewebsites.net azurestaticapps.net fly.dev railway.app surge.sh glitch.me repl.co replit.app deno.dev"
    " ngrok.io ngrok.app ngrok-free.app trycloudflare.com lovable.app github.dev gitpod.io webflow.io"
    " blogspot.com myshopify.com co.uk org.uk com.au net.au co.nz co.jp co.kr co.in co.za com.br com.mx com.cn "
)
# Whatever AWS puts in front of these names (region, service, bucket) is handed out to strangers.
SHARED_BY_AWS = (".amazonaws.com", ".amazonaws.com.cn", ".on.aws")


class Pattern:
    """An entry with a wildcard: any sub-domain of one or more labels, any port, or both."""

    __slots__ = ("any_port", "end", "start")

    def __init__(self, scheme: str, host: str, *, any_port: bool) -> None:
        self.any_port = any_port
        self.start = f"{scheme}://"
        self.end = host.removeprefix("*")

    def matches(self, origin: str) -> bool:
        """Whether a browser's origin is one of those meant."""
        head, _, port = origin.rpartition(":")
        if self.any_port and _is_port(port):
            origin = head
        if self.end[0] != ".":
            return origin == self.start + self.end
        labels = origin.removeprefix(self.start).removesuffix(self.end)
        return f"{self.start}{labels}{self.end}" == origin and HOST.issuperset(labels) and "" not in labels.split(".")


def is_loopback(host: str) -> bool:
    """Whether the host is this machine, whatever the resolver says (Secure Contexts, "potentially trustworthy")."""
    return host in ("localhost", "[::1]") or host.endswith(".localhost") or (host.startswith("127.") and _is_ipv4(host))


def is_public_suffix(host: str) -> bool:
    """Whether strangers can own sub-domains of the host, as far as the short list here knows."""
    return "." not in host or f" {host} " in PUBLIC_SUFFIXES or f".{host}".endswith(SHARED_BY_AWS)


def _is_port(text: str) -> bool:
    return _is_number(text, 65536) and text != "0"


def _is_number(text: str, end: int) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 6 and str(int(text)) == text and int(text) < end


def _is_ipv4(host: str) -> bool:
    return host.count(".") == 3 and all(_is_number(part, 256) for part in host.split("."))


def _is_host(host: str) -> bool:
    if host[:1] == "[":
        from ipaddress import IPv6Address

        try:
            return f"[{IPv6Address(host[1:-1])}]" == host and "%" not in host
        except ValueError:
            return False
    labels = host.split(".")
    if len(host) > 253 or not HOST.issuperset(host) or not all(0 < len(label) < 64 for label in labels):
        return False
    # A last label that is a number, hexadecimal ones included, makes the host an address (URL Standard, "host parsing").
    last = labels[-1]
    is_number = last.isdecimal() or (last[:2] == "0x" and not last[2:].strip("0123456789abcdef"))
    return not is_number or _is_ipv4(host)


def _punycode(host: str) -> str:
    try:
        return host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        return host


def read_origin(
    value: object, *, credentials: bool, insecure: bool, suffixes: bool
) -> tuple[Pattern | None, list[Problem]]:
    """The pattern that an entry stands for (None: it is exact), and everything that is wrong with it.

    insecure and suffixes: whether the policy's two `dangerously_…` arguments let those pass.
    """
    found: list[Problem] = []

    def problem(code: str, why: str, fix: str) -> None:
        found.append(Problem(f"origin-{code}", "origins", value, why, fix))

    text = value.strip(" \t\r\n'\"") if isinstance(value, str) else ""
    parts = text.replace(",", " ").replace(";", " ").split()
    scheme, separator, rest = text.partition("://")
    if text.lower() == "null":
        problem("null", "is sent by every sandboxed page, so by anybody", "remove it")
    elif len(parts) > 1:
        problem("list", "holds several origins in one string", f"write {', '.join(map(repr, parts))}")
    elif text == "*":
        problem("quoted", "has blanks or quotes around the star", "write '*'")
    elif text and not separator:
        host = _punycode(text.strip("/").partition("/")[0].lower())
        problem("scheme-missing", "has no scheme, and browsers always send one", f"write 'https://{host}'")
    if found:
        return None, found
    if text and text != value:
        problem("quoted", "has blanks or quotes around the origin", f"write {text!r}")
    end = min((i for i in map(rest.find, "/?#\\") if i >= 0), default=len(rest))
    given, path = rest[:end], rest[end:]
    host, colon, port = (given, "", "") if given.endswith("]") else given.rpartition(":")
    host = host if colon else given
    plain, right = scheme.lower(), _punycode(host.lower())
    base = right.removeprefix("*.")
    port_is_fine = not colon or port == "*" or _is_port(port)
    if plain in OPAQUE_SCHEMES:
        problem("opaque", "is a page whose origin browsers send as null", "serve the page over https")
    elif "*" in base:
        problem(
            "wildcard", "has a wildcard where it means nothing", "write '*', or 'https://*.example.com', or a port ':*'"
        )
    elif not (plain[:1].isalpha() and SCHEME.issuperset(plain) and _is_host(base) and port_is_fine) or (
        base != right and (base[0] == "[" or _is_ipv4(base))
    ):
        problem("malformed", "is not an origin", "write an origin such as 'https://app.example.com'")
    else:
        is_default = port == DEFAULT_PORTS.get(plain)
        wanted = f"{plain}://{right}" + (f":{port}" if colon and not is_default else "")
        fix = f"write {wanted!r}"
        if path == "/":
            problem("trailing-slash", "ends in a slash, which browsers never send", fix)
        elif path:
            problem("path", "has a path, which browsers never send", fix)
        if not host.isascii():
            problem("idn", "is not in the punycode that browsers send", fix)
        elif scheme != plain or host != right:
            problem("upper-case", "has capitals, which browsers never send", fix)
        if is_default:
            problem("default-port", "names the default port, which browsers leave out", fix)
        if plain == "http" and credentials and not insecure and not is_loopback(base):
            fix = f"write {wanted.replace('http', 'https', 1)!r}"
            problem("insecure", "lets anybody on the network read with the user's credentials", fix)
        if base != right and not suffixes and is_public_suffix(base) and not is_loopback(base):
            problem("public-suffix", "covers sub-domains that strangers can own", "name the hosts that are yours")
    if found or (base == right and port != "*"):
        return None, found
    return Pattern(plain, right, any_port=port == "*"), found
