"""What a function's code can answer, read from its source. Nothing is run. Pure: files are read through a Tree."""

from .summary import summarise, summarise_source

__all__ = ["summarise", "summarise_source"]
