"""`corsmith.toml`, or `[tool.corsmith]` of pyproject.toml: found upwards from what is checked, read, and checked itself."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from corsmith.api.finding import Severity
from corsmith.api.model import Problem

from .configuration import Configuration, Pages, header_name
from .rule_names import wrong_id

NAME = "corsmith.toml"
FAIL_ON = ("error", "warning", "never")


class Misconfigured(Exception):  # noqa: N818 - it names the file's state
    """Settings that cannot be used. `problems` holds all that is wrong with them, each with its line."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(f"{each.file}:{each.line}:{each.column}: {each.message}" for each in problems))
        self.problems = problems


def configuration_for(target: str) -> Configuration:
    """Return the settings that hold for `target`, a file or folder. Raises `Misconfigured`."""
    file = find(target)
    return read(file) if file is not None else Configuration()


def find(target: str) -> Path | None:
    """Return the file with the settings for `target`: in its folder or the nearest one above, up to the repository's root.

    In one folder corsmith.toml counts before pyproject.toml, which counts where it has a table `[tool.corsmith]`.
    """
    start = Path(target).absolute()
    for folder in (start, *start.parents) if start.is_dir() else start.parents:
        # A folder of that name, or a link that leads nowhere, is a mistake to speak of, and not to pass over.
        if os.path.lexists(folder / NAME):
            return folder / NAME
        project = folder / "pyproject.toml"
        if project.is_file() and _mentions_corsmith(project):
            return project
        if (folder / ".git").exists():
            return None
    return None


def _mentions_corsmith(file: Path) -> bool:
    try:
        return re.search(rb"(?m)^[ \t]*\[+[ \t]*tool[ \t]*\.[ \t]*[\"']?corsmith\b", file.read_bytes()) is not None
    except OSError:
        return False


def read(file: Path) -> Configuration:
    """Return the settings in `file`. Raises `Misconfigured` with everything that is wrong with them."""
    import tomllib

    name = os.path.relpath(file).replace(os.sep, "/")
    if not file.is_file():
        raise Misconfigured((Problem(name, 1, 1, f"cannot be read: {_kind(file)}"),))
    try:
        # Line ends stay as they are for the parser: a carriage return alone is none.
        text = file.read_bytes().decode("utf-8").removeprefix("\ufeff")
        whole = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise Misconfigured((Problem(name, 1, 1, f"not UTF-8 text (byte {error.start})"),)) from None
    except OSError as error:
        raise Misconfigured((Problem(name, 1, 1, f"cannot be read: {error.strerror or error}"),)) from None
    except tomllib.TOMLDecodeError as error:
        place = re.search(r" \(at line (\d+), column (\d+)\)$", str(error))
        line, column = (int(place[1]), int(place[2])) if place else (text.count("\n") + 1, 1)
        said = re.sub(r" \(at .*\)$", "", str(error))
        raise Misconfigured((Problem(name, line, column, f"cannot be read as TOML: {said}"),)) from None
    base = ("tool", "corsmith") if file.name == "pyproject.toml" else ()
    table: Any = whole
    for part in base:
        table = table.get(part, {})
    reading = _Reading(name, text, base, [])
    found = _configuration(table, reading) if isinstance(table, dict) else None
    if not isinstance(table, dict):
        reading.say((), "is no table")
    if found is None or reading.problems:
        raise Misconfigured(tuple(sorted(reading.problems, key=lambda each: (each.line, each.column))))
    return found


def _kind(file: Path) -> str:
    """Return what stands in the settings' place, where it is no file."""
    if file.is_dir():
        return "it is a folder"
    return "it is no file" if file.exists() else "it is a link that leads nowhere"


class _Reading(Struct):
    file: str
    text: str
    base: tuple[str, ...]
    problems: list[Problem]

    def say(self, path: tuple[str, ...], message: str) -> None:
        from .toml_lines import key_places, place_of  # here, because most settings are right

        line, column = place_of(key_places(self.text), (*self.base, *path))
        self.problems.append(Problem(self.file, line, column, message))

    def known(self, table: dict[str, Any], names: tuple[str, ...], path: tuple[str, ...]) -> None:
        for key in table:
            if key not in names:
                self.say((*path, key), f"unknown key {key!r}{_meant(key, names)}; known are {', '.join(names)}")

    def take(self, table: dict[str, Any], path: tuple[str, ...], kind: Callable[[Any], bool], words: str) -> Any:
        """Return the value at the last of `path` in `table`, None where it is absent or of the wrong kind."""
        value = table.get(path[-1])
        if value is None or kind(value):
            return value
        self.say(path, f"{'.'.join(path)} is {_shown(value)}; write {words}")
        return None

    def texts(self, table: dict[str, Any], path: tuple[str, ...], example: str) -> tuple[str, ...]:
        value = self.take(table, path, _is_texts, f'a list of strings, such as ["{example}"]')
        return tuple(value or ())

    def rules(self, table: dict[str, Any], path: tuple[str, ...]) -> tuple[str, ...]:
        named = self.texts(table, path, "rest-no-options-method")
        for rule in named:
            wrong = wrong_id(rule)
            if wrong is not None:
                self.say(path, wrong)
        return named


POLICY = ("origins", "methods", "headers", "expose-headers", "credentials", "max-age")
KEYS = (
    "policy", "select", "ignore", "min-severity", "fail-on", "per-path-ignores", "parameters", "stage", "config-env",
)  # fmt: skip


def _configuration(table: dict[str, Any], reading: _Reading) -> Configuration:
    reading.known(table, KEYS, ())
    severities = tuple(str(each) for each in reversed(Severity))
    ignores = reading.take(table, ("per-path-ignores",), _is_table, "a table of patterns to lists of rules") or {}
    parameters = reading.take(table, ("parameters",), _is_table, "a table of names to values") or {}
    for name, value in parameters.items():
        if not isinstance(value, str | int | float):
            reading.say(("parameters", name), f"parameters.{name} is {_shown(value)}; write a string")
    return Configuration(
        file=reading.file,
        folder=os.path.dirname(reading.file) or ".",  # noqa: PTH120 - the path is text, with `/`
        policy=_policy(table, reading),
        select=reading.rules(table, ("select",)),
        ignore=reading.rules(table, ("ignore",)),
        min_severity=reading.take(table, ("min-severity",), _one_of(severities), _words(severities)),
        fail_on=reading.take(table, ("fail-on",), _one_of(FAIL_ON), _words(FAIL_ON)),
        per_path_ignores=tuple((pattern, reading.rules(ignores, ("per-path-ignores", pattern))) for pattern in ignores),
        parameters={name: _parameter(value) for name, value in parameters.items()},
        stage=reading.take(table, ("stage",), _is_text, "the name of a stage"),
        config_env=reading.take(table, ("config-env",), _is_text, "the name of a table of samconfig.toml"),
    )


def _policy(table: dict[str, Any], reading: _Reading) -> Pages:
    given = reading.take(table, ("policy",), _is_table, "a table: [policy]")
    if given is None:
        return Pages()
    reading.known(given, POLICY, ("policy",))
    before = len(reading.problems)
    pages = Pages(
        origins=reading.texts(given, ("policy", "origins"), "https://app.example.com"),
        methods=reading.texts(given, ("policy", "methods"), "PUT"),
        headers=reading.texts(given, ("policy", "headers"), "content-type"),
        expose_headers=reading.texts(given, ("policy", "expose-headers"), "etag"),
        credentials=reading.take(given, ("policy", "credentials"), lambda value: type(value) is bool, "true or false"),
        max_age=reading.take(given, ("policy", "max-age"), lambda value: type(value) is int, "a number of seconds"),
    )
    if len(reading.problems) == before:
        for key, message in refusals(pages):
            reading.say(("policy", key), message)
    return pages


_FIELDS = {"request_headers": "headers", "response_headers": "expose-headers", "max_age": "max-age"}


def refusals(pages: Pages) -> Iterator[tuple[str, str]]:
    """Yield what no browser or front door would take of a policy: the key, and a sentence."""
    from lambda_cors import Policy, PolicyError

    try:
        Policy(
            origins=pages.origins or ("https://app.example.com",),
            methods=pages.methods,
            request_headers=tuple(header_name(text) for text in pages.headers),
            response_headers=pages.expose_headers,
            credentials=bool(pages.credentials),
            max_age=pages.max_age,
        )
    except PolicyError as error:
        for each in error.problems:
            yield _FIELDS.get(each.field, each.field), f"{each.value!r} {each.why}; {each.fix}"


def _is_table(value: Any) -> bool:
    return isinstance(value, dict)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _one_of(words: tuple[str, ...]) -> Callable[[Any], bool]:
    return lambda value: value in words


def _words(words: tuple[str, ...]) -> str:
    return ", ".join(f'"{word}"' for word in words[:-1]) + f' or "{words[-1]}"'


def _parameter(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _shown(value: Any) -> str:
    import json

    if isinstance(value, dict):
        return "a table"
    try:
        return json.dumps(value, ensure_ascii=False)
    except TypeError:
        return str(value)


def _meant(word: str, known: tuple[str, ...]) -> str:
    import difflib

    close = difflib.get_close_matches(word, known, 1)
    return f" (is {close[0]} meant?)" if close else ""
