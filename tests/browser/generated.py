"""Many random cases at once, for judges that are slow to start."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, given, seed, settings

from .strategies import Case, cases


def generate(count: int, chosen: int) -> list[Case]:
    """Return `count` random cases; the same ones for the same `chosen` seed."""
    found: list[Case] = []

    @seed(chosen)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(cases())
    def collect(case: Case) -> None:
        found.append({**case, "name": f"random-{chosen}-{len(found)}"})

    collect()
    return found[:count]
