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
    sys.path += [own, str(Path(__file__).parent)]
    try:
        # What the client takes for its compiled part.
        sys.modules["runtime_client"] = importlib.import_module("pure_client")
        for lazily in ("lambda_runtime_client", "bootstrap", "lambda_literals", "lambda_runtime_marshaller"):
            importlib.import_module(f"awslambdaric.{lazily}")
        _ask_without_threads()
        main: Any = importlib.import_module("awslambdaric.__main__").main
    finally:
        sys.path[:] = before
        sys.modules.pop("runtime_client", None)
    return main  # type: ignore[no-any-return]


def _ask_without_threads() -> None:
    # A thread for each question lets signals in; the plain client lets them in by itself.
    try:
        config: Any = importlib.import_module("awslambdaric.lambda_config")
    except ImportError:
        # The project's own client is older, and asks as it will.
        return
    config.LambdaConfigProvider.use_thread_polling = False


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
