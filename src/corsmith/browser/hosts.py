"""Hosts of URLs: domains, IPv4 and IPv6 addresses (URL Standard, "Hosts")."""

from __future__ import annotations

import re
import unicodedata
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import unquote_to_bytes

_PLAIN = re.compile(r"(?:[a-z0-9-]+\.)*[a-z][a-z0-9-]*\.?")
_FORBIDDEN = re.compile(r"[\x00-\x1f#%/:<>?@\[\\\]^|\x7f]")
_FORBIDDEN_OPAQUE = re.compile(r"[\x00\t\n\r #/:<>?@\[\\\]^|]")
_NUMERIC = re.compile(r"[0-9]+|0[xX][0-9A-Fa-f]*")
_DOTS = ".\u3002\uff0e\uff61"
_SKIPPED = "\u00ad\u200b\u2060\ufeff"
_UNASSIGNED = frozenset(("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"))


def parse_host(text: str) -> str | None:
    """Return the host of a special URL (http, https, …) in its serialised form, None when it is none."""
    if _PLAIN.fullmatch(text):
        return text
    if text.startswith("["):
        return _ipv6(text)
    domain = _to_ascii(unquote_to_bytes(text.encode("utf-8", "replace")).decode("utf-8", "replace"))
    if not domain or _FORBIDDEN.search(domain):
        return None
    # A space is an error to the standard; Chromium escapes it (see `Profile.accepts_space_in_host`).
    return _ipv4(domain) if _ends_in_number(domain) else domain.replace(" ", "%20")


def parse_opaque_host(text: str) -> str | None:
    """Return the host of a URL of any other scheme, None when it is none."""
    if text.startswith("["):
        return _ipv6(text)
    return None if _FORBIDDEN_OPAQUE.search(text) else text


def _ipv6(text: str) -> str | None:
    if not text.endswith("]") or "%" in text:
        return None
    try:
        return f"[{IPv6Address(text[1:-1]).compressed}]"
    except AddressValueError:
        return None


def _to_ascii(domain: str) -> str | None:
    """Return the domain in lower case, its other labels in punycode; None where a label cannot be (UTS 46, restated)."""
    if domain.isascii():
        return domain.lower()
    if any("." in unicodedata.normalize("NFKC", char) for char in domain if char not in _DOTS):
        return None
    mapped = unicodedata.normalize("NFKC", domain.translate(dict.fromkeys(map(ord, _SKIPPED))).casefold()).casefold()
    labels = [_label(label) for label in re.split(f"[{_DOTS}]", mapped)]
    return None if None in labels else ".".join(label for label in labels if label is not None)


def _label(label: str) -> str | None:
    if label.isascii():
        return label
    if "\ufffd" in label or any(unicodedata.category(char) in _UNASSIGNED for char in label):
        return None
    if unicodedata.category(label[0])[0] == "M" or not _is_one_direction(label):
        return None
    return "xn--" + label.encode("punycode").decode("ascii")


def _is_one_direction(label: str) -> bool:
    """Say whether a label does not mix letters that run left to right with those that run the other way (RFC 5893)."""
    directions = {unicodedata.bidirectional(char) for char in label}
    return not directions & {"R", "AL", "AN"} or "L" not in directions


def _ends_in_number(domain: str) -> bool:
    labels = domain.removesuffix(".").split(".")
    return _NUMERIC.fullmatch(labels[-1]) is not None


def _ipv4(domain: str) -> str | None:
    numbers = [_number(part) for part in domain.removesuffix(".").split(".")]
    known = [number for number in numbers if number is not None]
    if len(known) != len(numbers) or len(known) > 4 or any(number > 255 for number in known[:-1]):
        return None
    if known[-1] >= 256 ** (5 - len(known)):
        return None
    return str(IPv4Address(known[-1] + sum(number << 8 * (3 - place) for place, number in enumerate(known[:-1]))))


def _number(part: str) -> int | None:
    try:
        if part[:2] in ("0x", "0X"):
            return int(part[2:], 16) if part[2:] else 0
        return int(part, 8 if len(part) > 1 and part.startswith("0") else 10)
    except ValueError:
        return None
