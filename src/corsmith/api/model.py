"""Api: the one model of what a project deploys. Readers fill it; checks, the local gateway and fixes use it."""

from __future__ import annotations

from dataclasses import dataclass

from .function import Function
from .function_url import FunctionUrl
from .http_api import HttpApi
from .rest_api import RestApi
from .span import Span

FrontDoor = HttpApi | RestApi | FunctionUrl


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
class Api:
    """What one template deploys. `file` is the template; `dialect` one of "sam", "cloudformation", "cdk", …"""

    file: str
    dialect: str
    front_doors: tuple[FrontDoor, ...] = ()
    functions: tuple[Function, ...] = ()
    declared_origins: tuple[Declared, ...] = ()
    problems: tuple[Problem, ...] = ()

    def function(self, name: str) -> Function | None:
        """Return the function of that logical id."""
        return next((function for function in self.functions if function.name == name), None)
