"""The model of Chromium against Chromium itself."""

from __future__ import annotations

import pytest

from corsmith.live.browsers import Chromium

from .live import disagreements


@pytest.mark.chromium
@pytest.mark.timeout(0)
def test_random_cases() -> None:
    with Chromium() as browser:
        assert disagreements("chromium", browser.judge) == []
