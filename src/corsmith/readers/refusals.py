"""What a tool or AWS refuses to deploy, kept for rules to report."""

from __future__ import annotations

from msgspec import Struct, field

from corsmith.api.model import Problem, Refused
from corsmith.api.span import Span, locate


class Refusals(Struct):
    """The refusals met while a template is read, and what could not be read."""

    found: list[Refused] = field(default_factory=list)
    unread: list[tuple[Span, str]] = field(default_factory=list)
    """What the template leaves to files that are not in the project, and a sentence about it."""

    def add(self, what: str, span: Span, message: str, *, api: str = "", key: str = "", by: str = "SAM") -> None:
        """Note one. `what` is a kind from `corsmith.api.model.Refused`; `key` the setting's name."""
        refused = Refused(what, span, message, api, by, key)
        if refused not in self.found:
            self.found.append(refused)

    def problems(self, text: str) -> tuple[Problem, ...]:
        """Return what could not be read as problems; `text` is the template's."""
        places = ((locate(span, text), message) for span, message in self.unread)
        return tuple(Problem(place.file, place.line, place.column, message) for place, message in places)
