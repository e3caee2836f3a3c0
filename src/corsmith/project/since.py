"""What changed since a revision of git: which lines, and how the files were then."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from msgspec import Struct

from corsmith.api.finding import Finding
from corsmith.api.report import Report
from corsmith.api.tree import Tree, Unreadable

from .check import Question, check
from .disk import Disk
from .git import NoHistory, git, git_bytes, root_of


class Then(Struct, frozen=True):
    """The files as they were: a Tree's source. `changed` holds their text then, None where there was no such file."""

    disk: Disk
    changed: Mapping[str, str | None]

    def read(self, path: str) -> str:
        """Return the text at `path` then. Raises `Unreadable`."""
        if path not in self.changed:
            return self.disk.read(path)
        text = self.changed[path]
        if text is None:
            raise Unreadable(path, "no such file")
        return text

    def is_file(self, path: str) -> bool:
        """Say whether there was a file at `path`."""
        return self.changed[path] is not None if path in self.changed else self.disk.is_file(path)

    def list(self, folder: str) -> tuple[str, ...]:
        """Return the paths of the files that were under `folder`."""
        prefix = "" if folder in ("", ".") else folder.rstrip("/") + "/"
        gone = {path for path, text in self.changed.items() if text is not None and path.startswith(prefix)}
        there = {path for path in self.disk.list(folder) if self.changed.get(path, "") is not None}
        return tuple(sorted(there | gone))


def then(targets: Iterable[str], revision: str, disk: Disk) -> Then:
    """Return the files of the repositories that `targets` are in as they were at `revision`. Raises `NoHistory`."""
    changed: dict[str, str | None] = {}
    for root in dict.fromkeys(root_of(target) for target in targets):
        commit = _commit(root, revision)
        listed = git(root, "diff", "--name-status", "--no-renames", "--no-ext-diff", "-z", commit, "--").split("\0")
        for status, name in zip(listed[::2], listed[1::2], strict=False):
            changed[_here(root, name)] = None if status.startswith("A") else _text(root, commit, name)
        for name in git(root, "ls-files", "--others", "--exclude-standard", "-z").split("\0"):
            if name:
                changed[_here(root, name)] = None
    return Then(disk, changed)


def report_then(question: Question, before: Then) -> Report:
    """Return the report on the files as they were, without fixes."""
    checked = check(Tree(before), question)
    return Report(tree=checked.tree, findings=tuple(each.finding for each in checked.groups))


def at_changed_lines(report: Report, before: Then) -> tuple[Finding, ...]:
    """Return the findings one of whose places is in a line that is new or different, or next to lines taken out."""
    lines: dict[str, frozenset[int]] = {}
    found = []
    for finding in report.findings:
        for span in finding.spans:
            if span.file in before.changed and span.file not in lines:
                lines[span.file] = _changed_lines(before.changed[span.file] or "", _now(report, span.file))
            place = report.location(span)
            if lines.get(span.file, frozenset()) & set(range(place.line, place.end_line + 1)):
                found.append(finding)
                break
    return tuple(found)


def _now(report: Report, file: str) -> str:
    try:
        return report.tree.read(file)
    except Unreadable:
        return ""


def _changed_lines(old: str, new: str) -> frozenset[int]:
    import difflib

    pairs = difflib.SequenceMatcher(None, _lines(old), _lines(new), autojunk=False).get_opcodes()
    changed: set[int] = set()
    for kind, _, _, start, end in pairs:
        if kind == "delete":
            changed |= {start, start + 1}
        elif kind != "equal":
            changed |= set(range(start + 1, end + 1))
    return frozenset(changed)


def _lines(text: str) -> list[str]:
    return [line.removesuffix("\r") for line in text.split("\n")]


def _commit(root: str, revision: str) -> str:
    try:
        asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        return git(root, *asked).strip()
    except NoHistory:
        raise NoHistory(f"there is no revision {revision!r} in {root}; a shallow clone lacks older ones") from None


def _text(root: str, commit: str, name: str) -> str | None:
    # With the filters of a checkout, so that line ends are those of the file on disk.
    raw = git_bytes(root, "cat-file", "--filters", f"{commit}:{name}")
    try:
        return raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError:
        return None


def _here(root: str, name: str) -> str:
    return os.path.relpath(os.path.join(os.path.realpath(root), name), os.path.realpath(".")).replace(os.sep, "/")  # noqa: PTH118
