"""What expressions, modules and loops come to is what Terraform says they come to: `terraform show -json` of a plan.

A plan of a configuration without resources needs no provider. `evaluated.json` holds what Terraform 1.11 said; where there is
a Terraform on the machine it is asked again.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from corsmith.api.tree import Memory, Tree
from corsmith.readers import Settings
from corsmith.readers.terraform.evaluate import evaluate
from corsmith.readers.terraform.scope import Scope
from corsmith.readers.terraform.terms import plain
from corsmith.readers.terraform.world import World

FOLDER = Path(__file__).parents[1] / "fixtures" / "terraform-values"
RECORDED = FOLDER / "evaluated.json"
FILES = {
    path.relative_to(FOLDER).as_posix(): path.read_text(encoding="utf-8")
    for path in sorted(FOLDER.rglob("*"))
    if path.is_file() and path != RECORDED
}
EXPECTED: dict[str, Any] = json.loads(RECORDED.read_text(encoding="utf-8"))
HERE = shutil.which("terraform")


def ours() -> dict[str, Any]:
    """What the outputs of the configuration come to here."""
    world = World(Tree(Memory(FILES)), Settings(), ".")
    place = world.root()
    list(world.everything())
    found: dict[str, Any] = {}
    for name, block in place.module.outputs.items():
        value = block.body.attribute("value")
        assert value is not None
        found[name] = plain(evaluate(value.expression, Scope(place)))
    assert not world.all_problems()
    return found


def theirs(folder: Path) -> dict[str, Any]:
    """What Terraform says. Raises `CalledProcessError`."""
    shutil.copytree(FOLDER, folder, dirs_exist_ok=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}

    def run(*arguments: str) -> str:
        command = [str(HERE), *arguments]
        return subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True).stdout

    run("init", "-backend=false", "-input=false", "-no-color")
    run("plan", "-input=false", "-no-color", "-out=plan")
    outputs = json.loads(run("show", "-json", "plan"))["planned_values"]["outputs"]
    return {name: output["value"] for name, output in outputs.items()}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_value_is_what_terraform_says(name: str) -> None:
    assert ours()[name] == EXPECTED[name]


def test_everything_is_recorded() -> None:
    assert ours().keys() == EXPECTED.keys()


@pytest.mark.skipif(HERE is None, reason="there is no Terraform on this machine; its recorded answers were compared")
def test_terraform_still_says_so(tmp_path: Path) -> None:
    assert theirs(tmp_path) == EXPECTED
