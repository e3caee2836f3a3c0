"""From a blocked live call to the rule that names its cause, what was found and what to change."""

from __future__ import annotations

from corsmith.api.caller import Caller
from corsmith.api.exchange import Response
from corsmith.api.finding import Category, Evidence, Finding, Severity
from corsmith.browser import Verdict
from corsmith.browser.url import parse_url

from ..layers import fingerprint
from ..secrets import masked_headers, masked_request, masked_response, masked_url
from .by_layer import by_layer
from .by_value import BY_VALUE
from .stopped import Diagnosis, Stopped

__all__ = ["explain_live"]


def explain_live(caller: Caller, verdict: Verdict) -> tuple[Finding, ...]:
    """Return what explains a blocked verdict, from its deciding exchange and the layer that answered there.

    Nothing is returned for an allowed call, and for one that something else than CORS stopped (the network, mixed
    content, a call that a script may not make). No secret of the request is in a finding.
    """
    last = verdict.judged[-1] if verdict.judged else None
    if verdict.allowed or last is None or not isinstance(last.response, Response):
        return ()
    stopped = Stopped(caller, verdict, last, last.response, fingerprint(last.request, last.response))
    causes = (explain(stopped) for explain in (*BY_VALUE, by_layer))
    diagnosis = next((cause for cause in causes if cause is not None), None)
    return () if diagnosis is None else (_finding(stopped, diagnosis),)


def _finding(stopped: Stopped, diagnosis: Diagnosis) -> Finding:
    only_an_error = not stopped.at_preflight and stopped.status >= 400
    url = parse_url(stopped.judged.request.url)
    return Finding(
        rule=diagnosis.rule,
        severity=Severity.WARNING if only_an_error else Severity.ERROR,
        confidence=diagnosis.confidence,
        category=Category.BLOCKED,
        message=masked_url(diagnosis.message),
        front_door=stopped.layer.front_door,
        api=(url.host or "") if url is not None else "",
        route=f"{stopped.caller.method.upper()} {stopped.path}",
        evidence=_evidence(stopped, stage="error-response" if only_an_error else _stage(stopped)),
    )


def _stage(stopped: Stopped) -> str:
    return "preflight" if stopped.at_preflight else "actual"


def _evidence(stopped: Stopped, *, stage: str) -> Evidence:
    console = stopped.verdict.console
    return Evidence(
        request=masked_request(stopped.judged.request),
        credentials=stopped.caller.credentials,
        origin=stopped.caller.origin,
        response=masked_response(stopped.response),
        stage=stage,
        console=masked_url(console) if console is not None else None,
        asked=masked_headers(stopped.caller.headers),
    )
