"""Which tests of the local gateway run.

serverless-offline brings a thousand packages, and its registry may keep one waiting for minutes: the comparison with it is
one of the longer runs. It is collected where SERVERLESS_OFFLINE names a folder that has it, or says "install".
"""

from __future__ import annotations

import os

collect_ignore = [] if os.environ.get("SERVERLESS_OFFLINE") else ["test_beside_serverless_offline.py"]
