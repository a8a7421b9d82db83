"""The signatures of Bank Indonesia's SNAP standard, both ways: we check them, and the test bank makes them.

Access token: SHA256withRSA over `clientId|timestamp`. Everything else: HMAC-SHA512 with the client secret over
`METHOD:path:accessToken:sha256(minified body):timestamp`. Signatures come in base64 or, as in the standard's own
samples, in hexadecimal; both are read."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

SMALLEST_KEY_BITS = 2048
# A string of JSON, which stays as it is, or white space outside of one, which goes.
_STRING_OR_SPACE = re.compile(rb'("(?:[^"\\]|\\.)*")|[ \t\r\n]+')


def minified(body: bytes) -> bytes:
    """The JSON text without white space outside its strings; nothing else is changed."""
    return _STRING_OR_SPACE.sub(lambda found: found.group(1) or b"", body)


def body_digest(body: bytes) -> str:
    """Lowercase hexadecimal SHA-256 of the minified body."""
    return hashlib.sha256(minified(body)).hexdigest()


def token_string(client_id: str, timestamp: str) -> str:
    """What the signature of a request for an access token signs."""
    return f"{client_id}|{timestamp}"


def transaction_string(method: str, path: str, token: str, digest: str, timestamp: str) -> str:
    """What the signature of every other request signs. `path`: from the first slash, with the query if there is one."""
    return f"{method}:{path}:{token}:{digest}:{timestamp}"


def hmac_of(secret: str, text: str) -> bytes:
    """HMAC-SHA512."""
    return hmac.digest(secret.encode(), text.encode(), "sha512")


def sign_with_secret(secret: str, text: str) -> str:
    """The symmetric signature as sent: base64."""
    return base64.b64encode(hmac_of(secret, text)).decode()


def sign_with_key(key: RSAPrivateKey, text: str) -> str:
    """The asymmetric signature as sent: base64."""
    return base64.b64encode(key.sign(text.encode(), PKCS1v15(), SHA256())).decode()


def fits_secret(secret: str, text: str, signature: str) -> bool:
    """Whether the symmetric signature is right; takes as long either way."""
    return hmac.compare_digest(hmac_of(secret, text), _decoded(signature, 64))


def fits_key(public_pem: str, text: str, signature: str) -> bool:
    """Whether the asymmetric signature is right."""
    key = public_key(public_pem)
    try:
        key.verify(_decoded(signature, key.key_size // 8), text.encode(), PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=64)
def public_key(pem: str) -> RSAPublicKey:
    """Raises ValueError when the text is not an RSA public key of 2,048 bits or more."""
    key = load_pem_public_key(pem.encode())
    if not isinstance(key, RSAPublicKey) or key.key_size < SMALLEST_KEY_BITS:
        raise ValueError(f"not an RSA public key of at least {SMALLEST_KEY_BITS} bits")
    return key


def _decoded(signature: str, length: int) -> bytes:
    """The signature's bytes; none when it is neither hexadecimal nor base64 of this length."""
    try:
        if len(signature) == 2 * length:
            return bytes.fromhex(signature)
        return base64.b64decode(signature, validate=True)
    except (ValueError, binascii.Error):
        return b""
