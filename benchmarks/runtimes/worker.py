"""One stack in one process: reads `cell calls` lines, answers with the CPU microseconds of one call.

The first line names the stack; the answer to it is the status of each cell.
"""

import asyncio
import json
import logging
import sys
import time

from stacks import STACKS, Context, Wanted, event, preflight

APP = "https://app.example.com"


def cells(payload: str) -> dict[str, object]:
    """The events that are measured."""
    return {
        "actual": event(payload, origin=APP),
        "no Origin": event(payload),
        "preflight": preflight(payload),
        "denied preflight": preflight(payload, "https://evil.example.net"),
        "8,000 commas": preflight(payload, names="," * 8000),
    }


def main() -> None:
    """Serves the lines of stdin."""
    logging.disable()
    handler = STACKS[sys.stdin.readline().strip()](Wanted())
    events = {f"{payload} {name}": made for payload in ("2.0", "1.0") for name, made in cells(payload).items()}
    context = Context()
    print(json.dumps({cell: handler(made, context)["statusCode"] for cell, made in events.items()}), flush=True)
    for line in sys.stdin:
        cell, _, count = line.strip().rpartition(" ")
        made, calls = events[cell], range(int(count))
        start = time.process_time_ns()
        for _ in calls:
            handler(made, context)
        print((time.process_time_ns() - start) / 1000 / len(calls), flush=True)


if __name__ == "__main__":
    asyncio.set_event_loop(asyncio.new_event_loop())
    main()
