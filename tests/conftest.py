"""What all tests share: random examples have no deadline, for a busy machine proves nothing; interruptions arrive."""

import signal

from hypothesis import settings

settings.register_profile("unhurried", settings(deadline=None))
settings.load_profile("unhurried")
# Shells let what they run in the background ignore interruptions, and what the tests start would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)
