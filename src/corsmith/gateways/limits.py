"""Time limits of integrations."""

from __future__ import annotations

from corsmith.api.value import Known, Value


def limit(setting: Value[int], default: int) -> int:
    """Return an integration's limit in milliseconds; AWS's default where it is not known: no header depends on it."""
    return setting.value if isinstance(setting, Known) else default
