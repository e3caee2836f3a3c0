"""What was found in a text."""

from __future__ import annotations

from msgspec import Struct


class Message(Struct, frozen=True):
    """One message, as far as its words go. `error` is Chromium's name; `start` and `end` are offsets in the text.

    `browser`: "chrome", "firefox" or "safari"; `not_cors` says what stopped the request where it was not CORS.
    """

    browser: str | None
    error: str | None
    start: int
    end: int
    origin: str | None = None
    url: str | None = None
    header: str | None = None
    value: str | None = None
    status: int | None = None
    method: str | None = None
    not_cors: str | None = None
    symptom: str | None = None

    @property
    def key(self) -> tuple[str | None, ...]:
        """What two messages about the same block have in common."""
        return self.browser, self.error, self.url, self.header, self.value, self.not_cors, self.symptom


class Cause(Struct, frozen=True):
    """A cause that fits: the rule's id, and why it is one."""

    rule: str
    why: str


class Explained(Struct, frozen=True):
    """One blocked request. `front_door` is "unknown" where the URL does not say; `next` is the command that decides."""

    message: Message
    front_door: str
    causes: tuple[Cause, ...]
    next: str
    remark: str = ""
