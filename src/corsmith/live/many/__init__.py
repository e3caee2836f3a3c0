"""Many calls: a list that is read as it is worked off, so many at a time in all and for one server, each answer at once."""

from .lane import Lane, Left
from .listed import Listed, listed
from .patience import MOST, asked_to_wait
from .recall import Outcome, Recall
from .run import Limits, Rest, run
from .source import Lines, batches

__all__ = [
    "MOST",
    "Lane",
    "Left",
    "Limits",
    "Lines",
    "Listed",
    "Outcome",
    "Recall",
    "Rest",
    "asked_to_wait",
    "batches",
    "listed",
    "run",
]
