"""Reading a curl command, as the network panels of browsers copy it. Nothing is run."""

from __future__ import annotations

import base64
import shlex

from corsmith.api.exchange import Headers
from corsmith.browser.request_headers import is_forbidden

from .question import STAND_IN, BadQuestion, Question, checked, read_headers

_DATA = frozenset(("-d", "--data", "--data-raw", "--data-ascii", "--data-binary", "--data-urlencode", "--json"))
_TAKE_A_VALUE = frozenset(
    (
        "-A", "--user-agent", "-e", "--referer", "-m", "--max-time", "--connect-timeout", "-o", "--output", "-x", "--proxy",
        "--resolve", "--cacert", "--cert", "--key", "-w", "--write-out", "-c", "--cookie-jar", "-F", "--form", "--retry",
    )
)  # fmt: skip
_SET_BY_BROWSERS = frozenset(("user-agent", "pragma", "cache-control", "priority", "upgrade-insecure-requests"))
"""Headers that a copied command carries though no script set them; those that scripts may not set are known anyway."""


def is_curl(text: str) -> bool:
    """Say whether `text` begins like a curl command."""
    return text.lstrip("$> \t\r\n").startswith(("curl ", "curl.exe ", "curl\t", "curl\n"))


def read_curl(text: str) -> Question:
    """Return the call that a page would make where the command was copied. Raises `BadQuestion`."""
    try:
        words = shlex.split(text.lstrip("$> \t\r\n").replace("\\\r\n", " ").replace("\\\n", " ").replace("^\n", " "))
    except ValueError:
        raise BadQuestion("paste", "The curl command ends inside a quotation.") from None
    url, method, data, headers, cookies = "", "", "", list[str](), ""
    at = 1
    while at < len(words):
        word, at = words[at], at + 1
        name, equals, given = word.partition("=") if word.startswith("--") else (word, "", "")
        if not word.startswith("-") or word == "-":
            url = url or word
            continue
        if not word.startswith("--") and len(word) > 2 and word[1] in "XHdbu":
            name, given, equals = word[:2], word[2:], "="
        if name in _DATA | _TAKE_A_VALUE | {
            "-X",
            "--request",
            "-H",
            "--header",
            "-b",
            "--cookie",
            "-u",
            "--user",
            "--url",
        }:
            value = given if equals else words[at] if at < len(words) else ""
            at += 0 if equals else 1
            if name in ("-X", "--request"):
                method = value
            elif name in ("-H", "--header"):
                headers.append(value)
            elif name in ("-b", "--cookie"):
                cookies = value
            elif name in ("-u", "--user"):
                headers.append("Authorization: Basic " + base64.b64encode(value.encode()).decode())
            elif name == "--url":
                url = value
            elif name in _DATA:
                data = f"{data}&{value}" if data else value
                headers += ["Content-Type: application/json"] if name == "--json" else []
        elif name in ("-I", "--head"):
            method = method or "HEAD"
    pairs = read_headers(headers)
    origin = next((value for name, value in pairs if name.lower() == "origin"), "") or _page(pairs) or STAND_IN
    return checked(
        Question(
            url if "://" in url or not url else f"http://{url}",
            origin,
            method or ("POST" if data else "GET"),
            _of_script(pairs),
            bool(cookies) or any(name.lower() == "cookie" for name, _ in pairs),
            data,
        )
    )


def _of_script(pairs: Headers) -> Headers:
    return tuple(
        (name, value)
        for name, value in pairs
        if not is_forbidden(name.lower(), value) and name.lower() not in _SET_BY_BROWSERS
    )


def _page(pairs: Headers) -> str:
    """Return the origin of the page that a Referer names, "" without one."""
    referer = next((value for name, value in pairs if name.lower() == "referer"), "")
    scheme, separator, rest = referer.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}" if separator else ""
