"""Api: the one model of what a project deploys. Readers fill it; checks, the local gateway and fixes use it."""

from __future__ import annotations

from dataclasses import dataclass

from .alb import Alb
from .cloudfront import CloudFront
from .function import Function
from .function_url import FunctionUrl
from .http_api import HttpApi
from .rest_api import RestApi
from .span import Span

FrontDoor = HttpApi | RestApi | FunctionUrl | Alb | CloudFront


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read, with its place. `message` is a sentence for people."""

    file: str
    line: int
    column: int
    message: str


@dataclass(frozen=True, slots=True)
class Declared:
    """An origin that the project declares somewhere, as it is written, and where."""

    text: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Refused:
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


@dataclass(frozen=True, slots=True)
class Api:
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

    def function(self, name: str) -> Function | None:
        """Return the function of that logical id."""
        return next((function for function in self.functions if function.name == name), None)
