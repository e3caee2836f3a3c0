"""Another browser's verdict on answers that were already given."""

from __future__ import annotations

from collections.abc import Generator, Iterable

from corsmith.api.exchange import Request

from .ask import Answer, Ask, Asking
from .verdict import Judged, Verdict


class Recorded:
    """Answers by what was asked. The same request may have been answered several times, as in a redirect loop."""

    def __init__(self, judged: Iterable[Judged] = ()) -> None:
        self._answers: dict[tuple[str, Request], list[Answer]] = {}
        for each in judged:
            self._answers.setdefault((each.kind, each.request), []).append(each.response)

    def extend(self, asking: Asking) -> Asking:
        """Run a fetch, asking only for what is not recorded, and recording that."""
        asked: dict[tuple[str, Request], int] = {}
        try:
            ask = next(asking)
            while True:
                key = (ask.kind, ask.request)
                answers = self._answers.setdefault(key, [])
                turn = asked[key] = asked.get(key, 0) + 1
                if turn > len(answers):
                    answers.append((yield ask))
                ask = asking.send(answers[turn - 1])
        except StopIteration as stop:
            verdict: Verdict = stop.value
            return verdict


def replay(asking: Asking, judged: Iterable[Judged]) -> Verdict | None:
    """Return the verdict of a fetch on the answers of `judged`, None where it asks for one that is not there."""
    run: Generator[Ask, Answer, Verdict] = Recorded(judged).extend(asking)
    try:
        next(run)
    except StopIteration as stop:
        verdict: Verdict = stop.value
        return verdict
    run.close()
    return None
