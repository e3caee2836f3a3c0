"""From a blocked live call to the rule that names its cause, what was found and what to change."""

from __future__ import annotations

from corsmith.api.caller import Caller
from corsmith.api.exchange import Response
from corsmith.api.finding import Category, Evidence, Finding, Severity
from corsmith.browser import Verdict
from corsmith.browser.advice import Advice
from corsmith.browser.url import parse_url

from ..layers import fingerprint
from ..secrets import masked_headers, masked_request, masked_response, masked_text
from .by_layer import by_layer
from .by_value import BY_VALUE
from .probe import probed, probes_for
from .stopped import Diagnosis, Probed, Stopped

__all__ = ["explain_live", "probed", "probes_for"]


def explain_live(caller: Caller, verdict: Verdict, probe: Probed | None = None) -> tuple[Finding, ...]:
    """Return what explains a blocked verdict, from its deciding exchange and the layer that answered there.

    For an allowed call it is what will not last, or is not as it seems. Nothing is returned where something else than
    CORS stopped the call (the network, mixed content, a call that a script may not make). No secret is in a finding.
    `probe` is what came of `probes_for(verdict)`.
    """
    last = verdict.judged[-1] if verdict.judged else None
    if last is None or not isinstance(last.response, Response):
        return ()
    remarks = verdict.advice if verdict.allowed else ()
    if verdict.allowed and not remarks:
        return ()
    stopped = Stopped(caller, verdict, last, last.response, fingerprint(last.request, last.response), probe)
    if verdict.allowed:
        return tuple(_remark(stopped, each) for each in remarks)
    causes = (explain(stopped) for explain in (*BY_VALUE, by_layer))
    diagnosis = next((cause for cause in causes if cause is not None), None)
    if diagnosis is None:
        return ()
    only_an_error = not stopped.at_preflight and stopped.status >= 400
    severity = Severity.WARNING if only_an_error else Severity.ERROR
    stage = "preflight" if stopped.at_preflight else "error-response" if only_an_error else "actual"
    return (_finding(stopped, diagnosis, severity, Category.BLOCKED, stage),)


def _remark(stopped: Stopped, advice: Advice) -> Finding:
    if advice.code == "authorization-under-wildcard":
        diagnosis = Diagnosis("allow-headers-wildcard-authorization", advice.text)
        return _finding(stopped, diagnosis, Severity.WARNING, Category.BLOCKED, "preflight")
    return _finding(stopped, Diagnosis(advice.code, advice.text), Severity.INFO, Category.ADVICE, "actual")


def _finding(stopped: Stopped, diagnosis: Diagnosis, severity: Severity, category: Category, stage: str) -> Finding:
    url = parse_url(stopped.judged.request.url)
    return Finding(
        rule=diagnosis.rule,
        severity=severity,
        confidence=diagnosis.confidence,
        category=category,
        message=masked_text(diagnosis.message),
        front_door=stopped.layer.front_door,
        api=(url.host or "") if url is not None else "",
        route=f"{stopped.caller.method.upper()} {stopped.path}",
        evidence=_evidence(stopped, stage),
    )


def _evidence(stopped: Stopped, stage: str) -> Evidence:
    console = stopped.verdict.console
    return Evidence(
        request=masked_request(stopped.judged.request),
        credentials=stopped.caller.credentials,
        origin=stopped.caller.origin,
        response=masked_response(stopped.response),
        stage=stage,
        console=masked_text(console) if console is not None else None,
        asked=masked_headers(stopped.caller.headers),
    )
