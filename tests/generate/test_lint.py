"""What is generated for SAM and CloudFormation is what their own linter, and SAM's translator within it, takes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from .projects import behind_a_distribution, project
from .test_read_back import POLICIES


def test_cfn_lint_finds_nothing(tmp_path: Path) -> None:
    files = []
    for name, policy in POLICIES.items():
        for target in ("sam", "cloudformation"):
            file = tmp_path / f"{target}-cloudfront-{name}.yaml"
            file.write_text(behind_a_distribution(target, policy)["template.yaml"], encoding="utf-8")
            files.append(str(file))
            for front_door in ("rest_api", "http_api", "function_url"):
                file = tmp_path / f"{target}-{front_door}-{name}.yaml"
                method = "PUT" if policy.methods else "POST"
                file.write_text(project(target, front_door, policy, method)["template.yaml"], encoding="utf-8")
                files.append(str(file))
    told = subprocess.run(
        # W3002: the tests' own function has its code in a folder.
        [
            str(Path(sys.executable).with_name("cfn-lint")),
            "--ignore-checks",
            "W3002",
            "--regions",
            "us-east-1",
            "--",
            *files,
        ],
        capture_output=True,
        text=True,
        check=False,
        env={"AWS_DEFAULT_REGION": "us-east-1"},
    )
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "")
