"""Makes the shared modules of these tests, of the Python runtime's, and of the vectors, importable."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
RUNTIMES = HERE.parents[1] / "runtimes"
sys.path[:0] = [str(HERE), str(RUNTIMES / "python/tests"), str(RUNTIMES / "vectors")]
