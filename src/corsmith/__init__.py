"""corsmith finds out why a browser will not let a page read an AWS Lambda API, fixes it, and proves the fix."""

__version__ = "0.1.0"
