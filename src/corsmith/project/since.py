"""What changed since a revision of git: which lines, and how the files were then."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec import Struct, field

from corsmith.api.finding import Finding
from corsmith.api.report import Report
from corsmith.api.tree import Tree, Unreadable

from .check import Checked, Question, check
from .disk import Disk
from .environments import with_environments
from .git import NoHistory, git, git_bytes, root_of
from .report import without_fixes


class Then(Struct, frozen=True):
    """The files as they were: a Tree's source.

    `added` holds the files that were not there, and `stored` of each other file that has changed where git keeps it:
    repository, commit, name. Both go by the path on disk, links resolved.
    """

    disk: Disk
    added: frozenset[str]
    stored: Mapping[str, tuple[str, str, str]]
    known: dict[str, str] = field(default_factory=dict)

    def read(self, path: str) -> str:
        """Return the text at `path` then. Raises `Unreadable`."""
        real = os.path.realpath(path)
        if real in self.added:
            raise Unreadable(path, "no such file")
        if real not in self.stored:
            return self.disk.read(path)
        if real not in self.known:
            self.known[real] = _text(path, *self.stored[real])
        return self.known[real]

    def is_file(self, path: str) -> bool:
        """Say whether there was a file at `path`."""
        real = os.path.realpath(path)
        return real in self.stored or (real not in self.added and self.disk.is_file(path))

    def list(self, folder: str) -> tuple[str, ...]:
        """Return the paths of the files that were under `folder`."""
        there = {path for path in self.disk.list(folder) if os.path.realpath(path) not in self.added}
        inside = Path(folder or ".").resolve()
        gone = {_here(real) for real in map(Path, self.stored) if inside in real.parents and not real.exists()}
        return tuple(sorted(there | gone))

    def differs(self, path: str) -> bool:
        """Say whether the file at `path` was another one, or none."""
        real = os.path.realpath(path)
        return real in self.added or real in self.stored


def then(targets: Iterable[str], revision: str, disk: Disk) -> Then:
    """Return the files of the repositories that `targets` are in as they were at `revision`. Raises `NoHistory`."""
    added: set[str] = set()
    stored: dict[str, tuple[str, str, str]] = {}
    for root in dict.fromkeys(root_of(target) for target in targets):
        commit = _commit(root, revision)
        listed = git(root, "diff", "--name-status", "--no-renames", "--no-ext-diff", "-z", commit, "--").split("\0")
        for status, name in zip(listed[::2], listed[1::2], strict=False):
            path = Path(root).resolve() / name
            if path.is_symlink():  # what it leads to is a file of its own
                continue
            if status.startswith("A"):
                added.add(str(path))
            else:
                stored[str(path)] = (root, commit, name)
        others = git(root, "ls-files", "--others", "--exclude-standard", "-z").split("\0")
        added |= {str(Path(root).resolve() / name) for name in others if name}
    return Then(disk, frozenset(added), stored)


def report_then(question: Question, before: Then) -> Report:
    """Return the report on the files as they were, in each environment, without fixes."""
    checked = check(Tree(before), question)
    return with_environments(question, checked, without_fixes(checked), _found)


def _found(question: Question, checked: Checked) -> tuple[Finding, ...]:
    del question
    return tuple([each.finding for each in checked.groups])


def at_changed_lines(report: Report, before: Then) -> tuple[Finding, ...]:
    """Return the findings one of whose places is in a line that is new or different, or next to lines taken out."""
    lines: dict[str, frozenset[int]] = {}
    found = []
    for finding in report.findings:
        for span in finding.spans:
            if span.file not in lines and before.differs(span.file):
                lines[span.file] = _changed_lines(_read(Tree(before), span.file), _read(report.tree, span.file))
            place = report.location(span)
            if lines.get(span.file, frozenset()) & set(range(place.line, place.end_line + 1)):
                found.append(finding)
                break
    return tuple(found)


def _read(tree: Tree, file: str) -> str:
    try:
        return tree.read(file)
    except Unreadable:
        return ""


def _changed_lines(old: str, new: str) -> frozenset[int]:
    """Return the lines of `new` that are not in `old`, and those on both sides of lines that were taken out."""
    import difflib

    before, after = _lines(old), _lines(new)
    first = 0
    while first < min(len(before), len(after)) and before[first] == after[first]:
        first += 1
    last = 0
    while last < min(len(before), len(after)) - first and before[-1 - last] == after[-1 - last]:
        last += 1
    middle = difflib.SequenceMatcher(None, before[first : len(before) - last], after[first : len(after) - last])
    changed: set[int] = set()
    for kind, _, _, start, end in middle.get_opcodes():
        if kind == "delete":
            changed |= {first + start, first + start + 1}
        elif kind != "equal":
            changed |= set(range(first + start + 1, first + end + 1))
    return frozenset(changed)


def _lines(text: str) -> list[str]:
    return [line.removesuffix("\r") for line in text.split("\n")]


def _commit(root: str, revision: str) -> str:
    try:
        asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        return git(root, *asked).strip()
    except NoHistory:
        raise NoHistory(f"there is no revision {revision!r} in {root}; a shallow clone lacks older ones") from None


def _text(path: str, root: str, commit: str, name: str) -> str:
    # With the filters of a checkout, so that line ends are those of the file on disk.
    try:
        return git_bytes(root, "cat-file", "--filters", f"{commit}:{name}").decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise Unreadable(path, f"not UTF-8 text (byte {error.start})") from None
    except NoHistory as error:
        raise Unreadable(path, str(error)) from None


def _here(real: Path) -> str:
    return os.path.relpath(real, Path().resolve()).replace(os.sep, "/")
