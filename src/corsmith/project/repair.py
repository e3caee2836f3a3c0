"""All fixes of a project, one after the other, each proven on what the ones before it left."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from corsmith.api.finding import Finding
from corsmith.api.fix import Fix
from corsmith.api.tree import Tree

from .check import Checked, Question, check
from .prove import Proof, proven

MOST_ROUNDS = 500


class Repair(Struct, frozen=True):
    """What was repaired and what is left. `after.tree` holds the repaired text in its overlay."""

    before: Checked
    after: Checked
    done: tuple[tuple[Finding, Fix], ...]

    def changed(self) -> dict[str, tuple[str, str]]:
        """Return each changed file's text before and after."""
        return {
            file: (self.before.tree.read(file), text)
            for file, text in self.after.tree.overlay.items()
            if text != self.before.tree.read(file)
        }


def _skips_nothing(tree: Tree, finding: Finding) -> bool:
    del tree, finding
    return False


def repair(
    question: Question,
    before: Checked,
    accepts: Callable[[Finding, Fix], bool],
    skips: Callable[[Tree, Finding], bool] = _skips_nothing,
) -> Repair:
    """Apply the first proven fix that `accepts` takes, check again, and so on until none is left.

    Findings that `skips` says of are left as they are; it is given the text that their places are in.
    """
    now = before
    done: list[tuple[Finding, Fix]] = []
    refused: set[tuple[object, ...]] = set()
    while len(done) < MOST_ROUNDS:
        step = _next(question, now, accepts, skips, refused)
        if step is None:
            break
        finding, proof = step
        done.append((finding, proof.fix))
        now = proof.after
    return Repair(before, now, tuple(done))


def _next(
    question: Question,
    now: Checked,
    accepts: Callable[[Finding, Fix], bool],
    skips: Callable[[Tree, Finding], bool],
    refused: set[tuple[object, ...]],
) -> tuple[Finding, Proof] | None:
    for found in now.groups:
        if skips(now.tree, found.finding):
            continue
        for proof in proven(question, now, found):
            key = (found.finding.rule, found.finding.api, found.finding.route, proof.fix.title)
            if key in refused:
                continue
            if proof.fix.by_hand:
                # The best fix is for a person to write; a worse one would stand beside it.
                break
            if accepts(found.finding, proof.fix):
                return found.finding, proof
            refused.add(key)
    return None


def checked(question: Question, now: Checked) -> Checked:
    """Check again with callers derived anew, as the next `corsmith check` will."""
    return check(now.tree, question)
