"""CPU milliseconds and modules that one import adds to what Lambda's Python runtime has loaded."""

import importlib
import json
import sys
import time

for name in ("collections", "decimal", "enum", "functools", "logging", "re", "traceback"):
    importlib.import_module(name)
before = set(sys.modules)
statement = compile(sys.argv[1], "start", "exec")
start = time.process_time_ns()
exec(statement)
used = time.process_time_ns() - start
print(json.dumps({"ms": used / 1e6, "modules": len(set(sys.modules) - before)}))
