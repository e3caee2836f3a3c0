"""The file of --baseline: known findings, read, written and said."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from corsmith.api.report import Report
from corsmith.report import baseline
from corsmith.report.baseline import Known

from .options import fail
from .output import write_whole


def known_before(file: Path) -> tuple[Known, ...]:
    """Return what the baseline holds; where it cannot be read, say why and end with 2."""
    try:
        return baseline.read(file.read_text(encoding="utf-8-sig"), *_folders(file))
    except FileNotFoundError:
        fail(f"--baseline {file}: no such file; --write-baseline makes it from what is found now")
    except UnicodeDecodeError:
        fail(f"--baseline {file}: is not UTF-8 text")
    except OSError as error:
        fail(f"--baseline {file}: cannot be read: {error.strerror or error}")
    except baseline.NoBaselineError as error:
        fail(f"--baseline {file}: {error}")


def write_known(file: Path, entries: Iterable[Known]) -> None:
    """Make the entries the baseline; where it cannot be written, say why and end with 2."""
    try:
        write_whole(file, baseline.written(entries, *_folders(file)))
    except OSError as error:
        fail(f"--baseline {file}: cannot be written: {error.strerror or error}")


def count_said(file: Path, number: int) -> None:
    """Say how many findings are known from now on."""
    click.echo(f"{number} finding{'' if number == 1 else 's'} known from now on: {file}", err=True)


def left_said(file: Path, number: int) -> None:
    """Say how many known findings were not found, if any."""
    if number:
        click.echo(f"{number} known in {file} no longer found; --write-baseline takes them out", err=True)


def _folders(file: Path) -> tuple[str, str]:
    """Return the baseline's folder and the current one."""
    return file.absolute().parent.as_posix(), Path.cwd().as_posix()


class Before:
    """What a baseline knows, taken out as it is found again: for reports that come one by one."""

    def __init__(self, entries: Iterable[Known], reason: str) -> None:
        self._reason = reason
        self._by_api: dict[str, list[Known]] = {}
        for each in entries:
            self._by_api.setdefault(each.fingerprint.api, []).append(each)

    def without_known(self, report: Report) -> Report:
        """Return the report without what was known."""
        apis = {finding.api for finding in report.findings} & self._by_api.keys()
        if not apis:
            return report
        result = baseline.compared(report, [each for api in apis for each in self._by_api[api]], self._reason)
        self._by_api.update({api: [] for api in apis})
        for each in result.left:
            self._by_api[each.fingerprint.api].append(each)
        return result.report

    @property
    def left(self) -> int:
        """How many were not found."""
        return sum(map(len, self._by_api.values()))
