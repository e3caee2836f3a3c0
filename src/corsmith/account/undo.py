"""What a run did, taken back: the last thing first, and nothing that somebody else has changed since."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from .apply import ATTEMPTS, read
from .plan.applied import after
from .plan.call import Json, Request, Thing
from .plan.difference import Irreversible, requests
from .plan.same import same
from .remote import Refused, Remote
from .undo_file import Entry, Status, UndoFile, save


class Undone(Struct, frozen=True):
    """What became of an undo: labels of things put back, of things that were as before, and sentences on the others."""

    restored: tuple[str, ...]
    already: tuple[str, ...]
    left: tuple[str, ...]


class _Left(Exception):  # noqa: N818 - it names a state
    """A thing is not put back. The message is a sentence."""


class Undoing(Struct, eq=False):
    """An undo of the run in `file`, which stands at `path` and is kept true."""

    remote: Remote
    file: UndoFile
    path: Path
    tell: Callable[[str], None]

    def run(self) -> Undone:
        """Put things back. Raises `OSError` where the undo file cannot be written."""
        restored: list[str] = []
        already: list[str] = []
        left: list[str] = []
        for entries in self._things():
            label = entries[0].thing.label
            try:
                changed = self._restored(entries)
            except _Left as why:
                left.append(str(why))
                self.tell(f"left: {why}")
                continue
            (restored if changed else already).append(label)
            self.tell(f"{'put back' if changed else 'is as it was'}: {label}")
        return Undone(tuple(restored), tuple(already), tuple(left))

    def _things(self) -> list[list[Entry]]:
        """Return the entries that count, by thing, the thing that was changed last first."""
        found: dict[object, list[Entry]] = {}
        for entry in reversed(self.file.entries):
            if entry.counts:
                found.setdefault(entry.thing.key, []).insert(0, entry)
        return list(found.values())

    def _restored(self, entries: list[Entry]) -> bool:
        """Put a thing back, as `_restore` does; what the file says may be anything that is JSON. Raises `_Left`."""
        try:
            return self._restore(entries)
        except (TypeError, ValueError, KeyError, IndexError, AttributeError) as error:
            label = entries[0].thing.label
            raise _Left(f"{label}: what the file says of it cannot be used; was it edited? ({error})") from error

    def _restore(self, entries: list[Entry]) -> bool:
        """Put a thing back; say whether there was anything to do. Raises `_Left`."""
        thing, before = entries[0].thing, entries[0].before
        found = self._read(entries[0])
        if same(thing.kind, found, before):
            self._tidy(entries)
            self._mark(entries, "undone")
            return False
        if not any(entry.left(found) for entry in entries):
            raise _Left(f"{thing.label} was changed since, and not by this run: it stays as it is")
        try:
            wanted = requests(thing, found, before)
        except Irreversible as error:
            raise _Left(f"{error}") from error
        now = found
        for request in wanted:
            now = after(request, now)
            entries[-1].expected.append(now)
        self._mark(entries, "undoing")
        for request in wanted:
            self._send(entries[0], request, before)
        found = self._read(entries[0])
        if not same(thing.kind, found, before):
            raise _Left(f"{thing.label} is not as it was, although AWS took what was sent: look at it")
        self._mark(entries, "undone")
        return True

    def _tidy(self, entries: list[Entry]) -> None:
        """Delete the deployment of a stage that was pointed back before the undo was broken off."""
        for entry in entries:
            if entry.status == "undoing" and entry.thing.kind in ("stage", "http-stage"):
                for request in _leftovers(entry):
                    try:
                        self.remote.send(entry.thing.place, request)
                    except Refused:
                        continue

    def _send(self, entry: Entry, request: Request, before: Json | None) -> None:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                self.remote.send(entry.thing.place, request)
                return
            except Refused as refused:
                if refused.code in ("NotFoundException", "ResourceNotFoundException"):
                    return
                if not refused.passing or attempt == ATTEMPTS:
                    raise _Left(f"{request.operation} for {entry.thing.label}: {refused}") from refused
                self.remote.clock.sleep(min(2.0 ** (attempt - 1), 20.0))
                if same(entry.thing.kind, self._read(entry), before) and request.operation != "DeleteDeployment":
                    return

    def _read(self, entry: Entry) -> Json | None:
        try:
            return read(self.remote, entry)
        except KeyError as error:
            raise _Left(
                f"{entry.thing.label}: no credentials are given for account {entry.thing.place.account}"
            ) from error
        except Refused as refused:
            raise _Left(f"{entry.thing.label} cannot be looked at: {refused}") from refused

    def _mark(self, entries: list[Entry], status: Status) -> None:
        for entry in entries:
            entry.status = status
        save(self.file, self.path)


def _leftovers(entry: Entry) -> list[Request]:
    thing: Thing = entry.thing
    before = entry.before or {}
    found: list[Request] = []
    for state in (*entry.expected, *entry.seen):
        made = (state or {}).get("deploymentId") or (state or {}).get("DeploymentId")
        if made and made not in ("(new)", before.get("deploymentId"), before.get("DeploymentId")):
            rest = thing.kind == "stage"
            given = (
                {"restApiId": thing.owner, "deploymentId": made}
                if rest
                else {"ApiId": thing.owner, "DeploymentId": made}
            )
            found.append(Request("apigateway" if rest else "apigatewayv2", "DeleteDeployment", given))
    return found
