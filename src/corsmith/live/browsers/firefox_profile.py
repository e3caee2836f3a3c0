"""A Firefox profile in which every host is this machine, and that asks the world outside for nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

FORCED_PORTS = "network.socket.forcePort"

_QUIET: Mapping[str, bool | int | str] = {
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "browser.contentblocking.introCount": 99,
    "browser.newtabpage.enabled": False,
    "browser.region.network.url": "",
    "browser.safebrowsing.downloads.remote.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.safebrowsing.provider.mozilla.updateURL": "",
    "browser.search.update": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "browser.startup.page": 0,
    "datareporting.healthreport.uploadEnabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.push.connection.enabled": False,
    "dom.security.https_first": False,
    "dom.security.https_first_schemeless": False,
    "extensions.getAddons.cache.enabled": False,
    "extensions.systemAddon.update.enabled": False,
    "extensions.update.enabled": False,
    "messaging-system.rsexperimentloader.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.dns.forceResolve": "127.0.0.1",
    "network.dns.disableIPv6": True,
    "network.http.speculative-parallel-limit": 0,
    "network.trr.mode": 5,
    "services.settings.server": "data:,",
    "toolkit.telemetry.enabled": False,
    "toolkit.telemetry.server": "data:,",
    "toolkit.telemetry.unified": False,
}


def write_profile(folder: Path, ports: Iterable[int], server_port: int) -> None:
    """Write `user.js`, which sends every connection to one of `ports` to `server_port` of this machine."""
    settings = {**_QUIET, FORCED_PORTS: forced(ports, server_port)}
    lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in settings.items())
    (folder / "user.js").write_text("".join(lines), encoding="utf-8")


def forced(ports: Iterable[int], server_port: int) -> str:
    """Return the value of network.socket.forcePort; every port that is used must be named in it."""
    return ";".join(f"{port}={server_port}" for port in sorted(ports))
