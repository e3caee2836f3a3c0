"""A summary is used again while nothing that was looked at for it has changed."""

from __future__ import annotations

from corsmith.api.function import Function
from corsmith.api.span import Span
from corsmith.api.tree import Memory, Tree
from corsmith.api.value import Known
from corsmith.handlers import summarise

from .reading import line

FILES = {
    "src/app.py": "import os\nfrom shared import ORIGIN\ntry:\n    import extra\nexcept ImportError:\n    extra = None\n"
    "def handler(e, c): return {'statusCode': 200, 'headers': {'Access-Control-Allow-Origin': ORIGIN, 'X': os.environ['X']}}\n",
    "src/shared.py": "ORIGIN = '*'\n",
    "src/other.py": "x = 1\n",
}


def _function(value: str = "1") -> Function:
    span = Span("template.yaml", 0, 9)
    return Function("F", span, Known("python3.13"), Known("app.handler"), Known("src"), (("X", Known(value)),))


def test_the_same_summary_while_nothing_changed() -> None:
    tree = Tree(Memory(FILES))
    assert summarise(tree, _function()) is summarise(tree.with_text("src/other.py", "y = 2\n"), _function())


def test_a_changed_file_is_read_again() -> None:
    tree = Tree(Memory(FILES))
    before = summarise(tree, _function())
    after = summarise(tree.with_text("src/shared.py", "ORIGIN = 'https://a.example'\n"), _function())
    assert [line(outcome) for outcome in (*before.outcomes, *after.outcomes)] == ["200 *", "200 https://a.example"]


def test_a_file_that_was_missed_is_noticed() -> None:
    tree = Tree(Memory(FILES))
    before = summarise(tree, _function())
    after = summarise(tree.with_text("src/extra.py", "z = 1\n"), _function())
    assert "src/extra.py" not in before.files
    assert "src/extra.py" in after.files


def test_a_file_that_is_gone_is_noticed() -> None:
    summarise(Tree(Memory(FILES)), _function())
    gone = summarise(Tree(Memory({"src/app.py": FILES["src/app.py"]})), _function())
    assert [line(outcome) for outcome in gone.outcomes] == ["200 unknown"]


def test_another_environment_is_another_function() -> None:
    tree = Tree(Memory(FILES))
    assert summarise(tree, _function("1")) != summarise(tree, _function("2"))
