"""Damaged sources, as editors hold them: nothing that is read of them fails."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corsmith.api.tree import Memory, Tree
from corsmith.handlers import summarise_source
from corsmith.handlers.pages import page_calls

from .pages.test_page_calls import MARKUP, ONE_FILE

HERE = Path(__file__).parent
APPS = sorted(
    [*(HERE / "measured" / "apps").glob("*.py"), *(HERE / "javascript" / "measured" / "apps").glob("*.[mt]*s")]
)
SCRIPTS = [("app.tsx", source) for source, _ in ONE_FILE.values()] + list(MARKUP.items())
SLOW = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SLOW
@given(data=st.data())
def test_applications_without_some_of_their_lines(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(APPS))
    lines = path.read_text().splitlines(keepends=True)
    gone = data.draw(st.sets(st.integers(0, len(lines) - 1), max_size=4))
    text = "".join(line for number, line in enumerate(lines) if number not in gone)
    entry = "app" if path.stem.startswith("chalice") else "handler"
    summary = summarise_source(Tree(Memory({f"app{path.suffix}": text})), f"app{path.suffix}", entry)
    for outcome in summary.outcomes:
        assert 0 <= outcome.span.start <= outcome.span.end <= len(text)


@SLOW
@given(data=st.data())
def test_scripts_of_pages_that_are_cut_short(data: st.DataObject) -> None:
    name, text = data.draw(st.sampled_from(SCRIPTS))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    put = data.draw(st.sampled_from(["", "(", "}", "`${", "'", "=>", "...", "é"]))
    held = text[:start] + put + text[end:]
    for call in page_calls(Tree(Memory({name: held})), (name,)):
        assert 0 <= call.span.start < call.span.end <= len(held)
        assert all(0 <= each.span.start <= each.span.end <= len(held) for each in call.headers)
