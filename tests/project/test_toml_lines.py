"""Places of keys in random TOML: each key is found, at the line that it begins, whatever the values around it hold."""

from __future__ import annotations

import json
import tomllib

from hypothesis import given, settings
from hypothesis import strategies as st

from corsmith.project.comments import ignores
from corsmith.project.toml_lines import key_places, place_of

NAMES = st.sampled_from(["a", "b-c", "d_1", "policy", "per-path-ignores", '"e.f"', "'g h'", '"i\\"j"'])
TRICKY = st.sampled_from(["", "x", "]", "[t]", "# c", "k = 1", '"', "'", "\\", "}\n[z]\n", '""', "a = '''", "\n\n"])


@st.composite
def values(draw: st.DrawFn) -> str:
    """Draw the text of a value: strings of every kind, numbers, arrays over several lines, inline tables."""
    kind = draw(st.sampled_from(["basic", "literal", "long", "raw", "number", "array", "table"]))
    text = draw(TRICKY)
    if kind == "basic":
        return json.dumps(text)
    if kind == "literal":
        return f"'{text}'" if "'" not in text and "\n" not in text else "''"
    if kind == "long":
        return '"""\n' + text.replace("\\", "\\\\").replace('"', '\\"') + '"""'
    if kind == "raw":
        return "'''" + text.replace("'", "") + "'''"
    if kind == "number":
        return "1_000"
    if kind == "array":
        return "[\n  " + ", # ]\n  ".join(json.dumps(draw(TRICKY)) for _ in range(draw(st.integers(0, 3)))) + "\n]"
    return "{ x = " + json.dumps(text) + ", y = [1] }"


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, dict[tuple[str, ...], int]]:
    """Draw a document, and the line of each of its keys."""
    lines: dict[tuple[str, ...], int] = {}
    text = ""
    for table in draw(st.lists(NAMES, max_size=3, unique=True)) if draw(st.booleans()) else [None]:
        head: tuple[str, ...] = ()
        if table is not None:
            text += draw(st.sampled_from(["", "\n", "# [no]\n"]))
            head = ("t", _plain(table))
            lines[head] = text.count("\n") + 1
            text += f"[t . {table}]{draw(st.sampled_from(['', '  # x = 1']))}\n"
        for name in draw(st.lists(NAMES, max_size=4, unique=True)):
            lines[(*head, _plain(name))] = text.count("\n") + 1
            text += f"{name} = {draw(values())}{draw(st.sampled_from(['', ' # [u]']))}\n"
    return text, lines


def _plain(name: str) -> str:
    return next(iter(tomllib.loads(f"{name} = 1")))


@settings(max_examples=300, deadline=None)
@given(documents())
def test_every_key_is_found_at_its_line(drawn: tuple[str, dict[tuple[str, ...], int]]) -> None:
    text, lines = drawn
    tomllib.loads(text)
    places = key_places(text)
    for path, line in lines.items():
        assert place_of(places, path)[0] == line, path


@settings(max_examples=300, deadline=None)
@given(
    st.text(alphabet="#/*\"'`\n\r\t {}[]<E:|>-\\é🙂"), st.sampled_from(["py", "yaml", "tf", "ts", "json", "template"])
)
def test_no_text_makes_the_search_for_comments_fail(text: str, ending: str) -> None:
    mark = "# corsmith: ignore[x] why"
    for each in (text, text + mark, f"{text}\n{mark}\n{text}", mark + text):
        for found in ignores(f"a.{ending}", each):
            assert 1 <= found.line <= found.about
            assert each.split("\n")[found.line - 1][found.column - 1 :].startswith("#")
