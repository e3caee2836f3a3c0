"""Builds the Lambda layers of both runtimes, the same bytes each time, and says their sizes."""

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
DIST = ROOT / "dist"
NODE = ROOT / "runtimes/node"
LONG_AGO = (1980, 1, 1, 0, 0, 0)


def pack(name: str, files: dict[str, bytes]) -> Path:
    """Write a zip whose bytes depend on nothing but the files."""
    DIST.mkdir(exist_ok=True)
    path = DIST / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as layer:
        for inner, content in sorted(files.items()):
            entry = zipfile.ZipInfo(inner, LONG_AGO)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            layer.writestr(entry, content)
    unpacked = sum(map(len, files.values()))
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes, {unpacked:,} unpacked")
    return path


def python_files() -> dict[str, bytes]:
    """The wheel's package where Lambda's Python runtimes look for it."""
    with tempfile.TemporaryDirectory() as folder:
        build = [
            sys.executable,
            "-m",
            "build",
            "--wheel",
            "--no-isolation",
            "--outdir",
            folder,
            str(ROOT / "runtimes/python"),
        ]
        subprocess.run(build, check=True, capture_output=True)
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
            names = [name for name in wheel.namelist() if name.startswith("lambda_cors/")]
            return {f"python/{name}": wheel.read(name) for name in names}


def node_files() -> dict[str, bytes]:
    """The Node package where Lambda's Node runtimes look for it."""
    paths = [NODE / "package.json", *(path for path in (NODE / "src").iterdir() if path.is_file())]
    return {f"nodejs/node_modules/lambda-cors/{path.relative_to(NODE)}": path.read_bytes() for path in paths}


if __name__ == "__main__":
    pack("lambda-cors-python-layer.zip", python_files())
    pack("lambda-cors-node-layer.zip", node_files())
