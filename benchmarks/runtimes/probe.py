"""What each stack does where CORS libraries differ: prints one JSON object, {probe: {stack: what it does}}."""

import json
import logging
import sys
from typing import Any

from stacks import STACKS, Context, Handler, Wanted, event, preflight

APP, EVIL = "https://app.example.com", "https://evil.example.net"
logging.disable()


def headers_of(response: dict[str, Any]) -> dict[str, list[str]]:
    """All header lines by lower-case name."""
    lines: dict[str, list[str]] = {}
    for key in ("headers", "multiValueHeaders"):
        for name, value in (response.get(key) or {}).items():
            lines.setdefault(name.lower(), []).extend(value if isinstance(value, list) else [value])
    return lines


def ask(handler: Handler, made: dict[str, Any]) -> tuple[Any, dict[str, list[str]]]:
    """Status and headers; the status of an exception is None."""
    try:
        response = handler(made, Context())
    except Exception:  # noqa: BLE001 - whatever a stack raises, Lambda answers 502
        return None, {}
    return response["statusCode"], headers_of(response)


def reader(wanted: Wanted, stack: str, origin: str) -> str:
    """Whether the origin may read under a policy, and whether the policy was taken at all."""
    if wanted.regex is not None and stack in ("hand-written", "Powertools", "Chalice"):
        return "cannot be said"
    try:
        handler = STACKS[stack](wanted)
    except Exception:  # noqa: BLE001 - each stack has its own way of refusing
        return "refused"
    _, headers = ask(handler, event("1.0", origin=origin))
    allowed = headers.get("access-control-allow-origin", [])
    with_credentials = headers.get("access-control-allow-credentials") == ["true"]
    if allowed == [origin]:
        return "may read with credentials" if with_credentials else "may read"
    if allowed == ["*"]:
        return "`*` with credentials: blocked" if with_credentials else "`*`, credentials dropped"
    return "denied"


def vary(stack: str, **headers: str) -> str:
    _, said = ask(STACKS[stack](Wanted()), event("1.0", **headers))
    return ", ".join(sorted({v.strip().lower() for line in said.get("vary", []) for v in line.split(",")})) or "none"


def own_vary(stack: str) -> str:
    _, said = ask(STACKS[stack](Wanted(own=(("Vary", "Accept-Encoding"),))), event("1.0", origin=APP))
    names = {v.strip().lower() for line in said.get("vary", []) for v in line.split(",")}
    return "kept" if "accept-encoding" in names else "lost"


def own_header(stack: str) -> str:
    _, said = ask(STACKS[stack](Wanted(own=(("access-control-allow-origin", "*"),))), event("1.0", origin=APP))
    lines = said.get("access-control-allow-origin", [])
    return "replaced" if lines == [APP] else ("sent twice" if len(lines) > 1 else f"kept: {lines}")


def answered(stack: str, made: dict[str, Any]) -> str:
    status, said = ask(STACKS[stack](Wanted()), made)
    names = sorted(name.removeprefix("access-control-") for name in said if name.startswith("access-control-"))
    return f"{status}, " + (", ".join(names) if names else "no CORS headers")


def crash(stack: str) -> str:
    status, said = ask(STACKS[stack](Wanted(fails=True)), event("1.0", origin=APP))
    kept = said.get("access-control-allow-origin") == [APP]
    return (
        "exception: 502 without headers"
        if status is None
        else f"{status} " + ("with headers" if kept else "without headers")
    )


def plain_options(stack: str) -> str:
    status, _ = ask(STACKS[stack](Wanted()), event("1.0", "OPTIONS", origin=APP))
    return "swallowed" if status == 204 else "reaches the code"


PROBES = {
    "`*` with credentials, any site asks": lambda s: reader(Wanted(origins=("*",)), s, EVIL),
    "policy `https://app.example.com/`": lambda s: reader(Wanted(origins=(APP + "/",)), s, APP),
    "policy `app.example.com`": lambda s: reader(Wanted(origins=("app.example.com",)), s, APP),
    "policy `null` with credentials": lambda s: reader(Wanted(origins=("null",)), s, "null"),
    "policy `http://app.example.com` with credentials": lambda s: reader(
        Wanted(origins=("http://app.example.com",)), s, "http://app.example.com"
    ),
    "sub-domains of example.com, `https://a.example.com` asks": lambda s: reader(
        Wanted(regex="https://*.example.com"), s, "https://a.example.com"
    ),
    "sub-domains of example.com, `https://a.example.com.evil.test` asks": lambda s: reader(
        Wanted(regex="https://*.example.com"), s, "https://a.example.com.evil.test"
    ),
    "max-age 1,000,000,000": lambda s: reader(Wanted(max_age=10**9), s, APP),
    "method `POS T`": lambda s: reader(Wanted(methods=("POS T",)), s, APP),
    "`Vary`, allowed origin": lambda s: vary(s, origin=APP),
    "`Vary`, denied origin": lambda s: vary(s, origin=EVIL),
    "`Vary`, no Origin": lambda s: vary(s),
    "the handler's own `Vary: Accept-Encoding`": own_vary,
    "the handler's own `access-control-allow-origin: *`": own_header,
    "preflight, denied origin": lambda s: answered(s, preflight("1.0", EVIL)),
    "preflight, denied header": lambda s: answered(s, preflight("1.0", names="x-evil")),
    "OPTIONS that is no preflight": plain_options,
    "the handler raises": crash,
}

if __name__ == "__main__":
    json.dump({probe: {stack: does(stack) for stack in STACKS} for probe, does in PROBES.items()}, sys.stdout, indent=1)
