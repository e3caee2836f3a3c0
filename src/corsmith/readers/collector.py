"""Reading without Python's cycle collector.

A document's nodes hold no cycles, and there are many of them: the collector would look through all of them again and
again while they are made, and the cost of a resource would grow with the size of the template (measured: 2.5 times as
much at 3,000 functions as at 30, with it; flat without).
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_SELDOM = (500_000, 20, 50)
"""Python's own are 700, 10, 10: the collector then takes a fifth of a check of 300 functions, and a tenth with 50,000.

A check makes hardly any cycles: with 500,000 its memory is the same (measured)."""


@contextmanager
def paused() -> Iterator[None]:
    """Hold the cycle collector back within the block, if it runs at all.

    What was made meanwhile counts as old afterwards: else the collector would begin by looking through all of it.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        if gc.get_freeze_count() == 0:
            # Both only join lists: all that is young becomes old.
            gc.freeze()
            gc.unfreeze()
        gc.enable()


@contextmanager
def seldom() -> Iterator[None]:
    """Let the cycle collector look less often within the block: a check makes much that stays, and few cycles."""
    before = gc.get_threshold()
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
