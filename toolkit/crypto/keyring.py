"""Authenticated encryption of short texts under rotating keys.

A token reads `a1.<key id>.<nonce and ciphertext>`: `a1` names the algorithm (AES-256-GCM), so that another one
(SM4-GCM where a customer must use national algorithms) can be added beside it without touching stored rows.
`settings.FIELD_KEYS` lists the secrets: the first encrypts, all decrypt. A secret is high-entropy text, from which
HKDF-SHA256 derives one key per purpose.
"""

import base64
import binascii
import hashlib
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

ALGORITHM = "a1"
NONCE_BYTES = 12


class Unreadable(ValueError):
    """A token that no key of ours opens: damaged, forged, or its key was removed too early."""


def encrypt(text, purpose="field"):
    """Text → token. The same text gives another token each time."""
    key_id, key = _keyring(purpose)[0]
    header = f"{ALGORITHM}.{key_id}"
    nonce = os.urandom(NONCE_BYTES)
    sealed = nonce + AESGCM(key).encrypt(nonce, text.encode(), header.encode())
    return f"{header}.{base64.urlsafe_b64encode(sealed).rstrip(b'=').decode()}"


def decrypt(token, purpose="field"):
    """Token → text, or Unreadable (whose message never carries the token)."""
    header, key, sealed = _opened(token, purpose)
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], header).decode()
    except (InvalidTag, ValueError) as error:
        raise Unreadable("the token is damaged or forged") from error


def is_current(token, purpose="field"):
    """Whether the first key wrote this token; what is not current waits for re-encryption."""
    return token.startswith(f"{ALGORITHM}.{_keyring(purpose)[0][0]}.")


def current_key_id(purpose="field"):
    """The name of the key that writes now."""
    return _keyring(purpose)[0][0]


def encrypt_bytes(data, about, purpose="file"):
    """Bytes → sealed bytes with the header of a token in front. They open only together with `about`, their place."""
    key_id, key = _keyring(purpose)[0]
    header = f"{ALGORITHM}.{key_id}.".encode()
    nonce = os.urandom(NONCE_BYTES)
    return header + nonce + AESGCM(key).encrypt(nonce, data, header + about.encode())


def decrypt_bytes(sealed, about, purpose="file"):
    """What `encrypt_bytes` made of them, or Unreadable."""
    algorithm, key_id, body = (sealed.split(b".", 2) + [b"", b""])[:3]
    key = dict(_keyring(purpose)).get(key_id.decode(errors="replace"))
    if algorithm != ALGORITHM.encode() or key is None:
        raise Unreadable("no key opens this file")
    header = b"%s.%s." % (algorithm, key_id)
    try:
        return AESGCM(key).decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], header + about.encode())
    except (InvalidTag, ValueError) as error:
        raise Unreadable("the file is damaged, forged or not in its place") from error


def derive(secret, info):
    """A 32-byte key for one use of one secret."""
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info.encode()).derive(secret.encode())


def secrets_from(setting):
    secrets = getattr(settings, setting, None)
    if not secrets or isinstance(secrets, str):
        raise ImproperlyConfigured(f"{setting} must be a non-empty list of secrets")
    return tuple(secrets)


def _opened(token, purpose):
    algorithm, _, rest = token.partition(".")
    key_id, _, body = rest.partition(".")
    key = dict(_keyring(purpose)).get(key_id)
    if algorithm != ALGORITHM or key is None:
        raise Unreadable("no key opens this token")
    try:
        sealed = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise Unreadable("the token is damaged") from error
    return f"{algorithm}.{key_id}".encode(), key, sealed


def _keyring(purpose):
    return _derived(secrets_from("FIELD_KEYS"), purpose)


@lru_cache(maxsize=32)
def _derived(secrets, purpose):
    keys = [derive(secret, f"encrypt:{purpose}") for secret in secrets]
    return tuple((hashlib.sha256(key).hexdigest()[:8], key) for key in keys)
