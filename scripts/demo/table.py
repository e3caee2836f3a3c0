"""The demo's one table: a row for each call, before and after."""

from __future__ import annotations

from msgspec import Struct

from .calls import Call
from .static import Opinion


class Measured(Struct, frozen=True):
    """What the four judges say of one call: the files, the running server seen by the model, and Chromium."""

    static: Opinion
    live: str
    chromium: str

    @property
    def agreed(self) -> bool:
        """Whether all judges say the same."""
        return self.static.verdict == self.live == self.chromium


class Row(Struct, frozen=True):
    """One call, before the fix and after it."""

    call: Call
    before: Measured
    after: Measured


HEAD = ("route", "before: files", "server", "Chromium", "cause", "fix", "after: files", "server", "Chromium")


def lines(rows: tuple[Row, ...]) -> list[str]:
    """Return the table's lines, columns aligned."""
    cells = [HEAD, *(_cells(row) for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(HEAD))]
    padded = ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    return [padded[0], "  ".join("-" * width for width in widths), *padded[1:]]


def shortcomings(rows: tuple[Row, ...], least: int) -> list[str]:
    """Return why the demo failed, a sentence each; empty when it succeeded."""
    found = [f"{row.call.label}: the judges disagree before the fix" for row in rows if not row.before.agreed]
    found += [f"{row.call.label}: the judges disagree after the fix" for row in rows if not row.after.agreed]
    found += [f"{row.call.label}: still {row.after.chromium}" for row in rows if row.after.chromium != "allowed"]
    blocked = {(row.call.api, row.call.method, row.call.path) for row in rows if row.before.chromium == "blocked"}
    if len(blocked) < least:
        found.append(f"only {len(blocked)} routes are blocked before the fix; {least} were to be shown")
    return found


def _cells(row: Row) -> tuple[str, ...]:
    before, after = row.before, row.after
    return (
        row.call.label,
        before.static.verdict,
        before.live,
        before.chromium,
        before.static.cause or "-",
        before.static.fix or "-",
        after.static.verdict,
        after.live,
        after.chromium,
    )
