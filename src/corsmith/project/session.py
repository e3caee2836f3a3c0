"""A project that is checked again and again while somebody writes it: what a change does not touch is not read anew.

Each check is a check of the whole, with what the one before remembered. So an answer is what a first check would give, and
nothing has to be known of what an edit may touch. What the last check did not ask for is forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from corsmith.api.tree import Tree

from .check import Checked, Question, check_anew
from .memory import Memory
from .watched_disk import WatchedDisk


class Session(Struct):
    """The checks of one project, the latest remembered."""

    _disk: WatchedDisk = field(default_factory=WatchedDisk)
    _question: Question | None = None
    _memory: Memory = field(default_factory=Memory)
    _unsaved: frozenset[str] = frozenset()

    def check(self, question: Question, unsaved: Mapping[str, str]) -> Checked:
        """Return what `question` comes to for the files as they are now, with the texts of `unsaved` laid over them."""
        disk = self._disk.renewed()
        added = frozenset(path for path in unsaved if not disk.is_file(path))
        if disk.is_new or question != self._question or added != self._unsaved:
            # What was remembered holds for other texts in the same files, not for other files.
            self._memory = Memory()
        checked = check_anew(Tree(disk, dict(unsaved)), question, self._memory.asked_again())
        self._disk, self._question, self._unsaved = disk, question, added
        self._memory = checked.memory
        return checked
