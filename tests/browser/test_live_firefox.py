"""The model of Firefox against Firefox itself."""

from __future__ import annotations

import pytest

from corsmith.live.browsers import judge_firefox

from .live import disagreements


@pytest.mark.firefox
@pytest.mark.timeout(0)
def test_random_cases() -> None:
    assert disagreements("firefox", judge_firefox) == []
