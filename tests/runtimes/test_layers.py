"""The layers: where Lambda looks for packages, the same bytes each time, and as large as the page says."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

from clients import ROOT

PAGE = (ROOT / "docs/lambda-cors.md").read_text()
FIRST = {"python": "python/lambda_cors/__init__.py", "node": "nodejs/node_modules/lambda-cors/package.json"}


def built() -> dict[str, bytes]:
    subprocess.run([sys.executable, ROOT / "scripts/layers.py"], check=True, capture_output=True, timeout=120)
    return {language: (ROOT / f"dist/lambda-cors-{language}-layer.zip").read_bytes() for language in FIRST}


def test_both_layers(tmp_path: Path) -> None:
    layers = built()
    assert built() == layers
    for language, content in layers.items():
        path = tmp_path / f"{language}.zip"
        path.write_bytes(content)
        with zipfile.ZipFile(path) as layer:
            assert FIRST[language] in layer.namelist()
            unpacked = sum(entry.file_size for entry in layer.infolist())
        said = re.search(rf"lambda-cors-{language}-layer\.zip`\s*\((\d+) kB, (\d+) kB unpacked\)", PAGE)
        assert said is not None
        assert [int(said[1]), int(said[2])] == [round(len(content) / 1000), round(unpacked / 1000)]
