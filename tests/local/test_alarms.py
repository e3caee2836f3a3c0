"""Alarms ring in time and once, and what was cleared in time does not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from corsmith.local import loop
from corsmith.local.alarms import Alarms

NOW = 100.0


class Clock(asyncio.AbstractEventLoop):
    """A loop whose time passes when it is told to. `timers` are those that are set."""

    def __init__(self) -> None:
        self.now = NOW
        self.timers: list[Timer] = []

    def time(self) -> float:
        return self.now

    def call_at(self, when: float, callback: Callable[..., object], *args: object, **_: object) -> Timer:  # type: ignore[override]
        timer = Timer(when, callback, self)
        self.timers.append(timer)
        return timer

    def pass_until(self, when: float) -> None:
        while due := sorted((timer for timer in self.timers if timer.at <= when), key=lambda timer: timer.at):
            self.now = due[0].at
            self.timers.remove(due[0])
            due[0].callback()
        self.now = when


class Timer:
    def __init__(self, at: float, callback: Callable[..., object], clock: Clock) -> None:
        self.at, self.callback, self.clock = at, callback, clock

    def cancel(self) -> None:
        self.clock.timers.remove(self)


def ringing(monkeypatch) -> tuple[Clock, Alarms[str], list[tuple[str, float]]]:
    clock = Clock()
    monkeypatch.setattr(asyncio, "get_running_loop", lambda: clock)
    rung: list[tuple[str, float]] = []
    return clock, Alarms(lambda key: rung.append((key, clock.now))), rung


def test_each_rings_once_at_its_time_in_whatever_order_they_were_set(monkeypatch) -> None:
    clock, alarms, rung = ringing(monkeypatch)
    for key, at in (("b", NOW + 2), ("a", NOW + 1), ("d", NOW + 5), ("c", NOW + 3)):
        alarms.set(key, at)
    clock.pass_until(NOW + 4)
    assert rung == [("a", NOW + 1), ("b", NOW + 2), ("c", NOW + 3)]
    clock.pass_until(NOW + 60)
    assert rung[3:] == [("d", NOW + 5)]


def test_what_was_cleared_does_not_ring_and_what_was_set_anew_rings_later(monkeypatch) -> None:
    clock, alarms, rung = ringing(monkeypatch)
    alarms.set("a", NOW + 1)
    alarms.set("b", NOW + 1)
    alarms.clear("a")
    alarms.clear("never set")
    alarms.set("b", NOW + 3)
    clock.pass_until(NOW + 2)
    assert rung == []
    clock.pass_until(NOW + 9)
    assert rung == [("b", NOW + 3)]


def test_a_thousand_that_are_cleared_in_time_need_one_timer(monkeypatch) -> None:
    clock, alarms, rung = ringing(monkeypatch)
    for number in range(1000):
        clock.now = NOW + number / 1000
        alarms.set(str(number), clock.now + 30)
        alarms.clear(str(number))
        assert len(clock.timers) == 1
    clock.pass_until(NOW + 100)
    assert (rung, clock.timers) == ([], [])


def test_a_ring_may_set_and_clear_others(monkeypatch) -> None:
    clock, _, rung = ringing(monkeypatch)

    def ring(key: str) -> None:
        rung.append((key, clock.now))
        if key == "a":
            alarms.clear("b")
            alarms.set("c", clock.now + 0.5)

    alarms = Alarms(ring)
    alarms.set("a", NOW + 1)
    alarms.set("b", NOW + 1)
    alarms.set("d", NOW + 4)
    clock.pass_until(NOW + 9)
    assert rung == [("a", NOW + 1), ("c", NOW + 1.5), ("d", NOW + 4)]


def test_closed_ones_are_silent(monkeypatch) -> None:
    clock, alarms, rung = ringing(monkeypatch)
    alarms.set("a", NOW + 1)
    alarms.close()
    alarms.close()
    clock.pass_until(NOW + 9)
    assert (rung, clock.timers) == ([], [])


def test_a_time_that_has_passed_rings_in_the_loop_that_is_used() -> None:
    async def late() -> list[str]:
        rung: list[str] = []
        alarms: Alarms[str] = Alarms(rung.append)
        now = asyncio.get_running_loop().time()
        alarms.set("late", now - 1)
        alarms.set("soon", now + 0.01)
        await asyncio.sleep(0.1)
        return rung

    assert loop.run(late()) == ["late", "soon"]
