"""How to start Lambda's official runtime clients on a function of these tests."""

import os
import subprocess
import sys
from pathlib import Path

from runtime_api import RuntimeApi

ROOT = Path(__file__).parents[2]
FUNCTIONS = Path(__file__).parent / "functions"
NODE = os.environ.get("NODE", "node")
NODE_PACKAGE = ROOT / "runtimes/node"


def python_client(handler: str, folder: Path = FUNCTIONS) -> RuntimeApi:
    """awslambdaric on `module.function` of the folder."""
    return RuntimeApi([sys.executable, "-m", "awslambdaric", handler], folder)


def node_client(handler: str, folder: Path = FUNCTIONS) -> RuntimeApi:
    """aws-lambda-ric on `module.function` of the folder."""
    install_node_packages()
    client = NODE_PACKAGE / "node_modules/aws-lambda-ric/bin/index.mjs"
    return RuntimeApi([NODE, "--require", str(FUNCTIONS / "native_client.cjs"), str(client), handler], folder)


def install_node_packages() -> None:
    """The packages that the lock file names, once."""
    if not (NODE_PACKAGE / "node_modules/aws-lambda-ric").is_dir():
        subprocess.run(["npm", "ci", "--ignore-scripts", "--silent"], cwd=NODE_PACKAGE, check=True, timeout=300)
