"""corsmith finds out why a browser will not let a page read an AWS Lambda API, fixes it, and proves the fix."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .project.report import check_project

__version__ = "0.1.0"
__all__ = ["__version__", "check_project"]


def __getattr__(name: str) -> object:
    # Loaded when it is used: `corsmith --version` must not wait for the whole toolkit.
    if name == "check_project":
        from .project.report import check_project

        return check_project
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
