"""Makes the shared modules of these tests, and of the Python runtime's, importable."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "runtimes/python/tests")]
