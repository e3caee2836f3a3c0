"""What a browser decided, with everything needed to say why. Texts are rendered only when they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct

from corsmith.api.exchange import Request

from .ask import Answer
from .failure import Failure
from .page import Page, PageRequest
from .profile import BROWSERS

if TYPE_CHECKING:
    from .advice import Advice
    from .cache import PreflightCache
    from .steps import Step


class Judged(Struct, frozen=True):
    """An exchange that was judged.

    `kind`: "preflight" or "request"; `hop` counts redirects from 0; `origin` is the serialised origin that the answer
    was compared with; `tainting` the response tainting of the request: "basic", "cors" or "opaque".
    """

    kind: str
    request: Request
    response: Answer
    hop: int
    origin: str
    tainting: str


class Rival:
    """Asks another profile about the same call. All are equal: a verdict is what it says, not whom one could ask."""

    __slots__ = ("ask",)

    def __init__(self, ask: Callable[[str], Verdict | None]) -> None:
        self.ask = ask

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rival)

    def __hash__(self) -> int:
        return 0

    def __repr__(self) -> str:
        return "Rival()"


class Verdict(Struct, frozen=True):
    """The decision about one call.

    `exposed` holds the lower-case names of the response headers that the script can read; `tainting` the Fetch
    Standard's response tainting, or "opaqueredirect"; `url` is where the call ended, after redirects.
    """

    profile: str
    page: Page
    asked: PageRequest
    judged: tuple[Judged, ...]
    failure: Failure | None
    tainting: str
    url: str
    exposed: tuple[str, ...] = ()
    cache: PreflightCache | None = None
    """The preflight cache afterwards, where one was given."""
    rival: Rival | None = None
    """Returns another profile's verdict, where whoever made this one can ask the same server."""
    decided_by: str = ""
    """The browser whose decision this is, for the profile "model"."""
    witnesses: tuple[Judged, ...] = ()
    """Every exchange of the model's two browsers; `judged` holds those of the one that decided."""

    @property
    def allowed(self) -> bool:
        """Whether the script gets the response."""
        return self.failure is None

    @property
    def error(self) -> str | None:
        """The error's name in the profile's own vocabulary (Chromium's where it has none), None when allowed."""
        if self.failure is None:
            return None
        if self.profile != "firefox":
            return self.failure.chromium
        from .messages.firefox import firefox_error

        return firefox_error(self, self.failure)

    @property
    def preflight_sent(self) -> bool:
        """Whether a preflight left the browser."""
        return any(each.kind == "preflight" for each in self.judged)

    @property
    def failed_parameter(self) -> str | None:
        """The header value, header name or method at fault, None where nothing of that kind is."""
        return self.failure.parameter if self.failure is not None else None

    @property
    def console(self) -> str | None:
        """What the browser prints on its console about the block; None when allowed, or when it prints nothing."""
        from .console import console

        return console(self)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every step of the decision with its reason and its section of the standard; the last one decided."""
        from .steps import steps

        return steps(self)

    @property
    def step(self) -> str:
        """The step that decided, and why: "CORS check of the response: …"."""
        last = self.steps[-1]
        return f"{last.name}: {last.reason}"

    @property
    def advice(self) -> tuple[Advice, ...]:
        """What is allowed today, but not as it seems."""
        from .advice import advice

        return advice(self)

    @property
    def differs(self) -> tuple[str, ...]:
        """The browsers that decide otherwise on the same answers, as far as those were given."""
        from .model import other

        others = ((name, other(self, name)) for name in BROWSERS)
        return tuple(name for name, other in others if other is not None and other.allowed is not self.allowed)
