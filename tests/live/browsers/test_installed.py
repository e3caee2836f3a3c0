"""Finding browsers, and what people are told where there is none."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from corsmith.live.browsers import BrowserMissingError, Chromium, Firefox
from corsmith.live.browsers.certificate import server_context
from corsmith.live.browsers.installed import CHROMIUM, FIREFOX, Product, program_of


def program(folder: Path, name: str) -> str:
    path = folder / name
    path.write_text("#!/bin/sh\nexit 3\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize(
    ("product", "name"), [(product, name) for product in (CHROMIUM, FIREFOX) for name in product.programs]
)
def test_each_name_is_looked_for(tmp_path: Path, product: Product, name: str) -> None:
    mine = program(tmp_path, name)
    assert program_of(product, {"PATH": str(tmp_path), product.variable: ""}) == mine


def test_the_variable_wins(tmp_path: Path) -> None:
    program(tmp_path, "chromium")
    mine = program(tmp_path, "mine")
    assert program_of(CHROMIUM, {"PATH": str(tmp_path), "CORSMITH_CHROMIUM": mine}) == mine


def test_a_variable_that_names_nothing_is_told(tmp_path: Path) -> None:
    with pytest.raises(BrowserMissingError, match="CORSMITH_FIREFOX is '/no/fox', which is no program"):
        program_of(FIREFOX, {"PATH": str(tmp_path), "CORSMITH_FIREFOX": "/no/fox"})


@pytest.mark.parametrize(
    ("product", "install"), [(CHROMIUM, "apt-get install chromium"), (FIREFOX, "install firefox-esr")]
)
def test_a_missing_browser_is_told_how_to_install(tmp_path: Path, product: Product, install: str) -> None:
    with pytest.raises(BrowserMissingError, match=install):
        program_of(product, {"PATH": str(tmp_path)})


@pytest.mark.parametrize(
    ("module", "package", "start"),
    [
        ("playwright.async_api", "playwright", lambda: Chromium().__enter__()),
        ("cryptography", "cryptography", server_context),
        ("cryptography", "cryptography", lambda: Firefox().__enter__()),
    ],
)
def test_a_missing_package_is_told(monkeypatch: pytest.MonkeyPatch, module: str, package: str, start: object) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    assert callable(start)
    with pytest.raises(BrowserMissingError, match=f"{package} is not installed: pip install 'corsmith\\[browsers\\]'"):
        start()
