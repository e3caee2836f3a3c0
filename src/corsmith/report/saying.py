"""Explanations and simulated verdicts as plain data, for whoever asks in JSON."""

from __future__ import annotations

from typing import Any

from corsmith.browser import Verdict
from corsmith.explain import Explained


def explained_as_json(each: Explained) -> dict[str, Any]:
    """Return one entry of `messages`. What the text does not say is null."""
    message = each.message
    return {
        "browser": message.browser,
        "error": message.error,
        "origin": message.origin,
        "url": message.url,
        "header": message.header,
        "value": message.value,
        "status": message.status,
        "front_door": each.front_door,
        "causes": [{"rule": cause.rule, "why": cause.why} for cause in each.causes],
        "next": each.next,
        "not_cors": message.not_cors,
    }


def verdict_as_json(name: str, verdict: Verdict) -> dict[str, Any]:
    """Return the line that `--format json` writes for a case."""
    return {
        "name": name,
        "allowed": verdict.allowed,
        "error": verdict.error,
        "preflight_sent": verdict.preflight_sent,
        "exposed": list(verdict.exposed),
        "console": verdict.console,
        "step": verdict.step,
        "differs": list(verdict.differs),
        "steps": [
            {"name": step.name, "passed": step.passed, "reason": step.reason, "section": step.section}
            for step in verdict.steps
        ],
        "advice": [{"code": remark.code, "text": remark.text} for remark in verdict.advice],
    }
