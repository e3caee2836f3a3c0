"""The documents keep step with the code: links lead somewhere, commands exist, every page is reached."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from corsmith import __version__
from corsmith.cli import COMMANDS, main
from corsmith.rules import CATALOGUE

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
TOP = [
    ROOT / f"{name}.md" for name in ("README", "ARCHITECTURE", "CONTRIBUTING", "SECURITY", "CHANGELOG", "BENCHMARKS")
]
PAGES = [
    *TOP,
    *sorted(DOCS.rglob("*.md")),
    *sorted((ROOT / "examples").rglob("*.md")),
    *sorted((ROOT / "runtimes").glob("*/*.md")),
]

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


def links(page: Path) -> Iterator[Path]:
    """Yield the files that `page` links to."""
    text = re.sub(r"(?s)```.*?```", "", page.read_text(encoding="utf-8"))
    for target in LINK.findall(text):
        if not target.startswith(("http://", "https://", "mailto:", "#")):
            yield (page.parent / target.split("#")[0]).resolve()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_what_exists(page: Path) -> None:
    assert [str(target) for target in links(page) if not target.exists()] == []


def slugs(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them; the site makes the same of headings that are told apart."""
    text = re.sub(r"(?s)```.*?```", "", page.read_text(encoding="utf-8"))
    found: list[str] = []
    for heading in re.findall(r"(?m)^#+ (.+?)#*$", text):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").strip().lower()
        slug = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
        same = sum(each == slug or each.startswith(f"{slug}#") for each in found)
        found.append(f"{slug}#{same}" if same else slug)
    return {each.replace("#", "-") for each in found}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_anchors_are_headings(page: Path) -> None:
    text = re.sub(r"(?s)```.*?```", "", page.read_text(encoding="utf-8"))
    for target in LINK.findall(text):
        name, hash_sign, anchor = target.partition("#")
        if hash_sign and not target.startswith(("http://", "https://")):
            there = (page.parent / name).resolve() if name else page
            assert there.suffix != ".md" or anchor in slugs(there), f"{page}: {target}"


def test_every_page_is_reached_from_the_readme() -> None:
    reached = {ROOT / "README.md"}
    todo = list(reached)
    while todo:
        for target in links(todo.pop()):
            if target.suffix == ".md" and target.is_file() and target not in reached:
                reached.add(target)
                todo.append(target)
    assert {page for page in PAGES if page not in reached} == set()


def test_every_page_has_its_place_in_the_sites_menu() -> None:
    menu = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:\n")[2]
    pages = (page.relative_to(ROOT).as_posix() for page in DOCS.rglob("*.md") if page.parent.name != "rules")
    assert [page for page in pages if f": {page}\n" not in menu] == []


def shown_commands(text: str) -> Iterator[tuple[str, str]]:
    """Yield (command, its arguments) of every call that `text` shows, in a line of a block or between backquotes."""
    blocks = re.findall(r"(?ms)^```\w*\n(.*?)^```$", text)
    code = [line for block in blocks for line in block.split("\n")]
    code += re.findall(r"`([^`\n]+)`", re.sub(r"(?ms)^```.*?^```$", "", text))
    for line in code:
        match = re.match(r"(?:\$ )?(?:uvx )?corsmith ([a-z]+)\b(.*)", line)
        if match:
            yield match[1], match[2]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_that_pages_show_exist_with_their_options(page: Path) -> None:
    for name, rest in shown_commands(page.read_text(encoding="utf-8")):
        assert name in COMMANDS, f"{page}: corsmith {name}"
        command = main.get_command(click.Context(main), name)
        assert command is not None
        known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
        for option in re.findall(r"(?<!\S)(--[a-z-]+)", rest):
            assert option in known | {"--help"}, f"{page}: corsmith {name} {option}"


def test_every_rule_has_a_page_and_every_page_a_rule() -> None:
    assert sorted(page.stem for page in (DOCS / "rules").glob("*.md") if page.stem != "index") == sorted(
        rule.id for rule in CATALOGUE
    )


def test_pages_that_name_a_version_name_this_one() -> None:
    for page in PAGES:
        for shown in re.findall(r"(?:rev: |corsmith/corsmith@)v([\d.]+)", page.read_text(encoding="utf-8")):
            assert shown == __version__, page


def test_make_targets_that_pages_show_exist() -> None:
    targets = set(re.findall(r"(?m)^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8")))
    for page in PAGES:
        for shown in re.findall(r"`make ([a-z]+)`|(?m:^make ([a-z]+)$)", page.read_text(encoding="utf-8")):
            assert set(shown) - {""} <= targets, page


def test_continuous_integration_runs_what_the_readme_says() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.search(r"(?m)^make test$", readme)
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert re.search(r"(?m)^make test\b", script)
    assert re.search(r"(?m)^make check\b", script)


def test_what_documents_take_from_the_code_is_what_the_code_says() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "scripts.documents", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert told.stderr == ""
    assert told.stdout == "", "run: .venv/bin/python -m scripts.documents"
    assert told.returncode == 0
