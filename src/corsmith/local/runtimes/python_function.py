"""Run a Python handler through the official Lambda runtime client: `python python_function.py OWN HANDLER [LAYER ...]`.

OWN is the folder of the packages that corsmith is installed with. The runtime client is taken from there where the
user's interpreter has none, and nothing else is: a package that the project forgot must be missing here as it is on AWS.
"""

import importlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any


def load_runtime(own: str) -> Callable[[list[str]], None]:
    """Import the runtime client, and leave the import path as it was."""
    before = list(sys.path)
    sys.path.append(own)
    try:
        client: Any = importlib.import_module("awslambdaric.lambda_runtime_client")
        if client.runtime_client is None:
            # The compiled part is for another version of Python.
            sys.path.append(str(Path(__file__).parent))
            client.runtime_client = importlib.import_module("pure_client")
            client.runtime_client.initialize_client("corsmith")
        for lazily in ("bootstrap", "lambda_literals", "lambda_runtime_marshaller"):
            importlib.import_module(f"awslambdaric.{lazily}")
        main: Any = importlib.import_module("awslambdaric.__main__").main
    finally:
        sys.path[:] = before
    return main  # type: ignore[no-any-return]


def start() -> None:
    """Load the runtime, put the function's own folders first, and serve events until the process is ended."""
    own, handler, *layers = sys.argv[1:]
    # The first entry is this script's folder, which a handler must not be able to import from.
    del sys.path[0]
    main = load_runtime(own)
    sys.path[:0] = [os.environ["LAMBDA_TASK_ROOT"], *layers]
    sys.argv = ["bootstrap.py", handler]
    main(sys.argv)


if __name__ == "__main__":
    start()
