"""Many calls: a list that is read as it is worked off, so many at a time in all and for one server, each answer at once."""

from .listed import Listed, listed
from .run import Limits, run
from .source import batches

__all__ = ["Limits", "Listed", "batches", "listed", "run"]
