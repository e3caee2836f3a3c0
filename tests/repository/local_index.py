"""A package index on this machine: wheels made of what this environment has installed, behind PEP 503's pages."""

from __future__ import annotations

import base64
import csv
import hashlib
import importlib.metadata
import io
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from packaging.utils import canonicalize_name


def wheel_of(name: str, folder: Path) -> Path:
    """Pack an installed distribution into a wheel again."""
    distribution = importlib.metadata.distribution(name)
    tags = [line[5:] for line in (distribution.read_text("WHEEL") or "").splitlines() if line.startswith("Tag: ")]
    stem = canonicalize_name(distribution.name).replace("-", "_") + "-" + distribution.version
    inner: dict[str, bytes] = {}
    information = ""
    for file in distribution.files or []:
        if file.suffix == ".pyc" or ".." in file.parts:
            continue
        if file.parts[0].endswith(".dist-info"):
            information = file.parts[0]
            if file.name in ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json"):
                continue
        inner[file.as_posix()] = Path(str(distribution.locate_file(file))).read_bytes()
    record = io.StringIO()
    rows = csv.writer(record, lineterminator="\n")
    for path, content in inner.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        rows.writerow((path, f"sha256={digest}", len(content)))
    rows.writerow((f"{information}/RECORD", "", ""))
    made = folder / f"{stem}-{_joined(tags)}.whl"
    with zipfile.ZipFile(made, "w") as archive:
        for path, content in inner.items():
            archive.writestr(path, content)
        archive.writestr(f"{information}/RECORD", record.getvalue())
    return made


def _joined(tags: list[str]) -> str:
    """Return several tags as one file name says them."""
    columns = zip(*(tag.split("-") for tag in tags), strict=True)
    return "-".join(".".join(dict.fromkeys(column)) for column in columns)


def lay_out(wheels: list[Path], folder: Path) -> None:
    """Put wheels where an index has them: a folder for each name, whose listing is its page."""
    for wheel in wheels:
        place = folder / "simple" / canonicalize_name(wheel.name.split("-")[0])
        place.mkdir(parents=True, exist_ok=True)
        (place / wheel.name).write_bytes(wheel.read_bytes())


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve an index; yield its address."""

    class Pages(SimpleHTTPRequestHandler):
        def __init__(self, *given: object) -> None:
            super().__init__(*given, directory=str(folder))  # type: ignore[arg-type]

        def log_message(self, *arguments: object) -> None:
            """Stay silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/simple"
        server.shutdown()
        thread.join()
