"""Holds the SAM reader to aws-sam-translator on a folder of templates, and prints where they differ.

Run: python scripts/sam_corpus.py FOLDER. The translator's own inputs are the richest corpus:
https://github.com/aws/serverless-application-model, folder tests/translator/input. Exit status 1 when a template that the
translator takes is read otherwise, is refused here, or makes the reader fail.
"""

from __future__ import annotations

import logging
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from corsmith.api.tree import Memory, Tree  # noqa: E402
from corsmith.readers import read, recognise  # noqa: E402
from tests.readers.translated import Refusal, comparable, translate  # noqa: E402

ENDINGS = (".yaml", ".yml", ".json")


def outcome(path: Path) -> tuple[str, list[str]]:
    """Return what came of one template, and lines that say more."""
    text = path.read_bytes().decode("utf-8", "replace")
    mine = read(Tree(Memory({"template": text})), "template")
    try:
        made = translate(text)
    except Refusal as refusal:
        said = mine is not None and bool(mine.refused or mine.problems)
        return ("refused by both" if said else "refused by the translator alone"), refusal.messages[:1]
    except Exception as error:  # noqa: BLE001 - templates that need an account, or that break the translator itself
        return "not translated", [f"{type(error).__name__}: {error}"]
    theirs = read(Tree(Memory({"translated": made})), "translated")
    if mine is None or theirs is None:
        return "not recognised", []
    if mine.refused:
        return "refused here alone", [each.message for each in mine.refused]
    lines = list(differences(comparable(mine), comparable(theirs), ""))
    return ("differs" if lines else "equal"), lines


def differences(mine: Any, theirs: Any, where: str) -> Iterator[str]:
    """Yield a line for each place where two models differ."""
    if isinstance(mine, dict) and isinstance(theirs, dict):
        for key in sorted(set(mine) | set(theirs), key=str):
            yield from differences(mine.get(key, "absent"), theirs.get(key, "absent"), f"{where} > {key}")
    elif mine != theirs:
        yield f"{where.removeprefix(' > ')}: read {mine!r}, translated {theirs!r}"


def main(folder: str) -> int:
    """Compare every template under `folder`."""
    logging.disable()
    os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-1")
    counts: Counter[str] = Counter()
    for path in sorted(p for p in Path(folder).rglob("*") if p.suffix in ENDINGS):
        if recognise(path.read_bytes().decode("utf-8", "replace"), path.name) != "sam":
            counts["no SAM"] += 1
            continue
        result, lines = outcome(path)
        counts[result] += 1
        if result != "equal" and result != "refused by both":
            print(f"{path}: {result}", *lines, sep="\n    ")
    print(", ".join(f"{number} {result}" for result, number in counts.most_common()))
    return 1 if counts["differs"] or counts["refused here alone"] or counts["not recognised"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
