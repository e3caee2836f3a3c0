"""What HTTP APIs and Function URLs have in common: a CORS configuration of lists, and which origins it names."""

from __future__ import annotations

from collections.abc import Callable

from corsmith.api.exchange import Headers
from corsmith.api.value import Known, Texts, Value, texts

ALLOW_ORIGIN = "access-control-allow-origin"
ALLOW_METHODS = "access-control-allow-methods"
ALLOW_HEADERS = "access-control-allow-headers"
ALLOW_CREDENTIALS = "access-control-allow-credentials"
EXPOSE_HEADERS = "access-control-expose-headers"
MAX_AGE = "access-control-max-age"
RESPONSE_HEADERS = frozenset((ALLOW_ORIGIN, ALLOW_METHODS, ALLOW_HEADERS, ALLOW_CREDENTIALS, EXPOSE_HEADERS, MAX_AGE))
"""The response headers of the CORS protocol (Fetch Standard, "HTTP responses"), in lower case."""


def names(setting: Texts | None, fits: Callable[[str], bool]) -> bool:
    """Say whether an item of a list setting fits.

    A known item that fits settles it, whatever the others are. Raises `Undecided` when only an unknown one could.
    """
    if setting is None:
        return False
    items = setting.get()
    known = [item for item in items if isinstance(item, Known)]
    if any(fits(item.value) for item in known):
        return True
    return any(fits(item.get()) for item in items if not isinstance(item, Known))


def holds(setting: Texts | None, text: str) -> bool:
    """Say whether `text` is among the known items of a list setting. Raises `Undecided` when the list is not known."""
    return setting is not None and any(isinstance(item, Known) and item.value == text for item in setting.get())


def is_true(setting: Value[bool] | None) -> bool:
    """Say whether a switch is on; one that is not set is off. Raises `Undecided`."""
    return setting is not None and setting.get()


def joined(setting: Texts | None, change: Callable[[str], str] = str) -> str:
    """Return the items of a list setting, changed, joined by commas without blanks; "" without any.

    Raises `Undecided`.
    """
    return "" if setting is None else ",".join(change(item) for item in texts(setting))


def exposed(setting: Texts | None) -> Headers:
    """Return the Expose-Headers line, none where the setting is not known: it decides nothing about the call itself."""
    if not isinstance(setting, Known) or not all(isinstance(item, Known) for item in setting.value):
        return ()
    text = joined(setting, str.lower)
    return ((EXPOSE_HEADERS, text),) if text else ()


def scheme_wildcard(item: str, origin: str) -> bool:
    """Say whether `item` is `https://*` or `http://*` and `origin` has that scheme."""
    return item in ("https://*", "http://*") and origin.startswith(item[:-1])
