"""Writes the vectors that both runtimes pass: `python make.py` writes them, `python make.py --check` compares.

What is expected is written by hand, once, in the modules here; the JSON is what both languages read.

policies.json: arguments of a Policy (names as in Python) and the problems it is refused with, as `[code, field]` pairs.
requests.json: named policies, and cases of an event, what the handler does, the wrapper's options, and what must leave:
status, headers (lower-case names), the map they leave in, and body or cookies where they matter.
settings.json: a policy with the settings of a front door that say the same, or what of it the front door cannot say; or
settings with the problems they are refused with.
"""

import importlib
import json
import sys
from pathlib import Path

from cases_policies import BROKEN, FINE
from cases_requests import POLICIES, cases
from cases_settings import settings

HERE = Path(__file__).parent
for name in ("cases_front_doors", "cases_matching", "cases_results", "cases_options"):
    importlib.import_module(name)


def _lines(content):
    """JSON with one case on a line, so that a change of one case is a change of one line."""
    if isinstance(content, list):
        return "[\n" + ",\n".join(json.dumps(item) for item in content) + "\n]\n"
    return f'{{"policies": {json.dumps(content["policies"])},\n"cases": {_lines(content["cases"])}}}\n'


def main():
    policies = [{"name": name, "policy": policy, "problems": []} for name, policy in FINE.items()]
    policies += [{"name": name, "policy": policy, "problems": problems} for name, (policy, problems) in BROKEN.items()]
    status = 0
    requests = {"policies": POLICIES, "cases": cases}
    for name, content in (("policies.json", policies), ("requests.json", requests), ("settings.json", settings)):
        text = _lines(content)
        path = HERE / name
        if "--check" in sys.argv:
            status |= not path.exists() or path.read_text() != text
        else:
            path.write_text(text)
    return int(status)


if __name__ == "__main__":
    sys.exit(main())
