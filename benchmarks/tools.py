"""Other tools that a template meets, each in an environment of its own: their libraries are not ours.

They are installed where that can be done; where it cannot, the benchmark says so and goes on without.
"""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

from msgspec import Struct

FOLDER = Path(__file__).parents[1] / "build" / "tools"


class Tool(Struct, frozen=True):
    """A tool, the package that it comes in, and how it is called in a folder with a `template.yaml`.

    `exits`: its exit codes that mean it did its work.
    """

    name: str
    package: str
    version: str
    program: str
    arguments: tuple[str, ...]
    exits: tuple[int, ...]

    @property
    def command(self) -> tuple[str, ...]:
        """The program with its arguments."""
        return (str(FOLDER / self.package / "bin" / self.program), *self.arguments)


TOOLS = (
    Tool(
        "sam validate --lint",
        "aws-sam-cli",
        "1.170.0",
        "sam",
        ("validate", "--lint", "--region", "eu-west-1", "--template", "template.yaml"),
        (0, 1),
    ),
    Tool(
        "checkov",
        "checkov",
        "3.3.30",
        "checkov",
        ("--file", "template.yaml", "--framework", "cloudformation", "--compact", "--quiet", "--skip-download"),
        (0, 1),
    ),
)


QUIET = {"SAM_CLI_TELEMETRY": "0"}
"""What the environment says, so that no tool calls home."""


def is_there(tool: Tool) -> bool:
    """Say whether a tool is installed at its version; it is installed where it is not, and where that can be done."""
    folder = FOLDER / tool.package
    if (folder / f".{tool.version}").exists():
        return True
    print(f"installing {tool.package} {tool.version} in {folder}", file=sys.stderr)
    venv.create(folder, with_pip=True, clear=True)
    pip = (str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    done = subprocess.run((*pip, f"{tool.package}=={tool.version}"), check=False, capture_output=True, text=True)
    if done.returncode:
        print(f"{tool.package} cannot be installed, so it is left out: {done.stderr.strip()[-500:]}", file=sys.stderr)
        return False
    (folder / f".{tool.version}").touch()
    return True
