"""What AWS says when it refuses."""

from __future__ import annotations


class Refusal(Exception):  # noqa: N818 - it names what AWS does
    """A refusal with AWS's name for it, and the status."""

    def __init__(self, code: str, message: str, status: int) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


def bad(message: str) -> Refusal:
    return Refusal("BadRequestException", message, 400)


def missing(message: str, code: str = "NotFoundException") -> Refusal:
    return Refusal(code, message, 404)


def conflict(message: str, code: str = "ConflictException") -> Refusal:
    return Refusal(code, message, 409)
