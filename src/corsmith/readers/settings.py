"""What a user says about the values a template leaves open."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field


class Settings(Struct, frozen=True):
    """Values for what a template leaves open.

    `parameters`: name to value; pseudo parameters such as "AWS::Region" may be given too. `stage` narrows a template
    that knows several. `config_env` is the table of samconfig.toml to read, "default" where none is named.
    `var_files` are Terraform's variable files, relative to the current folder; a later one counts before an earlier one.
    """

    parameters: Mapping[str, str] = field(default_factory=dict)
    stage: str | None = None
    config_env: str | None = None
    var_files: tuple[str, ...] = ()
