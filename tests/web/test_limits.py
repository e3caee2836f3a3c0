"""How often strangers may ask."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from corsmith.web.limits import Buckets, Limits, Rate


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_and_then_one_at_a_time() -> None:
    clock = Clock()
    limits = Limits(clock, Rate(2, 0.5), Rate(100, 100))
    assert [limits.admit("a", "x") for _ in range(3)] == [0.0, 0.0, 2.0]
    assert limits.admit("b", "x") == 0.0
    clock.now = 2.0
    assert [limits.admit("a", "x") for _ in range(2)] == [0.0, 2.0]


def test_a_server_is_spared_whoever_asks() -> None:
    limits = Limits(Clock(), Rate(100, 1), Rate(3, 1))
    answers = [limits.admit(f"visitor{number}", "x") for number in range(4)]
    assert answers == [0.0, 0.0, 0.0, 1.0]
    assert limits.admit("visitor0", "y") == 0.0


def test_only_so_many_at_once() -> None:
    limits = Limits(Clock(), Rate(100, 1), Rate(100, 1), at_once=2)
    assert [limits.admit("a", "x") for _ in range(3)] == [0.0, 0.0, 1.0]
    limits.done()
    assert limits.admit("a", "x") == 0.0


def test_memory_is_bounded() -> None:
    buckets = Buckets(Rate(1, 1), Clock())
    for number in range(50_000):
        buckets.take(str(number))
    assert len(buckets._kept) == 20_000


@given(st.lists(st.floats(0, 5), min_size=1, max_size=60), st.integers(1, 5), st.floats(0.1, 3))
def test_never_more_than_the_rate(gaps: list[float], burst: int, per_second: float) -> None:
    clock = Clock()
    limits = Limits(clock, Rate(burst, per_second), Rate(1e9, 1e9), at_once=10**9)
    admitted = []
    for gap in gaps:
        clock.now += gap
        if limits.admit("a", "x") == 0.0:
            admitted.append(clock.now)
    for first, last in itertools.combinations(range(len(admitted)), 2):
        assert last - first + 1 <= burst + (admitted[last] - admitted[first]) * per_second + 1e-6
