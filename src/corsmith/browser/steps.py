"""The way to a verdict, step by step, for people."""

from __future__ import annotations

from .failure import Failure, Kind
from .verdict import Judged, Step, Verdict


def steps(verdict: Verdict) -> tuple[Step, ...]:
    """Return every step of the verdict; the last one decided."""
    found = [_passed(each) for each in verdict.judged]
    if verdict.failure is None:
        if not found:
            found.append(Step("before", "no request is needed", "main fetch", passed=True))
        return tuple(found)
    failure = verdict.failure
    stopped_at_exchange = verdict.judged and failure.kind not in (
        Kind.MIXED_CONTENT,
        Kind.MODE_SAME_ORIGIN,
        Kind.SCHEME,
        Kind.TOO_MANY_REDIRECTS,
    )
    what = verdict.judged[-1].kind if stopped_at_exchange else "before"
    if stopped_at_exchange:
        found.pop()
    return (*found, Step(what, _why(failure), f"Fetch Standard, {failure.kind.section}", passed=False))


def _passed(each: Judged) -> Step:
    status = each.response.status if each.response is not None else "nothing"
    section = "CORS-preflight fetch" if each.kind == "preflight" else "CORS check"
    reason = f"{each.request.method} {each.request.url} was answered {status} and passes"
    return Step(each.kind, reason, f"Fetch Standard, {section}", passed=True)


def _why(failure: Failure) -> str:
    where = "the preflight's answer" if failure.preflight else "the response"
    value = failure.parameter or ""
    sentences = {
        Kind.MISSING_ALLOW_ORIGIN: f"{where} has no Access-Control-Allow-Origin",
        Kind.INVALID_ALLOW_ORIGIN: f"Access-Control-Allow-Origin of {where} is {value!r}, which is no origin",
        Kind.ORIGIN_MISMATCH: f"Access-Control-Allow-Origin of {where} is {value!r}, which is not the page's origin",
        Kind.MULTIPLE_ORIGINS: f"Access-Control-Allow-Origin of {where} came in several lines ({value})",
        Kind.ORIGIN_LIST: f"Access-Control-Allow-Origin of {where} holds several values ({value})",
        Kind.WILDCARD_WITH_CREDENTIALS: f"Access-Control-Allow-Origin of {where} is *, which credentials exclude",
        Kind.INVALID_ALLOW_CREDENTIALS: f"Access-Control-Allow-Credentials of {where} is {value!r}, not 'true'",
        Kind.PREFLIGHT_STATUS: f"the preflight was answered {failure.status}, which is no 2xx status",
        Kind.PREFLIGHT_REDIRECT: f"the preflight was redirected ({failure.status})",
        Kind.ALLOW_METHODS_SYNTAX: f"Access-Control-Allow-Methods holds {value!r}, which is no method",
        Kind.ALLOW_HEADERS_SYNTAX: f"Access-Control-Allow-Headers holds {value!r}, which is no header name",
        Kind.METHOD_NOT_ALLOWED: f"Access-Control-Allow-Methods does not list {value}",
        Kind.HEADER_NOT_ALLOWED: f"Access-Control-Allow-Headers does not list {value}",
        Kind.REDIRECT_HAS_CREDENTIALS: "the redirect's address holds a user name or password",
        Kind.MODE_SAME_ORIGIN: "the request's mode is same-origin, and the address is not",
        Kind.SCHEME: "the address is neither http nor https",
        Kind.REDIRECT_SCHEME: "the redirect leads to an address that is neither http nor https",
        Kind.REDIRECT_INVALID: "the redirect's address is invalid",
        Kind.TOO_MANY_REDIRECTS: "there were more than 20 redirects",
        Kind.REDIRECT_ERROR: "the request's redirect mode is error, and the answer redirects",
        Kind.STREAM_NEEDS_HTTP2: "a streamed request body needs HTTP/2",
        Kind.INVALID_RESPONSE: "the answer is no valid HTTP response",
        Kind.NETWORK: f"no answer came: {value}",
        Kind.MIXED_CONTENT: "an https page calls an http address (mixed content)",
        Kind.RESOURCE_POLICY: "Cross-Origin-Resource-Policy keeps the response from this page",
        Kind.THROWS: "the API refuses the request before anything is sent",
    }
    return sentences[failure.kind]
