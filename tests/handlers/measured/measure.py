"""Runs the applications of this folder with the frameworks installed, and records what they answer.

Run, in an environment with the packages of `requirements.txt` and `runtimes/python`: python tests/handlers/measured/measure.py
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent.parent), str(HERE / "apps")]
ORIGINS = (None, "https://a.example", "https://x.b.example", "https://evil.test")


def probes(event: object) -> list[dict[str, object]]:
    """Return the events that every application is sent."""
    found = []
    for payload in ("1.0", "2.0"):
        for path in ("/items", "/users", "/boom", "/nowhere"):
            for origin in ORIGINS:
                sent = {"origin": origin} if origin else {}
                found += [event(method, path, sent, None, payload) for method in ("GET", "PUT", "POST")]
                for asked, names in (("PUT", None), ("DELETE", None), ("GET", "x-token"), ("GET", "x-other")):
                    more = {"access-control-request-method": asked}
                    more |= {"access-control-request-headers": names} if names else {}
                    found.append(event("OPTIONS", path, {**sent, **more}, None, payload))
    return found


def main() -> None:
    """Record each application in a process of its own: frameworks keep settings for all of it."""
    for file in sorted((HERE / "apps").glob("*.py")):
        subprocess.run([sys.executable, __file__, file.stem], check=True)


def record(name: str) -> None:
    """Record an application in `<name>.json`: event number, then status and headers, or the exception."""
    import importlib
    from types import SimpleNamespace

    from handlers.events import event

    logging.disable(logging.CRITICAL)
    sent = probes(event)
    module = importlib.import_module(name)
    handler = getattr(module, "handler", None) or module.app
    observed = []
    for each in sent:
        context = SimpleNamespace(function_name="f", memory_limit_in_mb=1, invoked_function_arn="a", aws_request_id="1")
        try:
            with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
                answer = handler(json.loads(json.dumps(each)), context)
        except Exception as error:  # noqa: BLE001 - what the handler raises is the observation
            observed.append(["raised", type(error).__name__])
            continue
        listed = {name: ", ".join(values) for name, values in (answer.get("multiValueHeaders") or {}).items()}
        headers = {name.lower(): value for name, value in {**listed, **(answer.get("headers") or {})}.items()}
        kept = {
            name: value
            for name, value in sorted(headers.items())
            if name.startswith("access-control") or name in {"vary", "x-a"}
        }
        observed.append([answer["statusCode"], kept])
    (HERE / f"{name}.json").write_text(json.dumps(observed, separators=(",", ":")) + "\n")
    print(name, len(observed))


if __name__ == "__main__":
    record(sys.argv[1]) if len(sys.argv) > 1 else main()
