"""Reads the templates and handlers of a folder of projects, and counts what could not be decided.

Run: python -m benchmarks.corpus DIR --templates for the templates, by dialect: functions whose source was found, and
settings whose value is unknown. Exit status 1 where a reader failed, or took longer than a second.

Run: python -m benchmarks.corpus DIR [--list] [--sample N --seed S] for the handlers, by framework. A function counts as
undecided where one of its ways out could not be made out (`unread`), or where the status or a CORS header of one is not
known. Functions that no route leads to are counted apart: their answers are nobody's response.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import fields

from corsmith.api.function import Function
from corsmith.api.model import Api
from corsmith.api.outcome import AnyText, Array, Choice, HandlerSummary, Object, Outcome, Returned
from corsmith.api.span import Span
from corsmith.api.tree import Tree, Unreadable
from corsmith.api.value import Known, OneOf, Unknown
from corsmith.handlers import summarise
from corsmith.handlers.summary import summarise_source
from corsmith.project.discover import discover
from corsmith.project.disk import Disk
from corsmith.project.routes import function_of
from corsmith.readers import Settings, read, source_of


class Read(Struct, eq=False):
    """One function that was read."""

    template: str
    function: Function
    summary: HandlerSummary
    routed: bool
    seconds: float

    @property
    def kind(self) -> str:
        """The framework that answers, else the language."""
        named = sorted(self.summary.frameworks)
        runtime = str(getattr(self.function.runtime, "value", ""))
        language = "Python" if runtime.startswith("python") else "Node.js"
        return named[0] if named else f"{language}, no framework"

    @property
    def undecided(self) -> str:
        """Why it is undecided, "" where it is not."""
        if self.summary.unread:
            return self.summary.unread[0].because
        return next((why for outcome in self.summary.outcomes if (why := _open(outcome))), "")


def _open(outcome: Outcome) -> str:
    """Say what decides of a response and is not known."""
    if not isinstance(outcome.result, Returned):
        return ""
    node = outcome.result.result
    if isinstance(node, Unknown):
        return node.because
    if isinstance(node, Choice):
        return next((_open_node(each) for each in node.options if _open_node(each)), "")
    return _open_node(node)


def _open_node(node: object) -> str:
    if isinstance(node, Unknown):
        return node.because
    if not isinstance(node, Object):
        return ""
    if node.rest is not None:
        return node.rest.because
    for name, entry in node.entries:
        if name in {"statusCode", "headers", "multiValueHeaders"} and isinstance(entry, Unknown):
            return f"{name}: {entry.because}"
        if name in {"headers", "multiValueHeaders"} and isinstance(entry, Object):
            if entry.rest is not None:
                return f"{name}: {entry.rest.because}"
            for header, value in entry.entries:
                decisive = header.lower().startswith("access-control") and not isinstance(value, (AnyText, Array))
                if decisive and isinstance(value, Unknown):
                    return f"{header}: {value.because}"
    return ""


def functions(tree: Tree, folder: str, problems: list[str]) -> Iterator[Read]:
    """Yield the functions of every template below `folder` whose code is there."""
    for template in discover(tree, folder).templates:
        try:
            api = read(tree, template, Settings())
        except Unreadable as error:
            problems.append(str(error))
            continue
        if api is None:
            continue
        doors = api.front_doors
        declared = (
            each for door in doors for each in (door, *getattr(door, "routes", ()), *getattr(door, "methods", ()))
        )
        routed = {function_of(each) for each in declared}
        for function in api.functions:
            runtime = str(getattr(function.runtime, "value", "python" if function.runtime else ""))
            if not runtime.startswith(("python", "node")):
                continue
            if function.inline is None and (
                not isinstance(function.code, Known)
                or not isinstance(function.handler, Known)
                or source_of(tree, function).path is None
            ):
                continue
            started = time.perf_counter()
            summary = summarise(tree, function)
            yield Read(template, function, summary, function.name in routed, time.perf_counter() - started)


_ENTRIES = {
    ".py": re.compile(r"^(?:async )?def (lambda_handler|handler)\(\s*event", re.MULTILINE),
    ".js": re.compile(
        r"^(?:module\.)?exports\.(handler|lambdaHandler|main) *=|^export const (handler|lambdaHandler|main)\b",
        re.MULTILINE,
    ),
}
_ENTRIES.update(dict.fromkeys((".mjs", ".cjs", ".ts", ".mts"), _ENTRIES[".js"]))
_ANSWERS = re.compile(r"statusCode")


def loose(tree: Tree, folder: Path, seen: set[str]) -> Iterator[Read]:
    """Yield the handlers in files that no template names, such as those of CDK programs, that answer requests."""
    for file in sorted(each for each in folder.rglob("*") if each.suffix in _ENTRIES):
        path = os.path.relpath(file).replace(os.sep, "/")
        if path in seen or not file.is_file():
            continue
        try:
            text = tree.read(path)
        except Unreadable:
            continue
        entry = _ENTRIES[file.suffix].search(text)
        if entry is None or _ANSWERS.search(text) is None:
            continue
        name = next(group for group in entry.groups() if group)
        runtime = "python3.13" if file.suffix == ".py" else "nodejs22.x"
        started = time.perf_counter()
        summary = summarise_source(tree, path, name, (), runtime)
        function = Function(name, Span(path, 0, 0), Known(runtime), Known(name))
        yield Read(path, function, summary, False, time.perf_counter() - started)


def table(found: list[Read]) -> str:
    """Return the counts as a table."""
    whole, open_ = Counter(each.kind for each in found), Counter(each.kind for each in found if each.undecided)
    lines = ["| code | functions | undecided | share |", "| --- | ---: | ---: | ---: |"]
    for kind, count in whole.most_common():
        lines.append(f"| {kind} | {count} | {open_[kind]} | {open_[kind] / count:.1%} |")
    total, undecided = sum(whole.values()), sum(open_.values())
    return "\n".join([*lines, f"| all | {total} | {undecided} | {undecided / max(total, 1):.1%} |"])


SLOW = 1.0
"""Seconds of CPU that no template takes."""


class Dialect(Struct):
    """What was met in one dialect."""

    templates: int = 0
    functions: int = 0
    inline: int = 0
    linked: int = 0
    elsewhere: Counter[str] = field(default_factory=Counter)
    values: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0


def _count(value: object, counts: Counter[str]) -> None:
    """Count the values of a model by how much is known of each."""
    if isinstance(value, Known | Unknown | OneOf):
        counts[type(value).__name__] += 1
    if isinstance(value, tuple):
        for item in value:
            _count(item, counts)
    elif isinstance(value, Struct) and not isinstance(value, Span):
        for each in fields(value):
            if each.name not in ("via", "deployments"):
                _count(getattr(value, each.name), counts)


def _dialect(found: Dialect, tree: Tree, api: Api) -> None:
    for function in api.functions:
        found.functions += 1
        source = source_of(tree, function)
        if function.inline is not None:
            found.inline += 1
        elif source.path is not None:
            found.linked += 1
        else:
            found.elsewhere[re.sub(r"[\w./*$@{}:-]*[./:$][\w./*$@{}:-]*", "…", source.because)[:60]] += 1
    _count((api.front_doors, api.functions), found.values)


def templates(folder: Path) -> int:
    """Read every template below `folder`, print a table by dialect, and return 1 where a reader failed or was slow."""
    found: dict[str, Dialect] = {}
    failed: list[str] = []
    unread = problems = 0
    for project in sorted(path for path in folder.iterdir() if path.is_dir()):
        tree = Tree(Disk())
        for template in discover(tree, str(project)).templates:
            started = time.process_time()
            try:
                api = read(tree, template, Settings())
            except Unreadable:
                unread += 1
                continue
            except Exception as error:  # noqa: BLE001 - that none is raised is what is looked at
                failed.append(f"{template}: {type(error).__name__}: {error}")
                continue
            seconds = time.process_time() - started
            if seconds > SLOW:
                failed.append(f"{template}: {seconds:.2f} s")
            if api is None:
                continue
            mine = found.setdefault(api.dialect, Dialect())
            mine.templates += 1
            mine.slowest = max(mine.slowest, seconds)
            problems += bool(api.problems)
            _dialect(mine, tree, api)
    print(_table(found))
    print(f"\n{unread} files are no text; {problems} templates have problems, and are read around them.")
    for name, each in sorted(found.items()):
        why = ", ".join(f"{count} {because}" for because, count in each.elsewhere.most_common(6))
        print(f"{name}, not linked: {why}" if why else f"{name}: all linked")
    for line in failed:
        print(line)
    return 1 if failed else 0


def _table(found: dict[str, Dialect]) -> str:
    heads = (
        "dialect",
        "templates",
        "functions",
        "inline",
        "linked",
        "neither",
        "settings",
        "unknown",
        "one of several",
    )
    rows = [f"| {' | '.join(heads)} | slowest |", "| --- |" + " ---: |" * len(heads)]
    whole = Dialect()
    for name, each in (*sorted(found.items()), ("all", whole)):
        if each is not whole:
            for key in ("templates", "functions", "inline", "linked"):
                setattr(whole, key, getattr(whole, key) + getattr(each, key))
            whole.values += each.values
            whole.slowest = max(whole.slowest, each.slowest)
        total = max(each.values.total(), 1)
        share = max(each.functions, 1)
        away = each.functions - each.inline - each.linked
        cells = (
            f"{each.templates:,}",
            f"{each.functions:,}",
            *(f"{count / share:.0%}" for count in (each.inline, each.linked, away)),
            f"{each.values.total():,}",
            *(f"{each.values[kind] / total:.1%}" for kind in ("Unknown", "OneOf")),
            f"{each.slowest * 1e3:,.0f} ms",
        )
        rows.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(rows)


def main() -> int:
    """Read the corpus and print the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--templates", action="store_true", help="read the templates, not the handlers")
    parser.add_argument("--list", action="store_true", help="name the undecided functions and why")
    parser.add_argument("--sample", type=int, default=0, help="print so many functions with what was read of them")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if given.templates:
        return templates(Path(given.folder))
    tree, problems = Tree(Disk()), []  # type: ignore[var-annotated]
    found: list[Read] = []
    for project in sorted(path for path in Path(given.folder).iterdir() if path.is_dir()):
        found += functions(tree, str(project), problems)
    named = {file for each in found for file in each.summary.files}
    more = list(loose(tree, Path(given.folder), named))
    found += more
    files = {file for each in found for file in each.summary.files}
    print(f"{len(found)} functions, {len(files)} files of code, {len(problems)} templates that cannot be read")
    slowest = max(found, key=lambda each: each.seconds, default=None)
    if slowest is not None:
        print(f"slowest: {slowest.seconds:.2f} s, {slowest.template} {slowest.function.name}")
    kinds = (
        ("Behind a route", [each for each in found if each.routed]),
        ("Behind none, or not named as such", [each for each in found if not each.routed and each not in more]),
        ("In files that no template names", more),
    )
    for title, mine in kinds:
        print(f"\n{title}\n\n{table(mine)}")
    if given.list:
        judged = [each for each in found if each.routed or each in more]
        why = Counter((each.kind, each.undecided) for each in judged if each.undecided)
        for (kind, because), count in why.most_common():
            where = next(each for each in judged if (each.kind, each.undecided) == (kind, because))
            print(f"{count:4} {kind}: {because}  [{where.template} {where.function.name}]")
    for each in (
        random.Random(given.seed).sample([one for one in found if one.routed or one in more], given.sample)
        if given.sample
        else ()
    ):
        print(f"\n{each.template} {each.function.name}: {', '.join(each.summary.files)}")
        for outcome in each.summary.outcomes:
            print("   ", _line(outcome))
    return 0


def _line(outcome: Outcome) -> str:
    methods = "|".join(sorted(outcome.methods)) if outcome.methods is not None else "any method"
    where = f"{methods} {', '.join(outcome.paths or ())}".strip()
    if not isinstance(outcome.result, Returned):
        return f"{where}: raises {getattr(outcome.result, 'what', '')}"
    node = outcome.result.result
    if not isinstance(node, Object):
        return f"{where}: {str(getattr(node, 'value', '') or getattr(node, 'because', type(node).__name__))[:80]}"
    entries = dict(node.entries)
    headers = entries.get("headers", entries.get("multiValueHeaders"))
    named = [name for name, _ in headers.entries] if isinstance(headers, Object) else type(headers).__name__
    status = entries.get("statusCode")
    return f"{where}: {getattr(status, 'value', status)} {named}"


if __name__ == "__main__":
    sys.exit(main())
