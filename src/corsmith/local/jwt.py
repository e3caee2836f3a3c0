"""JSON Web Tokens as far as an authorizer needs them: taken apart, and verified with RSA (RFC 7515, RFC 8017).

HTTP APIs take RSA signatures only, and verifying one is a power and a comparison; so no library is needed. Nothing is
secret here, so nothing has to take constant time.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable
from typing import Any

from msgspec import Struct

# DigestInfo prefixes of EMSA-PKCS1-v1_5 (RFC 8017, 9.2, note 1).
_DIGESTS = {
    "RS256": ("sha256", bytes.fromhex("3031300d060960864801650304020105000420")),
    "RS384": ("sha384", bytes.fromhex("3041300d060960864801650304020205000430")),
    "RS512": ("sha512", bytes.fromhex("3051300d060960864801650304020305000440")),
}


class Key(Struct, frozen=True):
    """An RSA public key of a JWKS. `identifier` is its `kid`, "" without one."""

    identifier: str
    modulus: int
    exponent: int


class Token(Struct, frozen=True):
    """A well-formed token that nobody has verified yet."""

    header: dict[str, Any]
    claims: dict[str, Any]
    signed: bytes
    signature: bytes


def parse(text: str) -> Token | None:
    """Return the token, None when it is not three base64url parts of which the first two are JSON objects."""
    parts = text.split(".")
    if len(parts) != 3:
        return None
    try:
        header, claims = (json.loads(_decoded(part)) for part in parts[:2])
        signature = _decoded(parts[2])
    except (ValueError, RecursionError):
        return None
    if not isinstance(header, dict) or not isinstance(claims, dict):
        return None
    return Token(header, claims, f"{parts[0]}.{parts[1]}".encode(), signature)


def read_keys(text: str) -> tuple[Key, ...]:
    """Return the RSA keys of a JSON Web Key Set. Raises `ValueError` when it is none."""
    listed = json.loads(text)
    keys = listed.get("keys") if isinstance(listed, dict) else None
    if not isinstance(keys, list):
        raise ValueError('it holds no "keys"')
    try:
        return tuple(
            Key(str(key.get("kid", "")), _number(key["n"]), _number(key["e"]))
            for key in keys
            if isinstance(key, dict) and key.get("kty") == "RSA"
        )
    except KeyError as missing:
        raise ValueError(f"an RSA key has no {missing}") from None


def verified(token: Token, keys: Iterable[Key]) -> bool:
    """Say whether one of `keys` made the signature; a token that names its key is held to that one."""
    known = _DIGESTS.get(str(token.header.get("alg")))
    if known is None or not token.signature:
        return False
    wanted = token.header.get("kid")
    return any(_signed_by(key, token, *known) for key in keys if wanted in (None, key.identifier))


def _signed_by(key: Key, token: Token, digest: str, prefix: bytes) -> bool:
    size = (key.modulus.bit_length() + 7) // 8
    proof = prefix + hashlib.new(digest, token.signed).digest()
    if len(token.signature) != size or size < len(proof) + 11:
        return False
    opened = pow(int.from_bytes(token.signature, "big"), key.exponent, key.modulus).to_bytes(size, "big")
    return opened == b"\0\1" + b"\xff" * (size - len(proof) - 3) + b"\0" + proof


def _number(text: str) -> int:
    return int.from_bytes(_decoded(text), "big")


def _decoded(text: str) -> bytes:
    if "=" in text:
        raise ValueError("base64url is written without padding here (RFC 7515, 2)")
    try:
        return base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError(str(error)) from None
