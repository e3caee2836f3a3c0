"""What a user says about the values a template leaves open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Settings:
    """Values for what a template leaves open.

    `parameters`: name to value; pseudo parameters such as "AWS::Region" may be given too. `stage` narrows a template
    that knows several. `config_env` is the table of samconfig.toml to read, "default" where none is named.
    """

    parameters: Mapping[str, str] = field(default_factory=dict)
    stage: str | None = None
    config_env: str | None = None
