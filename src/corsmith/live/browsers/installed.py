"""Where the browsers of this machine are."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence

from msgspec import Struct

from .failures import BrowserMissingError


class Product(Struct, frozen=True):
    """A browser: the variable that names its program, the names to look for on PATH, how one installs it."""

    name: str
    variable: str
    programs: tuple[str, ...]
    install: str


CHROMIUM = Product(
    "Chromium",
    "CORSMITH_CHROMIUM",
    ("chromium", "google-chrome", "chromium-browser", "google-chrome-stable"),
    "apt-get install chromium",
)
FIREFOX = Product("Firefox", "CORSMITH_FIREFOX", ("firefox-esr", "firefox"), "apt-get install firefox-esr")


def program_of(product: Product, environment: Mapping[str, str] = os.environ) -> str:
    """Return the path of the browser's program.

    The environment variable wins over PATH. Raises `BrowserMissingError` when there is none, or when the variable names
    something that cannot be run.
    """
    named = environment.get(product.variable)
    candidates: Sequence[str] = (named,) if named else product.programs
    for candidate in candidates:
        path = shutil.which(candidate, path=environment.get("PATH"))
        if path is not None:
            return path
    if named:
        raise BrowserMissingError(f"{product.variable} is {named!r}, which is no program that can be run.")
    raise BrowserMissingError(
        f"{product.name} was not found (looked for {', '.join(product.programs)}). "
        f"Install it ({product.install}), or set {product.variable} to its path."
    )


def package_missing(package: str) -> BrowserMissingError:
    """Return the error for a Python package of the `browsers` extra that is not installed."""
    return BrowserMissingError(f"The Python package {package} is not installed: pip install 'corsmith[browsers]'.")
