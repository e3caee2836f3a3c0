"""What a browser decided, with everything needed to say why; texts are rendered only when asked for."""

from __future__ import annotations

from dataclasses import dataclass

from corsmith.api.exchange import Request, Response

from .failure import Failure


@dataclass(frozen=True, slots=True)
class Step:
    """One thing the browser looked at: what ("preflight", "request", "before"), why it passed or not, where it stands."""

    what: str
    reason: str
    section: str
    passed: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """An exchange that was judged. `origin` is the serialised origin that its answer was compared with."""

    kind: str
    request: Request
    response: Response | None
    origin: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision about one call.

    `exposed` holds the lower-case names of the response headers that a script can read, `tainting` the Fetch Standard's
    response tainting ("basic", "cors", "opaque", "opaqueredirect"). `differs` names browsers that decide otherwise.
    `notes` are advice: allowed today, but not as it seems.
    """

    allowed: bool
    failure: Failure | None
    profile: str
    vocabulary: str
    judged: tuple[Judged, ...]
    tainting: str
    page: str
    url: str
    initiator: str = "fetch"
    exposed: tuple[str, ...] = ()
    differs: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def error(self) -> str | None:
        """The error's name in the profile's own vocabulary, None when allowed."""
        if self.failure is None:
            return None
        return self.failure.firefox if self.vocabulary == "firefox" else self.failure.chromium

    @property
    def preflight_sent(self) -> bool:
        """Whether a preflight left the browser."""
        return any(each.kind == "preflight" for each in self.judged)

    @property
    def failed_parameter(self) -> str | None:
        """The header name, method or value at fault."""
        return self.failure.parameter if self.failure is not None else None

    @property
    def console(self) -> str | None:
        """What the browser prints on its console, None when it prints nothing about CORS."""
        from .console import console

        return console(self)

    @property
    def step(self) -> str:
        """The step that decided, as a sentence."""
        return self.steps[-1].reason

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every step with its reason and its section of the standard."""
        from .steps import steps

        return steps(self)
