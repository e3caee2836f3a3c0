"""The function that runs a vector in Lambda's own Python client: the client context names the vector."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3] / "runtimes/python/tests"))

from vectors import CASES, handler_of

HANDLERS = {case["name"]: handler_of(case) for case in CASES}


def handler(event: object, context: object) -> object:
    """Runs the vector that the context names."""
    return HANDLERS[context.client_context.custom["vector"]](event, context)  # type: ignore[attr-defined]
