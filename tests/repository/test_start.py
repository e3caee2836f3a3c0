"""The first five minutes, as the page has them: its files, its commands in their order, what they print."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from corsmith.cli import main

from .code_blocks import ROOT, blocks, is_shown, sessions

PAGE = ROOT / "docs" / "start.md"
FILE = re.compile(r'(?ms)^```\w+ title="([^"]+)"\n(.*?)^```$')


def test_the_page_is_what_one_sees(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in FILE.findall(PAGE.read_text(encoding="utf-8")):
        Path(name).write_text(text, encoding="utf-8")
    ran = []
    for block in blocks(PAGE):
        for command, shown in sessions(block) if block.language == "console" else ():
            told = CliRunner().invoke(main, command[1:], prog_name="corsmith", terminal_width=100)
            lines = "\n".join(line.rstrip() for line in told.output.rstrip("\n").split("\n"))
            assert is_shown(shown, lines), f"{block}\n{lines}"
            ran.append(command[1])
    assert ran == ["check", "fix", "fix", "check"]
