"""Files are read in their own encoding and written in it: a repair changes its own bytes and no other."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from corsmith.api.tree import Unreadable
from corsmith.cli import main
from corsmith.project.disk import Disk, write
from corsmith.project.encodings import encoding_of

TEMPLATE = """\
# Bestellungen
Transform: AWS::Serverless-2016-10-31
Resources:
  Items:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events: {Get: {Type: Api, Properties: {Path: /items, Method: GET}}}
"""
HANDLER = """\
# Größe
def handler(event, context):
    if not event:
        return {"statusCode": 400, "body": "ä"}
    return {"statusCode": 200, "body": "ö"}
"""
FLAGS = ("--origin", "https://app.example.com", "--method", "GET")


@pytest.mark.parametrize(
    ("path", "data", "name"),
    [
        ("a.py", b"# coding: latin-1\n", "iso8859-1"),
        ("a.py", b"#!/usr/bin/python\n# -*- coding: cp1252 -*-\n", "cp1252"),
        ("a.py", b"\n# vim: set fileencoding=utf-8 :\n", "utf-8"),
        ("a.py", b"x = 1\n# coding: latin-1\n", "utf-8"),
        ("a.py", b"x = '# coding: latin-1'\n", "utf-8"),
        ("a.py", b"# coding: no-such\n", "utf-8"),
        ("a.py", b"# coding: rot13\n", "utf-8"),
        ("a.py", b"\xef\xbb\xbf# coding: latin-1\n", "utf-8"),
        ("a.js", b"// coding: latin-1\n", "utf-8"),
        ("a.yaml", b"\xff\xfea\x00", "utf-16-le"),
        ("a.yaml", b"\xfe\xff\x00a", "utf-16-be"),
        ("a.yaml", b"", "utf-8"),
    ],
)
def test_what_a_file_says_of_its_encoding(path: str, data: bytes, name: str) -> None:
    assert encoding_of(path, data) == name


def as_bytes(text: str, encoding: str, end: str) -> bytes:
    declared = f"# coding: {encoding}\n{text}" if encoding in ("latin-1", "cp1252") else text
    mark = "\ufeff" if encoding in ("utf-16-le", "utf-16-be", "utf-8-sig") else ""
    return (mark + declared.replace("\n", end)).encode("utf-8" if encoding == "utf-8-sig" else encoding)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252"])
def test_a_handler_keeps_its_encoding_and_its_line_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str, end: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    before = as_bytes(HANDLER, encoding, end)
    (tmp_path / "app.py").write_bytes(before)
    (tmp_path / "app.py").chmod(0o755)
    result = CliRunner().invoke(main, ["fix", ".", "--write", *FLAGS], catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
    after = (tmp_path / "app.py").read_bytes()
    codec = "utf-8" if encoding == "utf-8-sig" else encoding
    compile(after if end != "\r" else after.replace(b"\r", b"\n"), "app.py", "exec")
    assert after.startswith(before[:12])
    assert 'headers": {"Access-Control-Allow-Origin"' in after.decode(codec)
    lines = after.decode(codec).removesuffix(end).split(end)
    assert not any(set("\r\n") & set(line) for line in lines)
    assert (tmp_path / "app.py").stat().st_mode & 0o777 == 0o755
    assert CliRunner().invoke(main, ["check", ".", *FLAGS], catch_exceptions=False).exit_code == 0


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("closed", [True, False], ids=["ends", "open"])
def test_a_template_keeps_its_encoding_and_its_line_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str, end: str, *, closed: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    text = TEMPLATE.replace("Type: Api", "Type: HttpApi").replace("Bestellungen", "Größe ✓")
    before = as_bytes(text if closed else text.rstrip("\n"), encoding, end)
    (tmp_path / "template.yaml").write_bytes(before)
    (tmp_path / "app.py").write_text("def handler(event, context):\n    return {'statusCode': 200, 'body': ''}\n")
    result = CliRunner().invoke(main, ["fix", ".", "--write", *FLAGS], catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
    after = (tmp_path / "template.yaml").read_bytes()
    assert after.startswith(before.removesuffix(b"\n"))
    codec = "utf-8" if encoding == "utf-8-sig" else encoding
    added = after.decode(codec)[len(before.decode(codec)) :]
    assert "AllowOrigins" in added
    assert not any(set("\r\n") & set(line) for line in added.split(end))
    assert CliRunner().invoke(main, ["check", ".", *FLAGS], catch_exceptions=False).exit_code == 0


def test_a_letter_that_the_encoding_lacks_is_said(tmp_path: Path) -> None:
    file = tmp_path / "app.py"
    file.write_bytes(b"# coding: latin-1\nx = '\xe4'\n")
    text = Disk().read(str(file))
    with pytest.raises(Unreadable, match="latin-1 has no letter for what is to be written"):
        write(str(file), text, text.replace("ä", "✓"))
    assert file.read_bytes() == b"# coding: latin-1\nx = '\xe4'\n"
    assert [path.name for path in tmp_path.iterdir()] == ["app.py"]


def test_what_is_not_in_the_declared_encoding_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"# coding: ascii\nx = '\xe4'\n")
    with pytest.raises(Unreadable, match="not ascii text"):
        Disk().read(str(tmp_path / "a.py"))
