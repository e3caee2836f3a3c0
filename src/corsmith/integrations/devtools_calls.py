"""The calls of a page in Chromium, as its DevTools tell them: preflights, and answers as they were on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from corsmith.api.exchange import Headers

from .seen_calls import Seen, SeenCalls


class DevtoolsCalls:
    """Writes down in `calls` what a session says."""

    def __init__(self, calls: SeenCalls, session: Any) -> None:
        self._seen = calls.seen
        for event, take in (
            ("requestWillBeSent", self._sent),
            ("requestWillBeSentExtraInfo", self._asked),
            ("responseReceived", self._answered),
            ("responseReceivedExtraInfo", self._answered_extra),
            ("loadingFinished", self._finished),
            ("loadingFailed", self._failed),
        ):
            session.on(f"Network.{event}", take)

    def _sent(self, event: Mapping[str, Any]) -> None:
        request, initiator = event["request"], event.get("initiator", {})
        is_preflight = initiator.get("type") == "preflight" or event.get("type") == "Preflight"
        self._seen[event["requestId"]] = Seen(
            request["url"],
            request["method"],
            dict(request["headers"]),
            event.get("documentURL", ""),
            str(initiator.get("requestId", "?")) if is_preflight else "",
        )

    def _asked(self, event: Mapping[str, Any]) -> None:
        each = self._seen.get(event["requestId"])
        if each is not None:
            each.asked = dict(event["headers"])

    def _answered(self, event: Mapping[str, Any]) -> None:
        each = self._seen.get(event["requestId"])
        if each is not None:
            each.read = True
            each.status = each.status or event["response"]["status"]
            each.answered = each.answered or _pairs(event["response"]["headers"])

    def _answered_extra(self, event: Mapping[str, Any]) -> None:
        each = self._seen.get(event["requestId"])
        if each is not None:
            # As they were on the wire: what CORS hides from the page is in them, too.
            each.status, each.answered = event["statusCode"], _pairs(event["headers"])

    def _finished(self, event: Mapping[str, Any]) -> None:
        each = self._seen.get(event["requestId"])
        if each is not None:
            each.over = True

    def _failed(self, event: Mapping[str, Any]) -> None:
        each = self._seen.get(event["requestId"])
        if each is not None:
            each.over = True
            each.error = event.get("corsErrorStatus", {}).get("corsError", "")


def _pairs(headers: Mapping[str, str]) -> Headers:
    return tuple((name, line) for name, value in headers.items() for line in str(value).split("\n"))
