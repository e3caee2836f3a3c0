"""Record what Serverless 3 packages of the fixtures: `python -m tests.readers.record_serverless [NAME...]`.

It needs Node and npm, and takes minutes the first time. Everything happens in a temporary folder; only the templates
are kept, beside the fixtures.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

VERSION = "3.40.0"
FOLDER = Path(__file__).parents[1] / "fixtures" / "serverless"
NAMES = tuple(sorted(path.name for path in FOLDER.iterdir() if (path / "serverless.yml").is_file()))
RECORDED = "packaged.json"
PLACE = Path(os.environ.get("SERVERLESS_ORACLE", Path(tempfile.gettempdir()) / "serverless-oracle"))
"""Where Serverless is installed."""
_MADE = "cloudformation-template-update-stack.json"
_KEPT = re.compile(r"AWS::(ApiGateway|ApiGatewayV2|ElasticLoadBalancingV2)::|AWS::Lambda::(Function|Url|Permission)$")


def installed(folder: Path) -> Path:
    """Return the serverless command, installed in `folder` first where it is not there. Raises `CalledProcessError`."""
    command = folder / "node_modules" / "serverless" / "bin" / "serverless.js"
    if not command.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        wanted = f"serverless@{VERSION}"
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", wanted], cwd=folder, check=True)
    return command


def packaged(command: Path, of: Path) -> dict[str, Any]:
    """Return the template that Serverless packages of the service in a folder. Raises `CalledProcessError`."""
    with tempfile.TemporaryDirectory() as folder:
        service = Path(folder) / of.name
        shutil.copytree(of, service)
        (service / "code.txt").write_text("something to package\n")
        environment = {**os.environ, "SLS_TELEMETRY_DISABLED": "1", "SLS_NOTIFICATIONS_MODE": "off", "CI": "1"}
        subprocess.run(["node", str(command), "package"], cwd=service, env=environment, check=True, stdout=sys.stderr)
        made: dict[str, Any] = json.loads((service / ".serverless" / _MADE).read_text())
    return made


def _short(value: Any) -> Any:
    """Return what a template holds, long mapping templates cut: their text is Serverless's own, and is not compared."""
    if isinstance(value, dict):
        return {name: _short(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_short(each) for each in value]
    return "(Serverless's own)" if isinstance(value, str) and len(value) > 1000 else value


def kept(template: dict[str, Any]) -> dict[str, Any]:
    """Return the part of a template that is compared; ids that change with every run are made alike."""
    resources = {
        re.sub(r"^(ApiGatewayDeployment)\d+$", r"\1", name): body
        for name, body in template["Resources"].items()
        if _KEPT.match(body["Type"])
    }
    sections = {name: template[name] for name in ("Parameters",) if name in template}
    return {**sections, "Resources": _short(dict(sorted(resources.items())))}


def main() -> None:
    """Record the fixtures that are named, else every one."""
    command = installed(PLACE)
    for name in sys.argv[1:] or NAMES:
        made = kept(packaged(command, FOLDER / name))
        text = json.dumps({"Description": f"packaged by serverless {VERSION}", **made}, indent=1, sort_keys=True)
        (FOLDER / name / RECORDED).write_text(text + "\n")
        print(f"{name}: {len(made['Resources'])} resources", file=sys.stderr)


if __name__ == "__main__":
    main()
