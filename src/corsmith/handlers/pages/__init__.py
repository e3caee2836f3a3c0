"""The calls that the project's front-end code makes: fetch, axios, XMLHttpRequest and their kin, and what wraps them."""

from .reading import page_calls

__all__ = ["page_calls"]
