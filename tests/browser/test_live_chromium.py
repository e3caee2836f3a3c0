"""The model of Chromium against Chromium itself."""

from __future__ import annotations

import pytest

from corsmith.live.browsers import judge_chromium

from .live import disagreements


@pytest.mark.chromium
@pytest.mark.timeout(0)
def test_random_cases() -> None:
    assert disagreements("chromium", judge_chromium) == []
