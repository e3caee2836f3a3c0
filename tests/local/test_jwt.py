"""Tokens: what is well formed, what is verified, and what an authorizer makes of them."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corsmith.api.front_door import Authorizer
from corsmith.api.http_api import HttpApi
from corsmith.api.rest_api import RestApi
from corsmith.api.span import Span
from corsmith.api.value import Known, Unknown, known_texts
from corsmith.gateways import Authorize, AuthorizerDecision, Denied, Granted, Unauthorized
from corsmith.local.authorize import FakeJudge, Judge, RealJudge, local_keys
from corsmith.local.functions import Functions
from corsmith.local.jwt import Key, parse, read_keys, verified
from corsmith.local.launch import Interpreters

NOWHERE = Span("template.yaml", 0, 0)
# Two primes of 512 bits; a key that has been published protects nothing but these tests.
P = int(
    "C43A6F7E029C7E4FFD0C79847F935A16B8E0C094E318F6DD816F85E35009D9C1"
    "FCEA8D4C5EC3DA1D698456F171532582F6A25CB8CF47FC6B6E6DCA9DA980332F",
    16,
)
Q = int(
    "C1E1866E02883823B2793D8AD2934219BACF87F47CE577C1713A8C87435AA0D2"
    "BBB436BAB22F02F1957290A100199B4F3D32078D57E46AC84F2495860E52E739",
    16,
)
N, E = P * Q, 65537
D = pow(E, -1, (P - 1) * (Q - 1))
KEY = Key("one", N, E)
PREFIXES = {
    "RS256": ("sha256", "3031300d060960864801650304020105000420"),
    "RS384": ("sha384", "3041300d060960864801650304020205000430"),
    "RS512": ("sha512", "3051300d060960864801650304020305000440"),
}


def encoded(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def number(value: int) -> str:
    return encoded(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def signed(claims: dict[str, Any], algorithm: str = "RS256", **header: Any) -> str:
    head = encoded(json.dumps({"alg": algorithm, **header}).encode())
    text = f"{head}.{encoded(json.dumps(claims).encode())}"
    digest, prefix = PREFIXES[algorithm]
    proof = bytes.fromhex(prefix) + hashlib.new(digest, text.encode()).digest()
    padded = b"\0\1" + b"\xff" * (128 - len(proof) - 3) + b"\0" + proof
    return f"{text}.{encoded(pow(int.from_bytes(padded, 'big'), D, N).to_bytes(128, 'big'))}"


@pytest.mark.parametrize("algorithm", PREFIXES)
def test_a_signature_of_the_key_is_verified(algorithm: str) -> None:
    token = parse(signed({"sub": "ann"}, algorithm, kid="one"))
    assert token is not None
    assert verified(token, [KEY])
    assert token.claims == {"sub": "ann"}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(signed({"sub": "ann"}, kid="another"), id="another key is named"),
        pytest.param(signed({"sub": "ann"})[:-4] + "AAAA", id="another signature"),
        pytest.param(signed({"sub": "ann"}).rpartition(".")[0] + ".", id="no signature"),
        pytest.param(encoded(b'{"alg":"none"}') + ".e30.", id="alg none"),
        pytest.param(encoded(b'{"alg":"HS256"}') + ".e30.c2ln", id="a shared secret"),
        pytest.param(signed({"sub": "ann"}).split(".")[0] + ".e30.AQ", id="a short signature"),
    ],
)
def test_what_the_key_did_not_sign_is_not_verified(text: str) -> None:
    token = parse(text)
    assert token is not None
    assert not verified(token, [KEY])


def test_changed_claims_are_not_verified() -> None:
    head, _, signature = signed({"sub": "ann"}).split(".")
    token = parse(f"{head}.{encoded(json.dumps({'sub': 'eve'}).encode())}.{signature}")
    assert token is not None
    assert not verified(token, [KEY])


@pytest.mark.parametrize(
    "text",
    ["", "a.b.c", "e30.e30", "e30.e30.e30.e30", "W10.e30.AA", "e30.W10.AA", "e30.e30.*", "é.e30.AA", "e30=.e30.AA"],
)
def test_what_is_no_token(text: str) -> None:
    assert parse(text) is None


@given(st.text(max_size=60))
def test_any_text_is_a_token_or_not(text: str) -> None:
    parse(text)


def test_keys_are_read_from_a_set() -> None:
    keys = [{"kty": "RSA", "kid": "one", "n": number(N), "e": number(E)}, {"kty": "EC", "kid": "two"}]
    assert read_keys(json.dumps({"keys": keys})) == (KEY,)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"keys": 1}', '{"keys": [{"kty": "RSA"}]}'])
def test_what_is_no_set_of_keys(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_keys(text)


def jwt(kind: str = "jwt") -> Authorizer:
    return Authorizer("Jwt", kind, issuer=Known("https://issuer.example/"), audience=known_texts("items", "carts"))


def decision(judge: Judge, authorizer: Authorizer, identity: str) -> AuthorizerDecision:
    return asyncio.run(judge.decide(HttpApi("Api", NOWHERE), Authorize(authorizer, None, (identity,))))


def judges() -> tuple[RealJudge, FakeJudge]:
    functions = Functions((), Interpreters(Path()), print)
    return RealJudge(functions, [KEY]), FakeJudge(functions)


GOOD = {"sub": "ann", "iss": "https://issuer.example/", "aud": "items", "exp": time.time() + 3600}


@pytest.mark.parametrize(
    ("claims", "granted"),
    [
        (GOOD, True),
        ({**GOOD, "aud": ["x", "carts"]}, True),
        ({"client_id": "items", **{name: GOOD[name] for name in ("sub", "iss", "exp")}}, True),
        ({**GOOD, "aud": "other"}, False),
        ({**GOOD, "iss": "https://other.example/"}, False),
        ({**GOOD, "exp": time.time() - 1}, False),
        ({**GOOD, "exp": "soon"}, False),
        ({**GOOD, "nbf": time.time() + 3600}, False),
        ({"sub": "ann"}, False),
    ],
)
@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", ""])
def test_real_authorisation_looks_at_signature_issuer_audience_and_time(
    claims: dict[str, Any], granted: bool, scheme: str
) -> None:
    real, _ = judges()
    expected = Granted(claims, "ann") if granted else Unauthorized()
    assert decision(real, jwt(), scheme + signed(claims)) == expected


def test_fake_authorisation_takes_any_token_that_is_well_formed() -> None:
    real, fake = judges()
    unsigned = encoded(b"{}") + "." + encoded(b'{"sub":"eve"}') + ".AA"
    assert decision(fake, jwt(), f"Bearer {unsigned}") == Granted({"sub": "eve"}, "eve")
    assert decision(real, jwt(), f"Bearer {unsigned}") == Unauthorized()
    assert decision(fake, jwt(), "Bearer garbage") == Unauthorized()


def test_signatures_of_aws_cannot_be_verified_here() -> None:
    real, fake = judges()
    assert decision(real, Authorizer("Iam", "iam"), "AWS4-HMAC-SHA256 …") == Denied()
    assert decision(fake, Authorizer("Iam", "iam"), "AWS4-HMAC-SHA256 …") == Granted()


def test_a_user_pools_token_is_verified_without_its_audience() -> None:
    real, _ = judges()
    claims = {"sub": "ann", "exp": time.time() + 60}
    assert decision(real, jwt("cognito"), signed(claims)) == Granted(claims, "ann")


def test_api_keys_come_from_the_template() -> None:
    keys = Known((Known("given"), Unknown("AWS makes it")))
    assert local_keys(RestApi("Api", NOWHERE, api_keys=keys)) == {"given", "local-key"}
    assert local_keys(RestApi("Api", NOWHERE)) == frozenset()
    assert local_keys(RestApi("Api", NOWHERE, api_keys=Unknown("imported"))) == {"local-key"}
