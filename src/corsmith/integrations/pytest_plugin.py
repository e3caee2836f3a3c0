"""The pytest plugin: the fixture `cors`.

pytest loads this module with every run, so it imports nothing of the toolkit: the first test that asks for the fixture does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .pages import Cors


@pytest.fixture(scope="session")
def cors() -> Cors:
    """What a page at an origin may read: `cors.page("https://app.example.com").reads(app, "/items")`."""
    from .pages import Cors

    return Cors()
