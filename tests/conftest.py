"""What all tests share: random examples have no deadline, for a busy machine proves nothing."""

from hypothesis import settings

settings.register_profile("unhurried", settings(deadline=None))
settings.load_profile("unhurried")
