"""The model of Chromium against Chromium itself."""

from __future__ import annotations

import pytest

from corsmith.live.browsers import Chromium

from .live import disagreements, random_cases


@pytest.mark.chromium
@pytest.mark.timeout(0)
def test_random_cases() -> None:
    cases = random_cases()
    with Chromium() as browser:
        assert disagreements("chromium", cases, browser.judge) == []
