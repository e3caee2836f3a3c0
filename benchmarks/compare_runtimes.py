"""The comparison table: what each library was seen to do, and which of it is right. Needs the peers' environment.

`python -m benchmarks.compare_runtimes` writes it into docs/lambda-cors.md, and what was measured last beside it.
"""

import json
import subprocess
from pathlib import Path

from . import runtimes, tables

NONE = "no CORS headers"
# The answers that are right, by probe: what is refused is refused at once, and nothing else reaches a browser wrongly.
RIGHT = {
    "`*` with credentials, any site asks": {"refused"},
    "policy `https://app.example.com/`": {"refused"},
    "policy `app.example.com`": {"refused"},
    "policy `null` with credentials": {"refused"},
    "policy `http://app.example.com` with credentials": {"refused"},
    "sub-domains of example.com, `https://a.example.com` asks": {"may read with credentials"},
    "sub-domains of example.com, `https://a.example.com.evil.test` asks": {"denied"},
    "max-age 1,000,000,000": {"refused"},
    "method `POS T`": {"refused"},
    "`Vary`, allowed origin": {"origin"},
    "`Vary`, denied origin": {"origin"},
    "`Vary`, no Origin": {"origin"},
    "the handler's own `Vary: Accept-Encoding`": {"kept"},
    "the handler's own `access-control-allow-origin: *`": {"replaced"},
    "OPTIONS that is no preflight": {"reaches the code"},
    "the handler raises": {"500 with headers"},
}


def probed() -> dict[str, dict[str, str]]:
    """By probe and stack, what was seen; Node's stacks under their own names."""
    runtimes.prepare()
    seen: dict[str, dict[str, str]] = {}
    commands = {"": [str(runtimes.PEERS / "bin/python"), "probe.py"], "node": [runtimes.NODE, "probe.mjs"]}
    for language, command in commands.items():
        done = subprocess.run(
            command, cwd=runtimes.HERE, env=runtimes.environment(), capture_output=True, text=True, check=True
        )
        for probe, stacks in json.loads(done.stdout).items():
            for stack, said in stacks.items():
                own = stack in ("lambda-cors", "hand-written")
                name = f"{stack} (Node)" if language and own else stack
                seen.setdefault(probe, {})[name] = said
    return seen


COLUMNS = (
    "lambda-cors", "lambda-cors (Node)", "Powertools", "Starlette + Mangum", "Flask-CORS", "Chalice",
    "middy with error handler", "Hono",
)  # fmt: skip


def cell(probe: str, said: str) -> str:
    """What was seen, in bold where it is wrong."""
    right = RIGHT.get(probe)
    wrong = right is not None and said not in right and said != "cannot be said"
    if said == "denied" and wrong:
        said = "taken, never matches"
    elif wrong and probe.startswith(("max-age", "method")):
        said = "taken"
    elif said.startswith("kept: "):
        said = "kept, so blocked"
    elif probe.startswith("preflight") and NONE not in said:
        said = f"{said.split(',')[0]}, {said.count(',')} of the headers"
    return f"**{said}**" if wrong else said


def table(seen: dict[str, dict[str, str]]) -> str:
    """The table, as Markdown."""
    head = f"| | {' | '.join(COLUMNS)} |\n| --- |{' --- |' * len(COLUMNS)}"
    rows = [f"| {probe} | {' | '.join(cell(probe, said[name]) for name in COLUMNS)} |" for probe, said in seen.items()]
    return "\n".join([head, *rows])


def with_table(text: str, name: str, made: str) -> str:
    """The page with the table between its two marks."""
    start, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    before, _, rest = text.partition(start)
    _, _, after = rest.partition(end)
    return f"{before}{start}{made}\n{end}{after}"


PAGE = Path(__file__).parents[1] / "docs/lambda-cors.md"


def write() -> None:
    """Puts what is seen, and what was measured last, into the page."""
    text = with_table(PAGE.read_text(), "compared", table(probed()))
    PAGE.write_text(with_table(text, "measured", tables.shown("runtimes")))


if __name__ == "__main__":
    write()
