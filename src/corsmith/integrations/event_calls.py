"""The calls of a page in Firefox or WebKit, as Playwright's own events tell them.

They tell of no preflight, and of a call that CORS stopped either that it failed or, in Firefox, that it was answered: whether
the page got the answer is for the model of that browser to decide.
"""

from __future__ import annotations

from typing import Any

from .seen_calls import Seen, SeenCalls

_CALLS = ("fetch", "xhr", "eventsource")
_GIVEN_UP = ("NS_BINDING_ABORTED", "net::ERR_ABORTED", "cancelled")
"""What Firefox, Chromium and WebKit say of a call that the page itself ended."""


class EventCalls:
    """Writes down in `calls` what the events of a page say, from `start` to `stop`."""

    def __init__(self, calls: SeenCalls, page: Any) -> None:
        self._seen = calls.seen
        self._page = page
        self._numbers: dict[Any, str] = {}
        self._events = {
            "request": self._sent,
            "response": self._answered,
            "requestfinished": self._finished,
            "requestfailed": self._failed,
        }

    def start(self) -> None:
        """Begin to listen."""
        for name, take in self._events.items():
            self._page.on(name, take)

    def stop(self) -> None:
        """End it."""
        for name, take in self._events.items():
            self._page.remove_listener(name, take)

    def _sent(self, request: Any) -> None:
        if request.resource_type not in _CALLS:
            return
        key = self._numbers[request] = str(len(self._numbers))
        self._seen[key] = Seen(request.url, request.method, dict(request.headers), self._page.url, told_all=False)

    def _answered(self, response: Any) -> None:
        each = self._of(response.request)
        if each is not None:
            each.status = response.status
            each.answered = tuple(response.headers.items())

    def _finished(self, request: Any) -> None:
        each = self._of(request)
        if each is not None:
            each.over = True

    def _failed(self, request: Any) -> None:
        each = self._of(request)
        if each is not None:
            each.over = True
            said = str(request.failure or "it failed")
            each.error = "" if said in _GIVEN_UP else said

    def _of(self, request: Any) -> Seen | None:
        return self._seen.get(self._numbers.get(request, ""))
