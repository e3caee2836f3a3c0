"""A plan carried out: call by call, each thing looked at before and after, and stopped at the first that fails.

A call is sent only if its thing is as it was when the plan was made; somebody else's change stops the run. After a refusal
that may pass, or an answer that was lost, the thing is looked at first: what took effect is not sent again.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct, field

from .plan.call import Call, Json
from .plan.same import covers, same
from .remote import Refused, Remote
from .undo_file import Entry, UndoFile, planned, save

ATTEMPTS = 6
"""How often a call is sent, where what stands in its way may pass."""
LOOKS = 4
"""How often a thing is looked at until it shows what was done."""


class Outcome(Struct, frozen=True):
    """What became of a plan. `failed` is a sentence, "" where nothing did."""

    done: tuple[Call, ...]
    remaining: tuple[Call, ...]
    failed: str = ""


class Stop(Exception):  # noqa: N818 - it is an order
    """Nothing more is to be sent. The message is a sentence."""


class Applying(Struct, eq=False):
    """A run. `tell` is given a line for each call; `path` is where the undo file is."""

    remote: Remote
    path: Path
    tell: Callable[[str], None]
    file: UndoFile = field(default_factory=lambda: UndoFile("", []))
    now: dict[object, Json | None] = field(default_factory=dict)

    def run(self, calls: tuple[Call, ...], token: str) -> Outcome:
        """Carry out `calls`. Raises `OSError` where the undo file cannot be written: nothing was sent then, or nothing more."""
        self.file = planned(calls, token)
        save(self.file, self.path)
        for number, (call, entry) in enumerate(zip(calls, self.file.entries, strict=True)):
            try:
                self._one(call, entry)
            except Stop as stop:
                at = number + (entry.status == "done")
                return Outcome(calls[:at], calls[at:], str(stop))
        return Outcome(calls, ())

    def _one(self, call: Call, entry: Entry) -> None:
        expected = self.now.get(call.thing.key, call.before)
        found = self._read(call)
        if not same(call.thing.kind, found, expected):
            if not covers(call.thing.kind, found, call.after):
                raise Stop(
                    f"{call.thing.label} is not as it was when the plan was made: somebody else changes it. Audit again."
                )
            entry.status = "already"
            self._end(call, found)
            self.tell(f"is so already: {title(call)}")
            return
        entry.before, entry.status = found, "started"
        save(self.file, self.path)
        self._send(call, entry, found)
        found = self._settled(call)
        entry.seen.append(found)
        entry.status = "done"
        self._end(call, found)
        if not covers(call.thing.kind, found, call.after):
            raise Stop(f"{title(call)}: AWS took it, but says something else of {call.thing.label} than was sent")
        self.tell(f"done: {title(call)}")

    def _send(self, call: Call, entry: Entry, before: Json | None) -> None:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                self.remote.send(call.thing.place, call.request)
                return
            except Refused as refused:
                if attempt < ATTEMPTS and refused.passing:
                    self.tell(f"not yet: {title(call)}: {refused}")
                    self.remote.clock.sleep(min(2.0 ** (attempt - 1), 20.0))
                found = self._read(call)
                if covers(call.thing.kind, found, call.after) and not same(call.thing.kind, found, before):
                    return
                if not same(call.thing.kind, found, before):
                    raise Stop(f"{title(call)}: {refused}. And {call.thing.label} has changed meanwhile.") from refused
                if not refused.passing or attempt == ATTEMPTS:
                    entry.status = "failed"
                    save(self.file, self.path)
                    raise Stop(f"{title(call)}: {refused}") from refused

    def _settled(self, call: Call) -> Json | None:
        """Return the thing once it shows what was done, or what it shows after a while."""
        found = self._read(call)
        for _ in range(LOOKS - 1):
            if covers(call.thing.kind, found, call.after):
                break
            self.remote.clock.sleep(1.0)
            found = self._read(call)
        return found

    def _read(self, call: Call) -> Json | None:
        try:
            return read(self.remote, call)
        except Refused as refused:
            raise Stop(f"{call.thing.label} cannot be looked at: {refused}") from refused

    def _end(self, call: Call, found: Json | None) -> None:
        self.now[call.thing.key] = found
        save(self.file, self.path)


def read(remote: Remote, call: Call | Entry) -> Json | None:
    """Return what AWS says of a call's thing now, asked again where that may help. Raises `Refused`."""
    for attempt in range(1, ATTEMPTS):
        try:
            return remote.read(call.thing)
        except Refused as refused:
            if not refused.passing:
                raise
            remote.clock.sleep(min(2.0 ** (attempt - 1), 20.0))
    return remote.read(call.thing)


def title(call: Call | Entry) -> str:
    """Return a call as a line: "apigateway PutMethod: OPTIONS /items of REST API shop (a1b2c3)"."""
    return f"{call.request.service} {call.request.operation}: {call.thing.label}"
