"""Api: the one model of what a project deploys. Readers fill it; checks, the local gateway and fixes use it."""

from __future__ import annotations

from msgspec import Struct

from .alb import Alb
from .cloudfront import CloudFront
from .function import Function
from .function_url import FunctionUrl
from .http_api import HttpApi
from .rest_api import RestApi
from .span import Span

FrontDoor = HttpApi | RestApi | FunctionUrl | Alb | CloudFront


class Problem(Struct, frozen=True):
    """Something that could not be read, with its place. `message` is a sentence for people."""

    file: str
    line: int
    column: int
    message: str


class Declared(Struct, frozen=True):
    """An origin that the project declares somewhere, as it is written, and where."""

    text: str
    span: Span | None = None


class Refused(Struct, frozen=True):
    """Something that the project's tool, or AWS, refuses to deploy: nothing of the template goes out before it is mended.

    `what`: "unknown-key", "wrong-type", "wildcard-with-credentials", "missing", "conflict", "misplaced",
    "authorizer", "invalid-value". `api` is the front door's name where it concerns one; `by` who refuses: "SAM",
    "CloudFormation", "API Gateway", "Lambda". `message` is a sentence for people.
    """

    what: str
    span: Span
    message: str
    api: str = ""
    by: str = "SAM"
    key: str = ""
    """The key that is not known, or the setting whose value is refused."""


class Stray(Struct, frozen=True):
    """A CORS setting that deploys and has no effect, because nothing reads it where it stands.

    `key` is the setting as it is written, `span` its place. `because` is a phrase without a full stop. `doors` names the
    front doors that lack it, or the functions behind them; empty where it concerns none. `known` lists the keys that would
    be read there, where the setting is only misspelt.
    """

    key: str
    span: Span
    because: str
    doors: tuple[str, ...] = ()
    known: tuple[str, ...] = ()


class Api(Struct, frozen=True):
    """What one template deploys. `file` is the template; `dialect` one of "sam", "cloudformation", "cdk", …"""

    file: str
    dialect: str
    front_doors: tuple[FrontDoor, ...] = ()
    functions: tuple[Function, ...] = ()
    declared_origins: tuple[Declared, ...] = ()
    problems: tuple[Problem, ...] = ()
    refused: tuple[Refused, ...] = ()
    constructs: tuple[tuple[str, str], ...] = ()
    """Logical id to the path of the CDK construct that made it."""
    strays: tuple[Stray, ...] = ()

    def function(self, name: str) -> Function | None:
        """Return the function of that logical id."""
        return next((function for function in self.functions if function.name == name), None)
