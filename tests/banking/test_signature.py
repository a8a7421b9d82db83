"""The signatures against vectors that openssl made, not our own code."""

from __future__ import annotations

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lindung.banking import signature

# printf '%s' "$TEXT" | openssl dgst -sha512 -hmac "$SECRET"
SECRET = "rahasia-uji-coba-123"  # pragma: allowlist secret
BODY = b'{ "a" : "x  y\\" z" ,\n\t"n" : [ 1 , 2 ] }'
MINIFIED = b'{"a":"x  y\\" z","n":[1,2]}'
DIGEST = "7eb582114a342c436acaddbd799e5079f53af2bf19d92c5337e8d8b136825bd5"  # pragma: allowlist secret
STAMP = "2026-02-27T09:30:00+07:00"
MAC = (
    "08322988eb9c50ba6e2b5011aa736a9f522aef0301d6adfd29e0a2ebbc3ec69f"  # pragma: allowlist secret
    "e15a08848384c3e5e66c95e8dba30efe1ff2b0e0db8698b9c0fd701855a2dd9f"  # pragma: allowlist secret
)
# openssl genrsa 2048; printf '%s' 'klien-uji|2026-02-27T09:30:00+07:00' | openssl dgst -sha256 -sign key.pem | base64
PUBLIC = """-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAn/0+jKoRETUbwAunymJM
4o/sSp+DbfUR2Cetj1hOdYrJYW8aqBswejzzVt/n8afysTyxzs83gptXgAqNjJau
IyQS9DTsCNpOjwc5W64Yv017HL6gCoZN26qaRg7iOBoLCG2iwOQ3AH9jrCujZA6P
7kk7f6Zeuh/94/QzWo1DQoolOS24jDMnCK8SK47AOttS6a1TzKGefrCwbjoBgvXZ
LBkzAw1vuDtuL8LTJ9HTM9j/Sv5aC+VjG05O/O4pdKWlQl8JCB4gN7N5Qxfsstr9
OqgtxIB4Wl4fe8NaA8e63fnvReSI7gYqSit8uWd9jJES7G+spU1/vVrgOdN2Gbpp
GQIDAQAB
-----END PUBLIC KEY-----
"""
SIGNED = (
    "lBJ44rd2exBrUuSexKtI/H7E/KEuB0VUtGa9CEssb/9jWUxpYwGbLbbhttIZmScbCThoZrCINDL1kX3sEHOzLJd1EC7RHCsYOdfoYNFUaO2Q"
    "L4XPcikpuAEmexgVXsZCTPZ947sJe8b/3kUJUcTDoAFoaumyaJqBFPxQRCmuChxYsnvdy5wVgpN5fW/q+1b4azoXO21s2FUhqGIoCoChl4p3"
    "tvCcyVi7TQIDkAY6y7pSWCPxU8Y38lkfVrp8tiBVgn1mpBsDEIvNABTrwM+wU1Ni6MZkqTJYsb9N9Ouxpuf/ej58l/idxp2XwOMn8VFr7t9l"
    "KeoDiNaihOZfmz5oCw=="
)


def signed_text() -> str:
    return signature.transaction_string(
        "POST", "/bank/snap/v1.0/transfer-va/payment", "abc.DEF-123", signature.body_digest(BODY), STAMP
    )


def test_a_body_is_signed_without_the_space_between_its_parts() -> None:
    assert signature.minified(BODY) == MINIFIED
    assert signature.body_digest(BODY) == signature.body_digest(MINIFIED) == DIGEST


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner)
                    | st.dictionaries(st.text(), inner)))  # fmt: skip
def test_whatever_is_minified_means_the_same(value: object) -> None:
    compact = json.dumps(value, separators=(",", ":")).encode()
    for spaced in (json.dumps(value, indent=3), json.dumps(value, ensure_ascii=False)):
        assert json.loads(signature.minified(spaced.encode())) == value
    assert signature.minified(json.dumps(value, indent="\t").encode()) == compact


def test_an_unclosed_string_is_no_trap() -> None:
    assert signature.minified(b'{"a": "' + b"\\" * 50_000) is not None


def test_a_transaction_is_signed_with_hmac_sha512() -> None:
    assert signature.hmac_of(SECRET, signed_text()).hex() == MAC
    in_base64 = base64.b64encode(bytes.fromhex(MAC)).decode()
    assert signature.sign_with_secret(SECRET, signed_text()) == in_base64
    for sent in (MAC, MAC.upper(), in_base64):
        assert signature.fits_secret(SECRET, signed_text(), sent)


@pytest.mark.parametrize("sent", ["", "x", MAC[:-2], MAC[:-1] + "0", "zz" * 64, "é" * 128, MAC + MAC])
def test_any_other_signature_is_refused(sent: str) -> None:
    assert not signature.fits_secret(SECRET, signed_text(), sent)
    assert not signature.fits_secret(SECRET + "4", signed_text(), MAC)


def test_a_token_is_asked_for_with_the_banks_key() -> None:
    text = signature.token_string("klien-uji", STAMP)
    assert signature.fits_key(PUBLIC, text, SIGNED)
    assert signature.fits_key(PUBLIC, text, base64.b64decode(SIGNED).hex())
    assert not signature.fits_key(PUBLIC, signature.token_string("klien-lain", STAMP), SIGNED)
    assert not signature.fits_key(PUBLIC, text, SIGNED[:-8] + "AAAAAA==")
    assert not signature.fits_key(PUBLIC, text, "bukan tanda tangan")


def test_weak_and_other_keys_are_no_keys() -> None:
    weak = rsa.generate_private_key(65537, 1024).public_key()
    other = ed25519.Ed25519PrivateKey.generate().public_key()
    for key in (weak, other):
        with pytest.raises(ValueError, match="2048"):
            signature.public_key(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode())
    with pytest.raises(ValueError, match="PEM"):
        signature.public_key("halo")
