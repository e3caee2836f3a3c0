"""A module that was run for one handler is taken over for the next, and nothing of the one reaches the other."""

from __future__ import annotations

from itertools import count

import pytest

from corsmith.api.function import Function
from corsmith.api.outcome import HandlerSummary
from corsmith.api.span import Span
from corsmith.api.tree import Memory, Tree
from corsmith.api.value import Known
from corsmith.handlers import loaded, summarise

from .reading import line

_PLACES = count()


def read(tree: Tree, handler: str, runtime: str = "python3.13", **environment: str) -> HandlerSummary:
    """Return the summary of a function that was never read before."""
    given = tuple((name, Known(value)) for name, value in environment.items())
    span = Span("template.yaml", next(_PLACES), 0)
    return summarise(tree, Function("F", span, Known(runtime), Known(handler), Known("src"), given))


def lines(summary: HandlerSummary) -> list[str]:
    return [line(outcome) for outcome in summary.outcomes]


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The modules that are taken over, in their order."""
    found: list[str] = []
    take_over = loaded._take_over

    def noted(machine: object, load: loaded.Load) -> None:
        found.extend(load.modules)
        take_over(machine, load)  # type: ignore[arg-type]

    monkeypatch.setattr(loaded, "_take_over", noted)
    return found


SHARED = "import os\nH = {'Access-Control-Allow-Origin': os.environ.get('ORIGIN', '*')}\n"
PLAIN = "from shared import H\ndef handler(e, c): return {'statusCode': 200, 'headers': H}\n"
CHANGING = (
    "import shared\nshared.H['Access-Control-Allow-Origin'] = 'https://a.example'\nfrom shared import H\n"
    "def handler(e, c):\n    return {'statusCode': 200, 'headers': H}\n"
)


def test_a_shared_module_is_run_once(taken: list[str]) -> None:
    tree = Tree(Memory({"src/one.py": PLAIN, "src/two.py": PLAIN, "src/shared.py": SHARED}))
    assert lines(read(tree, "one.handler")) == lines(read(tree, "two.handler")) == ["200 *"]
    assert taken == ["src/shared.py"]


def test_the_files_of_a_module_taken_over_are_named(taken: list[str]) -> None:
    tree = Tree(Memory({"src/one.py": PLAIN, "src/two.py": PLAIN, "src/shared.py": SHARED + "x = 2\n"}))
    assert read(tree, "one.handler").files == ("src/one.py", "src/shared.py")
    assert read(tree, "two.handler").files == ("src/two.py", "src/shared.py")


def test_what_one_handler_writes_stays_its_own(taken: list[str]) -> None:
    tree = Tree(Memory({"src/one.py": CHANGING, "src/two.py": PLAIN, "src/shared.py": SHARED + "x = 3\n"}))
    assert lines(read(tree, "one.handler")) == ["200 https://a.example"]
    assert lines(read(tree, "two.handler")) == ["200 *"]
    assert lines(read(tree, "one.handler")) == ["200 https://a.example"]


def test_another_environment_is_another_load() -> None:
    tree = Tree(Memory({"src/one.py": PLAIN, "src/shared.py": SHARED + "x = 4\n"}))
    assert lines(read(tree, "one.handler", ORIGIN="https://a.example")) == ["200 https://a.example"]
    assert lines(read(tree, "one.handler", ORIGIN="https://b.example")) == ["200 https://b.example"]
    assert lines(read(tree, "one.handler")) == ["200 *"]


def test_a_changed_module_is_run_again(taken: list[str]) -> None:
    tree = Tree(Memory({"src/one.py": PLAIN, "src/shared.py": SHARED + "x = 5\n"}))
    read(tree, "one.handler")
    changed = tree.with_text("src/shared.py", "H = {'Access-Control-Allow-Origin': 'https://c.example'}\n")
    assert lines(read(changed, "one.handler")) == ["200 https://c.example"]
    assert taken == []


def test_a_module_that_appears_is_noticed() -> None:
    text = "try:\n    from extra import H\nexcept ImportError:\n    H = {}\n" + SHARED.replace("H =", "G =")
    tree = Tree(Memory({"src/one.py": PLAIN, "src/shared.py": text}))
    read(tree, "one.handler")
    appeared = tree.with_text("src/extra.py", "H = {'Access-Control-Allow-Origin': 'https://d.example'}\n")
    assert lines(read(appeared, "one.handler")) == ["200 https://d.example"]


def test_routes_of_one_handler_are_not_registered_for_the_next(taken: list[str]) -> None:
    shared = "from aws_lambda_powertools.event_handler import APIGatewayRestResolver\napp = APIGatewayRestResolver()\n"
    one = "from shared import app\n@app.get('/{0}')\ndef get():\n    return {{}}\ndef handler(e, c): return app.resolve(e, c)\n"
    tree = Tree(Memory({f"src/{name}.py": one.format(name) for name in ("one", "two")} | {"src/shared.py": shared}))
    first, second = read(tree, "one.handler"), read(tree, "two.handler")
    assert ("GET", "/one") in first.serves
    assert ("GET", "/two") in second.serves
    assert ("GET", "/one") not in second.serves
    assert "src/shared.py" in taken


def test_conditions_of_a_module_are_taken_over_with_it(taken: list[str]) -> None:
    shared = "import os\nH = {'Access-Control-Allow-Origin': '*'} if os.environ['X'] else {}\n"
    tree = Tree(Memory({"src/one.py": PLAIN, "src/two.py": PLAIN, "src/shared.py": shared}))
    assert lines(read(tree, "one.handler")) == lines(read(tree, "two.handler")) == lines(read(tree, "one.handler"))
    assert taken


def test_the_same_in_javascript(taken: list[str]) -> None:
    shared = "export const H = { 'Access-Control-Allow-Origin': process.env.ORIGIN || '*' };\n"
    handler = (
        "import { H } from './shared.mjs';\nexport const handler = async () => ({ statusCode: 200, headers: H });\n"
    )
    files = {"src/one.mjs": handler, "src/two.mjs": handler, "src/shared.mjs": shared}
    tree = Tree(Memory(files))
    assert lines(read(tree, "one.handler", "nodejs22.x")) == lines(read(tree, "two.handler", "nodejs22.x")) == ["200 *"]
    assert taken == ["src/shared.mjs"]
    other = read(tree, "two.handler", "nodejs22.x", ORIGIN="https://a.example")
    assert lines(other) == ["200 https://a.example"]


def test_modules_that_import_each_other() -> None:
    files = {
        "src/one.py": "import two\nH = {'Access-Control-Allow-Origin': '*'}\ndef handler(e, c): return two.answer()\n",
        "src/two.py": "import one\ndef answer(): return {'statusCode': 200, 'headers': one.H}\n",
        "src/three.py": "import two, one\ndef handler(e, c): return two.answer()\n",
    }
    tree = Tree(Memory(files))
    assert [lines(read(tree, f"{name}.handler")) for name in ("one", "three", "one", "three")] == [["200 *"]] * 4


def test_a_second_machine_does_without_while_one_runs(taken: list[str]) -> None:
    tree = Tree(Memory({"src/one.py": PLAIN, "src/two.py": PLAIN, "src/shared.py": SHARED + "x = 9\n"}))
    read(tree, "one.handler")
    with loaded.sharing(object()):  # type: ignore[arg-type]
        assert lines(read(tree, "two.handler")) == ["200 *"]
    assert taken == []
