"""Random handlers, run for real: what they do is among the outcomes that were read."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .events import event
from .oracle import Loaded, contained
from .programs import Program
from .reading import line, read

ENVIRONMENT = {"ALLOWED": "https://a.example,https://c.example"}
ORIGINS = (None, "https://a.example", "https://b.example", "https://evil.test", "http://localhost:3000")
EVENTS = [
    event(method, path, {spelt: origin} if origin else {}, body, payload)
    for payload, spellings in (("1.0", ("origin", "Origin")), ("2.0", ("origin",)))
    for spelt in spellings
    for method in ("GET", "POST", "OPTIONS", "DELETE")
    for path in ("/items", "/users")
    for origin in ORIGINS
    for body in (None, '{"name": 1}', "nope")
]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_outcomes_contain_what_happens(tmp_path: Path, seed: int) -> None:
    source = Program(seed).source()
    summary = read(source, environment=ENVIRONMENT)
    if summary.unread:
        return
    (tmp_path / "app.py").write_text(source)
    with contextlib.redirect_stdout(io.StringIO()):
        handler = Loaded(tmp_path, "app", ENVIRONMENT)
        missed = [
            (sent, observed)
            for sent in EVENTS
            if not contained(summary, sent, observed := handler.invoke("handler", sent))
        ]
    assert not missed, (
        source[source.index("def handler") :],
        missed[0],
        [line(outcome) for outcome in summary.outcomes],
    )


def test_random_handlers_are_read_to_their_end() -> None:
    unread = [seed for seed in range(40) if read(Program(seed).source(), environment=ENVIRONMENT).unread]
    assert unread == []


def test_a_wrong_outcome_would_be_noticed(tmp_path: Path) -> None:
    summary = read("def handler(event, context): return {'statusCode': 200, 'headers': {'Vary': 'Origin'}}")
    (tmp_path / "app.py").write_text("def handler(event, context): return {'statusCode': 200, 'headers': {}}")
    observed = Loaded(tmp_path, "app", {}).invoke("handler", EVENTS[0])
    assert not contained(summary, EVENTS[0], observed)
