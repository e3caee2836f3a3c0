from .hostile import hostile

__all__ = ["hostile"]
