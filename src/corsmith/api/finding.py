"""What was found: a rule, its evidence, where one can act, and the fixes that were proven."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct, field

from .exchange import Headers, Request, Response
from .fix import Fix
from .span import Span


class Severity(StrEnum):
    """How bad it is; the contract says which is which."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Confidence(StrEnum):
    """How sure we are: high, medium (a disputed fact, or code found by search), low."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Category(StrEnum):
    """What a finding is about."""

    BLOCKED = "blocked"
    DEPLOY = "deploy"
    SECURITY = "security"
    ADVICE = "advice"


class Evidence(Struct, frozen=True):
    """The exchange that shows it: what the page asked, what came back, what the browser prints."""

    request: Request
    credentials: str
    origin: str
    response: Response | None
    stage: str
    """ "preflight", "actual" or "error-response"."""
    console: str | None
    asked: Headers = ()
    """The headers the page set, without those the browser added."""


class Finding(Struct, frozen=True):
    """One finding. The first span is where one would edit. `route` is "POST /items" or ""."""

    rule: str
    severity: Severity
    confidence: Confidence
    category: Category
    message: str
    front_door: str
    api: str
    route: str = ""
    evidence: Evidence | None = None
    spans: tuple[Span, ...] = ()
    fixes: tuple[Fix, ...] = ()
    affects: tuple[str, ...] = field(default=())
    """Other routes with the same fault."""
    environments: tuple[str, ...] = ()
    """The environments it is found in, where it is not found in all that were checked."""
