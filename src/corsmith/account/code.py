"""A function's deployed code, downloaded on request: kept in memory, read as text, never run.

Bounded: an archive of at most 64 MiB, of which at most 16 MiB of source text is unpacked, file by file; names that lead out
of the archive are passed over. Dependencies are not left out: what a handler answers may be in them.
"""

from __future__ import annotations

import io
import posixpath
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable
from urllib.parse import urlsplit

from msgspec import Struct, field

from .asking import Asking, Gone, Stopped
from .snapshot import Failure, FunctionState

LARGEST_ARCHIVE = 64 * 1024 * 1024
MOST_TEXT = 16 * 1024 * 1024
LARGEST_FILE = 2 * 1024 * 1024
_SOURCES = (".py", ".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".json")
_LANGUAGES = ("python", "nodejs")
Fetch = Callable[[str], bytes]


class NotFetched(Exception):  # noqa: N818 - it names a state
    """An archive could not be downloaded; the message says why."""


class Downloads(Struct, eq=False):
    """Downloads each function's code once. `asking` gives how to ask about a place; `fetch` gets an address."""

    asking: Callable[[FunctionState], Asking]
    fetch: Fetch
    failures: list[Failure] = field(default_factory=list)
    _known: dict[str, dict[str, str]] = field(default_factory=dict)

    def code(self, state: FunctionState) -> dict[str, str]:
        """Return the source files of a function, path to text; {} where there are none that can be read."""
        runtime = str(state.configuration.get("Runtime") or "")
        if not runtime.startswith(_LANGUAGES):
            return {}
        if state.arn not in self._known:
            self._known = {state.arn: self._downloaded(state)}  # the last one only: an account's code may be large
        return self._known[state.arn]

    def _downloaded(self, state: FunctionState) -> dict[str, str]:
        asking = self.asking(state)
        try:
            told = asking.one("lambda", "GetFunction", state.arn, FunctionName=state.id)
        except (Gone, Stopped) as error:
            self._failed(state, f"its code cannot be had: {error}")
            return {}
        self.failures += asking.failures
        address = str(((told or {}).get("Code") or {}).get("Location") or "")
        if not address:
            return {}
        try:
            return unpacked(self.fetch(address), str(state.configuration.get("Handler") or ""))
        except (NotFetched, zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
            self._failed(state, f"its code cannot be read: {error}")
            return {}

    def _failed(self, state: FunctionState, why: str) -> None:
        self.failures.append(Failure("lambda:GetFunction", state.arn, "", f"{state.arn}: {why}"))


def unpacked(archive: bytes, handler: str) -> dict[str, str]:
    """Return the source files of a zip archive as text, those nearest to the handler first until the bound is reached.

    Raises what `zipfile` raises for an archive that is none, is encrypted, or packed in a way that it does not know.
    """
    found: dict[str, str] = {}
    left = MOST_TEXT
    module = handler.rpartition(".")[0].replace("\\", "/")
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        members = [each for each in opened.infolist() if _is_source(each)]
        members.sort(key=lambda each: (not each.filename.startswith(module), each.filename.count("/"), each.filename))
        for member in members:
            if member.file_size > min(left, LARGEST_FILE):
                continue
            with opened.open(member) as file:
                # What the archive says of a file's size need not be true.
                data = file.read(min(left, LARGEST_FILE) + 1)
            if len(data) > min(left, LARGEST_FILE):
                continue
            left -= len(data)
            found[posixpath.normpath(member.filename)] = data.decode("utf-8", "replace").removeprefix("\ufeff")
    return found


def _is_source(member: zipfile.ZipInfo) -> bool:
    name = member.filename.replace("\\", "/")
    inside = not name.startswith("/") and ".." not in name.split("/")
    return inside and not member.is_dir() and name.endswith(_SOURCES)


def fetch(address: str) -> bytes:
    """Return what is at an address that AWS signed: https, or this machine's own where an emulator plays AWS.

    Raises `NotFetched`.
    """
    parts = urlsplit(address)
    here = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if parts.scheme != "https" and not (parts.scheme == "http" and here):
        raise NotFetched(f"{parts.scheme}://{parts.hostname} is no address to download code from")
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310 - the scheme was looked at
            data: bytes = answer.read(LARGEST_ARCHIVE + 1)
    except urllib.error.HTTPError as error:
        error.close()
        raise NotFetched(f"the download was answered {error.code}") from None
    except (OSError, ValueError) as error:
        raise NotFetched(f"the download failed: {error}") from None
    if len(data) > LARGEST_ARCHIVE:
        raise NotFetched(f"it is larger than {LARGEST_ARCHIVE // 1024 // 1024} MiB")
    return data
