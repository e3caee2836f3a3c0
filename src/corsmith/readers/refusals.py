"""What a tool or AWS refuses to deploy, kept for rules to report."""

from __future__ import annotations

from dataclasses import dataclass, field

from corsmith.api.model import Refused
from corsmith.api.span import Span


@dataclass(slots=True)
class Refusals:
    """The refusals met while a template is read."""

    found: list[Refused] = field(default_factory=list)

    def add(self, what: str, span: Span, message: str, *, api: str = "", key: str = "", by: str = "SAM") -> None:
        """Note one. `what` is a kind from `corsmith.api.model.Refused`; `key` the setting's name."""
        refused = Refused(what, span, message, api, by, key)
        if refused not in self.found:
            self.found.append(refused)
