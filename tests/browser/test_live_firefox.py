"""The model of Firefox against Firefox itself."""

from __future__ import annotations

import pytest

from corsmith.live.browsers import Firefox

from .live import disagreements


@pytest.mark.firefox
@pytest.mark.timeout(0)
def test_random_cases() -> None:
    with Firefox() as browser:
        assert disagreements("firefox", browser.judge) == []
