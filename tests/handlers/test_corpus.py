"""The script that counts what a corpus leaves undecided, on a small one."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import corpus

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Known:
    Type: AWS::Serverless::Function
    Properties:
      {Runtime: python3.13, Handler: app.handler, CodeUri: ., Events: {C: {Type: Api, Properties: {Path: /a, Method: GET}}}}
  Open:
    Type: AWS::Serverless::Function
    Properties:
      {Runtime: python3.13, Handler: app.other, CodeUri: ., Events: {C: {Type: Api, Properties: {Path: /b, Method: GET}}}}
  Alone:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: .}
"""
APP = "import strange\ndef handler(e, c): return {'statusCode': 200}\ndef other(e, c): return strange.answer(e)\n"


def test_a_small_corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    project = tmp_path / "corpus" / "one"
    project.mkdir(parents=True)
    (project / "template.yaml").write_text(TEMPLATE)
    (project / "app.py").write_text(APP)
    (project / "loose.mjs").write_text("export const handler = async () => ({ statusCode: 200 });\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["corpus", "corpus", "--list", "--sample", "2"])
    corpus.main()
    printed = capsys.readouterr().out
    assert "4 functions, 2 files of code, 0 templates that cannot be read" in printed
    assert "| Python, no framework | 1 | 0 | 0.0% |" in printed
    assert "| strange.answer | 1 | 1 | 100.0% |" in printed
    assert "| Node.js, no framework | 1 | 0 | 0.0% |" in printed
    assert "which is not followed" in printed
