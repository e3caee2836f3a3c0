"""The way to a verdict, step by step, for people. Nothing here decides; it retells what `fetch` decided."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from corsmith.api.exchange import NetworkFailure

from .failure import OF_CORS_CHECK, Failure, Kind
from .methods import SAFELISTED
from .verdict import Judged, Verdict


class Step(Struct, frozen=True):
    """One thing that the browser looked at: its name, why it passed or did not, the section of the Fetch Standard."""

    name: str
    reason: str
    section: str
    passed: bool = True


def steps(verdict: Verdict) -> tuple[Step, ...]:
    """Return every step of the verdict; the last one decided."""
    return tuple(_told(verdict))


def _told(verdict: Verdict) -> Iterator[Step]:
    failure = verdict.failure
    for at, each in enumerate(verdict.judged):
        stops = failure is not None and failure.at != "before" and at == len(verdict.judged) - 1
        yield from _preflight(each) if each.kind == "preflight" else _request(each, verdict, at)
        if stops and failure is not None:
            yield _stop(failure, each)
            return
        yield from _passed(each, verdict)
    if failure is not None:
        yield Step(NAMES[failure.kind], _why(failure), failure.kind.section, passed=False)
        return
    yield Step("response", _readable(verdict), "Filtered response")


def _preflight(each: Judged) -> Iterator[Step]:
    asked = dict(each.request.headers)
    names = asked.get("Access-Control-Request-Headers")
    method = asked["Access-Control-Request-Method"]
    reasons = [f"{method} is not a safelisted method"] if method not in SAFELISTED else []
    reasons += [f"the headers {names} are not safelisted"] if names else []
    because = " and ".join(reasons) or "the call is one that is always preflighted"
    yield Step("preflight", f"OPTIONS {each.request.url} is sent first, because {because}", "CORS-preflight fetch")


def _request(each: Judged, verdict: Verdict, at: int) -> Iterator[Step]:
    if each.tainting == "basic":
        yield Step("same origin", f"{each.request.url} is of the page's own origin: no CORS", "Main fetch")
    elif each.tainting == "opaque":
        yield Step("mode", "the mode is no-cors: the script will see nothing of the response", "Main fetch")
    elif at == 0:
        yield Step("no preflight", f"{each.request.method} with safelisted headers needs no preflight", "Main fetch")


def _passed(each: Judged, verdict: Verdict) -> Iterator[Step]:
    answer = each.response
    assert not isinstance(answer, NetworkFailure), "a lost connection does not pass"
    if each.kind == "preflight":
        yield Step(
            "preflight answer",
            f"answered {answer.status}; it allows the origin {each.origin}, the method and the headers",
            "CORS-preflight fetch",
        )
    elif each.tainting == "cors":
        yield Step("CORS check", f"answered {answer.status}; it allows the origin {each.origin}", "CORS check")
    if each.kind == "request" and each is not verdict.judged[-1]:
        yield Step("redirect", f"answered {answer.status}: it leads on to another address", "HTTP-redirect fetch")


def _stop(failure: Failure, each: Judged) -> Step:
    of_preflight = "of the preflight's answer" if each.kind == "preflight" else "of the response"
    name = f"CORS check {of_preflight}" if failure.kind in OF_CORS_CHECK else NAMES[failure.kind]
    return Step(name, _why(failure, each), failure.kind.section, passed=False)


def _readable(verdict: Verdict) -> str:
    if verdict.tainting == "opaque":
        return "the call is made, and its response is opaque: status 0, no headers, no body"
    if verdict.tainting == "opaqueredirect":
        return "the script gets an opaque redirect: status 0, no headers, no body"
    return f"the script reads the response; its headers: {', '.join(verdict.exposed) or 'none'}"


NAMES = {
    **dict.fromkeys(OF_CORS_CHECK, "CORS check"),
    Kind.PREFLIGHT_STATUS: "preflight status",
    Kind.PREFLIGHT_REDIRECT: "preflight status",
    Kind.ALLOW_METHODS_SYNTAX: "Access-Control-Allow-Methods",
    Kind.ALLOW_HEADERS_SYNTAX: "Access-Control-Allow-Headers",
    Kind.METHOD_NOT_ALLOWED: "Access-Control-Allow-Methods",
    Kind.HEADER_NOT_ALLOWED: "Access-Control-Allow-Headers",
    Kind.REDIRECT_HAS_CREDENTIALS: "redirect",
    Kind.EMBEDDED_CREDENTIALS: "redirect",
    Kind.PREFLIGHT_REDIRECT_LOST: "preflight status",
    Kind.REDIRECT_SCHEME: "redirect",
    Kind.REDIRECT_CORS_SCHEME: "redirect",
    Kind.REDIRECT_UNKNOWN_SCHEME: "redirect",
    Kind.REDIRECT_INVALID: "redirect",
    Kind.REDIRECT_MODE: "redirect",
    Kind.TOO_MANY_REDIRECTS: "redirect",
    Kind.MODE_SAME_ORIGIN: "mode",
    Kind.MODE_SAME_ORIGIN_LEFT: "mode",
    Kind.MODE_NO_CORS_REDIRECT: "mode",
    Kind.SCHEME: "scheme",
    Kind.BAD_PORT: "port",
    Kind.MIXED_CONTENT: "mixed content",
    Kind.LOCAL_NETWORK: "local network access",
    Kind.INSECURE_LOCAL_NETWORK: "local network access",
    Kind.RESOURCE_POLICY: "Cross-Origin-Resource-Policy",
    Kind.RESOURCE_POLICY_SITE: "Cross-Origin-Resource-Policy",
    Kind.INVALID_RESPONSE: "network",
    Kind.PROXY_AUTHENTICATION: "network",
    Kind.NETWORK: "network",
    Kind.THROWS: "script",
}
REASONS = {
    Kind.MISSING_ALLOW_ORIGIN: "{answer} has no Access-Control-Allow-Origin",
    Kind.INVALID_ALLOW_ORIGIN: "its Access-Control-Allow-Origin is {value!r}, which is no origin; {origin} is needed",
    Kind.ORIGIN_MISMATCH: "its Access-Control-Allow-Origin is {value!r}; exactly {origin} is needed",
    Kind.SEVERAL_ORIGINS: "its Access-Control-Allow-Origin is {value!r}, more than one value; {origin} alone is needed",
    Kind.WILDCARD_WITH_CREDENTIALS: "its Access-Control-Allow-Origin is *, which a call with credentials does not accept",
    Kind.INVALID_ALLOW_CREDENTIALS: "its Access-Control-Allow-Credentials is {value!r}; exactly true is needed",
    Kind.PREFLIGHT_STATUS: "the preflight was answered {status}; a status from 200 to 299 is needed",
    Kind.PREFLIGHT_REDIRECT: "the preflight was redirected ({status}), which no browser follows",
    Kind.ALLOW_METHODS_SYNTAX: "{value!r} in Access-Control-Allow-Methods is no method, which voids the whole header",
    Kind.ALLOW_HEADERS_SYNTAX: "{value!r} in Access-Control-Allow-Headers is no header name, which voids the whole header",
    Kind.METHOD_NOT_ALLOWED: "Access-Control-Allow-Methods does not list {value}",
    Kind.HEADER_NOT_ALLOWED: "Access-Control-Allow-Headers does not list {value}",
    Kind.REDIRECT_HAS_CREDENTIALS: "the redirect's address holds a user name or password",
    Kind.EMBEDDED_CREDENTIALS: "the redirect's address holds a user name or password",
    Kind.PREFLIGHT_REDIRECT_LOST: "the preflight was redirected ({status}), which no browser follows",
    Kind.REDIRECT_SCHEME: "the redirect leads to an address that is neither http nor https",
    Kind.REDIRECT_CORS_SCHEME: "the redirect leads to an address that is neither http nor https",
    Kind.REDIRECT_UNKNOWN_SCHEME: "the redirect leads to an address that is neither http nor https",
    Kind.REDIRECT_INVALID: "the redirect's Location is no address",
    Kind.REDIRECT_MODE: "the answer redirects, and the call's redirect mode is error",
    Kind.TOO_MANY_REDIRECTS: "there were more than 20 redirects",
    Kind.MODE_SAME_ORIGIN: "the mode is same-origin, and the address is of another origin",
    Kind.MODE_SAME_ORIGIN_LEFT: "the mode is same-origin, and the redirect leads to another origin",
    Kind.MODE_NO_CORS_REDIRECT: "the mode is no-cors, which goes with the redirect mode follow only",
    Kind.SCHEME: "the address is neither http nor https",
    Kind.BAD_PORT: "browsers send nothing to this port",
    Kind.MIXED_CONTENT: "an https page calls an http address",
    Kind.LOCAL_NETWORK: "the user has not let this page reach the local network",
    Kind.INSECURE_LOCAL_NETWORK: "an http page may not reach the local network",
    Kind.RESOURCE_POLICY: "Cross-Origin-Resource-Policy keeps the response for its own origin",
    Kind.RESOURCE_POLICY_SITE: "Cross-Origin-Resource-Policy keeps the response for its own site",
    Kind.INVALID_RESPONSE: "the answer is no valid HTTP response",
    Kind.PROXY_AUTHENTICATION: "the answer 407 is a proxy's, and there is none",
    Kind.NETWORK: "no answer came ({value})",
    Kind.THROWS: "the script's call throws before anything is sent: {spoken}",
}


def _why(failure: Failure, each: Judged | None = None) -> str:
    return REASONS[failure.kind].format(
        answer=f"the answer {failure.status}",
        value=failure.parameter or "",
        status=failure.status,
        origin=each.origin if each is not None else "",
        spoken=failure.chromium.removeprefix("js:"),
    )
