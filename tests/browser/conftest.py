"""No test sees what another one's URLs were read as."""

from __future__ import annotations

import pytest

from corsmith.browser.case_form import is_origin
from corsmith.browser.url import parse_url


@pytest.fixture(autouse=True)
def _forget_urls() -> None:
    parse_url.cache_clear()
    is_origin.cache_clear()
