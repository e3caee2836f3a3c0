"""Makes `fronts`, the builders of these tests, importable, and lets no test see what another one left in a cache."""

import sys
from pathlib import Path
from types import ModuleType

import pytest

import corsmith.gateways.remembered as remembered

sys.path.insert(0, str(Path(__file__).parent))


def modules() -> list[ModuleType]:
    """The modules of the front doors that are loaded."""
    return [module for name, module in list(sys.modules.items()) if name.startswith("corsmith.gateways")]


@pytest.fixture(autouse=True)
def _fresh_caches() -> None:
    for module in modules():
        for value in vars(module).values():
            if hasattr(value, "cache_clear"):
                value.cache_clear()
            elif isinstance(value, remembered.Remembered):
                value._entries.clear()
