"""Runs in the peers' environment: each framework's adapter, wrapped. Prints {stack: {what: result}} as JSON."""

import json
import logging
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks/runtimes"))

from lambda_cors import Policy, cors
from stacks import STACKS, Context, Wanted, event, preflight

APP = "https://app.example.com"
POLICY = Policy(origins=[APP], methods=["GET"], request_headers=["content-type", "authorization"], credentials=True)
logging.disable()


def seen(response: dict[str, Any]) -> list[object]:
    """The status, and every Access-Control-Allow-Origin that leaves."""
    maps = [response.get(key) or {} for key in ("headers", "multiValueHeaders")]
    lines = [value for held in maps for name, value in held.items() if name.lower() == "access-control-allow-origin"]
    vary = [value for held in maps for name, value in held.items() if name.lower() == "vary"]
    return [response["statusCode"], lines, len(vary)]


def tried(stack: str) -> dict[str, object]:
    """What leaves in the common situations."""
    said: dict[str, object] = {}
    for payload in ("1.0", "2.0"):
        if stack == "Chalice" and payload == "2.0":
            continue
        for name, options in (("plain", {}), ("deadline", {"deadline": 0.5})):
            fine, fails = (cors(POLICY, **options)(STACKS[stack](Wanted(fails=fails))) for fails in (False, True))
            asked = event(payload, origin=APP)
            said[f"{payload} {name}"] = seen(fine(asked, Context()))
            said[f"{payload} {name} again"] = seen(fine(asked, Context()))
            said[f"{payload} {name} fails"] = seen(fails(asked, Context()))
            said[f"{payload} {name} preflight"] = seen(fine(preflight(payload), Context()))
    return said


if __name__ == "__main__":
    json.dump({stack: tried(stack) for stack in STACKS if stack != "lambda-cors"}, sys.stdout)
